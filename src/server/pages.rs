//! What else is served besides `/graphql` and the explorer: the schema's text, the health, and a
//! page for a binary without an explorer?

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use bytes::Bytes;
use http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use http::{HeaderMap, Response, StatusCode};

use super::reply::MediaType;
use super::{App, credentials, reply};
use crate::api::service::Service;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// Nothing may be loaded but the page's own style, and nothing may run.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page of a binary into which no explorer was built.
pub fn unbuilt() -> Response<Body> {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    let mut response = reply::whole(StatusCode::OK, html, Bytes::from_static(PAGE.as_bytes()));
    let mut set = |name: HeaderName, value| {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value))
    };
    set(CONTENT_SECURITY_POLICY, PAGE_POLICY);
    set(REFERRER_POLICY, "no-referrer");
    set(X_FRAME_OPTIONS, "DENY");
    response
}

/// How that page looks.
pub async fn style() -> Response<Body> {
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    reply::whole(StatusCode::OK, css, Bytes::from_static(STYLE.as_bytes()))
}

/// The generated schema.
pub async fn schema<S: Service>(
    State(app): State<Arc<App<S>>>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Err(fault) = credentials::of_headers(&app, &headers).await {
        return fault.response(MediaType::Json);
    }
    text(
        StatusCode::OK,
        Bytes::copy_from_slice(app.service.schema_sdl().as_bytes()),
    )
}

/// Whether the process lives: it does, since it answers.
pub async fn live() -> Response<Body> {
    text(StatusCode::OK, Bytes::from_static(b"live\n"))
}

/// Whether requests can be answered now.
pub async fn ready<S: Service>(State(app): State<Arc<App<S>>>) -> Response<Body> {
    match app.service.ready() {
        true => text(StatusCode::OK, Bytes::from_static(b"ready\n")),
        false => text(
            StatusCode::SERVICE_UNAVAILABLE,
            Bytes::from_static(b"not ready\n"),
        ),
    }
}

fn text(status: StatusCode, body: Bytes) -> Response<Body> {
    reply::whole(
        status,
        HeaderValue::from_static("text/plain; charset=utf-8"),
        body,
    )
}
