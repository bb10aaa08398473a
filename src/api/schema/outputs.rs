//! What can be selected of records? The objects and interfaces of node types and edge types, and
//! their connections. Not for: what can be asked at the root (`query`).

use super::definition::{Definition, Member};
use super::groups;
use crate::ontology::{
    Closure, Field, NodeType, Ontology, Property, Relation, Relationship, TypeId, names,
};

/// A node type or interface.
pub(super) fn of_type(ontology: &Ontology, id: TypeId) -> Definition {
    let of = ontology.node_type(id);
    let mut fields = built_in(ontology);
    fields.extend(of.fields.iter().flat_map(|f| of_field(ontology, of, f)));
    if id == Ontology::SOURCE {
        fields.push(cited_by(ontology));
    }
    let interfaces = of.interfaces.iter().map(|i| ontology.node_type(*i));
    let interfaces = interfaces.map(|i| i.name.clone()).collect();
    let mut definition = Definition::object(&of.name, fields).implementing(interfaces);
    if !ontology.is_concrete(id) {
        definition.kind = super::definition::Kind::Interface;
    }
    definition.describe(of.description.clone())
}

/// An edge type.
pub(super) fn of_relationship(ontology: &Ontology, of: &Relationship) -> Definition {
    let end = |id| format!("{}!", ontology.node_type(id).name);
    let mut fields = edge_fields(end(of.source), end(of.target));
    fields.extend(of.properties.iter().flat_map(|p| of_property(ontology, p)));
    Definition::object(&of.type_name, fields)
        .implementing(vec!["Relationship".to_owned()])
        .describe(of.description.clone())
}

/// The interface of all edge types.
pub(super) fn relationship() -> Definition {
    let fields = edge_fields("Node!".to_owned(), "Node!".to_owned());
    let mut interface = Definition::object("Relationship", fields);
    interface.kind = super::definition::Kind::Interface;
    interface.about("An edge: a relationship of one node, the source, to another, the target.")
}

fn edge_fields(source: String, target: String) -> Vec<Member> {
    vec![
        Member::new("id", "ID!").about("Names the edge; does not change."),
        Member::new("type", "RelationshipType!"),
        Member::new("source", source),
        Member::new("target", target),
        references(),
    ]
}

fn built_in(ontology: &Ontology) -> Vec<Member> {
    let mut fields = vec![
        Member::new("id", "ID!").about("`Type:key`; does not change."),
        Member::new("key", "String!").about("Unique in its type; does not change."),
        Member::new("label", "String!")
            .with(vec![lang()])
            .about("What to show to people: a text of the node, else its key."),
        references(),
        Member::new("revision", "Revision!").about("The commit that last changed the node."),
    ];
    if !ontology.relationships.is_empty() {
        let degree = Member::new("degree", "[Degree!]!");
        fields.push(degree.about("How many edges it has, by type and direction."));
    }
    fields
}

fn references() -> Member {
    Member::new("references", "[Reference!]!").about("Which documents say so.")
}

fn cited_by(ontology: &Ontology) -> Member {
    let node = ontology.node_type(ontology.node()).names();
    let arguments = vec![
        Member::new("types", "[NodeType!]"),
        Member::new("first", "Int"),
        Member::new("after", "String"),
    ];
    Member::new("citedBy", format!("{}!", node.connection()))
        .with(arguments)
        .about("The nodes that refer to it, of these types or all.")
}

fn of_field(ontology: &Ontology, of: &NodeType, field: &Field) -> Vec<Member> {
    match field {
        Field::Property(at) => of_property(ontology, &of.properties[*at]),
        Field::Relation(relation) => of_relation(ontology, relation),
        Field::Closure(closure) => of_closure(ontology, closure),
    }
}

fn of_property(ontology: &Ontology, property: &Property) -> Vec<Member> {
    let scalar = ontology.scalar_name(property.scalar);
    let item = if property.list {
        format!("[{scalar}!]")
    } else {
        scalar.to_owned()
    };
    let of = if property.required {
        format!("{item}!")
    } else {
        item
    };
    let field = Member::new(&property.name, of).describe(description(property));
    let mut fields = vec![field];
    if property.localized {
        fields[0].arguments.push(lang());
        let texts = Member::new(names::texts_field(&property.name), "[LocalizedText!]!");
        fields.push(texts.describe(format!("`{}` in all its languages.", property.name)));
    }
    fields
        .into_iter()
        .map(|field| field.deprecate(&property.deprecated))
        .collect()
}

