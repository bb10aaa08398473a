//! What must a cheapest path be like? Not for: finding it (`least`, `limited`).

use super::walk::Step;
use super::web::{Guide, Web};
use crate::graph::{Edge, Node};
use rustc_hash::FxHashSet;

/// A path that is asked for.
pub(super) struct Query<'q> {
    /// Where it starts.
    pub(super) from: Node,
    /// Where it may end.
    pub(super) ends: &'q [Node],
    /// The numbers of nodes that it must not meet.
    pub(super) without: &'q FxHashSet<u32>,
    /// Edges that it must not begin with.
    pub(super) not_first: &'q [Edge],
    /// How many edges it may have.
    pub(super) longest: usize,
    /// What it may cost.
    pub(super) most: u128,
}

impl Query<'_> {
    /// Calls for every step from a node, or to it, that such a path may take: the other node, its
    /// number, the edge, its cost, which is one at least.
    pub(super) fn each<G: Guide>(
        &self,
        web: &Web<'_>,
        node: Node,
        forward: bool,
        guide: &G,
        mut found: impl FnMut(Node, u32, Edge, u128) -> Result<(), G::Stop>,
    ) -> Result<(), G::Stop> {
        web.each(node, forward, guide, |other, number, edge| {
            let first = if forward { node } else { other };
            let barred = first == self.from && self.not_first.contains(&edge);
            if barred || self.without.contains(&number) {
                return Ok(());
            }
            found(other, number, edge, guide.cost(edge)?.saturating_add(1))
        })
    }

    /// The steps from a node, reached at a cost, to nodes that are wanted at the cost there: in the
    /// order of ids.
    pub(super) fn steps<G: Guide>(
        &self,
        web: &Web<'_>,
        (node, so_far): (Node, u128),
        guide: &G,
        wanted: impl Fn(u32, u128) -> bool,
    ) -> Result<Vec<Step>, G::Stop> {
        let mut steps = Vec::new();
        self.each(web, node, true, guide, |next, number, edge, cost| {
            if wanted(number, so_far.saturating_add(cost)) {
                steps.push((next, edge, so_far + cost));
            }
            Ok(())
        })?;
        steps.sort_by(|a, b| web.snapshot.order_steps((a.0, a.1), (b.0, b.1)));
        Ok(steps)
    }

    /// The ends that it may lead to.
    pub(super) fn open_ends(&self, web: &Web<'_>) -> impl Iterator<Item = (Node, u32)> {
        let ends = self.ends.iter().filter(|end| **end != self.from);
        let numbered = ends.map(|end| (*end, web.number(*end)));
        numbered.filter(|(_, number)| !self.without.contains(number))
    }
}
