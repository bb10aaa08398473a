//! How does a small commit change edges? Not for: nodes (`apply`).

use super::apply::add_languages;
use super::change_set::EdgeChange;
use super::segment::{Adjacent, Neighbours, Segment, SegmentOver};
use super::snapshot::{Edge, Node, SegmentId, Snapshot};
use crate::ontology::{RelationshipId, TypeId};
use std::cmp::Ordering;
use std::sync::Arc;

impl Snapshot {
    pub(super) fn put_edge(&mut self, change: &EdgeChange, revision: u64) -> Result<(), String> {
        let end = |(of, key): &(TypeId, Box<str>)| {
            self.node(*of, key).ok_or_else(|| {
                let (name, of) = (&self.ontology.relationship(change.of).name, *of);
                let of = &self.ontology.node_type(of).name;
                format!("an edge {name} names the node {of}:{key}, which is not there")
            })
        };
        let (source, target) = (end(&change.source)?, end(&change.target)?);
        let existing = self.edge(change.of, source, target, &change.unique);
        let Some(state) = &change.state else {
            existing
                .into_iter()
                .for_each(|edge| self.remove_edge(edge.segment, edge.at));
            return Ok(());
        };
        let content = Arc::new(self.content(state, revision)?);
        let symmetric = self.ontology.relationship(change.of).symmetric;
        let turn = symmetric && self.order(target, source).is_lt();
        let (source, target) = if turn {
            (target, source)
        } else {
            (source, target)
        };
        let id = self.segment_for(change.of, source.of, target.of);
        let segment = &mut self.segments[id.0 as usize];
        let base = segment.base.clone();
        let over = segment.over_mut();
        add_languages(&base.records, &mut over.extra, &content);
        match existing {
            Some(edge) => over.contents.put(edge.at, Some(content)),
            None => {
                let at = over.next;
                over.next += 1;
                over.live += 1;
                over.contents.put(at, Some(content));
                over.ends.put(at, (source.row, target.row));
                self.link(id, at, source, target);
            }
        }
        Ok(())
    }

    /// The segment between two concrete types, made if there is none.
    fn segment_for(&mut self, of: RelationshipId, source: TypeId, target: TypeId) -> SegmentId {
        if let Some(id) = self.segment_between(of, source, target) {
            return id;
        }
        let id = SegmentId(self.segments.len() as u16);
        self.segments.push(Segment {
            relationship: of,
            source,
            target,
            base: Arc::default(),
            over: None,
        });
        let rank = |id: &SegmentId| {
            let segment = &self.segments[id.0 as usize];
            (self.rank(segment.source), self.rank(segment.target))
        };
        let ids = &self.by_relationship[of.0 as usize];
        let place = ids.partition_point(|other| rank(other) < rank(&id));
        self.by_relationship[of.0 as usize].insert(place, id);
        id
    }

    /// Puts an edge among those of both its ends.
    fn link(&mut self, id: SegmentId, at: u32, source: Node, target: Node) {
        let segment = self.segment(id);
        let mut out = Adjacent::of(segment.out(source.row));
        let place = |adjacent: &Adjacent, other: Node| {
            let (others, table) = (&adjacent.others, self.table(other.of));
            let lower = others.partition_point(|row| table.order(*row, other.row).is_lt());
            let parallel = others[lower..].iter().zip(&adjacent.at[lower..]);
            let before = parallel.take_while(|(row, there)| {
                **row == other.row && self.by_unique(id, **there, at).is_lt()
            });
            lower + before.count()
        };
        let mut into = Adjacent::of(segment.into(target.row));
        let (after, before) = (place(&out, target), place(&into, source));
        out.insert(after, target.row, at);
        into.insert(before, source.row, at);
        let over = self.segments[id.0 as usize].over_mut();
        over.out.put(source.row, Arc::new(out));
        over.into.put(target.row, Arc::new(into));
    }

    /// Compares two edges of a segment by their unique properties.
    fn by_unique(&self, id: SegmentId, a: u32, b: u32) -> Ordering {
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

    pub(super) fn remove_edge(&mut self, segment: SegmentId, at: u32) {
        if !self.segment(segment).is_live(at) {
            return;
        }
        let (source, target) = self.ends(Edge { segment, at });
        let shared = self.segment(segment);
        let mut out = Adjacent::of(shared.out(source.row));
        let mut into = Adjacent::of(shared.into(target.row));
        out.remove(at);
        into.remove(at);
        let over = self.segments[segment.0 as usize].over_mut();
        over.out.put(source.row, Arc::new(out));
        over.into.put(target.row, Arc::new(into));
        over.contents.put(at, None);
        over.live -= 1;
    }
}

impl Segment {
    fn over_mut(&mut self) -> &mut SegmentOver {
        let count = self.base.topology.targets.len();
        let over = self.over.get_or_insert_with(|| {
            Arc::new(SegmentOver {
                next: count as u32,
                live: count,
                ..SegmentOver::default()
            })
        });
        Arc::make_mut(over)
    }
}

impl Adjacent {
    fn of(neighbours: Neighbours<'_>) -> Self {
        let (others, at) = neighbours.unzip();
        Self { others, at }
    }

    fn insert(&mut self, place: usize, other: u32, at: u32) {
        self.others.insert(place, other);
        self.at.insert(place, at);
    }

    fn remove(&mut self, at: u32) {
        if let Some(place) = self.at.iter().position(|other| *other == at) {
            self.others.remove(place);
            self.at.remove(place);
        }
    }
}
