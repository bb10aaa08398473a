//! Which rules of the specification does apollo-compiler not check, or not exactly? They are
//! checked here, on documents that it has found valid. Not for any other rule.

pub(super) mod overlap;
mod values;

use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

use super::error::GraphqlError;
use super::input::InputTypes;

/// All violations of the rules of this room.
pub(super) fn check(
    document: &Valid<ExecutableDocument>,
    schema: &Schema,
    types: &InputTypes,
) -> Vec<GraphqlError> {
    let mut errors = values::check(document, schema, types);
    errors.extend(overlap::check(document, schema));
    errors
}
