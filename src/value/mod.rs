//! What is a value?
//!
//! Scalars as Guitu knows them, how each is written and read as text, and the one total order over
//! them. Not for: how values are laid out in memory (`graph`) or which are allowed (`ontology`).

mod calendar;
mod cell;
mod date;
mod date_time;
mod id;
mod json;
mod pinyin;
mod point;

#[cfg(test)]
mod tests;

pub use cell::{Cell, CellSource, ListCells, TextCells, TextSource};
pub use date::{Date, Period, Precision};
pub use date_time::DateTime;
pub use id::{EdgeId, NodeId};
pub use json::sorted_json;
pub use pinyin::{cmp_text, pinyin_key};
pub use point::Point;

/// One owned value of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// `Boolean`.
    Bool(bool),
    /// `Int` and `BigInt`.
    Int(i64),
    /// `Float`, always finite.
    Float(f64),
    /// `String` and `ID`.
    Str(Box<str>),
    /// `Date`, possibly partial.
    Date(Date),
    /// `DateTime`, UTC.
    DateTime(DateTime),
    /// `Period`.
    Period(Period),
    /// `Point`.
    Point(Point),
    /// `JSON`, as compact text.
    Json(Box<str>),
    /// An enum value: its position in the enum's declaration.
    Enum(u16),
    /// A list of scalars or enum values.
    List(Vec<Value>),
    /// A localized text: language tag and text, one each, in order of the tags.
    Texts(Vec<(Box<str>, Box<str>)>),
}

/// The kinds of scalar that a property can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// An opaque identifier, a string.
    Id,
    /// UTF-8 text.
    String,
    /// 32-bit signed integer.
    Int,
    /// 64-bit float, finite.
    Float,
    /// true or false.
    Boolean,
    /// 64-bit signed integer, a string in JSON.
    BigInt,
    /// ISO 8601 date, also `2016` and `2016-04`.
    Date,
    /// RFC 3339 instant.
    DateTime,
    /// ISO 8601 interval of dates.
    Period,
    /// Latitude and longitude in degrees.
    Point,
    /// Any JSON.
    Json,
    /// The enum with this position in the ontology.
    Enum(u16),
}
