//! What must hold for any bytes at all? One function a target, used by the fuzzer (`fuzz_targets`)
//! and, with bytes made from good examples, by every run of the tests (`tests/it/fuzz.rs`).

use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Answer, Context, Outcome, Request, Service};
use guitu::exchange;
use guitu::graph::{Commit, Snapshot};
use guitu::ontology::Ontology;
use serde_json::value::RawValue;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The ontology and the graph that targets work with: those of `tests/film`.
fn film() -> &'static Arc<Snapshot> {
    static FILM: OnceLock<Arc<Snapshot>> = OnceLock::new();
    FILM.get_or_init(|| {
        let data = [root().join("tests/film/data")];
        let read = exchange::check(ontology(), &data, &()).unwrap_or_else(|w| panic!("{w}"));
        Arc::new(read.built.snapshot)
    })
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let top = here
        .ancestors()
        .find(|path| path.join("schema.graphql").exists());
    top.expect("the repository").to_owned()
}

fn ontology() -> Arc<Ontology> {
    let path = root().join("tests/film/schema.graphql");
    let sdl = std::fs::read_to_string(path).expect("the ontology's file");
    Arc::new(Ontology::parse("schema.graphql", &sdl).unwrap_or_else(|wrong| panic!("{wrong}")))
}

/// A request: the document, and after the first zero byte its variables. It is answered or refused,
/// in JSON, never by a fault of ours.
pub fn request(bytes: &[u8]) {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        let graph = film().clone();
        let snapshots = Box::new(move || graph.clone());
        Engine::new(film().ontology(), snapshots, EngineLimits::default()).expect("a schema")
    });
    let mut parts = bytes.splitn(2, |byte| *byte == 0);
    let text = |part: Option<&[u8]>| Some(std::str::from_utf8(part?).ok()?.to_owned());
    let Some(query) = text(parts.next()) else {
        return;
    };
    let variables = text(parts.next()).filter(|json| json.starts_with('{'));
    let request = Request {
        query,
        operation_name: None,
        variables: variables.and_then(|json| RawValue::from_string(json).ok()),
        extensions: None,
    };
    let Answer { body, outcome } = run(engine, &request);
    let answer: serde_json::Value = serde_json::from_slice(&body).expect("an answer is JSON");
    assert!(outcome != Outcome::Failed, "{answer}");
    assert!(!answer.to_string().contains("\"INTERNAL\""), "{answer}");
}

fn run(engine: &Engine, request: &Request) -> Answer {
    let context = Context::until(Instant::now() + Duration::from_secs(60));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime
        .expect("a runtime")
        .block_on(engine.execute(request, &context))
}

/// An ontology: it is accepted, or every error says something.
pub fn schema(bytes: &[u8]) {
    let Ok(sdl) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Err(wrong) = Ontology::parse("fuzz.graphql", sdl) {
        assert!(!wrong.to_string().is_empty());
    }
}

/// A CSV file of films.
pub fn csv(bytes: &[u8]) {
    file("Film.csv", bytes);
}

/// An NDJSON file.
pub fn ndjson(bytes: &[u8]) {
    file("all.ndjson", bytes);
}

/// A data file: it is read, or every error says something.
fn file(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    if let Err(wrong) = exchange::check(film().ontology().clone(), &[path], &()) {
        assert!(!wrong.to_string().is_empty());
    }
}

/// The payload of a record of the log: what can be read is written again as it was read.
pub fn record(bytes: &[u8]) {
    let ontology = film().ontology();
    let Ok(commit) = Commit::decode(bytes, ontology) else {
        return;
    };
    let Ok(written) = commit.encode(ontology) else {
        return;
    };
    let again = Commit::decode(&written, ontology).expect("what was written can be read");
    assert_eq!(format!("{again:?}"), format!("{commit:?}"));
}
