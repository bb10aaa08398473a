//! Does this single value fit that scalar or enum? The specification's input coercion, the same
//! for JSON and for literals. Not for lists and objects.

use std::sync::Arc;

use super::{Input, InputType};
use crate::api::error::excerpt;

/// A single value before coercion.
#[derive(Clone, Copy, Debug)]
pub(super) enum Raw<'a> {
    Bool(bool),
    Int(i64),
    /// A whole number beyond 64 bits, as it is written.
    Huge(&'a str),
    /// A number of a literal that is written with a fraction or an exponent.
    Float(f64),
    /// A number of JSON that is not written as a whole number within 64 bits.
    JsonNumber(f64),
    /// A string of a literal.
    String(&'a str),
    /// A string of JSON, in which enum values are strings too.
    JsonString(&'a str),
    Enum(&'a str),
}

impl Raw<'_> {
    /// How a message shows what was found.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Bool(truth) => truth.to_string(),
            Self::Int(number) => number.to_string(),
            Self::Huge(text) | Self::Enum(text) => excerpt(text, 40),
            Self::Float(number) | Self::JsonNumber(number) => number.to_string(),
            Self::String(text) | Self::JsonString(text) => format!("{:?}", excerpt(text, 40)),
        }
    }
}

/// The coerced value; none when the type does not accept it.
pub(super) fn coerce(ty: &InputType, raw: Raw<'_>) -> Option<Input> {
    match ty {
        InputType::Int => int(raw).map(Input::Int),
        InputType::BigInt => big_int(raw).map(Input::Int),
        InputType::Float => float(raw).map(Input::Float),
        InputType::Boolean => match raw {
            Raw::Bool(truth) => Some(Input::Bool(truth)),
            _ => None,
        },
        InputType::Id => id(raw).map(Input::String),
        InputType::String | InputType::Text(_) => text(raw).map(Input::String),
        InputType::Enum(names) => match raw {
            Raw::Enum(name) | Raw::JsonString(name) => {
                let (name, ()) = names.get_key_value(name)?;
                Some(Input::Enum(name.clone()))
            }
            _ => None,
        },
        InputType::Json => Some(json(raw)),
        InputType::Point | InputType::Object(_) => None,
    }
}

/// What the type accepts, for messages.
pub(super) fn accepted(ty: &InputType, name: &str) -> String {
    match ty {
        InputType::Int => "a whole number from -2147483648 to 2147483647".to_owned(),
        InputType::BigInt => {
            "a whole number within 64 bits, as a number or a string of digits".to_owned()
        }
        InputType::Float => "a number".to_owned(),
        InputType::Boolean => "true or false".to_owned(),
        InputType::Id => "a string or a whole number".to_owned(),
        InputType::String => "a string".to_owned(),
        InputType::Text(example) => format!("a string: {example}"),
        InputType::Point => "{latitude, longitude} in degrees".to_owned(),
        InputType::Json => "any value".to_owned(),
        InputType::Enum(names) => one_of(names.keys().map(AsRef::as_ref)),
        InputType::Object(object) => {
            let fields = one_of(object.fields.iter().map(|field| &*field.name));
            format!("an object of type {name} with the fields {fields}")
        }
    }
}

/// The first names of a list, sorted, for messages.
fn one_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(20);
    names.truncate(20);
    let rest = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{rest}", names.join(", "))
}

/// JSON does not tell 3 from 3.0 and 3e0: a number without a fraction is whole.
fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn int(raw: Raw<'_>) -> Option<i64> {
    let number = match raw {
        Raw::Int(number) => number,
        Raw::JsonNumber(number) => whole(number)?,
        _ => return None,
    };
    i32::try_from(number).ok().map(i64::from)
}

fn big_int(raw: Raw<'_>) -> Option<i64> {
    match raw {
        Raw::Int(number) => Some(number),
        Raw::JsonNumber(number) => whole(number),
        Raw::String(digits) | Raw::JsonString(digits) => digits.parse().ok(),
        _ => None,
    }
}

fn float(raw: Raw<'_>) -> Option<f64> {
    let number = match raw {
        Raw::Int(number) => number as f64,
        Raw::Huge(digits) => digits.parse().ok()?,
        Raw::Float(number) | Raw::JsonNumber(number) => number,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

fn id(raw: Raw<'_>) -> Option<Arc<str>> {
    match raw {
        Raw::Int(number) => Some(number.to_string().into()),
        Raw::JsonNumber(number) => Some(whole(number)?.to_string().into()),
        Raw::Huge(digits) => Some(digits.into()),
        Raw::String(text) | Raw::JsonString(text) => Some(text.into()),
        _ => None,
    }
}

fn text(raw: Raw<'_>) -> Option<Arc<str>> {
    match raw {
        Raw::String(text) | Raw::JsonString(text) => Some(text.into()),
        _ => None,
    }
}

/// A value of a `JSON` scalar as it is.
fn json(raw: Raw<'_>) -> Input {
    match raw {
        Raw::Bool(truth) => Input::Bool(truth),
        Raw::Int(number) => Input::Int(number),
        Raw::Huge(digits) => digits
            .parse()
            .map_or_else(|_| Input::String(digits.into()), Input::Float),
        Raw::Float(number) | Raw::JsonNumber(number) => Input::Float(number),
        Raw::String(text) | Raw::JsonString(text) | Raw::Enum(text) => Input::String(text.into()),
    }
}
