//! What is the graph of some of its records, as if the others had never been? Not for: which those
//! are (`access`, `api`).

use super::column::{Content, Contents};
use super::links::Links;
use super::references::Reference;
use super::segment::Segment;
use super::snapshot::{Edge, Node, SegmentId, Snapshot};
use super::table::Table;
use crate::ontology::Ontology;
use std::sync::Arc;

/// Whether a source is among the records left.
type Cited<'a> = &'a dyn Fn(&Reference) -> bool;

impl Snapshot {
    /// The graph of the nodes and edges that two tests pass, at the same revision: an edge needs
    /// both its ends, a reference its source, and nothing of the others is left in any index. Cost:
    /// a test of each record, and about a microsecond for each record of the types concerned; where
    /// all pass, the graph itself is shared.
    ///
    /// # Errors
    /// As [`Snapshot::compact`].
    pub fn only(
        &self,
        node: &dyn Fn(Node) -> bool,
        edge: &dyn Fn(Edge) -> bool,
    ) -> Result<Self, String> {
        let mut next = self.clone();
        let mut hidden = 0;
        for of in self.ontology.concrete_ids() {
            let nodes = self.nodes(of).filter(|each| !node(*each));
            let rows: Vec<u32> = nodes.map(|node| node.row).collect();
            hidden += rows.len();
            next.tables[of.0 as usize].hide(&rows);
        }
        for (id, segment) in self.all_segments() {
            let gone = self.gone(&next, id, edge);
            hidden += gone.len();
            next.segments[id.0 as usize].hide(&gone, segment.len());
        }
        if hidden == 0 {
            return Ok(self.clone());
        }
        next.forget_sources(self);
        next.compact()
    }

    /// As [`Snapshot::only`], but every record that is left keeps its place, so that what is found in
    /// one graph can be changed in the other. Cost: a test of each record, and microseconds for each
    /// that is not left.
    ///
    /// # Errors
    /// As [`Snapshot::apply`].
    pub fn only_in_place(
        &self,
        node: &dyn Fn(Node) -> bool,
        edge: &dyn Fn(Edge) -> bool,
    ) -> Result<Self, String> {
        let mut next = self.clone();
        let mut links = Links::default();
        for (id, segment) in self.all_segments() {
            let node_at = |of, row| node(Node { of, row });
            for (at, (source, target)) in (0..).zip(segment.all_ends()) {
                let ends = || node_at(segment.source, source) && node_at(segment.target, target);
                if segment.is_live(at) && !(ends() && edge(Edge { segment: id, at })) {
                    next.remove_edge(id, at, &mut links);
                }
            }
        }
        next.link(links)?;
        let ontology = &self.ontology;
        for of in ontology.concrete_ids() {
            for gone in self.nodes(of).filter(|each| !node(*each)) {
                let declared = ontology.node_type(of);
                next.tables[of.0 as usize].remove(ontology, declared, gone.row);
            }
        }
        next.forget_sources(self);
        Ok(next)
    }

    /// The positions of a segment's edges that are not left: their own test fails, or an end is not
    /// there next.
    fn gone(&self, next: &Self, id: SegmentId, edge: &dyn Fn(Edge) -> bool) -> Vec<u32> {
        let segment = self.segment(id);
        let (sources, targets) = (next.table(segment.source), next.table(segment.target));
        let ends = (0..).zip(segment.all_ends());
        let gone = ends.filter(|(at, (source, target))| {
            let ends = || sources.is_live(*source) && targets.is_live(*target);
            segment.is_live(*at)
                && !(ends()
                    && edge(Edge {
                        segment: id,
                        at: *at,
                    }))
        });
        gone.map(|(at, _)| at).collect()
    }

    /// Takes the references out whose sources are gone.
    fn forget_sources(&mut self, before: &Self) {
        let sources = self.table(Ontology::SOURCE).clone();
        if sources.count() == before.table(Ontology::SOURCE).count() {
            return;
        }
        let left = |reference: &Reference| sources.is_live(reference.source.row);
        self.lists = Arc::new(self.lists.filtered(&left));
        for table in &mut self.tables {
            table.cite_only(&left);
        }
        for segment in &mut self.segments {
            segment.cite_only(&left);
        }
    }
}

impl Table {
    /// Marks rows as removed, for a graph that is compacted next: indexes are as they were.
    fn hide(&mut self, rows: &[u32]) {
        if rows.is_empty() {
            return;
        }
        let base = self.base.keys.len();
        let over = self.over_mut();
        for row in rows {
            over.contents.put(*row, None);
            over.removed += usize::from((*row as usize) < base);
        }
        let contents = &over.contents;
        let is_live = |row: u32| contents.at(row).is_some_and(Option::is_some);
        Arc::make_mut(&mut over.added).retain(|added| is_live(added.row));
    }

    fn cite_only(&mut self, left: Cited<'_>) {
        if let Some(over) = &mut self.over {
            cite_only(&mut Arc::make_mut(over).contents, left);
        }
    }
}

impl Segment {
    /// Marks edges as removed, for a graph that is compacted next: the neighbours are as they were.
    fn hide(&mut self, positions: &[u32], count: usize) {
        if positions.is_empty() {
            return;
        }
        let over = self.over_mut();
        for at in positions {
            over.contents.put(*at, None);
        }
        over.live = count - positions.len();
    }

    fn cite_only(&mut self, left: Cited<'_>) {
        if let Some(over) = &mut self.over {
            cite_only(&mut Arc::make_mut(over).contents, left);
        }
    }
}

/// Takes the references of changed records out that are not left.
fn cite_only(contents: &mut Contents, left: Cited<'_>) {
    let cites = |content: &Content| !content.references.iter().all(left);
    let concerned = contents.iter().filter_map(|(row, content)| {
        let content = content.as_ref().filter(|content| cites(content))?;
        Some((row, content.clone()))
    });
    for (row, content) in concerned.collect::<Vec<(u32, Arc<Content>)>>() {
        let references = content.references.iter().filter(|each| left(each));
        let references = references.cloned().collect();
        let content = Content {
            references,
            ..(*content).clone()
        };
        contents.put(row, Some(Arc::new(content)));
    }
}
