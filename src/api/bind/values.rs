//! Which value does an input stand for? Not for: whether its JSON kind is right (`input`).

use super::{Binder, Wrong};
use crate::api::input::Input;
use crate::value::{Date, DateTime, Period, Point, Scalar, Value, sorted_json};

impl Binder<'_> {
    /// A value of a scalar or enum.
    pub(super) fn value(&self, scalar: Scalar, input: &Input) -> Result<Value, Wrong> {
        self.bounds.text(Some(input))?;
        match (scalar, input) {
            (_, Input::Null) => Err(null()),
            (Scalar::Json, input) => Ok(Value::Json(sorted_json(&json(input).to_string()).into())),
            (Scalar::Float, Input::Int(v)) => Ok(Value::Float(*v as f64)),
            (_, Input::Bool(v)) => Ok(Value::Bool(*v)),
            (Scalar::Id | Scalar::String, Input::Int(v)) => Ok(Value::Str(v.to_string().into())),
            (_, Input::Int(v)) => Ok(Value::Int(*v)),
            // Zero has one sign.
            (_, Input::Float(v)) => Ok(Value::Float(*v + 0.0)),
            (Scalar::Enum(at), Input::Enum(name)) => self.enum_value(at, name),
            (_, Input::String(text) | Input::Enum(text)) => parse(scalar, text),
            (Scalar::Point, input) => point(input).map(Value::Point),
            _ => Err(Wrong::new("this is no single value")),
        }
    }

    /// The values of a list.
    pub(super) fn values(&self, scalar: Scalar, input: &Input) -> Result<Vec<Value>, Wrong> {
        let items = input.as_list().ok_or_else(null)?;
        let values = items.iter().enumerate();
        values
            .map(|(at, item)| {
                self.value(scalar, item)
                    .map_err(|w| w.inside(at.to_string()))
            })
            .collect()
    }

    fn enum_value(&self, at: u16, name: &str) -> Result<Value, Wrong> {
        let found = self
            .ontology
            .enums
            .get(at as usize)
            .and_then(|of| of.value(name));
        found
            .map(Value::Enum)
            .ok_or_else(|| Wrong::new(format!("`{name}` is no value of the enum")))
    }
}

fn parse(scalar: Scalar, text: &str) -> Result<Value, Wrong> {
    let parsed = match scalar {
        Scalar::Date => Date::parse(text).map(Value::Date),
        Scalar::DateTime => DateTime::parse(text).map(Value::DateTime),
        Scalar::Period => Period::parse_or_date(text).map(Value::Period),
        Scalar::BigInt | Scalar::Int => text
            .parse()
            .map(Value::Int)
            .map_err(|_| format!("`{text}` is no whole number of 64 bits")),
        _ => Ok(Value::Str(text.into())),
    };
    parsed.map_err(Wrong::new)
}

fn json(input: &Input) -> serde_json::Value {
    match input {
        Input::Null => serde_json::Value::Null,
        Input::Bool(v) => (*v).into(),
        Input::Int(v) => (*v).into(),
        Input::Float(v) => (*v).into(),
        Input::String(v) | Input::Enum(v) => (**v).into(),
        Input::List(items) => items.iter().map(json).collect(),
        Input::Object(fields) => fields
            .iter()
            .map(|(name, value)| ((**name).to_owned(), json(value)))
            .collect(),
    }
}

/// A point from its two fields.
pub(super) fn point(input: &Input) -> Result<Point, Wrong> {
    let number = |name: &str| match input.field(name) {
        Some(Input::Float(v)) => Ok(*v),
        Some(Input::Int(v)) => Ok(*v as f64),
        _ => Err(Wrong::new(format!("a point needs a number `{name}`"))
            .hint("write {latitude: 23.3, longitude: 116.17}")),
    };
    Point::new(number("latitude")?, number("longitude")?).map_err(Wrong::new)
}

/// What is said of an explicit null where a condition is wanted.
pub(super) fn null() -> Wrong {
    Wrong::new("null is no condition")
        .hint("use `isNull: true` for what is missing, or leave it out")
}
