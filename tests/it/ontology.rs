//! Are right ontologies read, and wrong ones refused with all that is wrong? The cases are in
//! `tests/ontology/*.md`: headed by a sentence, an SDL block, then what is said about it;
//! `UPDATE_EXPECT=1` rewrites the latter.

use guitu::ontology::Ontology;
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

fn said(sdl: &str) -> String {
    match Ontology::parse("schema.graphql", sdl) {
        Ok(_) => "accepted".to_owned(),
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

fn read(sdl: &str) -> Ontology {
    Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn the_bundled_ontology_is_read() {
    let ontology = read(include_str!("../../schema.graphql"));
    assert!(ontology.cited);
    assert_eq!(ontology.languages, ["zh", "en"]);
}

mod film;
