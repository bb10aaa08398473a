//! What do the questions cost? In process, against plain async-graphql resolvers over the same
//! graph; over HTTP, against the same bytes served ready-made by axum. And the graph itself: import,
//! opening, memory.
//!
//! `cargo bench --bench queries [-- M|L]` prints the tables of `docs/performance.md`.

mod asked;
mod load;
mod resolvers;
mod world;

use asked::{ASKED, PATH, around, context, pairs, people, request, starts};
use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Request, Service};
use guitu::db::Db;
use guitu::exchange;
use guitu::graph::Snapshot;
use guitu::ontology::Ontology;
use guitu::server::{self, config::ServerConfig};
use guitu::store::Options;
use load::{Round, Server, cpu_time};
use serde_json::json;
use std::cell::Cell;
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

/// A question with what is asked in turn.
struct Question {
    name: String,
    query: String,
    /// The variables of one request after the other, from the first again; empty: there are none.
    variables: Vec<String>,
    /// Requests in a round.
    count: usize,
}

/// Questions that resolvers were not written for.
fn further(snapshot: &Snapshot) -> Done<Vec<Question>> {
    let question = |name: &str, query: &str, variables, count| Question {
        name: name.to_owned(),
        query: query.to_owned(),
        variables,
        count,
    };
    let group = r#"{ city(key: "c7") { leftConnection { groupBy(fields: {node: {platform: {name: true}}}, sort: [{count: DESC}])
        { key { node { platform { name } } } count aggregate { node { born { average } } } } } } }"#;
    let search = "query($typed: String!) { search(query: $typed, first: 10) { edges { matched { value kind } node { id label } } } }";
    let typed = |before: &str| {
        let texts = (0..ASKED).map(|at| json!({"typed": format!("{before}{}", 1000 + 7 * at)}));
        texts.map(|text| text.to_string()).collect::<Vec<_>>()
    };
    let people = people(snapshot)?;
    let mut all = vec![
        question("group-by over a city's returnees", group, Vec::new(), 3_000),
        question(
            "shortest path between two people",
            PATH,
            pairs(snapshot, &people),
            4_000,
        ),
        question("search, beginnings", search, typed("人"), 4_000),
        question("search, within", search, typed(""), 4_000),
    ];
    for depth in 1..=3 {
        let name = format!("nodes within {depth} steps of a person");
        let starts = starts(snapshot, &people);
        all.push(question(&name, &around(depth), starts, 4_000));
    }
    Ok(all)
}

/// All questions, those first that resolvers answer too.
fn all(snapshot: &Snapshot) -> Done<Vec<Question>> {
    let known = QUESTIONS.iter().map(|(name, query, count)| Question {
        name: (*name).to_owned(),
        query: (*query).to_owned(),
        variables: Vec::new(),
        count: *count,
    });
    Ok(known.chain(further(snapshot)?).collect())
}

impl Question {
    /// The requests that are made in turn.
    fn requests(&self) -> Done<Vec<Request>> {
        if self.variables.is_empty() {
            return Ok(vec![request(&self.query, None)?]);
        }
        let variables = self.variables.iter();
        variables.map(|v| request(&self.query, Some(v))).collect()
    }

    /// The same as the bodies of requests over HTTP.
    fn bodies(&self) -> Done<Vec<String>> {
        let body = |request: Request| {
            let variables = request.variables;
            json!({ "query": request.query, "variables": variables }).to_string()
        };
        Ok(self.requests()?.into_iter().map(body).collect())
    }
}

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
    let questions = all(&db.snapshot())?;
    let (answers, ready) = (in_process(db, &questions)?, folder.path().join("ready"));
    std::fs::create_dir(&ready)?;
    for (at, answers) in answers.iter().enumerate() {
        for (nth, answer) in answers.iter().enumerate() {
            std::fs::write(ready.join(format!("{at}-{nth}")), answer)?;
        }
    }
    over_http(&data, &ready, &questions, &answers)
}

