//! What is given to a mutation? New records, changes of records, what they are connected to. Not for:
//! the fields that take them (`mutation`) and filters (`wheres`).

use super::definition::{Definition, Member};
use crate::ontology::{
    Field, NodeType, Ontology, Property, Relation, Relationship, TypeId, names::TypeNames,
};

/// What no type has an own one for.
pub(super) fn shared() -> Vec<Definition> {
    let text = vec![
        Member::new("lang", "String!").about("A BCP 47 tag."),
        Member::new("value", "String").about("null: takes the text in this language out."),
    ];
    let reference = vec![
        Member::new("source", "ID!").about("The key of a source, or its id."),
        Member::new("locator", "String").about("Where in the source: a page, a section, a table."),
        Member::new("fields", "[String!]").about("For which fields; null: the record as a whole."),
        Member::new("note", "String"),
    ];
    vec![
        Definition::input("LocalizedTextInput", text)
            .about("A text in one language; those in others stay."),
        Definition::input("ReferenceInput", reference)
            .about("Which document says so, and where in it."),
        Definition::input("RelationshipSet", vec![references()])
            .about("An edge without properties."),
    ]
}

/// The inputs of a node type; of an interface those that lead to its members.
pub(super) fn of_type(ontology: &Ontology, id: TypeId) -> Vec<Definition> {
    let of = ontology.node_type(id);
    let mut all = vec![pick(of.names())];
    if !ontology.is_concrete(id) {
        all.push(create(ontology, id));
        return all;
    }
    let names = of.names();
    let key = Member::new("key", "String");
    let mut new = vec![key.about("Unique in its type; made up if not given.")];
    new.extend(fields(ontology, of, true));
    new.push(references());
    let mut set: Vec<_> = fields(ontology, of, false).collect();
    set.push(references());
    let set_of = format!("{}!", names.set());
    let upsert = vec![Member::new("key", "String!"), Member::new("set", set_of)];
    all.push(Definition::input(names.input(), new));
    all.push(changes(names.set(), set));
    all.push(Definition::input(names.upsert_input(), upsert));
    all.extend(arithmetic(ontology, names, &of.properties));
    all
}

/// The inputs of an edge type.
pub(super) fn of_relationship(ontology: &Ontology, of: &Relationship) -> Vec<Definition> {
    if !of.declared {
        return Vec::new();
    }
    let end = |id| format!("{}!", ontology.node_type(id).names().pick());
    let names = of.names();
    let properties = |new: bool| {
        let all = of.properties.iter();
        all.map(move |property| of_property(ontology, property, new))
    };
    let mut new = vec![
        Member::new("source", end(of.source)),
        Member::new("target", end(of.target)),
    ];
    new.extend(properties(true));
    new.push(references());
    let mut set: Vec<_> = properties(false).collect();
    set.push(references());
    let mut all = vec![Definition::input(names.input(), new)];
    all.push(changes(names.set(), set));
    all.extend(arithmetic(ontology, names, &of.properties));
    all
}

/// What a relationship field takes.
pub(super) fn of_relation(ontology: &Ontology, relation: &Relation) -> Vec<Definition> {
    let (shared, own) = (
        ontology.relation_group_names(relation),
        ontology.relation_names(relation),
    );
    let target = ontology.node_type(relation.target).names();
    let node = match ontology.is_concrete(relation.target) {
        true => target.input(),
        false => target.create_input(),
    };
    let edge = || {
        let edge = ontology.relationship(relation.relationship);
        Member::new("edge", edge.edge_set())
    };
    let connect = vec![
        Member::new("node", format!("{}!", target.pick())).about("Each that matches."),
        edge(),
    ];
    let create = vec![Member::new("node", format!("{node}!")), edge()];
    let disconnect = Member::new("where", own.where_input()).about("Which; all if not given.");
    let several = |of: String| match relation.many {
        true => format!("[{of}!]"),
        false => of,
    };
    let (input, set) = match relation.many {
        true => (shared.input(), own.set()),
        false => (shared.one_input(), own.one_set()),
    };
    let new = || {
        vec![
            Member::new("connect", several(shared.connect())).about("Edges to nodes that exist."),
            Member::new("create", several(shared.create())).about("Edges to new nodes."),
        ]
    };
    let mut change = vec![
        Member::new("disconnect", several(own.disconnect())).about("Edges that go; comes first."),
    ];
    change.extend(new());
    vec![
        Definition::input(shared.connect(), connect),
        Definition::input(shared.create(), create),
        Definition::input(own.disconnect(), vec![disconnect]),
        Definition::input(input, new()),
        Definition::input(set, change),
    ]
}

