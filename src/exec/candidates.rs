//! Which records may match, and which do? From a start's access, in the order of ids. Not for: the
//! order asked for (`order`).

use super::{Item, Run, Stop};
use crate::graph::{Edge, Node, Snapshot};
use crate::ontology::{Direction, RelationshipId, TypeId};
use crate::plan::{Access, Filter, Hop, Probe, Reach, Start};
use crate::search::{Pattern, Way};
use crate::value::{EdgeId, Value};
use std::ops::{Bound, ControlFlow};

/// Takes each match; breaks when it has enough.
pub(super) type Sink<'f> = &'f mut dyn FnMut(Item) -> Result<ControlFlow<()>, Stop>;

/// Room for so many nodes from the start.
const SOME: usize = 64;

impl Run<'_> {
    /// Calls for every node that the starts find, in the order of ids (the starts are in the order
    /// of their types).
    pub(super) fn each_node(
        &self,
        starts: &[Start],
        sink: Sink<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        for start in starts {
            if self.each_of_start(start, sink)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn each_of_start(&self, start: &Start, sink: Sink<'_>) -> Result<ControlFlow<()>, Stop> {
        if matches!(start.access, Access::All) {
            return self.each_matching(
                self.snapshot.nodes(start.of),
                start.filter.as_deref(),
                sink,
            );
        }
        let nodes = self.gathered(start)?;
        self.each_matching(nodes.into_iter(), start.filter.as_deref(), sink)
    }

    /// The nodes that a start's access yields, each once, in the order of ids.
    pub(super) fn gathered(&self, start: &Start) -> Result<Vec<Node>, Stop> {
        let mut nodes = Vec::with_capacity(SOME);
        self.gather(&start.access, start.of, &mut nodes)?;
        nodes.sort_unstable_by(|a, b| self.snapshot.order(*a, *b));
        nodes.dedup();
        Ok(nodes)
    }

    fn each_matching(
        &self,
        nodes: impl Iterator<Item = Node>,
        filter: Option<&Filter>,
        sink: Sink<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        for node in nodes {
            self.budget.candidate()?;
            if self.accepts(filter, Item::Node(node))? && sink(Item::Node(node))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The nodes of a type that an access yields, in any order, some perhaps twice.
    fn gather(&self, access: &Access, of: TypeId, nodes: &mut Vec<Node>) -> Result<(), Stop> {
        match access {
            Access::All => nodes.extend(self.snapshot.nodes(of)),
            Access::Keys(keys) => {
                self.budget.entries(keys.len())?;
                let keys = keys.iter().filter_map(text);
                nodes.extend(keys.filter_map(|key| self.snapshot.node(of, key)));
            }
            Access::Ids(ids) => {
                self.budget.entries(ids.len())?;
                let found = ids.iter().filter_map(text);
                let found = found.filter_map(|id| self.snapshot.node_of_id(id));
                nodes.extend(found.filter(|node| node.of == of));
            }
            Access::Index { property, probe } => self.gather_index(of, *property, probe, nodes)?,
            Access::Search(pattern) => self.gather_search(of, pattern, nodes)?,
            Access::Neighbours(hop, starts) => self.gather_neighbours(hop, starts, of, nodes)?,
            Access::Closure(hop, starts) => {
                let hop = Reach::Closure(hop.clone(), of);
                self.gather_links(&hop, starts, of, nodes)?;
            }
            Access::Ends(..) | Access::EdgeIds(_) => {}
            Access::Union(all) => all
                .iter()
                .try_for_each(|access| self.gather(access, of, nodes))?,
        }
        Ok(())
    }

    fn gather_index(
        &self,
        of: TypeId,
        property: usize,
        probe: &Probe,
        nodes: &mut Vec<Node>,
    ) -> Result<(), Stop> {
        let before = nodes.len();
        each_row(self.snapshot, of, property, probe, &mut |row| {
            nodes.push(Node { of, row })
        });
        let asked = match probe {
            Probe::Equal(values) => values.len().saturating_sub(1),
            _ => 0,
        };
        self.budget.entries(nodes.len() - before + asked)
    }

    fn gather_search(
        &self,
        of: TypeId,
        pattern: &Pattern,
        nodes: &mut Vec<Node>,
    ) -> Result<(), Stop> {
        for way in Way::ALL {
            let rows = self.snapshot.searched_by(of, pattern, way);
            self.budget.entries(rows.len())?;
            nodes.extend(rows.into_iter().map(|row| Node { of, row }));
        }
        Ok(())
    }

    fn gather_neighbours(
        &self,
        hop: &Hop,
        starts: &[Start],
        of: TypeId,
        nodes: &mut Vec<Node>,
    ) -> Result<(), Stop> {
        self.gather_links(&Reach::Hop(hop.clone()), starts, of, nodes)
    }

    fn gather_links(
        &self,
        reach: &Reach,
        starts: &[Start],
        of: TypeId,
        nodes: &mut Vec<Node>,
    ) -> Result<(), Stop> {
        let _ = self.each_node(starts, &mut |item| {
            let Some(from) = item.node() else {
                return Ok(ControlFlow::Continue(()));
            };
            self.each_link(reach, from, &mut |link| {
                nodes.extend(link.node().filter(|node| node.of == of));
                Ok(ControlFlow::Continue(()))
            })
        })?;
        Ok(())
    }

    /// Calls for every edge of a relationship that matches, in the order of ids.
    pub(super) fn each_edge(
        &self,
        relationship: RelationshipId,
        access: &Access,
        filter: Option<&Filter>,
        sink: Sink<'_>,
    ) -> Result<ControlFlow<()>, Stop> {
        let edges = self.gathered_edges(relationship, access)?;
        for edge in edges {
            self.budget.candidate()?;
            if self.accepts(filter, Item::Edge(edge))? && sink(Item::Edge(edge))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The edges that an access yields, each once, in the order of ids.
    pub(super) fn gathered_edges(
        &self,
        relationship: RelationshipId,
        access: &Access,
    ) -> Result<Vec<Edge>, Stop> {
        let mut edges = Vec::new();
        self.gather_edges(relationship, access, &mut edges)?;
        if !matches!(access, Access::All) || self.snapshot.segments(relationship).len() > 1 {
            edges.sort_by_cached_key(|edge| self.edge_order_key(*edge));
            edges.dedup();
        }
        Ok(edges)
    }

    fn gather_edges(
        &self,
        relationship: RelationshipId,
        access: &Access,
        edges: &mut Vec<Edge>,
    ) -> Result<(), Stop> {
        match access {
            Access::EdgeIds(ids) => {
                self.budget.entries(ids.len())?;
                let ids = ids.iter().filter_map(text).filter_map(EdgeId::parse);
                let found = ids.filter_map(|id| self.snapshot.edge_of_id(&id));
                let relationship_of = |e: &Edge| self.snapshot.segment(e.segment).relationship;
                edges.extend(found.filter(|edge| relationship_of(edge) == relationship));
                Ok(())
            }
            Access::Ends(side, starts) => self.gather_edges_of(relationship, *side, starts, edges),
            Access::Union(all) => all
                .iter()
                .try_for_each(|each| self.gather_edges(relationship, each, edges)),
            _ => self.gather_all_edges(relationship, edges),
        }
    }

    fn gather_all_edges(
        &self,
        relationship: RelationshipId,
        edges: &mut Vec<Edge>,
    ) -> Result<(), Stop> {
        for id in self.snapshot.segments(relationship) {
            let segment = self.snapshot.segment(*id);
            for node in self.snapshot.nodes(segment.source) {
                let before = edges.len();
                edges.extend(
                    segment
                        .out(node.row)
                        .map(|(_, at)| Edge { segment: *id, at }),
                );
                self.budget.spend((edges.len() - before) as u64)?;
            }
        }
        Ok(())
    }

    fn gather_edges_of(
        &self,
        relationship: RelationshipId,
        side: Direction,
        starts: &[Start],
        edges: &mut Vec<Edge>,
    ) -> Result<(), Stop> {
        let _ = self.each_node(starts, &mut |item| {
            let Some(node) = item.node() else {
                return Ok(ControlFlow::Continue(()));
            };
            let before = edges.len();
            for id in self.snapshot.segments(relationship) {
                let segment = self.snapshot.segment(*id);
                let (of, neighbours) = match side {
                    Direction::Out => (segment.source, segment.out(node.row)),
                    Direction::In => (segment.target, segment.into(node.row)),
                };
                if of == node.of {
                    edges.extend(neighbours.map(|(_, at)| Edge { segment: *id, at }));
                }
            }
            self.budget.edges(edges.len() - before)?;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(())
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Str(text) => Some(text),
        _ => None,
    }
}

/// Calls for every row that an index has for a probe.
fn each_row(
    snapshot: &Snapshot,
    of: TypeId,
    property: usize,
    probe: &Probe,
    each: &mut dyn FnMut(u32),
) {
    let Some(index) = snapshot.index(of, property) else {
        return;
    };
    match probe {
        Probe::Equal(values) => values
            .iter()
            .for_each(|value| index.equal(value.as_cell()).iter().for_each(&mut *each)),
        Probe::Prefix(prefix) => index.prefix(prefix).iter().for_each(each),
        Probe::Range(low, high) => index.range(bound(low), bound(high)).iter().for_each(each),
    }
}

pub(super) fn bound(bound: &Bound<Value>) -> Bound<crate::value::Cell<'_>> {
    bound.as_ref().map(Value::as_cell)
}
