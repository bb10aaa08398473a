//! Which is the cheapest path of at most so many edges? Not for: searches in which fewer edges cannot
//! cost more (`least`).
//!
//! Dijkstra's algorithm from the ends, over pairs of a node and a number of edges: a node is left again
//! whenever it is reached with fewer edges than before, if for more (Joksch, *The Shortest Route Problem
//! with Constraints*, 1966). A cheapest path meets no node twice: leaving the loop out would be cheaper
//! and shorter.

use super::path::Path;
use super::query::Query;
use super::walk::walk;
use super::web::{Guide, Web};
use crate::graph::Node;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// By number: at which costs an end can be reached, each with fewer edges than the ones before.
type Labels = FxHashMap<u32, Vec<(u128, usize)>>;

/// The path that costs least, of equal ones that with fewest edges, then with the first ids.
///
/// # Errors
/// When the guide stops it.
pub(super) fn limited<G: Guide>(
    web: &Web<'_>,
    query: &Query<'_>,
    guide: &G,
) -> Result<Option<Path>, G::Stop> {
    let (labels, best) = labels(web, query, guide)?;
    let Some(best) = best else { return Ok(None) };
    let (mut found, _) = walk(query.from, best, 1, |node, so_far| {
        query.steps(web, (node, so_far), guide, |number, cost| {
            let labels = labels.get(&number).into_iter().flatten();
            labels.into_iter().any(|(left, _)| cost + left == best)
        })
    })?;
    Ok(found.pop())
}

/// The labels that a cheapest path can need, and what it costs.
fn labels<G: Guide>(
    web: &Web<'_>,
    query: &Query<'_>,
    guide: &G,
) -> Result<(Labels, Option<u128>), G::Stop> {
    let mut labels = Labels::default();
    let ends = query.open_ends(web).map(|(end, _)| Reverse((0, 0, end)));
    let mut next: BinaryHeap<Reverse<(u128, usize, Node)>> = ends.collect();
    let mut best = None;
    while let Some(Reverse((cost, edges, node))) = next.pop() {
        if best.is_some_and(|best| cost > best) || cost > query.most {
            break;
        }
        let known = labels.entry(web.number(node)).or_default();
        if known.last().is_some_and(|(_, fewest)| *fewest <= edges) {
            continue;
        }
        known.push((cost, edges));
        if node == query.from {
            best = best.or(Some(cost));
        } else if edges < query.longest {
            query.each(web, node, false, guide, |before, _, _, more| {
                next.push(Reverse((cost.saturating_add(more), edges + 1, before)));
                Ok(())
            })?;
        }
    }
    Ok((labels, best))
}
