//! Does an expensive query end: at its limits, at its time, or when nobody waits for it any more?

use super::*;
use serde_json::json;
use std::net::Shutdown;

/// Tests of tests of tests: each level takes as many times more work as a place has siblings.
pub fn endless(levels: usize) -> String {
    let open = "{partOf: {parts: {count: {gte: 0, where: ".repeat(levels);
    let close = "}}}}".repeat(levels);
    format!("{{ counties(where: {open}{{name: {{contains: \"a\"}}}}{close}) {{ id }} }}")
}

const MULTIPLIED: &str = "{ places { within { parts { within { parts { within { parts { within { parts { id } } } } } } } } } }";

#[test]
fn lists_that_multiply_end_at_the_limit() {
    let home = Home::new();
    let server = home.serve(&[]);
    server.is_alive();
    let before = server.peak();
    let back_and_forth = "{ counties { clusters { clusteredIn { clusters { clusteredIn { clusters { clusteredIn { clusters { clusteredIn { clusters { clusteredIn { clusters { clusteredIn { clusters { clusteredIn { id } } } } } } } } } } } } } } } }";
    let cited = "{ counties { references { source { citedBy { nodes { references { source { citedBy { nodes { id } } } } } } } } } }";
    for query in [MULTIPLIED, back_and_forth, cited] {
        let (code, text) = server.refusal(query);
        assert_eq!(code, "LIMIT_EXCEEDED", "{text}");
        says_all(&text, &["the limit `", "hint"]);
        server.is_alive();
    }
    let extra = (server.peak() - before) >> 20;
    assert!(extra < 128, "{extra} MB more");
}

#[test]
fn each_limit_has_its_name() {
    let home = Home::new();
    let server = home.serve(&[
        "--max-cost",
        "500",
        "--max-answer",
        "20000",
        "--max-records",
        "1000",
    ]);
    let refusal = |query: &str| server.refusal(query);
    let (code, text) = refusal(
        "{ places(where: {note: {contains: \"x\"}}) { id } sources(where: {url: {contains: \"x\"}}) { id } people: persons { id } }",
    );
    assert_eq!(code, "LIMIT_EXCEEDED");
    says_all(&text, &["`cost` of 500", "--max-cost"]);
    let labels = "{ counties(limit: 40) { a: officialName b: officialName references { note locator source { title(lang: [\"zh\"]) publisher url } } nameTexts { lang value } } }";
    let (code, text) = refusal(labels);
    assert_eq!(code, "LIMIT_EXCEEDED");
    says_all(&text, &["`answer size` of 20000", "first"]);
    server.is_alive();
}

#[test]
fn time_ends_a_query_and_the_server_goes_on() {
    let home = Home::new();
    let server = home.serve(&["--timeout", "0.2", "--max-cost", "1000000000000"]);
    let response = server.post(json!({"query": endless(20)}).to_string().as_bytes());
    assert_eq!(response.refusal(), (503, "TIMEOUT".to_owned()));
    says_all(&response.text(), &["time limit", "hint"]);
    server.is_alive();
}

/// A run holds its thread until it ends, and there are few: after many endless queries whose
/// clients left, another long query is answered only if those have stopped.
#[test]
fn a_client_that_leaves_takes_its_query_along() {
    let home = Home::new();
    let server = home.serve(&["--timeout", "3600", "--max-cost", "1000000000000"]);
    let body = json!({"query": endless(20)}).to_string();
    let headers = [("content-type", "application/json")];
    let request = http::request("POST /graphql", &headers, body.as_bytes());
    for _ in 0..20 {
        let stream = http::send(server.address, &request);
        stream.shutdown(Shutdown::Both).unwrap();
    }
    let waiting: Vec<_> = (0..4)
        .map(|_| http::send(server.address, &request))
        .collect();
    server.is_alive();
    drop(waiting);
    let long = server.ask("{ places { within { parts { within { parts { id } } } } } }");
    assert!(long["data"]["places"].is_array(), "{long:.300}");
}

#[test]
fn cheap_questions_are_answered_while_expensive_ones_run() {
    let home = Home::new();
    let server = home.serve(&["--timeout", "3600", "--max-cost", "1000000000000"]);
    let body = json!({"query": endless(20)}).to_string();
    let headers = [("content-type", "application/json")];
    let request = http::request("POST /graphql", &headers, body.as_bytes());
    let running: Vec<_> = (0..8)
        .map(|_| http::send(server.address, &request))
        .collect();
    let address = server.address;
    let clients: Vec<_> = (0..2)
        .map(|_| {
            std::thread::spawn(move || {
                let body = b"{\"query\":\"{ county(key: \\\"puning\\\") { name } }\"}";
                let headers = [("content-type", "application/json")];
                (0..50).for_each(|_| {
                    let answer = http::post(address, body, &headers).json();
                    assert_eq!(answer, json!({"data": {"county": {"name": "普宁"}}}));
                });
            })
        })
        .collect();
    clients
        .into_iter()
        .for_each(|client| client.join().unwrap());
    drop(running);
}
