//! Which nodes and edges are seen, and does an algorithm stop when it is told to?

use super::*;
use crate::graph::Edge;

#[test]
fn every_algorithm_stops_at_a_tick() {
    let mut random = Random::new(2);
    let edges = random_edges(&mut random, 9_000, 150_000);
    let snapshot = routes(9_000, &edges);
    let both = network(&snapshot, None);
    let out = network(&snapshot, Some(Direction::Out));
    let stop = |arcs: u64| if arcs > 0 { Err("stop") } else { Ok(()) };
    let (size, how) = (Sample::sized(&both, 20), PageRank::default());
    assert_eq!(pagerank(&both, how, &stop), Err("stop"));
    assert_eq!(betweenness(&both, all(&both), &stop), Err("stop"));
    assert_eq!(closeness(&both, all(&both), &stop), Err("stop"));
    assert_eq!(closeness(&both, size, &stop), Err("stop"));
    assert_eq!(weak(&both, &stop), Err("stop"));
    assert_eq!(strong(&out, &stop), Err("stop"));
    assert_eq!(leiden(&both, 0, &stop), Err("stop"));
    let way = Way {
        relationship: ROUTE,
        direction: None,
        keep: None,
    };
    let extent = Extent {
        types: &[CITY],
        only: None,
        ways: vec![way],
    };
    assert_eq!(Network::new(&snapshot, &extent, &stop).err(), Some("stop"));
}

/// A direction, and which edges pass by their positions.
type Passing = (Option<Direction>, fn(u32) -> bool);

/// Which arcs the ways over some edges give.
fn arcs(ways: &[Passing], only: Option<&[&str]>) -> Vec<(u32, u32)> {
    let snapshot = routes(4, &[(0, 1), (1, 2), (2, 3), (3, 3)]);
    let only = only.map(|keys| {
        let keys = keys.iter();
        keys.map(|key| snapshot.node(CITY, key).unwrap())
            .collect::<Vec<_>>()
    });
    let ways = ways.iter().map(|(direction, keep)| Way {
        relationship: ROUTE,
        direction: *direction,
        keep: Some(Box::new(|edge: Edge| Ok(keep(edge.at)))),
    });
    let extent = Extent {
        types: &[CITY],
        only: only.as_deref(),
        ways: ways.collect(),
    };
    let network = free(Network::new(&snapshot, &extent, &never));
    let numbers = 0..network.len() as u32;
    let of = |from: u32| network.out.of(from).iter().map(move |to| (from, *to));
    numbers.flat_map(of).collect()
}

#[test]
fn ways_and_filters_decide_which_arcs_there_are() {
    let every: fn(u32) -> bool = |_| true;
    assert_eq!(
        arcs(&[(Some(Direction::Out), every)], None),
        [(0, 1), (1, 2), (2, 3), (3, 3)]
    );
    assert_eq!(
        arcs(&[(Some(Direction::In), every)], None),
        [(1, 0), (2, 1), (3, 2), (3, 3)]
    );
    assert_eq!(
        arcs(&[(None, every)], None),
        [(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2), (3, 3)],
        "a loop once"
    );
    assert_eq!(
        arcs(
            &[
                (Some(Direction::Out), |at| at < 2),
                (Some(Direction::In), |at| at > 0)
            ],
            None
        ),
        [(0, 1), (1, 2), (2, 1), (3, 2), (3, 3)],
        "the directions of all ways that let an edge pass"
    );
    assert_eq!(
        arcs(
            &[(Some(Direction::Out), every)],
            Some(&["n0002", "n0001", "n0003", "n0002"])
        ),
        [(0, 1), (1, 2), (2, 2)],
        "numbers in the order of ids, of the nodes given"
    );
}
