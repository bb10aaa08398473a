//! Which links has a node? Along one step, or along a closure of steps. Not for: whether they match
//! (`filter`).

use super::{Budget, Item, Run, Stop};
use crate::graph::{Edge, Neighbours, Node, Segment, SegmentId, Snapshot};
use crate::ontology::{Direction, RelationshipId, TypeId};
use crate::plan::{Hop, Leg, Reach};
use rustc_hash::FxHashSet;
use std::ops::ControlFlow;

/// The edges of a leg, if there are any.
pub(super) fn segment<'a>(
    snapshot: &'a Snapshot,
    hop: &Hop,
    leg: Leg,
) -> Option<(crate::graph::SegmentId, &'a Segment)> {
    let (source, target) = match leg.direction {
        Direction::Out => (leg.from, leg.to),
        Direction::In => (leg.to, leg.from),
    };
    let mut all = snapshot
        .segments(hop.relationship)
        .iter()
        .map(|id| (*id, snapshot.segment(*id)));
    all.find(|(_, segment)| segment.source == source && segment.target == target)
}

/// A leg with its edges.
#[derive(Clone, Copy)]
pub(super) struct Along<'a> {
    leg: Leg,
    id: SegmentId,
    segment: &'a Segment,
    /// Whether self-loops are left out: they are seen on the other leg of a symmetric step.
    no_loops: bool,
}

impl<'a> Along<'a> {
    /// None where there are no edges.
    #[inline]
    fn of(snapshot: &'a Snapshot, hop: &Hop, leg: Leg) -> Option<Self> {
        let (id, segment) = segment(snapshot, hop, leg)?;
        Some(Self {
            leg,
            id,
            segment,
            no_loops: leg.symmetric && leg.direction == Direction::In && leg.from == leg.to,
        })
    }

    #[inline]
    fn link(&self, row: u32, at: u32) -> Item {
        let (segment, of) = (self.id, self.leg.to);
        Item::Link(Edge { segment, at }, Node { of, row })
    }

    #[inline]
    fn neighbours(&self, node: Node) -> Neighbours<'a> {
        match self.leg.direction {
            Direction::Out => self.segment.out(node.row),
            Direction::In => self.segment.into(node.row),
        }
    }

    /// The first node that it leads to.
    #[inline]
    fn first(&self, node: Node, budget: &Budget<'_>) -> Result<Option<Node>, Stop> {
        for row in self.neighbours(node).rows() {
            budget.edge()?;
            if !self.no_loops || *row != node.row {
                let of = self.leg.to;
                return Ok(Some(Node { of, row: *row }));
            }
        }
        Ok(None)
    }
}

type Each<'f> = &'f mut dyn FnMut(Item) -> Result<ControlFlow<()>, Stop>;

