//! Which nodes hang together? Weakly by union and find (petgraph's), strongly by two searches in depth
//! (Sharir 1981, known as Kosaraju's; petgraph's). Not for: how densely (`leiden`).

use super::groups::Groups;
use super::network::Network;
use super::pace::{Pace, Tick};
use super::watched::Watched;
use petgraph::unionfind::UnionFind;

/// Joined by edges, whatever their directions. Cost: 3 to 10 ns an arc.
///
/// # Errors
/// Those of `tick`.
pub fn weak<E>(network: &Network, tick: Tick<'_, E>) -> Result<Groups, E> {
    let mut pace = Pace::new(tick);
    let mut sets = UnionFind::<u32>::new(network.len());
    for node in 0..network.len() as u32 {
        let others = network.out.of(node);
        pace.looked(1 + others.len())?;
        let others = match network.is_undirected() {
            true => &others[..others.partition_point(|other| *other < node)],
            false => others,
        };
        for other in others {
            sets.union(node, *other);
        }
    }
    pace.end()?;
    Ok(Groups::new(&sets.into_labeling(), network.len()))
}

/// Each leads to each other along arcs; where all edges are followed both ways the same as [`weak`].
/// Cost: about 40 ns an arc.
///
/// # Errors
/// Those of `tick`.
pub fn strong<E>(network: &Network, tick: Tick<'_, E>) -> Result<Groups, E> {
    if network.is_undirected() {
        return weak(network, tick);
    }
    let watched = Watched::new(network, tick);
    let found = petgraph::algo::kosaraju_scc(&watched);
    watched.end()?;
    let mut labels = vec![0; network.len()];
    for (label, group) in (0..).zip(&found) {
        group.iter().for_each(|node| labels[*node as usize] = label);
    }
    Ok(Groups::new(&labels, found.len()))
}
