//! What has a transaction changed so far? The records it touched, over a graph of its own. Not for:
//! whether it may.

use super::place::Place;
use crate::graph::{ChangeSet, Edge, EdgeChange, Node, NodeChange, Snapshot, State, Was};
use crate::ontology::{RelationshipId, TypeId};
use crate::value::Value;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use std::hash::{Hash, Hasher};

/// A node by concrete type and key.
pub type NodeKey = (TypeId, Box<str>);

/// An edge by its ends and the values that tell it from parallel ones; of a symmetric relationship
/// type the source is the smaller id.
#[derive(Clone, Debug)]
pub struct EdgeKey {
    /// Its relationship type.
    pub of: RelationshipId,
    /// Its source.
    pub source: NodeKey,
    /// Its target.
    pub target: NodeKey,
    /// The values of its unique properties.
    pub unique: Box<[Value]>,
}

impl EdgeKey {
    /// The key of the edge that a change is of.
    pub fn of(change: &EdgeChange) -> Self {
        Self {
            of: change.of,
            source: change.source.clone(),
            target: change.target.clone(),
            unique: change.unique.clone(),
        }
    }

    /// The edge in a graph.
    pub fn find(&self, graph: &Snapshot) -> Option<Edge> {
        let end = |(of, key): &NodeKey| graph.node(*of, key);
        let (source, target) = (end(&self.source)?, end(&self.target)?);
        graph.edge(self.of, source, target, &self.unique)
    }
}

impl PartialEq for EdgeKey {
    fn eq(&self, other: &Self) -> bool {
        let mut unique = self.unique.iter().zip(&other.unique);
        (self.of, &self.source, &self.target) == (other.of, &other.source, &other.target)
            && unique.all(|(a, b)| a.as_cell().order(b.as_cell()).is_eq())
    }
}

impl Eq for EdgeKey {}

impl Hash for EdgeKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.of, &self.source, &self.target).hash(state);
        self.unique
            .iter()
            .for_each(|value| value.as_cell().feed(state));
    }
}

/// A record that was touched.
#[derive(Debug)]
pub(super) struct Touched {
    /// What it was before the transaction.
    pub(super) before: Option<Box<Was>>,
    /// What it is now.
    pub(super) now: Option<State>,
    /// Where in the request it was touched last.
    pub(super) place: Place,
    /// Whether the working graph has not seen it yet.
    is_new: bool,
}

impl Touched {
    /// Whether it is another than before.
    pub(super) fn differs(&self) -> bool {
        self.before.as_ref().map(|was| &was.state) != self.now.as_ref()
    }
}

/// The records touched, and the graph with all of them but the latest.
pub(super) struct Work {
    base: Snapshot,
    graph: Snapshot,
    pub(super) nodes: IndexMap<NodeKey, Touched, FxBuildHasher>,
    pub(super) edges: IndexMap<EdgeKey, Touched, FxBuildHasher>,
    /// Positions of what the graph has not seen yet.
    new_nodes: Vec<usize>,
    new_edges: Vec<usize>,
}

impl Work {
    pub(super) fn new(base: &Snapshot) -> Self {
        Self {
            base: base.clone(),
            graph: base.clone(),
            nodes: IndexMap::default(),
            edges: IndexMap::default(),
            new_nodes: Vec::new(),
            new_edges: Vec::new(),
        }
    }

    /// The graph before the transaction.
    pub(super) fn base(&self) -> &Snapshot {
        &self.base
    }

    /// The graph as of the last [`Work::settle`]: nodes and edges of requests are of it.
    pub(super) fn graph(&self) -> &Snapshot {
        &self.graph
    }

    /// Brings the graph up to date. Cost: microseconds for each record touched since the last time.
    pub(super) fn settle(&mut self) -> Result<(), String> {
        if self.new_nodes.is_empty() && self.new_edges.is_empty() {
            return Ok(());
        }
        let mut changes = ChangeSet {
            revision: self.base.revision() + 1,
            ..ChangeSet::default()
        };
        for at in self.new_nodes.drain(..) {
            let Some((key, touched)) = self.nodes.get_index_mut(at) else {
                continue;
            };
            touched.is_new = false;
            changes.nodes.push(node_change(key, touched));
        }
        for at in self.new_edges.drain(..) {
            let Some((key, touched)) = self.edges.get_index_mut(at) else {
                continue;
            };
            touched.is_new = false;
            changes.edges.push(edge_change(key, touched));
        }
        self.graph.advance(&changes)
    }

