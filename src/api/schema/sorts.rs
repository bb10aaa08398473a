//! What can records be sorted by? `XSort` for node types, interfaces, edge types and relationship
//! connections. Not for: how texts and missing values compare.

use super::definition::{Definition, Member};
use super::measures::{Parts, is_measured, parts_of_relation, parts_of_type};
use crate::ontology::{
    Closure, Field, NodeType, Ontology, Property, Relation, Relationship, TypeId, names,
};
use crate::value::Scalar;

/// The order of a node type or interface, and the order of records by a closure of such nodes.
pub(super) fn of_type(ontology: &Ontology, id: TypeId) -> Vec<Definition> {
    let of = ontology.node_type(id);
    let mut keys: Vec<_> = ["id", "key", "label"].map(order).into();
    keys.extend(of.fields.iter().flat_map(|field| match field {
        Field::Property(at) => of_property(&of.properties[*at]),
        Field::Relation(relation) => of_relation_field(ontology, relation),
        Field::Closure(closure) => vec![of_closure(ontology, closure)],
    }));
    let names = of.names();
    let by_links = by_links(
        (names.connection_sort(), names.sort_by()),
        names.where_input(),
        parts_of_type(of),
    );
    let sort = Definition::one_of(names.sort(), keys).describe(help(of));
    [sort].into_iter().chain(by_links).collect()
}

fn help(of: &NodeType) -> String {
    let many = of.names().list();
    format!("One key by which {many} are sorted; ties are broken by the next, last by id.")
}

/// The order of an edge type.
pub(super) fn of_relationship(ontology: &Ontology, of: &Relationship) -> Definition {
    let end = |id| ontology.node_type(id).names().sort();
    let mut keys = vec![order("id")];
    keys.extend(of.properties.iter().flat_map(of_property));
    keys.push(Member::new("source", end(of.source)));
    keys.push(Member::new("target", end(of.target)));
    Definition::one_of(of.names().sort(), keys)
}

/// The order of a relationship connection, and the order of records by such a connection.
pub(super) fn of_relation(ontology: &Ontology, relation: &Relation) -> Vec<Definition> {
    let names = ontology.relation_names(relation);
    let edge = ontology.relationship(relation.relationship).names();
    let node = ontology.node_type(relation.target).names();
    let keys = vec![
        Member::new("node", node.sort()),
        Member::new("edge", edge.sort()),
    ];
    let by_links = by_links(
        (names.connection_sort(), names.sort_by()),
        names.where_input(),
        parts_of_relation(ontology, relation),
    );
    let sort = Definition::one_of(names.sort(), keys);
    [sort].into_iter().chain(by_links).collect()
}

/// The order of records by their links: which of these are taken, and by what of them.
fn by_links((name, by): (String, String), filter: String, parts: Parts<'_>) -> [Definition; 2] {
    let mut keys = vec![order("count").about("By how many match.")];
    let measured = parts.into_iter();
    keys.extend(measured.map(|(part, of)| Member::new(part, of.aggregate_sort())));
    let fields = vec![
        Member::new("where", filter).about("Which are taken; all if not given."),
        Member::new("by", format!("{by}!")),
    ];
    [
        Definition::input(name, fields),
        Definition::one_of(by, keys).about("A measure of no values is missing."),
    ]
}

fn of_property(property: &Property) -> Vec<Member> {
    if property.list || matches!(property.scalar, Scalar::Point | Scalar::Json) {
        return Vec::new();
    }
    let mut keys = vec![order(&property.name)];
    if property.localized {
        let named = names::language_sort_field(&property.name);
        keys.push(Member::new(named, "LocalizedSort").about("By the text in the language named."));
    }
    keys.into_iter()
        .map(|key| key.deprecate(&property.deprecated))
        .collect()
}

/// To one: by what the target has, and by its edge if that has anything. To many: by a measure of the
/// connection.
fn of_relation_field(ontology: &Ontology, relation: &Relation) -> Vec<Member> {
    let target = ontology.node_type(relation.target).names();
    let edge = ontology.relationship(relation.relationship);
    let one = (!relation.many).then(|| Member::new(&relation.name, target.sort()));
    let connected = (relation.many || is_measured(&edge.properties)).then(|| {
        let of = ontology.relation_names(relation).connection_sort();
        Member::new(names::connection_field(&relation.name), of)
    });
    let keys = one.into_iter().chain(connected);
    keys.map(|key| key.deprecate(&relation.deprecated))
        .collect()
}

/// By a measure of what the closure contains.
fn of_closure(ontology: &Ontology, closure: &Closure) -> Member {
    let of = ontology.node_type(closure.target).names();
    let name = names::connection_field(&closure.name);
    Member::new(name, of.connection_sort()).deprecate(&closure.deprecated)
}

fn order(name: &str) -> Member {
    Member::new(name, "SortOrder")
}
