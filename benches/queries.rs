//! What do the questions cost? In process, against plain async-graphql resolvers over the same
//! graph; over HTTP, against the same bytes served ready-made by axum. And the graph itself: import,
//! opening, memory.
//!
//! `cargo bench --bench queries [-- M|L]` prints the tables of `docs/performance.md`.

mod load;
mod resolvers;
mod world;

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Context, Request, RequestId, Service};
use guitu::db::Db;
use guitu::exchange;
use guitu::ontology::Ontology;
use guitu::server::{self, config::ServerConfig};
use guitu::store::Options;
use load::{Round, Server, cpu_time};
use std::error::Error;
use std::future::pending;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The four questions: name, query, requests in a round.
const QUESTIONS: [(&str, &str, usize); 4] = [
    (
        "point look-up, 8 fields",
        r#"{ person(key: "n4711") { id key name born joined income active role } }"#,
        4_000,
    ),
    (
        "the known question, first 20",
        r#"{ counties(where: {returneesFrom: {some: {name: {eq: "城7"}}}, clusters: {some: {name: {eq: "产品17"}}}},
            sort: [{population: DESC}], limit: 20) { name population
            returneesFromConnection(where: {node: {name: {eq: "城7"}}}) { edges { properties { scope period people } } }
            clustersConnection { edges { node { name } properties { rank basis } } } } }"#,
        3_000,
    ),
    (
        "a county with 50 returnees",
        r#"{ county(key: "x42") { name returnees(limit: 50) { name cameFrom { name partOf { name } } platform { name } } } }"#,
        4_000,
    ),
    (
        "1,000 people, 6 fields",
        r#"{ persons(limit: 1000) { key name born joined income active } }"#,
        1_000,
    ),
];

/// Questions that resolvers were not written for.
const FURTHER: [(&str, &str, usize); 1] = [(
    "group-by over a city's returnees",
    r#"{ city(key: "c7") { leftConnection { groupBy(fields: {node: {platform: {name: true}}}, sort: [{count: DESC}])
        { key { node { platform { name } } } count aggregate { node { born { average } } } } } } }"#,
    3_000,
)];

/// Rounds of each measurement; their median counts.
const ROUNDS: usize = 7;

type Done<T> = Result<T, Box<dyn Error>>;

fn main() -> Done<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["guitu", data] => multi_threaded()?.block_on(serve_guitu(Path::new(data))),
        ["ready", folder] => multi_threaded()?.block_on(serve_ready(Path::new(folder))),
        ["question", at, count] => ask_one(at.parse()?, count.parse()?),
        ref others => measure(if others.contains(&"L") { 10 } else { 1 }),
    }
}

fn multi_threaded() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

fn measure(scale: u64) -> Done<()> {
    let folder = tempfile::tempdir()?;
    let (files, data) = (folder.path().join("files"), folder.path().join("data"));
    std::fs::create_dir(&files)?;
    world::write(&files, scale)?;
    let db = import(&files, &data)?;
    let answers = in_process(db)?;
    for (at, answer) in answers.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{at}.json")), answer)?;
    }
    over_http(&data, folder.path(), &answers)
}

/// Asks one question of world M so many times, for profilers.
fn ask_one(at: usize, count: usize) -> Done<()> {
    let folder = tempfile::tempdir()?;
    let (files, data) = (folder.path().join("files"), folder.path().join("data"));
    std::fs::create_dir(&files)?;
    world::write(&files, 1)?;
    drop(import(&files, &data)?);
    let engine = engine(Arc::new(Db::open(&data, ontology()?, &Options::default())?))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut questions = QUESTIONS.into_iter().chain(FURTHER);
    let (_, query, _) = questions.nth(at - 1).ok_or("no such question")?;
    runtime.block_on(by_guitu(&engine, query));
    let before = cpu_time("self");
    for _ in 0..count {
        std::hint::black_box(runtime.block_on(by_guitu(&engine, query)));
    }
    std::thread::sleep(Duration::from_millis(1));
    println!("{:.2?}", (cpu_time("self") - before) / count as u32);
    Ok(())
}

fn ontology() -> Done<Arc<Ontology>> {
    let parsed = Ontology::parse("schema.graphql", world::SCHEMA);
    Ok(Arc::new(parsed.map_err(|wrong| wrong.to_string())?))
}

/// Imports a world into a new data directory.
fn import(files: &Path, data: &Path) -> Done<Arc<Db>> {
    let db = Db::open(data, ontology()?, &Options::default())?;
    let begin = Instant::now();
    exchange::import(&db, &[files.to_owned()], false, &()).map_err(|wrong| wrong.to_string())?;
    let took = begin.elapsed();
    let snapshot = db.snapshot();
    let node = snapshot.ontology().node();
    let edges: usize = snapshot
        .all_segments()
        .map(|(_, segment)| segment.len())
        .sum();
    let records = snapshot.count(node) + edges;
    println!(
        "| nodes | edges | import, checkpoint included | records a second | the graph itself |"
    );
    println!("|---|---|---|---|---|");
    println!(
        "| {} | {edges} | {took:.2?} | {:.0} | {:.1} MiB |\n",
        snapshot.count(node),
        records as f64 / took.as_secs_f64(),
        mebibytes(snapshot.bytes() as u64),
    );
    Ok(Arc::new(db))
}

fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

fn engine(db: Arc<Db>) -> Done<Engine> {
    let ontology = db.snapshot().ontology().clone();
    let snapshots = Box::new(move || db.snapshot());
    Ok(Engine::new(&ontology, snapshots, EngineLimits::default())?)
}

