//! Which media type and languages does a client accept, and is what it sends JSON?
//!
//! RFC 9110 lists with weights, as far as GraphQL needs them.

use http::header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::fault::Fault;
use super::reply::MediaType;

/// Languages beyond these in an `Accept-Language` are not looked at.
const MAX_LANGUAGES: usize = 16;

/// The best media type that the client accepts; without `Accept`, `application/json`.
///
/// # Errors
/// 406 when it accepts none that we speak.
pub fn media_type(headers: &HeaderMap) -> Result<MediaType, Fault> {
    let mut values = headers.get_all(ACCEPT).iter();
    let Some(first) = values.next() else {
        return Ok(MediaType::Json);
    };
    match first.as_bytes() {
        b"application/json" | b"*/*" => Ok(MediaType::Json),
        b"application/graphql-response+json" => Ok(MediaType::GraphqlResponse),
        _ => best_of(std::iter::once(first).chain(values)).ok_or_else(not_acceptable),
    }
}

fn best_of<'a>(values: impl Iterator<Item = &'a HeaderValue>) -> Option<MediaType> {
    let ranges: Vec<Range> = values.flat_map(ranges).collect();
    [
        MediaType::GraphqlResponse,
        MediaType::Json,
        MediaType::EventStream,
    ]
    .into_iter()
    .filter_map(|media| Some((weight_of(media, &ranges)?, media)))
    .reduce(|best, next| if next.0 > best.0 { next } else { best })
    .map(|(_, media)| media)
}

/// How much a media type is wanted (weight, then how precisely it was named); `None`: not at all.
fn weight_of(media: MediaType, ranges: &[Range]) -> Option<(u16, u8)> {
    let named = ranges
        .iter()
        .filter_map(|range| Some((precision(media, &range.value)?, range.weight)));
    let (precision, weight) =
        named.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (weight > 0).then_some((weight, precision))
}

/// Wildcards stand for JSON only: the other two must be asked for by name.
fn precision(media: MediaType, range: &str) -> Option<u8> {
    match (media, range) {
        (MediaType::Json, "application/json")
        | (MediaType::GraphqlResponse, "application/graphql-response+json")
        | (MediaType::EventStream, "text/event-stream") => Some(2),
        (MediaType::Json, "application/*") => Some(1),
        (MediaType::Json, "*/*") => Some(0),
        _ => None,
    }
}

fn not_acceptable() -> Fault {
    let message = "none of the media types in `Accept` can be served";
    let hint = "accept application/graphql-response+json, application/json or text/event-stream";
    Fault::new(StatusCode::NOT_ACCEPTABLE, "BAD_USER_INPUT", message).hint(hint)
}

/// Language tags of `Accept-Language`, best first, without `*` and those of weight 0.
pub fn languages(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(ACCEPT_LANGUAGE).iter();
    let mut wanted: Vec<Range> = values.flat_map(ranges).take(MAX_LANGUAGES).collect();
    wanted.retain(|range| range.weight > 0 && range.value != "*");
    wanted.sort_by_key(|range| std::cmp::Reverse(range.weight));
    wanted.into_iter().map(|range| range.value).collect()
}

/// One element of an `Accept` or `Accept-Language` list; the weight in thousandths.
struct Range {
    value: String,
    weight: u16,
}

fn ranges(list: &HeaderValue) -> impl Iterator<Item = Range> {
    list.to_str()
        .unwrap_or_default()
        .split(',')
        .filter_map(range)
}

/// `None` for an element that asks for another charset than UTF-8.
fn range(element: &str) -> Option<Range> {
    let mut parts = element.split(';').map(str::trim);
    let value = parts.next()?.to_owned();
    let value = if value.contains('/') {
        value.to_ascii_lowercase()
    } else {
        value
    };
    let mut weight = 1000;
    for part in parts {
        match parameter(part) {
            Some((name, q)) if name.eq_ignore_ascii_case("q") => weight = thousandths(q),
            Some((name, charset)) if name.eq_ignore_ascii_case("charset") && !is_utf8(charset) => {
                return None;
            }
            _ => {}
        }
    }
    (!value.is_empty()).then_some(Range { value, weight })
}

fn thousandths(q: &str) -> u16 {
    let weight = q.parse::<f32>().unwrap_or(0.0).clamp(0.0, 1.0);
    (weight * 1000.0) as u16
}

fn parameter(part: &str) -> Option<(&str, &str)> {
    let (name, value) = part.split_once('=')?;
    Some((name.trim(), value.trim().trim_matches('"')))
}

fn is_utf8(charset: &str) -> bool {
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Checks that a POST announces plain JSON in UTF-8.
///
/// Nothing that a foreign page can send without a preflight (forms, `text/plain`) passes.
///
/// # Errors
/// 415 otherwise.
pub fn check_content(headers: &HeaderMap) -> Result<(), Fault> {
    let plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if !headers.get_all(CONTENT_ENCODING).iter().all(plain) {
        return Err(unsupported("request bodies must not be compressed"));
    }
    match headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes) {
        Some(b"application/json") => Ok(()),
        Some(other) => check_json(std::str::from_utf8(other).unwrap_or_default()),
        None => Err(unsupported("the request names no `Content-Type`")),
    }
}

fn check_json(content_type: &str) -> Result<(), Fault> {
    let mut parts = content_type.split(';').map(str::trim);
    if !parts
        .next()
        .is_some_and(|name| name.eq_ignore_ascii_case("application/json"))
    {
        return Err(unsupported("this `Content-Type` is not accepted"));
    }
    let foreign =
        |(name, value): (&str, &str)| name.eq_ignore_ascii_case("charset") && !is_utf8(value);
    match parts.filter_map(parameter).any(foreign) {
        true => Err(unsupported("request bodies must be in UTF-8")),
        false => Ok(()),
    }
}

fn unsupported(message: &'static str) -> Fault {
    Fault::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "BAD_USER_INPUT",
        message,
    )
    .hint("send `Content-Type: application/json`, uncompressed, in UTF-8")
}
