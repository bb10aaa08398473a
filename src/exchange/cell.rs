//! Which value does a text stand for? Not for: whether the value is allowed (`change`).

use super::escape::{escape, split_items, unescape};
use crate::change::{Violation, suggest};
use crate::ontology::{Ontology, Property};
use crate::value::{Cell, Date, DateTime, Period, Point, Scalar, Value};

/// Reads a CSV cell, which is not empty, as a value of a property (of a localized one: as its text).
///
/// # Errors
/// What is wrong with the text.
pub(super) fn parse_cell(
    ontology: &Ontology,
    property: &Property,
    text: &str,
) -> Result<Value, Violation> {
    if !property.list {
        return parse_scalar(ontology, property.scalar, text);
    }
    let item = |item: &str| match &*unescape(item)? {
        "" => Err(Violation::new(format!("`{text}` has an empty item"))
            .hint("empty strings in lists need NDJSON")),
        item => parse_scalar(ontology, property.scalar, item),
    };
    split_items(text)
        .map(item)
        .collect::<Result<_, _>>()
        .map(Value::List)
}

/// Reads one scalar or enum value as it stands in a cell or in a JSON string.
///
/// # Errors
/// What is wrong with the text.
pub(super) fn parse_scalar(
    ontology: &Ontology,
    scalar: Scalar,
    text: &str,
) -> Result<Value, Violation> {
    let bare = text.trim();
    match scalar {
        Scalar::Id | Scalar::String => Ok(Value::Str(text.into())),
        Scalar::Int | Scalar::BigInt => parse_int(bare),
        Scalar::Float => parse_float(bare),
        Scalar::Boolean => parse_bool(bare),
        Scalar::Date => Date::parse(bare).map(Value::Date).map_err(Violation::new),
        Scalar::DateTime => DateTime::parse(bare)
            .map(Value::DateTime)
            .map_err(Violation::new),
        Scalar::Period => Period::parse_or_date(bare)
            .map(Value::Period)
            .map_err(Violation::new),
        Scalar::Point => Point::parse(bare).map(Value::Point).map_err(Violation::new),
        Scalar::Json => parse_json(bare),
        Scalar::Enum(at) => parse_enum(ontology, at, bare),
    }
}

fn parse_int(text: &str) -> Result<Value, Violation> {
    text.parse().map(Value::Int).map_err(|_| {
        let digits = text.trim_start_matches('-');
        let long = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let wrong = if long {
            "does not fit 64 bits"
        } else {
            "is no whole number"
        };
        Violation::new(format!("`{text}` {wrong}")).hint("write digits only, such as 1200 or -7")
    })
}

fn parse_float(text: &str) -> Result<Value, Violation> {
    let number = text.parse().ok().filter(|v: &f64| v.is_finite());
    number.map(Value::Float).ok_or_else(|| {
        Violation::new(format!("`{text}` is no number")).hint("write 12.5, -3 or 1e6")
    })
}

fn parse_bool(text: &str) -> Result<Value, Violation> {
    match text {
        "true" | "TRUE" | "True" => Ok(Value::Bool(true)),
        "false" | "FALSE" | "False" => Ok(Value::Bool(false)),
        _ => Err(Violation::new(format!(
            "`{text}` is neither true nor false"
        ))),
    }
}

fn parse_enum(ontology: &Ontology, at: u16, text: &str) -> Result<Value, Violation> {
    let of = &ontology.enums[at as usize];
    of.value(text).map(Value::Enum).ok_or_else(|| Violation {
        hint: suggest(text, of.values.iter().map(|v| v.name.as_str())),
        ..Violation::new(format!("`{text}` is no {}", of.name))
    })
}

/// Reads JSON text as a value: compact, `null` as no value.
///
/// # Errors
/// Where the text stops to be JSON.
pub(super) fn parse_json(text: &str) -> Result<Value, Violation> {
    let parsed: Result<serde::de::IgnoredAny, _> = serde_json::from_str(text);
    match parsed {
        Err(error) => Err(Violation::new(format!("`{text}` is not JSON: {error}"))),
        Ok(_) if text.trim() == "null" => Ok(Value::Null),
        Ok(_) => Ok(Value::Json(compact(text).into())),
    }
}

/// Valid JSON without the space outside of its strings.
fn compact(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keep = |c: &char| {
        let quote = *c == '"' && !escaped;
        escaped = inside && *c == '\\' && !escaped;
        inside ^= quote;
        inside || !c.is_ascii_whitespace()
    };
    json.chars().filter(keep).collect()
}

/// The text of a scalar or list in a CSV cell; `None` if a cell cannot hold it.
pub(super) fn print_cell(ontology: &Ontology, scalar: Scalar, cell: Cell<'_>) -> Option<String> {
    let Cell::List(items) = cell else {
        return ontology
            .print_scalar(scalar, cell)
            .filter(|text| !text.is_empty());
    };
    let item = |item| {
        let text = ontology.print_scalar(scalar, item)?;
        Some(escape(&text, &[])).filter(|text| !text.is_empty())
    };
    let items: Option<Vec<String>> = items.iter().map(item).collect();
    items
        .map(|items| items.join("|"))
        .filter(|text| !text.is_empty())
}
