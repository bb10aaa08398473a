//! Which record does an id name, and what did a commit do to it alone? Not for: finding the commits
//! (`history`).

use super::{Db, DbError};
use crate::change::{EdgeKey, NodeKey};
use crate::graph::{ChangeSet, Changed, Commit, EdgeChange, NodeChange, Snapshot, parse_id_text};
use crate::ontology::Ontology;
use crate::value::{EdgeId, NodeId};
use std::sync::Arc;

/// A record by its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RecordKey {
    /// A node.
    Node(NodeKey),
    /// An edge.
    Edge(EdgeKey),
}

impl RecordKey {
    /// The record that an id names, whether it is there or not; none if the ontology has no such
    /// record.
    pub fn of_id(ontology: &Ontology, id: &str) -> Option<Self> {
        if let Some(node) = node_key(ontology, id) {
            return Some(Self::Node(node));
        }
        let id = EdgeId::parse(id)?;
        let of = ontology.relationship_named(&id.type_name)?;
        let declared = ontology.relationship(of);
        let properties = declared.unique.iter().map(|at| &declared.properties[*at]);
        let unique = properties.zip(&id.unique);
        let unique = unique.map(|(property, text)| parse_id_text(ontology, property, text));
        let unique: Box<[_]> = unique.collect::<Option<_>>()?;
        (unique.len() == declared.unique.len() && unique.len() == id.unique.len()).then_some(())?;
        Some(Self::Edge(EdgeKey {
            of,
            source: node_key(ontology, &id.source)?,
            target: node_key(ontology, &id.target)?,
            unique,
        }))
    }

    /// What a commit changed in it; none if nothing.
    fn change_in(&self, changes: &ChangeSet) -> Option<ChangeSet> {
        let mut only = ChangeSet {
            revision: changes.revision,
            ..ChangeSet::default()
        };
        match self {
            Self::Node((of, key)) => {
                let mut nodes = changes.nodes.iter();
                let is_it = |node: &&NodeChange| (node.of, &node.key) == (*of, key);
                only.nodes.extend(nodes.find(is_it).cloned());
            }
            Self::Edge(key) => {
                let mut edges = changes.edges.iter();
                let is_it = |edge: &&EdgeChange| edge.of == key.of && EdgeKey::of(edge) == *key;
                only.edges.extend(edges.find(is_it).cloned());
            }
        }
        (!only.is_empty()).then_some(only)
    }

    /// What leads from one graph to another in it, if it is in one of them.
    pub fn change_between(&self, before: &Snapshot, after: &Snapshot) -> ChangeSet {
        let mut only = ChangeSet {
            revision: after.revision(),
            ..ChangeSet::default()
        };
        match self {
            Self::Node((of, key)) => only.nodes.push(NodeChange {
                of: *of,
                key: key.clone(),
                state: after.node(*of, key).map(|node| after.node_state(node)),
                before: None,
            }),
            Self::Edge(key) => only.edges.push(EdgeChange {
                of: key.of,
                source: key.source.clone(),
                target: key.target.clone(),
                unique: key.unique.clone(),
                state: key.find(after).map(|edge| after.edge_state(edge)),
                before: None,
            }),
        }
        only.remember(before);
        only
    }
}

impl Db {
    /// What a commit did to one record, and nothing else of it; none if nothing. Cost: of a commit that
    /// was kept as a whole graph two states of the past.
    pub(super) fn only(
        &self,
        commit: &Commit,
        record: &RecordKey,
    ) -> Result<Option<Arc<Commit>>, DbError> {
        let changes = match commit.records() {
            Some(changes) => record.change_in(changes),
            None => {
                let before = self.at(commit.revision - 1)?;
                let after = self.at(commit.revision)?;
                Some(record.change_between(&before, &after))
            }
        };
        Ok(changes.map(|changes| {
            Arc::new(Commit {
                revision: commit.revision,
                about: commit.about.clone(),
                changed: Changed::Records(changes),
            })
        }))
    }

    /// The same as [`Db::history`] of the record that an id names; none if the ontology has no such
    /// record.
    ///
    /// # Errors
    /// As [`Db::history`].
    pub fn history_of_id(
        &self,
        id: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Option<Vec<Arc<Commit>>>, DbError> {
        let graph = self.snapshot();
        let record = RecordKey::of_id(graph.ontology(), id);
        let commits = record.map(|record| self.history(&record, before, limit));
        commits.transpose()
    }
}

fn node_key(ontology: &Ontology, id: &str) -> Option<NodeKey> {
    let id = NodeId::parse(id)?;
    let of = ontology.type_named(id.type_name)?;
    ontology.is_concrete(of).then(|| (of, id.key.into()))
}
