//! Which GraphQL requests are in this body, or in this query string?
//!
//! JSON and form encoding only: documents and the inside of variables are the service's matter.

use std::borrow::Cow;

use http::StatusCode;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::fault::Fault;
use crate::api::service::Request;

/// What a body holds.
#[derive(Debug)]
pub enum Envelope {
    /// One request.
    One(Request),
    /// An array of requests, each good or bad by itself.
    Batch(Vec<Result<Request, Fault>>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    query: Option<String>,
    operation_name: Option<String>,
    variables: Option<Box<RawValue>>,
    extensions: Option<Box<RawValue>>,
}

/// Reads the body of a POST.
///
/// # Errors
/// 400 for what is not UTF-8, JSON, or a request; also for a batch that is empty or too long.
pub fn parse_body(body: &[u8], max_batch: usize) -> Result<Envelope, Fault> {
    let text = std::str::from_utf8(body).map_err(|error| not_utf8("the request body", error))?;
    match text.trim_start().as_bytes().first() {
        None => Err(Fault::bad("the request body is empty").hint(EXAMPLE)),
        Some(b'[') => parse_batch(text, max_batch).map(Envelope::Batch),
        Some(_) => parse_one(text).map(Envelope::One),
    }
}

const EXAMPLE: &str = r#"send a JSON object like {"query": "{ __typename }", "variables": {}}"#;

fn not_utf8(what: &str, error: std::str::Utf8Error) -> Fault {
    Fault::bad(format!(
        "{what} is not valid UTF-8 (byte {})",
        error.valid_up_to()
    ))
}

fn parse_batch(text: &str, max: usize) -> Result<Vec<Result<Request, Fault>>, Fault> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).map_err(not_json)?;
    if elements.is_empty() {
        return Err(Fault::bad("the batch is empty").hint(EXAMPLE));
    }
    if elements.len() > max {
        let message = format!(
            "the batch has {} requests, the limit is {max}",
            elements.len()
        );
        return Err(Fault::limit(StatusCode::BAD_REQUEST, message).hint("send several batches"));
    }
    Ok(elements
        .into_iter()
        .map(|element| parse_one(element.get()))
        .collect())
}

/// Reads one request from a JSON object.
///
/// # Errors
/// 400 for what is not JSON or not a request, saying what is wrong with which entry.
pub fn parse_one(text: &str) -> Result<Request, Fault> {
    if !text.trim_start().starts_with('{') {
        return Err(explain(text));
    }
    let fields: Fields = serde_json::from_str(text).map_err(|_| explain(text))?;
    request(fields)
}

fn request(fields: Fields) -> Result<Request, Fault> {
    Ok(Request {
        query: fields.query.ok_or_else(no_query)?,
        operation_name: fields.operation_name,
        variables: checked_object("variables", fields.variables)?,
        extensions: checked_object("extensions", fields.extensions)?,
    })
}

fn no_query() -> Fault {
    Fault::bad("the request has no `query`").hint(EXAMPLE)
}

fn checked_object(
    name: &str,
    value: Option<Box<RawValue>>,
) -> Result<Option<Box<RawValue>>, Fault> {
    match value {
        Some(value) if !value.get().starts_with('{') => Err(wrong_type(name, "an object")),
        value => Ok(value),
    }
}

fn wrong_type(name: &str, expected: &str) -> Fault {
    Fault::bad(format!("`{name}` must be {expected} or null"))
}

fn not_json(error: serde_json::Error) -> Fault {
    Fault::bad(format!("the request is not valid JSON: {error}"))
}

/// Only the types of the entries matter.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entries<'a> {
    #[serde(borrow)]
    query: Option<&'a RawValue>,
    #[serde(borrow)]
    operation_name: Option<&'a RawValue>,
}

/// Finds words for what could not be read as a request; only ever called for such.
///
/// Nothing is built in memory: what is wrong may be large.
fn explain(text: &str) -> Fault {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        return not_json(error);
    }
    if !text.trim_start().starts_with('{') {
        return Fault::bad("a request must be a JSON object").hint(EXAMPLE);
    }
    match serde_json::from_str::<Entries>(text) {
        Ok(entries) if is_not_string(entries.query) => wrong_type("query", "a string"),
        Ok(entries) if is_not_string(entries.operation_name) => {
            wrong_type("operationName", "a string")
        }
        Ok(_) => Fault::bad("a string of the request has a broken escape"),
        Err(_) => Fault::bad("an entry of the request is given twice"),
    }
}

fn is_not_string(value: Option<&RawValue>) -> bool {
    value.is_some_and(|value| !value.get().starts_with('"'))
}

/// Reads the query string of a GET: form encoding, with JSON in `variables` and `extensions`.
///
/// # Errors
/// 400 for what is not UTF-8, JSON, or a request.
pub fn parse_query(query: &str) -> Result<Request, Fault> {
    let (mut text, mut operation, mut variables, mut extensions) = (None, None, None, None);
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, slot) = match name {
            "query" => ("query", &mut text),
            "operationName" => ("operationName", &mut operation),
            "variables" => ("variables", &mut variables),
            "extensions" => ("extensions", &mut extensions),
            _ => continue,
        };
        if slot.replace(decode(name, value)?).is_some() {
            return Err(Fault::bad(format!("`{name}` is given twice")));
        }
    }
    request(Fields {
        query: text,
        operation_name: operation,
        variables: parse_json("variables", variables)?,
        extensions: parse_json("extensions", extensions)?,
    })
}

/// A parameter of a query string; none if it is not given.
///
/// # Errors
/// 400 for what is not UTF-8, or given twice.
pub fn parameter(query: &str, name: &str) -> Result<Option<String>, Fault> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(found, _)| *found == name);
    match (values.next(), values.next()) {
        (_, Some(_)) => Err(Fault::bad(format!("`{name}` is given twice"))),
        (Some((_, value)), None) => decode(name, value).map(Some),
        (None, None) => Ok(None),
    }
}

fn decode(name: &str, value: &str) -> Result<String, Fault> {
    let spaced: Cow<'_, str> = match value.contains('+') {
        true => value.replace('+', " ").into(),
        false => value.into(),
    };
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(Cow::into_owned)
        .map_err(|error| not_utf8(&format!("`{name}`"), error))
}

fn parse_json(name: &str, text: Option<String>) -> Result<Option<Box<RawValue>>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let value = serde_json::from_str(&text);
    value.map_err(|error| Fault::bad(format!("`{name}` is not valid JSON: {error}")))
}
