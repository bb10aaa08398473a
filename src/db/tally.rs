//! What has the writer done so far, and what waits for it? Not for: single commits (`feed`).

use super::log::Logged;
use super::times::{Stopwatch, Times};
use super::{Db, Shared};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Instant;

/// What is counted as it happens. Cost: some nanoseconds a commit.
#[derive(Default)]
pub(super) struct Tally {
    commits: AtomicU64,
    flushes: Stopwatch,
    answers: Stopwatch,
    waiting: AtomicU64,
    last: AtomicI64,
    log_bytes: AtomicU64,
}

/// The writer and what it has written, at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Commits since the graph was opened.
    pub commits: u64,
    /// Flushes to the disk for them; commits at the same time share one.
    pub flushes: Times,
    /// Commits, from when they were asked for to when they were answered.
    pub answers: Times,
    /// The oldest revision that can be read.
    pub oldest: u64,
    /// Writes in the queue.
    pub waiting: u64,
    /// When the last commit was made, in milliseconds since 1970; 0 if there is none.
    pub last: i64,
    /// Bytes of the records in the log after the checkpoint.
    pub log_bytes: u64,
    /// Checkpoints: the current one, and those of the past.
    pub checkpoints: usize,
    /// Bytes of all checkpoints, uncompressed.
    pub checkpoint_bytes: u64,
}

impl Tally {
    pub(super) fn wait(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn done_waiting(&self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }

    /// Tells of commits that shared a flush since a moment, and of the time of the last one.
    pub(super) fn committed(&self, commits: usize, since: Instant, last: i64) {
        self.flushes.took(since.elapsed());
        self.commits.fetch_add(commits as u64, Ordering::Relaxed);
        self.last.store(last, Ordering::Relaxed);
    }

    /// Tells of a commit that is answered, since it was asked for.
    pub(super) fn answered(&self, since: Instant) {
        self.answers.took(since.elapsed());
    }

    /// Tells what was there when the graph was opened.
    pub(super) fn open(&self, logged: Logged, last: i64) {
        self.logged(logged);
        self.last.store(last, Ordering::Relaxed);
    }

    pub(super) fn logged(&self, logged: Logged) {
        self.log_bytes.store(logged.bytes, Ordering::Relaxed);
    }
}

impl Db {
    /// What the writer has done, and what is kept. Cost: some microseconds.
    pub fn written(&self) -> Written {
        self.shared.written()
    }
}

impl Shared {
    fn written(&self) -> Written {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let tally = &self.tally;
        let checkpoints = self.store.checkpoints();
        Written {
            commits: of(&tally.commits),
            flushes: tally.flushes.times(),
            answers: tally.answers.times(),
            oldest: self.store.oldest(),
            waiting: of(&tally.waiting),
            last: tally.last.load(Ordering::Relaxed),
            log_bytes: of(&tally.log_bytes),
            checkpoints: checkpoints.len(),
            checkpoint_bytes: checkpoints.iter().map(|kept| kept.bytes).sum(),
        }
    }
}
