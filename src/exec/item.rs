//! What does a run handle? Records by their place in the snapshot. Not for: their values (`graph`).

use crate::graph::{Edge, Node};

/// A record, or a link: an edge together with the node at its other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A node by itself; also a member of a closure.
    Node(Node),
    /// An edge by itself.
    Edge(Edge),
    /// An edge seen from one end, and the node at the other.
    Link(Edge, Node),
}

impl Item {
    /// The node, if there is one.
    pub fn node(self) -> Option<Node> {
        match self {
            Self::Node(node) | Self::Link(_, node) => Some(node),
            Self::Edge(_) => None,
        }
    }

    /// The edge, if there is one.
    pub fn edge(self) -> Option<Edge> {
        match self {
            Self::Edge(edge) | Self::Link(edge, _) => Some(edge),
            Self::Node(_) => None,
        }
    }
}
