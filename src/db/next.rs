//! How is a change kept: as a record of the log, or as a whole new graph? Not for: keeping it.

use crate::change::Checked;
use crate::graph::{About, Built, ChangeSet, Counts, Snapshot, Totals};

/// The most records that a change in the log may have.
const FEW: usize = 20_000;
/// A change in the log is of less than this part of the graph.
const PART: usize = 10;

/// What a write makes of the graph; the revision of either is one more than that of the graph now.
#[derive(Debug)]
pub enum Next {
    /// Few records change: they become a record of the log.
    Changes(ChangeSet),
    /// The same of a change that was applied already: the graph with it.
    Applied(ChangeSet, Snapshot),
    /// Many do: the whole graph becomes a checkpoint.
    Graph(Snapshot, Totals),
}

/// A write: what it makes of the graph, and who makes it, when and why.
#[derive(Debug)]
pub struct Write {
    /// What comes next.
    pub next: Next,
    /// Actor, message and references; the writer sets the time.
    pub about: About,
}

impl From<Next> for Write {
    fn from(next: Next) -> Self {
        let about = About::default();
        Self { next, about }
    }
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
            _ => {
                let totals = totals(built.nodes, built.edges);
                Some(Self::Graph(built.snapshot, totals))
            }
        }
    }

    /// What a transaction made; none if it changed nothing.
    pub fn of_checked(checked: Checked) -> Option<Self> {
        let Checked { changes, graph, .. } = checked;
        (!changes.is_empty()).then_some(Self::Applied(changes, graph))
    }

    /// Whether it becomes a checkpoint: the first commit does too, since the log needs one to
    /// follow, which also holds the ontology.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Self::Graph(..)) || self.revision() == 1
    }

    /// The revision that it makes.
    pub(super) fn revision(&self) -> u64 {
        match self {
            Self::Changes(changes) => changes.revision,
            Self::Applied(_, graph) | Self::Graph(graph, _) => graph.revision(),
        }
    }
}

fn totals(nodes: Counts, edges: Counts) -> Totals {
    Totals {
        nodes_created: nodes.created as u64,
        nodes_updated: nodes.updated as u64,
        nodes_removed: nodes.removed as u64,
        edges_created: edges.created as u64,
        edges_updated: edges.updated as u64,
        edges_removed: edges.removed as u64,
    }
}
