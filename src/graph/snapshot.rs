//! The graph as it is at one revision: here is a node; give me its values and neighbours.
//! Not for: building (`builder`) or changing (`change_set`) one.

use super::column::Column;
use super::index::{Index, is_indexed};
use super::references::{Reference, ReferenceLists};
use super::segment::{Neighbours, Segment};
use super::strings::Strings;
use super::table::Table;
use crate::ontology::{Ontology, RelationshipId, TypeId};
use crate::value::{Cell, Value};
use std::cmp::Ordering;
use std::sync::Arc;

/// A node of one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Node {
    /// Its concrete type.
    pub of: TypeId,
    /// Its row among the nodes of its type.
    pub row: u32,
}

/// A segment of one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentId(pub u16);

/// An edge of one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edge {
    /// Where it is stored, which tells relationship type and the types of its ends.
    pub segment: SegmentId,
    /// Its position there.
    pub at: u32,
}

/// An immutable graph; cheap to clone.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) ontology: Arc<Ontology>,
    pub(crate) revision: u64,
    /// By concrete type.
    pub(crate) tables: Vec<Table>,
    pub(crate) segments: Vec<Segment>,
    /// By relationship type, in order of the names of the source type, then the target type.
    pub(crate) by_relationship: Vec<Vec<SegmentId>>,
    pub(crate) lists: Arc<ReferenceLists>,
    /// By concrete type: its place in the order of ids.
    pub(crate) ranks: Arc<[u16]>,
}

/// The place of each concrete type in the order of ids, which is that of the names with `:`.
pub(crate) fn ranks(ontology: &Ontology) -> Arc<[u16]> {
    let name = |id: &TypeId| format!("{}:", ontology.node_type(*id).name);
    let mut order: Vec<TypeId> = ontology.concrete_ids().collect();
    order.sort_by_key(name);
    let mut ranks = vec![0; order.len()];
    for (rank, id) in (0..).zip(order) {
        ranks[id.0 as usize] = rank;
    }
    ranks.into()
}

impl Snapshot {
    /// A graph without nodes, at revision 0.
    pub fn empty(ontology: Arc<Ontology>) -> Self {
        Self {
            revision: 0,
            tables: vec![Table::default(); ontology.concrete as usize],
            segments: Vec::new(),
            by_relationship: vec![Vec::new(); ontology.relationships.len()],
            lists: Arc::default(),
            ranks: ranks(&ontology),
            ontology,
        }
    }

    /// Puts segments in, which must be in order of relationship type, source type's, target type's
    /// rank.
    pub(crate) fn arrange(&mut self, segments: Vec<Segment>) {
        self.by_relationship = vec![Vec::new(); self.ontology.relationships.len()];
        for (id, segment) in (0..).map(SegmentId).zip(&segments) {
            self.by_relationship[segment.relationship.0 as usize].push(id);
        }
        self.segments = segments;
    }

    /// What may exist.
    pub fn ontology(&self) -> &Arc<Ontology> {
        &self.ontology
    }

