//! GraphQL over HTTP: envelopes, media types, statuses, batches, pages.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Reply, start, start_limited};

const TYPENAME: &str = r#"{"query":"{ __typename }"}"#;
const JSON: &str = "content-type: application/json\r\n";

#[tokio::test]
async fn a_post_is_answered_with_the_services_bytes() {
    let reply = start().await.post(TYPENAME).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body, r#"{"data":{"__typename":"Query"}}"#);
    assert_eq!(
        reply.header("content-type"),
        Some("application/json; charset=utf-8")
    );
    assert_eq!(reply.header("content-length"), Some("31"));
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert!(reply.header("date").is_some());
    assert!(reply.header("x-request-id").is_some());
    assert_eq!(reply.head.lines().count(), 7, "{}", reply.head);
}

#[tokio::test]
async fn one_connection_serves_many_requests() {
    let server = start().await;
    let mut stream = server.connect().await;
    for _ in 0..3 {
        let head = format!("POST /graphql HTTP/1.1\r\nhost: localhost\r\n{JSON}");
        let request = format!("{head}content-length: {}\r\n\r\n{TYPENAME}", TYPENAME.len());
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut seen = String::new();
        while !seen.ends_with(r#""Query"}}"#) {
            let mut part = [0; 1024];
            let count = stream.read(&mut part).await.unwrap();
            assert_ne!(count, 0, "closed early after {seen}");
            seen.push_str(std::str::from_utf8(&part[..count]).unwrap());
        }
    }
}