/// The declared description, then the unit and the range.
fn description(property: &Property) -> Option<String> {
    let range = match (property.min, property.max) {
        (Some(min), Some(max)) => Some(format!("From {min} to {max}.")),
        (Some(min), None) => Some(format!("At least {min}.")),
        (None, Some(max)) => Some(format!("At most {max}.")),
        (None, None) => None,
    };
    let unit = property.unit.as_ref().map(|unit| format!("Unit: {unit}."));
    let parts = [property.description.clone(), unit, range];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n");
    (!text.is_empty()).then_some(text)
}

fn lang() -> Member {
    Member::new("lang", "[String!]")
}

fn of_relation(ontology: &Ontology, relation: &Relation) -> Vec<Member> {
    let target = ontology.node_type(relation.target);
    let link = ontology.relation_names(relation);
    let mark = if relation.required { "!" } else { "" };
    let plain = if relation.many {
        let of = format!("[{}!]!", target.name);
        let names = target.names();
        Member::new(&relation.name, of).with(list(&names.where_input(), &names.sort()))
    } else {
        Member::new(&relation.name, format!("{}{mark}", target.name))
    };
    let name = names::connection_field(&relation.name);
    let help = format!("`{}` with the edges that lead there.", relation.name);
    let linked = Member::new(name, format!("{}!", link.connection()))
        .with(page(&link.where_input(), &link.sort()))
        .describe(help);
    let both = [plain.describe(relation.description.clone()), linked];
    both.map(|field| field.deprecate(&relation.deprecated))
        .into()
}

fn of_closure(ontology: &Ontology, closure: &Closure) -> Vec<Member> {
    let target = ontology.node_type(closure.target);
    let names = target.names();
    let (filter, order) = (names.where_input(), names.sort());
    let plain = Member::new(&closure.name, format!("[{}!]!", target.name))
        .with(list(&filter, &order))
        .describe(closure.description.clone());
    let name = names::connection_field(&closure.name);
    let paged = Member::new(name, format!("{}!", names.connection()))
        .with(page(&filter, &order))
        .describe(format!("`{}` page by page.", closure.name));
    [plain, paged]
        .map(|field| field.deprecate(&closure.deprecated))
        .into()
}

/// The arguments of a list.
pub(super) fn list(filter: &str, order: &str) -> Vec<Member> {
    vec![
        Member::new("where", filter),
        Member::new("sort", format!("[{order}!]")),
        Member::new("limit", "Int"),
        Member::new("offset", "Int"),
    ]
}

/// The arguments of a connection.
pub(super) fn page(filter: &str, order: &str) -> Vec<Member> {
    vec![
        Member::new("where", filter),
        Member::new("sort", format!("[{order}!]")),
        Member::new("first", "Int"),
        Member::new("after", "String"),
        Member::new("last", "Int"),
        Member::new("before", "String"),
    ]
}

/// The root connection of a node type, interface or edge type.
pub(super) fn connection_of(of: names::TypeNames<'_>, record: &str) -> [Definition; 2] {
    let summaries = groups::fields_of(of);
    connection(of.connection(), of.edge(), (record, None), summaries)
}

/// The connection of a relationship field.
pub(super) fn connection_of_relation(ontology: &Ontology, relation: &Relation) -> [Definition; 2] {
    let names = ontology.relation_names(relation);
    let target = &ontology.node_type(relation.target).name;
    let edge = &ontology.relationship(relation.relationship).type_name;
    let summaries = groups::fields_of_relation(ontology, relation);
    let names = (names.connection(), names.edge());
    connection(names.0, names.1, (target, Some(edge)), summaries)
}

fn connection(
    name: String,
    edge: String,
    (record, properties): (&str, Option<&str>),
    summaries: [Member; 2],
) -> [Definition; 2] {
    let mut fields = vec![
        Member::new("totalCount", "Int!").about("How many match in all, not only on this page."),
        Member::new("pageInfo", "PageInfo!"),
        Member::new("nodes", format!("[{record}!]!")),
        Member::new("edges", format!("[{edge}!]!")),
    ];
    fields.extend(summaries);
    let mut of_edge = vec![
        Member::new("cursor", "String!"),
        Member::new("node", format!("{record}!")),
    ];
    of_edge.extend(properties.map(|of| {
        let properties = Member::new("properties", format!("{of}!"));
        properties.about("The edge of the graph that leads to the node.")
    }));
    [
        Definition::object(name, fields),
        Definition::object(edge, of_edge),
    ]
}
