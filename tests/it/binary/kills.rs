//! Is a graph whole or not there at all, wherever the program was killed?

use super::*;
use serde_json::json;

/// Starts the program and kills it as soon as `there` is, or when it has ended before.
fn killed_when(home: &Home, arguments: &[&str], there: &str) {
    let mut command = home.command(arguments.iter().copied());
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    let place = home.path(there);
    while !place.exists() && child.try_wait().unwrap().is_none() {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Moments of a first import, by what appears in the data directory.
const MOMENTS: [&str; 8] = [
    "data",
    "data/lock",
    "data/guitu.json",
    "data/log",
    "data/log/db",
    "data/witness",
    "data/checkpoint-1",
    "data/checkpoint-1/db",
];

/// How many counties there are when nothing is seeded: all or none.
#[track_caller]
fn counties(home: &Home, at: &str) -> usize {
    let ran = home.run(["query", "--no-seed", "{ counties { id } revision }"]);
    let answer: Value = serde_json::from_str(&ran.ok()).unwrap();
    let count = answer["data"]["counties"].as_array().unwrap().len();
    let revision = answer["data"]["revision"].as_str().unwrap().to_owned();
    assert!(
        [(0, "0"), (40, "1")].contains(&(count, &*revision)),
        "{at}: {count}"
    );
    count
}

#[test]
fn a_first_seeding_is_whole_or_not_at_all() {
    for moment in MOMENTS {
        let home = Home::new();
        killed_when(&home, &["serve", "--listen", "127.0.0.1:0"], moment);
        counties(&home, moment);
        home.verified();
        let answer = home.query("{ counties { id } }");
        assert_eq!(
            answer["data"]["counties"].as_array().unwrap().len(),
            40,
            "{moment}"
        );
        says_all(&home.verified(), &["revision 1"]);
    }
}

#[test]
fn an_import_is_whole_or_not_at_all() {
    let edited: String = std::iter::once("key,note:zh\n".to_owned())
        .chain((0..5_000).map(|at| format!("new-{at},注{at}\n")))
        .collect();
    let edited = edited.replacen("key,note:zh", "key,name:zh", 1);
    for moment in [
        "data/lock",
        "data/checkpoint-2",
        "data/checkpoint-2/db",
        "never",
    ] {
        let home = Home::new();
        home.write(
            "o.graphql",
            "type City @node { name: String! @localized }\n",
        );
        home.write("first/City.csv", "key,name:zh\nold,旧\n");
        home.write("in/City.csv", &edited);
        let under = ["--ontology", "o.graphql", "--no-seed"];
        home.run(["import", "first"].into_iter().chain(under)).ok();
        let import = [&["import", "in"][..], &under].concat();
        killed_when(&home, &import, moment);
        let count = ["query", "{ cities { id } revision }"];
        let answer = home.run(count.into_iter().chain(under)).ok();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let count = answer["data"]["cities"].as_array().unwrap().len();
        let revision = answer["data"]["revision"].as_str().unwrap();
        assert!(
            [(1, "1"), (5_001, "2")].contains(&(count, revision)),
            "{moment}: {count}"
        );
        home.verified();
        home.run(import.iter().copied()).ok();
        says_all(&home.verified(), &["revision 2: 5001 nodes"]);
    }
}

#[test]
fn a_server_that_was_killed_answers_the_same_again() {
    let home = Home::new();
    let question = "{ counties { id name clusters { name } } revision }";
    let server = home.serve(&[]);
    let before = server.ask(question);
    assert_eq!(before["data"]["revision"], json!("1"));
    server.kill();
    let server = home.serve(&[]);
    assert_eq!(server.ask(question), before);
    server.kill();
    home.verified();
}
