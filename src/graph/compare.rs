//! How do two states differ, whatever was done in between? For states of which commits do not tell,
//! because somebody sees a part of them only. Not for: what a commit changed (`difference`).

use super::change_set::{ChangeSet, EdgeChange, NodeChange};
use super::snapshot::{Edge, Node, Snapshot};
use crate::value::Value;

impl Snapshot {
    /// What leads from another state to this one, in order of types and ids. Cost: a look at every
    /// record of both.
    pub fn against(&self, before: &Self) -> ChangeSet {
        let mut changes = ChangeSet {
            revision: self.revision,
            ..ChangeSet::default()
        };
        for of in self.ontology.concrete_ids() {
            let now = self.nodes(of).filter(|node| self.is_other(before, *node));
            changes.nodes.extend(now.map(|node| self.node_change(node)));
            let was = before.nodes(of);
            let gone = was.filter(|node| self.node(of, before.key(*node)).is_none());
            changes.nodes.extend(gone.map(|node| NodeChange {
                state: None,
                ..before.node_change(node)
            }));
        }
        let now = self
            .every_edge()
            .filter(|edge| self.is_other_edge(before, *edge));
        changes.edges.extend(now.map(|edge| self.edge_change(edge)));
        let was = before.every_edge();
        let gone = was.filter(|edge| before.same_edge(self, *edge).is_none());
        changes.edges.extend(gone.map(|edge| EdgeChange {
            state: None,
            ..before.edge_change(edge)
        }));
        changes.remember(before);
        changes.sort();
        changes
    }

    fn every_edge(&self) -> impl Iterator<Item = Edge> + '_ {
        let segments = self.all_segments();
        segments.flat_map(|(id, _)| self.edges(id))
    }

    /// Whether a node is new or another. What last changed it says so, but for the references to
    /// sources that one of the states has not.
    fn is_other(&self, before: &Self, node: Node) -> bool {
        let Some(was) = before.node(node.of, self.key(node)) else {
            return true;
        };
        let cited = self.references(node).len() != before.references(was).len();
        (cited || self.changed(node) != before.changed(was))
            && self.node_state(node) != before.node_state(was)
    }

    fn is_other_edge(&self, before: &Self, edge: Edge) -> bool {
        let Some(was) = self.same_edge(before, edge) else {
            return true;
        };
        let cited = self.edge_references(edge).len() != before.edge_references(was).len();
        (cited || self.edge_changed(edge) != before.edge_changed(was))
            && self.edge_state(edge) != before.edge_state(was)
    }

    /// The edge of another state that has the same ends and unique values.
    fn same_edge(&self, other: &Self, edge: Edge) -> Option<Edge> {
        let of = self.segment(edge.segment).relationship;
        let (source, target) = self.ends(edge);
        let end = |node: Node| other.node(node.of, self.key(node));
        let properties = self.ontology.relationship(of).unique.iter();
        let unique = properties.map(|at| self.edge_cell(edge, *at).to_value());
        let unique: Vec<Value> = unique.collect();
        other.edge(of, end(source)?, end(target)?, &unique)
    }
}
