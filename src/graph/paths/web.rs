//! Where can a search go from a node? Not for: how it searches.

use crate::graph::{Edge, Neighbours, Node, Segment, SegmentId, Snapshot};
use crate::ontology::{RelationshipId, TypeId};
use std::cmp::Ordering;

/// As many edges are looked at in the time in which one is looked for.
pub(super) const SEARCHED: usize = 16;

/// Whoever runs a search: stops it when it has cost enough, and knows which edges may be followed.
pub trait Guide {
    /// Why a search ends early.
    type Stop;

    /// Counts edges that are about to be looked at.
    ///
    /// # Errors
    /// If there were too many, or it is too late.
    fn touch(&self, edges: usize) -> Result<(), Self::Stop>;

    /// Whether an edge may be followed, by the number of its rule's condition.
    ///
    /// # Errors
    /// If finding out costs too much.
    fn admits(&self, condition: usize, edge: Edge) -> Result<bool, Self::Stop>;

    /// What an edge costs, from 0; a path costs one more for each edge than these together, so that of
    /// two that are else equal the one with fewer edges comes first.
    ///
    /// # Errors
    /// If it has no cost that can be.
    fn cost(&self, edge: Edge) -> Result<u128, Self::Stop>;
}

/// That edges of a relationship type may be followed in one direction.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Whose edges.
    pub relationship: RelationshipId,
    /// Whether from source to target.
    pub along: bool,
    /// The number of what an edge must fulfil, for the guide; none: every edge may be followed.
    pub condition: Option<usize>,
}

/// A way from the nodes of one concrete type to those of another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'a> {
    pub(super) segment: SegmentId,
    edges: &'a Segment,
    pub(super) along: bool,
    pub(super) condition: Option<usize>,
    /// Where it leads.
    pub(super) to: TypeId,
    /// The number of the first row there.
    first: u32,
}

/// Ways by the concrete type where they start.
#[derive(Clone, Debug, Default)]
struct Ways<'a> {
    ends: Vec<u32>,
    ways: Vec<Way<'a>>,
}

/// The edges that a search may follow, and numbers for the nodes that it may meet.
#[derive(Clone, Debug)]
pub struct Web<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// By concrete type: the number of its first row.
    first: Vec<u32>,
    bound: u32,
    out: Ways<'a>,
    into: Ways<'a>,
}

/// Where a way leads from one node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fan<'w, 'a> {
    /// From which.
    pub(super) node: Node,
    way: &'w Way<'a>,
    rows: &'a [u32],
}

impl Fan<'_, '_> {
    /// How many edges there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Has the first edges brought from memory.
    #[inline]
    pub(super) fn fetch(&self) {
        std::hint::black_box(self.rows.first().copied());
    }

    /// Calls for every neighbour that may be reached, again for each edge; for self-loops too.
    #[inline]
    pub(super) fn sweep<G: Guide>(
        &self,
        guide: &G,
        mut found: impl FnMut(Node, u32),
    ) -> Result<(), G::Stop> {
        let Self { node, way, rows } = *self;
        guide.touch(rows.len())?;
        let (of, segment) = (way.to, way.segment);
        match way.condition {
            None => rows
                .iter()
                .for_each(|row| found(Node { of, row: *row }, way.first + row)),
            Some(condition) => {
                for (row, at) in way.neighbours(node.row) {
                    if guide.admits(condition, Edge { segment, at })? {
                        found(Node { of, row }, way.first + row);
                    }
                }
            }
        }
        Ok(())
    }
}

impl<'a> Way<'a> {
    /// The neighbours of a row of the type where it starts.
    #[inline]
    pub(super) fn neighbours(&self, row: u32) -> Neighbours<'a> {
        match self.along {
            true => self.edges.out(row),
            false => self.edges.into(row),
        }
    }
}