fn changes(name: String, fields: Vec<Member>) -> Definition {
    Definition::input(name, fields).about("What is not given stays; null clears.")
}

/// A node that exists.
fn pick(of: TypeNames<'_>) -> Definition {
    let either = vec![
        Member::new("id", "ID"),
        Member::new("where", of.where_input()),
    ];
    Definition::one_of(of.pick(), either).about("One by its id, or those that match.")
}

/// A new node of one of an interface's types.
fn create(ontology: &Ontology, id: TypeId) -> Definition {
    let of = ontology.node_type(id);
    let members = of.members.iter().map(|id| ontology.node_type(*id).names());
    let members = members.map(|of| Member::new(of.single(), of.input()));
    Definition::one_of(of.names().create_input(), members.collect())
}

fn references() -> Member {
    Member::new("references", "[ReferenceInput!]").about("Which documents say so, all of them.")
}

fn fields<'a>(
    ontology: &'a Ontology,
    of: &'a NodeType,
    new: bool,
) -> impl Iterator<Item = Member> + 'a {
    of.fields.iter().filter_map(move |field| match field {
        Field::Property(at) => Some(of_property(ontology, &of.properties[*at], new)),
        Field::Relation(relation) => Some(of_relation_field(ontology, relation, new)),
        Field::Closure(_) => None,
    })
}

fn of_property(ontology: &Ontology, property: &Property, new: bool) -> Member {
    let scalar = ontology.scalar_name(property.scalar);
    let of = match (property.localized, property.list) {
        (true, _) => "[LocalizedTextInput!]".to_owned(),
        (_, true) => format!("[{scalar}!]"),
        _ => scalar.to_owned(),
    };
    let needed = new && property.required && !property.list && property.default.is_none();
    let mark = if needed { "!" } else { "" };
    Member::new(&property.name, format!("{of}{mark}"))
        .describe(property.description.clone())
        .deprecate(if needed { &None } else { &property.deprecated })
}

fn of_relation_field(ontology: &Ontology, relation: &Relation, new: bool) -> Member {
    let (shared, own) = (
        ontology.relation_group_names(relation),
        ontology.relation_names(relation),
    );
    let of = match (relation.many, new) {
        (true, true) => shared.input(),
        (true, false) => own.set(),
        (false, true) => shared.one_input(),
        (false, false) => own.one_set(),
    };
    Member::new(&relation.name, of)
        .describe(relation.description.clone())
        .deprecate(&relation.deprecated)
}

/// What numbers and lists can be changed by.
fn arithmetic(ontology: &Ontology, of: TypeNames<'_>, all: &[Property]) -> Vec<Definition> {
    let scalar = |p: &Property| ontology.scalar_name(p.scalar).to_owned();
    let numbers = all.iter().filter(|p| p.is_number());
    let numbers = numbers.map(|p| Member::new(&p.name, scalar(p)).deprecate(&p.deprecated));
    let lists = all.iter().filter(|p| p.list);
    let lists =
        lists.map(|p| Member::new(&p.name, format!("[{}!]", scalar(p))).deprecate(&p.deprecated));
    vec![
        Definition::input(of.increment(), numbers.collect()),
        Definition::input(of.lists(), lists.collect()),
    ]
}
