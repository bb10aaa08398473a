//! What is asked of commits and of the past? Not for: finding it (`db`), or what is asked of the graph
//! itself (`selection`).

use super::{EdgeShape, Filter, Keyed, NodeShape, Start};
use crate::graph::{ChangeSet, Commit};
use crate::ontology::{RelationshipId, TypeId};
use std::sync::Arc;

/// What is selected of commits: a `ChangeSet`, a `HistoryEntry` or a `Diff`.
#[derive(Clone, Debug, Default)]
pub struct ChangesShape {
    /// Its GraphQL type, for `__typename`.
    pub name: Box<str>,
    /// The GraphQL type of its events.
    pub event_name: Box<str>,
    /// The outputs, in the order of the answer.
    pub outputs: Vec<Keyed<ChangesOutput>>,
    /// What is selected of the nodes, once for each place.
    pub nodes: Vec<Arc<NodeShape>>,
    /// What is selected of the edges, once for each place.
    pub edges: Vec<Arc<EdgeShape>>,
}

/// One output of a commit.
#[derive(Clone, Debug)]
pub enum ChangesOutput {
    /// `__typename`
    Typename,
    /// `revision`; `to` of a difference.
    Revision,
    /// `from` of a difference.
    From,
    /// `at`
    At,
    /// `actor`
    Actor,
    /// `message`
    Message,
    /// `events`, or those of one action: `added`, `removed`, `changed`.
    Events(Option<Action>, Vec<Keyed<EventOutput>>),
    /// Something of the only event.
    Only(EventOutput),
}

/// One output of an event.
#[derive(Clone, Copy, Debug)]
pub enum EventOutput {
    /// `__typename`
    Typename,
    /// `action`
    Action,
    /// `id`
    Id,
    /// `node`, by the shape's position in `nodes`.
    Node(usize),
    /// `relationship`, by the shape's position in `edges`.
    Relationship(usize),
    /// `before`
    Before,
    /// `after`
    After,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Created,
    /// It is another.
    Updated,
    /// It is gone.
    Deleted,
}

impl Action {
    /// Between two states, none where it was not there.
    pub fn between<A, B>(before: Option<A>, after: Option<B>) -> Self {
        match (before, after) {
            (None, _) => Self::Created,
            (_, None) => Self::Deleted,
            _ => Self::Updated,
        }
    }

    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Updated => "UPDATED",
            Self::Deleted => "DELETED",
        }
    }
}

/// Which records are asked for.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    /// Nodes of these concrete types.
    pub nodes: Vec<TypeId>,
    /// Edges of these relationship types.
    pub edges: Vec<RelationshipId>,
}

/// Which commits are watched.
#[derive(Clone, Debug, Default)]
pub struct WatchCall {
    /// Those that change such records.
    pub kinds: Kinds,
    /// What a node must match, by concrete type; none of a type: nothing.
    pub starts: Vec<Start>,
    /// What an edge must match.
    pub filter: Option<Filter>,
    /// Those after this one; none: those to come.
    pub after: Option<u64>,
}

/// What is asked of the past.
#[derive(Clone, Debug)]
pub enum PastCall {
    /// Everything as of a commit.
    Revision(u64),
    /// Everything as of a time, in milliseconds since 1970.
    Time(i64),
    /// The last commits that changed a record, from before one.
    History {
        /// The record's id.
        id: String,
        /// How many; none: all.
        first: Option<usize>,
        /// Before which.
        before: Option<u64>,
    },
    /// What differs between two commits.
    Diff {
        /// The one.
        from: u64,
        /// The other; none: the latest.
        to: Option<u64>,
        /// Of which records.
        kinds: Kinds,
    },
}

/// Commits that are found, to be shown.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Each with what is shown of it.
    pub commits: Vec<(Arc<Commit>, Vec<Event>)>,
    /// Whether they are a list, even if there is one.
    pub is_list: bool,
    /// The commit with which a difference begins.
    pub from: u64,
}

/// A record of a commit's changes, by position in its nodes or edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// A node.
    Node(usize),
    /// An edge.
    Edge(usize),
}

impl Event {
    /// What became of it.
    pub fn action(self, changes: &ChangeSet) -> Action {
        match self {
            Self::Node(at) => {
                let node = &changes.nodes[at];
                Action::between(node.before.as_ref(), node.state.as_ref())
            }
            Self::Edge(at) => {
                let edge = &changes.edges[at];
                Action::between(edge.before.as_ref(), edge.state.as_ref())
            }
        }
    }
}

impl WatchCall {
    /// Whether records must match something.
    pub fn is_filtered(&self) -> bool {
        self.filter.is_some() || self.starts.iter().any(|start| start.filter.is_some())
    }
}

impl Kinds {
    /// The changes of such records.
    pub fn events(&self, changes: &ChangeSet) -> Vec<Event> {
        let nodes = changes.nodes.iter().enumerate();
        let nodes = nodes.filter(|(_, node)| self.nodes.contains(&node.of));
        let edges = changes.edges.iter().enumerate();
        let edges = edges.filter(|(_, edge)| self.edges.contains(&edge.of));
        let nodes = nodes.map(|(at, _)| Event::Node(at));
        nodes.chain(edges.map(|(at, _)| Event::Edge(at))).collect()
    }
}
