//! What does every response look like: body type, media type, headers?

use axum::body::Body;
use bytes::Bytes;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use http::{Response, StatusCode};

/// In which form a client wants its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`: document errors are answered with status 200.
    Json,
    /// `application/graphql-response+json`: the status tells whether there is data.
    GraphqlResponse,
    /// `text/event-stream`: server-sent events.
    EventStream,
}

impl MediaType {
    fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        })
    }
}

/// A response of ready JSON bytes; those refused before a stream of events began come as JSON.
pub fn json(status: StatusCode, media: MediaType, body: Bytes) -> Response<Body> {
    let media = match media {
        MediaType::EventStream => MediaType::Json,
        other => other,
    };
    whole(status, media.header(), body)
}

/// A response of ready bytes of any type.
pub fn whole(status: StatusCode, content_type: HeaderValue, body: Bytes) -> Response<Body> {
    with_headers(status, content_type, body.into())
}

/// A response of bytes that come one after the other.
pub fn stream(content_type: HeaderValue, body: Body) -> Response<Body> {
    with_headers(StatusCode::OK, content_type, body)
}

/// A response that goes on: server-sent events, never cached.
pub fn events(body: Body) -> Response<Body> {
    let mut response = with_headers(StatusCode::OK, MediaType::EventStream.header(), body);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A response that a browser saves as a file of this name: letters, digits and `.-_`.
pub fn file(media_type: &'static str, name: &str, body: Body) -> Response<Body> {
    let media_type = HeaderValue::from_static(media_type);
    let mut response = with_headers(StatusCode::OK, media_type, body);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(CONTENT_DISPOSITION, value);
    }
    response
}

fn with_headers(status: StatusCode, content_type: HeaderValue, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, content_type);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