/// Each question by Guitu and by resolvers, in turn; the answers' bytes.
fn in_process(db: Arc<Db>) -> Done<Vec<Bytes>> {
    let schema = resolvers::schema(db.snapshot())?;
    let engine = engine(db)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    println!("| in process | bytes | Guitu | resolvers | ratio |\n|---|---|---|---|---|");
    let mut answers = Vec::new();
    for ((name, query, _), theirs) in QUESTIONS.into_iter().zip(resolvers::QUESTIONS) {
        let answer = runtime.block_on(by_guitu(&engine, query));
        let same = runtime.block_on(by_resolvers(&schema, theirs))?;
        if answer != same {
            return Err(format!("{name}: different answers").into());
        }
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            fast.push(runtime.block_on(timed(async || by_guitu(&engine, query).await)));
            slow.push(runtime.block_on(timed(async || by_resolvers(&schema, theirs).await)));
        }
        let (fast, slow) = (median(fast), median(slow));
        let ratio = slow.as_secs_f64() / fast.as_secs_f64();
        println!(
            "| {name} | {} | {fast:.2?} | {slow:.2?} | {ratio:.1} |",
            answer.len()
        );
        answers.push(answer);
    }
    for (name, query, _) in FURTHER {
        let answer = runtime.block_on(by_guitu(&engine, query));
        let timed = || runtime.block_on(timed(async || by_guitu(&engine, query).await));
        let took = median((0..ROUNDS).map(|_| timed()).collect());
        println!("| {name} | {} | {took:.2?} | | |", answer.len());
        answers.push(answer);
    }
    println!();
    Ok(answers)
}

async fn by_guitu(engine: &Engine, query: &str) -> Bytes {
    let request = Request {
        query: query.to_owned(),
        operation_name: None,
        variables: None,
        extensions: None,
    };
    let context = Context {
        languages: Vec::new(),
        read_only: false,
        cancel: Arc::default(),
        deadline: Instant::now() + Duration::from_secs(10),
        request_id: RequestId::next(),
    };
    engine.execute(&request, &context).await.body
}

async fn by_resolvers(schema: &async_graphql::dynamic::Schema, query: &str) -> Done<Bytes> {
    let response = schema.execute(query).await;
    Ok(serde_json::to_vec(&response)?.into())
}

/// The CPU time of one call: of as many as run in a tenth of a second.
async fn timed<T>(call: impl AsyncFn() -> T) -> Duration {
    let (before, begin) = (cpu_time("self"), Instant::now());
    let mut calls = 0;
    while begin.elapsed() < Duration::from_millis(150) {
        for _ in 0..10 {
            std::hint::black_box(call().await);
        }
        calls += 10;
    }
    // The count of a thread that runs is behind until it pauses.
    std::thread::sleep(Duration::from_millis(1));
    (cpu_time("self") - before) / calls
}

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    values[values.len() / 2]
}

/// Each question to Guitu and to ready-made bytes, each a process of its own, in turn.
fn over_http(data: &Path, folder: &Path, answers: &[Bytes]) -> Done<()> {
    let mut guitu = Server::start(&["guitu", &data.to_string_lossy()])?;
    let ready = Server::start(&["ready", &folder.to_string_lossy()])?;
    let opened = guitu.line()?;
    println!("| opening from disk | memory once open |\n|---|---|");
    println!("| {opened} | {:.1} MiB |\n", mebibytes(guitu.memory()));
    println!(
        "| over HTTP | CPU, Guitu | CPU, ready-made | ratio | requests/s, Guitu | ready-made |"
    );
    println!("|---|---|---|---|---|---|");
    for (at, (name, query, count)) in QUESTIONS.into_iter().chain(FURTHER).enumerate() {
        let body = serde_json::json!({ "query": query }).to_string();
        let path = format!("/{at}");
        for (server, path) in [(&guitu, "/graphql"), (&ready, &*path)] {
            if server.answer(path, &body)? != answers[at] {
                return Err(format!("{name}: another answer over HTTP").into());
            }
        }
        let (mut ours, mut bytes) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(guitu.round("/graphql", &body, count)?);
            bytes.push(ready.round(&path, &body, count)?);
        }
        let cpu = |rounds: &[Round]| median(rounds.iter().map(|round| round.cpu).collect());
        let rate = |rounds: &[Round]| median(rounds.iter().map(|round| round.rate).collect());
        let ratio = cpu(&ours).as_secs_f64() / cpu(&bytes).as_secs_f64();
        println!(
            "| {name} | {:.1?} | {:.1?} | {ratio:.2} | {:.0} | {:.0} |",
            cpu(&ours),
            cpu(&bytes),
            rate(&ours),
            rate(&bytes)
        );
    }
    println!("\nmemory after these: {:.1} MiB", mebibytes(guitu.memory()));
    Ok(())
}

async fn serve_guitu(data: &Path) -> Done<()> {
    let begin = Instant::now();
    let db = Arc::new(Db::open(data, ontology()?, &Options::default())?);
    let opened = begin.elapsed();
    let config = ServerConfig {
        listen: ([127, 0, 0, 1], 0).into(),
        ..ServerConfig::default()
    };
    let serving = server::serve(Arc::new(engine(db)?), config, pending()).await?;
    println!("{}\n{opened:.2?}", serving.address());
    serving.finished().await;
    Ok(())
}

async fn serve_ready(folder: &Path) -> Done<()> {
    let mut router = Router::new();
    for at in 0..QUESTIONS.len() + FURTHER.len() {
        let bytes = Bytes::from(std::fs::read(folder.join(format!("{at}.json")))?);
        let answer = move |_: Bytes| async move {
            ([("content-type", "application/json; charset=utf-8")], bytes)
        };
        router = router.route(&format!("/{at}"), post(answer));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
