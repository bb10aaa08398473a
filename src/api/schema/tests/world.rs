//! Ontologies made by hand: a small one with one of everything, and one of a given size.

use crate::ontology::*;
use crate::value::{Scalar, Value};

pub(super) fn property(name: &str, scalar: Scalar) -> Property {
    Property {
        name: name.to_owned(),
        description: None,
        display: Display::default(),
        scalar,
        list: false,
        required: false,
        localized: false,
        search: false,
        unique: false,
        default: None,
        min: None,
        max: None,
        pattern: None,
        unit: None,
        deprecated: None,
    }
}

fn name() -> Property {
    Property {
        required: true,
        localized: true,
        search: true,
        description: Some("What people say.".to_owned()),
        ..property("name", Scalar::String)
    }
}

pub(super) fn relation(name: &str, of: u16, direction: Direction, target: u16) -> Relation {
    Relation {
        name: name.to_owned(),
        description: None,
        display: Display::default(),
        relationship: RelationshipId(of),
        direction,
        target: TypeId(target),
        many: true,
        required: false,
        deprecated: None,
    }
}

pub(super) fn relationship(name: &str, type_name: &str, ends: (u16, u16)) -> Relationship {
    Relationship {
        name: name.to_owned(),
        type_name: type_name.to_owned(),
        declared: true,
        plural: None,
        description: None,
        display: Display::default(),
        properties: Vec::new(),
        unique: Vec::new(),
        symmetric: false,
        source: TypeId(ends.0),
        target: TypeId(ends.1),
        pairs: vec![(TypeId(ends.0), TypeId(ends.1))],
        deprecated: None,
    }
}

pub(super) fn node_type(name: &str, interfaces: &[u16], members: &[u16]) -> NodeType {
    let ids = |ids: &[u16]| ids.iter().copied().map(TypeId).collect();
    NodeType {
        name: name.to_owned(),
        plural: None,
        description: None,
        display: Display::default(),
        label: None,
        fields: Vec::new(),
        properties: Vec::new(),
        unique: Vec::new(),
        interfaces: ids(interfaces),
        members: ids(members),
        deprecated: None,
    }
}

pub(super) fn with(
    mut of: NodeType,
    properties: Vec<Property>,
    relations: Vec<Relation>,
) -> NodeType {
    of.fields.extend((0..properties.len()).map(Field::Property));
    of.properties = properties;
    of.fields.extend(relations.into_iter().map(Field::Relation));
    of
}

const SOURCE: u16 = 0;
const COUNTY: u16 = 1;
const CITY: u16 = 2;
const PRODUCT: u16 = 3;
const NODE: u16 = 4;
const PLACE: u16 = 5;
const PART_OF: u16 = 0;
const RETURN_ROUTE: u16 = 1;
const HAS_CLUSTER: u16 = 2;
const NEAR: u16 = 3;

/// Counties, cities and products: one of every kind of property and relationship.
pub(super) fn small() -> Ontology {
    Ontology {
        types: vec![source(), county(), city(), product(), node(), place()],
        concrete: 4,
        relationships: vec![part_of(), return_route(), has_cluster(), near()],
        enums: vec![scope()],
        languages: vec!["zh".to_owned(), "en".to_owned()],
        cited: false,
        sdl: String::new(),
    }
}

fn source() -> NodeType {
    let title = Property {
        name: "title".to_owned(),
        description: None,
        ..name()
    };
    let authors = Property {
        list: true,
        required: true,
        ..property("authors", Scalar::String)
    };
    let properties = vec![title, authors, property("published", Scalar::Date)];
    with(
        node_type("Source", &[NODE], &[SOURCE]),
        properties,
        Vec::new(),
    )
}

fn part_of_place() -> Relation {
    Relation {
        many: false,
        ..relation("partOf", PART_OF, Direction::Out, PLACE)
    }
}

fn within() -> Field {
    Field::Closure(Closure {
        name: "within".to_owned(),
        description: Some("Every place above it.".to_owned()),
        display: Display::default(),
        relationship: RelationshipId(PART_OF),
        direction: Direction::Out,
        target: TypeId(PLACE),
        deprecated: None,
    })
}

fn county() -> NodeType {
    let code = Property {
        unique: true,
        ..property("code", Scalar::String)
    };
    let aliases = Property {
        list: true,
        required: true,
        search: true,
        ..property("aliases", Scalar::String)
    };
    let population = Property {
        unit: Some("people".to_owned()),
        min: Some(0.0),
        default: Some(Value::Int(0)),
        ..property("population", Scalar::Int)
    };
    let area = Property {
        deprecated: Some("Ask for \"population\" \\ instead.".to_owned()),
        ..property("area", Scalar::Float)
    };
    let properties = vec![
        name(),
        code,
        aliases,
        population,
        area,
        property("output", Scalar::BigInt),
        property("founded", Scalar::Date),
        property("surveyed", Scalar::DateTime),
        property("boom", Scalar::Period),
        property("location", Scalar::Point),
        property("extra", Scalar::Json),
        property("poor", Scalar::Boolean),
        property("code2", Scalar::Id),
        Property {
            list: true,
            ..property("scopes", Scalar::Enum(0))
        },
    ];
    let relations = vec![
        part_of_place(),
        relation("returneesFrom", RETURN_ROUTE, Direction::In, CITY),
        relation("clusters", HAS_CLUSTER, Direction::Out, PRODUCT),
        relation("near", NEAR, Direction::Out, COUNTY),
    ];
    let mut county = with(
        node_type("County", &[NODE, PLACE], &[COUNTY]),
        properties,
        relations,
    );
    county.fields.push(within());
    county.description = Some("A county.\n\nIt says \"\"\" and a \\.".to_owned());
    county.label = Some(0);
    county.unique = vec![vec![1]];
    county
}

