//! What is told to a client whose request never reached the GraphQL service?
//!
//! Errors of documents, variables and data are not here: the service answers those.

use std::borrow::Cow;

use axum::body::Body;
use bytes::Bytes;
use http::header::{ALLOW, HeaderValue, WWW_AUTHENTICATE};
use http::{Response, StatusCode};
use serde::Serialize;

use super::reply::{MediaType, json};
use crate::api::service::{Answer, Outcome, RequestId};

type Text = Cow<'static, str>;

/// Why a request was turned away, in words for people and a code for programs.
#[derive(Debug)]
pub struct Fault {
    status: StatusCode,
    code: &'static str,
    message: Text,
    hint: Option<Text>,
    allow: Option<&'static str>,
    /// Whether credentials are asked for.
    challenge: bool,
}

impl Fault {
    /// A request that does not say what it should.
    pub fn bad(message: impl Into<Text>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", message)
    }

    /// A request over a limit, which the message names.
    pub fn limit(status: StatusCode, message: impl Into<Text>) -> Self {
        Self::new(status, "LIMIT_EXCEEDED", message)
    }

    /// A path that is not there.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "no such page").hint(
            "there are /, /graphql, /export, /schema.graphql, /health/live, /health/ready and /metrics",
        )
    }

    /// A request that pages of this origin, or for this host, may not send.
    pub fn forbidden(message: impl Into<Text>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
    }

    /// A request of nobody whom we know.
    pub fn unauthenticated(message: impl Into<Text>) -> Self {
        let fault = Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", message);
        Self {
            challenge: true,
            ..fault
        }
    }

    /// A method that the path does not take; `allow` lists those that it does.
    pub fn method(message: impl Into<Text>, allow: &'static str) -> Self {
        let fault = Self::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_USER_INPUT", message);
        Self {
            allow: Some(allow),
            ..fault
        }
    }

    /// A request that could not be received in time.
    pub fn slow_request() -> Self {
        let message = "the request body did not arrive within the time limit";
        Self::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", message)
    }

    /// Any other refusal.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Text>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            hint: None,
            allow: None,
            challenge: false,
        }
    }

    /// Adds what the client can do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<Text>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }

    /// The HTTP response that tells it.
    pub fn response(&self, media: MediaType) -> Response<Body> {
        let mut response = json(self.status, media, self.body());
        if let Some(allow) = self.allow {
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static(allow));
        }
        if self.challenge {
            let bearer = HeaderValue::from_static("Bearer realm=\"guitu\"");
            response.headers_mut().insert(WWW_AUTHENTICATE, bearer);
        }
        response
    }

    /// What is wrong, for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The GraphQL response that tells it.
    pub fn body(&self) -> Bytes {
        let extensions = Extensions {
            code: self.code,
            hint: self.hint.as_deref(),
            id: None,
        };
        errors(&self.message, extensions)
    }

    /// The same as an answer, for transports without statuses and for parts of a batch.
    pub fn answer(&self) -> Answer {
        Answer {
            body: self.body(),
            outcome: Outcome::Refused,
        }
    }
}

/// What a client gets when time ran out during execution.
pub fn timed_out() -> Answer {
    let hint = Some(
        "ask for less at once: fewer fields, a narrower `where`, a `limit` or `first`; of a mutation, look first whether it was made",
    );
    let extensions = Extensions {
        code: "TIMEOUT",
        hint,
        id: None,
    };
    let body = errors("the request took longer than the time limit", extensions);
    Answer {
        body,
        outcome: Outcome::TimedOut,
    }
}

/// What a client gets for a fault of ours: nothing but the id under which it was logged.
pub fn internal(id: RequestId) -> Answer {
    let extensions = Extensions {
        code: "INTERNAL",
        hint: None,
        id: Some(id.to_string()),
    };
    let body = errors("something went wrong inside the server", extensions);
    Answer {
        body,
        outcome: Outcome::Failed,
    }
}

#[derive(Serialize)]
struct Errors<'a> {
    errors: [Error<'a>; 1],
}

#[derive(Serialize)]
struct Error<'a> {
    message: &'a str,
    extensions: Extensions<'a>,
}

#[derive(Serialize)]
struct Extensions<'a> {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "requestId")]
    id: Option<String>,
}

fn errors(message: &str, extensions: Extensions<'_>) -> Bytes {
    let errors = Errors {
        errors: [Error {
            message,
            extensions,
        }],
    };
    // Writing strings into memory cannot fail.
    serde_json::to_vec(&errors).unwrap_or_default().into()
}
