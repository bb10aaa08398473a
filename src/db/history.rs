//! What was the graph at a revision, which commits made it so, and what changed in between? Not for:
//! commits as they happen (`feed`).
//!
//! A state of the past is reached from the nearest one that is at hand: the present graph, one that
//! was asked for or kept lately, or a checkpoint on the disk; commits between are applied, or taken
//! back, since each says what its records were before. A commit that was kept as a whole graph cannot
//! be crossed either way, but its checkpoint is kept.

use super::past::Era;
use super::record::RecordKey;
use super::{Db, DbError, Shared, image, log};
use crate::change::{EdgeKey, Kind};
use crate::graph::{ChangeSet, Commit, EdgeChange, NodeChange, Snapshot};
use std::collections::VecDeque;
use std::sync::Arc;

/// How many commits are read at a time.
const BATCH: u64 = 64;
/// Bytes of a checkpoint that are read in the time in which a commit is applied.
const BYTES_PER_COMMIT: u64 = 1000;

/// Commits in order, read from the log as they are asked for.
pub struct Commits {
    shared: Arc<Shared>,
    /// The last commit given.
    after: u64,
    batch: VecDeque<Arc<Commit>>,
}

impl Commits {
    /// Goes on after another commit, if that is later.
    pub(super) fn skip_to(&mut self, after: u64) {
        self.after = self.after.max(after);
    }
}

impl Iterator for Commits {
    type Item = Result<Arc<Commit>, DbError>;

    /// The next commit that is visible; none if there is none yet, and later perhaps one.
    fn next(&mut self) -> Option<Self::Item> {
        if self.batch.is_empty() {
            let latest = self.shared.current.load().revision();
            let to = latest.min(self.after.saturating_add(BATCH));
            if self.after >= to {
                return None;
            }
            match self.shared.read_commits(self.after, to) {
                Ok(commits) => self.batch = commits.into(),
                Err(error) => return Some(Err(error)),
            }
        }
        let commit = self.batch.pop_front()?;
        self.after = commit.revision;
        Some(Ok(commit))
    }
}

impl Db {
    /// The commits after a revision, in order, from the log.
    pub fn commits(&self, after: u64) -> Commits {
        Commits {
            shared: self.shared.clone(),
            after,
            batch: VecDeque::new(),
        }
    }

    /// One commit. Cost: one read of the log.
    ///
    /// # Errors
    /// That there is none of this revision, or that the log cannot be read.
    pub fn commit(&self, revision: u64) -> Result<Arc<Commit>, DbError> {
        self.shared.commit(revision)
    }

    /// The oldest revision that can still be read; those before it were not kept.
    pub fn oldest(&self) -> u64 {
        self.shared.store.oldest()
    }

    /// Whether there is such a revision.
    ///
    /// # Errors
    /// That there is none, and which there are.
    pub fn check(&self, revision: u64) -> Result<(), DbError> {
        self.shared.check(revision)
    }

    /// The graph as of a commit; 0 is the empty one. Cost: microseconds for each record that changed
    /// between it and the nearest state at hand, or the reading of a checkpoint besides.
    ///
    /// # Errors
    /// That there is no such revision, or that its state does not fit the present ontology.
    pub fn at(&self, revision: u64) -> Result<Arc<Snapshot>, DbError> {
        self.shared.at(revision)
    }

    /// The last commit at or before a time, in milliseconds since 1970; 0 if there is none. Cost:
    /// some reads of the log.
    ///
    /// # Errors
    /// That what there was is no longer kept, or that the log cannot be read.
    pub fn revision_at(&self, time: i64) -> Result<u64, DbError> {
        let (oldest, found) = self.shared.last_before(time)?;
        match found == oldest && oldest > 0 {
            // When the oldest was made is not kept, only when the next one was.
            true => Err(DbError::NoMoment { oldest }),
            false => Ok(found),
        }
    }

