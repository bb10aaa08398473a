//! How is a change kept: as a record of the log, or as a whole new graph? Not for: keeping it.

use crate::graph::{Built, ChangeSet, Snapshot};

/// The most records that a change in the log may have.
const FEW: usize = 20_000;
/// A change in the log is of less than this part of the graph.
const PART: usize = 10;

/// What a write makes of the graph; the revision of either is one more than that of the graph now.
#[derive(Debug)]
pub enum Next {
    /// Few records change: they become a record of the log.
    Changes(ChangeSet),
    /// Many do: the whole graph becomes a checkpoint.
    Graph(Snapshot),
}

impl Next {
    /// What a builder made of the graph `before`; none if it changed nothing.
    pub fn of(built: Built, before: &Snapshot) -> Option<Self> {
        let changed = built.changed();
        let edges = before.all_segments().map(|(_, segment)| segment.len());
        let all = before.count(before.ontology().node()) + edges.sum::<usize>();
        match changed {
            0 => None,
            _ if changed < FEW && changed < all / PART => {
                Some(Self::Changes(built.changes(before)))
            }
            _ => Some(Self::Graph(built.snapshot)),
        }
    }

    /// The revision that it makes.
    pub(super) fn revision(&self) -> u64 {
        match self {
            Self::Changes(changes) => changes.revision,
            Self::Graph(graph) => graph.revision(),
        }
    }
}
