//! What does the span of a request tell? Names and attributes by OpenTelemetry's conventions for HTTP
//! and GraphQL. Not for: what spans are (`trace`).
//!
//! A request with one operation has one span, which tells of both. Operations of a batch, of a
//! WebSocket or of a stream of events have each a span of their own beneath it.

use std::net::SocketAddr;

use http::header::{HeaderMap, USER_AGENT};
use http::request::Parts;
use http::{Method, Request, StatusCode};

use super::{admin, metrics};
use crate::api::service::Outcome;
use crate::trace::{Trace, Traces};

/// Begins the span of a request and lets it go along, unless it only asks how the server is.
pub fn begin<B>(traces: &Traces, local: SocketAddr, request: &mut Request<B>) -> Trace {
    let path = request.uri().path();
    if path.starts_with("/health/") || path == "/metrics" {
        return Trace::default();
    }
    let (method, route) = (method(request.method()), route(path));
    let name = route.map_or(method.to_owned(), |route| format!("{method} {route}"));
    let trace = traces.request(name, request.headers());
    if trace.is_on() {
        trace.note("http.request.method", method);
        trace.note("url.path", path.to_owned());
        trace.note("url.scheme", "http");
        trace.note("server.address", local.ip().to_string());
        trace.note("server.port", i64::from(local.port()));
        if let Some(route) = route {
            trace.note("http.route", route);
        }
        if let Some(agent) = agent(request.headers()) {
            trace.note("user_agent.original", agent);
        }
        request.extensions_mut().insert(trace.clone());
    }
    trace
}

/// Methods that nobody knows have one name, so that there are few.
fn method(method: &Method) -> &'static str {
    let known = [
        "GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT",
    ];
    let known = known.into_iter().find(|known| *known == method.as_str());
    known.unwrap_or("_OTHER")
}

fn route(path: &str) -> Option<&'static str> {
    if path.starts_with("/assets/") {
        return Some("/assets/{*name}");
    }
    let routes = [
        "/graphql",
        "/export",
        "/",
        "/graphiql",
        "/page.css",
        "/schema.graphql",
        admin::BACKUP,
    ];
    routes.into_iter().find(|route| *route == path)
}

fn agent(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(256).collect())
}

/// The span of a request, or none.
pub fn of(head: &Parts) -> Trace {
    head.extensions.get().cloned().unwrap_or_default()
}

/// One of several operations of a request.
pub fn operation(trace: &Trace) -> Trace {
    trace.part("operation")
}

/// How an operation went.
pub fn outcome(trace: &Trace, outcome: Outcome) {
    let name = metrics::name(outcome);
    trace.note("guitu.outcome", name);
    if matches!(outcome, Outcome::TimedOut | Outcome::Failed) {
        trace.fail(name);
    }
}

/// Ends the span of a request with the status of its answer.
pub fn end(trace: &Trace, status: StatusCode) {
    trace.note("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        trace.fail(status.as_u16().to_string());
    }
    trace.end();
}
