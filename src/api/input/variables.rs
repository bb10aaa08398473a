//! What are the variables of an operation, and their values in this request? The table is made
//! once per document; each request is read straight from its JSON against it. Not for where the
//! variables are used.

use std::sync::Arc;

use apollo_compiler::Node;
use apollo_compiler::ast::VariableDefinition;
use apollo_compiler::parser::SourceSpan;

use super::mismatch::Mismatch;
use super::template::{NoVariables, Scope, Site, Template};
use super::{Input, InputTypes, TypeRef, json};
use crate::api::error::{ErrorCode, GraphqlError};

/// A variable of an operation.
#[derive(Debug)]
pub struct VariableSlot {
    /// Its name, without `$`.
    pub name: Arc<str>,
    /// Its type.
    pub ty: TypeRef,
    /// Its default, coerced.
    pub default: Option<Input>,
}

/// The variables of an operation, in the order of their definitions.
#[derive(Debug, Default)]
pub struct VariableTable {
    pub(super) slots: Vec<VariableSlot>,
}

/// The values of an operation's variables in one request; none for a variable that is neither
/// given nor has a default.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variables(pub(super) Vec<Option<Input>>);

impl Variables {
    /// The value of the variable with this number.
    pub fn slot(&self, slot: usize) -> Option<&Input> {
        self.0.get(slot)?.as_ref()
    }
}

impl Scope for VariableTable {
    fn variable(&self, name: &str) -> Option<(usize, &VariableSlot)> {
        let mut slots = self.slots.iter().enumerate();
        slots.find(|(_, slot)| &*slot.name == name)
    }
}

impl VariableTable {
    /// Reads the definitions of an operation that is valid apart from its literals.
    pub(in crate::api) fn of(
        definitions: &[Node<VariableDefinition>],
        types: &InputTypes,
    ) -> Result<Self, (Mismatch, Arc<str>)> {
        let mut slots = Vec::with_capacity(definitions.len());
        for definition in definitions {
            let name: Arc<str> = definition.name.as_str().into();
            let slot = slot(definition, name.clone(), types);
            slots.push(slot.map_err(|wrong| (wrong, name))?);
        }
        Ok(Self { slots })
    }

    /// The value of a variable by name.
    pub fn value<'a>(&self, name: &str, variables: &'a Variables) -> Option<&'a Input> {
        variables.slot(self.variable(name)?.0)
    }

    /// The slots in their order.
    pub fn slots(&self) -> &[VariableSlot] {
        &self.slots
    }

    /// Reads the values of a request from the text of its `variables`, which is a JSON object,
    /// `null` or absent. Names that the operation does not have are ignored, as the
    /// specification says.
    pub fn coerce(
        &self,
        text: Option<&str>,
        types: &InputTypes,
        nesting: usize,
    ) -> Result<Variables, GraphqlError> {
        let mut values = vec![None; self.slots.len()];
        if let Some(text) = text {
            json::read(text, self, types, nesting, &mut values)?;
        }
        for (slot, value) in self.slots.iter().zip(&mut values) {
            if value.is_none() {
                *value = absent(slot, types)?;
            }
        }
        Ok(Variables(values))
    }
}

fn slot(
    definition: &VariableDefinition,
    name: Arc<str>,
    types: &InputTypes,
) -> Result<VariableSlot, Mismatch> {
    let location: Option<SourceSpan> = definition.ty.location();
    let ty = types
        .type_ref(&definition.ty)
        .ok_or_else(|| Mismatch::new("no input type").at(location))?;
    let default = match &definition.default_value {
        Some(literal) => Template::compile(literal, Site::of(&ty), types, &NoVariables)?
            .evaluate(&Variables::default())?,
        None => None,
    };
    Ok(VariableSlot { name, ty, default })
}

fn absent(slot: &VariableSlot, types: &InputTypes) -> Result<Option<Input>, GraphqlError> {
    if slot.default.is_none() && !slot.ty.nullable() {
        let (name, ty) = (&slot.name, types.text(&slot.ty));
        let message = format!("variable `${name}` of type {ty} is missing");
        let hint = format!("add \"{name}\" to `variables`");
        return Err(GraphqlError::new(ErrorCode::BadUserInput, message).hint(hint));
    }
    Ok(slot.default.clone())
}
