//! What do several commits change together? Not for: reading them (`history`).

use super::DbError;
use super::history::Commits;
use crate::change::{EdgeKey, NodeKey};
use crate::graph::{ChangeSet, EdgeChange, NodeChange, State, Was};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

/// The commits up to a revision as one: of each record what it was before the first that changed it,
/// and what it is after the last; those that are as they were are left out.
pub(super) fn fold(to: u64, commits: Commits) -> Result<ChangeSet, DbError> {
    let mut nodes: IndexMap<NodeKey, NodeChange, FxBuildHasher> = IndexMap::default();
    let mut edges: IndexMap<EdgeKey, EdgeChange, FxBuildHasher> = IndexMap::default();
    for commit in commits {
        let commit = commit?;
        if commit.revision > to {
            break;
        }
        for change in commit.records().iter().flat_map(|changes| &changes.nodes) {
            let key = (change.of, change.key.clone());
            let folded = nodes.entry(key).or_insert_with(|| change.clone());
            folded.state.clone_from(&change.state);
        }
        for change in commit.records().iter().flat_map(|changes| &changes.edges) {
            let folded = edges.entry(EdgeKey::of(change));
            let folded = folded.or_insert_with(|| change.clone());
            folded.state.clone_from(&change.state);
        }
    }
    let mut changes = ChangeSet {
        revision: to,
        nodes: nodes.into_values().collect(),
        edges: edges.into_values().collect(),
    };
    changes
        .nodes
        .retain(|node| differs(node.before.as_deref(), node.state.as_ref()));
    changes
        .edges
        .retain(|edge| differs(edge.before.as_deref(), edge.state.as_ref()));
    changes.sort();
    Ok(changes)
}

fn differs(before: Option<&Was>, now: Option<&State>) -> bool {
    before.map(|was| &was.state) != now
}

/// The same changes backwards.
pub(super) fn turned(mut changes: ChangeSet, to: u64) -> ChangeSet {
    let changed = changes.revision;
    changes.revision = to;
    let swap = |state: &mut Option<_>, before: &mut Option<Box<Was>>| {
        let was = state.take().map(|state| Box::new(Was { changed, state }));
        *state = std::mem::replace(before, was).map(|was| was.state);
    };
    for node in &mut changes.nodes {
        swap(&mut node.state, &mut node.before);
    }
    for edge in &mut changes.edges {
        swap(&mut edge.state, &mut edge.before);
    }
    changes
}
