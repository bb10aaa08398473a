//! What can be asked for at the root? Not for: what can be selected of the answers (`outputs`).

use super::definition::{Definition, Member};
use super::outputs::{list, page};
use crate::ontology::{NodeType, Ontology, Relationship, TypeId, names::TypeNames};

/// The type `Query`.
pub(super) fn definition(ontology: &Ontology) -> Definition {
    let ids = (0..ontology.types.len() as u16).map(TypeId);
    let asked = ids.filter(|id| *id != ontology.node());
    let mut fields: Vec<_> = asked.flat_map(|id| of_type(ontology, id)).collect();
    let declared = ontology.relationships.iter().filter(|r| r.declared);
    fields.extend(declared.flat_map(of_relationship));
    fields.extend(built_in(ontology));
    Definition::object("Query", fields)
}

fn of_type(ontology: &Ontology, id: TypeId) -> [Member; 3] {
    let of = ontology.node_type(id);
    let help = format!("One {}, or null if there is none.", of.name);
    let arguments = look_ups(ontology, id);
    let help = match arguments.len() {
        1 => help,
        _ => format!("{help} Exactly one argument names it."),
    };
    let single = Member::new(of.names().single(), &of.name).with(arguments);
    let fields = collection(of.names(), &of.name, &of.description);
    [single.describe(help), fields.0, fields.1].map(|f| f.deprecate(&of.deprecated))
}

/// The arguments that name a node: `id`, `key` (of concrete types) and every single `@unique` field.
fn look_ups(ontology: &Ontology, id: TypeId) -> Vec<Member> {
    let of: &NodeType = ontology.node_type(id);
    let key = ontology
        .is_concrete(id)
        .then(|| Member::new("key", "String"));
    let unique = of.properties.iter().filter(|p| p.unique && !p.list);
    let unique = unique.map(|property| {
        let argument = Member::new(&property.name, ontology.scalar_name(property.scalar));
        argument.deprecate(&property.deprecated)
    });
    let mut others: Vec<_> = key.into_iter().chain(unique).collect();
    let mark = if others.is_empty() { "!" } else { "" };
    others.insert(0, Member::new("id", format!("ID{mark}")));
    others
}

fn of_relationship(of: &Relationship) -> [Member; 3] {
    let single = Member::new(of.names().single(), &of.type_name)
        .with(vec![Member::new("id", "ID!")])
        .describe(format!(
            "One edge of type {}, or null if there is none.",
            of.name
        ));
    let fields = collection(of.names(), &of.type_name, &of.description);
    [single, fields.0, fields.1].map(|f| f.deprecate(&of.deprecated))
}

/// The list, with the description of the type, and the connection.
fn collection(of: TypeNames<'_>, record: &str, description: &Option<String>) -> (Member, Member) {
    let (filter, order) = (of.where_input(), of.sort());
    let whole = Member::new(of.list(), format!("[{record}!]!"))
        .with(list(&filter, &order))
        .describe(description.clone());
    let paged = Member::new(of.list_connection(), format!("{}!", of.connection()))
        .with(page(&filter, &order))
        .describe(format!("`{}` page by page.", of.list()));
    (whole, paged)
}

fn built_in(ontology: &Ontology) -> Vec<Member> {
    let id = || vec![Member::new("id", "ID!")];
    let ids = vec![Member::new("ids", "[ID!]!")];
    let relationship = Member::new("relationship", "Relationship").with(id());
    let relationship = relationship.about("The edge with this id, or null if there is none.");
    let mut fields = vec![
        Member::new("node", "Node")
            .with(id())
            .about("The node with this id, or null if there is none."),
        Member::new("nodes", "[Node]!")
            .with(ids)
            .about("The nodes with these ids, in their order; null where there is none."),
    ];
    fields.extend((!ontology.relationships.is_empty()).then_some(relationship));
    fields.push(super::search::root(ontology));
    fields.extend(super::graph::roots(ontology));
    fields.extend(super::metrics::root(ontology));
    fields.push(Member::new("ontology", "Ontology!").about("What can exist in the graph."));
    fields.push(Member::new("revision", "Revision!").about("The latest commit."));
    fields.extend(super::changes::roots(ontology));
    fields
}
