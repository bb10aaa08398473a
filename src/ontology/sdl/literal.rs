//! Which value does a literal in the SDL stand for? Not for: values in files or requests.

use super::symbols::Symbols;
use crate::value::{Date, DateTime, Period, Point, Scalar, Value};
use apollo_compiler::ast;

/// The value of a literal, or what would be accepted.
pub(super) fn literal(
    symbols: &Symbols,
    scalar: Scalar,
    given: &ast::Value,
) -> Result<Value, String> {
    let wants = |text: &str| format!("write {text}");
    match scalar {
        Scalar::Id | Scalar::String => string(given)
            .map(|s| Value::Str(s.into()))
            .ok_or_else(|| wants("a string: value: \"…\"")),
        Scalar::Int => given
            .to_i32()
            .map(|n| Value::Int(n.into()))
            .ok_or_else(|| wants("an integer of 32 bits: value: 1")),
        Scalar::BigInt => big_int(given).ok_or_else(|| wants("an integer of 64 bits: value: 1")),
        Scalar::Float => given
            .to_f64()
            .map(Value::Float)
            .ok_or_else(|| wants("a number: value: 1.5")),
        Scalar::Boolean => given
            .to_bool()
            .map(Value::Bool)
            .ok_or_else(|| wants("true or false")),
        Scalar::Date => text(given, "2016-04")?
            .parse_with(Date::parse)
            .map(Value::Date),
        Scalar::DateTime => text(given, "2016-04-08T09:30:00Z")?
            .parse_with(DateTime::parse)
            .map(Value::DateTime),
        Scalar::Period => text(given, "2015/2016")?
            .parse_with(Period::parse)
            .map(Value::Period),
        Scalar::Point => point(given),
        Scalar::Json => Ok(Value::Json(json(given)?.to_string().into())),
        Scalar::Enum(at) => enum_value(symbols, at, given),
    }
}

/// A text that some parser reads.
struct Text<'a>(&'a str);

impl Text<'_> {
    fn parse_with<T>(self, parse: fn(&str) -> Result<T, String>) -> Result<T, String> {
        parse(self.0)
    }
}

fn text<'a>(given: &'a ast::Value, example: &str) -> Result<Text<'a>, String> {
    string(given)
        .map(Text)
        .ok_or_else(|| format!("write a string: value: \"{example}\""))
}

fn string(given: &ast::Value) -> Option<&str> {
    given.as_str()
}

fn big_int(given: &ast::Value) -> Option<Value> {
    let digits = match given {
        ast::Value::Int(digits) => digits.as_str(),
        other => string(other)?,
    };
    digits.parse().ok().map(Value::Int)
}

fn point(given: &ast::Value) -> Result<Value, String> {
    let wrong = || "write {latitude: 23.3, longitude: 116.2}".to_owned();
    let fields = given.as_object().ok_or_else(wrong)?;
    let number = |name: &str| {
        let (_, value) = fields.iter().find(|(key, _)| key == name)?;
        value.to_f64()
    };
    let (latitude, longitude) = (
        number("latitude").ok_or_else(wrong)?,
        number("longitude").ok_or_else(wrong)?,
    );
    if fields.len() != 2 {
        return Err(wrong());
    }
    Point::new(latitude, longitude).map(Value::Point)
}

fn json(given: &ast::Value) -> Result<serde_json::Value, String> {
    use serde_json::Value as Json;
    Ok(match given {
        ast::Value::Null => Json::Null,
        ast::Value::Boolean(it) => Json::Bool(*it),
        ast::Value::String(it) => Json::String(it.clone()),
        ast::Value::Int(it) => number(it.as_str())?,
        ast::Value::Float(it) => number(it.as_str())?,
        ast::Value::List(items) => Json::Array(
            items
                .iter()
                .map(|item| json(item))
                .collect::<Result<_, _>>()?,
        ),
        ast::Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| Ok((key.to_string(), json(value)?)));
            Json::Object(fields.collect::<Result<_, String>>()?)
        }
        ast::Value::Enum(_) | ast::Value::Variable(_) => {
            return Err(
                "write a number, a string, true, false, null, a list or an object".to_owned(),
            );
        }
    })
}

fn number(digits: &str) -> Result<serde_json::Value, String> {
    serde_json::from_str(digits).map_err(|_| format!("`{digits}` is too large a number"))
}

fn enum_value(symbols: &Symbols, at: u16, given: &ast::Value) -> Result<Value, String> {
    let decl = &symbols.enums[at as usize];
    let names: Vec<&str> = decl
        .values
        .iter()
        .map(|value| value.value.as_str())
        .collect();
    let found = given
        .as_enum()
        .and_then(|name| names.iter().position(|value| name == *value));
    match found {
        Some(at) => Ok(Value::Enum(at as u16)),
        None => Err(format!(
            "write a value of `{}`, without quotes: {}",
            decl.name,
            names.join(" ")
        )),
    }
}
