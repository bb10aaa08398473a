//! Which states of the past are at hand, and which records were removed? Not for: reaching others
//! (`history`).

use super::DbError;
use super::history::Commits;
use super::record::RecordKey;
use crate::change::EdgeKey;
use crate::graph::Snapshot;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many states that were asked for are kept, and how many of the writer's.
const ASKED: usize = 8;
const ANCHORS: usize = 64;
/// Every how many commits the writer leaves one.
const EVERY: u64 = 1024;

/// A stretch of history without a commit that was kept as a whole graph, but for its beginning.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Era(pub(super) u64);

/// States of the past in memory. Those that share the base of the present graph cost some KB; one
/// that was read from a checkpoint costs a graph, and only the last such is kept.
#[derive(Default)]
pub(super) struct Past {
    kept: Mutex<Kept>,
    removed: Mutex<Removed>,
}

#[derive(Default)]
struct Kept {
    /// The latest last.
    asked: Vec<(Arc<Snapshot>, bool)>,
    anchors: Vec<Arc<Snapshot>>,
}

/// The commits that removed records, by a hash of the records' keys.
#[derive(Default)]
struct Removed {
    by_hash: FxHashMap<u64, Vec<u64>>,
    /// How far the log was read.
    seen: u64,
}

impl Past {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state at hand that is nearest to a revision, among those that `reaches` takes.
    pub(super) fn nearest(
        &self,
        revision: u64,
        current: &Arc<Snapshot>,
        reaches: impl Fn(u64) -> bool,
    ) -> Option<Arc<Snapshot>> {
        let kept = self.kept();
        let asked = kept.asked.iter().map(|(graph, _)| graph);
        let all = asked.chain(&kept.anchors).chain([current]);
        let mut near: Vec<_> = all.collect();
        near.sort_by_key(|graph| graph.revision().abs_diff(revision));
        let found = near.into_iter().find(|graph| reaches(graph.revision()));
        found.cloned()
    }

    /// Keeps a state that was asked for, in place of one that was asked for longer ago.
    pub(super) fn keep(&self, graph: Arc<Snapshot>, loaded: bool) {
        let mut kept = self.kept();
        let revision = graph.revision();
        kept.asked
            .retain(|(other, is_loaded)| other.revision() != revision && !(loaded && *is_loaded));
        if kept.asked.len() >= ASKED {
            kept.asked.remove(0);
        }
        kept.asked.push((graph, loaded));
    }

    /// Lets the writer leave a state from time to time.
    pub(super) fn anchor(&self, graph: &Arc<Snapshot>, before: u64) {
        if before / EVERY == graph.revision() / EVERY {
            return;
        }
        let mut kept = self.kept();
        if kept.anchors.len() >= ANCHORS {
            kept.anchors.remove(0);
        }
        kept.anchors.push(graph.clone());
    }

    /// Lets go of all states, because the present graph has another base, so that they would keep the
    /// old one in memory.
    pub(super) fn clear(&self) {
        let gone = std::mem::take(&mut *self.kept());
        drop(gone);
    }

    /// The commits that removed a record, in order; perhaps some that removed another.
    pub(super) fn removals(
        &self,
        record: &RecordKey,
        commits: impl Fn() -> Commits,
    ) -> Result<Vec<u64>, DbError> {
        let mut removed = self.removed.lock().unwrap_or_else(PoisonError::into_inner);
        let mut rest = commits();
        rest.skip_to(removed.seen);
        for commit in rest {
            let commit = commit?;
            removed.seen = commit.revision;
            let Some(changes) = commit.records() else {
                continue;
            };
            let nodes = changes.nodes.iter().filter(|node| node.state.is_none());
            for node in nodes {
                let key = RecordKey::Node((node.of, node.key.clone()));
                removed.add(&key, commit.revision);
            }
            let edges = changes.edges.iter().filter(|edge| edge.state.is_none());
            for edge in edges {
                removed.add(&RecordKey::Edge(EdgeKey::of(edge)), commit.revision);
            }
        }
        Ok(removed
            .by_hash
            .get(&hash(record))
            .cloned()
            .unwrap_or_default())
    }
}

impl Removed {
    fn add(&mut self, record: &RecordKey, revision: u64) {
        self.by_hash.entry(hash(record)).or_default().push(revision);
    }
}

fn hash(record: &RecordKey) -> u64 {
    let mut hasher = FxHasher::default();
    record.hash(&mut hasher);
    hasher.finish()
}