    /// The commits that changed a record, with that record alone, the latest first, up to a number of them, from before a
    /// revision if one is given. Each commit says when the record had changed before, so that this
    /// costs a read for each; whether a record was removed once is looked up in an index that the
    /// first call makes by reading the whole log. A commit that was kept as a whole graph is found
    /// for nodes and edges that it left there.
    ///
    /// # Errors
    /// That the log cannot be read.
    pub fn history(
        &self,
        record: &RecordKey,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Arc<Commit>>, DbError> {
        let removals = self
            .shared
            .past
            .removals(record, || self.commits(self.oldest()))?;
        let head = self.snapshot();
        let mut found = Vec::new();
        let mut next = changed(&head, record);
        let mut bound = head.revision() + 1;
        while found.len() < limit {
            let removed = || removals.iter().rev().find(|at| **at < bound).copied();
            let Some(revision) = next.take().or_else(removed) else {
                break;
            };
            if revision <= self.oldest() {
                break;
            }
            let commit = self.commit(revision)?;
            next = self.changed_before(&commit, record)?;
            bound = revision;
            if before.is_none_or(|before| revision < before) {
                found.extend(self.only(&commit, record)?);
            }
        }
        Ok(found)
    }

    /// The commit that had changed a record before another one did; none if the record is new in it.
    fn changed_before(&self, commit: &Commit, record: &RecordKey) -> Result<Option<u64>, DbError> {
        match commit.records() {
            Some(changes) => Ok(was(changes, record)),
            None if commit.revision == 1 => Ok(None),
            None => Ok(changed(&*self.at(commit.revision - 1)?, record)),
        }
    }

    /// What changed between two revisions, of the records that `wanted` takes: for each what it was at
    /// `from` and is at `to`, in order of types and ids. Cost: a read of the commits between, or, if
    /// one of them was kept as a whole graph, a look at every record of both states.
    ///
    /// # Errors
    /// As [`Db::at`].
    pub fn difference(
        &self,
        from: u64,
        to: u64,
        wanted: impl Fn(Kind) -> bool,
    ) -> Result<ChangeSet, DbError> {
        self.check(from).and_then(|()| self.check(to))?;
        let (low, high) = (from.min(to), from.max(to));
        let mut changes = match self.shared.era(low) == self.shared.era(high) {
            true => super::fold::fold(high, self.commits(low))?,
            false => self.at(high)?.since(&*self.at(low)?),
        };
        changes.nodes.retain(|node| wanted(Kind::Node(node.of)));
        changes.edges.retain(|edge| wanted(Kind::Edge(edge.of)));
        if from > to {
            changes = super::fold::turned(changes, to);
        }
        Ok(changes)
    }
}

/// The commit that changed a record last.
fn changed(graph: &Snapshot, record: &RecordKey) -> Option<u64> {
    match record {
        RecordKey::Node((of, key)) => graph.node(*of, key).map(|node| graph.changed(node)),
        RecordKey::Edge(key) => key.find(graph).map(|edge| graph.edge_changed(edge)),
    }
}

/// The commit that had changed a record before this one.
fn was(changes: &ChangeSet, record: &RecordKey) -> Option<u64> {
    let before = match record {
        RecordKey::Node(key) => {
            let mut nodes = changes.nodes.iter();
            let is_it = |node: &&NodeChange| (node.of, &node.key) == (key.0, &key.1);
            nodes.find(is_it).and_then(|node| node.before.as_ref())
        }
        RecordKey::Edge(key) => {
            let mut edges = changes.edges.iter();
            let is_it = |edge: &&EdgeChange| edge.of == key.of && EdgeKey::of(edge) == *key;
            edges.find(is_it).and_then(|edge| edge.before.as_ref())
        }
    };
    before.map(|was| was.changed)
}

impl Shared {
    /// The commits after a revision up to another.
    pub(super) fn read_commits(&self, after: u64, to: u64) -> Result<Vec<Arc<Commit>>, DbError> {
        let current = self.current.load();
        let read = log::read(&*self.store, (after, to), current.ontology());
        // Commits that are no longer kept, perhaps only since just now.
        read.map_err(|error| self.check(after).err().unwrap_or(error))
    }

    fn commit(&self, revision: u64) -> Result<Arc<Commit>, DbError> {
        let revision = revision.max(1);
        self.check(revision)?;
        let found = self.read_commits(revision - 1, revision)?;
        found.into_iter().next().ok_or(DbError::Closed)
    }

