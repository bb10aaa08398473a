//! What did a builder change? Not for: applying it (`apply`).

use super::build::Built;
use super::change_set::{ChangeSet, Citation, EdgeChange, NodeChange, State, Was};
use super::references::Reference;
use super::segment::Segment;
use super::snapshot::{Edge, Node, SegmentId, Snapshot};
use crate::ontology::TypeId;

impl Built {
    /// How many records differ from the graph that the builder started with.
    pub fn changed(&self) -> usize {
        let counts = [self.nodes, self.edges].into_iter();
        counts.map(|c| c.created + c.updated + c.removed).sum()
    }

    /// What leads from the graph that the builder started with to this one. Cost: a look at each
    /// record of the types concerned, and a copy of each that has changed.
    pub fn changes(&self, before: &Snapshot) -> ChangeSet {
        let graph = &self.snapshot;
        let nodes = graph.ontology.concrete_ids();
        let mut edges = self.removals(before);
        edges.extend(graph.all_segments().flat_map(|(id, _)| changed(graph, id)));
        let mut changes = ChangeSet {
            revision: graph.revision,
            nodes: nodes.flat_map(|of| changed_nodes(graph, of)).collect(),
            edges,
        };
        changes.remember(before);
        changes
    }

    /// The edges that are there no longer, in order of their places.
    fn removals(&self, before: &Snapshot) -> Vec<EdgeChange> {
        let removed = self.removed.iter();
        let mut removed: Vec<Edge> = removed
            .flat_map(|(segment, all)| all.iter().map(|at| (*segment, *at)))
            .map(|(segment, at)| Edge { segment, at })
            .collect();
        removed.sort_unstable();
        let changes = removed.into_iter().map(|edge| EdgeChange {
            state: None,
            ..before.edge_change(edge)
        });
        changes.filter(|change| !self.has(change)).collect()
    }

    /// Whether the edge of a change exists: it was removed and given anew.
    fn has(&self, change: &EdgeChange) -> bool {
        let end = |(of, key): &(TypeId, Box<str>)| self.snapshot.node(*of, key);
        let ends = end(&change.source).zip(end(&change.target));
        ends.is_some_and(|(source, target)| {
            let edge = self
                .snapshot
                .edge(change.of, source, target, &change.unique);
            edge.is_some()
        })
    }
}

impl ChangeSet {
    /// Notes for each record what it was in the graph before. Cost: a look-up for each.
    pub fn remember(&mut self, before: &Snapshot) {
        for change in &mut self.nodes {
            let node = before.node(change.of, &change.key);
            change.before = node.map(|node| Box::new(before.node_was(node)));
        }
        for change in &mut self.edges {
            let end = |(of, key): &(TypeId, Box<str>)| before.node(*of, key);
            let ends = end(&change.source).zip(end(&change.target));
            let edge = ends.and_then(|(source, target)| {
                before.edge(change.of, source, target, &change.unique)
            });
            change.before = edge.map(|edge| Box::new(before.edge_was(edge)));
        }
    }
}

/// The nodes of a concrete type that the last commit changed.
fn changed_nodes(graph: &Snapshot, of: TypeId) -> impl Iterator<Item = NodeChange> {
    let nodes = graph.nodes(of);
    let changed = nodes.filter(|node| graph.changed(*node) == graph.revision);
    changed.map(|node| graph.node_change(node))
}

/// The edges of a segment that the last commit changed.
fn changed(graph: &Snapshot, segment: SegmentId) -> impl Iterator<Item = EdgeChange> {
    let positions = 0..graph.segment(segment).positions() as u32;
    let edges = positions.map(move |at| Edge { segment, at });
    let live = |edge: &Edge| graph.segment(edge.segment).is_live(edge.at);
    let changed = edges.filter(|edge| graph.edge_changed(*edge) == graph.revision);
    changed.filter(live).map(|edge| graph.edge_change(edge))
}

