//! Which file of the explorer is asked for, and how is it sent?
//!
//! npm builds the explorer from `web/` into `web/dist/app`, each file with a `.gz` beside it where
//! that is worth it; this embeds them (a debug build reads them from there). Not for what the page
//! does, nor for the page that says that there is none: that is `pages`.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::Path;
use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderMap,
    HeaderName, HeaderValue, IF_NONE_MATCH, REFERRER_POLICY, VARY, X_FRAME_OPTIONS,
};
use http::{Response, StatusCode};
use rust_embed::{Embed, EmbeddedFile};

use super::fault::Fault;
use super::pages;
use super::reply::{self, MediaType};

#[derive(Embed)]
#[folder = "web/dist/app"]
#[allow_missing = true]
struct Built;

/// Only what this server gives may run, be loaded or be asked. Style attributes are let through
/// because Chromium itself writes them where a person types into the editor; style elements are not.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self'; style-src-attr 'unsafe-inline'; \
     img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// GraphiQL's editor writes its styles into the page, and may start its workers from there.
const GRAPHIQL_POLICY: &str = "default-src 'none'; script-src 'self'; \
     style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; \
     connect-src 'self'; worker-src 'self' blob:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The explorer, or the page that says how to build it.
pub async fn start(headers: HeaderMap) -> Response<Body> {
    page("index.html", POLICY, &headers)
}

/// GraphiQL, or the page that says how to build it.
pub async fn graphiql(headers: HeaderMap) -> Response<Body> {
    page("graphiql/index.html", GRAPHIQL_POLICY, &headers)
}

/// What the pages load: the names tell the content, so they are kept for good.
pub async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response<Body> {
    let name = format!("assets/{name}");
    match found(&name, &headers) {
        Some(file) => file.response(&headers, "public, max-age=31536000, immutable"),
        None => Fault::not_found().response(MediaType::Json),
    }
}

fn page(name: &str, policy: &'static str, headers: &HeaderMap) -> Response<Body> {
    let Some(file) = found(name, headers) else {
        return pages::unbuilt();
    };
    let mut response = file.response(headers, "no-cache");
    let mut set = |name: HeaderName, value| {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value))
    };
    set(CONTENT_SECURITY_POLICY, policy);
    set(REFERRER_POLICY, "no-referrer");
    set(X_FRAME_OPTIONS, "DENY");
    response
}

/// A file in the form in which it is sent.
struct File {
    content: Cow<'static, [u8]>,
    media: &'static str,
    packed: bool,
    tag: String,
}

/// The file, packed if the client takes that and it exists packed.
fn found(name: &str, headers: &HeaderMap) -> Option<File> {
    let packed = takes_gzip(headers)
        .then(|| Built::get(&format!("{name}.gz")))
        .flatten();
    match packed {
        Some(file) => Some(File::new(name, file, true)),
        None => Built::get(name).map(|file| File::new(name, file, false)),
    }
}

/// Whether the client says that it takes gzip, and not that it does not (`gzip;q=0`).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok());
    accepted.is_some_and(|codings| {
        codings.split(',').any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            let weight = |part: &str| part.strip_prefix("q=").and_then(|q| q.parse::<f32>().ok());
            parts.next() == Some("gzip") && parts.find_map(weight).is_none_or(|q| q > 0.0)
        })
    })
}

impl File {
    fn new(name: &str, file: EmbeddedFile, packed: bool) -> Self {
        let hash = file.metadata.sha256_hash();
        let hex: String = hash.iter().take(12).map(|b| format!("{b:02x}")).collect();
        Self {
            content: file.data,
            media: media(name),
            packed,
            tag: format!("\"{hex}\""),
        }
    }

    fn response(self, asked: &HeaderMap, caching: &'static str) -> Response<Body> {
        let known = asked.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok());
        let same = known.is_some_and(|tags| tags.contains(&self.tag) || tags.trim() == "*");
        let (status, body) = match same {
            true => (StatusCode::NOT_MODIFIED, Bytes::new()),
            false => (StatusCode::OK, bytes(self.content)),
        };
        let mut response = reply::whole(status, HeaderValue::from_static(self.media), body);
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(ETAG, tag);
        }
        if self.packed && !same {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

fn bytes(content: Cow<'static, [u8]>) -> Bytes {
    match content {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    fn file() -> File {
        File {
            content: Cow::Borrowed(b"let a;"),
            media: media("assets/index-1.js"),
            packed: true,
            tag: "\"abc\"".to_owned(),
        }
    }

    #[test]
    fn gzip_is_taken_only_from_whom_wants_it() {
        let takes = |value| takes_gzip(&headers(ACCEPT_ENCODING, value));
        assert!(takes("gzip, deflate, br"));
        assert!(takes("br;q=1.0, gzip;q=0.8"));
        assert!(!takes("gzip;q=0, identity"));
        assert!(!takes("br"));
        assert!(!takes_gzip(&HeaderMap::new()));
    }

    #[test]
    fn a_file_says_how_it_is_packed_and_kept() {
        let response = file().response(&HeaderMap::new(), "no-cache");
        let header = |name| response.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(header("content-encoding"), "gzip");
        assert_eq!(header("etag"), "\"abc\"");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("vary"), "accept-encoding");
    }

    #[test]
    fn what_a_client_has_is_not_sent_again() {
        let status = |tags| {
            let asked = headers(IF_NONE_MATCH, tags);
            file().response(&asked, "no-cache").status().as_u16()
        };
        assert_eq!(status("\"abc\""), 304);
        assert_eq!(status("W/\"abc\", \"def\""), 304);
        assert_eq!(status("*"), 304);
        assert_eq!(status("\"def\""), 200);
    }

    #[test]
    fn what_is_embedded_is_whole() {
        // Without a built explorer there is nothing; with one, all that its page names is there.
        let Some(page) = Built::get("index.html") else {
            return;
        };
        let page = String::from_utf8(page.data.into_owned()).unwrap();
        let named: Vec<&str> = page.split("\"/").skip(1).collect();
        assert!(!named.is_empty());
        for name in named.iter().filter_map(|rest| rest.split('"').next()) {
            assert!(Built::get(name).is_some(), "{name}");
        }
    }
}
