//! What is written over HTTP: is it all there, or nothing of it, whoever else writes and whenever the
//! program is killed?

use super::*;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};

const CREATE: &str =
    "mutation($input: [PersonInput!]!) { createPeople(input: $input) { created revision } }";
const COUNT: &str = "{ peopleConnection { totalCount } revision }";

fn empty(home: &Home) -> Server {
    home.serve(&["--ontology", "tests/film/schema.graphql", "--no-seed"])
}

fn counted(server: &Server) -> (u64, String) {
    let answer = server.ask(COUNT);
    let count = answer["data"]["peopleConnection"]["totalCount"].as_u64();
    let revision = answer["data"]["revision"].as_str().unwrap_or_default();
    (count.unwrap_or_else(|| panic!("{answer}")), revision.into())
}

#[test]
fn ten_thousand_records_in_one_operation_are_one_commit() {
    let home = Home::new();
    let server = empty(&home);
    let person = |at| json!({"key": format!("p{at}"), "name": format!("P {at}")});
    let input: Vec<_> = (0..10_000).map(person).collect();
    let answer = server.ask_with(CREATE, json!({"input": input}));
    let done = json!({"created": 10_000, "revision": "1"});
    assert_eq!(answer, json!({"data": {"createPeople": done}}));
    let again = server.ask_with(CREATE, json!({"input": input}));
    let errors = again["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 101, "the first hundred and a count");
    says_all(&errors[100].to_string(), &["and 9900 more"]);
    let linked = "mutation { updatePeople(where: {key: {ne: \"p0\"}}, increment: {}, set: {
        partners: {connect: [{node: {id: \"Person:p0\"}}]}}) { updated relationshipsCreated } }";
    let done = json!({"updated": 9_999, "relationshipsCreated": 9_999});
    let linked = server.ask(&linked.replace("increment: {}, ", ""));
    assert_eq!(linked, json!({"data": {"updatePeople": done}}));
    server.kill();
    let server = empty(&home);
    assert_eq!(counted(&server), (10_000, "2".to_owned()));
    server.kill();
    home.verified();
}

#[test]
fn a_dry_run_answers_as_if_and_keeps_nothing() {
    let home = Home::new();
    let server = home.serve(&FILM);
    let mutation =
        "mutation { createPeople(input: [{key: \"n\", name: \"N\"}]) { people { id revision }
        created revision } deleteFilms(where: {}, cascade: true) { deleted } }";
    let body = json!({"query": mutation, "extensions": {"dryRun": true}}).to_string();
    let before = server.ask(COUNT);
    let answer = server.post(body.as_bytes()).json();
    let person =
        json!({"people": [{"id": "Person:n", "revision": "2"}], "created": 1, "revision": "2"});
    assert_eq!(answer["data"]["createPeople"], person, "{answer}");
    assert_eq!(answer["data"]["deleteFilms"]["deleted"], 12);
    assert_eq!(server.ask(COUNT), before);
    let wrong = json!({"query": mutation, "extensions": {"dryRun": "yes"}}).to_string();
    let (code, _) = error(&server.post(wrong.as_bytes()).json());
    assert_eq!(code, "BAD_USER_INPUT");
    let unfit = json!({"query": "mutation { deletePeople(where: {}) { deleted } }",
        "extensions": {"dryRun": true}});
    let (code, _) = error(&server.post(unfit.to_string().as_bytes()).json());
    assert_eq!(code, "CONSTRAINT_VIOLATED");
}

#[test]
fn a_mutation_comes_by_post_or_as_events_and_never_by_get() {
    let home = Home::new();
    let server = empty(&home);
    let query = "query=mutation%7BdeletePeople(where:%7B%7D)%7Bdeleted%7D%7D";
    let got = http::get(server.address, &format!("/graphql?{query}"));
    assert_eq!((got.status, got.header("allow")), (405, Some("POST")));
    let mutation = "mutation { createPeople(input: [{key: \"n\", name: \"N\"}]) { created } }";
    let body = json!({"query": mutation}).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept", "text/event-stream"),
    ];
    let request = http::request("POST /graphql", &headers, body.as_bytes());
    let events = String::from_utf8(http::raw(server.address, &request)).unwrap();
    says_all(
        &events,
        &["event: next", "{\"createPeople\":{\"created\":1}}"],
    );
    assert_eq!(counted(&server).0, 1);
}

#[test]
fn a_stale_revision_is_a_conflict() {
    let home = Home::new();
    let server = empty(&home);
    let one = json!({"input": [{"key": "n", "name": "N"}]});
    assert_eq!(
        server.ask_with(CREATE, one)["data"]["createPeople"]["revision"],
        "1"
    );
    let rename =
        "mutation($since: Revision, $name: String) { updatePeople(where: {key: {eq: \"n\"}},
        set: {name: $name}, ifRevision: $since) { updated revision } }";
    let first = server.ask_with(rename, json!({"since": "1", "name": "First"}));
    assert_eq!(
        first["data"]["updatePeople"],
        json!({"updated": 1, "revision": "2"})
    );
    let (code, said) = error(&server.ask_with(rename, json!({"since": "1", "name": "Second"})));
    assert_eq!(code, "CONFLICT");
    says_all(&said, &["changed by commit 2", "after revision 1"]);
    assert_eq!(
        server.ask("{ people { name } }")["data"]["people"][0]["name"],
        "First"
    );
}