impl Snapshot {
    /// What leads from an earlier state of this graph to this one, in order of types and ids. Cost: a
    /// look at each record of both.
    pub fn since(&self, before: &Snapshot) -> ChangeSet {
        let types = || self.ontology.concrete_ids();
        let is_new = |node: &Node| self.changed(*node) > before.revision;
        let nodes = types().flat_map(|of| self.nodes(of)).filter(is_new);
        let is_gone = |node: &Node| self.node(node.of, before.key(*node)).is_none();
        let gone = types().flat_map(|of| before.nodes(of)).filter(is_gone);
        let mut changes = ChangeSet {
            revision: self.revision,
            nodes: nodes.map(|node| self.node_change(node)).collect(),
            edges: self.edges_since(before),
        };
        changes.nodes.extend(gone.map(|node| NodeChange {
            state: None,
            ..before.node_change(node)
        }));
        changes.remember(before);
        changes.sort();
        changes
    }

    fn edges_since(&self, before: &Snapshot) -> Vec<EdgeChange> {
        let all = |graph: &Snapshot| {
            let segments = graph.all_segments().map(|(id, _)| id);
            let edges = segments.flat_map(|id| graph.edges(id));
            edges.collect::<Vec<Edge>>()
        };
        let is_new = |edge: &Edge| self.edge_changed(*edge) > before.revision;
        let new = all(self).into_iter().filter(is_new);
        let mut changes: Vec<EdgeChange> = new.map(|edge| self.edge_change(edge)).collect();
        let end = |node: Node| self.node(node.of, before.key(node));
        let is_gone = |edge: &Edge| {
            let of = before.segment(edge.segment).relationship;
            let (source, target) = before.ends(*edge);
            let properties = &self.ontology.relationship(of).unique;
            let unique = properties.iter();
            let unique = unique.map(|at| before.edge_cell(*edge, *at).to_value());
            let unique: Vec<_> = unique.collect();
            let ends = end(source).zip(end(target));
            ends.is_none_or(|(source, target)| self.edge(of, source, target, &unique).is_none())
        };
        let gone = all(before).into_iter().filter(is_gone);
        changes.extend(gone.map(|edge| EdgeChange {
            state: None,
            ..before.edge_change(edge)
        }));
        changes
    }

    /// A node as the change that puts it there.
    pub fn node_change(&self, node: Node) -> NodeChange {
        NodeChange {
            of: node.of,
            key: self.key(node).into(),
            state: Some(self.node_state(node)),
            before: None,
        }
    }

    /// What a node consists of.
    pub fn node_state(&self, node: Node) -> State {
        let properties = 0..self.ontology.node_type(node.of).properties.len();
        let values = properties.map(|property| self.cell(node, property).to_value());
        State {
            values: values.collect(),
            references: self.citations(self.references(node)),
        }
    }

    /// What a node consists of, and since when.
    pub fn node_was(&self, node: Node) -> Was {
        Was {
            changed: self.changed(node),
            state: self.node_state(node),
        }
    }

    /// What an edge consists of.
    pub fn edge_state(&self, edge: Edge) -> State {
        let declared = self
            .ontology
            .relationship(self.segment(edge.segment).relationship);
        let value = |property| self.edge_cell(edge, property).to_value();
        State {
            values: (0..declared.properties.len()).map(value).collect(),
            references: self.citations(self.edge_references(edge)),
        }
    }

    /// What an edge consists of, and since when.
    pub fn edge_was(&self, edge: Edge) -> Was {
        Was {
            changed: self.edge_changed(edge),
            state: self.edge_state(edge),
        }
    }

    /// An edge as the change that puts it there.
    pub fn edge_change(&self, edge: Edge) -> EdgeChange {
        let Segment { relationship, .. } = *self.segment(edge.segment);
        let declared = self.ontology.relationship(relationship);
        let state = self.edge_state(edge);
        let (source, target) = self.ends(edge);
        let end = |node: Node| (node.of, Box::from(self.key(node)));
        EdgeChange {
            of: relationship,
            source: end(source),
            target: end(target),
            unique: declared
                .unique
                .iter()
                .map(|at| state.values[*at].clone())
                .collect(),
            state: Some(state),
            before: None,
        }
    }

    /// References that name their sources by key.
    pub fn citations(&self, references: &[Reference]) -> Box<[Citation]> {
        let cited = references.iter().map(|reference| Citation {
            source: self.key(reference.source).into(),
            locator: reference.locator.clone(),
            fields: reference.fields.clone(),
            note: reference.note.clone(),
        });
        cited.collect()
    }
}
