//! How does the API describe the ontology itself? The types behind the root field `ontology`, and the
//! document that answers it. Not for: the API itself and its
//! enums, which introspection describes (`introspect`).

use super::definition::{Definition, Kind, Member};
use crate::ontology::{
    Direction, Display, Field, NodeType, Ontology, Property, Relationship, RelationshipId, TypeId,
    names::{TypeNames, scalar_name},
};
use crate::value::{Cell, Scalar, Value as Stored};
use serde_json::{Value, json};

/// The types of the description.
pub(super) fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let edges = !ontology.relationships.is_empty();
    let kinds = ["PROPERTY", "RELATIONSHIP", "CLOSURE"].map(|kind| Member::new(kind, ""));
    vec![
        Definition::object("Ontology", root(edges)).about("What can exist in the graph."),
        Definition::object("OntologyType", node_type()).about("A node type or interface."),
        Definition::object("OntologyField", field(edges)),
        Definition::new(Kind::Enum, "OntologyFieldKind", kinds.into()),
        Definition::object("OntologyRelationship", relationship()).about("A relationship type."),
        Definition::object("OntologyPair", ends()).about("The node types at an edge's two ends."),
        Definition::object("OntologyValue", value()).about("A value of an enum."),
        Definition::object("OntologyDisplay", display()).about("How to show it."),
    ]
}

fn root(edges: bool) -> Vec<Member> {
    let relationships = Member::new("relationships", "[OntologyRelationship!]!");
    let mut fields =
        vec![Member::new("types", "[OntologyType!]!").about("Node types, then interfaces.")];
    fields.extend(edges.then_some(relationships));
    let languages = Member::new("languages", "[String!]!");
    fields.push(languages.about("Those of texts when a request names none, in order."));
    fields
}

/// What types and relationships have in common: their name, and how they are asked for.
fn named() -> Vec<Member> {
    vec![
        Member::new("name", "String!").about("The type in this API."),
        Member::new("single", "String").about("The root field that gives one, if there is one."),
        Member::new("list", "String").about("The root field that gives many, if there is one."),
        Member::new("description", "String"),
        Member::new("deprecated", "String").about("Why it should not be used, if so."),
        Member::new("display", "OntologyDisplay!"),
        Member::new("count", "Int!").about("How many records there are."),
    ]
}

fn node_type() -> Vec<Member> {
    let mut fields = named();
    fields.extend([
        Member::new("interface", "Boolean!"),
        Member::new("interfaces", "[NodeType!]!").about("The interfaces that it implements."),
        Member::new("members", "[NodeType!]!").about("The node types that belong to it."),
        Member::new("label", "String").about("The field shown to people; null: the key."),
        Member::new("unique", "[[String!]!]!").about("Fields whose values no two nodes share."),
        Member::new("fields", "[OntologyField!]!"),
    ]);
    fields
}

fn field(edges: bool) -> Vec<Member> {
    let mut fields = vec![
        Member::new("name", "String!"),
        Member::new("kind", "OntologyFieldKind!"),
        Member::new("type", "String!").about("The scalar, the enum or the target's type."),
        Member::new("description", "String"),
        Member::new("deprecated", "String").about("Why it should not be used, if so."),
        Member::new("display", "OntologyDisplay!"),
        Member::new("list", "Boolean!").about("Whether it is a list; of a relationship: to many."),
        Member::new("required", "Boolean!"),
        Member::new("localized", "Boolean!").about("Whether it has one text per language."),
        Member::new("search", "Boolean!").about("Whether the full-text index has it."),
        Member::new("unique", "Boolean!").about("Whether no two records share a value."),
        Member::new("default", "JSON").about("The value of new records that give none."),
        Member::new("min", "Float"),
        Member::new("max", "Float"),
        Member::new("pattern", "String").about("A regular expression that the whole text matches."),
        Member::new("unit", "String"),
        Member::new("values", "[OntologyValue!]").about("What it can have, if that is an enum."),
    ];
    if edges {
        fields.extend([
            Member::new("relationship", "RelationshipType"),
            Member::new("direction", "EdgeDirection"),
            Member::new("target", "NodeType"),
            Member::new("many", "Boolean").about("Of a relationship: whether it is to many."),
        ]);
    }
    fields
}

fn relationship() -> Vec<Member> {
    let mut fields = named();
    fields.extend([
        Member::new("type", "RelationshipType!"),
        Member::new("from", "NodeType!").about("What all sources have in common."),
        Member::new("to", "NodeType!").about("What all targets have in common."),
        Member::new("pairs", "[OntologyPair!]!").about("The pairs of types that an edge may join."),
        Member::new("symmetric", "Boolean!").about("Whether its edges have no direction."),
        Member::new("unique", "[String!]!").about("What tells parallel edges apart, if anything."),
        Member::new("properties", "[OntologyField!]!"),
    ]);
    fields
}

