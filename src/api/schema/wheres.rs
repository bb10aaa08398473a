//! How is a type filtered? `XWhere`, `XManyWhere`, `XCount` and `XOn` for node types, interfaces,
//! edge types and relationship connections. Not for: the operators of a single value (`filters`).

use super::definition::{Definition, Member, logic};
use super::filters::{count, is_null};
use super::measures::{Parts, parts_of_relation, parts_of_type};
use crate::ontology::{
    Closure, Field, NodeType, Ontology, Property, Relation, Relationship, TypeId, names,
};

/// The filters of a node type or interface.
pub(super) fn of_type(ontology: &Ontology, id: TypeId) -> Vec<Definition> {
    let of = ontology.node_type(id);
    let names = of.names();
    let mut fields = identity();
    fields.push(Member::new("label", "LocalizedStringFilter"));
    fields.extend(of.fields.iter().flat_map(|f| of_field(ontology, of, f)));
    fields.extend(record());
    fields.push(is_null().about("Of a to-one field: whether there is no such node."));
    let on = on(ontology, id);
    if !ontology.is_concrete(id) {
        fields.push(Member::new("typename", "NodeTypeFilter"));
        fields.extend(on.iter().map(|on| Member::new("on", on.name.as_str())));
    }
    fields.extend(logic(&names.where_input()));
    let which = format!(
        "Which {} are meant; all that is given must hold.",
        names.list()
    );
    let mut all = vec![Definition::input(names.where_input(), fields).describe(which)];
    let together = names.connection_aggregate_where();
    all.extend(many(
        &names.many_where(),
        &names.where_input(),
        &names.count(),
        Some(&together),
    ));
    all.push(aggregate(together, &names.where_input(), parts_of_type(of)));
    all.extend(on);
    all
}

/// The filters of an edge type.
pub(super) fn of_relationship(ontology: &Ontology, of: &Relationship) -> Definition {
    let end = |id| ontology.node_type(id).names().where_input();
    let names = of.names();
    let mut fields = vec![Member::new("id", "IDFilter")];
    fields.extend(of.properties.iter().map(|p| of_property(ontology, p)));
    fields.push(Member::new("source", end(of.source)));
    fields.push(Member::new("target", end(of.target)));
    fields.extend(record());
    fields.extend(logic(&names.where_input()));
    let which = format!("Which edges of type {} are meant.", of.name);
    Definition::input(names.where_input(), fields).describe(which)
}

/// The filters of a relationship field's edges together with the nodes at their other ends.
pub(super) fn of_relation(ontology: &Ontology, relation: &Relation) -> Vec<Definition> {
    let names = ontology.relation_names(relation);
    let edge = ontology.relationship(relation.relationship).names();
    let node = ontology.node_type(relation.target).names();
    let mut fields = vec![
        Member::new("node", node.where_input()),
        Member::new("edge", edge.where_input()),
    ];
    fields.extend(logic(&names.where_input()));
    let mut all = vec![Definition::input(names.where_input(), fields)];
    let together = names.aggregate_where();
    all.extend(many(
        &names.many_where(),
        &names.where_input(),
        &names.count(),
        Some(&together),
    ));
    let parts = parts_of_relation(ontology, relation);
    all.push(aggregate(together, &names.where_input(), parts));
    all
}

/// The filters of references.
pub(super) fn of_references(ontology: &Ontology) -> Vec<Definition> {
    let source = ontology.node_type(Ontology::SOURCE).names();
    let mut fields = vec![
        Member::new("source", source.where_input()),
        Member::new("locator", "StringFilter"),
    ];
    fields.extend(logic("ReferenceWhere"));
    let mut all = vec![Definition::input("ReferenceWhere", fields)];
    all.extend(many(
        "ReferenceManyWhere",
        "ReferenceWhere",
        "ReferenceCount",
        None,
    ));
    all
}

fn identity() -> Vec<Member> {
    vec![
        Member::new("id", "IDFilter"),
        Member::new("key", "StringFilter"),
    ]
}