impl Run<'_> {
    /// Calls for every link of a node, in the order of the other nodes' ids; of a closure in the
    /// order in which they are found.
    pub(super) fn each_link(
        &self,
        reach: &Reach,
        node: Node,
        each: Each<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        match reach {
            Reach::Hop(hop) => self.each_neighbour(hop, node, each),
            Reach::Closure(hop, target) => self.each_reachable(hop, *target, node, each),
        }
    }

    pub(super) fn each_neighbour(
        &self,
        hop: &Hop,
        node: Node,
        each: Each<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        for leg in hop.legs.iter().filter(|leg| leg.from == node.of) {
            let Some(along) = Along::of(self.snapshot, hop, *leg) else {
                continue;
            };
            for (row, at) in along.neighbours(node) {
                self.budget.edge()?;
                if along.no_loops && row == node.row {
                    continue;
                }
                if each(along.link(row, at))?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The node that a to-one step leads to.
    pub(super) fn other_end(&self, hop: &Hop, item: Item) -> Result<Option<Node>, Stop> {
        let Some(node) = item.node() else {
            return Ok(None);
        };
        for leg in hop.legs.iter().filter(|leg| leg.from == node.of) {
            if let Some(along) = Along::of(self.snapshot, hop, *leg)
                && let Some(end) = along.first(node, self.budget)?
            {
                return Ok(Some(end));
            }
        }
        Ok(None)
    }

    /// The same of each of many records.
    pub(super) fn other_ends(
        &self,
        hop: &Hop,
        records: &[Option<Item>],
    ) -> Result<Vec<Option<Node>>, Stop> {
        let legs = hop.legs.iter();
        let legs: Vec<Along<'_>> = legs
            .filter_map(|leg| Along::of(self.snapshot, hop, *leg))
            .collect();
        let mut ends = Vec::with_capacity(records.len());
        for record in records {
            let mut end = None;
            if let Some(node) = record.and_then(Item::node) {
                for along in legs.iter().filter(|along| along.leg.from == node.of) {
                    end = along.first(node, self.budget)?;
                    if end.is_some() {
                        break;
                    }
                }
            }
            ends.push(end);
        }
        Ok(ends)
    }

    /// Breadth first from a node, which is not contained unless a cycle leads back to it.
    fn each_reachable(
        &self,
        hop: &Hop,
        target: TypeId,
        node: Node,
        each: Each<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        let ontology = self.snapshot.ontology();
        let mut seen = FxHashSet::default();
        let mut found = vec![node];
        let mut at = 0;
        while at < found.len() {
            let from = found[at];
            at += 1;
            let start = found.len();
            let _ = self.each_neighbour(hop, from, &mut |link| {
                if let Some(next) = link.node()
                    && seen.insert(next)
                {
                    found.push(next);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            for next in found[start..].iter().copied() {
                if ontology.belongs(next.of, target) && each(Item::Node(next))?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// All links of a node in the order of ids; with `distinct` each neighbour once, without its edge.
    pub(super) fn links(
        &self,
        reach: &Reach,
        node: Node,
        distinct: bool,
    ) -> Result<Vec<Item>, Stop> {
        let mut items = self.found_links(reach, node, distinct)?;
        if matches!(reach, Reach::Closure(..)) {
            let order = |a: &Item, b: &Item| self.order_by_id(*a, *b);
            items.sort_by(order);
        }
        Ok(items)
    }

    /// The same in the order in which they are found.
    pub(super) fn found_links(
        &self,
        reach: &Reach,
        node: Node,
        distinct: bool,
    ) -> Result<Vec<Item>, Stop> {
        let mut items: Vec<Item> = Vec::new();
        if let (Reach::Hop(hop), false) = (reach, distinct) {
            for leg in hop.legs.iter().filter(|leg| leg.from == node.of) {
                if let Some(along) = Along::of(self.snapshot, hop, *leg) {
                    let neighbours = along.neighbours(node);
                    self.budget.edges(neighbours.len())?;
                    let others = neighbours.filter(|(row, _)| !along.no_loops || *row != node.row);
                    items.extend(others.map(|(row, at)| along.link(row, at)));
                }
            }
            return Ok(items);
        }
        let _ = self.each_link(reach, node, &mut |link| {
            match (distinct, link) {
                (true, Item::Link(_, node)) if items.last() == Some(&Item::Node(node)) => {}
                (true, Item::Link(_, node)) => items.push(Item::Node(node)),
                _ => items.push(link),
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(items)
    }

    /// How many edges a node has, by relationship type and direction (none: it has no direction),
    /// where there are any.
    pub fn degrees(&self, node: Node) -> Vec<(RelationshipId, Option<Direction>, usize)> {
        let ontology = self.snapshot.ontology();
        let mut degrees = Vec::new();
        for (at, declared) in ontology.relationships.iter().enumerate() {
            let of = RelationshipId(at as u16);
            let (out, back) = self.degree(of, node);
            let counts = if declared.symmetric {
                [(None, out + back - self.loops(of, node)), (None, 0)]
            } else {
                [(Some(Direction::Out), out), (Some(Direction::In), back)]
            };
            let found = counts.into_iter().filter(|(_, count)| *count > 0);
            degrees.extend(found.map(|(direction, count)| (of, direction, count)));
        }
        degrees
    }

    fn degree(&self, of: RelationshipId, node: Node) -> (usize, usize) {
        let mut degree = (0, 0);
        for id in self.snapshot.segments(of) {
            let segment = self.snapshot.segment(*id);
            if segment.source == node.of {
                degree.0 += segment.out_degree(node.row);
            }
            if segment.target == node.of {
                degree.1 += segment.in_degree(node.row);
            }
        }
        degree
    }

    /// How many edges lead from a node to itself.
    fn loops(&self, of: RelationshipId, node: Node) -> usize {
        let own = |id| {
            let segment = self.snapshot.segment(id);
            (segment.source == node.of && segment.target == node.of).then_some(segment)
        };
        let segments = self.snapshot.segments(of).iter().filter_map(|id| own(*id));
        segments
            .map(|segment| {
                segment
                    .out(node.row)
                    .filter(|(row, _)| *row == node.row)
                    .count()
            })
            .sum()
    }
}