fn ends() -> Vec<Member> {
    vec![
        Member::new("from", "NodeType!"),
        Member::new("to", "NodeType!"),
    ]
}

fn value() -> Vec<Member> {
    vec![
        Member::new("name", "String!"),
        Member::new("description", "String"),
        Member::new("deprecated", "String").about("Why it should not be used, if so."),
        Member::new("display", "OntologyDisplay!"),
    ]
}

fn display() -> Vec<Member> {
    vec![
        Member::new("color", "String").about("A CSS colour."),
        Member::new("icon", "String"),
        Member::new("zh", "String").about("The label in Chinese."),
        Member::new("en", "String").about("The label in English."),
    ]
}

/// The answer of the root field `ontology` with everything selected: objects have their
/// `__typename`, and every field is there. The counts are those of the records that there are; an
/// interface counts what its members count.
pub fn describe(
    ontology: &Ontology,
    nodes: impl Fn(TypeId) -> usize,
    edges: impl Fn(RelationshipId) -> usize,
) -> Value {
    let describe = Describe { ontology };
    let types = (0..ontology.types.len() as u16).map(TypeId).map(|id| {
        let members = ontology.node_type(id).members.iter();
        describe.node_type(id, members.map(|member| nodes(*member)).sum())
    });
    let relationships = ontology.relationships.iter().enumerate();
    let relationships =
        relationships.map(|(at, of)| describe.relationship(of, edges(RelationshipId(at as u16))));
    json!({
        "__typename": "Ontology",
        "types": types.collect::<Vec<_>>(),
        "relationships": relationships.collect::<Vec<_>>(),
        "languages": ontology.languages,
    })
}

struct Describe<'a> {
    ontology: &'a Ontology,
}

