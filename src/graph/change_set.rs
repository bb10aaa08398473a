//! What does a commit change? Not for: whether it may (`change`), nor how it is applied (`apply`).

use crate::ontology::{RelationshipId, TypeId};
use crate::value::Value;
use std::cmp::Ordering;

/// The outcome of one commit, by keys, so that it can be applied to any snapshot that it follows.
/// Each record occurs once at most.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangeSet {
    /// The commit.
    pub revision: u64,
    /// Nodes added, changed or removed.
    pub nodes: Vec<NodeChange>,
    /// Edges added, changed or removed. Edges of removed nodes go with
    /// them, whether they are listed or not.
    pub edges: Vec<EdgeChange>,
}

impl ChangeSet {
    /// How many records it changes, without the edges that go with removed nodes.
    pub fn len(&self) -> usize {
        self.nodes.len() + self.edges.len()
    }

    /// Puts records in order of their types and keys, edges in that of their ends.
    pub fn sort(&mut self) {
        self.nodes
            .sort_by(|a, b| (a.of, &a.key).cmp(&(b.of, &b.key)));
        self.edges.sort_by(|a, b| {
            let ends = (a.of, &a.source, &a.target).cmp(&(b.of, &b.source, &b.target));
            ends.then_with(|| order(&a.unique, &b.unique))
        });
    }

    /// Whether any of its records is another than it was.
    pub fn is_seen(&self) -> bool {
        let differs = |was: &Option<Box<Was>>, now: &Option<State>| {
            was.as_ref().map(|was| &was.state) != now.as_ref()
        };
        let mut nodes = self.nodes.iter();
        let mut edges = self.edges.iter();
        nodes.any(|node| differs(&node.before, &node.state))
            || edges.any(|edge| differs(&edge.before, &edge.state))
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn order(a: &[Value], b: &[Value]) -> Ordering {
    let mut pairs = a.iter().zip(b);
    let orders = pairs.find_map(|(a, b)| {
        let order = a.as_cell().order(b.as_cell());
        order.is_ne().then_some(order)
    });
    orders.unwrap_or(Ordering::Equal)
}

/// A node's new state.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeChange {
    /// Its concrete type.
    pub of: TypeId,
    /// Its key.
    pub key: Box<str>,
    /// What it consists of from now on; none: it is removed.
    pub state: Option<State>,
    /// What it consisted of before; none: it was not there.
    pub before: Option<Box<Was>>,
}

/// An edge's new state.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeChange {
    /// Its relationship type.
    pub of: RelationshipId,
    /// Concrete type and key of its source; of a symmetric edge those of either end.
    pub source: (TypeId, Box<str>),
    /// Concrete type and key of its target.
    pub target: (TypeId, Box<str>),
    /// The values of the unique properties, which tell it from parallel edges; they never change.
    pub unique: Box<[Value]>,
    /// What it consists of from now on; none: it is removed.
    pub state: Option<State>,
    /// What it consisted of before; none: it was not there.
    pub before: Option<Box<Was>>,
}

/// What a record was before a commit, and since when.
#[derive(Clone, Debug, PartialEq)]
pub struct Was {
    /// The commit that had changed it last.
    pub changed: u64,
    /// What it consisted of.
    pub state: State,
}

/// What a record consists of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// One value for each property, in order.
    pub values: Box<[Value]>,
    /// Where it is taken from.
    pub references: Box<[Citation]>,
}

/// A reference that names its source by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The key of the `Source`.
    pub source: Box<str>,
    /// Where in the source.
    pub locator: Option<Box<str>>,
    /// For which fields; none: for the record as a whole.
    pub fields: Option<Box<[Box<str>]>>,
    /// A remark.
    pub note: Option<Box<str>>,
}
