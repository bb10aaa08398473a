//! `guitu serve`: does it start, answer, stop and come back?

use super::*;
use serde_json::json;

const PUNING: &str = "{ county(key: \"puning\") { id name partOf { name } } }";

fn puning() -> Value {
    json!({"data": {"county": {"id": "County:puning", "name": "普宁", "partOf": {"name": "揭阳"}}}})
}

#[test]
fn it_seeds_answers_stops_and_answers_the_same_again() {
    let home = Home::new();
    let server = home.serve(&[]);
    assert_eq!(server.ask(PUNING), puning());
    let (code, said) = server.stop();
    assert_eq!(code, Some(0), "{said}");
    says_all(&said, &["seeded the new data directory", "stopped"]);

    let server = home.serve(&[]);
    assert_eq!(server.ask(PUNING), puning());
    assert_eq!(
        server.ask("{ revision }"),
        json!({"data": {"revision": "1"}})
    );
    let (code, said) = server.stop();
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("seeded"), "{said}");
}

#[test]
fn an_interrupt_ends_it_well_too() {
    let home = Home::new();
    let mut server = home.serve(&["--no-seed"]);
    server.signal(Signal::INT);
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn without_a_seed_it_is_empty() {
    let home = Home::new();
    let server = home.serve(&["--no-seed"]);
    let answer = server.ask("{ counties { id } revision }");
    assert_eq!(answer, json!({"data": {"counties": [], "revision": "0"}}));
}

#[test]
fn its_pages_answer() {
    let home = Home::new();
    let server = home.serve(&[]);
    let get = |path| http::get(server.address, path);
    assert_eq!(get("/health/live").status, 200);
    assert_eq!(get("/health/ready").status, 200);
    assert!(get("/").text().starts_with("<!doctype html>"));
    let sdl = get("/schema.graphql").text();
    assert_eq!(sdl, home.run(["schema"]).ok());
    says_all(&sdl, &["type County implements", "countiesConnection("]);
    let lost = get("/nope");
    assert_eq!(lost.refusal(), (404, "NOT_FOUND".to_owned()));
    let by_get = get("/graphql?query=%7Brevision%7D");
    assert_eq!(by_get.json(), json!({"data": {"revision": "1"}}));
}

#[test]
fn a_port_in_use_is_told() {
    let home = Home::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = home.run(["serve", "--no-seed", "--listen", &address]);
    ran.refused(&[&address, "in use", "--listen"]);
}

#[test]
fn a_second_process_is_told_who_has_the_data() {
    let home = Home::new();
    let server = home.serve(&["--no-seed"]);
    let pid = server.child.id().to_string();
    for command in [
        &["query", "{ revision }"][..],
        &["verify"],
        &["import", "seed"],
    ] {
        let ran = home.run(command.iter().copied());
        ran.refused(&["data", "in use", &pid]);
    }
    server.is_alive();
}

#[test]
fn settings_come_from_the_environment_too() {
    let home = Home::new();
    let mut command = home.command(["serve"]);
    command.envs([
        ("GUITU_LISTEN", "127.0.0.1:0"),
        ("GUITU_NO_SEED", "1"),
        ("GUITU_DATA", "elsewhere"),
        ("GUITU_MAX_DEPTH", "1"),
    ]);
    let server = Server::start(command);
    let answer = server.ask("{ counties { id } }");
    assert_eq!(error(&answer).0, "LIMIT_EXCEEDED");
    assert!(home.path("elsewhere/guitu.json").exists());
    assert_eq!(server.ask("{ revision }")["data"]["revision"], "0");
}

#[test]
fn wrong_flags_are_told_before_anything_happens() {
    let home = Home::new();
    for (arguments, says) in [
        (&["srve"][..], &["srve", "serve"][..]),
        (&["serve", "--listen", "here"], &["--listen", "here"]),
        (&["serve", "--timeout", "0"], &["--timeout", "more than 0"]),
        (&["serve", "--max-body", "1k"], &["--max-body", "1k"]),
        (&["query", "--output", "xml", "{a}"], &["json, table, csv"]),
        (&["query", "{a}", "-f", "b"], &["cannot be used with"]),
        (&["import"], &["<PATHS>"]),
        (&["serve", "extra"], &["extra"]),
    ] {
        let ran = home.run(arguments.iter().copied());
        assert_eq!(ran.code, Some(2), "{}", ran.err);
        says_all(&ran.err, says);
    }
    assert!(!home.path("data").exists());
}

#[test]
fn a_seed_that_is_named_must_be_there() {
    let home = Home::new();
    let ran = home.run(["query", "--seed", "sed", "{ revision }"]);
    ran.refused(&["sed", "--seed", "--no-seed"]);
    assert!(!home.path("data").exists());
}

#[test]
fn a_missing_ontology_is_told() {
    let home = Home::new();
    for command in [&["serve"][..], &["check"], &["schema"], &["query", "{a}"]] {
        let ran = home.run(
            command
                .iter()
                .copied()
                .chain(["--ontology", "nope.graphql"]),
        );
        ran.refused(&["nope.graphql", "--ontology"]);
    }
    assert!(!home.path("data").exists());
}

#[test]
fn a_wrong_ontology_gets_all_its_errors_at_once() {
    let home = Home::new();
    home.write(
        "wrong.graphql",
        "type County @node {\n  nam: Strin!\n  partOf: Citty @relationship(type: \"PART_OF\", direction: UP)\n}\n\
         type Town @nod { id: ID! }\n",
    );
    for command in [&["serve"][..], &["check"], &["schema"]] {
        let ran = home.run(
            command
                .iter()
                .copied()
                .chain(["--ontology", "wrong.graphql"]),
        );
        ran.refused(&[
            "wrong.graphql:2:",
            "Strin",
            "wrong.graphql:3:",
            "Citty",
            "UP",
            "wrong.graphql:5:",
            "@nod",
            "^^^",
            "did you mean",
        ]);
    }
}

#[test]
fn the_log_is_json_where_asked_and_names_requests() {
    let home = Home::new();
    let server = home.serve(&["--no-seed", "--log", "debug", "--log-format", "json"]);
    server.ask("query Named { revision }");
    let answer = server.post(br#"{"query":"query Named { revision }","operationName":"Named"}"#);
    let id = answer.header("x-request-id").unwrap().to_owned();
    let (code, said) = server.stop();
    assert_eq!(code, Some(0), "{said}");
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let line = lines.iter().find(|line| line["id"] == json!(id)).unwrap();
    assert_eq!(line["operation"], "Named");
    assert_eq!(line["outcome"], "Data");
}
