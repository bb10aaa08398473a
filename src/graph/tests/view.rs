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
