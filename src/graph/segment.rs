//! Which edges of one relationship type join nodes of two concrete types? Not for: what the nodes
//! are (`table`).

use super::column::{Column, Contents, Records};
use super::pages::Pages;
use crate::ontology::{RelationshipId, TypeId};
use std::sync::Arc;

/// All edges of one relationship type between one pair of concrete types. An edge is a position
/// `at`, below [`Segment::positions`]; those of removed edges are not used again.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Whose edges.
    pub relationship: RelationshipId,
    /// The concrete type of the sources.
    pub source: TypeId,
    /// The concrete type of the targets.
    pub target: TypeId,
    pub(crate) base: Arc<SegmentBase>,
    pub(crate) over: Option<Arc<SegmentOver>>,
}

/// Edges in order of their sources, then targets, then unique properties.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct SegmentBase {
    pub(crate) topology: Topology,
    pub(crate) records: Records,
}

/// Which row is joined with which: both directions, compressed.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Topology {
    /// For each source row where its edges end.
    pub(crate) out: Vec<u32>,
    /// The target row of each edge.
    pub(crate) targets: Vec<u32>,
    /// For each target row where its part of `sources` ends.
    pub(crate) into: Vec<u32>,
    /// Source rows by target.
    pub(crate) sources: Vec<u32>,
    /// The edges that belong to `sources`.
    pub(crate) positions: Vec<u32>,
}

/// What has changed since the base was built.
#[derive(Clone, Debug, Default)]
pub(crate) struct SegmentOver {
    pub(crate) contents: Contents,
    /// Source and target of added edges, whose positions follow those of the base.
    pub(crate) ends: Pages<(u32, u32)>,
    /// All edges of the sources that had edges added or removed.
    pub(crate) out: Pages<Arc<Adjacent>>,
    /// The same of targets.
    pub(crate) into: Pages<Arc<Adjacent>>,
    /// The first position that was never used.
    pub(crate) next: u32,
    /// How many edges there are.
    pub(crate) live: usize,
    /// By property: languages that the base has not.
    pub(crate) extra: Vec<Vec<Box<str>>>,
}

/// The neighbours of one row and the edges to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Adjacent {
    pub(crate) others: Vec<u32>,
    pub(crate) at: Vec<u32>,
}

/// Neighbours of a node, in order of their ids, then of the unique properties of the edges: the row
/// of each, and the edge's position. 8 to 14 ns each.
#[derive(Clone, Debug)]
pub struct Neighbours<'a> {
    others: &'a [u32],
    at: Positions<'a>,
}

#[derive(Clone, Debug)]
enum Positions<'a> {
    /// One after the other from here.
    From(u32),
    Each(&'a [u32]),
}

impl Topology {
    /// From targets, and where each source's end; `targets` of one source must be in order.
    pub(crate) fn new(out: Vec<u32>, targets: Vec<u32>, target_rows: usize) -> Self {
        let mut next = vec![0u32; target_rows + 1];
        for target in &targets {
            next[*target as usize + 1] += 1;
        }
        for row in 0..target_rows {
            next[row + 1] += next[row];
        }
        let mut sources = vec![0; targets.len()];
        let mut positions = vec![0; targets.len()];
        let mut start = 0;
        for (source, end) in (0..).zip(&out) {
            for at in start..*end {
                let slot = &mut next[targets[at as usize] as usize];
                sources[*slot as usize] = source;
                positions[*slot as usize] = at;
                *slot += 1;
            }
            start = *end;
        }
        next.pop();
        Self {
            out,
            targets,
            into: next,
            sources,
            positions,
        }
    }

    fn outgoing(&self, row: u32) -> Neighbours<'_> {
        let (start, end) = part(&self.out, row);
        Neighbours {
            others: &self.targets[start as usize..end as usize],
            at: Positions::From(start),
        }
    }

    fn incoming(&self, row: u32) -> Neighbours<'_> {
        let (start, end) = part(&self.into, row);
        Neighbours {
            others: &self.sources[start as usize..end as usize],
            at: Positions::Each(&self.positions[start as usize..end as usize]),
        }
    }

    /// The source of an edge. Cost: a binary search over the source rows.
    pub(crate) fn source(&self, at: u32) -> u32 {
        self.out.partition_point(|end| *end <= at) as u32
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let ends = self.out.capacity() + self.into.capacity();
        let edges = self.targets.capacity() + self.sources.capacity() + self.positions.capacity();
        (ends + edges) * 4
    }
}

/// Where a row's part starts and ends; empty for a row beyond.
#[inline]
fn part(ends: &[u32], row: u32) -> (u32, u32) {
    let row = row as usize;
    match ends.get(row) {
        None => (0, 0),
        Some(end) if row == 0 => (0, *end),
        Some(end) => (ends[row - 1], *end),
    }
}

