//! What becomes of a write whose client leaves before it is answered? All of it or nothing, and the
//! writer goes on.

use super::shutdown::until;
use super::socket::Socket;
use super::*;
use serde_json::json;
use std::collections::BTreeSet;
use std::net::Shutdown;

/// Two nodes and the edge between them, so that a part of it would be seen.
fn pair(name: &str) -> String {
    format!(
        "mutation {{ createPeople(input: [{{key: \"{name}-a\", name: \"A\", partners: {{create: \
         [{{node: {{key: \"{name}-b\", name: \"B\"}}}}]}}}}]) {{ created }} }}"
    )
}

/// A write that others wait for.
fn long() -> Value {
    let person = |at| json!({"key": format!("long{at}"), "name": "L"});
    let people: Vec<_> = (0..5_000).map(person).collect();
    let query = "mutation($p: [PersonInput!]!) { createPeople(input: $p) { created } }";
    json!({"query": query, "variables": {"p": people}})
}

fn request(body: &Value) -> Vec<u8> {
    let headers = [("content-type", "application/json")];
    http::request("POST /graphql", &headers, body.to_string().as_bytes())
}

fn server(home: &Home) -> Server {
    home.serve(&["--ontology", "tests/film/schema.graphql", "--no-seed"])
}

/// Waits for the writer by a write of its own; then each pair is whole or not there, soon nothing waits,
/// and a restart loses nothing (what those who left had sent may still be read and written meanwhile).
#[track_caller]
fn all_or_nothing(home: &Home, server: Server, begun: &str) {
    let last = server.ask(&pair("last"));
    assert_eq!(last["data"]["createPeople"]["created"], 2, "{last}");
    let there = pairs(&server);
    assert!(there.contains("last"));
    assert!(
        there
            .iter()
            .all(|name| name == "last" || name.starts_with(begun))
    );
    until(server.address, "\nguitu_write_queue 0");
    server.kill();
    let again = self::server(home);
    assert!(pairs(&again).is_superset(&there));
    again.kill();
    home.verified();
}

/// The pairs that there are, each of them whole.
#[track_caller]
fn pairs(server: &Server) -> BTreeSet<String> {
    let all = "{ people(where: {NOT: {key: {startsWith: \"long\"}}}) { key partners { key } } }";
    let answer = server.ask(all);
    let people = answer["data"]["people"].as_array();
    let people = people.unwrap_or_else(|| panic!("{answer:.300}"));
    let pair = |person: &Value| {
        let key = person["key"].as_str().unwrap();
        let (name, end) = key.rsplit_once('-').unwrap();
        let other = if end == "a" { "b" } else { "a" };
        assert_eq!(
            person["partners"],
            json!([{"key": format!("{name}-{other}")}])
        );
        name.to_owned()
    };
    let pairs: BTreeSet<String> = people.iter().map(pair).collect();
    assert_eq!(pairs.len() * 2, people.len());
    pairs
}

#[test]
fn clients_that_leave_leave_nothing_half_done() {
    let home = Home::new();
    let server = server(&home);
    let waits = http::send(server.address, &request(&long()));
    for number in 0..50 {
        let body = json!({"query": pair(&format!("http{number}"))});
        let stream = http::send(server.address, &request(&body));
        stream.shutdown(Shutdown::Both).unwrap();
    }
    // And some that leave before they have said everything.
    for number in 0..10 {
        let body = json!({"query": pair(&format!("half{number}"))});
        let bytes = request(&body);
        drop(http::send(server.address, &bytes[..bytes.len() - 5]));
    }
    drop(waits);
    all_or_nothing(&home, server, "http");
}

#[test]
fn sockets_that_close_leave_nothing_half_done() {
    let home = Home::new();
    let server = server(&home);
    let waits = http::send(server.address, &request(&long()));
    for number in 0..10 {
        let mut socket = Socket::open(&server);
        for operation in 0..5 {
            let name = format!("ws{number}x{operation}");
            socket.subscribe(&name, &pair(&name));
        }
        socket.stream.shutdown(Shutdown::Both).unwrap();
    }
    drop(waits);
    all_or_nothing(&home, server, "ws");
}
