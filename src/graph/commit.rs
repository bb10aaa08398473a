//! Who made a commit, when and why, and what changed? Not for: applying it (`apply`).

use super::change_set::{ChangeSet, Citation};

/// A commit as it is kept and told.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// Its number; the first is 1.
    pub revision: u64,
    /// Who made it, when and why.
    pub about: About,
    /// What it changed.
    pub changed: Changed,
}

/// Who made a commit, when and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// When: milliseconds since 1970-01-01T00:00:00Z; never less than that of the commit before.
    pub at: i64,
    /// Who.
    pub actor: Option<Box<str>>,
    /// Why.
    pub message: Option<Box<str>>,
    /// Where it is taken from.
    pub references: Box<[Citation]>,
}

/// What a commit changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// These records.
    Records(ChangeSet),
    /// So many that the graph was kept as a whole instead.
    Graph(Totals),
}

/// How many records a commit changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Nodes that are new.
    pub nodes_created: u64,
    /// Nodes that became others.
    pub nodes_updated: u64,
    /// Nodes that are gone.
    pub nodes_removed: u64,
    /// Edges that are new.
    pub edges_created: u64,
    /// Edges that became others.
    pub edges_updated: u64,
    /// Edges that are gone.
    pub edges_removed: u64,
}

impl From<ChangeSet> for Commit {
    /// A commit of which nothing is told but what changed.
    fn from(changes: ChangeSet) -> Self {
        Self {
            revision: changes.revision,
            about: About::default(),
            changed: Changed::Records(changes),
        }
    }
}

impl Commit {
    /// The records that it changed; none if it was kept as a whole graph.
    pub fn records(&self) -> Option<&ChangeSet> {
        match &self.changed {
            Changed::Records(changes) => Some(changes),
            Changed::Graph(_) => None,
        }
    }

    /// How many records it changed.
    pub fn totals(&self) -> Totals {
        match &self.changed {
            Changed::Records(changes) => changes.totals(),
            Changed::Graph(totals) => *totals,
        }
    }
}

impl ChangeSet {
    /// How many records it changes.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for node in &self.nodes {
            *match (&node.before, &node.state) {
                (None, _) => &mut totals.nodes_created,
                (_, Some(_)) => &mut totals.nodes_updated,
                (_, None) => &mut totals.nodes_removed,
            } += 1;
        }
        for edge in &self.edges {
            *match (&edge.before, &edge.state) {
                (None, _) => &mut totals.edges_created,
                (_, Some(_)) => &mut totals.edges_updated,
                (_, None) => &mut totals.edges_removed,
            } += 1;
        }
        totals
    }
}

impl Totals {
    /// All records together.
    pub fn records(self) -> u64 {
        self.numbers().iter().sum()
    }

    pub(super) fn numbers(self) -> [u64; 6] {
        [
            self.nodes_created,
            self.nodes_updated,
            self.nodes_removed,
            self.edges_created,
            self.edges_updated,
            self.edges_removed,
        ]
    }

    pub(super) fn of(numbers: [u64; 6]) -> Self {
        let [nodes_created, nodes_updated, nodes_removed, ..] = numbers;
        let [.., edges_created, edges_updated, edges_removed] = numbers;
        Self {
            nodes_created,
            nodes_updated,
            nodes_removed,
            edges_created,
            edges_updated,
            edges_removed,
        }
    }
}
