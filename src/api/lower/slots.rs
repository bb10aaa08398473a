//! Where do a field's arguments come from? Templates, evaluated on each request. Not for: what the
//! values mean (`bind`).

use super::{Lowering, Verb, Watched};
use crate::api::document::location;
use crate::api::error::{ErrorCode, GraphqlError, Location};
use crate::api::input::Arguments;
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{self, Hop, Subject};
use apollo_compiler::Node;
use apollo_compiler::executable::Field;
use std::sync::Arc;

/// The arguments of one field.
#[derive(Debug)]
pub(in crate::api) struct Slot {
    /// Which field they are of.
    pub(in crate::api) kind: SlotKind,
    /// Their values, once the variables are known.
    pub(in crate::api) arguments: Arc<Arguments>,
    /// Where the field stands in the document.
    pub(in crate::api) location: Option<Location>,
}

/// The kinds of field that take arguments.
#[derive(Clone, Debug)]
pub(in crate::api) enum SlotKind {
    /// None.
    Plain,
    /// A root field of a mutation.
    Mutation(Verb),
    /// `county(id:, key:, …)`, also `node(id:)`
    Node(TypeId),
    /// `returnRoute(id:)`, `relationship(id:)`
    Edge,
    /// `nodes(ids:)`
    Ids,
    /// `search(…)`
    Search,
    /// `paths(…)`
    Paths,
    /// `neighborhood(…)`
    Neighborhood,
    /// `subgraph(nodes:)`
    Subgraph,
    /// `graphMetrics(…)`
    Metrics,
    /// `ranking(by:, first:)`
    Ranking,
    /// `components(kind:)`
    Components,
    /// `communities(seed:)`
    Communities,
    /// `groups(first:)` and their `nodes(first:)`
    First,
    /// `counties(…)`, `countiesConnection(…)`
    Nodes(TypeId),
    /// `returnRoutes(…)`, `returnRoutesConnection(…)`
    Edges(RelationshipId),
    /// A list of neighbours of this type, or of a closure's members; also a closure's connection.
    Members(TypeId),
    /// The links of a step to this type.
    Links(Hop, TypeId),
    /// `groupBy(…)` over such records.
    Groups(Subject),
    /// `citedBy(…)`
    CitedBy,
    /// `at(…)`, `history(…)`, `diff(…)`
    Past,
    /// `changes(…)`, `countyChanged(…)`
    Watch(Watched),
    /// `lang:`
    Languages,
}

impl Lowering<'_> {
    /// A new slot for a field's arguments.
    pub(super) fn slot(
        &self,
        kind: SlotKind,
        field: &Node<Field>,
    ) -> Result<plan::Slot, GraphqlError> {
        let arguments = self.arguments(field)?;
        let mut slots = self.slots.borrow_mut();
        slots.push(Slot {
            kind,
            arguments,
            location: location(field.location(), &self.document.sources),
        });
        Ok(slots.len() - 1)
    }

    /// The arguments of a field, compiled once, as a fragment's fields may stand in many places.
    fn arguments(&self, field: &Node<Field>) -> Result<Arc<Arguments>, GraphqlError> {
        let place = std::ptr::from_ref(&**field) as usize;
        if let Some(known) = self.arguments.borrow().get(&place) {
            return Ok(known.clone());
        }
        let arguments = Arguments::compile(
            &field.arguments,
            &field.definition.arguments,
            self.types,
            self.variables,
        );
        let arguments = Arc::new(arguments.map_err(|(name, wrong)| {
            GraphqlError::new(ErrorCode::ValidationFailed, wrong.tell("argument", &name))
        })?);
        self.arguments.borrow_mut().insert(place, arguments.clone());
        Ok(arguments)
    }
}
