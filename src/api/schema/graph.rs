//! How is a part of the graph asked for as a whole? `paths`, `neighborhood`, `subgraph`, and the
//! inputs that they share. Not for: lists and connections of records (`query`, `outputs`).

use super::definition::{Definition, Kind, Member};
use crate::ontology::{Ontology, TypeId};

/// The root fields; none without relationships.
pub(super) fn roots(ontology: &Ontology) -> Vec<Member> {
    if ontology.relationships.is_empty() {
        return Vec::new();
    }
    let ids =
        vec![Member::new("nodes", "[ID!]!").about("Each counts once; what is none is left out.")];
    vec![
        Member::new("paths", "Paths!")
            .with(paths())
            .about("How one gets from some nodes to others. No path meets a node twice."),
        Member::new("neighborhood", "Neighborhood!")
            .with(neighborhood())
            .about("What is around some nodes, up to some steps away."),
        Member::new("subgraph", "Subgraph!")
            .with(ids)
            .about("Some nodes and all relationships among them."),
    ]
}

fn paths() -> Vec<Member> {
    vec![
        Member::new("from", "NodeRef!"),
        Member::new("to", "NodeRef!"),
        follow(),
        Member::new("mode", "PathMode").or("SHORTEST"),
        Member::new("weight", "[PathWeight!]").about(
            "What relationships cost: the value of one of their numbers. Those of other types cost 1.",
        ),
        Member::new("minLength", "Int").or("1").about("The fewest relationships."),
        Member::new("maxLength", "Int").about(
            "The most relationships. ALL_SIMPLE needs it; else without it there is no limit but the cost.",
        ),
        Member::new("first", "Int").about(
            "How many paths; for SHORTEST and ALL_SHORTEST of each pair of a start and an end. If not given: \
             1 for SHORTEST and K_SHORTEST, else 100.",
        ),
    ]
}

fn neighborhood() -> Vec<Member> {
    vec![
        Member::new("of", "[NodeRef!]!"),
        Member::new("depth", "Int")
            .or("1")
            .about("How many steps away."),
        follow(),
        Member::new("types", "[NodeType!]")
            .about("Only nodes of these types are reached, beside those to start from."),
        Member::new("limitPerNode", "Int")
            .about("How many further nodes one node leads to at most."),
        Member::new("limit", "Int")
            .or("1000")
            .about("How many nodes in all, the starts too."),
    ]
}

pub(super) fn follow() -> Member {
    Member::new("follow", "[Follow!]").about("What may be followed; everything if not given.")
}

/// All types of it; what is not used is left out of the schema later.
pub(super) fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let mut all = inputs(ontology);
    all.push(modes());
    all.extend(outputs());
    all
}

fn modes() -> Definition {
    let modes = vec![
        Member::new("SHORTEST", "").about("Of each pair of a start and an end the shortest path."),
        Member::new("ALL_SHORTEST", "").about("Of each pair all paths as short as the shortest."),
        Member::new("K_SHORTEST", "").about("The shortest paths, whatever pair they join."),
        Member::new("ALL_SIMPLE", "").about("All paths of at most `maxLength` relationships."),
    ];
    Definition::new(Kind::Enum, "PathMode", modes)
        .about(
        "Which paths. With weights the cheapest count as the shortest; equal ones come in the order of \
         their ids.",
    )
}

fn inputs(ontology: &Ontology) -> Vec<Definition> {
    let types = (0..ontology.types.len() as u16).map(TypeId);
    let types = types.map(|id| ontology.node_type(id).names());
    let mut refer = vec![Member::new("id", "ID")];
    refer.extend(types.map(|of| Member::new(of.single(), of.where_input())));
    let edges = ontology.relationships.iter().map(|of| of.names());
    let edges = edges.map(|of| Member::new(of.single(), of.where_input()));
    let follow = vec![
        Member::new("type", "RelationshipType!"),
        Member::new("direction", "EdgeDirection").or("BOTH"),
        Member::new("where", "FollowWhere").about("What the relationships must match."),
    ];
    let weight = vec![
        Member::new("type", "RelationshipType!"),
        Member::new("property", "String!")
            .about("The name of a number of relationships of this type."),
    ];
    vec![
        Definition::input("PathWeight", weight)
            .about("What relationships of a type cost: a number from 0."),
        Definition::one_of("NodeRef", refer).about("One node by its id, or all that match."),
        Definition::input("FollowWhere", edges.collect())
            .about("Conditions on relationships, under the name of their type."),
        Definition::input("Follow", follow).about(
            "Relationships of one type may be followed. Of several for the same type, each allows what \
             it allows.",
        ),
    ]
}

fn outputs() -> Vec<Definition> {
    let flat = |mut fields: Vec<Member>| {
        fields.push(Member::new("nodes", "[Node!]!").about("Each once."));
        fields.push(Member::new("relationships", "[Relationship!]!").about("Each once."));
        fields
    };
    let more = || Member::new("truncated", "Boolean!").about("Whether a limit left something out.");
    let paths = vec![
        Member::new("count", "Int!").about("How many paths these are."),
        more(),
        Member::new("paths", "[GraphPath!]!"),
    ];
    let path = vec![
        Member::new("length", "Int!").about("How many relationships."),
        Member::new("cost", "Float!").about("What they cost together; without weights the length."),
        Member::new("nodes", "[Node!]!").about("From the start to the end."),
        Member::new("relationships", "[Relationship!]!").about("From the start to the end."),
    ];
    let level = vec![
        Member::new("depth", "Int!").about("How many steps away; the starts are at 0."),
        Member::new("count", "Int!"),
        Member::new("nodes", "[Node!]!"),
    ];
    let around = vec![more(), Member::new("levels", "[NeighborhoodLevel!]!")];
    vec![
        Definition::object("Paths", flat(paths)),
        Definition::object("GraphPath", path).about("A path through the graph."),
        Definition::object("Neighborhood", flat(around))
            .about("Nodes by depth, and the followed relationships among them."),
        Definition::object("NeighborhoodLevel", level)
            .about("Nodes by their smallest distance from the starts."),
        Definition::object("Subgraph", flat(vec![more()])),
    ]
}
