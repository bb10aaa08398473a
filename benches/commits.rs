//! How fast are small mutations acknowledged, beside the floor of the disk?
//!
//! `cargo bench --bench commits [-- FOLDER]`: works in FOLDER (default: the temporary directory), on
//! a graph of 200,000 nodes and 1,000,000 edges. A commit updates one node: it is checked, written,
//! flushed, visible, answered.

mod people;

use guitu::db::{Db, DbError, Next, RecordKey, Write};
use guitu::graph::Snapshot;
use guitu::ontology::TypeId;
use guitu::store::{self, Commit, Options};
use people::{NODES, below, graph, update};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

type Outcome = Result<(), Box<dyn std::error::Error>>;

const COMMITS: u64 = 5_000;
fn main() -> Outcome {
    let mut arguments = std::env::args().skip(1).filter(|a| !a.starts_with("--"));
    let parent = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let folder = tempfile::tempdir_in(parent)?;
    let graph = graph()?;
    checked(&graph)?;
    let floor = floor(folder.path())?;
    stored(folder.path())?;
    acknowledged(folder.path(), graph, floor)
}

/// What a commit costs without the disk: checked and applied, each on top of the one before.
fn checked(graph: &Snapshot) -> Outcome {
    let rules = guitu::change::Rules::new(graph.ontology().clone())?;
    let state = AtomicU64::new(1);
    let mut head = graph.clone();
    let begin = Instant::now();
    for _ in 0..COMMITS {
        let (write, ()) = update(&rules, &head, below(&state, NODES))?;
        if let Some(Write {
            next: Next::Applied(_, graph),
            ..
        }) = write
        {
            head = graph;
        }
    }
    let each = begin.elapsed().as_secs_f64() * 1e6 / COMMITS as f64;
    println!(
        "{:54} {each:>9.1} µs",
        "checked and applied, without the disk"
    );
    Ok(())
}

/// The time of an append with fdatasync to a plain file.
fn floor(folder: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let payload = [7; 200];
    let mut plain = File::create(folder.join("plain"))?;
    let begin = Instant::now();
    for _ in 0..COMMITS {
        plain.write_all(&payload)?;
        plain.sync_data()?;
    }
    let took = begin.elapsed();
    rate("append + fdatasync to a plain file", COMMITS, took);
    Ok(took / COMMITS as u32)
}

fn stored(folder: &Path) -> Outcome {
    let payload = [7; 200];
    let store = store::open(&folder.join("stored"), &Options::default())?;
    let begin = Instant::now();
    for revision in 1..=COMMITS {
        let payload = &payload[..];
        store.append(&[Commit { revision, payload }])?;
    }
    rate("append to the store alone", COMMITS, begin.elapsed());
    Ok(())
}

fn acknowledged(folder: &Path, graph: Snapshot, floor: Duration) -> Outcome {
    let path = folder.join("data");
    let db = Db::open(&path, graph.ontology().clone(), &Options::default())?;
    let totals = guitu::graph::Totals::default();
    db.write(|_| Ok::<_, DbError>((Some(Next::Graph(graph, totals)), ())))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()?;
    let db = Arc::new(db);
    for writers in [1, 8, 64] {
        let took = write(&runtime, &db, writers)?;
        rate(
            &format!("acknowledged commits, {writers} writers"),
            COMMITS,
            took,
        );
        if writers == 1 {
            let ratio = took.as_secs_f64() / COMMITS as f64 / floor.as_secs_f64();
            println!(
                "{:54} {ratio:>9.2}",
                "  one writer's commit, times the floor"
            );
        }
    }
    let stop = Arc::new(AtomicBool::new(false));
    let reading = read(&db, &stop);
    let took = write(&runtime, &db, 64)?;
    stop.store(true, Ordering::Relaxed);
    let reads = reading.join().map_err(|_| "a reader panicked")?;
    rate("the same beside a reader of whole types", COMMITS, took);
    rate("  values read meanwhile", reads, took);
    history(&db)?;
    drop(runtime);
    drop(db);
    let begin = Instant::now();
    let db = Db::open_as_stored(&path, &Options::default())?;
    took_ms(
        "opening again, with all these commits kept",
        begin.elapsed(),
    );
    drop(db);
    Ok(())
}

/// What the past costs.
fn history(db: &Db) -> Outcome {
    let last = db.snapshot().revision();
    for back in [100, 1_000, 10_000] {
        let begin = Instant::now();
        db.at(last - back)?;
        took_ms(&format!("the graph {back} commits ago"), begin.elapsed());
    }
    let begin = Instant::now();
    db.at(2)?;
    took_ms(
        &format!("the graph at revision 2 of {last}"),
        begin.elapsed(),
    );
    let person = RecordKey::Node((TypeId(1), "p7".into()));
    let begin = Instant::now();
    db.history(&person, None, 100)?;
    took_ms(
        "the first history of a record, which reads the log",
        begin.elapsed(),
    );
    let begin = Instant::now();
    db.history(&person, None, 100)?;
    took_ms("another", begin.elapsed());
    let begin = Instant::now();
    let changes = db.difference(last - 1_000, last, |_| true)?;
    took_ms(
        &format!("the difference of 1,000 commits ({})", changes.len()),
        begin.elapsed(),
    );
    Ok(())
}

fn took_ms(what: &str, time: Duration) {
    println!("{what:54} {:>9.2} ms", time.as_secs_f64() * 1e3);
}

/// Lets some writers write until all commits are acknowledged.
fn write(
    runtime: &tokio::runtime::Runtime,
    db: &Arc<Db>,
    writers: u64,
) -> Result<Duration, Box<dyn std::error::Error>> {
    let state = Arc::new(AtomicU64::new(db.snapshot().revision() << 20));
    let begin = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|_| {
            let (db, state) = (db.clone(), state.clone());
            runtime.spawn(async move {
                for _ in 0..COMMITS / writers {
                    let (rules, row) = (db.rules().clone(), below(&state, NODES));
                    db.submit(move |graph| update(&rules, graph, row)).await?;
                }
                Ok::<(), DbError>(())
            })
        })
        .collect();
    for task in tasks {
        runtime.block_on(task)??;
    }
    Ok(begin.elapsed())
}

/// Reads all ages again and again; tells how many.
fn read(db: &Arc<Db>, stop: &Arc<AtomicBool>) -> std::thread::JoinHandle<u64> {
    let (db, stop) = (db.clone(), stop.clone());
    std::thread::spawn(move || {
        let mut reads = 0;
        while !stop.load(Ordering::Relaxed) {
            let graph = db.snapshot();
            let ages = graph.nodes(TypeId(1)).map(|node| graph.cell(node, 2));
            reads += ages.filter(|age| !age.is_null()).count() as u64;
        }
        reads
    })
}

fn rate(what: &str, count: u64, time: Duration) {
    let each = time.as_secs_f64() * 1e6 / count as f64;
    let rate = count as f64 / time.as_secs_f64();
    println!("{what:54} {rate:>9.0} /s {each:>9.1} µs");
}
