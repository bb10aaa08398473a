//! How is a scalar written as text, in files and in ids? Not for: JSON (`exchange`, `api`).

use super::Ontology;
use crate::value::{Cell, Date, DateTime, Period, Point, Scalar, Value};

impl Ontology {
    /// The text of a scalar or enum value; `None` for what is none (nulls, lists, localized texts).
    pub fn print_scalar(&self, scalar: Scalar, cell: Cell<'_>) -> Option<String> {
        Some(match (cell, scalar) {
            (Cell::Bool(v), _) => v.to_string(),
            (Cell::Int(v), _) => v.to_string(),
            (Cell::Float(v), _) => format!("{v:?}"),
            (Cell::Str(v) | Cell::Json(v), _) => v.to_owned(),
            (Cell::Date(v), _) => v.to_string(),
            (Cell::DateTime(v), _) => v.to_string(),
            (Cell::Period(v), _) => v.to_string(),
            (Cell::Point(v), _) => format!("{:?},{:?}", v.latitude, v.longitude),
            (Cell::Enum(v), Scalar::Enum(at)) => self
                .enums
                .get(at as usize)?
                .values
                .get(v as usize)?
                .name
                .clone(),
            _ => return None,
        })
    }

    /// The value that [`Ontology::print_scalar`] wrote; `None` if the text is no such value.
    pub fn read_scalar(&self, scalar: Scalar, text: &str) -> Option<Value> {
        match scalar {
            Scalar::Id | Scalar::String => Some(Value::Str(text.into())),
            Scalar::Int | Scalar::BigInt => text.parse().ok().map(Value::Int),
            Scalar::Float => text
                .parse()
                .ok()
                .filter(|v: &f64| v.is_finite())
                .map(Value::Float),
            Scalar::Boolean => text.parse().ok().map(Value::Bool),
            Scalar::Date => Date::parse(text).ok().map(Value::Date),
            Scalar::DateTime => DateTime::parse(text).ok().map(Value::DateTime),
            Scalar::Period => Period::parse(text).ok().map(Value::Period),
            Scalar::Point => Point::parse(text).ok().map(Value::Point),
            Scalar::Json => Some(Value::Json(text.into())),
            Scalar::Enum(at) => self.enums.get(at as usize)?.value(text).map(Value::Enum),
        }
    }
}
