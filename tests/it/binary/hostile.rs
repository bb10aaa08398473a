//! Does everything that a client may send end in a clear error, with a server that goes on in the same
//! memory? One table for requests, one for messages of WebSockets. More documents are in `attacks`, envelopes
//! in `guards`, slow connections in the tests of `server`, where times are short.

use super::http::{raw, request};
use super::socket::{INIT, Socket, frame, knock};
use super::*;
use serde_json::json;
use std::io::Write;

/// How much more memory all of it may cost.
const EXTRA: u64 = 128 << 20;
const JSON: (&str, &str) = ("content-type", "application/json");
const LARGE: &str = "16777216";

/// What is sent, and what must come back: the status, and a part of the text.
struct Case(&'static str, Vec<u8>, u16, &'static str);

fn post(body: impl AsRef<[u8]>) -> Vec<u8> {
    request("POST /graphql", &[JSON], body.as_ref())
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    let headers = [JSON, ("content-encoding", coding)];
    request("POST /graphql", &headers, body)
}

fn chunked(pieces: usize) -> Vec<u8> {
    let head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let piece = format!("10000\r\n{}\r\n", " ".repeat(65_536));
    [head, &piece.repeat(pieces), "0\r\n\r\n"].concat().into()
}

fn asked(query: &str, variables: &str) -> Vec<u8> {
    let query = json!(query);
    post(format!("{{\"query\":{query},\"variables\":{variables}}}"))
}

/// A query with one string.
fn with(query: &str, text: &str) -> Vec<u8> {
    asked(query, &json!({"s": text}).to_string())
}

const NODE: &str = "query($s: ID!) { node(id: $s) { id } }";
const LIMIT: &str = "query($s: Int) { counties(limit: $s) { id } }";
const WHERE: &str = "query($s: CountyWhere) { counties(where: $s) { id } }";
const SEARCH: &str = "query($s: String!) { search(query: $s) { totalCount } }";
const MATCHES: &str = "query($s: String!) { counties(where: {name: {matches: $s}}) { id } }";
const CREATE: &str = "mutation($s: String!) { createProducts(input: [{key: $s, name: [], kind: SPECIALTY}]) { created } }";

