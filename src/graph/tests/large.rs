//! How big and how fast: run with `--release -- --ignored --nocapture large`. Asserts nothing about
//! time.

use super::super::*;
use super::codec::Shelf;
use super::model::Random;
use super::world::*;
use crate::value::{Cell, Date, Value};
use std::time::Instant;

/// Resident memory of this process in MiB, now (`VmRSS`) or at most (`VmHWM`).
fn memory(field: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with(field))
        .unwrap_or_default();
    let number = line
        .split_whitespace()
        .nth(1)
        .and_then(|n| n.parse::<usize>().ok());
    number.unwrap_or(0) / 1024
}

fn say(what: &str, since: Instant) {
    println!(
        "{what}: {:.3} s, {} MiB resident, {} at most",
        since.elapsed().as_secs_f64(),
        memory("VmRSS"),
        memory("VmHWM")
    );
}

fn world(people: usize, cities: usize) -> Builder {
    let mut random = Random::new(5);
    let mut builder = Builder::new(ontology());
    let born = Date::parse("1990-02").unwrap();
    for number in 0..people {
        let (person, _) = builder.node(PERSON, &format!("p{:07}", (number * 7919) % people));
        let name = texts(&[
            ("en", &format!("Person {number}")),
            ("zh", &format!("人物{number}")),
        ]);
        builder.set(
            PERSON,
            person,
            EMAIL,
            Cell::Str(&format!("person{number}@example.org")),
        );
        builder.set(PERSON, person, NAME, name.as_cell());
        builder.set(PERSON, person, AGE, Cell::Int(random.below(90) as i64));
        builder.set(PERSON, person, BORN, Cell::Date(born));
        if number % 4 == 0 {
            let tags = Value::List(vec![
                Value::Str("seller".into()),
                Value::Str("weaver".into()),
            ]);
            builder.set(PERSON, person, TAGS, tags.as_cell());
        }
    }
    for number in 0..cities {
        let (city, _) = builder.node(CITY, &format!("c{number:07}"));
        builder.set(CITY, city, 0, Cell::Str(&format!("City {number}")));
        builder.set(CITY, city, 1, Cell::Float(number as f64));
    }
    for number in 0..people {
        let city = (CITY, Draft(random.below(cities) as u32));
        builder.edge(LIVES, (PERSON, Draft(number as u32)), city);
        for _ in 0..4 {
            let hub = random.below(people) * random.below(1000) / 1000 * random.below(1000) / 1000;
            let edge = builder.edge(
                KNOWS,
                (PERSON, Draft(number as u32)),
                (PERSON, Draft(hub as u32)),
            );
            builder.set_edge(edge, 0, Cell::Int(1980 + random.below(40) as i64));
        }
    }
    for _ in 0..cities * 5 {
        let mut city = || (CITY, Draft(random.below(cities) as u32));
        let edge = builder.edge(ROUTE, city(), city());
        builder.set_edge(edge, 0, Cell::Int(random.below(1000) as i64));
        builder.set_edge(
            edge,
            1,
            Cell::Str(["train", "bus", "ship"][random.below(3)]),
        );
    }
    builder
}

fn measure(people: usize, cities: usize) {
    let start = Instant::now();
    let builder = world(people, cities);
    say("drafts", start);
    let start = Instant::now();
    let snapshot = builder.finish(1).unwrap().snapshot;
    say("finish", start);
    let edges: usize = snapshot
        .all_segments()
        .map(|(_, segment)| segment.len())
        .sum();
    let nodes = snapshot.count(snapshot.ontology().node());
    println!(
        "{nodes} nodes, {edges} edges, {} MiB of heap",
        snapshot.bytes() >> 20
    );
    let start = Instant::now();
    let mut shelf = Shelf::default();
    snapshot.write_sections(&mut shelf).unwrap();
    say("write", start);
    drop(snapshot);
    say("dropped", start);
    let start = Instant::now();
    let snapshot = Snapshot::read_sections(ontology(), &shelf).unwrap();
    say("read", start);
    drop(shelf);
    say("alone", start);
    walk(&snapshot);
    let start = Instant::now();
    let findings = check::check(&snapshot);
    say(&format!("check ({} violations)", findings.count), start);
    let start = Instant::now();
    let mut builder = Builder::from_snapshot(&snapshot);
    builder.node(PERSON, "new");
    drop(builder.finish(2).unwrap());
    say("one more node by the builder", start);
    drop(builder_free(&snapshot));
}

/// A thousand commits of one node and one edge each.
fn builder_free(snapshot: &Snapshot) -> Snapshot {
    let mut last = snapshot.clone();
    let start = Instant::now();
    for revision in 2..1002 {
        let key: Box<str> = format!("q{revision}").into();
        let state = |values: Vec<Value>| {
            Some(State {
                values: values.into(),
                ..State::default()
            })
        };
        let values = vec![
            Value::Str(key.clone()),
            Value::Null,
            Value::Int(3),
            Value::Null,
            Value::Null,
        ];
        let hub: Box<str> = format!("p{:07}", revision * 31).into();
        let changes = ChangeSet {
            revision,
            nodes: vec![NodeChange {
                of: PERSON,
                key: key.clone(),
                state: state(values),
                before: None,
            }],
            edges: vec![EdgeChange {
                of: KNOWS,
                source: (PERSON, key),
                target: (PERSON, hub),
                unique: Box::default(),
                state: state(vec![Value::Int(2000)]),
                before: None,
            }],
        };
        last = last.apply(&changes).unwrap();
    }
    say("1000 commits", start);
    walk(&last);
    last
}

fn walk(snapshot: &Snapshot) {
    let id = snapshot.segments(KNOWS)[0];
    let segment = snapshot.segment(id);
    let since = segment.column(0);
    let start = Instant::now();
    let (mut sum, mut count) = (0, 0);
    for node in snapshot.nodes(PERSON) {
        for (other, at) in segment.out(node.row).chain(segment.into(node.row)) {
            if let Cell::Int(year) = since.cell(at) {
                sum += year + i64::from(other);
            }
            count += 1;
        }
    }
    let each = start.elapsed().as_secs_f64() * 1e9 / f64::from(count);
    println!("walk over edges with a value: {each:.1} ns each ({sum})");
    let start = Instant::now();
    let found = (0..100_000).filter(|n| snapshot.node(PERSON, &format!("p{n:07}")).is_some());
    println!(
        "look-ups by key: {} in {:?}",
        found.count(),
        start.elapsed()
    );
}

#[test]
#[ignore = "takes seconds and memory; for measuring"]
fn large_m() {
    measure(150_000, 50_000);
}

#[test]
#[ignore = "takes seconds and memory; for measuring"]
fn large_l() {
    measure(1_500_000, 500_000);
}
