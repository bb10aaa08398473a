//! Does a disk that takes no more end a write with a clear error, and nothing else: are reads answered,
//! and is all that was acknowledged there when it takes writes again?

use super::*;
use serde_json::json;

const SERVE: [&str; 6] = [
    "serve",
    "--listen",
    "127.0.0.1:0",
    "--no-seed",
    "--ontology",
    "tests/film/schema.graphql",
];

/// A server whose disk counts as full, however much is free.
fn full(home: &Home) -> Server {
    let most = u64::MAX.to_string();
    Server::start(home.command(SERVE.into_iter().chain(["--min-free", &most])))
}

/// A server none of whose files may grow beyond some megabytes: the flush that needs more fails.
fn narrow(home: &Home) -> Server {
    let inner = home.command(SERVE);
    let mut shell = Command::new("sh");
    for (name, value) in inner.get_envs() {
        assert_eq!(value, None, "all are taken out");
        shell.env_remove(name);
    }
    shell
        .args(["-c", "ulimit -f 20000 && exec \"$@\"", "sh"])
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(home.folder.path());
    Server::start(shell)
}

/// Writes a person with a long name, so that the disk is soon full.
fn write(server: &Server, number: usize) -> Value {
    let create = "mutation($k: String!, $n: String!) { createPeople(input: [{key: $k, name: $n}]) { created } }";
    let name: String = (0..10_000)
        .map(|at| char::from(b'a' + (at * (number + 7) % 26) as u8))
        .collect();
    server.ask_with(create, json!({"k": format!("p{number}"), "n": name}))
}

fn is_acknowledged(answer: &Value) -> bool {
    answer["data"]["createPeople"]["created"] == 1
}

#[track_caller]
fn keys(server: &Server) -> Vec<String> {
    let answer = server.ask("{ people { key } }");
    let people = answer["data"]["people"].as_array();
    let people = people.unwrap_or_else(|| panic!("{answer:.300}"));
    let key = |person: &Value| person["key"].as_str().unwrap().to_owned();
    people.iter().map(key).collect()
}

#[test]
fn a_full_disk_refuses_writes_until_there_is_space() {
    let home = Home::new();
    let server = Server::start(home.command(SERVE));
    assert!(is_acknowledged(&write(&server, 0)));
    server.kill();
    let server = full(&home);
    let refused = write(&server, 1);
    let (code, text) = error(&refused);
    assert_eq!(
        (code.as_str(), &refused["data"]),
        ("LIMIT_EXCEEDED", &Value::Null)
    );
    says_all(
        &text,
        &[
            "disk is almost full",
            "nothing of this was written",
            "free some space",
        ],
    );
    assert_eq!(keys(&server), ["p0"]);
    let (ended, said) = server.stop();
    assert_eq!(ended, Some(0), "{said}");
    says_all(&said, &["a write was refused", "must stay free"]);
    let server = Server::start(home.command(SERVE));
    assert!(is_acknowledged(&write(&server, 2)));
    assert_eq!(keys(&server), ["p0", "p2"]);
}

#[test]
fn a_new_directory_on_a_full_disk_is_refused() {
    let home = Home::new();
    let most = u64::MAX.to_string();
    let ran = home.run(["import", "seed", "--min-free", &most]);
    ran.refused(&["the disk is almost full", "must stay free"]);
}

/// Writes until the disk fails; the keys acknowledged, and the number of the one that was not.
fn write_until_failed(server: &Server) -> (Vec<String>, usize) {
    let mut acknowledged = Vec::new();
    for number in 0..10_000 {
        let answer = write(server, number);
        if !is_acknowledged(&answer) {
            let (code, text) = error(&answer);
            assert_eq!(code, "INTERNAL", "{text}");
            says_all(&text, &["disk failed", "its log", "a whole or not at all"]);
            acknowledged.sort_unstable();
            return (acknowledged, number);
        }
        acknowledged.push(format!("p{number}"));
    }
    panic!("no limit was met");
}

#[track_caller]
fn loses_nothing(end: impl Fn(Server)) {
    let home = Home::new();
    let server = narrow(&home);
    let (acknowledged, failed) = write_until_failed(&server);
    assert!(acknowledged.len() > 10);
    let (code, text) = error(&write(&server, failed + 1));
    assert_eq!(code, "INTERNAL");
    let says = ["writes nothing any more", "nothing of this was written"];
    says_all(&text, &says);
    assert_eq!(keys(&server), acknowledged);
    end(server);
    let server = Server::start(home.command(SERVE));
    let mut there = keys(&server);
    there.retain(|key| *key != format!("p{failed}"));
    assert_eq!(there, acknowledged, "all of these, and only these");
    assert!(is_acknowledged(&write(&server, failed + 2)));
    server.kill();
    home.verified();
}

#[test]
fn a_failed_flush_stops_writing_and_loses_nothing() {
    loses_nothing(|server| {
        let (code, said) = server.stop();
        assert_eq!(code, Some(0), "{said}");
        says_all(&said, &["File too large"]);
    });
}

#[test]
fn a_failed_flush_and_then_a_kill_lose_nothing() {
    loses_nothing(Server::kill);
}
