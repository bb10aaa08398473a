//! How does a commit become the bytes of a record in the log, and back?
//!
//! Names stand for types, properties and enum values, keys for nodes, so that a record is read under
//! an ontology that has more of them. `docs/format.md` shows the form byte by byte. Not for:
//! checksums and where the bytes lie (`store`).

mod input;
mod read;
mod write;

use crate::ontology::Property;
use crate::value::{Scalar, Value};

/// The version of the form: a record's first byte.
const VERSION: u8 = 2;

/// What a record says changed.
mod changed {
    pub(super) const RECORDS: u8 = 0;
    pub(super) const GRAPH: u8 = 1;
}

/// What a value's first byte says.
mod tag {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const INT: u8 = 3;
    pub(super) const FLOAT: u8 = 4;
    pub(super) const STR: u8 = 5;
    pub(super) const DATE: u8 = 6;
    pub(super) const DATE_TIME: u8 = 7;
    pub(super) const PERIOD: u8 = 8;
    pub(super) const POINT: u8 = 9;
    pub(super) const JSON: u8 = 10;
    pub(super) const ENUM: u8 = 11;
    pub(super) const LIST: u8 = 12;
    pub(super) const TEXTS: u8 = 13;
}

/// Whether a property can have a value of this kind.
fn fits(property: &Property, value: &Value) -> bool {
    let single = !property.list && !property.localized;
    match value {
        Value::Null => true,
        Value::Texts(_) => property.localized,
        Value::List(items) => property.list && items.iter().all(|item| is(property.scalar, item)),
        value => single && is(property.scalar, value),
    }
}

fn is(scalar: Scalar, value: &Value) -> bool {
    match scalar {
        Scalar::Id | Scalar::String => matches!(value, Value::Str(_)),
        Scalar::Int | Scalar::BigInt => matches!(value, Value::Int(_)),
        Scalar::Float => matches!(value, Value::Float(_)),
        Scalar::Boolean => matches!(value, Value::Bool(_)),
        Scalar::Date => matches!(value, Value::Date(_)),
        Scalar::DateTime => matches!(value, Value::DateTime(_)),
        Scalar::Period => matches!(value, Value::Period(_)),
        Scalar::Point => matches!(value, Value::Point(_)),
        Scalar::Json => matches!(value, Value::Json(_)),
        Scalar::Enum(_) => matches!(value, Value::Enum(_)),
    }
}
