//! Is the graph as the ontology demands, and sound in itself? Not for: whether single values are
//! allowed (ranges and patterns are checked where values come in).

mod across;
mod constraints;
mod structure;
mod touched;

pub use touched::{Touch, check_touched};

use super::snapshot::{Edge, Node, Snapshot};
use crate::ontology::{RelationshipId, TypeId};

/// How many violations are kept; more are counted.
const KEPT: usize = 1000;

/// Something that must not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// What kind.
    pub kind: Violated,
    /// The records concerned.
    pub records: Vec<Record>,
    /// What is wrong, for people, with the records' ids.
    pub message: String,
}

/// A node or an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// A node.
    Node(Node),
    /// An edge.
    Edge(Edge),
}

/// What can be violated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violated {
    /// Two nodes share the values of a unique set (positions of properties).
    Unique(TypeId, Vec<usize>),
    /// A required property of a node has no value.
    Required(TypeId, usize),
    /// A required property of an edge has no value.
    EdgeRequired(RelationshipId, usize),
    /// A single-valued relationship field (its name) sees several edges.
    Single(TypeId, String),
    /// A required relationship field (its name) sees no edge.
    Missing(TypeId, String),
    /// A record has no references, and the ontology demands them.
    Cited,
    /// The graph contradicts itself or its ontology: a bug or damage.
    Structure,
}

/// The first thousand violations, and how many there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Violations {
    /// The first of them.
    pub first: Vec<Violation>,
    /// All of them.
    pub count: usize,
}

impl Violations {
    /// Whether all is right.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, kind: &Violated, records: &[Record], message: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < KEPT {
            self.first.push(Violation {
                kind: kind.clone(),
                records: records.to_vec(),
                message: message(),
            });
        }
    }

    fn damage(&mut self, message: String) {
        self.add(&Violated::Structure, &[], || message);
    }
}

/// What the ontology demands of the graph as a whole: unique values, single-valued and required
/// fields, references. Cost: up to a microsecond for each record.
pub fn constraints(snapshot: &Snapshot) -> Violations {
    let mut violations = Violations::default();
    constraints::check(snapshot, &mut violations);
    violations
}

/// All of [`constraints`], and whether the parts of the graph agree with each other.
pub fn check(snapshot: &Snapshot) -> Violations {
    let mut violations = Violations::default();
    structure::check(snapshot, &mut violations);
    constraints::check(snapshot, &mut violations);
    violations
}
