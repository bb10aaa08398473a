//! How is a failure told to a client? Message, code, positions, path and hint, written as the
//! GraphQL specification's error object. Not for failures inside the server: those are logged,
//! and the client gets an id ([`GraphqlError::internal`]).

use std::borrow::Cow;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::service::RequestId;

/// What kind of failure it is, for programs: `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// The document is not GraphQL.
    ParseFailed,
    /// The document breaks a rule of the specification or of this schema.
    ValidationFailed,
    /// Variables, arguments or the operation name are not acceptable.
    BadUserInput,
    /// What was asked for by id does not exist.
    NotFound,
    /// The record changed since it was read.
    Conflict,
    /// The write breaks a rule of the ontology.
    ConstraintViolated,
    /// A limit was met; the message names it.
    LimitExceeded,
    /// The time for the request ran out.
    Timeout,
    /// Nobody is logged in.
    Unauthenticated,
    /// Whoever asks may not do this.
    Forbidden,
    /// A fault of the server.
    Internal,
}

impl ErrorCode {
    /// The code as it is written in `extensions.code`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::NotFound => "NOT_FOUND",
            Self::Conflict => "CONFLICT",
            Self::ConstraintViolated => "CONSTRAINT_VIOLATED",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Timeout => "TIMEOUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A place in the document; both count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Location {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// How many characters of a message or a hint are told: they may quote what a client sent.
const SHOWN: usize = 1_000;

/// One step into the response: a response key or a place in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathSegment {
    /// A response key.
    Key(Arc<str>),
    /// A place in a list, from 0.
    Index(usize),
}

/// One entry of `errors` in a response.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphqlError {
    /// What is wrong, for people.
    pub message: String,
    /// What kind of failure, for programs.
    pub code: ErrorCode,
    /// Where in the document; empty when it is not about a place.
    pub locations: Vec<Location>,
    /// Where in the response; empty for errors of the whole request.
    pub path: Vec<PathSegment>,
    /// Where in the arguments of the field that `path` names; empty when it is not about them.
    pub input: Box<[PathSegment]>,
    /// What to do about it.
    pub hint: Option<String>,
}

impl GraphqlError {
    /// An error with a message and a code, without positions.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            code,
            locations: Vec::new(),
            path: Vec::new(),
            input: Box::default(),
            hint: None,
        }
    }

    /// Logs what happened and tells the client only the id of its request.
    pub fn internal(request: RequestId, inside: &dyn std::fmt::Display) -> Self {
        tracing::error!(%request, %inside, "internal error");
        Self::new(ErrorCode::Internal, format!("internal error {request}"))
            .hint("the server's log tells more under this id")
    }

    /// About how many bytes it takes in a response.
    pub(super) fn size(&self) -> usize {
        let hint = self.hint.as_ref().map_or(0, String::len);
        100 + self.message.len() + hint + self.path.len() * 10
    }

    /// Adds a place in the document.
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.locations.extend(location);
        self
    }

    /// Sets the path in the response.
    pub fn on(mut self, path: Vec<PathSegment>) -> Self {
        self.path = path;
        self
    }

    /// Sets the place in the arguments of the field.
    pub fn in_input(mut self, input: Vec<PathSegment>) -> Self {
        self.input = input.into();
        self
    }

    /// Sets what to do about it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl Serialize for PathSegment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Key(key) => serializer.serialize_str(key),
            Self::Index(index) => serializer.serialize_u64(*index as u64),
        }
    }
}

/// At most so many characters of a text, for messages.
pub(super) fn excerpt(text: &str, most: usize) -> String {
    cut(text, most).into_owned()
}

fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text.into(),
    }
}

struct Extensions<'a>(&'a GraphqlError);

impl Serialize for Extensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.0.code.as_str())?;
        if !self.0.input.is_empty() {
            map.serialize_entry("input", &self.0.input)?;
        }
        if let Some(hint) = &self.0.hint {
            map.serialize_entry("hint", &cut(hint, SHOWN))?;
        }
        map.end()
    }
}

impl Serialize for GraphqlError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("message", &cut(&self.message, SHOWN))?;
        if !self.locations.is_empty() {
            map.serialize_entry("locations", &self.locations)?;
        }
        if !self.path.is_empty() {
            map.serialize_entry("path", &self.path)?;
        }
        map.serialize_entry("extensions", &Extensions(self))?;
        map.end()
    }
}

impl std::fmt::Display for GraphqlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for GraphqlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_specification_s_error_object() {
        let error = GraphqlError::new(ErrorCode::NotFound, "no such node")
            .at(Some(Location { line: 1, column: 3 }))
            .on(vec![
                PathSegment::Key("nodes".into()),
                PathSegment::Index(2),
            ])
            .hint("look again");
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"message":"no such node","locations":[{"line":1,"column":3}],"path":["nodes",2],"extensions":{"code":"NOT_FOUND","hint":"look again"}}"#
        );
    }

    #[test]
    fn leaves_out_what_there_is_not() {
        let error = GraphqlError::new(ErrorCode::Timeout, "too slow");
        assert_eq!(
            serde_json::to_string(&error).unwrap(),
            r#"{"message":"too slow","extensions":{"code":"TIMEOUT"}}"#
        );
    }

    #[test]
    fn what_a_client_sent_is_not_sent_back_at_length() {
        let long = "普".repeat(100_000);
        let error = GraphqlError::new(ErrorCode::BadUserInput, &long).hint(&long);
        let told = serde_json::to_string(&error).unwrap();
        let cut = format!("{}…", "普".repeat(SHOWN));
        assert_eq!(told.matches(&cut).count(), 2, "message and hint");
        assert!(told.len() < 7 * SHOWN);
    }

    #[test]
    fn an_internal_error_does_not_show_its_inside() {
        let id = RequestId::next();
        let error = GraphqlError::internal(id, &"password=hunter2");
        assert_eq!(error.message, format!("internal error {id}"));
        assert_eq!(error.code, ErrorCode::Internal);
    }
}
