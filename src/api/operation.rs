//! What does one operation of a valid document ask for, seen from outside? Its name, kind,
//! variables, and whether it asks about the schema, the data or both. Not for its fields: the
//! lowering reads those.

use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::Node;
use apollo_compiler::executable;
use apollo_compiler::validation::Valid;

pub use apollo_compiler::ast::OperationType as OperationKind;

use super::document::location;
use super::error::{ErrorCode, GraphqlError};
use super::input::{InputTypes, VariableTable};
use super::introspection::{Introspection, RootKind};

/// An operation of a valid document.
#[derive(Debug)]
pub struct Operation {
    node: Node<executable::Operation>,
    variables: VariableTable,
    root: RootKind,
}

impl Operation {
    /// Fails when a default does not fit (which validation has ruled out) or when the
    /// introspection is too large.
    pub(super) fn of(
        node: &Node<executable::Operation>,
        document: &Valid<ExecutableDocument>,
        types: &InputTypes,
        introspection: &Introspection,
    ) -> Result<Self, GraphqlError> {
        let variables = VariableTable::of(&node.variables, types).map_err(|(wrong, name)| {
            let message = wrong.tell("variable", &format!("${name}"));
            GraphqlError::new(ErrorCode::ValidationFailed, message)
                .at(location(wrong.location, &document.sources))
        })?;
        Ok(Self {
            root: introspection.split(node, document)?,
            node: node.clone(),
            variables,
        })
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.node.name.as_deref()
    }

    /// Query, mutation or subscription. GET may only carry queries.
    pub fn kind(&self) -> OperationKind {
        self.node.operation_type
    }

    /// Its variables.
    pub fn variables(&self) -> &VariableTable {
        &self.variables
    }

    /// Whether it asks about the schema, the data or both.
    pub fn root(&self) -> &RootKind {
        &self.root
    }

    /// The text of an operation that asks only its questions about the schema, with the
    /// variables and fragments that they use; none when it has no such question. `__typename`
    /// is in it only when nothing is asked of the data.
    pub fn introspection(&self) -> Option<&Arc<str>> {
        match &self.root {
            RootKind::Introspection(text) | RootKind::Mixed(text) => Some(text),
            RootKind::Data => None,
        }
    }

    /// The typed operation.
    pub fn node(&self) -> &Node<executable::Operation> {
        &self.node
    }
}
