//! Which value does a piece of JSON stand for? Not for: records as a whole (`ndjson`).

use super::cell::{parse_json, parse_scalar};
use super::row::RowReference;
use crate::change::Violation;
use crate::ontology::{Ontology, Property};
use crate::value::{Point, Scalar, Value};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The members of a JSON object in their order, unread.
pub(super) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(v)))
            }
            fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(v.to_owned())))
            }
        }
        from.deserialize_str(Text)
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Name(name), raw)) = map.next_entry()? {
                    members.push((name, raw));
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(Object)
    }
}

impl<'a> Members<'a> {
    /// Reads an object of which no member has the name of another.
    ///
    /// # Errors
    /// Where the text stops to be one.
    pub(super) fn parse(text: &'a str) -> Result<Self, Violation> {
        let members: Self = serde_json::from_str(text).map_err(|error| not_json(text, &error))?;
        let mut names: Vec<&str> = members.0.iter().map(|(name, _)| &**name).collect();
        names.sort_unstable();
        let twice = names.windows(2).find(|two| two[0] == two[1]);
        match twice {
            Some(two) => Err(Violation::new("is given twice").at(two[0])),
            None => Ok(members),
        }
    }
}

fn not_json(text: &str, error: &serde_json::Error) -> Violation {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message);
    let shown: String = text.trim_end().chars().take(60).collect();
    let place = match error.column() {
        0 => "the end".to_owned(),
        column => format!("byte {column}"),
    };
    Violation::new(format!("`{shown}` is no JSON object: {message} at {place}"))
}

/// Reads a property's value. Of a localized one the languages are given, those with null cleared.
///
/// # Errors
/// What is wrong with the JSON.
pub(super) fn parse_value(
    ontology: &Ontology,
    property: &Property,
    raw: &RawValue,
) -> Result<Value, Violation> {
    match raw.get() {
        "null" => Ok(Value::Null),
        text if property.list => parse_list(ontology, property, text),
        text => parse_item(ontology, property.scalar, text),
    }
}

fn parse_list(ontology: &Ontology, property: &Property, text: &str) -> Result<Value, Violation> {
    let items: Result<Vec<&RawValue>, _> = serde_json::from_str(text);
    let items = items.map_err(|_| Violation::new(format!("`{text}` is no list")))?;
    let item = |raw: &&RawValue| match raw.get() {
        "null" => Err(Violation::new("a list holds no null")),
        text => parse_item(ontology, property.scalar, text),
    };
    items
        .iter()
        .map(item)
        .collect::<Result<_, _>>()
        .map(Value::List)
}

fn parse_item(ontology: &Ontology, scalar: Scalar, text: &str) -> Result<Value, Violation> {
    let is_text = text.starts_with('"');
    let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    match scalar {
        Scalar::Json => parse_json(text),
        Scalar::Point => parse_point(text),
        Scalar::Int | Scalar::Float if is_number => parse_scalar(ontology, scalar, text),
        Scalar::BigInt if is_number => parse_scalar(ontology, scalar, text),
        Scalar::Boolean if !is_text && !is_number => parse_scalar(ontology, scalar, text),
        Scalar::Int | Scalar::Float => Err(wrong_kind(text, "a number, without quotes")),
        Scalar::Boolean => Err(wrong_kind(text, "true or false, without quotes")),
        _ if is_text => parse_scalar(ontology, scalar, &parse_text(text)?),
        Scalar::BigInt => Err(wrong_kind(text, "a whole number, in quotes or without")),
        _ => Err(wrong_kind(text, "a string in quotes")),
    }
}

fn wrong_kind(text: &str, accepted: &str) -> Violation {
    Violation::new(format!("`{text}` is of the wrong kind")).hint(format!("write {accepted}"))
}

fn parse_point(text: &str) -> Result<Value, Violation> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Degrees<'a> {
        #[serde(borrow)]
        latitude: &'a RawValue,
        #[serde(borrow)]
        longitude: &'a RawValue,
    }
    let wrong = || {
        Violation::new(format!("`{text}` is no point"))
            .hint(r#"write {"latitude": 23.3, "longitude": 116.17}"#)
    };
    let number = |raw: &RawValue| raw.get().parse::<f64>().map_err(|_| wrong());
    let degrees: Degrees<'_> = serde_json::from_str(text).map_err(|_| wrong())?;
    Point::new(number(degrees.latitude)?, number(degrees.longitude)?)
        .map(Value::Point)
        .map_err(Violation::new)
}

/// Reads a JSON string.
///
/// # Errors
/// That it is none.
pub(super) fn parse_text(text: &str) -> Result<String, Violation> {
    serde_json::from_str(text).map_err(|_| wrong_kind(text, "a string in quotes"))
}

/// A language and its text; none to clear.
pub(super) type LanguageText = (Box<str>, Option<Box<str>>);

/// Reads a localized text: languages and their texts, null for those to clear.
///
/// # Errors
/// What is wrong with the JSON.
pub(super) fn parse_texts(raw: &RawValue) -> Result<Vec<LanguageText>, Violation> {
    let text = raw.get();
    let wrong = || wrong_kind(text, r#"one text per language: {"zh": "…", "en": "…"}"#);
    if !text.starts_with('{') {
        return Err(wrong());
    }
    let entry = |(tag, raw): (Cow<'_, str>, &RawValue)| {
        let text = match raw.get() {
            "null" => None,
            text => Some(parse_text(text)?.into()),
        };
        Ok((tag.into(), text))
    };
    Members::parse(text)?.0.into_iter().map(entry).collect()
}

/// Reads `{"source": …, "locator": …, "fields": […], "note": …}`.
///
/// # Errors
/// What is wrong with the JSON.
pub(super) fn parse_reference(text: &str) -> Result<RowReference, Violation> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Parts {
        source: Box<str>,
        locator: Option<Box<str>>,
        fields: Option<Box<[Box<str>]>>,
        note: Option<Box<str>>,
    }
    let parsed: Result<Parts, _> = serde_json::from_str(text);
    match parsed {
        Ok(Parts {
            source,
            locator,
            fields,
            note,
        }) => Ok(RowReference {
            source,
            locator,
            fields,
            note,
        }),
        Err(error) => {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or(&message);
            Err(
                Violation::new(format!("`{text}` is no reference: {message}")).hint(
                    r#"write {"source": "key", "locator": "…", "fields": ["name"], "note": "…"}"#,
                ),
            )
        }
    }
}
