//! What is asked of a part of the graph as a whole? The arguments of `graphMetrics` and of the fields
//! below it, and what is selected of them. Not for: the algorithms (`graph::metrics`).

use super::{Follow, Keyed, NodeRef, NodeShape, Slot};
use crate::ontology::TypeId;
use std::sync::Arc;

/// Which part of the graph is measured.
#[derive(Clone, Debug)]
pub struct MetricsCall {
    /// Tells this part from all others of the same snapshot.
    pub key: Arc<str>,
    /// The concrete types of its nodes.
    pub types: Vec<TypeId>,
    /// Its nodes, if only some are meant; those that do not exist are not missed.
    pub nodes: Option<Vec<NodeRef>>,
    /// Its edges: each relationship type and direction once.
    pub follow: Vec<Follow>,
}

/// By what nodes are ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RankingBy {
    /// The number of edges.
    Degree,
    /// Where a random walk ends up.
    PageRank,
    /// The share of shortest paths that lead through a node.
    Betweenness,
    /// The nearness of all others.
    Closeness,
}

/// Into what nodes are divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Division {
    /// Weak components.
    Weak,
    /// Strong components.
    Strong,
    /// Communities, with the seed of their random choices.
    Communities(i64),
}

/// What is selected of `graphMetrics`.
#[derive(Clone, Debug, Default)]
pub struct MetricsShape {
    /// The outputs, in the order of the answer.
    pub outputs: Vec<Keyed<MetricsOutput>>,
}

/// One output of `graphMetrics`.
#[derive(Clone, Debug)]
pub enum MetricsOutput {
    /// `__typename`
    Typename,
    /// `nodeCount`
    NodeCount,
    /// `relationshipCount`
    RelationshipCount,
    /// `density`
    Density,
    /// `sampleSize`
    SampleSize,
    /// `ranking`
    Ranking(RankingShape),
    /// `components` or `communities`
    Division(DivisionShape),
}

/// What is selected of `ranking`.
#[derive(Clone, Debug)]
pub struct RankingShape {
    /// Its arguments.
    pub slot: Slot,
    /// The outputs of each place.
    pub outputs: Vec<Keyed<RankingOutput>>,
    /// What is selected of the nodes, once for each place in the outputs.
    pub nodes: Vec<Arc<NodeShape>>,
}

/// One output of a place in a ranking.
#[derive(Clone, Copy, Debug)]
pub enum RankingOutput {
    /// `__typename`
    Typename,
    /// `value`
    Value,
    /// `sampled`
    Sampled,
    /// `node`, by the shape's position in `nodes`.
    Node(usize),
}

/// What is selected of `components` or `communities`.
#[derive(Clone, Debug)]
pub struct DivisionShape {
    /// Its GraphQL type, for `__typename`.
    pub name: Box<str>,
    /// Its arguments.
    pub slot: Slot,
    /// The outputs.
    pub outputs: Vec<Keyed<DivisionOutput>>,
    /// What is selected of the groups, once for each place in the outputs.
    pub groups: Vec<GroupsShape>,
}

/// One output of `components` or `communities`.
#[derive(Clone, Copy, Debug)]
pub enum DivisionOutput {
    /// `__typename`
    Typename,
    /// `count`
    Count,
    /// `modularity`
    Modularity,
    /// `groups`, by position in `groups`.
    Groups(usize),
}

/// What is selected of `groups`.
#[derive(Clone, Debug)]
pub struct GroupsShape {
    /// Its arguments.
    pub slot: Slot,
    /// The outputs of each group.
    pub outputs: Vec<Keyed<GroupOutput>>,
    /// The arguments of `nodes` and what is selected of them, once for each place in the outputs.
    pub nodes: Vec<(Slot, Arc<NodeShape>)>,
}

/// One output of a group.
#[derive(Clone, Copy, Debug)]
pub enum GroupOutput {
    /// `__typename`
    Typename,
    /// `size`
    Size,
    /// `nodes`, by position in `nodes`.
    Nodes(usize),
}