impl Describe<'_> {
    fn node_type(&self, id: TypeId, count: usize) -> Value {
        let of = self.ontology.node_type(id);
        let roots = (id != self.ontology.node()).then(|| of.names());
        let unique = of
            .unique
            .iter()
            .map(|set| property_names(&of.properties, set));
        json!({
            "__typename": "OntologyType",
            "name": of.name,
            "single": roots.map(TypeNames::single),
            "list": roots.map(TypeNames::list),
            "description": of.description,
            "deprecated": of.deprecated,
            "display": display_of(&of.display),
            "count": count,
            "interface": !self.ontology.is_concrete(id),
            "interfaces": self.type_names(&of.interfaces),
            "members": self.type_names(&of.members),
            "label": of.label.map(|at| &of.properties[at].name),
            "unique": unique.collect::<Vec<_>>(),
            "fields": of.fields.iter().map(|field| self.field(of, field)).collect::<Vec<_>>(),
        })
    }

    fn relationship(&self, of: &Relationship, count: usize) -> Value {
        let roots = of.declared.then(|| of.names());
        let name = |id: TypeId| &self.ontology.node_type(id).name;
        let pairs = of.pairs.iter().map(|(from, to)| {
            json!({ "__typename": "OntologyPair", "from": name(*from), "to": name(*to) })
        });
        let properties = of.properties.iter().map(|property| self.property(property));
        json!({
            "__typename": "OntologyRelationship",
            "name": of.type_name,
            "single": roots.map(TypeNames::single),
            "list": roots.map(TypeNames::list),
            "description": of.description,
            "deprecated": of.deprecated,
            "display": display_of(&of.display),
            "count": count,
            "type": of.name,
            "from": name(of.source),
            "to": name(of.target),
            "pairs": pairs.collect::<Vec<_>>(),
            "symmetric": of.symmetric,
            "unique": property_names(&of.properties, &of.unique),
            "properties": properties.collect::<Vec<_>>(),
        })
    }

    fn field(&self, of: &NodeType, field: &Field) -> Value {
        match field {
            Field::Property(at) => self.property(&of.properties[*at]),
            Field::Relation(r) => {
                let hop = (r.relationship, r.direction, r.target, r.many);
                let mut field = self.hop("RELATIONSHIP", &r.name, hop);
                field["required"] = r.required.into();
                with_texts(field, &r.description, &r.deprecated, &r.display)
            }
            Field::Closure(c) => {
                let hop = (c.relationship, c.direction, c.target, true);
                let field = self.hop("CLOSURE", &c.name, hop);
                with_texts(field, &c.description, &c.deprecated, &c.display)
            }
        }
    }

    fn property(&self, of: &Property) -> Value {
        let mut field = blank("PROPERTY", &of.name);
        field["type"] = self.ontology.scalar_name(of.scalar).into();
        field["list"] = of.list.into();
        field["required"] = of.required.into();
        field["localized"] = of.localized.into();
        field["search"] = of.search.into();
        field["unique"] = of.unique.into();
        let default = of.default.as_ref().map(Stored::as_cell);
        field["default"] = default.map_or(Value::Null, |cell| self.json(of.scalar, cell));
        field["min"] = json!(of.min);
        field["max"] = json!(of.max);
        field["pattern"] = json!(of.pattern);
        field["unit"] = json!(of.unit);
        field["values"] = self.values(of.scalar);
        with_texts(field, &of.description, &of.deprecated, &of.display)
    }

    /// What a field can have, if that is an enum.
    fn values(&self, scalar: Scalar) -> Value {
        let Scalar::Enum(of) = scalar else {
            return Value::Null;
        };
        let values = self.ontology.enums[of as usize].values.iter();
        values
            .map(|of| {
                json!({
                    "__typename": "OntologyValue", "name": of.name, "description": of.description,
                    "deprecated": of.deprecated, "display": display_of(&of.display),
                })
            })
            .collect()
    }

    fn hop(
        &self,
        kind: &str,
        name: &str,
        (relationship, direction, target, many): (RelationshipId, Direction, TypeId, bool),
    ) -> Value {
        let relationship = self.ontology.relationship(relationship);
        let mut field = blank(kind, name);
        field["type"] = json!(self.ontology.node_type(target).name);
        field["list"] = many.into();
        field["relationship"] = json!(relationship.name);
        field["direction"] = json!(match direction {
            _ if relationship.symmetric => "BOTH",
            Direction::Out => "OUT",
            Direction::In => "IN",
        });
        field["target"] = field["type"].clone();
        field["many"] = many.into();
        field
    }

    fn type_names(&self, ids: &[TypeId]) -> Vec<&str> {
        let name = |id: &TypeId| self.ontology.node_type(*id).name.as_str();
        ids.iter().map(name).collect()
    }

    /// A stored value as the API would give it.
    fn json(&self, scalar: Scalar, cell: Cell<'_>) -> Value {
        match cell {
            Cell::Null => Value::Null,
            Cell::Bool(v) => v.into(),
            Cell::Int(v) if scalar_name(scalar) == "BigInt" => v.to_string().into(),
            Cell::Int(v) => v.into(),
            Cell::Float(v) => v.into(),
            Cell::Str(v) => v.into(),
            Cell::Date(v) => v.to_string().into(),
            Cell::DateTime(v) => v.to_string().into(),
            Cell::Period(v) => v.to_string().into(),
            Cell::Point(v) => json!({ "latitude": v.latitude, "longitude": v.longitude }),
            Cell::Json(v) => serde_json::from_str(v).unwrap_or(Value::Null),
            Cell::Enum(at) => self.enum_value(scalar, at).into(),
            Cell::List(v) => v.iter().map(|item| self.json(scalar, item)).collect(),
            Cell::Texts(v) => v.iter().collect(),
        }
    }

    fn enum_value(&self, scalar: Scalar, at: u16) -> &str {
        let Scalar::Enum(of) = scalar else { return "" };
        &self.ontology.enums[of as usize].values[at as usize].name
    }
}

fn property_names<'a>(properties: &'a [Property], at: &[usize]) -> Vec<&'a str> {
    at.iter().map(|at| properties[*at].name.as_str()).collect()
}

/// A field of which nothing is said but its kind and name.
fn blank(kind: &str, name: &str) -> Value {
    json!({
        "__typename": "OntologyField",
        "name": name, "kind": kind, "type": null,
        "description": null, "deprecated": null, "display": null,
        "list": false, "required": false, "localized": false, "search": false, "unique": false,
        "default": null, "min": null, "max": null, "pattern": null, "unit": null, "values": null,
        "relationship": null, "direction": null, "target": null, "many": null,
    })
}

fn with_texts(
    mut field: Value,
    description: &Option<String>,
    deprecated: &Option<String>,
    display: &Display,
) -> Value {
    field["description"] = json!(description);
    field["deprecated"] = json!(deprecated);
    field["display"] = display_of(display);
    field
}

fn display_of(of: &Display) -> Value {
    json!({
        "__typename": "OntologyDisplay",
        "color": of.color, "icon": of.icon, "zh": of.zh, "en": of.en,
    })
}
