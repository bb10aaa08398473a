//! What those get to know of changes and of the past who see a part of the graph only.

use super::{CITIES, Kept, ROAD, people};
use crate::world::{context, request};
use guitu::access::{AccessFile, Credential, Policy, Principal};
use guitu::api::service::{Context, Service};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

const POLICY: &str = r#"
[roles.reader.read]
"*" = true
Province = false
City = '{ people: { lt: 100 } }'
"#;

/// A graph of which readers see the cities of less than a hundred people.
fn guarded() -> (Kept, Arc<Policy>) {
    let kept = Kept::new();
    kept.data(CITIES);
    kept.data(&people("sz", 200));
    kept.data(ROAD);
    kept.data(&people("sz", 50));
    kept.data(r#"mutation { updateProvinces(where: {}, set: {name: "Canton"}) { updated } }"#);
    kept.data(r#"mutation { deleteCities(where: {key: {eq: "sz"}}, cascade: true) { deleted } }"#);
    guard(kept, POLICY)
}

/// The same graph under rules.
pub(super) fn guard(mut kept: Kept, rules: &str) -> (Kept, Arc<Policy>) {
    let ontology = kept.db.snapshot().ontology().clone();
    let (file, problems) = AccessFile::parse("access.toml", rules, Path::new(""), &ontology);
    assert!(problems.is_empty(), "{problems}");
    let policy = Arc::new(file.policy);
    let guarded = kept.engine.guarded(policy.clone());
    kept.engine = guarded.unwrap_or_else(|wrong| panic!("{wrong}"));
    (kept, policy)
}

pub(super) fn reader(policy: &Policy) -> Context {
    let mut context = context();
    context.principal = Some(Arc::new(Principal {
        name: Some("somebody".into()),
        roles: policy.roles_named(["reader"]),
        credential: Credential::None,
    }));
    context
}

pub(super) fn ask(kept: &Kept, policy: &Policy, query: &str) -> Value {
    let (request, context) = (request(query, None), reader(policy));
    let answer = kept.engine.execute(&request, &context);
    let answer = kept.runtime.block_on(answer);
    let mut answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
    answer["data"].take()
}

#[test]
fn a_commit_is_what_it_changes_in_what_is_seen() {
    let (kept, policy) = guarded();
    let query = r#"subscription { changes(after: "0") { revision events { action id node { id ... on City { people partOf { id } } } before } } }"#;
    let mut changes = kept.subscribe_as(query, reader(&policy));
    let mut told = Vec::new();
    for _ in 0..4 {
        let set = changes.data();
        for event in set["events"].as_array().unwrap() {
            let text = |name: &str| event[name].as_str().unwrap().to_owned();
            told.push((
                set["revision"].as_str().unwrap().to_owned(),
                text("action"),
                text("id"),
            ));
        }
        assert!(!set.to_string().contains("Province"), "{set:#}");
    }
    let expected = [
        ("1", "CREATED", "City:gz"),
        ("1", "CREATED", "City:sz"),
        ("2", "DELETED", "City:sz"),
        ("4", "CREATED", "City:sz"),
        ("4", "CREATED", "ROAD:City:sz>City:gz>4"),
        ("6", "DELETED", "City:sz"),
        ("6", "DELETED", "ROAD:City:sz>City:gz>4"),
    ];
    let expected =
        expected.map(|(at, action, id)| (at.to_owned(), action.to_owned(), id.to_owned()));
    assert_eq!(told, expected);
    assert!(changes.waits());
    let query = r#"subscription { provinceChanged(after: "0") { revision } }"#;
    assert!(kept.subscribe_as(query, reader(&policy)).waits());
}

#[test]
fn the_past_shows_no_more_than_the_present() {
    let (kept, policy) = guarded();
    let ask = |query: &str| ask(&kept, &policy, query);
    let then = ask(
        r#"{ a: at(revision: "2") { cities { id } provinces { id } roads { id } } b: at(revision: "5") { cities { id partOf { id } } at(revision: "3") { cities { id } } } }"#,
    );
    let expected = json!({
        "a": {"cities": [{"id": "City:gz"}], "provinces": [], "roads": []},
        "b": {
            "cities": [{"id": "City:gz", "partOf": null}, {"id": "City:sz", "partOf": null}],
            "at": {"cities": [{"id": "City:gz"}]},
        },
    });
    assert_eq!(then, expected);
    let history = ask(r#"{ history(id: "City:sz") { revision action before after } }"#);
    let entries = history["history"].as_array().unwrap();
    let entries: Vec<_> = entries
        .iter()
        .map(|e| {
            (
                e["revision"].as_str().unwrap(),
                e["action"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        entries,
        [
            ("6", "DELETED"),
            ("4", "CREATED"),
            ("2", "DELETED"),
            ("1", "CREATED")
        ]
    );
    assert!(!history.to_string().contains("200"));
    let first = ask(r#"{ history(id: "City:sz", first: 1) { revision } }"#);
    assert_eq!(first, json!({"history": [{"revision": "6"}]}));
    assert_eq!(
        ask(r#"{ history(id: "Province:gd") { revision } }"#),
        json!({"history": []})
    );
    let diff =
        ask(r#"{ diff(from: "2", to: "5") { added { id } removed { id } changed { id } } }"#);
    let added = [
        json!({"id": "City:sz"}),
        json!({"id": "ROAD:City:sz>City:gz>4"}),
    ];
    assert_eq!(
        diff,
        json!({"diff": {"added": added, "removed": [], "changed": []}})
    );
}