fn city() -> NodeType {
    let returnees = relation("returneesTo", RETURN_ROUTE, Direction::Out, COUNTY);
    let relations = vec![part_of_place(), returnees];
    let mut city = with(
        node_type("City", &[NODE, PLACE], &[CITY]),
        vec![name()],
        relations,
    );
    city.fields.push(within());
    city
}

fn product() -> NodeType {
    let counties = relation("counties", HAS_CLUSTER, Direction::In, COUNTY);
    let product = node_type("Product", &[NODE], &[PRODUCT]);
    NodeType {
        deprecated: Some("Moved.".to_owned()),
        ..with(product, vec![name()], vec![counties])
    }
}

fn node() -> NodeType {
    NodeType {
        description: Some("Anything that is stored.".to_owned()),
        ..node_type("Node", &[], &[SOURCE, COUNTY, CITY, PRODUCT])
    }
}

fn place() -> NodeType {
    let place = node_type("Place", &[NODE], &[COUNTY, CITY]);
    let mut place = with(place, vec![name()], vec![part_of_place()]);
    place.fields.push(within());
    place
}

fn part_of() -> Relationship {
    Relationship {
        declared: false,
        ..relationship("PART_OF", "PartOf", (PLACE, PLACE))
    }
}

fn return_route() -> Relationship {
    let scope = Property {
        required: true,
        ..property("scope", Scalar::Enum(0))
    };
    Relationship {
        properties: vec![scope, property("period", Scalar::Period)],
        description: Some("Who came back from where.".to_owned()),
        unique: vec![1],
        ..relationship("RETURN_ROUTE", "ReturnRoute", (CITY, COUNTY))
    }
}

fn has_cluster() -> Relationship {
    let rank = property("rank", Scalar::Int);
    Relationship {
        properties: vec![
            rank,
            Property {
                localized: true,
                ..property("basis", Scalar::String)
            },
        ],
        ..relationship("HAS_CLUSTER", "Cluster", (COUNTY, PRODUCT))
    }
}

fn near() -> Relationship {
    Relationship {
        declared: false,
        symmetric: true,
        ..relationship("NEAR", "Near", (COUNTY, COUNTY))
    }
}

fn scope() -> EnumType {
    let value = |name: &str, deprecated: Option<&str>| EnumValue {
        name: name.to_owned(),
        description: Some(format!("The {name}.")),
        deprecated: deprecated.map(str::to_owned),
        display: Display::default(),
    };
    EnumType {
        name: "RouteScope".to_owned(),
        description: None,
        values: vec![
            value("WITHIN_PROVINCE", None),
            value("ABROAD", Some("Not used.")),
        ],
    }
}

/// 30 node types and 60 relationship types between them, a third of these with properties. Each is
/// seen from its source, to one or to many by turns; `inverse`: from its target too.
pub(super) fn large(inverse: bool) -> Ontology {
    let node = 30;
    let members: Vec<_> = (0..node).collect();
    let mut types: Vec<_> = members
        .iter()
        .map(|at| node_type(&type_name(*at), &[node], &[*at]))
        .collect();
    let mut relationships = Vec::new();
    for at in 0..60 {
        let (from, to) = (at % node, (at * 7 + 3) % node);
        let mut of = relationship(&format!("REL_{at}"), &format!("Rel{at}"), (from, to));
        of.declared = at % 3 == 0;
        of.properties = if of.declared {
            vec![property("rank", Scalar::Int)]
        } else {
            Vec::new()
        };
        relationships.push(of);
        let mut out = relation(&format!("out{at}"), at, Direction::Out, to);
        out.many = at % 2 == 0;
        types[from as usize].fields.push(Field::Relation(out));
        if inverse {
            let back = relation(&format!("back{at}"), at, Direction::In, from);
            types[to as usize].fields.push(Field::Relation(back));
        }
    }
    for of in &mut types {
        of.properties = vec![name(), property("size", Scalar::Int)];
        of.fields.extend([Field::Property(0), Field::Property(1)]);
    }
    types.push(node_type("Node", &[], &members));
    let languages = vec!["en".to_owned()];
    let (enums, sdl) = (vec![scope()], String::new());
    Ontology {
        types,
        concrete: node,
        relationships,
        enums,
        languages,
        cited: false,
        sdl,
    }
}

fn type_name(at: u16) -> String {
    if at == 0 {
        "Source".to_owned()
    } else {
        format!("Type{at}")
    }
}
