//! Can a page of another site make somebody's browser write, or read what only they may? Every way in,
//! in one table.

use super::http::{exchange, get};
use super::socket::{Socket, knock};
use super::*;
use serde_json::json;

const JSON: (&str, &str) = ("content-type", "application/json");
const EVENTS: (&str, &str) = ("accept", "text/event-stream");
const EVIL: (&str, &str) = ("origin", "https://evil.example");
const NOWHERE: (&str, &str) = ("origin", "null");
const APP: (&str, &str) = ("origin", "https://app.example");
const GET: &str = "GET /graphql?query=mutation%7BcreatePeople(input:%5B%7Bkey:%22x%22,name:%22X%22%7D%5D)%7Bcreated%7D%7D";
const GET_EXPORT: &str = "GET /export?format=gexf&query=mutation%7BcreatePeople(input:%5B%7Bkey:%22x%22,name:%22X%22%7D%5D)%7Bcreated%7D%7D";

fn server(home: &Home) -> Server {
    let film = ["--ontology", "tests/film/schema.graphql", "--no-seed"];
    home.serve(&[&film[..], &["--cors-origin", "https://app.example"]].concat())
}

fn mutation(key: &str) -> String {
    format!("mutation {{ createPeople(input: [{{key: \"{key}\", name: \"X\"}}]) {{ created }} }}")
}

/// Who tries, the request, and the status of the refusal.
type Try = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    u16,
);

const CREATE: &str = "{\"query\":\"mutation { createPeople(input: [{key: \\\"x\\\", name: \\\"X\\\"}]) { created } }\"}";
const FORM: &str =
    "query=mutation%7BcreatePeople(input:%5B%7Bkey:%22x%22,name:%22X%22%7D%5D)%7Bcreated%7D%7D";
const POST: &str = "POST /graphql";
const EXPORT: &str = "POST /export?format=gexf";
const BACKUP: &str = "POST /admin/backup";
const TEXT: (&str, &str) = ("content-type", "text/plain");
const CODED: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const PARTS: (&str, &str) = ("content-type", "multipart/form-data; boundary=x");
const REBOUND: (&str, &str) = ("host", "evil.example");

#[rustfmt::skip]
const TRIES: [Try; 24] = [
    ("a link", GET, &[], "", 405),
    ("a link of an allowed site", GET, &[APP], "", 405),
    ("a link to events", GET, &[EVENTS], "", 200),
    ("a link to an export", GET_EXPORT, &[], "", 400),
    ("a form of text", POST, &[TEXT], CREATE, 415),
    ("a form", POST, &[CODED], FORM, 415),
    ("a form with files", POST, &[PARTS], CREATE, 415),
    ("a beacon without a type", POST, &[], CREATE, 415),
    ("a script of another site", POST, &[JSON, EVIL], CREATE, 403),
    ("a script of nowhere", POST, &[JSON, NOWHERE], CREATE, 403),
    ("a form of another site", POST, &[TEXT, EVIL], CREATE, 403),
    ("a name that was bound to us", POST, &[JSON, REBOUND], CREATE, 403),
    ("a question before", "OPTIONS /graphql", &[EVIL], "", 403),
    ("an export by form", EXPORT, &[TEXT], CREATE, 415),
    ("an export by script", EXPORT, &[JSON, EVIL], CREATE, 403),
    ("an export that writes", EXPORT, &[JSON], CREATE, 400),
    ("an export before", "OPTIONS /export", &[EVIL], "", 403),
    ("a backup by link", "GET /admin/backup", &[], "", 405),
    ("a backup by form", BACKUP, &[TEXT], "{}", 415),
    ("a backup by script", BACKUP, &[JSON, EVIL], "{}", 403),
    ("a backup by an allowed site", BACKUP, &[JSON, APP], "{}", 403),
    ("a backup before", "OPTIONS /admin/backup", &[APP], "", 403),
    ("a backup of a bound name", BACKUP, &[JSON, REBOUND], "{}", 403),
    ("the metrics by script", "GET /metrics", &[EVIL], "", 403),
];

#[test]
fn no_way_in_lets_another_site_write() {
    let home = Home::new();
    let server = server(&home);
    for (what, line, headers, body, status) in TRIES {
        let answer = exchange(server.address, line, headers, body.as_bytes());
        let told = answer.text();
        assert_eq!(answer.status, status, "{what}: {told}");
        assert!(told.contains("\"message\""), "{what}: {told}");
        let allowed = answer.header("access-control-allow-origin");
        assert!(allowed.is_none_or(|site| site == APP.1), "{what}");
        let people = server.ask("{ peopleConnection { totalCount } revision }");
        let none = json!({"peopleConnection": {"totalCount": 0}, "revision": "0"});
        assert_eq!(people["data"], none, "{what}");
    }
}

#[test]
fn an_allowed_site_may_ask_and_write() {
    let home = Home::new();
    let server = server(&home);
    let before = exchange(server.address, "OPTIONS /graphql", &[APP], b"");
    assert_eq!(before.status, 204);
    assert_eq!(before.header("access-control-allow-origin"), Some(APP.1));
    assert_eq!(before.header("access-control-allow-credentials"), None);
    let body = json!({"query": mutation("x")}).to_string();
    let answer = exchange(
        server.address,
        "POST /graphql",
        &[JSON, APP],
        body.as_bytes(),
    );
    assert_eq!(answer.json()["data"]["createPeople"]["created"], 1);
    assert_eq!(answer.header("access-control-allow-origin"), Some(APP.1));
    assert_eq!(answer.header("vary"), Some("origin"));
    let export = get(
        server.address,
        "/export?format=gexf&query=%7Bpeople%7Bname%7D%7D",
    );
    assert_eq!(export.status, 200, "{}", export.text());
}

#[test]
fn sockets_are_for_our_own_pages_and_allowed_ones() {
    let home = Home::new();
    let server = server(&home);
    for (origin, status) in [
        ("http://localhost", "101"),
        ("https://app.example", "101"),
        ("https://evil.example", "403"),
        ("http://localhost.evil.example", "403"),
        ("http://localhost:81", "403"),
        ("null", "403"),
    ] {
        let (found, _) = knock(&server, &format!("origin: {origin}\r\n"));
        assert_eq!(found, status, "{origin}");
    }
    server.is_alive();
}

#[test]
fn a_mutation_comes_over_a_socket_too() {
    let home = Home::new();
    let server = server(&home);
    let mut socket = Socket::open(&server);
    socket.subscribe("1", &mutation("x"));
    let data = json!({"data": {"createPeople": {"created": 1}}});
    let next = json!({"id": "1", "type": "next", "payload": data});
    assert_eq!(socket.hear().unwrap(), next);
    assert_eq!(
        socket.hear().unwrap(),
        json!({"id": "1", "type": "complete"})
    );
    socket.subscribe("2", &mutation("x"));
    let again = socket.hear().unwrap();
    let error = &again["payload"]["errors"][0];
    assert_eq!(
        error["extensions"]["code"], "CONSTRAINT_VIOLATED",
        "{again}"
    );
    assert_eq!(again["payload"]["data"], Value::Null);
    let people = server.ask("{ people { key } revision }");
    assert_eq!(
        people["data"],
        json!({"people": [{"key": "x"}], "revision": "1"})
    );
}
