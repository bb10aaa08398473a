//! Does a mutation do what the case file says? One Markdown file per case: a `graphql` block with the
//! mutation, perhaps `variables`, a `query` that is asked before and after it; then all three answers,
//! which `UPDATE_EXPECT=1` rewrites. Each case has the world of films for itself.

mod model;
mod random;

use crate::cases::{block, difference};
use crate::world::{World, root};
use guitu::api::engine::{Engine, EngineLimits};
use guitu::db::Db;
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

#[test]
fn mutations_of_the_world_of_films() {
    let folder = root().join("tests/cases/writing");
    let files = std::fs::read_dir(folder).expect("cases").flatten();
    let mut files: Vec<_> = files.map(|file| file.path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no cases");
    let mut wrong = String::new();
    for file in files {
        if let Err(difference) = check(&file) {
            let _ = writeln!(wrong, "== {}\n{difference}", file.display());
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nUPDATE_EXPECT=1 accepts the new answers"
    );
}

fn check(path: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mutation = block(&text, "graphql").ok_or("no `graphql` block")?;
    let query = block(&text, "query").ok_or("no `query` block")?;
    let head = text.split("\n```json").next().unwrap_or(&text);
    let world = World::writable(World::film());
    let before = world.ask(query, None);
    let answer = world.ask(mutation, block(&text, "variables"));
    let after = world.ask(query, None);
    let told = json!({"before": before["data"], "answer": answer, "after": after["data"]});
    let now = format!("{}\n\n```json\n{told:#}\n```\n", head.trim_end());
    if now == text {
        return Ok(());
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        return std::fs::write(path, now).map_err(|error| error.to_string());
    }
    Err(difference(&text, &now))
}

/// A mutation whose answer cannot be read is refused before it writes anything.
#[test]
fn what_cannot_be_answered_is_not_written() {
    let world = World::writable(World::film());
    let wrong =
        "mutation { createCities(input: [{key: \"x\", name: [{lang: \"en\", value: \"X\"}]}]) {
        cities { bornConnection(first: -1) { totalCount } } } }";
    let answer = world.ask(wrong, None);
    assert_eq!(
        answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT",
        "{answer:#}"
    );
    assert_eq!(
        world.data("{ city(key: \"x\") { id } revision }"),
        json!({"city": null, "revision": "1"})
    );
}

/// Where nothing can be written, it is said so.
#[test]
fn without_a_graph_to_write_to_mutations_are_refused() {
    let answer = World::film().ask("mutation { deleteFilms(where: {}) { deleted } }", None);
    assert_eq!(
        answer["errors"][0]["message"],
        "nothing can be written here"
    );
}

/// Whoever has left before it begins, or comes too late, writes nothing.
#[test]
fn who_has_left_writes_nothing() {
    let world = World::writable(World::film());
    let mutation = "mutation { deletePeople(where: {}, cascade: true) { deleted } }";
    assert!(world.left(mutation)["errors"].is_array());
    assert!(world.late(mutation)["errors"].is_array());
    assert_eq!(world.data("{ revision }"), json!({"revision": "1"}));
}

/// Each record that is written costs ten: every film with every person is too much.
#[test]
fn what_costs_too_much_is_not_written() {
    let db = Db::in_memory((*World::film().snapshot).clone());
    let db = Arc::new(db.expect("a graph in memory"));
    let (snapshot, graph) = (db.snapshot(), db.clone());
    let limits = EngineLimits {
        cost: 1000,
        ..EngineLimits::default()
    };
    let engine = Engine::new(
        snapshot.ontology(),
        Box::new(move || graph.snapshot()),
        limits,
    );
    let engine = engine.expect("a schema").writing(db.clone());
    let world = World { snapshot, engine };
    let all = "mutation { updateFilms(where: {}, set: {directedBy: {connect: [{node: {where: {}}}]}}) { updated } }";
    let answer = world.ask(all, None);
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "LIMIT_EXCEEDED", "{answer:#}");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|said| said.contains("`cost`")),
        "{answer:#}"
    );
    assert_eq!(db.snapshot().revision(), world.snapshot.revision());
    let one =
        "mutation { updateFilms(where: {key: {eq: \"fargo\"}}, set: {minutes: 99}) { updated } }";
    assert_eq!(world.data(one)["updateFilms"]["updated"], 1);
}