    /// All that differs from the graph before, and the graph with it.
    pub(super) fn finish(&mut self) -> Result<(ChangeSet, Snapshot), String> {
        let nodes = self.nodes.iter().filter(|(_, touched)| touched.differs());
        let edges = self.edges.iter().filter(|(_, touched)| touched.differs());
        let remember = |before: &Option<Box<Was>>| before.clone();
        let changes = ChangeSet {
            revision: self.base.revision() + 1,
            nodes: nodes
                .map(|(key, touched)| NodeChange {
                    before: remember(&touched.before),
                    ..node_change(key, touched)
                })
                .collect(),
            edges: edges
                .map(|(key, touched)| EdgeChange {
                    before: remember(&touched.before),
                    ..edge_change(key, touched)
                })
                .collect(),
        };
        let graph = self.base.apply(&changes)?;
        Ok((changes, graph))
    }

    /// The key of a node of the working graph.
    pub(super) fn node_key(&self, node: Node) -> NodeKey {
        (node.of, self.graph.key(node).into())
    }

    /// The key of an edge of the working graph.
    pub(super) fn edge_key(&self, edge: Edge) -> EdgeKey {
        edge_key(&self.graph, edge)
    }

    /// Whether a node exists now.
    pub(super) fn has_node(&self, key: &NodeKey) -> bool {
        match self.nodes.get(key) {
            Some(touched) => touched.now.is_some(),
            None => self.base.node(key.0, &key.1).is_some(),
        }
    }

    /// What a node consists of now.
    pub(super) fn node(&self, key: &NodeKey) -> Option<State> {
        match self.nodes.get(key) {
            Some(touched) => touched.now.clone(),
            None => {
                let node = self.base.node(key.0, &key.1)?;
                Some(self.base.node_state(node))
            }
        }
    }

    /// What an edge consists of now.
    pub(super) fn edge(&self, key: &EdgeKey) -> Option<State> {
        match self.edges.get(key) {
            Some(touched) => touched.now.clone(),
            None => Some(self.base.edge_state(self.base_edge(key)?)),
        }
    }

    /// The commit that changed an edge last, before the transaction; 0 if it was not there.
    pub(super) fn edge_changed_before(&self, key: &EdgeKey) -> u64 {
        let edge = self.base_edge(key);
        edge.map_or(0, |edge| self.base.edge_changed(edge))
    }

    fn base_edge(&self, key: &EdgeKey) -> Option<Edge> {
        let source = self.base.node(key.source.0, &key.source.1)?;
        let target = self.base.node(key.target.0, &key.target.1)?;
        self.base.edge(key.of, source, target, &key.unique)
    }

    /// Puts or removes a node.
    pub(super) fn put_node(&mut self, key: NodeKey, now: Option<State>, place: Place) {
        let base = &self.base;
        let entry = self.nodes.entry(key);
        let at = entry.index();
        let key = entry.key().clone();
        let touched = entry.or_insert_with(|| {
            let node = base.node(key.0, &key.1);
            Touched::untouched(node.map(|node| Box::new(base.node_was(node))), place)
        });
        if touched.put(now, place) {
            self.new_nodes.push(at);
        }
    }

    /// Puts or removes an edge.
    pub(super) fn put_edge(&mut self, key: EdgeKey, now: Option<State>, place: Place) {
        let old = (!self.edges.contains_key(&key)).then(|| self.base_edge(&key));
        let old = old.flatten();
        let base = &self.base;
        let entry = self.edges.entry(key);
        let at = entry.index();
        let touched = entry.or_insert_with(|| {
            Touched::untouched(old.map(|edge| Box::new(base.edge_was(edge))), place)
        });
        if touched.put(now, place) {
            self.new_edges.push(at);
        }
    }
}

impl Touched {
    fn untouched(before: Option<Box<Was>>, place: Place) -> Self {
        Self {
            before,
            now: None,
            place,
            is_new: false,
        }
    }

    /// Puts a state; tells whether the graph is to be told of it anew.
    fn put(&mut self, now: Option<State>, place: Place) -> bool {
        self.now = now;
        self.place = place;
        !std::mem::replace(&mut self.is_new, true)
    }
}

/// The key of an edge.
pub(super) fn edge_key(graph: &Snapshot, edge: Edge) -> EdgeKey {
    let of = graph.segment(edge.segment).relationship;
    let (source, target) = graph.ends(edge);
    let end = |node: Node| (node.of, Box::from(graph.key(node)));
    let unique = graph.ontology().relationship(of).unique.iter();
    EdgeKey {
        of,
        source: end(source),
        target: end(target),
        unique: unique
            .map(|at| graph.edge_cell(edge, *at).to_value())
            .collect(),
    }
}

fn node_change(key: &NodeKey, touched: &Touched) -> NodeChange {
    NodeChange {
        of: key.0,
        key: key.1.clone(),
        state: touched.now.clone(),
        before: None,
    }
}

fn edge_change(key: &EdgeKey, touched: &Touched) -> EdgeChange {
    EdgeChange {
        of: key.of,
        source: key.source.clone(),
        target: key.target.clone(),
        unique: key.unique.clone(),
        state: touched.now.clone(),
        before: None,
    }
}
