//! May this page, under this host name, talk to us at all?
//!
//! Against other sites in the user's browser (`Origin`) and against DNS rebinding (`Host`).
//! Not for who the user is: that is `access`.

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, HOST, HeaderName, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use super::config::ServerConfig;
use super::fault::Fault;

/// An origin of another site that may ask; its responses must say so.
#[derive(Debug)]
pub struct ForeignOrigin(HeaderValue);

/// Judges `Host` and `Origin` of a request that came in at the address `local`.
///
/// # Errors
/// 400 without exactly one `Host`, 403 for a host that is not ours or an origin not allowed.
pub fn check(
    config: &ServerConfig,
    local: SocketAddr,
    headers: &HeaderMap,
) -> Result<Option<ForeignOrigin>, Fault> {
    let host = one_host(headers)?;
    if !is_ours(config, local.ip(), name_of(host)) {
        return Err(wrong_host(host));
    }
    match headers.get(ORIGIN) {
        None => Ok(None),
        Some(origin) if is_same_site(origin, host) => Ok(None),
        Some(origin) if is_allowed(config, origin) => Ok(Some(ForeignOrigin(origin.clone()))),
        Some(origin) => Err(wrong_origin(origin)),
    }
}

fn one_host(headers: &HeaderMap) -> Result<&str, Fault> {
    let mut hosts = headers.get_all(HOST).iter();
    match (hosts.next().map(HeaderValue::to_str), hosts.next()) {
        (Some(Ok(host)), None) => Ok(host),
        _ => Err(Fault::bad("a request needs exactly one `Host` header")),
    }
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    match host.rfind([':', ']']) {
        Some(at) if host.as_bytes()[at] == b':' => &host[..at],
        _ => host,
    }
}

fn is_ours(config: &ServerConfig, local: IpAddr, name: &str) -> bool {
    let open = config.hosts.is_empty() && !local.is_loopback();
    open || is_loopback(name)
        || is_address(name, local)
        || config
            .hosts
            .iter()
            .any(|host| host.eq_ignore_ascii_case(name))
}

fn is_loopback(name: &str) -> bool {
    matches!(name, "127.0.0.1" | "[::1]") || name.eq_ignore_ascii_case("localhost")
}

fn is_address(name: &str, local: IpAddr) -> bool {
    name.trim_matches(['[', ']']).parse() == Ok(local)
}

/// Whether a page of this origin was served by us: `scheme://` and then our very host and port.
fn is_same_site(origin: &HeaderValue, host: &str) -> bool {
    let origin = origin.to_str().unwrap_or_default();
    let site = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    site.is_some_and(|site| site.eq_ignore_ascii_case(host))
}

fn is_allowed(config: &ServerConfig, origin: &HeaderValue) -> bool {
    let allows = |allowed: &String| {
        let allowed = allowed.as_bytes();
        allowed == b"*" || allowed.eq_ignore_ascii_case(origin.as_bytes())
    };
    config.cors_origins.iter().any(allows)
}

fn wrong_host(host: &str) -> Fault {
    Fault::forbidden(format!(
        "this server is not known as `{}`",
        host.escape_debug()
    ))
    .hint(
        "use localhost, 127.0.0.1 or [::1], or start the server with `--allow-host` and this name",
    )
}

fn wrong_origin(origin: &HeaderValue) -> Fault {
    let origin = String::from_utf8_lossy(origin.as_bytes()).into_owned();
    Fault::forbidden(format!(
        "pages of `{}` may not use this server",
        origin.escape_debug()
    ))
    .hint("start the server with `--cors-origin` and this origin to allow it")
}

impl ForeignOrigin {
    /// Lets the page read this response.
    pub fn mark(self, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.0);
        headers.insert(VARY, HeaderValue::from_static("origin"));
    }
}

/// Answers the question that a browser asks before a foreign page's request.
pub async fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let mut set = |name: HeaderName, value| {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value))
    };
    set(ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
    set(
        ACCESS_CONTROL_ALLOW_HEADERS,
        "accept-language, authorization, content-type, traceparent, tracestate",
    );
    set(ACCESS_CONTROL_MAX_AGE, "600");
    response
}
