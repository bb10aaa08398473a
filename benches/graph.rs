//! What do questions about the graph as a whole cost? Guitu's algorithms and queries against igraph
//! and rustworkx, in one run on the same edges.
//!
//! `cargo bench --bench graph [-- M|L] [--python PATH]` prints the tables of `docs/performance.md`;
//! without a Python that has `benches/peers/requirements.txt` only Guitu's columns.

mod asked;
mod world;

use asked::{ASKED, PATH, around, context, pairs, people, request, starts};
use bytes::Bytes;
use guitu::api::engine::{Engine, EngineLimits};
use guitu::api::service::Service;
use guitu::exchange;
use guitu::graph::metrics::{
    Extent, Network, PageRank, Sample, Way, betweenness, closeness, leiden, pagerank, strong, weak,
};
use guitu::graph::{Node, Snapshot};
use guitu::ontology::{Direction, Ontology, RelationshipId, TypeId};
use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

type Done<T> = Result<T, Box<dyn Error>>;

/// Rounds of each measurement; their median counts.
const ROUNDS: usize = 5;

/// A round lasts at least this long: the scheduler counts in steps of some milliseconds.
const LONG: Duration = Duration::from_millis(200);

/// Starts of the sampled betweenness.
const PIVOTS: usize = 16;

/// Of how many pairs of people paths beyond the shortest are asked for: peers take long.
const FEW: usize = 20;

/// The first three paths between two people, by length.
const RANKED: &str = "query($a: ID!, $b: ID!) { paths(from: {id: $a}, to: {id: $b}, follow: [{type: KNOWS}], mode: K_SHORTEST, first: 3) { count paths { length nodes { id } } } }";

/// Every simple path of at most four edges between two people.
const SIMPLE: &str = "query($a: ID!, $b: ID!) { paths(from: {id: $a}, to: {id: $b}, follow: [{type: KNOWS}], mode: ALL_SIMPLE, maxLength: 4, first: 100000) { count paths { length nodes { id } } } }";

/// What was measured, in order: a name and CPU time.
#[derive(Default)]
struct Table(Vec<(String, Duration)>);

fn main() -> Done<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let scale = if arguments.iter().any(|a| a == "L") {
        10
    } else {
        1
    };
    let python = arguments.iter().position(|a| a == "--python");
    let python = python.and_then(|at| arguments.get(at + 1));
    let folder = tempfile::tempdir()?;
    let snapshot = read(folder.path(), scale)?;
    let mut table = Table::default();
    algorithms(&snapshot, &mut table)?;
    let people = people(&snapshot)?;
    queries(&snapshot, &people, &mut table)?;
    let peers = match python {
        Some(python) => {
            write_edges(&snapshot, &people, folder.path())?;
            by_peers(python, folder.path(), if scale > 1 { 1 } else { ROUNDS })?
        }
        None => HashMap::new(),
    };
    print(&table, &peers);
    Ok(())
}

/// A world, without keeping it on the disk.
fn read(folder: &Path, scale: u64) -> Done<Arc<Snapshot>> {
    let files = folder.join("files");
    std::fs::create_dir(&files)?;
    world::write(&files, scale)?;
    let ontology = Ontology::parse("schema.graphql", world::SCHEMA);
    let ontology = Arc::new(ontology.map_err(|wrong| wrong.to_string())?);
    let imported = exchange::check(ontology, &[files], &()).map_err(|wrong| wrong.to_string())?;
    Ok(Arc::new(imported.built.snapshot))
}

fn free(_: u64) -> Result<(), Infallible> {
    Ok(())
}

/// Everything, each edge followed one way or both.
fn network(snapshot: &Snapshot, direction: Option<Direction>) -> Done<Network> {
    let ontology = snapshot.ontology();
    let types: Vec<TypeId> = ontology.concrete_ids().collect();
    let all = (0..ontology.relationships.len() as u16).map(RelationshipId);
    let ways = all.map(|relationship| Way {
        relationship,
        direction,
        keep: None,
    });
    let extent = Extent {
        types: &types,
        only: None,
        ways: ways.collect(),
    };
    Ok(Network::new(snapshot, &extent, &free)?)
}

fn algorithms(snapshot: &Snapshot, table: &mut Table) -> Done<()> {
    let (both, out) = (
        network(snapshot, None)?,
        network(snapshot, Some(Direction::Out))?,
    );
    println!("{} nodes, {} edges\n", both.len(), both.edges());
    let twenty = PageRank {
        tolerance: 0.0,
        iterations: 20,
        ..PageRank::default()
    };
    let pivots = Sample::sized(&both, PIVOTS);
    table.add("reading the edges, both ways", || network(snapshot, None))?;
    table.add("PageRank, 20 iterations", || {
        Ok(pagerank(&both, twenty, &free)?)
    })?;
    table.add("PageRank, to its tolerance", || {
        Ok(pagerank(&both, PageRank::default(), &free)?)
    })?;
    table.add("weak components", || Ok(weak(&both, &free)?))?;
    table.add("strong components", || Ok(strong(&out, &free)?))?;
    table.add("betweenness from 16 nodes", || {
        Ok(betweenness(&both, pivots, &free)?)
    })?;
    table.add("closeness from 16 nodes", || {
        Ok(closeness(&both, pivots, &free)?)
    })?;
    table.add("communities", || Ok(leiden(&both, 0, &free)?))?;
    let found = leiden(&both, 0, &free)?;
    println!(
        "communities: {}, modularity {:.4}\n",
        found.groups.len(),
        found.modularity
    );
    Ok(())
}

