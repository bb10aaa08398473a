//! Where do a field's arguments come from? Templates, evaluated on each request. Not for: what the
//! values mean (`bind`).

use super::Lowering;
use crate::api::error::{ErrorCode, GraphqlError};
use crate::api::input::Arguments;
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{self, Hop};
use apollo_compiler::executable::Field;

/// The arguments of one field.
#[derive(Debug)]
pub(in crate::api) struct Slot {
    /// Which field they are of.
    pub(in crate::api) kind: SlotKind,
    /// Their values, once the variables are known.
    pub(in crate::api) arguments: Arguments,
}

/// The kinds of field that take arguments.
#[derive(Clone, Debug)]
pub(in crate::api) enum SlotKind {
    /// None.
    Plain,
    /// `county(id:, key:, …)`, also `node(id:)`
    Node(TypeId),
    /// `returnRoute(id:)`, `relationship(id:)`
    Edge,
    /// `nodes(ids:)`
    Ids,
    /// `counties(…)`, `countiesConnection(…)`
    Nodes(TypeId),
    /// `returnRoutes(…)`, `returnRoutesConnection(…)`
    Edges(RelationshipId),
    /// A list of neighbours of this type, or of a closure's members; also a closure's connection.
    Members(TypeId),
    /// The links of a step to this type.
    Links(Hop, TypeId),
    /// `citedBy(…)`
    CitedBy,
    /// `lang:`
    Languages,
}

impl Lowering<'_> {
    /// A new slot for a field's arguments.
    pub(super) fn slot(&self, kind: SlotKind, field: &Field) -> Result<plan::Slot, GraphqlError> {
        let arguments = Arguments::compile(
            &field.arguments,
            &field.definition.arguments,
            self.types,
            self.variables,
        )
        .map_err(|(name, wrong)| {
            GraphqlError::new(ErrorCode::ValidationFailed, wrong.tell("argument", &name))
        })?;
        let mut slots = self.slots.borrow_mut();
        slots.push(Slot { kind, arguments });
        Ok(slots.len() - 1)
    }
}
