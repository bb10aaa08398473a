//! How do changes show: as they happen, of one record, between two revisions? `Subscription`, and the
//! fields of `Query` about the past. Not for: making changes.

use super::definition::{Definition, Kind, Member};
use crate::ontology::{Ontology, TypeId, names::TypeNames};

/// The fields of `Query` that ask about the past.
pub(super) fn roots(ontology: &Ontology) -> [Member; 3] {
    let at = vec![
        Member::new("revision", "Revision").about("As of this commit; 0 is the empty graph."),
        Member::new("time", "DateTime").about("As of the last commit until then."),
    ];
    let history = vec![
        Member::new("id", "ID!").about("A node or an edge; it may be gone."),
        Member::new("first", "Int").about("How many at most, the latest first."),
        Member::new("before", "Revision").about("Only what came before this commit."),
    ];
    let mut diff = vec![
        Member::new("from", "Revision!"),
        Member::new("to", "Revision").about("The latest commit if not given."),
    ];
    diff.extend(kinds(ontology));
    [
        Member::new("at", "Query!").with(at).about(
            "Everything as it was. Exactly one argument says when; `revision` in it tells the commit.",
        ),
        Member::new("history", "[HistoryEntry!]!")
            .with(history)
            .about("The commits that changed a record, the latest first."),
        Member::new("diff", "Diff!")
            .with(diff)
            .about("What differs between two commits."),
    ]
}

/// Which records: all, or those of the types and relationship types that are named.
fn kinds(ontology: &Ontology) -> Vec<Member> {
    let mut kinds = vec![
        Member::new("types", "[NodeType!]").about(
            "Nodes of these types. Without `types` and `relationships` all records; with one of them \
             only what it names.",
        ),
        Member::new("relationships", "[RelationshipType!]").about("Edges of these types."),
    ];
    kinds.retain(|kind| kind.name == "types" || has_edges(ontology));
    kinds
}

fn has_edges(ontology: &Ontology) -> bool {
    !ontology.relationships.is_empty()
}

/// All types of it; what is not used is left out of the schema later.
pub(super) fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let mut fields = vec![changes(ontology)];
    let mut types = vec![actions(), set("ChangeSet", "ChangeEvent"), diff()];
    types.push(
        Definition::object("ChangeEvent", both_ends(ontology)).about("What became of a record."),
    );
    types.push(entry());
    let ids = (0..ontology.types.len() as u16).map(TypeId);
    for id in ids.filter(|id| *id != ontology.node()) {
        let of = ontology.node_type(id);
        let field = changed(of.names(), &of.name);
        fields.push(field.deprecate(&of.deprecated));
        types.extend(of_type(of.names(), Member::new("node", &of.name)));
    }
    for of in ontology.relationships.iter().filter(|of| of.declared) {
        let field = changed(of.names(), &of.type_name);
        fields.push(field.deprecate(&of.deprecated));
        types.extend(of_type(
            of.names(),
            Member::new("relationship", &of.type_name),
        ));
    }
    let root = Definition::object("Subscription", fields).about(
        "Commits as they happen, each once, in order; `after` begins with those that came after a \
         commit. Asked by WebSocket (graphql-transport-ws) or as server-sent events.",
    );
    types.insert(0, root);
    types
}

fn after() -> Member {
    Member::new("after", "Revision")
        .about("The last commit that is known already; without it only what comes from now on.")
}

fn changes(ontology: &Ontology) -> Member {
    let mut arguments = kinds(ontology);
    arguments.push(after());
    Member::new("changes", "ChangeSet!")
        .with(arguments)
        .about("All commits that change such records.")
}

fn changed(of: TypeNames<'_>, name: &str) -> Member {
    let filter = Member::new("where", of.where_input())
        .about("What a record must match: as it is after the commit, or was if it is deleted.");
    Member::new(of.changed(), format!("{}!", of.change_set()))
        .with(vec![filter, after()])
        .about(&format!("The commits that change a {name} that matches."))
}

fn of_type(of: TypeNames<'_>, record: Member) -> [Definition; 2] {
    let record = record.about("As of this commit; null: it is deleted.");
    [
        set(&of.change_set(), &of.change_event()),
        Definition::object(of.change_event(), event(vec![record])),
    ]
}

/// A commit: who, when, why, and what.
fn set(name: &str, event: &str) -> Definition {
    let mut fields = about();
    fields.push(
        Member::new("events", format!("[{event}!]!")).about("One for each record, nodes first."),
    );
    Definition::object(name, fields).about("What a commit changed.")
}

fn about() -> Vec<Member> {
    vec![
        Member::new("revision", "Revision!"),
        Member::new("at", "DateTime!").about("When."),
        Member::new("actor", "String").about("Who."),
        Member::new("message", "String").about("Why."),
    ]
}

fn both_ends(ontology: &Ontology) -> Vec<Member> {
    let gone = "null: it is deleted, or no such record.";
    let mut records = vec![
        Member::new("node", "Node").about(gone),
        Member::new("relationship", "Relationship").about(gone),
    ];
    records.retain(|record| record.name == "node" || has_edges(ontology));
    event(records)
}

fn event(records: Vec<Member>) -> Vec<Member> {
    let mut fields = action();
    fields.extend(records);
    fields.extend(sides());
    fields
}

fn action() -> Vec<Member> {
    vec![
        Member::new("action", "ChangeAction!"),
        Member::new("id", "ID!").about("The record's id."),
    ]
}

fn sides() -> [Member; 2] {
    [
        Member::new("before", "JSON")
            .about("What it was, as a line of a data file; null: it is new."),
        Member::new("after", "JSON").about("What it is; null: it is deleted."),
    ]
}

fn entry() -> Definition {
    let mut fields = about();
    fields.extend(action());
    fields.extend(sides());
    Definition::object("HistoryEntry", fields).about("What a commit did to a record.")
}

fn diff() -> Definition {
    let events = |name: &str| Member::new(name, "[ChangeEvent!]!");
    let fields = vec![
        Member::new("from", "Revision!"),
        Member::new("to", "Revision!"),
        events("added").about("What is there only at `to`."),
        events("removed").about("What is there only at `from`."),
        events("changed").about("What is there at both, and differs."),
    ];
    Definition::object("Diff", fields)
        .about("What differs; `node` and `relationship` are as of `to`.")
}

fn actions() -> Definition {
    let actions = ["CREATED", "UPDATED", "DELETED"].map(|name| Member::new(name, ""));
    Definition::new(Kind::Enum, "ChangeAction", actions.into())
}
