//! Are right ontologies read, and wrong ones refused with all that is wrong? The cases are in
//! `tests/ontology/*.md`: headed by a sentence, an SDL block, then what is said about it;
//! `UPDATE_EXPECT=1` rewrites the latter.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use guitu::api::schema::Served;
use guitu::ontology::{Ontology, names};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn wrong_ontologies_are_refused_with_all_that_is_wrong() {
    let mut cases = 0;
    let mut differing = Vec::new();
    for file in case_files() {
        let text = std::fs::read_to_string(&file).expect("a case file");
        let answered = answer(&text);
        cases += text.matches("```graphql\n").count();
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&file, &answered).expect("a writable case file");
        } else if answered != text {
            differing.push(format!(
                "{}:\n{}",
                file.display(),
                first_difference(&text, &answered)
            ));
        }
    }
    assert!(cases > 50, "only {cases} cases were found");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ontology");
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

/// The text of a case file with what is said about each of its SDL blocks as it is now.
fn answer(text: &str) -> String {
    let mut answered = String::new();
    for (at, part) in text.split("```graphql\n").enumerate() {
        if at == 0 {
            answered.push_str(part);
            continue;
        }
        let (sdl, rest) = part.split_once("```\n").expect("an SDL block ends");
        let after = rest
            .split_once("```text\n")
            .and_then(|(_, said)| said.split_once("```\n"));
        let after = after.map_or("\n", |(_, after)| after);
        answered.push_str(&format!(
            "```graphql\n{sdl}```\n\n```text\n{}\n```\n{after}",
            said(sdl)
        ));
    }
    answered
}

/// What is said about an SDL; what is accepted must also give an API.
fn said(sdl: &str) -> String {
    match Ontology::parse("schema.graphql", sdl) {
        Ok(ontology) => match Served::new(&ontology) {
            Ok(_) => "accepted".to_owned(),
            Err(wrong) => format!("accepted, but without an API: {wrong}"),
        },
        Err(wrong) => wrong.to_string(),
    }
}

fn first_difference(before: &str, after: &str) -> String {
    let differs = before.lines().zip(after.lines()).position(|(a, b)| a != b);
    let at = differs.unwrap_or_else(|| before.lines().count().min(after.lines().count()));
    let around = |text: &str| {
        text.lines()
            .skip(at.saturating_sub(3))
            .take(12)
            .collect::<Vec<_>>()
            .join("\n")
    };
    format!(
        "line {}\nexpected\n{}\nsaid\n{}",
        at + 1,
        around(before),
        around(after)
    )
}

#[test]
fn the_example_of_the_documentation_is_read() {
    let page = include_str!("../../docs/ontology-language.md");
    let (_, rest) = page.split_once("```graphql\n").expect("an example");
    let (sdl, _) = rest.split_once("```").expect("its end");
    let ontology = read(sdl);
    assert!(ontology.cited && ontology.relationship_named("HAS_CLUSTER").is_some());
}

fn read(sdl: &str) -> Ontology {
    Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn the_bundled_ontology_is_read() {
    let ontology = read(include_str!("../../schema.graphql"));
    assert!(ontology.cited);
    assert_eq!(ontology.languages, ["zh", "en"]);
}

#[test]
fn every_name_of_the_api_is_foreseen() {
    for sdl in [
        include_str!("../film/schema.graphql"),
        include_str!("../../schema.graphql"),
    ] {
        let ontology = read(sdl);
        let foreseen = foreseen_types(&ontology);
        let served = Served::new(&ontology).unwrap();
        let types = served.schema().types.keys().map(|name| name.as_str());
        let surprising: Vec<&str> = types
            .filter(|name| !name.starts_with("__") && !foreseen.contains(*name))
            .collect();
        assert_eq!(surprising, [""; 0]);
        let roots = foreseen_roots(&ontology);
        let fields = served.schema().get_object("Query").unwrap().fields.keys();
        let surprising: Vec<&str> = fields
            .map(|name| name.as_str())
            .filter(|name| !roots.contains(*name))
            .collect();
        assert_eq!(surprising, [""; 0]);
    }
}

fn foreseen_types(ontology: &Ontology) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = names::BUILT_IN_TYPES
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    for it in &ontology.types {
        all.insert(it.name.clone());
        all.extend(it.names().all_types());
        for field in &it.fields {
            if let guitu::ontology::Field::Relation(relation) = field {
                all.extend(ontology.relation_names(relation).all_types());
                all.extend(ontology.relation_group_names(relation).all_types());
            }
        }
    }
    for it in &ontology.relationships {
        all.insert(it.type_name.clone());
        all.extend(it.names().all_types());
    }
    for it in &ontology.enums {
        all.insert(it.name.clone());
        all.extend(it.all_types());
    }
    all
}

fn foreseen_roots(ontology: &Ontology) -> BTreeSet<String> {
    let mut all: BTreeSet<String> = names::BUILT_IN_ROOT_FIELDS
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    let nodes = ontology.types.iter().map(|it| it.names());
    for of in nodes.chain(ontology.relationships.iter().map(|it| it.names())) {
        all.extend([of.single(), of.list(), of.list_connection()]);
    }
    all
}

mod broken;
mod film;