#[test]
fn writers_at_once_lose_nothing_of_each_other() {
    let home = Home::new();
    let server = empty(&home);
    let film = "mutation { createFilms(input: [{key: \"f\", title: [{lang: \"en\", value: \"F\"}],
        gross: \"0\"}]) { created } }";
    assert_eq!(server.ask(film)["data"]["createFilms"]["created"], 1);
    let count = "mutation { updateFilms(where: {key: {eq: \"f\"}}, increment: {gross: \"1\"}) {
        updated revision } }";
    let revisions: Vec<u64> = std::thread::scope(|scope| {
        let server = &server;
        let one = move || revision(&server.ask(count)["data"]["updateFilms"]);
        let writers: Vec<_> = (0..4)
            .map(|_| scope.spawn(move || (0..50).map(|_| one()).collect::<Vec<_>>()))
            .collect();
        writers
            .into_iter()
            .flat_map(|w| w.join().unwrap())
            .collect()
    });
    let distinct: std::collections::BTreeSet<_> = revisions.iter().copied().collect();
    assert_eq!(distinct, (2..=201).collect(), "each is a commit of its own");
    let answer = server.ask("{ film(key: \"f\") { gross } }");
    assert_eq!(answer["data"]["film"]["gross"], "200");
}

fn revision(of: &Value) -> u64 {
    let revision = of["revision"].as_str();
    revision.unwrap_or_else(|| panic!("{of}")).parse().unwrap()
}

/// One write: two nodes and the edge between them, so that a part of it would be seen.
fn pair(at: usize) -> Vec<u8> {
    let mutation = format!(
        "mutation {{ createPeople(input: [{{key: \"a{at}\", name: \"A{at}\", partners: {{create: \
         [{{node: {{key: \"b{at}\", name: \"B{at}\"}}}}]}}}}]) {{ created }} }}"
    );
    json!({"query": mutation}).to_string().into_bytes()
}

/// Writes until the server is gone; the first that was not acknowledged.
fn write_until_gone(address: SocketAddr, from: usize, acknowledged: &AtomicUsize) -> usize {
    for at in from.. {
        let headers = [("content-type", "application/json")];
        let request = http::request("POST /graphql", &headers, &pair(at));
        let Ok(mut stream) = std::net::TcpStream::connect(address) else {
            return at;
        };
        let mut answer = Vec::new();
        let sent = std::io::Write::write_all(&mut stream, &request);
        let read = sent.and_then(|()| stream.read_to_end(&mut answer));
        let is_whole = String::from_utf8_lossy(&answer).contains("\"created\":2");
        if read.is_err() || !is_whole {
            return at;
        }
        acknowledged.store(at + 1, Ordering::Release);
    }
    unreachable!("a range without end")
}

#[test]
fn what_was_acknowledged_survives_a_kill_and_the_rest_is_whole_or_not_at_all() {
    let home = Home::new();
    let mut written = 0;
    for round in 1..=8 {
        let server = empty(&home);
        let there = partners(&server);
        assert!(
            (written..=written + 1).contains(&there),
            "round {round}: {there} of {written}"
        );
        let (address, acknowledged) = (server.address, AtomicUsize::new(there));
        let last = std::thread::scope(|scope| {
            let writer = scope.spawn(|| write_until_gone(address, there, &acknowledged));
            while acknowledged.load(Ordering::Acquire) < there + 7 * round {
                std::thread::yield_now();
            }
            server.kill();
            writer.join().unwrap()
        });
        assert!(last >= there + 7 * round);
        written = acknowledged.into_inner();
        home.verified();
    }
}

/// How many pairs there are; each is whole.
#[track_caller]
fn partners(server: &Server) -> usize {
    let answer =
        server.ask("{ people { key partners { key } } partnershipsConnection { totalCount } }");
    let people = answer["data"]["people"].as_array().unwrap();
    let edges = answer["data"]["partnershipsConnection"]["totalCount"].as_u64();
    for person in people {
        assert_eq!(person["partners"].as_array().unwrap().len(), 1, "{person}");
    }
    assert_eq!(edges, Some(people.len() as u64 / 2));
    people.len() / 2
}
