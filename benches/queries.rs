//! What do the four questions cost? In process, against plain async-graphql resolvers over the same
//! graph; over HTTP, against the same bytes served ready-made by axum.
//!
//! `cargo bench --bench queries [-- M|L]`

mod world;

use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Context, Request, RequestId, Service};
use guitu::exchange;
use guitu::ontology::Ontology;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The four questions: name, query.
const QUESTIONS: [(&str, &str); 4] = [
    (
        "point look-up, 8 fields",
        r#"{ person(key: "n4711") { id key name born joined income active role } }"#,
    ),
    (
        "the known question, first 20",
        r#"{ counties(where: {returneesFrom: {some: {name: {eq: "城7"}}}, clusters: {some: {name: {eq: "产品17"}}}},
            sort: [{population: DESC}], limit: 20) { name population
            returneesFromConnection(where: {node: {name: {eq: "城7"}}}) { edges { properties { scope period people } } }
            clustersConnection { edges { node { name } properties { rank basis } } } } }"#,
    ),
    (
        "a county with 50 returnees",
        r#"{ county(key: "x42") { name returnees(limit: 50) { name cameFrom { name partOf { name } } platform { name } } } }"#,
    ),
    (
        "1,000 people, 6 fields",
        r#"{ persons(limit: 1000) { key name born joined income active } }"#,
    ),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let large = std::env::args().any(|argument| argument == "L");
    let folder = tempfile::tempdir()?;
    let begin = Instant::now();
    world::write(folder.path(), if large { 10 } else { 1 })?;
    println!("files written in {:.1?}", begin.elapsed());
    let ontology = Arc::new(
        Ontology::parse("schema.graphql", world::SCHEMA).map_err(|wrong| wrong.to_string())?,
    );
    let begin = Instant::now();
    let imported = exchange::check(ontology.clone(), &[folder.path().to_owned()], &())
        .map_err(|wrong| wrong.to_string())?;
    let rate = imported.records as f64 / begin.elapsed().as_secs_f64();
    println!(
        "{} records read in {:.1?}, {rate:.0} a second",
        imported.records,
        begin.elapsed()
    );
    let snapshot = Arc::new(imported.built.snapshot);
    println!(
        "graph: {:.1} MiB",
        snapshot.bytes() as f64 / f64::from(1 << 20)
    );
    let engine = Engine::new(
        &ontology,
        Box::new(move || snapshot.clone()),
        EngineLimits::default(),
    )?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for (name, query) in QUESTIONS {
        runtime.block_on(ask(&engine, name, query));
    }
    Ok(())
}

async fn ask(engine: &Engine, name: &str, query: &str) {
    let request = Request {
        query: query.to_owned(),
        operation_name: None,
        variables: None,
        extensions: None,
    };
    let mut size = 0;
    let (mut best, mut rounds) = (Duration::MAX, 0);
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(2) {
        let context = Context {
            languages: Vec::new(),
            read_only: false,
            cancel: Arc::default(),
            deadline: Instant::now() + Duration::from_secs(10),
            request_id: RequestId::next(),
        };
        let begin = Instant::now();
        let answer = engine.execute(&request, &context).await;
        best = best.min(begin.elapsed());
        rounds += 1;
        size = answer.body.len();
        if rounds == 1 && answer.body.starts_with(b"{\"errors") {
            println!("{}", String::from_utf8_lossy(&answer.body));
        }
    }
    println!(
        "{name}: {size} bytes, best {best:.2?}, mean {:.2?}",
        begin.elapsed() / rounds
    );
}
