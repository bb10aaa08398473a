//! Is nothing written that a role may not write, and nothing told by it?

use super::*;
use guitu::db::Db;
use guitu::ontology::Ontology;
use guitu::store::Options;
use std::sync::Arc;

/// The first error of a refused write.
#[track_caller]
fn forbidden(server: &Server, token: &str, mutation: &str) -> String {
    let answer = ask(server, Some(token), mutation).json();
    assert_eq!(error(&answer).0, "FORBIDDEN", "{answer}");
    assert!(answer["data"].is_null(), "{answer}");
    answer["errors"].to_string()
}

#[test]
fn records_are_written_within_the_rules() {
    let home = home(HEAD, "");
    let (red, root) = (key(&home, "red"), key(&home, "root"));
    let server = served(&home);
    let guest = ask(
        &server,
        None,
        "mutation { deleteNotes(where: {}) { deleted } }",
    )
    .json();
    assert_eq!(error(&guest).0, "FORBIDDEN");
    let done = ask(
        &server,
        Some(&red),
        "mutation { updateNotes(where: {key: {eq: \"a\"}}, set: {stars: 4}) { updated } }",
    )
    .json();
    assert_eq!(done["data"]["updateNotes"]["updated"], 1, "{done}");
    let told = forbidden(
        &server,
        &red,
        "mutation { x: updateNotes(where: {}, set: {stars: 9}) { updated } }",
    );
    says_all(&told, &["update Note:b as it was", "\"path\":[\"x\"]"]);
    assert!(!told.contains("Note:a"), "{told}");
    forbidden(
        &server,
        &red,
        "mutation { deleteNotes(where: {key: {eq: \"b\"}}, cascade: true) { deleted } }",
    );
    forbidden(
        &server,
        &red,
        "mutation { createTeams(input: [{key: \"t\", name: \"T\"}]) { created } }",
    );
    // The record must still be theirs afterwards, also where another field takes it away.
    let away = "mutation { updateNotes(where: {key: {eq: \"a\"}}, set: {team: {disconnect: {}, connect: {node: {id: \"Team:blue\"}}}}) { updated } }";
    says_all(&forbidden(&server, &red, away), &["update Note:a"]);
    forbidden(
        &server,
        &red,
        "mutation { createNotes(input: [{key: \"n\", text: \"N\", team: {connect: {node: {id: \"Team:blue\"}}}}]) { created } }",
    );
    let made = ask(&server, Some(&red), "mutation { createNotes(input: [{key: \"n\", text: \"N\", team: {connect: {node: {id: \"Team:red\"}}}}]) { created notes { key team { key } } } }").json();
    assert_eq!(
        made["data"]["createNotes"]["notes"][0]["team"]["key"], "red",
        "{made}"
    );
    assert_eq!(notes(&server, Some(&root)), "abcn");
    let stars = ask(&server, Some(&root), "{ notes { stars } }").json();
    assert_eq!(
        stars["data"]["notes"],
        json!([{"stars": 4}, {"stars": 3}, {"stars": 5}, {"stars": null}])
    );
}

#[test]
fn what_is_hidden_cannot_be_chosen_or_named() {
    let home = home(HEAD, "");
    let (half, root) = (key(&home, "half"), key(&home, "root"));
    let server = served(&home);
    let all = ask(
        &server,
        Some(&half),
        "mutation { updateNotes(where: {}, set: {stars: 7}) { updated notes { key } } }",
    )
    .json();
    assert_eq!(
        all["data"]["updateNotes"],
        json!({"updated": 2, "notes": [{"key": "a"}, {"key": "c"}]})
    );
    let through = ask(&server, Some(&half), "mutation { updateTeams(where: {key: {eq: \"blue\"}}, set: {name: \"B\"}) { teams { key name } } }").json();
    assert_eq!(
        through["data"]["updateTeams"]["teams"][0]["name"], "B",
        "{through}"
    );
    // A hidden note is as one that is not there.
    let named = |id: &str| {
        let link = format!(
            "mutation {{ updateTeams(where: {{}}, set: {{notes: {{connect: [{{node: {{id: \"{id}\"}}}}]}}}}) {{ updated }} }}"
        );
        error(&ask(&server, Some(&half), &link).json())
    };
    let (hidden, absent) = (named("Note:b"), named("Note:z"));
    assert_eq!(hidden.0, "NOT_FOUND");
    assert_eq!(hidden.1.replace("Note:b", "Note:z"), absent.1);
    // What they make that they may not see is not shown to them.
    let made = ask(
        &server,
        Some(&half),
        "mutation { createNotes(input: [{key: \"n\", text: \"N\"}]) { created notes { key } } }",
    )
    .json();
    assert_eq!(
        made["data"]["createNotes"],
        json!({"created": 1, "notes": []})
    );
    assert_eq!(notes(&server, Some(&half)), "ac");
    assert_eq!(notes(&server, Some(&root)), "abcn");
}

#[test]
fn commits_name_who_made_them() {
    let home = home(HEAD, "");
    let root = key(&home, "root");
    let server = served(&home);
    let made = ask(
        &server,
        Some(&root),
        "mutation { createTeams(input: [{key: \"t\", name: \"T\"}]) { revision } }",
    )
    .json();
    assert!(made["data"].is_object(), "{made}");
    assert_eq!(server.stop().0, Some(0));
    let ontology = Ontology::parse("o.graphql", ONTOLOGY).unwrap();
    let db = Db::open(&home.path("data"), Arc::new(ontology), &Options::default()).unwrap();
    let commit = db.commit(db.snapshot().revision()).unwrap();
    assert_eq!(commit.about.actor.as_deref(), Some("root"));
}