#[tokio::test]
async fn the_whole_envelope_reaches_the_service() {
    let server = start().await;
    let body = r#"{"query":"{ variables }","variables":{"a":[1,{"b":"\u666e"}]},"extensions":{}}"#;
    let reply = server.post(body).await;
    assert_eq!(
        reply.json()["data"]["variables"],
        r#"{"a":[1,{"b":"\u666e"}]}"#
    );
    let reply = server
        .post(r#"{"query":"{ operation }","operationName":"石狮","more":1}"#)
        .await;
    assert_eq!(reply.json()["data"]["operation"], "石狮");
    let target = "/graphql?query=%7B+variables%20%7D&variables=%7B%22a%22:%22%E6%99%AE%22%7D&x";
    let reply = server.get(target).await;
    assert_eq!(reply.json()["data"]["variables"], r#"{"a":"普"}"#);
    let reply = server
        .get("/graphql?query={%20variables%20}&variables=null")
        .await;
    assert_eq!(reply.json()["data"]["variables"], json!(null));
}

#[tokio::test]
async fn bodies_in_many_pieces_are_put_together() {
    let server = start().await;
    let head = post_chunked();
    let chunks: String = TYPENAME.chars().map(|c| format!("1\r\n{c}\r\n")).collect();
    let reply = server
        .send(format!("{head}{chunks}0\r\ntrailer: x\r\n\r\n"))
        .await;
    assert_eq!(reply.body, r#"{"data":{"__typename":"Query"}}"#);
    let filling = "x".repeat(900_000);
    let body = format!(r#"{{"query":"{{ __typename }}","variables":{{"a":"{filling}"}}}}"#);
    assert_eq!(server.post(body).await.status, 200);
}

fn post_chunked() -> String {
    let head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
    format!("{head}{JSON}transfer-encoding: chunked\r\n\r\n")
}

#[tokio::test]
async fn bad_envelopes_are_told_what_is_wrong() {
    let server = start().await;
    let cases: &[(&[u8], &str)] = &[
        (b"", "the request body is empty"),
        (b"  \n", "the request body is empty"),
        (
            b"{\"query\": \"\xff\"}",
            "the request body is not valid UTF-8 (byte 11)",
        ),
        (
            b"{\"x\": \"\xc3\x28\"}",
            "the request body is not valid UTF-8 (byte 7)",
        ),
        (
            b"{\"query\"",
            "the request is not valid JSON: EOF while parsing",
        ),
        (
            b"{\"query\": \"{}\"} x",
            "the request is not valid JSON: trailing characters",
        ),
        (
            b"{\"query\": \"\\ud800\"}",
            "a string of the request has a broken escape",
        ),
        (b"17", "a request must be a JSON object"),
        (b"{}", "the request has no `query`"),
        (b"{\"query\": null}", "the request has no `query`"),
        (b"{\"query\": 1}", "`query` must be a string"),
        (
            b"{\"query\": \"{a}\", \"operationName\": [1]}",
            "`operationName` must be a string",
        ),
        (
            b"{\"query\": \"{a}\", \"variables\": []}",
            "`variables` must be an object",
        ),
        (
            b"{\"query\": \"{a}\", \"extensions\": \"\"}",
            "`extensions` must be an object",
        ),
        (
            b"{\"query\": \"{a}\", \"query\": \"{b}\"}",
            "an entry of the request is given twice",
        ),
        (b"[]", "the batch is empty"),
        (b"[1", "the request is not valid JSON: EOF"),
    ];
    for (body, message) in cases {
        let reply = server.post(body).await;
        reply.assert_refused(400, "BAD_USER_INPUT");
        let told = reply.json()["errors"][0]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            told.starts_with(message),
            "{told} for {}",
            String::from_utf8_lossy(body)
        );
    }
}

#[tokio::test]
async fn bad_query_strings_are_told_what_is_wrong() {
    let server = start().await;
    for (query, message) in [
        ("", "the request has no `query`"),
        ("?query=%ff", "`query` is not valid UTF-8"),
        ("?query=a&query=b", "`query` is given twice"),
        ("?query=a&variables=", "`variables` is not valid JSON"),
        ("?query=a&variables=[1]", "`variables` must be an object"),
    ] {
        let reply = server.get(&format!("/graphql{query}")).await;
        reply.assert_refused(400, "BAD_USER_INPUT");
        assert!(reply.body.contains(message), "{query}: {}", reply.body);
    }
}

#[tokio::test]
async fn only_plain_json_is_taken() {
    let server = start().await;
    for good in [
        "application/json",
        "Application/JSON ; charset=\"UTF-8\"",
        "application/json;a=b",
    ] {
        assert_eq!(
            server
                .post_with(&format!("content-type: {good}\r\n"), TYPENAME)
                .await
                .status,
            200
        );
    }
    for bad in [
        "content-type: text/plain\r\n",
        "content-type: application/x-www-form-urlencoded\r\n",
        "content-type: multipart/form-data; boundary=x\r\n",
        "content-type: application/json; charset=latin1\r\n",
        "content-type: application/jsonx\r\n",
        "content-type: application/json\r\ncontent-encoding: gzip\r\n",
        "",
    ] {
        server
            .post_with(bad, TYPENAME)
            .await
            .assert_refused(415, "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn the_best_accepted_media_type_is_sent() {
    let server = start().await;
    let (json, graphql) = ("application/json", "application/graphql-response+json");
    for (accept, sent) in [
        ("*/*", json),
        ("application/*", json),
        ("text/html, */*;q=0.1", json),
        (
            "application/graphql-response+json, application/json",
            graphql,
        ),
        (
            "application/json, application/graphql-response+json",
            graphql,
        ),
        (
            "application/json, application/graphql-response+json;q=0.9",
            json,
        ),
        ("application/graphql-response+json;q=0, */*", json),
        (
            "application/graphql-response+json; charset=utf-8, application/json",
            graphql,
        ),
        (
            "application/graphql-response+json; charset=latin1, application/json",
            json,
        ),
        ("APPLICATION/JSON", json),
    ] {
        let reply = server
            .post_with(&format!("{JSON}accept: {accept}\r\n"), TYPENAME)
            .await;
        let sent = format!("{sent}; charset=utf-8");
        assert_eq!(
            reply.header("content-type"),
            Some(sent.as_str()),
            "{accept}"
        );
    }
    for accept in ["text/html", "application/json;q=0, */*", "", "image/*"] {
        let reply = server
            .post_with(&format!("{JSON}accept: {accept}\r\n"), TYPENAME)
            .await;
        reply.assert_refused(406, "BAD_USER_INPUT");
    }
}

#[tokio::test]
async fn the_status_of_a_refused_document_depends_on_the_media_type() {
    let server = start().await;
    let refused = r#"{"query":"{"}"#;
    server
        .post(refused)
        .await
        .assert_refused(200, "GRAPHQL_PARSE_FAILED");
    let accept = format!("{JSON}accept: application/graphql-response+json\r\n");
    server
        .post_with(&accept, refused)
        .await
        .assert_refused(400, "GRAPHQL_PARSE_FAILED");
}

#[tokio::test]
async fn a_get_never_mutates() {
    let server = start().await;
    let reply = server.get("/graphql?query=mutation%7Ba%7D").await;
    reply.assert_refused(405, "BAD_USER_INPUT");
    assert_eq!(reply.header("allow"), Some("post"));
}

#[tokio::test]
async fn other_methods_are_refused_with_those_allowed() {
    let server = start().await;
    for (method, path, allow) in [
        ("PUT", "/graphql", "get, post"),
        ("DELETE", "/", "get, head"),
        ("HEAD", "/graphql", "get, post"),
    ] {
        let head = "host: localhost\r\nconnection: close\r\n\r\n";
        let reply = server
            .send(format!("{method} {path} HTTP/1.1\r\n{head}"))
            .await;
        assert_eq!((reply.status, reply.header("allow")), (405, Some(allow)));
    }
}

#[tokio::test]
async fn a_batch_is_answered_in_order_each_for_itself() {
    let server = start().await;
    let body = r#" [{"query":"{"},{"query":"{ operation }","operationName":"b"},{},["x"],{"query":"{ panic }"}]"#;
    let reply = server.post(body).await;
    let answers = reply.json();
    assert_eq!((reply.status, answers.as_array().unwrap().len()), (200, 5));
    let code = |index: usize| answers[index]["errors"][0]["extensions"]["code"].clone();
    assert_eq!(code(0), "GRAPHQL_PARSE_FAILED");
    assert_eq!(answers[1]["data"]["operation"], "b");
    assert_eq!(
        (code(2), code(3), code(4)),
        (
            json!("BAD_USER_INPUT"),
            json!("BAD_USER_INPUT"),
            json!("INTERNAL")
        )
    );
}

#[tokio::test]
async fn languages_come_in_the_order_of_their_weights() {
    let server = start().await;
    let accept = "accept-language: en;q=0.5, zh-Hans, fr;q=0, de;q=0.7, *;q=0.1\r\n";
    let reply = server
        .get_with(accept, "/graphql?query={%20languages%20}")
        .await;
    assert_eq!(
        reply.json()["data"]["languages"],
        json!(["zh-Hans", "de", "en"])
    );
}

#[tokio::test]
async fn events_carry_the_answer_and_then_end() {
    let server = start().await;
    let accept = "accept: text/event-stream\r\n";
    let reply = server
        .get_with(accept, "/graphql?query={%20__typename%20}")
        .await;
    assert_eq!(
        reply.header("content-type"),
        Some("text/event-stream; charset=utf-8")
    );
    let (next, complete) = (
        "event: next\ndata: {\"data\":{\"__typename\":\"Query\"}}\n\n",
        "event: complete\ndata:\n\n",
    );
    let places = (reply.body.find(next), reply.body.find(complete));
    assert!(places.0.is_some() && places.0 < places.1, "{reply:?}");
    let reply = server
        .post_with(&format!("{JSON}{accept}"), r#"{"query":"{"}"#)
        .await;
    assert_eq!(reply.status, 200);
    assert!(
        reply.body.contains("event: next\ndata: {\"errors\""),
        "{reply:?}"
    );
    let reply = server.post_with(&format!("{JSON}{accept}"), "{").await;
    reply.assert_refused(400, "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_panic_is_an_internal_error_with_an_id_and_nothing_else() {
    let server = start().await;
    let reply = server.post(r#"{"query":"{ panic }"}"#).await;
    reply.assert_refused(500, "INTERNAL");
    let id = reply.json()["errors"][0]["extensions"]["requestId"].clone();
    assert_eq!(reply.header("x-request-id"), id.as_str());
    assert!(!reply.body.contains("on purpose"));
    server.still_serves().await;
}

#[tokio::test]
async fn pages_are_served() {
    let server = start().await;
    let page = server.get("/").await;
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("default-src 'none'")
    );
    assert_eq!(
        server.get("/page.css").await.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    assert_eq!(
        server.get("/schema.graphql").await.body,
        "type Query { wait: Boolean }\n"
    );
    assert_eq!(server.get("/health/live").await.status, 200);
    assert_eq!(server.get("/health/ready").await.status, 200);
    server.fake.unready.store(true, Ordering::Relaxed);
    assert_eq!(server.get("/health/ready").await.status, 503);
    assert_eq!(server.get("/health/live").await.status, 200);
    server
        .get("/etc/passwd")
        .await
        .assert_refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn a_binary_without_an_explorer_says_how_to_build_it() {
    let page = super::super::pages::unbuilt();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(!policy.contains("script-src"));
    let body = axum::body::to_bytes(page.into_body(), usize::MAX)
        .await
        .unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    assert!(!text.contains("src=") && text.contains("/schema.graphql"));
    assert!(text.contains("npm run build"));
}

#[tokio::test]
async fn only_files_of_the_explorer_are_given() {
    let server = start().await;
    for path in [
        "/assets/nothing.js",
        "/assets/../Cargo.toml",
        "/assets/..%2f..%2fCargo.toml",
    ] {
        server.get(path).await.assert_refused(404, "NOT_FOUND");
    }
}

#[test]
fn a_reply_is_taken_apart() {
    let reply = Reply::parse(b"HTTP/1.1 204 No Content\r\nA: b\r\n\r\nrest");
    assert_eq!(
        (reply.status, reply.header("a"), reply.body.as_str()),
        (204, Some("b"), "rest")
    );
}

#[tokio::test]
async fn absurd_settings_do_not_stop_a_server() {
    let server = start_limited(|limits| {
        limits.connections = 0;
        limits.sockets = usize::MAX;
        limits.requests_bytes = usize::MAX;
        limits.head_bytes = 0;
        limits.socket_ping_time = Duration::ZERO;
        limits.request_time = Duration::MAX;
        limits.head_time = Duration::MAX;
    })
    .await;
    assert_eq!(server.get("/health/live").await.status, 431);
    let server = start_limited(|limits| limits.connections = 0).await;
    server.still_serves().await;
}