/// What no value may be.
#[rustfmt::skip]
fn values() -> Vec<Case> {
    let long = "a".repeat(1_000_000);
    let deep = format!("{{\"s\":{}{{}}{}}}", "{\"NOT\":".repeat(10_000), "}".repeat(10_000));
    let digits = format!("{{\"s\":{}}}", "9".repeat(1_000_000));
    let named = format!("{{\"query\":\"{{ revision }}\",\"operationName\":\"{long}\"}}");
    vec![
        Case("a megabyte to search for", with(SEARCH, &long), 200, "200 characters"),
        Case("a pattern of a megabyte", with(MATCHES, &long), 200, "`bytes of a regular expression`"),
        Case("a pattern that backtracks", with(MATCHES, "(a*)*(a|aa)*$x"), 200, "\"counties\":[]"),
        Case("a pattern that grows", with(MATCHES, "((a{1,99}){1,99}){1,99}"), 200, "compiled it takes more"),
        Case("an id with NUL", with(NODE, "County:\0"), 200, "\"node\":null"),
        Case("an id of a megabyte", with(NODE, &long), 200, "\"node\":null"),
        Case("a key with NUL", with(CREATE, "a\0b"), 200, "control character"),
        Case("half a surrogate pair in a variable", asked(NODE, r#"{"s":"\ud800"}"#), 200, "hex escape"),
        Case("half a surrogate pair in a literal", asked(r#"{ node(id: "\ud800") { id } }"#, "{}"), 200, "surrogate"),
        Case("no code point", asked(r#"{ node(id: "\u{110000}") { id } }"#, "{}"), 200, "scalar value"),
        Case("a number beyond all", asked(LIMIT, r#"{"s":1e999}"#), 200, "out of range"),
        Case("a number of a megabyte", asked(LIMIT, &digits), 200, "out of range"),
        Case("a literal beyond all", asked("{ counties(limit: 1e999) { id } }", "{}"), 200, "Int"),
        Case("null where none may be", asked(NODE, r#"{"s":null}"#), 200, "$s"),
        Case("null as a condition", asked(WHERE, r#"{"s":{"name":null}}"#), 200, "isNull"),
        Case("a wrong type", asked(NODE, r#"{"s":{}}"#), 200, "expected ID!"),
        Case("an unknown field", asked(WHERE, r#"{"s":{"nam":{}}}"#), 200, "has no field `nam`"),
        Case("a key twice", asked(WHERE, r#"{"s":{"key":{"eq":"a"},"key":{}}}"#), 200, "given more than once"),
        Case("a variable twice", asked(NODE, r#"{"s":"a","s":"b"}"#), 200, "given more than once"),
        Case("variables of depth 10,000", asked(WHERE, &deep), 200, "`nesting`"),
        Case("an operation's name of a megabyte", post(named), 200, "no operation named"),
    ]
}

/// What no body, and no head, may be.
#[rustfmt::skip]
fn envelopes() -> Vec<Case> {
    let twice = [JSON, ("content-encoding", "identity"), ("content-encoding", "gzip")];
    let batch = format!("[{}]", vec!["{\"query\":\"{ revision }\"}"; 10_000].join(","));
    let url = format!("GET /graphql?query={} HTTP/1.1\r\nhost: localhost\r\n\r\n", "a".repeat(10_000_000));
    let plain = "must not be compressed";
    vec![
        Case("gzip", coded("gzip", b"\x1f\x8b\x08"), 415, plain),
        Case("deflate", coded("deflate", b"\x78\x9c"), 415, plain),
        Case("brotli", coded("br", b"\x0b"), 415, plain),
        Case("two codings", coded("zstd, gzip", b"{}"), 415, plain),
        Case("a coding in a second header", request("POST /graphql", &twice, b"{}"), 415, plain),
        Case("gzip unannounced", post(b"\x1f\x8b\x08\0\0\0\0\0"), 400, "UTF-8"),
        Case("broken UTF-8", post(b"{\"query\":\"{ \xc3\x28 }\"}"), 400, "UTF-8"),
        Case("broken JSON", post("{\"query\":\"{ revision }\""), 400, "not valid JSON"),
        Case("17 MiB in chunks, without a length", chunked(272), 413, "16777216"),
        Case("a batch of 10,000", post(batch), 400, "the limit is 10"),
        Case("a query twice", post("{\"query\":\"{ a }\",\"query\":\"{ b }\"}"), 400, "given twice"),
        Case("a URL of 10 MB", url.into(), 431, ""),
    ]
}

/// What no document may be, where bodies may be large.
#[rustfmt::skip]
fn documents() -> Vec<Case> {
    let aliases: String = (0..100_000).map(|at| format!("a{at}:revision ")).collect();
    let deep = format!("{{ counties {}{{ id }}{} }}", "{ partOf ".repeat(10_000), "}".repeat(10_000));
    let bomb: String = (0..60).map(|at| format!("fragment f{at} on Query {{ ...f{0} ...f{0} }} ", at + 1)).collect();
    let bomb = format!("{{ ...f0 }} {bomb} fragment f60 on Query {{ revision }}");
    let cycle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }";
    let long = "a".repeat(10_000_000);
    let string = format!("{{ node(id: \"{long}\") {{ id }} }}");
    vec![
        Case("100,000 aliases", asked(&format!("{{ {aliases} }}"), "{}"), 200, "`tokens`"),
        Case("depth 10,000", asked(&deep, "{}"), 200, "`nesting`"),
        Case("a bomb of fragments", asked(&bomb, "{}"), 200, "`fields`"),
        Case("a circle of fragments", asked(cycle, "{}"), 200, "reference itself"),
        Case("a name of 10 MB", asked(&format!("{{ {long} }}"), "{}"), 200, "does not have a field"),
        Case("a string of 10 MB", asked(&string, "{}"), 200, "\"node\":null"),
    ]
}

#[test]
fn every_bad_request_is_told_what_is_wrong() {
    let home = Home::new();
    let server = home.serve(&["--max-body", LARGE]);
    server.is_alive();
    let before = server.peak();
    let all = values().into_iter().chain(envelopes()).chain(documents());
    for Case(what, bytes, status, says) in all {
        let answer = http::parse(&raw(server.address, &bytes));
        assert_eq!(answer.status, status, "{what}: {:.300}", answer.text());
        assert!(
            answer.text().contains(says),
            "{what}: {:.300}",
            answer.text()
        );
        assert!(
            answer.body.len() < 5_000,
            "{what}: {} bytes",
            answer.body.len()
        );
        server.is_alive();
    }
    let extra = server.peak() - before;
    assert!(extra < EXTRA, "{} MB more", extra >> 20);
}

/// What no message may be, and with which code the conversation ends.
#[rustfmt::skip]
fn messages() -> Vec<(&'static str, Vec<u8>, &'static [u16])> {
    let long = format!("{{\"type\":\"ping\",\"payload\":{{\"a\":\"{}\"}}}}", "a".repeat(70_000));
    let deep = format!("{{\"type\":\"ping\",\"payload\":{}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    vec![
        ("no JSON", frame(0x81, b"{"), &[4400]),
        ("an unknown type", frame(0x81, b"{\"type\":\"hello\"}"), &[4400]),
        ("a binary message", frame(0x82, INIT.as_bytes()), &[4400]),
        ("broken UTF-8", frame(0x81, b"{\"type\":\"\xff\"}"), &[1002, 1007]),
        ("a large message", frame(0x81, long.as_bytes()), &[1002, 1009]),
        ("a deep message", frame(0x81, deep.as_bytes()), &[1002, 4400]),
        ("an announcement of 2^62 bytes", [&b"\x81\xff\x40"[..], &[0; 11]].concat(), &[1002, 1009]),
        ("a second init", frame(0x81, INIT.as_bytes()), &[4429]),
    ]
}

#[test]
fn every_bad_message_is_told_what_is_wrong() {
    let home = Home::new();
    let server = home.serve(&["--no-seed"]);
    for (what, bytes, codes) in messages() {
        let mut socket = Socket::open(&server);
        socket.stream.write_all(&bytes).unwrap();
        let (code, reason) = socket.hear().expect_err(what);
        assert!(codes.contains(&code), "{what}: {code} {reason}");
        server.is_alive();
    }
    let (_, stream) = knock(&server, "");
    let mut early = Socket { stream };
    early.subscribe("1", "{ revision }");
    assert_eq!(early.hear().expect_err("no init").0, 4401);
}

#[test]
fn thousands_of_subscriptions_on_one_socket_are_refused_one_by_one() {
    let home = Home::new();
    let server = home.serve(&["--no-seed"]);
    let before = server.peak();
    let mut socket = Socket::open(&server);
    let mut writing = Socket {
        stream: socket.stream.try_clone().unwrap(),
    };
    let flood = std::thread::spawn(move || {
        for id in 0..5_000 {
            writing.subscribe(&id.to_string(), "subscription { changes { revision } }");
        }
    });
    for _ in 50..5_000 {
        let refused = socket.hear().unwrap();
        assert_eq!(refused["type"], "error", "{refused}");
        let error = &refused["payload"][0];
        assert_eq!(error["extensions"]["code"], "LIMIT_EXCEEDED", "{refused}");
    }
    flood.join().unwrap();
    server.is_alive();
    assert!(server.peak() - before < EXTRA);
}

#[test]
fn pings_without_end_are_not_kept() {
    let home = Home::new();
    let server = home.serve(&["--no-seed"]);
    let before = server.peak();
    let mut deaf = Socket::open(&server);
    deaf.stream.set_nonblocking(true).unwrap();
    let ping = frame(0x89, &[b'x'; 125]).repeat(64);
    // As many as the connection takes while nobody reads the answers.
    let mut refused = 0;
    for _ in 0..200_000 {
        match deaf.stream.write(&ping) {
            Ok(_) => refused = 0,
            Err(_) => refused += 1,
        }
        if refused > 1_000 {
            break;
        }
    }
    server.is_alive();
    assert!(server.peak() - before < EXTRA);
}

#[test]
fn a_subscriber_that_never_reads_costs_a_bounded_part() {
    let home = Home::new();
    let server = home.serve(&["--ontology", "tests/film/schema.graphql", "--no-seed"]);
    let deaf: Vec<Socket> = (0..20)
        .map(|_| {
            let mut socket = Socket::open(&server);
            socket.subscribe(
                "1",
                "subscription { changes { events { before node { ... on Person { name } } } } }",
            );
            socket
        })
        .collect();
    let before = server.peak();
    let put = "mutation($n: String!) { upsertPeople(input: [{key: \"a\", set: {name: $n}}]) { revision } }";
    for round in 0..200 {
        let name = format!("{round}{}", "x".repeat(50_000));
        let answer = server.ask_with(put, json!({"n": name}));
        assert!(answer["errors"].is_null(), "{answer:.300}");
    }
    // 20 × 200 answers of 100 KB would be 400 MB.
    assert!(
        server.peak() - before < EXTRA,
        "{} MB",
        (server.peak() - before) >> 20
    );
    drop(deaf);
    server.is_alive();
}

#[test]
fn sockets_beyond_the_limit_are_refused() {
    let home = Home::new();
    let server = home.serve(&["--no-seed", "--max-sockets", "100"]);
    let all: Vec<_> = (0..150).map(|_| knock(&server, "")).collect();
    let open = all.iter().filter(|(status, _)| status == "101").count();
    let refused = all.iter().filter(|(status, _)| status == "503").count();
    assert_eq!((open, refused), (100, 50));
    server.is_alive();
}

#[test]
fn a_thousand_connections_that_say_half_a_word_keep_nobody_out() {
    let home = Home::new();
    let server = home.serve(&["--no-seed"]);
    let half = [
        &b""[..],
        b"G",
        b"GET /graphql HTTP/1.1\r\nhost: local",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n",
    ];
    let idle: Vec<_> = (0..800)
        .map(|at| http::send(server.address, half[at % half.len()]))
        .collect();
    server.is_alive();
    drop(idle);
    server.is_alive();
}
