//! What did the author of a document probably mean? Hints for the names in apollo-compiler's
//! messages that the schema does not have. Not for the errors of `rules`, which bring their own.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;

use crate::ontology::nearest;

/// Names longer than this are not compared with others.
const LONGEST: usize = 64;

/// A hint for a message of apollo-compiler about an unknown name, if there is a similar one.
pub(super) fn hint(message: &str, schema: &Schema) -> Option<String> {
    let quoted: Vec<_> = message.split('`').skip(1).step_by(2).collect();
    let (name, known) = match quoted.as_slice() {
        [ty, field] if message.contains("does not have a field") => (*field, fields(schema, ty)),
        [name, ty] if message.contains("does not exist on") => (*name, fields(schema, ty)),
        [name, owner] if message.contains("is not supported by") => {
            (*name, arguments(schema, owner))
        }
        [name] if message.starts_with("cannot find type") => (*name, types(schema)),
        [name, ..] if message.starts_with("type condition") => (*name, types(schema)),
        [name] if message.starts_with("cannot find directive") => {
            let known = schema
                .directive_definitions
                .keys()
                .map(|name| name.as_str());
            (name.trim_start_matches('@'), known.collect())
        }
        _ => return None,
    };
    if name.len() > LONGEST {
        return None;
    }
    nearest(name, known).map(|meant| format!("did you mean `{meant}`?"))
}

/// The fields or the values of a type.
fn fields<'a>(schema: &'a Schema, ty: &str) -> Vec<&'a str> {
    match schema.types.get(ty) {
        Some(ExtendedType::Object(ty)) => ty.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::Interface(ty)) => ty.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::InputObject(ty)) => ty.fields.keys().map(|name| name.as_str()).collect(),
        Some(ExtendedType::Enum(ty)) => ty.values.keys().map(|name| name.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// The arguments of `Type.field` or `@directive`.
fn arguments<'a>(schema: &'a Schema, owner: &str) -> Vec<&'a str> {
    let arguments = match owner.split_once('.') {
        Some((ty, field)) => match schema.type_field(ty, field) {
            Ok(definition) => &definition.arguments,
            Err(_) => return Vec::new(),
        },
        None => match schema
            .directive_definitions
            .get(owner.trim_start_matches('@'))
        {
            Some(definition) => &definition.arguments,
            None => return Vec::new(),
        },
    };
    arguments
        .iter()
        .map(|argument| argument.name.as_str())
        .collect()
}

fn types(schema: &Schema) -> Vec<&str> {
    let names = schema.types.keys().map(|name| name.as_str());
    names.filter(|name| !name.starts_with("__")).collect()
}
