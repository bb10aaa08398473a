//! Do readers wait for a writer, or it for them? Commits a second alone and beside slow queries, and
//! the queries' times alone and beside the writer.
//!
//! `cargo bench --bench readers [-- FOLDER]`: works in FOLDER (default: the temporary directory), on a
//! graph of 200,000 nodes and 1,000,000 edges. Queries are GraphQL, answered in process, each after the
//! other's answer; a commit updates one node, each after the one before is acknowledged.

mod people;

use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::{Context, Outcome, Request, Service};
use guitu::db::{Db, DbError, Next};
use guitu::graph::{Snapshot, Totals};
use guitu::store::Options;
use people::{NODES, below, graph, update};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::runtime::{Handle, Runtime};
use tokio::task::JoinHandle;

type Outcomes<T> = Result<T, Box<dyn std::error::Error>>;
type Times = Vec<Duration>;

/// How long each is measured.
const TIME: Duration = Duration::from_secs(3);
/// Looks at the names of all whom the young know.
const SLOW: &str = "{ personsConnection(where: {age: {lt: 20}, knows: {count: {where: {name: {contains: \"77\"}}, gte: 3}}}) { totalCount } }";
/// Snapshots that are kept at once, each of another commit.
const KEPT: usize = 1_000;

/// Who takes part.
struct World {
    db: Arc<Db>,
    engine: Arc<Engine>,
    runtime: Runtime,
}

fn main() -> Outcomes<()> {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let parent = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent)?;
    let world = World::new(&folder.path().join("data"), graph()?)?;
    retained(&world)?;
    println!(
        "| slow readers | writers | commits/s | a commit: median, 99 of 100, slowest | queries/s | a query: median, 99 of 100, slowest |"
    );
    println!("|---|---|---|---|---|---|");
    for (readers, writers) in [
        (0, 1),
        (1, 0),
        (1, 1),
        (8, 0),
        (8, 1),
        (64, 0),
        (64, 1),
        (0, 64),
        (1, 64),
        (8, 64),
        (64, 64),
    ] {
        measure(&world, readers, writers)?;
    }
    Ok(())
}

impl World {
    fn new(path: &std::path::Path, graph: Snapshot) -> Outcomes<Self> {
        let ontology = graph.ontology().clone();
        let db = Db::open(path, ontology.clone(), &Options::default())?;
        let whole = Next::Graph(graph, Totals::default());
        db.write(|_| Ok::<_, DbError>((Some(whole), ())))?;
        let db = Arc::new(db);
        let seen = db.clone();
        let engine = Engine::new(
            &ontology,
            Box::new(move || seen.snapshot()),
            EngineLimits::default(),
        )?;
        Ok(Self {
            db,
            engine: Arc::new(engine),
            runtime: tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()?,
        })
    }
}

fn measure(world: &World, readers: usize, writers: usize) -> Outcomes<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let handle = world.runtime.handle();
    let reading: Vec<_> = (0..readers).map(|_| reader(world, handle, &stop)).collect();
    let writing: Vec<_> = (0..writers)
        .map(|number| writer(world, handle, &stop, number as u64))
        .collect();
    let begin = Instant::now();
    std::thread::sleep(TIME);
    stop.store(true, Ordering::Relaxed);
    let took = begin.elapsed();
    let commits = told(world, writing, took)?;
    // Those that still run are heard out, and count.
    let took = begin.elapsed();
    let queries = told(world, reading, took)?;
    println!("| {readers} | {writers} | {commits} | {queries} |");
    Ok(())
}

fn slow() -> Request {
    Request {
        query: SLOW.to_owned(),
        operation_name: None,
        variables: None,
        extensions: None,
    }
}

/// Asks a slow query again and again; how long each took.
fn reader(world: &World, handle: &Handle, stop: &Arc<AtomicBool>) -> JoinHandle<Times> {
    let (engine, stop) = (world.engine.clone(), stop.clone());
    handle.spawn(async move {
        let mut times = Times::new();
        while !stop.load(Ordering::Relaxed) {
            let begin = Instant::now();
            let context = Context::until(begin + Duration::from_hours(1));
            let answer = engine.execute(&slow(), &context).await;
            assert_eq!(answer.outcome, Outcome::Data, "{:?}", answer.body);
            times.push(begin.elapsed());
        }
        times
    })
}

/// Commits again and again; how long each took until it was acknowledged.
fn writer(
    world: &World,
    handle: &Handle,
    stop: &Arc<AtomicBool>,
    number: u64,
) -> JoinHandle<Times> {
    let (db, stop) = (world.db.clone(), stop.clone());
    let state = AtomicU64::new(number << 32 | db.snapshot().revision());
    handle.spawn(async move {
        let mut times = Times::new();
        while !stop.load(Ordering::Relaxed) {
            let (rules, row) = (db.rules().clone(), below(&state, NODES));
            let begin = Instant::now();
            let done = db.submit(move |graph| update(&rules, graph, row)).await;
            assert!(done.is_ok(), "{:?}", done.err());
            times.push(begin.elapsed());
        }
        times
    })
}

/// How many a second, and how long they took, as cells of a table.
fn told(world: &World, tasks: Vec<JoinHandle<Times>>, took: Duration) -> Outcomes<String> {
    let mut all = Times::new();
    for task in tasks {
        all.extend(world.runtime.block_on(task)?);
    }
    if all.is_empty() {
        return Ok("– | –".into());
    }
    all.sort_unstable();
    let at = |part: f64| all[((all.len() - 1) as f64 * part) as usize];
    let rate = all.len() as f64 / took.as_secs_f64();
    Ok(format!(
        "{rate:.0} | {:.2?}, {:.2?}, {:.2?}",
        at(0.5),
        at(0.99),
        at(1.0)
    ))
}

/// What a snapshot costs that somebody keeps while commits go on.
fn retained(world: &World) -> Outcomes<()> {
    let state = AtomicU64::new(99);
    let mut kept = Vec::with_capacity(KEPT);
    let mut grown = [0.0; 2];
    for (keeps, grown) in [false, true].into_iter().zip(&mut grown) {
        let before = resident()?;
        for _ in 0..KEPT {
            let (rules, row) = (world.db.rules().clone(), below(&state, NODES));
            let done = world
                .db
                .submit(move |graph| update(&rules, graph, row))
                .wait()?;
            kept.extend(keeps.then_some(done.graph));
        }
        *grown = resident()? - before;
    }
    let each = (grown[1] - grown[0]) / KEPT as f64;
    println!(
        "{KEPT} commits: {:.0} KiB more memory; with a snapshot kept of each: {:.0} KiB, {each:.1} KiB a snapshot\n",
        grown[0], grown[1]
    );
    drop(kept);
    Ok(())
}

/// Resident memory of this process, in KiB.
fn resident() -> Outcomes<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    Ok(kib.ok_or("no VmRSS")?.parse()?)
}
