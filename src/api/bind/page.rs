//! Which part of an order is asked for, and how is a place in it written? Not for: finding the part
//! (`exec`).
//!
//! A cursor is URL-safe base64 of: a mark of the order, the sort values, the record's id.

use super::{Binder, Given, Wrong};
use crate::api::input::Input;
use crate::plan::{Cursor, SortKey, Window};
use crate::value::{Date, DateTime, Period, Value};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// How a sort value is written in a cursor.
#[derive(Deserialize, Serialize)]
enum Written {
    N,
    B(bool),
    I(i64),
    F(u64),
    S(String),
    D(i32),
    T(i64),
    P(i32, i32),
    E(u16),
}

impl Binder<'_> {
    /// The part that `first`, `after`, `last`, `before`, `limit` and `offset` name.
    pub(super) fn window(
        &self,
        given: Given<'_>,
        sort: &[SortKey],
        mark: u32,
    ) -> Result<Window, Wrong> {
        let cursor = |name: &str| {
            self.bounds.text(given.value(name))?;
            let text = given.value(name).and_then(Input::as_str);
            text.map(|text| decode(text, sort.len(), mark).map_err(|w| w.inside(name)))
                .transpose()
        };
        Ok(Window {
            first: count(given, "first")?.or(count(given, "limit")?),
            last: count(given, "last")?,
            after: cursor("after")?,
            before: cursor("before")?,
            offset: count(given, "offset")?.unwrap_or(0),
        })
    }

    /// Tells the cursors of an order from those of another: by what was asked, and by the languages
    /// if it depends on them.
    pub(super) fn mark(&self, given: Given<'_>, sort: &[SortKey]) -> u32 {
        if sort.is_empty() {
            return 0;
        }
        let asked = format!("{:?}", given.value("sort"));
        let mut mark = crc32fast::hash(asked.as_bytes());
        if sort.iter().any(|key| key.by.is_localized()) {
            mark ^= crc32fast::hash(self.languages.join(",").as_bytes());
        }
        mark
    }
}

/// A number of things.
pub(super) fn count(given: Given<'_>, name: &str) -> Result<Option<usize>, Wrong> {
    let number = given.value(name).and_then(Input::as_int);
    number
        .map(|number| {
            usize::try_from(number).map_err(|_| {
                Wrong::new(format!("{number} is negative"))
                    .hint("give 0 or more, or leave it out for all")
                    .inside(name)
            })
        })
        .transpose()
}

/// A cursor as text, for an order with this mark.
pub(in crate::api) fn encode_cursor(cursor: &Cursor, mark: u32) -> String {
    let values: Vec<Written> = cursor.values.iter().map(write).collect();
    let json = serde_json::to_vec(&(mark, values, &cursor.id)).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(json)
}

fn decode(text: &str, keys: usize, mark: u32) -> Result<Cursor, Wrong> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let parts =
        bytes.and_then(|bytes| serde_json::from_slice::<(u32, Vec<Written>, String)>(&bytes).ok());
    let Some((of, values, id)) = parts else {
        return Err(Wrong::new("this is no cursor")
            .hint("give a `cursor`, `startCursor` or `endCursor` of an answer"));
    };
    let values: Option<Vec<Value>> = values.into_iter().map(read).collect();
    match values {
        Some(values) if of == mark && values.len() >= keys => Ok(Cursor { values, id }),
        _ => Err(Wrong::new("the cursor belongs to another order")
            .hint("use it with the same `sort` and language")),
    }
}

fn write(value: &Value) -> Written {
    match value {
        Value::Bool(v) => Written::B(*v),
        Value::Int(v) => Written::I(*v),
        Value::Float(v) => Written::F(v.to_bits()),
        Value::Str(v) | Value::Json(v) => Written::S(v.to_string()),
        Value::Date(v) => Written::D(v.to_bits()),
        Value::DateTime(v) => Written::T(v.0),
        Value::Period(v) => Written::P(v.to_bits().0, v.to_bits().1),
        Value::Enum(v) => Written::E(*v),
        Value::Null | Value::Point(_) | Value::List(_) | Value::Texts(_) => Written::N,
    }
}

fn read(written: Written) -> Option<Value> {
    Some(match written {
        Written::N => Value::Null,
        Written::B(v) => Value::Bool(v),
        Written::I(v) => Value::Int(v),
        Written::F(v) => Value::Float(f64::from_bits(v)),
        Written::S(v) => Value::Str(v.into()),
        Written::D(v) => Value::Date(Date::from_bits(v)?),
        Written::T(v) => Value::DateTime(DateTime(v)),
        Written::P(start, end) => Value::Period(Period::from_bits((start, end))?),
        Written::E(v) => Value::Enum(v),
    })
}