    /// The latest commit.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn table(&self, of: TypeId) -> &Table {
        &self.tables[of.0 as usize]
    }

    /// How many nodes a type has; of an interface the sum over its members.
    pub fn count(&self, of: TypeId) -> usize {
        let members = &self.ontology.node_type(of).members;
        members.iter().map(|m| self.table(*m).count()).sum()
    }

    /// One more than the greatest row of a concrete type that was ever used, for dense arrays.
    pub fn rows(&self, of: TypeId) -> usize {
        self.table(of).rows()
    }

    /// The node of a concrete type and key. Cost: a binary search.
    pub fn node(&self, of: TypeId, key: &str) -> Option<Node> {
        let row = self.table(of).find(key)?;
        Some(Node { of, row })
    }

    /// Whether a node exists; nodes taken from this snapshot do.
    pub fn is_live(&self, node: Node) -> bool {
        self.table(node.of).is_live(node.row)
    }

    /// The nodes of a concrete type in order of their ids; `rev` gives them backwards.
    pub fn nodes(&self, of: TypeId) -> impl DoubleEndedIterator<Item = Node> + Clone + '_ {
        self.table(of).iter().map(move |row| Node { of, row })
    }

    /// The nodes of a concrete type in order of their ids, from the first whose key is not below
    /// `key`.
    pub fn nodes_from<'a>(
        &'a self,
        of: TypeId,
        key: &str,
    ) -> impl DoubleEndedIterator<Item = Node> + Clone + use<'a> {
        let rows = self.table(of).iter_from(key);
        rows.map(move |row| Node { of, row })
    }

    /// The nodes of a concrete type in order of their ids, up to the last whose key is not above
    /// `key`.
    pub fn nodes_to<'a>(
        &'a self,
        of: TypeId,
        key: &str,
    ) -> impl DoubleEndedIterator<Item = Node> + Clone + use<'a> {
        let rows = self.table(of).iter_to(key);
        rows.map(move |row| Node { of, row })
    }

    /// A node's key.
    pub fn key(&self, node: Node) -> &str {
        self.table(node.of).key(node.row)
    }

    /// The keys of a concrete type as they were when its base was built.
    pub(crate) fn keys(&self, of: TypeId) -> &Strings {
        &self.table(of).base.keys
    }

    /// Whether a node was changed or added since the base was built.
    #[inline]
    pub(crate) fn is_overlaid(&self, node: Node) -> bool {
        let contents = self.table(node.of).contents();
        contents.is_some_and(|contents| contents.at(node.row).is_some())
    }

    /// Whether an edge was changed or added since the base was built.
    #[inline]
    pub(crate) fn is_edge_overlaid(&self, edge: Edge) -> bool {
        let contents = self.segment(edge.segment).contents();
        contents.is_some_and(|contents| contents.at(edge.at).is_some())
    }

    /// Compares two nodes by their ids; O(1) unless one was added since the base was built.
    #[inline]
    pub fn order(&self, a: Node, b: Node) -> Ordering {
        if a.of == b.of {
            return self.table(a.of).order(a.row, b.row);
        }
        self.rank(a.of).cmp(&self.rank(b.of))
    }

    /// The place of a concrete type in the order of ids.
    pub fn rank(&self, of: TypeId) -> u16 {
        self.ranks[of.0 as usize]
    }

    /// A node's value of a property.
    #[inline]
    pub fn cell(&self, node: Node, property: usize) -> Cell<'_> {
        let table = self.table(node.of);
        if table.over.is_some() {
            return table.column(property).cell(node.row);
        }
        match table.base.records.columns.get(property) {
            Some(Some(cells)) => cells.cell(node.row as usize),
            _ => Cell::Null,
        }
    }

    /// The values of a property of a concrete type, by row.
    pub fn column(&self, of: TypeId, property: usize) -> Column<'_> {
        self.table(of).column(property)
    }

    /// Where a node is taken from.
    pub fn references(&self, node: Node) -> &[Reference] {
        let table = self.table(node.of);
        let records = &table.base.records;
        records.references(table.contents(), &self.lists, node.row)
    }

    /// The revision that last changed a node.
    pub fn changed(&self, node: Node) -> u64 {
        let table = self.table(node.of);
        table.base.records.changed(table.contents(), node.row)
    }

    /// The index of a property of a concrete type: of those that are `@unique` (also in a set) or
    /// `@search`.
    pub fn index(&self, of: TypeId, property: usize) -> Option<Index<'_>> {
        let declared = self.ontology.node_type(of);
        is_indexed(&self.ontology, declared, property).then(|| Index::of(self.table(of), property))
    }

    /// The segments of a relationship type, in order of the names of source, then target type.
    pub fn segments(&self, of: RelationshipId) -> &[SegmentId] {
        &self.by_relationship[of.0 as usize]
    }

    /// A segment.
    pub fn segment(&self, id: SegmentId) -> &Segment {
        &self.segments[id.0 as usize]
    }

    /// All segments.
    pub fn all_segments(&self) -> impl Iterator<Item = (SegmentId, &Segment)> {
        (0..).map(SegmentId).zip(&self.segments)
    }

    /// How many edges a relationship type has.
    pub fn edge_count(&self, of: RelationshipId) -> usize {
        let segments = self.segments(of).iter();
        segments.map(|id| self.segment(*id).len()).sum()
    }

    /// The edges of a segment in order of their sources' ids, then the targets', then unique
    /// properties.
    pub fn edges(&self, id: SegmentId) -> impl DoubleEndedIterator<Item = Edge> + '_ {
        let segment = self.segment(id);
        let rows = self.table(segment.source).iter();
        let edges = rows.flat_map(|row| segment.out(row));
        edges.map(move |(_, at)| Edge { segment: id, at })
    }

    /// Source and target of an edge. Cost: a binary search over the sources.
    pub fn ends(&self, edge: Edge) -> (Node, Node) {
        let segment = self.segment(edge.segment);
        let (source, target) = segment.ends(edge.at);
        let node = |of, row| Node { of, row };
        (node(segment.source, source), node(segment.target, target))
    }

    /// The edge of a relationship type between two nodes whose unique properties have the given
    /// values; of a symmetric relationship type whichever way round.
    pub fn edge(
        &self,
        of: RelationshipId,
        source: Node,
        target: Node,
        unique: &[Value],
    ) -> Option<Edge> {
        let relationship = self.ontology.relationship(of);
        let turn = relationship.symmetric && self.order(target, source).is_lt();
        let (source, target) = if turn {
            (target, source)
        } else {
            (source, target)
        };
        let id = self.segment_between(of, source.of, target.of)?;
        let segment = self.segment(id);
        let same = |at: u32| {
            let mut pairs = relationship.unique.iter().zip(unique);
            // Within a commit, edges that are gone stand among the others until it ends.
            segment.is_live(at)
                && pairs.all(|(property, value)| {
                    let cell = segment.column(*property).cell(at);
                    cell.order(value.as_cell()).is_eq()
                })
        };
        let mut parallel = self.between(segment, source.row, target.row);
        let (_, at) = parallel.find(|(_, at)| same(*at))?;
        Some(Edge { segment: id, at })
    }

    /// The segment of a relationship type and two concrete types.
    pub fn segment_between(
        &self,
        of: RelationshipId,
        source: TypeId,
        target: TypeId,
    ) -> Option<SegmentId> {
        let mut ids = self.segments(of).iter().copied();
        ids.find(|id| {
            let segment = self.segment(*id);
            (segment.source, segment.target) == (source, target)
        })
    }

    /// The edges of a segment between two rows. Cost: a binary search over the source's edges.
    pub fn between<'a>(
        &'a self,
        segment: &'a Segment,
        source: u32,
        target: u32,
    ) -> impl Iterator<Item = (u32, u32)> + 'a {
        let table = self.table(segment.target);
        let mut neighbours = segment.out(source);
        let rows = neighbours.rows();
        match rows.partition_point(|row| table.order(*row, target).is_lt()) {
            0 => {}
            skip => drop(neighbours.nth(skip - 1)),
        }
        neighbours.take_while(move |(row, _)| *row == target)
    }

    /// An edge's value of a property.
    pub fn edge_cell(&self, edge: Edge, property: usize) -> Cell<'_> {
        self.segment(edge.segment).column(property).cell(edge.at)
    }

    /// Where an edge is taken from.
    pub fn edge_references(&self, edge: Edge) -> &[Reference] {
        let segment = self.segment(edge.segment);
        let records = &segment.base.records;
        records.references(segment.contents(), &self.lists, edge.at)
    }

    /// The revision that last changed an edge.
    pub fn edge_changed(&self, edge: Edge) -> u64 {
        let segment = self.segment(edge.segment);
        segment.base.records.changed(segment.contents(), edge.at)
    }

    /// The neighbours of a node in a segment, along the edges (`true`) or against them.
    pub fn neighbours(&self, id: SegmentId, node: Node, along: bool) -> Neighbours<'_> {
        let segment = self.segment(id);
        match along {
            true if segment.source == node.of => segment.out(node.row),
            false if segment.target == node.of => segment.into(node.row),
            _ => Neighbours::none(),
        }
    }

    /// Whether anything has changed since the bases were built.
    pub fn has_overlay(&self) -> bool {
        let segments = self.segments.iter().any(|segment| segment.over.is_some());
        segments || self.tables.iter().any(|table| table.over.is_some())
    }

    /// Bytes on the heap that the bases take.
    pub fn bytes(&self) -> usize {
        let tables: usize = self.tables.iter().map(|t| t.base.bytes()).sum();
        let segments = self.segments.iter().map(|s| &s.base);
        let edges: usize = segments
            .map(|b| b.topology.bytes() + b.records.bytes())
            .sum();
        tables + edges
    }
}
