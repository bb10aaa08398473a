//! What is a path? Not for: finding one.

use crate::graph::{Edge, Node, Snapshot};
use std::cmp::Ordering;

/// A way from a start to an end that meets no node twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The nodes from the start to the end.
    pub nodes: Vec<Node>,
    /// The edges, one less than nodes.
    pub edges: Vec<Edge>,
    /// What the edges cost together, in units of the search.
    pub cost: u128,
}

impl Path {
    /// How many edges it has.
    pub fn len(&self) -> usize {
        self.edges.len()
    }

    /// Whether it leads nowhere.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// Compares two paths by cost, then by ids.
    pub fn order(&self, other: &Self, snapshot: &Snapshot) -> Ordering {
        self.cost
            .cmp(&other.cost)
            .then_with(|| self.order_by_ids(other, snapshot))
    }

    /// Compares two paths by their ids from the start on: node, edge, node, edge, each edge after the
    /// node where it leads.
    pub(super) fn order_by_ids(&self, other: &Self, snapshot: &Snapshot) -> Ordering {
        let start = |path: &Self| path.nodes.first().copied();
        let by_start = match (start(self), start(other)) {
            (Some(a), Some(b)) => snapshot.order(a, b),
            (a, b) => a.is_some().cmp(&b.is_some()),
        };
        let steps = self.steps().zip(other.steps());
        let unlike = || {
            let found = steps.map(|(a, b)| snapshot.order_steps(a, b));
            let mut unlike = found.filter(|order| order.is_ne());
            unlike.next().unwrap_or(Ordering::Equal)
        };
        by_start
            .then_with(unlike)
            .then(self.len().cmp(&other.len()))
    }

    fn steps(&self) -> impl Iterator<Item = (Node, Edge)> + '_ {
        let nodes = self.nodes.iter().skip(1).copied();
        nodes.zip(self.edges.iter().copied())
    }
}
