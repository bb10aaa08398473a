//! What does the schema say about itself? apollo-compiler answers, all but `isOneOf`, which its
//! introspection lacks: a type's name is asked for in its stead, and what it says is put in. Not for:
//! whether a document is valid or too costly (`document` has checked both), nor for fields of data,
//! which are left out.

use super::served::SchemaError;
use apollo_compiler::collections::HashMap;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::introspection::partial_execute;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::schema::{ExtendedType, Implementers};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema, name};

/// What the key of a name that stands for `isOneOf` begins with.
const STAND_IN: &str = "__oneOf_";

/// The `data`, as JSON, of an operation that asks about the schema.
pub(super) fn answer(
    schema: &Valid<Schema>,
    implementers: &HashMap<Name, Implementers>,
    document: Valid<ExecutableDocument>,
    operation: Option<&str>,
    variables: &JsonMap,
) -> Result<String, SchemaError> {
    let (document, stand_ins) = with_stand_ins(document.into_inner(), schema);
    let document = Valid::assume_valid(document);
    let operation = document.operations.get(operation);
    let operation = operation.map_err(|wrong| SchemaError::new(wrong.message()))?;
    let variables = coerce_variable_values(schema, operation, variables);
    let variables = variables.map_err(|wrong| SchemaError::new(wrong.message()))?;
    let response = partial_execute(schema, implementers, &document, operation, &variables);
    let response = response.map_err(|wrong| SchemaError::new(wrong.message()))?;
    if let Some(wrong) = response.errors.first() {
        return Err(SchemaError::new(&wrong.message));
    }
    let mut data = response.data.map_or(JsonValue::Null, JsonValue::Object);
    if stand_ins {
        put_in(&mut data, schema);
    }
    serde_json::to_string(&data).map_err(SchemaError::new)
}

/// The document with stand-ins, and whether there are any.
fn with_stand_ins(mut document: ExecutableDocument, schema: &Schema) -> (ExecutableDocument, bool) {
    let mut any = false;
    let operations = &mut document.operations;
    let named = operations.named.values_mut();
    for operation in operations.anonymous.iter_mut().chain(named) {
        stand_in(&mut operation.make_mut().selection_set, schema, &mut any);
    }
    for fragment in document.fragments.values_mut() {
        stand_in(&mut fragment.make_mut().selection_set, schema, &mut any);
    }
    (document, any)
}

fn stand_in(set: &mut SelectionSet, schema: &Schema, any: &mut bool) {
    let name_of_type = (set.ty == "__Type").then(|| set.new_field(schema, name!("name")));
    for selection in &mut set.selections {
        match selection {
            Selection::Field(field) => {
                let field = field.make_mut();
                if let ("isOneOf", Some(Ok(name))) = (field.name.as_str(), &name_of_type) {
                    let key = format!("{STAND_IN}{}", field.response_key());
                    field.alias = Name::new(&key).ok();
                    field.name = name.name.clone();
                    field.definition = name.definition.clone();
                    *any = true;
                }
                stand_in(&mut field.selection_set, schema, any);
            }
            Selection::InlineFragment(inline) => {
                stand_in(&mut inline.make_mut().selection_set, schema, any);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn put_in(data: &mut JsonValue, schema: &Schema) {
    match data {
        JsonValue::Array(items) => items.iter_mut().for_each(|item| put_in(item, schema)),
        JsonValue::Object(entries) => {
            entries.values_mut().for_each(|value| put_in(value, schema));
            if entries.keys().any(|key| key.as_str().starts_with(STAND_IN)) {
                let all = std::mem::take(entries).into_iter();
                let all = all.map(|(key, value)| match key.as_str().strip_prefix(STAND_IN) {
                    Some(key) => (key.into(), is_one_of(&value, schema)),
                    None => (key, value),
                });
                *entries = all.collect();
            }
        }
        _ => {}
    }
}

/// Null for what is no input, as the specification says.
fn is_one_of(name: &JsonValue, schema: &Schema) -> JsonValue {
    let of = name.as_str().and_then(|name| schema.types.get(name));
    match of {
        Some(ExtendedType::InputObject(of)) => of.directives.has("oneOf").into(),
        _ => JsonValue::Null,
    }
}
