//! What does the schema say about itself? apollo-compiler answers, all but `isOneOf`, which its
//! introspection lacks: a type's name is asked for in its stead, and what it says is put in. Not for:
//! whether a document is valid or too costly (`document` has checked both), nor for fields of data,
//! which are left out.

use super::served::SchemaError;
use apollo_compiler::collections::HashMap;
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::introspection::partial_execute;
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::schema::{ExtendedType, Implementers};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema, name};
use serde_json::Value;

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
    let mut data = serde_json::to_value(response.data).map_err(SchemaError::new)?;
    if stand_ins {
        put_in(&mut data, schema);
    }
    Ok(data.to_string())
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

fn put_in(data: &mut Value, schema: &Schema) {
    match data {
        Value::Array(items) => items.iter_mut().for_each(|item| put_in(item, schema)),
        Value::Object(entries) => {
            for (key, mut value) in std::mem::take(entries) {
                let known = match key.strip_prefix(STAND_IN) {
                    Some(key) => (key.to_owned(), is_one_of(&value, schema)),
                    None => {
                        put_in(&mut value, schema);
                        (key, value)
                    }
                };
                entries.extend([known]);
            }
        }
        _ => {}
    }
}

/// Null for what is no input, as the specification says.
fn is_one_of(name: &Value, schema: &Schema) -> Value {
    let of = name.as_str().and_then(|name| schema.types.get(name));
    match of {
        Some(ExtendedType::InputObject(of)) => of.directives.has("oneOf").into(),
        _ => Value::Null,
    }
}
