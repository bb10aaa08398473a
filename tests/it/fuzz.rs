//! Do the fuzz targets hold on variations of good examples? Always the same ones: long runs with
//! new ones are the fuzzer's (`fuzz/README.md`).

#[path = "../../fuzz/targets.rs"]
mod targets;

use crate::random::chance::Chance;
use crate::world::{World, root};
use guitu::exchange;
use guitu::graph::{About, Commit, Snapshot};

/// How many variations of the examples a target gets.
const VARIATIONS: u64 = 3_000;

/// What is put into examples, since a wrong byte alone does not go far.
const PIECES: [&str; 24] = [
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "...",
    "$",
    "@",
    ":",
    "!",
    "|",
    "\\",
    "\n",
    ",",
    "null",
    "-1",
    "1e999",
    "9223372036854775808",
    "\u{0}",
    "普",
    "\u{feff}",
];

/// Runs a target on examples, and on these with bytes cut, doubled, swapped and put in.
fn try_all(examples: &[Vec<u8>], target: fn(&[u8])) {
    examples.iter().for_each(|example| target(example));
    let mut chance = Chance(7);
    for _ in 0..VARIATIONS {
        let at = chance.below(examples.len() as u64) as usize;
        let mut bytes = examples[at].clone();
        for _ in 0..1 + chance.below(4) {
            vary(&mut bytes, &mut chance);
        }
        target(&bytes);
    }
}

fn vary(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let mut place = |most: usize| chance.below(most as u64 + 1) as usize;
    let from = place(bytes.len());
    let to = (from + place(20)).min(bytes.len());
    match place(4) {
        0 => drop(bytes.drain(from..to)),
        1 => {
            let part = bytes[from..to].to_vec();
            let at = place(bytes.len());
            bytes.splice(at..at, part);
        }
        2 if from < bytes.len() => bytes[from] ^= 1 << place(7),
        3 => bytes.truncate(from),
        _ => {
            let piece = PIECES[place(PIECES.len() - 1)];
            bytes.splice(from..from, piece.bytes());
        }
    }
}

/// The parts of case files between fences of a language.
fn fenced(language: &str) -> Vec<Vec<u8>> {
    let folder = std::fs::read_dir(root().join("tests/cases/film")).unwrap();
    let mut files: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let fence = format!("```{language}\n");
    let of_file = |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let part = text.split(&fence).nth(1)?.split("```").next()?;
        Some(part.as_bytes().to_vec())
    };
    files.into_iter().filter_map(of_file).collect()
}

fn data(name: &str) -> Vec<u8> {
    std::fs::read(root().join("tests/film").join(name)).unwrap()
}

#[test]
fn any_request_is_answered() {
    let mut examples = fenced("graphql");
    assert!(examples.len() > 30);
    examples.push(
        b"query($w: FilmWhere, $n: Int) { films(where: $w, limit: $n) { id } }\0{\"w\":{\"title\":{\"contains\":\"a\"}},\"n\":3}".to_vec(),
    );
    try_all(&examples, targets::request);
}

#[test]
fn any_ontology_is_judged() {
    try_all(&[data("schema.graphql")], targets::schema);
}

#[test]
fn any_csv_file_is_judged() {
    try_all(&[data("data/Film.csv")], targets::csv);
}

#[test]
fn any_ndjson_file_is_judged() {
    try_all(&[data("data/people.ndjson")], targets::ndjson);
}

#[test]
fn any_record_of_the_log_is_read_or_refused() {
    let ontology = World::film().snapshot.ontology();
    let data = [root().join("tests/film/data")];
    let read = exchange::check(ontology.clone(), &data, &()).unwrap_or_else(|w| panic!("{w}"));
    let commit = Commit {
        about: About {
            actor: Some("somebody".into()),
            message: Some("放映".into()),
            ..About::default()
        },
        ..Commit::from(read.built.changes(&Snapshot::empty(ontology.clone())))
    };
    let bytes = commit.encode(ontology).unwrap();
    assert_eq!(Commit::decode(&bytes, ontology).unwrap(), commit);
    try_all(&[bytes], targets::record);
}
