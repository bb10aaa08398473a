//! Which is the cheapest path? Not for: paths that may not have more than so many edges, where that
//! makes a difference (`limited`).
//!
//! Dijkstra's algorithm (*A Note on Two Problems in Connexion with Graphs*, 1959) from both sides
//! (Pohl, *Bi-directional Search*, 1971), until no path can be as cheap as the cheapest found. As in
//! `shortest`, the nodes on cheapest paths are marked from where the sides met back to the start, and
//! a walk in the order of ids takes the first.

use super::limited::limited;
use super::path::Path;
use super::query::Query;
use super::walk::walk;
use super::web::{Guide, Web};
use crate::graph::Node;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One side of the search.
struct Side {
    forward: bool,
    /// The least cost known, by number.
    costs: FxHashMap<u32, u128>,
    next: BinaryHeap<Reverse<(u128, Node)>>,
}

/// How the sides met.
struct Met {
    /// What the cheapest path costs, as far as known.
    best: u128,
    /// Where cheapest paths leave the forward side.
    doors: Vec<Node>,
}

/// The path that costs least, of equal ones that with fewest edges, then with the first ids.
///
/// # Errors
/// When the guide stops it.
pub(super) fn least<G: Guide>(
    web: &Web<'_>,
    query: &Query<'_>,
    guide: &G,
) -> Result<Option<Path>, G::Stop> {
    let mut out = Side::new(true);
    let mut back = Side::new(false);
    out.reach(query.from, web.number(query.from), 0);
    for (end, number) in query.open_ends(web) {
        back.reach(end, number, 0);
    }
    let Some(met) = meet(web, query, &mut out, &mut back, guide)? else {
        return Ok(None);
    };
    let on = mark(web, query, &out, &met, guide)?;
    let (mut found, _) = walk(query.from, met.best, 1, |node, so_far| {
        query.steps(web, (node, so_far), guide, |number, cost| {
            let left = back.costs.get(&number);
            left.is_some_and(|left| cost + left == met.best)
                || on.contains(&number) && out.costs.get(&number) == Some(&cost)
        })
    })?;
    match found.pop() {
        Some(path) if path.len() > query.longest => limited(web, query, guide),
        found => Ok(found),
    }
}

impl Side {
    fn new(forward: bool) -> Self {
        Self {
            forward,
            costs: FxHashMap::default(),
            next: BinaryHeap::new(),
        }
    }

    /// Reaches a node at a cost, if it was not reached for less.
    fn reach(&mut self, node: Node, number: u32, cost: u128) {
        let known = self.costs.entry(number).or_insert(u128::MAX);
        if cost < *known {
            *known = cost;
            self.next.push(Reverse((cost, node)));
        }
    }

    /// The least cost of what is not yet left behind.
    fn top(&mut self, web: &Web<'_>) -> Option<u128> {
        while let Some(Reverse((cost, node))) = self.next.peek() {
            if self.costs.get(&web.number(*node)) == Some(cost) {
                return Some(*cost);
            }
            self.next.pop();
        }
        None
    }

    /// Leaves the cheapest node.
    fn settle<G: Guide>(
        &mut self,
        web: &Web<'_>,
        query: &Query<'_>,
        other: &Self,
        met: &mut Met,
        guide: &G,
    ) -> Result<(), G::Stop> {
        let Some(Reverse((so_far, node))) = self.next.pop() else {
            return Ok(());
        };
        query.each(web, node, self.forward, guide, |next, number, _, cost| {
            let cost = so_far.saturating_add(cost);
            if let Some(rest) = other.costs.get(&number) {
                let door = if self.forward { node } else { next };
                met.meet(cost.saturating_add(*rest), door);
            }
            self.reach(next, number, cost);
            Ok(())
        })
    }
}

impl Met {
    fn meet(&mut self, cost: u128, door: Node) {
        if cost < self.best {
            self.best = cost;
            self.doors.clear();
        }
        if cost == self.best {
            self.doors.push(door);
        }
    }
}

/// Lets both sides grow until none can find anything as cheap.
fn meet<G: Guide>(
    web: &Web<'_>,
    query: &Query<'_>,
    out: &mut Side,
    back: &mut Side,
    guide: &G,
) -> Result<Option<Met>, G::Stop> {
    let mut met = Met {
        best: query.most.saturating_add(1),
        doors: Vec::new(),
    };
    while let (Some(a), Some(b)) = (out.top(web), back.top(web)) {
        if a.saturating_add(b) > met.best {
            break;
        }
        if out.next.len() <= back.next.len() {
            out.settle(web, query, back, &mut met, guide)?;
        } else {
            back.settle(web, query, out, &mut met, guide)?;
        }
    }
    Ok((met.best <= query.most && !met.doors.is_empty()).then_some(met))
}

/// The numbers of the nodes on cheapest paths from the start to where the sides met.
fn mark<G: Guide>(
    web: &Web<'_>,
    query: &Query<'_>,
    out: &Side,
    met: &Met,
    guide: &G,
) -> Result<FxHashSet<u32>, G::Stop> {
    let mut on = FxHashSet::default();
    let mut left = met.doors.clone();
    left.retain(|node| on.insert(web.number(*node)));
    while let Some(node) = left.pop() {
        let Some(here) = out.costs.get(&web.number(node)) else {
            continue;
        };
        query.each(web, node, false, guide, |before, number, _, cost| {
            let tight = out
                .costs
                .get(&number)
                .is_some_and(|so_far| so_far + cost == *here);
            if tight && on.insert(number) {
                left.push(before);
            }
            Ok(())
        })?;
    }
    Ok(on)
}
