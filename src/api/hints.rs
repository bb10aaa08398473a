//! What did the author of a document probably mean? Hints for the names in apollo-compiler's
//! messages that the schema does not have. Not for the errors of `rules`, which bring their own.

use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;

use crate::ontology::nearest;

/// Names longer than this are not compared with others.
const LONGEST: usize = 64;

/// A message of apollo's parser with brackets and the end of the text in place of its names for them.
pub(super) fn plain(message: &str) -> String {
    let names = [
        ("R_CURLY", "`}`"),
        ("L_CURLY", "`{`"),
        ("R_PAREN", "`)`"),
        ("L_PAREN", "`(`"),
        ("R_BRACK", "`]`"),
        ("L_BRACK", "`[`"),
        ("COLON", "`:`"),
        ("got EOF", "found the end"),
        ("Unexpected <EOF>.", "an operation is missing here: { … }"),
        (", got ", ", found "),
    ];
    let trimmed = message.trim_start_matches("syntax error: ").to_owned();
    names
        .iter()
        .fold(trimmed, |told, (name, plain)| told.replace(name, plain))
}

/// A hint for a message of apollo-compiler: what is similar to an unknown name, or what to write.
pub(super) fn hint(message: &str, schema: &Schema) -> Option<String> {
    if message.contains("must have a subselection set") {
        return Some("choose some of its fields: { … }".to_owned());
    }
    if message.contains("must not have subselections") {
        return Some("leave out the { … } after it".to_owned());
    }
    if message.contains("root operation type is not defined") {
        return Some("only queries are answered so far".to_owned());
    }
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
    let is_value = message.starts_with("value `") && known.len() <= 20;
    let accepted = is_value.then(|| format!("accepted: {}", known.join(", ")));
    let meant = nearest(name, known);
    meant
        .map(|meant| format!("did you mean `{meant}`?"))
        .or(accepted)
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