impl Segment {
    /// How many edges there are.
    pub fn len(&self) -> usize {
        match &self.over {
            None => self.base.topology.targets.len(),
            Some(over) => over.live,
        }
    }

    /// Whether there are no edges.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many positions were ever used; every edge's is below.
    pub fn positions(&self) -> usize {
        match &self.over {
            None => self.base.topology.targets.len(),
            Some(over) => over.next as usize,
        }
    }

    /// The edges from a source's row: target rows and positions.
    #[inline]
    pub fn out(&self, row: u32) -> Neighbours<'_> {
        match self.over.as_ref().and_then(|over| over.out.at(row)) {
            None => self.base.topology.outgoing(row),
            Some(adjacent) => adjacent.neighbours(),
        }
    }

    /// The edges into a target's row: source rows and positions.
    #[inline]
    pub fn into(&self, row: u32) -> Neighbours<'_> {
        match self.over.as_ref().and_then(|over| over.into.at(row)) {
            None => self.base.topology.incoming(row),
            Some(adjacent) => adjacent.neighbours(),
        }
    }

    /// How many edges a source has.
    pub fn out_degree(&self, row: u32) -> usize {
        self.out(row).len()
    }

    /// How many edges a target has.
    pub fn in_degree(&self, row: u32) -> usize {
        self.into(row).len()
    }

    /// Source and target of an edge.
    pub(crate) fn ends(&self, at: u32) -> (u32, u32) {
        let topology = &self.base.topology;
        if let Some(target) = topology.targets.get(at as usize) {
            return (topology.source(at), *target);
        }
        let added = self.over.as_ref().and_then(|over| over.ends.at(at));
        added.copied().unwrap_or_default()
    }

    /// Source and target of each position, removed edges included.
    pub(crate) fn all_ends(&self) -> Vec<(u32, u32)> {
        let topology = &self.base.topology;
        let mut all = Vec::with_capacity(self.positions());
        for (source, end) in (0..).zip(&topology.out) {
            let targets = &topology.targets[all.len()..*end as usize];
            all.extend(targets.iter().map(|target| (source, *target)));
        }
        let added = topology.targets.len() as u32..self.positions() as u32;
        all.extend(added.map(|at| self.ends(at)));
        all
    }

    /// Whether a position's edge exists.
    pub(crate) fn is_live(&self, at: u32) -> bool {
        match self.over.as_ref().and_then(|over| over.contents.at(at)) {
            None => (at as usize) < self.base.topology.targets.len(),
            Some(content) => content.is_some(),
        }
    }

    /// What has changed since the base was built.
    pub(crate) fn contents(&self) -> Option<&Contents> {
        self.over.as_ref().map(|over| &over.contents)
    }

    /// The values of a property, by the edges' positions.
    pub fn column(&self, property: usize) -> Column<'_> {
        let base = self.base.records.columns.get(property);
        let over = self.over.as_deref();
        let extra = over.and_then(|over| over.extra.get(property));
        Column {
            base: base.and_then(Option::as_ref),
            over: over.map(|over| &over.contents),
            extra: extra.map_or(&[], |extra| extra),
            property,
        }
    }
}

impl Adjacent {
    fn neighbours(&self) -> Neighbours<'_> {
        Neighbours {
            others: &self.others,
            at: Positions::Each(&self.at),
        }
    }
}

impl<'a> Neighbours<'a> {
    /// None.
    pub(crate) fn none() -> Self {
        Self {
            others: &[],
            at: Positions::From(0),
        }
    }

    /// The rows of the neighbours that are left.
    pub fn rows(&self) -> &'a [u32] {
        self.others
    }

    /// The neighbour at a position of those that are left, without going there.
    #[inline]
    pub fn peek(&self, position: usize) -> Option<(u32, u32)> {
        let other = *self.others.get(position)?;
        let at = match self.at {
            Positions::From(start) => start + position as u32,
            Positions::Each(at) => at[position],
        };
        Some((other, at))
    }

    fn skip_first(&mut self, count: usize) {
        self.others = &self.others[count..];
        self.at = match self.at {
            Positions::From(start) => Positions::From(start + count as u32),
            Positions::Each(at) => Positions::Each(&at[count..]),
        };
    }
}

impl Iterator for Neighbours<'_> {
    type Item = (u32, u32);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let first = self.peek(0)?;
        self.skip_first(1);
        Some(first)
    }

    fn nth(&mut self, n: usize) -> Option<Self::Item> {
        self.skip_first(n.min(self.others.len()));
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.others.len(), Some(self.others.len()))
    }
}

impl DoubleEndedIterator for Neighbours<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let last = self.peek(self.others.len().checked_sub(1)?)?;
        self.others = &self.others[..self.others.len() - 1];
        Some(last)
    }
}

impl ExactSizeIterator for Neighbours<'_> {}
