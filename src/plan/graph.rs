//! Which part of the graph is asked for, as a whole? The arguments of `paths` and `neighborhood`. Not
//! for: how it is found (`graph`).

use super::{Filter, Start};
use crate::ontology::{RelationshipId, TypeId};

/// Nodes to start from or to end at.
#[derive(Clone, Debug)]
pub enum NodeRef {
    /// The one with this id; none if there is none.
    Id(String),
    /// All that these find.
    Found(Vec<Start>),
}

/// That a search may follow edges of a relationship type in one direction.
#[derive(Clone, Debug)]
pub struct Follow {
    /// Whose edges.
    pub relationship: RelationshipId,
    /// Whether from source to target.
    pub along: bool,
    /// What an edge must match; none: all do.
    pub filter: Option<Filter>,
}

/// Which paths are asked for.
#[derive(Clone, Debug)]
pub struct PathsCall {
    /// Where they start.
    pub from: NodeRef,
    /// Where they end.
    pub to: NodeRef,
    /// What they may follow; each relationship type and direction once.
    pub follow: Vec<Follow>,
    /// Which of them.
    pub mode: PathMode,
    /// For each relationship type the property that says what an edge costs; empty: edges are counted.
    pub weights: Vec<Option<usize>>,
    /// How many edges they have at least (1).
    pub shortest: usize,
    /// How many edges they have at most, if there is a limit.
    pub longest: Option<usize>,
    /// How many are asked for.
    pub first: usize,
}

/// Which of all paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathMode {
    /// Of each pair the shortest one, or with `first` some of the shortest.
    Shortest,
    /// Of each pair all that are as short as the shortest.
    AllShortest,
    /// The shortest, whatever pair they join.
    KShortest,
    /// All of at most so many edges.
    AllSimple,
}

/// Which neighbourhood is asked for.
#[derive(Clone, Debug)]
pub struct NeighborhoodCall {
    /// Around what.
    pub of: Vec<NodeRef>,
    /// How many steps away.
    pub depth: usize,
    /// What they may follow; each relationship type and direction once.
    pub follow: Vec<Follow>,
    /// The concrete types that are reached; none: all.
    pub types: Option<Vec<TypeId>>,
    /// How many further nodes one node leads to at most.
    pub per_node: Option<usize>,
    /// How many nodes in all.
    pub limit: usize,
}