impl<'a> Ways<'a> {
    /// In the order given for each type.
    fn new(mut found: Vec<(TypeId, Way<'a>)>, types: usize) -> Self {
        found.sort_by_key(|(from, _)| *from);
        let end = |of: usize| found.partition_point(|(from, _)| usize::from(from.0) <= of) as u32;
        Self {
            ends: (0..types).map(end).collect(),
            ways: found.into_iter().map(|(_, way)| way).collect(),
        }
    }

    #[inline]
    fn of(&self, from: TypeId) -> &[Way<'a>] {
        let at = usize::from(from.0);
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.ways[start as usize..self.ends[at] as usize]
    }
}

impl<'a> Web<'a> {
    /// By rules, of which no two are about the same relationship type and direction. With `types` only
    /// nodes of these concrete types are reached.
    ///
    /// A node's ways are in the order of the rules, then of the types where they lead.
    pub fn new(snapshot: &'a Snapshot, rules: &[Rule], types: Option<&[TypeId]>) -> Self {
        let concrete = usize::from(snapshot.ontology().concrete);
        let mut bound = 0;
        let mut next = |of| {
            let first = bound;
            bound += snapshot.rows(of) as u32;
            first
        };
        let first: Vec<u32> = snapshot.ontology().concrete_ids().map(&mut next).collect();
        let (mut out, mut into) = (Vec::new(), Vec::new());
        let reached = |of: TypeId| types.is_none_or(|types| types.contains(&of));
        for (rule, id) in rules.iter().flat_map(|rule| {
            snapshot
                .segments(rule.relationship)
                .iter()
                .map(move |id| (rule, *id))
        }) {
            let segment = snapshot.segment(id);
            let (from, to) = match rule.along {
                true => (segment.source, segment.target),
                false => (segment.target, segment.source),
            };
            let way = |along: bool, to: TypeId| Way {
                segment: id,
                edges: segment,
                along,
                condition: rule.condition,
                to,
                first: first[usize::from(to.0)],
            };
            if reached(to) {
                out.push((from, way(rule.along, to)));
                into.push((to, way(!rule.along, from)));
            }
        }
        Self {
            snapshot,
            out: Ways::new(out, concrete),
            into: Ways::new(into, concrete),
            first,
            bound,
        }
    }

    /// Every edge, either way.
    pub fn whole(snapshot: &'a Snapshot) -> Self {
        let relationships = 0..snapshot.ontology().relationships.len() as u16;
        let rules = relationships.flat_map(|at| {
            [true, false].map(|along| Rule {
                relationship: RelationshipId(at),
                along,
                condition: None,
            })
        });
        Self::new(snapshot, &rules.collect::<Vec<_>>(), None)
    }

    /// The number of a node, below [`Web::bound`].
    #[inline]
    pub(super) fn number(&self, node: Node) -> u32 {
        self.first[usize::from(node.of.0)] + node.row
    }

    /// One more than the greatest number.
    pub(super) fn bound(&self) -> u32 {
        self.bound
    }

    /// The ways from a node, or those that lead to it, turned round.
    #[inline]
    pub(super) fn ways(&self, node: Node, forward: bool) -> &[Way<'a>] {
        let ways = if forward { &self.out } else { &self.into };
        ways.of(node.of)
    }

    /// All ways forward, with the types where they start.
    pub(super) fn all_ways(&self) -> impl Iterator<Item = (TypeId, &Way<'a>)> {
        let types = self.snapshot.ontology().concrete_ids();
        types.flat_map(|of| self.out.of(of).iter().map(move |way| (of, way)))
    }

    /// Calls for every neighbour of a node that may be reached in one step, forward or against the
    /// direction of the search: the node, its number, the edge. Self-loops are left out.
    #[inline]
    pub(super) fn each<G: Guide>(
        &self,
        node: Node,
        forward: bool,
        guide: &G,
        mut found: impl FnMut(Node, u32, Edge) -> Result<(), G::Stop>,
    ) -> Result<(), G::Stop> {
        for way in self.ways(node, forward) {
            let neighbours = way.neighbours(node.row);
            guide.touch(neighbours.len())?;
            let loops = way.to == node.of;
            for (row, at) in neighbours {
                let (segment, of) = (way.segment, way.to);
                if loops && row == node.row {
                    continue;
                }
                if let Some(condition) = way.condition
                    && !guide.admits(condition, Edge { segment, at })?
                {
                    continue;
                }
                found(Node { of, row }, way.first + row, Edge { segment, at })?;
            }
        }
        Ok(())
    }

