//! How is a part of the graph measured as a whole? `graphMetrics` and its types. Not for: parts of the
//! graph themselves (`graph`).

use super::definition::{Definition, Kind, Member};
use super::graph::follow;
use crate::ontology::Ontology;

/// The root field; none without relationships.
pub(super) fn root(ontology: &Ontology) -> Option<Member> {
    let arguments = vec![
        Member::new("types", "[NodeType!]").about("Only nodes of these types."),
        Member::new("nodes", "[ID!]").about("Only these nodes; what is none is left out."),
        Member::new("of", "[NodeRef!]").about("Only these nodes, with those of `nodes`."),
        follow(),
    ];
    let field = Member::new("graphMetrics", "GraphMetrics!")
        .with(arguments)
        .about("What some nodes and the relationships among them are like as a whole.");
    (!ontology.relationships.is_empty()).then_some(field)
}

/// All types of it; what is not used is left out of the schema later.
pub(super) fn definitions() -> Vec<Definition> {
    vec![
        whole(),
        rankings(),
        kinds(),
        ranking(),
        components(),
        communities(),
        group(),
    ]
}

fn whole() -> Definition {
    let ranking = vec![Member::new("by", "GraphRankingBy!"), first()];
    let kind = vec![Member::new("kind", "GraphComponentKind").or("WEAK")];
    let seed = vec![Member::new("seed", "Int").or("0")];
    let fields = vec![
        Member::new("nodeCount", "Int!"),
        Member::new("relationshipCount", "Int!").about("Each once, parallel ones too."),
        Member::new("density", "Float!").about(
            "The share of the ordered pairs of nodes that a relationship joins; one followed both ways \
             joins two.",
        ),
        Member::new("sampleSize", "Int!").about(
            "From how many nodes BETWEENNESS and CLOSENESS look: from all where that takes at most a \
             few seconds.",
        ),
        Member::new("ranking", "[GraphRanking!]!")
            .with(ranking)
            .about("The first nodes by a value; equal ones in the order of their ids."),
        Member::new("components", "GraphComponents!")
            .with(kind)
            .about("Nodes that hang together."),
        Member::new("communities", "GraphCommunities!")
            .with(seed)
            .about("Nodes that are joined more densely than chance would (Leiden algorithm)."),
    ];
    Definition::object("GraphMetrics", fields)
        .about("Computed once for each revision; only what is selected.")
}

fn rankings() -> Definition {
    let by = vec![
        Member::new("DEGREE", "").about("The number of relationships that can be followed from it."),
        Member::new("PAGERANK", "").about(
            "Where one ends up who follows relationships at random (damping 0.85); all values together \
             are 1.",
        ),
        Member::new("BETWEENNESS", "").about(
            "The share of the pairs of other nodes whose shortest paths lead through it, from 0 to 1.",
        ),
        Member::new("CLOSENESS", "").about(
            "The inverse of the mean distance to the nodes that it leads to, times their share of all \
             others, from 0 to 1.",
        ),
    ];
    Definition::new(Kind::Enum, "GraphRankingBy", by)
}

fn kinds() -> Definition {
    let kinds = vec![
        Member::new("WEAK", "").about("Joined by relationships whatever their directions."),
        Member::new("STRONG", "").about("Each leads to each other."),
    ];
    Definition::new(Kind::Enum, "GraphComponentKind", kinds)
}

fn ranking() -> Definition {
    let fields = vec![
        Member::new("value", "Float!"),
        Member::new("node", "Node!"),
        Member::new("sampled", "Boolean!")
            .about("Whether the value is an estimate, from `sampleSize` nodes."),
    ];
    Definition::object("GraphRanking", fields).about("A place in a ranking.")
}

fn components() -> Definition {
    Definition::object("GraphComponents", vec![count(), groups()])
}

fn communities() -> Definition {
    let modularity = Member::new("modularity", "Float!")
        .about("The share of relationships inside communities, less the share expected by chance.");
    Definition::object("GraphCommunities", vec![count(), modularity, groups()])
}

fn group() -> Definition {
    let nodes = Member::new("nodes", "[Node!]!").with(vec![first()]);
    let fields = vec![
        Member::new("size", "Int!").about("How many nodes it has."),
        nodes.about("The first of them by id."),
    ];
    Definition::object("GraphGroup", fields).about("Nodes that belong together.")
}

fn count() -> Member {
    Member::new("count", "Int!").about("How many there are.")
}

fn groups() -> Member {
    let groups = Member::new("groups", "[GraphGroup!]!").with(vec![first()]);
    groups.about("The largest.")
}

fn first() -> Member {
    Member::new("first", "Int").or("10")
}
