//! Is a request that is no request refused with what would be accepted, and nothing else harmed?

use super::http::{exchange, get, post};
use super::*;
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");
const REVISION: &[u8] = b"{\"query\":\"{ revision }\"}";

fn server() -> (Home, Server) {
    let home = Home::new();
    let server = home.serve(&[
        "--no-seed",
        "--allow-host",
        "graph.example",
        "--cors-origin",
        "https://app.example",
    ]);
    (home, server)
}

#[test]
fn bodies_that_are_no_requests_are_told() {
    let (_home, server) = server();
    let deep = [b"[".repeat(500_000), b"]".repeat(500_000)].concat();
    let batch = |count| {
        format!(
            "[{}]",
            vec!["{\"query\":\"{ revision }\"}"; count].join(",")
        )
    };
    let eleven = batch(11);
    let large = vec![b' '; (1 << 20) + 1];
    let cases: [(&[u8], u16, &str); 19] = [
        (b"", 400, "empty"),
        (b"{", 400, "JSON"),
        (b"1", 400, "object"),
        (b"null", 400, "object"),
        (b"[]", 400, "batch"),
        (b"{}", 400, "query"),
        (b"{\"query\":1}", 400, "query"),
        (b"{\"query\":null}", 400, "query"),
        (
            b"{\"query\":\"{ revision }\",\"variables\":1}",
            400,
            "variables",
        ),
        (
            b"{\"query\":\"{ revision }\",\"operationName\":1}",
            400,
            "operationName",
        ),
        (
            b"{\"query\":\"{ revision }\",\"query\":\"{ a }\"}",
            400,
            "twice",
        ),
        (b"{\"query\":\"\xff\xfe\"}", 400, "UTF-8"),
        (b"{\"query\":\"{ a(b: \\\"\\ud800\\\") }\"}", 400, "escape"),
        (b"\xef\xbb\xbf{\"query\":\"{ revision }\"}", 400, "JSON"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", 400, "UTF-8"),
        (&deep, 200, "object"),
        (eleven.as_bytes(), 400, "limit is 10"),
        (&large, 413, "1048576"),
        (&vec![b'['; 900_000], 400, "JSON"),
    ];
    for (body, status, says) in cases {
        let answer = server.post(body);
        let start = String::from_utf8_lossy(&body[..body.len().min(60)]);
        assert_eq!(answer.status, status, "{start}: {}", answer.text());
        says_all(&answer.text(), &[says]);
        server.is_alive();
    }
    assert_eq!(
        server
            .post(batch(10).as_bytes())
            .json()
            .as_array()
            .unwrap()
            .len(),
        10
    );
}

#[test]
fn media_types_are_checked() {
    let (_home, server) = server();
    for wrong in [
        &[][..],
        &[("content-type", "text/plain")],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[("content-type", "multipart/form-data; boundary=x")],
        &[("content-type", "application/json; charset=latin1")],
        &[JSON, ("content-encoding", "gzip")],
    ] {
        let answer = post(server.address, REVISION, wrong);
        assert_eq!(answer.status, 415, "{wrong:?}: {}", answer.text());
        says_all(&answer.text(), &["application/json"]);
    }
    let answer = post(server.address, REVISION, &[JSON, ("accept", "image/png")]);
    assert_eq!(answer.status, 406, "{}", answer.text());
    server.is_alive();
}

#[test]
fn methods_are_checked() {
    let (_home, server) = server();
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = exchange(
            server.address,
            &format!("{method} /graphql"),
            &[JSON],
            REVISION,
        );
        assert_eq!(answer.status, 405, "{method}");
        says_all(&answer.head.to_lowercase(), &["allow: get, post"]);
    }
    let answer = get(
        server.address,
        "/graphql?query=mutation%7BdeleteCounties(where:%7B%7D)%7Bdeleted%7D%7D",
    );
    assert!(
        (400..500).contains(&answer.status) || answer.json()["errors"].is_array(),
        "{}",
        answer.text()
    );
    let answer = get(server.address, "/graphql");
    assert_eq!(answer.status, 400, "{}", answer.text());
    says_all(&answer.text(), &["query"]);
}