    /// Where the ways from a node lead, or those that lead to it; some may lead nowhere: to leave these
    /// out here would be to wait for each.
    #[inline]
    pub(super) fn fans<'w>(
        &'w self,
        node: Node,
        forward: bool,
    ) -> impl Iterator<Item = Fan<'w, 'a>> + use<'w, 'a> {
        let fan = move |way: &'w Way<'a>| Fan {
            node,
            way,
            rows: way.neighbours(node.row).rows(),
        };
        self.ways(node, forward).iter().map(fan)
    }

    /// As [`Web::each`], for those neighbours only that are among some nodes. Cost: for each way the
    /// edges, or a binary search for each of the nodes, whichever is less.
    #[inline]
    pub(super) fn among<G: Guide>(
        &self,
        (node, forward): (Node, bool),
        nodes: &[Node],
        is_among: impl Fn(u32) -> bool,
        guide: &G,
        mut found: impl FnMut(Node, u32, Edge),
    ) -> Result<(), G::Stop> {
        let mut fans = self.fans(node, forward);
        fans.try_for_each(|fan| self.meet(&fan, nodes, &is_among, guide, &mut found))
    }

    /// The same of one fan.
    #[inline]
    pub(super) fn meet<G: Guide>(
        &self,
        fan: &Fan<'_, '_>,
        nodes: &[Node],
        is_among: impl Fn(u32) -> bool,
        guide: &G,
        mut found: impl FnMut(Node, u32, Edge),
    ) -> Result<(), G::Stop> {
        let Fan { node, way, rows } = *fan;
        let (of, segment) = (way.to, way.segment);
        let mut meet = |place: usize, row: u32| {
            let (next, edge) = (Node { of, row }, way.neighbours(node.row).peek(place));
            let (Some((_, at)), false) = (edge, next == node) else {
                return Ok(());
            };
            let edge = Edge { segment, at };
            let admitted = way.condition.map_or(Ok(true), |c| guide.admits(c, edge));
            if admitted? {
                found(next, way.first + row, edge);
            }
            Ok(())
        };
        if rows.len() <= nodes.len().saturating_mul(SEARCHED) {
            guide.touch(rows.len())?;
            for (place, row) in rows.iter().enumerate() {
                if is_among(way.first + row) {
                    meet(place, *row)?;
                }
            }
            return Ok(());
        }
        guide.touch(nodes.len())?;
        let table = self.snapshot.table(of);
        for other in nodes.iter().filter(|other| other.of == of) {
            let start = rows.partition_point(|row| table.order(*row, other.row).is_lt());
            let parallel = rows[start..].iter().take_while(|row| **row == other.row);
            for place in start..start + parallel.count() {
                meet(place, other.row)?;
            }
        }
        Ok(())
    }

    /// As [`Web::each`], in the order of the neighbours' ids, then of the edges'.
    pub(super) fn steps<G: Guide>(
        &self,
        node: Node,
        guide: &G,
        mut wanted: impl FnMut(u32) -> bool,
    ) -> Result<Vec<(Node, Edge)>, G::Stop> {
        let mut steps = Vec::new();
        self.each(node, true, guide, |next, number, edge| {
            if wanted(number) {
                steps.push((next, edge));
            }
            Ok(())
        })?;
        steps.sort_by(|a, b| self.snapshot.order_steps(*a, *b));
        Ok(steps)
    }
}

impl Snapshot {
    /// Compares two steps by the nodes' ids, then by the edges'.
    pub(super) fn order_steps(&self, a: (Node, Edge), b: (Node, Edge)) -> Ordering {
        self.order(a.0, b.0)
            .then_with(|| self.order_edges(a.1, b.1))
    }

    /// Compares two edges by their ids: relationship type, source, target, unique properties.
    pub fn order_edges(&self, a: Edge, b: Edge) -> Ordering {
        if a == b {
            return Ordering::Equal;
        }
        let name = |edge: Edge| {
            let of = self.segment(edge.segment).relationship;
            &self.ontology.relationship(of).name
        };
        let ends = || {
            let ((s, t), (u, v)) = (self.ends(a), self.ends(b));
            self.order(s, u).then_with(|| self.order(t, v))
        };
        // Edges of one relationship type and the same ends are in one segment.
        name(a)
            .cmp(name(b))
            .then_with(ends)
            .then_with(|| self.by_unique(a.segment, a.at, b.at))
    }
}
