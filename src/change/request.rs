//! What is asked for in one mutation, root field by root field? Not for: whether it is allowed.
//!
//! Whoever asks has resolved every `where` already, over the graph as it is when the root field's
//! turn comes ([`super::Transaction::graph`]): nodes and edges here are those of that graph.

use super::Violation;
use crate::graph::{Citation, Edge, Node};
use crate::ontology::{RelationshipId, TypeId};
use crate::value::Value;

/// One root field of a mutation.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// New nodes of a concrete type.
    CreateNodes {
        /// Their type.
        of: TypeId,
        /// The argument `input`.
        input: Vec<NodeInput>,
    },
    /// The same edit of several nodes of one concrete type.
    UpdateNodes {
        /// Those that the argument `where` matches.
        nodes: Vec<Node>,
        /// All that changes in each.
        edit: Edit,
        /// Refuse if one of them was changed after this commit.
        if_revision: Option<u64>,
    },
    /// Nodes by their keys: created, or updated where they exist.
    UpsertNodes {
        /// Their type.
        of: TypeId,
        /// The argument `input`; each has a key.
        input: Vec<NodeInput>,
    },
    /// Nodes to be removed.
    DeleteNodes {
        /// Those that the argument `where` matches.
        nodes: Vec<Node>,
        /// Whether their edges go with them; of a source also the references to it.
        cascade: bool,
    },
    /// New edges.
    CreateEdges {
        /// Their relationship type.
        of: RelationshipId,
        /// The argument `input`.
        input: Vec<EdgeInput>,
    },
    /// The same edit of several edges of one relationship type.
    UpdateEdges {
        /// Those that the argument `where` matches.
        edges: Vec<Edge>,
        /// All that changes in each; `links` is empty.
        edit: Edit,
        /// Refuse if one of them was changed after this commit.
        if_revision: Option<u64>,
    },
    /// Edges to be removed.
    DeleteEdges {
        /// Those that the argument `where` matches.
        edges: Vec<Edge>,
    },
}

/// A node that is to exist.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodeInput {
    /// Its key; none: a new ULID.
    pub key: Option<Box<str>>,
    /// What it consists of.
    pub edit: Edit,
}

/// An edge that is to exist.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeInput {
    /// Exactly one node.
    pub source: Target,
    /// Exactly one node.
    pub target: Target,
    /// What it consists of; `links` is empty.
    pub edit: Edit,
}

/// What changes in a record; what is not named stays, and of a new record gets its default.
/// Properties are named by their positions in the node type or relationship type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edit {
    /// Values to be set.
    pub set: Vec<(usize, Given)>,
    /// Numbers to be added to number properties; an unset one counts as 0.
    pub increment: Vec<(usize, Value)>,
    /// Elements to be appended to list properties.
    pub add: Vec<(usize, Vec<Value>)>,
    /// Elements to be taken out of list properties, each as often as it occurs.
    pub remove: Vec<(usize, Vec<Value>)>,
    /// References in place of those that there are.
    pub references: Option<Vec<Citation>>,
    /// Relationship inputs of a node.
    pub links: Vec<Links>,
}

/// A value as given.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// A whole value; null clears. Texts replace those of the same languages only.
    Value(Value),
    /// Texts by language; those of other languages stay, none removes one.
    Texts(Vec<(Box<str>, Option<Box<str>>)>),
    /// What could not be read as a value, and why: it is refused with the rest.
    Wrong(Violation),
}

/// The input of one relationship field: first disconnects, then connects, then creates.
#[derive(Clone, Debug, PartialEq)]
pub struct Links {
    /// The field's position in [`crate::ontology::NodeType::fields`].
    pub field: usize,
    /// Edges to be removed; if several nodes are updated, those of all of them.
    pub disconnect: Vec<Edge>,
    /// Edges to nodes that exist; one that exists already is updated.
    pub connect: Vec<Connect>,
    /// Edges to new nodes.
    pub create: Vec<CreateLinked>,
}

/// An edge to nodes that exist.
#[derive(Clone, Debug, PartialEq)]
pub struct Connect {
    /// One node at least.
    pub node: Target,
    /// What the edge consists of; `links` is empty.
    pub edge: Edit,
}

/// A new node and the edge to it.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateLinked {
    /// The node's concrete type.
    pub of: TypeId,
    /// The node.
    pub node: NodeInput,
    /// What the edge consists of; `links` is empty.
    pub edge: Edit,
}

/// Nodes that should exist.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// One by its id, `Type:key`; it may have been created just before.
    Id(Box<str>),
    /// One by concrete type and key; it may have been created just before.
    Key(TypeId, Box<str>),
    /// Those that a `where` matches.
    Nodes(Vec<Node>),
}
