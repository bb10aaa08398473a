//! The algorithms over graphs whose values NetworkX 3.6.1 has computed, and over random ones against
//! plain definitions.

use super::random::Random;
use super::*;
use crate::graph::tests::world::*;
use crate::graph::{Builder, Snapshot};
use crate::ontology::Direction;
use std::collections::HashSet;
use std::convert::Infallible;

mod brute;
mod known;
mod random;
mod stops;

/// Cities `n00`, `n01`, …, and routes between them.
pub(super) fn routes(nodes: usize, edges: &[(usize, usize)]) -> Snapshot {
    let mut builder = Builder::new(ontology());
    let rows: Vec<_> = (0..nodes)
        .map(|number| (CITY, builder.node(CITY, &format!("n{number:04}")).0))
        .collect();
    for (at, (from, to)) in edges.iter().enumerate() {
        let edge = builder.edge(ROUTE, rows[*from], rows[*to]);
        builder.set_edge(edge, 0, crate::value::Cell::Int(at as i64));
    }
    builder.finish(1).unwrap().snapshot
}

/// All cities and routes, in one direction or both.
pub(super) fn network(snapshot: &Snapshot, direction: Option<Direction>) -> Network {
    let way = Way {
        relationship: ROUTE,
        direction,
        keep: None,
    };
    let extent = Extent {
        types: &[CITY],
        only: None,
        ways: vec![way],
    };
    free(Network::new(snapshot, &extent, &never))
}

/// A tick that never stops.
pub(super) fn never(_: u64) -> Result<(), Infallible> {
    Ok(())
}

pub(super) fn free<T>(result: Result<T, Infallible>) -> T {
    match result {
        Ok(value) => value,
    }
}

pub(super) fn all(network: &Network) -> Sample {
    Sample::sized(network, usize::MAX)
}

pub(super) fn close(found: &[f64], wanted: &[f64], within: f64) {
    assert_eq!(found.len(), wanted.len());
    for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
        assert!(
            (found - wanted).abs() <= within,
            "{at}: {found} is not {wanted}"
        );
    }
}

/// Each group's members.
pub(super) fn lists(groups: &Groups) -> Vec<Vec<u32>> {
    (0..groups.len())
        .map(|at| groups.group(at).to_vec())
        .collect()
}

/// Edges drawn evenly, loops and parallel ones among them.
pub(super) fn random_edges(random: &mut Random, nodes: usize, edges: usize) -> Vec<(usize, usize)> {
    let mut draw = || (random.below(nodes), random.below(nodes));
    (0..edges).map(|_| draw()).collect()
}

/// Edges without loops and parallel ones.
pub(super) fn simple_edges(random: &mut Random, nodes: usize, edges: usize) -> Vec<(usize, usize)> {
    let mut seen = HashSet::new();
    let mut edges = random_edges(random, nodes, edges);
    edges.retain(|(a, b)| a != b && seen.insert((*a.min(b), *a.max(b))));
    edges
}
