//! What is asked of the answer to a mutation? Not for: what it writes (`change`).

use super::{EdgeShape, Keyed, NodeShape};
use crate::change::Outcome;
use std::sync::Arc;

/// What is selected of a root field of a mutation.
#[derive(Clone, Debug, Default)]
pub struct MutationShape {
    /// Its GraphQL type, for `__typename`.
    pub name: Box<str>,
    /// The outputs, in the order of the answer.
    pub outputs: Vec<Keyed<MutationOutput>>,
    /// What is selected of the nodes, once for each place.
    pub nodes: Vec<Arc<NodeShape>>,
    /// What is selected of the edges, once for each place.
    pub edges: Vec<Arc<EdgeShape>>,
}

/// One output of a root field of a mutation.
#[derive(Clone, Copy, Debug)]
pub enum MutationOutput {
    /// `__typename`
    Typename,
    /// The nodes that were written, by the shape's position in `nodes`.
    Nodes(usize),
    /// The edges that were written, by the shape's position in `edges`.
    Edges(usize),
    /// `created`
    Created,
    /// `updated`
    Updated,
    /// `deleted`
    Deleted,
    /// `relationshipsCreated`
    RelationshipsCreated,
    /// `relationshipsDeleted`
    RelationshipsDeleted,
    /// `revision`
    Revision,
}

impl MutationOutput {
    /// What it is of an outcome, if it is a number.
    pub fn count(self, outcome: &Outcome) -> usize {
        match self {
            Self::Created => outcome.created,
            Self::Updated => outcome.updated,
            Self::Deleted => outcome.deleted,
            Self::RelationshipsCreated => outcome.relationships_created,
            Self::RelationshipsDeleted => outcome.relationships_deleted,
            Self::Typename | Self::Nodes(_) | Self::Edges(_) | Self::Revision => 0,
        }
    }
}