#[test]
fn hosts_and_origins_are_checked() {
    let (_home, server) = server();
    let ask = |headers: &[(&str, &str)]| {
        let headers: Vec<_> = headers.iter().copied().chain([JSON]).collect();
        post(server.address, REVISION, &headers)
    };
    for host in [
        "localhost",
        "127.0.0.1:80",
        "[::1]",
        "graph.example",
        "Graph.Example:8080",
    ] {
        assert_eq!(ask(&[("host", host)]).status, 200, "{host}");
    }
    let wrong = ask(&[("host", "evil.example")]);
    assert_eq!(wrong.status, 403);
    says_all(&wrong.text(), &["evil.example", "--allow-host"]);
    assert_eq!(ask(&[("host", "localhost.evil.example")]).status, 403);
    for origin in ["http://localhost", "https://app.example"] {
        assert_eq!(ask(&[("origin", origin)]).status, 200, "{origin}");
    }
    let allowed = ask(&[("origin", "https://app.example")])
        .head
        .to_lowercase();
    says_all(
        &allowed,
        &["access-control-allow-origin: https://app.example"],
    );
    for origin in [
        "null",
        "https://evil.example",
        "http://localhost.evil.example",
        "https://app.example.evil",
    ] {
        let wrong = ask(&[("origin", origin)]);
        assert_eq!(wrong.status, 403, "{origin}");
        says_all(&wrong.text(), &["--cors-origin"]);
    }
}

#[test]
fn sockets_of_foreign_pages_are_refused() {
    let (_home, server) = server();
    let upgrade = |origin| {
        let head = format!(
            "GET /graphql HTTP/1.1\r\nhost: localhost\r\norigin: {origin}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             sec-websocket-protocol: graphql-transport-ws\r\n\r\n"
        );
        let mut stream = http::send(server.address, head.as_bytes());
        let mut status = [0; 12];
        stream.read_exact(&mut status).unwrap();
        String::from_utf8_lossy(&status[9..]).into_owned()
    };
    assert_eq!(upgrade("http://localhost"), "101");
    assert_eq!(upgrade("https://evil.example"), "403");
    server.is_alive();
}

#[test]
fn broken_http_ends_only_its_connection() {
    let (_home, server) = server();
    let long = format!(
        "GET /graphql?query={} HTTP/1.1\r\nhost: localhost\r\n\r\n",
        "a".repeat(200_000)
    );
    for (bytes, status) in [
        (&b"\x16\x03\x01\x02\x00\x01\x00"[..], "400"),
        (b"GET / HTTP/9.9\r\n\r\n", "400"),
        (
            b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
            "400",
        ),
        (
            b"GET / HTTP/1.1\r\nhost: localhost\r\nhost: localhost\r\nconnection: close\r\n\r\n",
            "400",
        ),
        (long.as_bytes(), "4"),
    ] {
        let answer = http::raw(server.address, bytes);
        let text = String::from_utf8_lossy(&answer);
        assert!(
            text.is_empty() || text[9..].starts_with(status),
            "{text:.200}"
        );
        server.is_alive();
    }
    // One that announces a body and leaves.
    let half = b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"query\"";
    drop(http::send(server.address, half));
    server.is_alive();
}

#[test]
fn what_is_unknown_or_of_a_wrong_type_gets_a_hint() {
    let (_home, server) = server();
    for (query, says) in [
        ("{ countis { id } }", "did you mean `counties`"),
        ("{ counties { nam } }", "did you mean `name`"),
        ("{ counties(wher: {}) { id } }", "where"),
        ("{ counties(where: {nam: {}}) { id } }", "name"),
        ("{ counties(where: {name: {equals: \"a\"}}) { id } }", "eq"),
        ("{ counties(limit: \"a\") { id } }", "Int"),
        ("{ counties }", "choose some of its fields"),
        ("{ counties { id }", "expected `}`, found the end"),
        ("", "an operation is missing"),
        ("{ revision { id } }", "leave out the"),
        ("{ county { id } }", "key"),
        ("{ counties(sort: [{name: UP}]) { id } }", "ASC"),
        ("{ counties(sort: [{name: ASC, key: ASC}]) { id } }", "sort"),
        ("{ countiesConnection(first: -1) { totalCount } }", "first"),
        (
            "{ countiesConnection(after: \"x\") { totalCount } }",
            "after",
        ),
        ("query($a: Strin) { revision }", "Strin"),
        ("query($a: Int!) { counties(limit: $b) { id } }", "$b"),
    ] {
        let answer = server.ask(query);
        says_all(&answer["errors"].to_string(), &[says]);
    }
    assert_eq!(
        server.ask("{ revision }"),
        json!({"data": {"revision": "0"}})
    );
}
