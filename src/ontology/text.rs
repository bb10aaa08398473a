//! How is a scalar written as text, in files and in ids? Not for: JSON (`exchange`, `api`).

use super::Ontology;
use crate::value::{Cell, Scalar};

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
}
