//! What can records be sorted by? `XSort` for node types, interfaces, edge types and relationship
//! connections. Not for: how texts and missing values compare.

use super::definition::{Definition, Member};
use crate::ontology::{Field, NodeType, Ontology, Property, Relation, Relationship, TypeId, names};
use crate::value::Scalar;

/// The order of a node type or interface.
pub(super) fn of_type(ontology: &Ontology, id: TypeId) -> Definition {
    let of = ontology.node_type(id);
    let mut keys: Vec<_> = ["id", "key", "label"].map(order).into();
    keys.extend(of.fields.iter().flat_map(|field| match field {
        Field::Property(at) => of_property(&of.properties[*at]),
        Field::Relation(relation) => vec![of_relation_field(ontology, relation)],
        Field::Closure(_) => Vec::new(),
    }));
    Definition::one_of(of.names().sort(), keys).describe(help(of))
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
    let by_links = vec![
        Member::new("where", names.where_input()).about("Which count; all if not given."),
        Member::new("by", "CountSort!"),
    ];
    vec![
        Definition::one_of(names.sort(), keys),
        Definition::input(names.connection_sort(), by_links),
    ]
}

/// By what a connection is measured, the same for all while there is only the count. Once there are
/// aggregates of `node` and `edge`, each connection needs its own ([`names::RelationNames::sort_by`]).
pub(super) fn of_counts() -> Definition {
    let count = order("count").about("By the number of edges that match.");
    Definition::one_of("CountSort", vec![count])
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

/// To one: by what the target has; to many: by a measure of the connection.
fn of_relation_field(ontology: &Ontology, relation: &Relation) -> Member {
    let key = if relation.many {
        let of = ontology.relation_names(relation).connection_sort();
        Member::new(names::connection_field(&relation.name), of)
    } else {
        let of = ontology.node_type(relation.target).names().sort();
        Member::new(&relation.name, of)
    };
    key.deprecate(&relation.deprecated)
}

fn order(name: &str) -> Member {
    Member::new(name, "SortOrder")
}