/// Questions through the whole of Guitu, from the text to the bytes.
fn queries(snapshot: &Arc<Snapshot>, people: &[Node], table: &mut Table) -> Done<()> {
    let ontology = snapshot.ontology().clone();
    let shared = snapshot.clone();
    let limits = EngineLimits {
        cost: u64::MAX,
        ..EngineLimits::default()
    };
    let engine = Engine::new(&ontology, Box::new(move || shared.clone()), limits)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let answer = |query: &str, variables: Option<&str>| -> Done<Bytes> {
        let asked = request(query, variables)?;
        let answer = runtime.block_on(engine.execute(&asked, &context()));
        match answer.body.windows(8).any(|part| part == b"\"errors\"") {
            true => Err(String::from_utf8_lossy(&answer.body).into()),
            false => Ok(answer.body),
        }
    };
    let ask = |query: &str, variables: Option<&str>| answer(query, variables).map(drop);
    let (pairs, starts) = (pairs(snapshot, people), starts(snapshot, people));
    table.each("shortest path between two people", ASKED, |at| {
        ask(PATH, Some(&pairs[at]))
    })?;
    for (name, query) in [
        ("three shortest paths between two people", RANKED),
        ("simple paths of at most 4 edges", SIMPLE),
    ] {
        let mut found = 0;
        for pair in &pairs[..FEW] {
            found += count(&answer(query, Some(pair))?)?;
        }
        println!("{name}: {found} between {FEW} pairs\n");
        table.each(name, FEW, |at| ask(query, Some(&pairs[at])))?;
    }
    for depth in 1..=3 {
        let around = around(depth);
        table.each(
            &format!("nodes within {depth} steps of a person"),
            ASKED,
            |at| ask(&around, Some(&starts[at])),
        )?;
    }
    let ranking = "{ graphMetrics { ranking(by: PAGERANK) { value node { id label } } } }";
    ask(ranking, None)?;
    table.each("ten first by PageRank, asked again", ASKED, |_| {
        ask(ranking, None)
    })
}

/// How many paths an answer tells of.
fn count(answer: &[u8]) -> Done<u64> {
    let answer: serde_json::Value = serde_json::from_slice(answer)?;
    let count = answer["data"]["paths"]["count"].as_u64();
    Ok(count.ok_or("no count")?)
}

impl Table {
    /// Measures one thing.
    fn add<T>(&mut self, name: &str, run: impl Fn() -> Done<T>) -> Done<()> {
        self.each(name, 1, |_| run().map(drop))
    }

    /// Measures several things, for the mean of one.
    fn each(&mut self, name: &str, count: usize, run: impl Fn(usize) -> Done<()>) -> Done<()> {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let (begin, mut runs, mut taken) = (cpu_time(), 0, Duration::ZERO);
            while taken < LONG {
                (0..count).try_for_each(&run)?;
                runs += count as u32;
                taken = cpu_time() - begin;
            }
            rounds.push(taken / runs);
        }
        rounds.sort_unstable();
        self.0.push((name.to_owned(), rounds[ROUNDS / 2]));
        Ok(())
    }
}

/// What all threads of this process have run, those that have ended too.
fn cpu_time() -> Duration {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(spent.tv_sec as u64, spent.tv_nsec as u32)
}

/// Files for the peers: all edges, those of KNOWS, the people asked about; pairs of `u32`.
fn write_edges(snapshot: &Snapshot, people: &[Node], folder: &Path) -> Done<()> {
    let mut numbers = HashMap::new();
    for of in snapshot.ontology().concrete_ids() {
        for node in snapshot.nodes(of) {
            numbers.insert(node, numbers.len() as u32);
        }
    }
    let (mut all, mut knows) = (Vec::new(), Vec::new());
    let known = snapshot.ontology().relationship_named("KNOWS");
    for (id, segment) in snapshot.all_segments() {
        for edge in snapshot.edges(id) {
            let (source, target) = snapshot.ends(edge);
            let pair = [numbers[&source], numbers[&target]]
                .map(u32::to_le_bytes)
                .concat();
            all.extend(&pair);
            knows.extend(pair.iter().filter(|_| Some(segment.relationship) == known));
        }
    }
    let people = people.iter().flat_map(|node| numbers[node].to_le_bytes());
    std::fs::write(folder.join("all"), all)?;
    std::fs::write(folder.join("knows"), knows)?;
    std::fs::write(folder.join("people"), people.collect::<Vec<u8>>())?;
    std::fs::write(folder.join("nodes"), numbers.len().to_string())?;
    Ok(())
}

/// By measurement and library the seconds that the peers took.
fn by_peers(python: &str, folder: &Path, rounds: usize) -> Done<HashMap<(String, String), f64>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/graph.py");
    let mut command = Command::new(python);
    command.arg(script).arg(folder).arg(rounds.to_string());
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let mut taken = HashMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        match line.split('\t').collect::<Vec<_>>()[..] {
            [name, library, seconds] => {
                taken.insert((name.to_owned(), library.to_owned()), seconds.parse()?);
            }
            _ => println!("{line}\n"),
        }
    }
    Ok(taken)
}

fn print(table: &Table, peers: &HashMap<(String, String), f64>) {
    println!("| CPU time | Guitu | igraph | rustworkx |\n|---|---|---|---|");
    for (name, time) in &table.0 {
        let of = |library: &str| {
            let seconds = peers.get(&(name.clone(), library.to_owned()));
            seconds.map_or("–".to_owned(), |s| {
                format!("{:.2?}", Duration::from_secs_f64(*s))
            })
        };
        println!(
            "| {name} | {time:.2?} | {} | {} |",
            of("igraph"),
            of("rustworkx")
        );
    }
}
