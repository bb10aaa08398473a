//! What are the arguments of a field or a directive? Compiled once per document, evaluated with
//! the variables of each request. Not for what an argument does.

use std::sync::Arc;

use apollo_compiler::Node;
use apollo_compiler::ast::{Argument, InputValueDefinition};

use super::mismatch::Mismatch;
use super::template::{Scope, Site, Template};
use super::{Input, InputTypes, Variables};
use crate::api::error::{ErrorCode, GraphqlError};

/// The arguments of a field, with the defaults of those that are not given.
#[derive(Clone, Debug, Default)]
pub struct Arguments(Box<[(Arc<str>, Template)]>);

impl Arguments {
    /// Checks and coerces the arguments of a valid field, in the order of their definitions.
    /// The error says which argument does not fit.
    pub fn compile(
        given: &[Node<Argument>],
        definitions: &[Node<InputValueDefinition>],
        types: &InputTypes,
        scope: &dyn Scope,
    ) -> Result<Self, (Arc<str>, Mismatch)> {
        let mut arguments = Vec::with_capacity(definitions.len());
        for definition in definitions {
            let Some(field) = types.argument(definition) else {
                continue;
            };
            let literal = given.iter().find(|each| each.name == definition.name);
            let template = match literal {
                Some(each) => Template::compile(&each.value, Site::of_field(&field), types, scope)
                    .map_err(|wrong| (field.name.clone(), wrong))?,
                None => match field.default(types) {
                    Some(default) => Template::Constant(default.clone()),
                    None => continue,
                },
            };
            arguments.push((field.name.clone(), template));
        }
        Ok(Self(arguments.into()))
    }

    /// The values in this request. An absent variable means that the argument is not given.
    pub fn evaluate(&self, variables: &Variables) -> Result<Vec<(Arc<str>, Input)>, GraphqlError> {
        let mut values = Vec::with_capacity(self.0.len());
        for (name, template) in &self.0 {
            match template.evaluate(variables) {
                Ok(Some(value)) => values.push((name.clone(), value)),
                Ok(None) => {}
                Err(wrong) => return Err(refused(name, &wrong)),
            }
        }
        Ok(values)
    }

    /// The templates by name, for who evaluates them one by one.
    pub fn templates(&self) -> &[(Arc<str>, Template)] {
        &self.0
    }

    /// Whether the values are the same in every request.
    pub fn is_constant(&self) -> bool {
        self.0.iter().all(|(_, template)| template.is_constant())
    }
}

fn refused(name: &str, wrong: &Mismatch) -> GraphqlError {
    let message = wrong.tell("argument", name);
    let error = GraphqlError::new(ErrorCode::BadUserInput, message);
    match &wrong.hint {
        Some(hint) => error.hint(hint.clone()),
        None => error,
    }
}
