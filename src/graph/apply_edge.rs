//! How does a small commit change edges? Not for: nodes (`apply`).

use super::apply::add_languages;
use super::change_set::EdgeChange;
use super::links::Links;
use super::segment::{Segment, SegmentOver};
use super::snapshot::{SegmentId, Snapshot};
use crate::ontology::{RelationshipId, TypeId};
use std::sync::Arc;

impl Snapshot {
    /// Puts or removes an edge; [`Snapshot::link`] puts it among those of its ends.
    pub(super) fn put_edge(
        &mut self,
        change: &EdgeChange,
        revision: u64,
        links: &mut Links,
    ) -> Result<(), String> {
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
                .for_each(|edge| self.remove_edge(edge.segment, edge.at, links));
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
                links.add(id, at, (source.row, target.row));
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

    /// Removes an edge; [`Snapshot::link`] takes it from those of its ends.
    pub(super) fn remove_edge(&mut self, id: SegmentId, at: u32, links: &mut Links) {
        let segment = &mut self.segments[id.0 as usize];
        if !segment.is_live(at) {
            return;
        }
        links.remove(id, at, segment.ends(at));
        let over = segment.over_mut();
        over.contents.put(at, None);
        over.live -= 1;
    }
}

impl Segment {
    pub(super) fn over_mut(&mut self) -> &mut SegmentOver {
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