/// Asks one question of world M so many times, for profilers.
fn ask_one(at: usize, count: usize) -> Done<()> {
    let folder = tempfile::tempdir()?;
    let (files, data) = (folder.path().join("files"), folder.path().join("data"));
    std::fs::create_dir(&files)?;
    world::write(&files, 1)?;
    drop(import(&files, &data)?);
    let db = Arc::new(Db::open(&data, ontology()?, &Options::default())?);
    let question = all(&db.snapshot())?.into_iter().nth(at - 1);
    let requests = question.ok_or("no such question")?.requests()?;
    let engine = engine(db)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(by_guitu(&engine, &requests[0]));
    let before = cpu_time("self");
    for request in requests.iter().cycle().take(count) {
        std::hint::black_box(runtime.block_on(by_guitu(&engine, request)));
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

/// Each question by Guitu and, where there are some, by resolvers, in turn; the answers' bytes.
fn in_process(db: Arc<Db>, questions: &[Question]) -> Done<Vec<Vec<Bytes>>> {
    let schema = resolvers::schema(db.snapshot())?;
    let engine = engine(db)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    println!("| in process | bytes | Guitu | resolvers | ratio |\n|---|---|---|---|---|");
    let mut all = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        let (requests, name) = (question.requests()?, &question.name);
        let answers = requests
            .iter()
            .map(|r| runtime.block_on(by_guitu(&engine, r)));
        let answers: Vec<Bytes> = answers.collect();
        let bytes = answers.iter().map(Bytes::len).sum::<usize>() / answers.len();
        let next = Cell::new(0);
        let ours = async || {
            next.set((next.get() + 1) % requests.len());
            by_guitu(&engine, &requests[next.get()]).await
        };
        let theirs = resolvers::QUESTIONS.get(at).copied();
        if let Some(theirs) = theirs
            && answers[0] != runtime.block_on(by_resolvers(&schema, theirs))?
        {
            return Err(format!("{name}: different answers").into());
        }
        let (mut fast, mut slow) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            fast.push(runtime.block_on(timed(&ours)));
            if let Some(theirs) = theirs {
                slow.push(runtime.block_on(timed(async || by_resolvers(&schema, theirs).await)));
            }
        }
        let fast = median(fast);
        print!("| {name} | {bytes} | {fast:.2?} |");
        if slow.is_empty() {
            println!(" | |");
        } else {
            let slow = median(slow);
            let ratio = slow.as_secs_f64() / fast.as_secs_f64();
            println!(" {slow:.2?} | {ratio:.1} |");
        }
        all.push(answers);
    }
    println!();
    Ok(all)
}

async fn by_guitu(engine: &Engine, request: &Request) -> Bytes {
    engine.execute(request, &context()).await.body
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
fn over_http(
    data: &Path,
    folder: &Path,
    questions: &[Question],
    answers: &[Vec<Bytes>],
) -> Done<()> {
    let mut guitu = Server::start(&["guitu", &data.to_string_lossy()])?;
    let ready = Server::start(&["ready", &folder.to_string_lossy()])?;
    let opened = guitu.line()?;
    println!("| opening from disk | memory once open |\n|---|---|");
    println!("| {opened} | {:.1} MiB |\n", mebibytes(guitu.memory()));
    println!(
        "| over HTTP | CPU, Guitu | CPU, ready-made | ratio | requests/s, Guitu | ready-made |"
    );
    println!("|---|---|---|---|---|---|");
    for (at, question) in questions.iter().enumerate() {
        let (name, bodies) = (&question.name, question.bodies()?);
        let asks = |path: &dyn Fn(usize) -> String| -> Vec<(String, String)> {
            let bodies = bodies.iter().enumerate();
            bodies
                .map(|(nth, body)| (path(nth), body.clone()))
                .collect()
        };
        let (live, kept) = (
            asks(&|_| "/graphql".to_owned()),
            asks(&|nth| format!("/{at}-{nth}")),
        );
        for (server, asks) in [(&guitu, &live), (&ready, &kept)] {
            for (ask, answer) in asks.iter().zip(&answers[at]) {
                if server.answer(ask)? != *answer {
                    return Err(format!("{name}: another answer over HTTP").into());
                }
            }
        }
        let (mut ours, mut bytes) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(guitu.round(&live, question.count)?);
            bytes.push(ready.round(&kept, question.count)?);
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
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let bytes = Bytes::from(std::fs::read(entry.path())?);
        let answer = move |_: Bytes| async move {
            ([("content-type", "application/json; charset=utf-8")], bytes)
        };
        let path = format!("/{}", entry.file_name().to_string_lossy());
        router = router.route(&path, post(answer));
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
