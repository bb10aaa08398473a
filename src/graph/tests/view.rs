//! petgraph's algorithms over the view.

use super::super::*;
use super::world::*;
use crate::ontology::Direction;
use crate::value::Cell;
use petgraph::algo::{dijkstra, has_path_connecting, kosaraju_scc};
use petgraph::visit::{Bfs, EdgeRef, IntoEdgeReferences, IntoNeighborsDirected, NodeCount, Walker};

/// Cities a → b → c → a, c → d; a twice to b; two people in a and d; d to itself.
fn small() -> Snapshot {
    let mut builder = Builder::new(ontology());
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|key| (CITY, builder.node(CITY, key).0));
    for (number, (from, to)) in [(a, b), (b, c), (c, a), (c, d), (a, b), (d, d)]
        .into_iter()
        .enumerate()
    {
        let edge = builder.edge(ROUTE, from, to);
        builder.set_edge(edge, 0, Cell::Int(number as i64));
    }
    for (key, city) in [("x", a), ("y", d)] {
        let person = (PERSON, builder.node(PERSON, key).0);
        builder.edge(LIVES, person, city);
        builder.edge(KNOWS, person, person);
    }
    builder.finish(1).unwrap().snapshot
}

fn city_of(snapshot: &Snapshot, key: &str) -> Node {
    snapshot.node(CITY, key).unwrap()
}

fn names(projection: &Projection<'_>, snapshot: &Snapshot, numbers: Vec<u32>) -> String {
    let name = |number| snapshot.key(projection.node(number)).to_owned();
    numbers.into_iter().map(name).collect()
}

#[test]
fn neighbours_follow_types_and_directions() {
    let snapshot = small();
    let everything = [snapshot.ontology().node()];
    let seen = |follow: &[_], key: &str, towards: petgraph::Direction| {
        let projection = Projection::new(&snapshot, &everything, follow);
        let number = projection.number(city_of(&snapshot, key)).unwrap();
        let found = projection.view().neighbors_directed(number, towards);
        names(&projection, &snapshot, found.collect())
    };
    let (out, into) = (petgraph::Direction::Outgoing, petgraph::Direction::Incoming);
    assert_eq!(seen(&[(ROUTE, Some(Direction::Out))], "c", out), "ad");
    assert_eq!(seen(&[(ROUTE, Some(Direction::Out))], "b", into), "aa");
    assert_eq!(seen(&[(ROUTE, Some(Direction::In))], "c", out), "b");
    assert_eq!(seen(&[(ROUTE, None)], "c", out), "adb");
    assert_eq!(seen(&[(ROUTE, None)], "d", out), "dc", "a loop once");
    assert_eq!(seen(&[(ROUTE, None)], "d", into), "cd", "a loop once");
    assert_eq!(seen(&[(LIVES, None)], "a", out), "x");
    assert_eq!(seen(&[(LIVES, Some(Direction::Out))], "a", out), "");
}

#[test]
fn algorithms_run() {
    let snapshot = small();
    let projection = Projection::new(&snapshot, &[CITY], &[(ROUTE, Some(Direction::Out))]);
    let view = projection.view();
    let number = |key| projection.number(city_of(&snapshot, key)).unwrap();
    assert_eq!(view.node_count(), 4);
    assert_eq!(view.edge_references().count(), 6);
    let line = |edge: EdgeView| match snapshot.edge_cell(edge.id(), 0) {
        Cell::Int(line) => line,
        _ => 0,
    };
    let costs = dijkstra(view, number("a"), None, line);
    assert_eq!(
        costs[&number("d")],
        4,
        "by the cheaper of two parallel edges"
    );
    let mut sizes: Vec<usize> = kosaraju_scc(view).iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 3]);
    assert!(!has_path_connecting(view, number("d"), number("a"), None));
    let found = Bfs::new(view, number("a")).iter(view).collect();
    assert_eq!(names(&projection, &snapshot, found), "abcd");
    assert_eq!(projection.number(snapshot.node(PERSON, "x").unwrap()), None);
}

#[test]
fn closures_come_nearest_first_and_hold_the_start_only_in_a_cycle() {
    let snapshot = small();
    let from = |key: &str, of, direction| {
        let closure = Closure::new(&snapshot, of, direction, CITY);
        let found = closure.from(city_of(&snapshot, key));
        found.iter().map(|n| snapshot.key(*n)).collect::<String>()
    };
    assert_eq!(from("a", ROUTE, Direction::Out), "bcad");
    assert_eq!(from("d", ROUTE, Direction::Out), "d");
    assert_eq!(from("d", ROUTE, Direction::In), "cdba");
    assert_eq!(from("a", LIVES, Direction::In), "", "people are no cities");
}

#[test]
fn equally_near_nodes_come_in_order_of_ids_whoever_led_to_them() {
    let mut builder = Builder::new(ontology());
    let mut city = |key: &str| (CITY, builder.node(CITY, key).0);
    let [a, b, c, x, y] = ["a", "b", "c", "x", "y"].map(&mut city);
    for (from, to) in [(a, b), (a, c), (b, y), (c, x)] {
        builder.edge(ROUTE, from, to);
    }
    let snapshot = builder.finish(1).unwrap().snapshot;
    let closure = Closure::new(&snapshot, ROUTE, Direction::Out, CITY);
    let found = closure.from(city_of(&snapshot, "a"));
    assert_eq!(
        found.iter().map(|n| snapshot.key(*n)).collect::<String>(),
        "bcxy"
    );
}

#[test]
fn long_closures_are_sets_too() {
    let mut builder = Builder::new(ontology());
    let cities: Vec<_> = (0..60)
        .map(|n| (CITY, builder.node(CITY, &format!("{n:02}")).0))
        .collect();
    for from in 0..60 {
        for to in [from / 2, (from * 7 + 1) % 60] {
            builder.edge(ROUTE, cities[from], cities[to]);
        }
    }
    let snapshot = builder.finish(1).unwrap().snapshot;
    let closure = Closure::new(&snapshot, ROUTE, Direction::Out, CITY);
    let mut found = closure.from(city_of(&snapshot, "59"));
    let count = found.len();
    found.sort_unstable();
    found.dedup();
    assert_eq!(found.len(), count);
    let projection = Projection::new(&snapshot, &[CITY], &[(ROUTE, Some(Direction::Out))]);
    let start = projection.number(city_of(&snapshot, "59")).unwrap();
    let reached = Bfs::new(projection.view(), start)
        .iter(projection.view())
        .count();
    assert!(count + 1 >= reached && count > 16, "{count} of {reached}");
}