    /// The oldest revision, and the last commit after it that was made by a time; if there is none,
    /// again the oldest.
    pub(super) fn last_before(&self, time: i64) -> Result<(u64, u64), DbError> {
        let oldest = self.store.oldest();
        let (mut low, mut high) = (oldest, self.current.load().revision());
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            match self.time_of(middle)? <= time {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        Ok((oldest, low))
    }

    fn time_of(&self, revision: u64) -> Result<i64, DbError> {
        log::time_of(&*self.store, revision)
    }

    /// Whether there was such a revision.
    fn check(&self, revision: u64) -> Result<(), DbError> {
        let (oldest, latest) = (self.store.oldest(), self.current.load().revision());
        match (oldest..=latest).contains(&revision) {
            true => Ok(()),
            false => Err(DbError::NoRevision {
                asked: revision,
                oldest,
                latest,
            }),
        }
    }

    /// The stretch of history that a revision is in.
    pub(super) fn era(&self, revision: u64) -> Era {
        let checkpoints = self.store.checkpoints();
        let whole = checkpoints.iter().filter(|kept| kept.whole);
        let begin = whole.map(|kept| kept.revision).filter(|at| *at <= revision);
        Era(begin.max().unwrap_or(0))
    }

    fn at(&self, revision: u64) -> Result<Arc<Snapshot>, DbError> {
        self.check(revision)?;
        let reached = self.reached(revision);
        // What was missing may have been let go meanwhile.
        reached.map_err(|error| self.check(revision).err().unwrap_or(error))
    }

    fn reached(&self, revision: u64) -> Result<Arc<Snapshot>, DbError> {
        let current = self.current.load_full();
        if revision == current.revision() {
            return Ok(current);
        }
        if revision == 0 {
            return Ok(Arc::new(Snapshot::empty(current.ontology().clone())));
        }
        let oldest = self.store.oldest();
        let near = self.past.nearest(revision, &current, |at| {
            at >= oldest && self.era(at) == self.era(revision)
        });
        let from_memory = near.as_ref().map(|near| near.revision().abs_diff(revision));
        let stored = self.stored(revision);
        let (graph, loaded) = match (near, stored) {
            (Some(near), stored)
                if stored
                    .is_none_or(|(_, cost)| from_memory.is_some_and(|memory| memory <= cost)) =>
            {
                (Snapshot::clone(&near), false)
            }
            (_, Some((at, _))) => {
                let past = image::past(&*self.store, at, current.ontology().clone())?;
                (past, true)
            }
            (None, None) => (Snapshot::empty(current.ontology().clone()), false),
            (Some(near), None) => (Snapshot::clone(&near), false),
        };
        let graph = Arc::new(self.moved(graph, revision)?);
        self.past.keep(graph.clone(), loaded);
        Ok(graph)
    }

    /// The checkpoint from which a revision is reached at the least cost, and that cost in commits.
    fn stored(&self, revision: u64) -> Option<(u64, u64)> {
        let era = self.era(revision);
        let checkpoints = self.store.checkpoints().into_iter();
        let near = checkpoints.filter(|kept| self.era(kept.revision) == era);
        let costs = near.map(|kept| {
            let way = kept.revision.abs_diff(revision);
            (kept.revision, way + kept.bytes / BYTES_PER_COMMIT)
        });
        costs.min_by_key(|(_, cost)| *cost)
    }

    /// A graph moved along the commits to a revision.
    fn moved(&self, mut graph: Snapshot, revision: u64) -> Result<Snapshot, DbError> {
        while graph.revision() < revision {
            let to = revision.min(graph.revision() + BATCH);
            for commit in self.read_commits(graph.revision(), to)? {
                step(&commit, |changes| graph.advance(changes))?;
            }
        }
        while graph.revision() > revision {
            let after = revision.max(graph.revision().saturating_sub(BATCH));
            for commit in self.read_commits(after, graph.revision())?.iter().rev() {
                step(commit, |changes| graph.retreat(changes))?;
            }
        }
        Ok(graph)
    }
}

fn step(commit: &Commit, go: impl FnOnce(&ChangeSet) -> Result<(), String>) -> Result<(), DbError> {
    let went = match commit.records() {
        Some(changes) => go(changes),
        None => Err("it was kept as a whole graph".to_owned()),
    };
    went.map_err(|what| {
        DbError::Damaged(crate::graph::ReadError {
            place: format!("commit {} in the log", commit.revision),
            what,
            unfit: false,
        })
    })
}
