//! What does a valid document ask for? Document → [`Selection`], with the arguments of its fields as
//! templates in [`Slots`]. Not for: whether the document is valid (`document`) or what the arguments
//! mean (`bind`).

mod changes;
mod collect;
mod connection;
mod edges;
mod graph;
mod metrics;
mod mutation;
mod nodes;
mod roots;
mod slots;
mod summary;

pub(super) use changes::Watched;
pub(super) use mutation::Verb;
pub(super) use slots::{Slot, SlotKind};

use crate::api::error::GraphqlError;
use crate::api::input::{Arguments, InputTypes, VariableTable};
use crate::api::service::RequestId;
use crate::ontology::{Ontology, TypeId};
use crate::plan::{NodeShape, RootField, Selection};
use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::OperationType;
use apollo_compiler::executable::{Operation, SelectionSet};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// An operation ready to be bound to variables.
#[derive(Debug)]
pub(super) struct Lowered {
    /// What is asked.
    pub(super) selection: Selection,
    /// The arguments, by slot.
    pub(super) slots: Vec<Slot>,
    /// Fields of the root that are answered apart.
    pub(super) aparts: Vec<Apart>,
    /// How many bytes the last answer had: the next one will hardly have more.
    pub(super) size: AtomicUsize,
}

/// A field of the root that is answered over a graph of its own.
#[derive(Debug)]
pub(super) struct Apart {
    /// Its response key.
    pub(super) key: Box<str>,
    /// What is asked of that graph: of `at` its fields, else the field itself.
    pub(super) lowered: Arc<Lowered>,
}

impl Lowered {
    /// How many fields are answered apart, at any depth.
    pub(super) fn count_apart(&self) -> usize {
        let aparts = self.aparts.iter();
        aparts.map(|apart| 1 + apart.lowered.count_apart()).sum()
    }

    /// Whether the description of the ontology is asked for.
    pub(super) fn asks_about_the_ontology(&self) -> bool {
        self.selection
            .roots
            .iter()
            .any(|root| matches!(root.what.field, RootField::Ontology(_)))
    }
}

/// What lowering reads and collects.
pub(super) struct Lowering<'a> {
    ontology: &'a Ontology,
    document: &'a ExecutableDocument,
    types: &'a InputTypes,
    variables: &'a VariableTable,
    request: RequestId,
    /// The value of a Boolean variable of `@skip` or `@include`.
    condition: &'a dyn Fn(&str) -> bool,
    slots: RefCell<Vec<Slot>>,
    aparts: RefCell<Vec<Apart>>,
    /// Arguments by the place of their field.
    arguments: RefCell<FxHashMap<usize, Arc<Arguments>>>,
    /// Shapes by type and selection sets, as the same selection on an interface serves all types.
    shapes: RefCell<FxHashMap<ShapeKey, Arc<NodeShape>>>,
}

/// A type and the places of the selection sets on it.
type ShapeKey = (TypeId, Vec<usize>);

/// An operation of a valid document, and whose it is.
pub(super) struct Asked<'a> {
    pub(super) ontology: &'a Ontology,
    pub(super) document: &'a ExecutableDocument,
    pub(super) operation: &'a Operation,
    pub(super) types: &'a InputTypes,
    pub(super) variables: &'a VariableTable,
    pub(super) request: RequestId,
}

/// Lowers an operation, for given values of the variables that `@skip` and `@include` use.
///
/// # Errors
/// When a literal cannot be coerced, which validation has ruled out.
pub(super) fn lower(
    asked: &Asked<'_>,
    condition: &dyn Fn(&str) -> bool,
) -> Result<Lowered, GraphqlError> {
    let Asked {
        ontology,
        document,
        operation,
        types,
        variables,
        request,
    } = *asked;
    let slots = RefCell::default();
    let shapes = RefCell::default();
    let lowering = Lowering {
        ontology,
        document,
        types,
        variables,
        request,
        condition,
        slots,
        aparts: RefCell::default(),
        arguments: RefCell::default(),
        shapes,
    };
    let roots = match operation.operation_type {
        OperationType::Mutation => lowering.mutation_roots(&operation.selection_set)?,
        OperationType::Subscription => lowering.subscription_roots(&operation.selection_set)?,
        _ => lowering.roots_of(&[&operation.selection_set])?,
    };
    Ok(lowering.finish_with(roots))
}

impl Lowering<'_> {
    fn unknown(&self, field: &str) -> GraphqlError {
        GraphqlError::internal(self.request, &format!("no meaning for the field {field}"))
    }
}

/// The selection sets that are merged under one response key.
pub(super) type Sets<'d> = Vec<&'d SelectionSet>;