/// What every record can be filtered by.
fn record() -> Vec<Member> {
    vec![
        Member::new("references", "ReferenceManyWhere"),
        Member::new("compare", "[Compare!]"),
    ]
}

fn of_field(ontology: &Ontology, of: &NodeType, field: &Field) -> Vec<Member> {
    match field {
        Field::Property(at) => vec![of_property(ontology, &of.properties[*at])],
        Field::Relation(relation) => of_relation_field(ontology, relation),
        Field::Closure(closure) => of_closure(ontology, closure),
    }
}

fn of_property(ontology: &Ontology, property: &Property) -> Member {
    Member::new(&property.name, ontology.filter_name(property)).deprecate(&property.deprecated)
}

/// To one: the target's filter itself; to many: a quantifier of it.
fn of_relation_field(ontology: &Ontology, relation: &Relation) -> Vec<Member> {
    let node = ontology.node_type(relation.target).names();
    let link = ontology.relation_names(relation);
    let (node, link) = if relation.many {
        (node.many_where(), link.many_where())
    } else {
        (node.where_input(), link.where_input())
    };
    let connection = names::connection_field(&relation.name);
    let both = [
        Member::new(&relation.name, node),
        Member::new(connection, link),
    ];
    both.map(|m| m.deprecate(&relation.deprecated)).into()
}

fn of_closure(ontology: &Ontology, closure: &Closure) -> Vec<Member> {
    let target = ontology.node_type(closure.target).names();
    let connection = names::connection_field(&closure.name);
    let both = [closure.name.clone(), connection];
    both.map(|name| Member::new(name, target.many_where()).deprecate(&closure.deprecated))
        .into()
}

/// Quantifiers over records, and a condition on all of them together.
fn many(name: &str, of: &str, count_name: &str, together: Option<&str>) -> [Definition; 2] {
    let mut quantifiers = vec![
        Member::new("some", of).about("At least one matches."),
        Member::new("all", of).about("Every one matches; true of nothing."),
        Member::new("none", of).about("Not one matches."),
        Member::new("single", of).about("Exactly one matches."),
        Member::new("count", count_name).about("So many match."),
    ];
    quantifiers.extend(together.map(|of| {
        Member::new("aggregate", of).about("Those that match, taken together; all must hold.")
    }));
    let mut counted = vec![Member::new("where", of).about("Which count; all if not given.")];
    counted.extend(count("Int"));
    [
        Definition::input(name, quantifiers),
        Definition::input(count_name, counted),
    ]
}

/// A condition on records taken together: their number and their measures.
fn aggregate(name: String, of: &str, parts: Parts<'_>) -> Definition {
    let mut fields = vec![
        Member::new("where", of).about("Which are taken; all if not given."),
        Member::new("count", "CountFilter"),
    ];
    let measured = parts.into_iter();
    fields.extend(measured.map(|(part, of)| Member::new(part, of.aggregate_where())));
    Definition::input(name, fields)
        .about("A measure of no values is missing, so that a comparison with it is unknown.")
}

/// The members of an interface, each with its own filter; none for an interface without members.
fn on(ontology: &Ontology, id: TypeId) -> Option<Definition> {
    let of = ontology.node_type(id);
    let fields: Vec<_> = narrower(ontology, id)
        .map(|member| ontology.node_type(member).names())
        .map(|member| Member::new(member.single(), member.where_input()))
        .collect();
    let help = "Nodes of that type that match; a node of another type does not.";
    let on = Definition::input(of.names().on(), fields).about(help);
    (!ontology.is_concrete(id) && !on.members.is_empty()).then_some(on)
}

/// The node types and interfaces that belong to an interface.
fn narrower(ontology: &Ontology, id: TypeId) -> impl Iterator<Item = TypeId> + '_ {
    let all = (0..ontology.types.len() as u16).map(TypeId);
    all.filter(move |other| ontology.node_type(*other).interfaces.contains(&id))
}
