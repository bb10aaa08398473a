//! How do the edges of a commit get among those of their ends? All at once: each end's are copied
//! once, however many of them come or go. Not for: what the edges hold (`apply_edge`).

use super::segment::Adjacent;
use super::snapshot::{SegmentId, Snapshot};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::sync::Arc;

/// The edges that a commit has added and removed so far.
#[derive(Debug, Default)]
pub(super) struct Links(FxHashMap<(SegmentId, bool, u32), Changed>);

/// What changes among the edges of one row, along them or against them.
#[derive(Debug, Default)]
struct Changed {
    /// The other ends and positions of edges that are new.
    new: Vec<(u32, u32)>,
    /// Positions of edges that are there no longer.
    gone: Vec<u32>,
}

impl Links {
    pub(super) fn add(&mut self, id: SegmentId, at: u32, (source, target): (u32, u32)) {
        self.of(id, true, source).new.push((target, at));
        self.of(id, false, target).new.push((source, at));
    }

    pub(super) fn remove(&mut self, id: SegmentId, at: u32, (source, target): (u32, u32)) {
        self.of(id, true, source).gone.push(at);
        self.of(id, false, target).gone.push(at);
    }

    fn of(&mut self, id: SegmentId, along: bool, row: u32) -> &mut Changed {
        self.0.entry((id, along, row)).or_default()
    }
}

impl Snapshot {
    /// Brings the edges of all rows concerned up to date. Cost: for each row its edges, once.
    ///
    /// # Errors
    /// If an edge was added twice.
    pub(super) fn link(&mut self, links: Links) -> Result<(), String> {
        for ((id, along, row), changed) in links.0 {
            let adjacent = Arc::new(self.linked(id, along, row, changed)?);
            let over = self.segments[id.0 as usize].over_mut();
            let rows = if along { &mut over.out } else { &mut over.into };
            rows.put(row, adjacent);
        }
        Ok(())
    }

    fn linked(
        &self,
        id: SegmentId,
        along: bool,
        row: u32,
        mut changed: Changed,
    ) -> Result<Adjacent, String> {
        let segment = self.segment(id);
        let (old, other) = match along {
            true => (segment.out(row), segment.target),
            false => (segment.into(row), segment.source),
        };
        let mut edges: Vec<(u32, u32)> = old.collect();
        if !changed.gone.is_empty() {
            changed.gone.sort_unstable();
            edges.retain(|(_, at)| changed.gone.binary_search(at).is_err());
        }
        let table = self.table(other);
        let order = |a: &(u32, u32), b: &(u32, u32)| {
            let by_unique = || self.by_unique(id, a.1, b.1);
            table.order(a.0, b.0).then_with(by_unique)
        };
        match &changed.new[..] {
            [] => {}
            [new] => edges.insert(edges.partition_point(|edge| order(edge, new).is_lt()), *new),
            all => {
                edges.extend(all);
                edges.sort_by(order);
                if !edges.is_sorted_by(|a, b| order(a, b).is_lt()) {
                    return Err("an edge is added twice".to_owned());
                }
            }
        }
        let (others, at) = edges.into_iter().unzip();
        Ok(Adjacent { others, at })
    }

    /// Compares two edges of a segment by their unique properties.
    pub(super) fn by_unique(&self, id: SegmentId, a: u32, b: u32) -> Ordering {
        let segment = self.segment(id);
        let relationship = self.ontology.relationship(segment.relationship);
        let mut orders = relationship.unique.iter().map(|property| {
            let column = segment.column(*property);
            column.cell(a).order(column.cell(b))
        });
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}
