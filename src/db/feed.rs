//! Who is told of commits, in order, each once? Not for: what is older than the feed holds (`log`).
//!
//! The feed keeps the latest commits within a budget of bytes. A subscriber is nothing but the
//! revision that it has seen last, so that a slow one costs nothing: what it missed has left the
//! feed, which it is told, and it reads on from the log.

use crate::graph::Commit;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Bytes of payload that the feed keeps; at most as many commits as [`KEPT`].
const BYTES: usize = 16 << 20;
const KEPT: usize = 4096;

/// The latest commits.
pub(super) struct Feed {
    ring: Mutex<Ring>,
    /// The latest revision announced.
    latest: watch::Sender<Latest>,
}

/// How far the feed has come.
#[derive(Clone, Copy)]
struct Latest {
    revision: u64,
    /// Whether nothing more will come.
    closed: bool,
}

#[derive(Default)]
struct Ring {
    /// Consecutive revisions, with the bytes of their payloads.
    commits: VecDeque<(Arc<Commit>, usize)>,
    bytes: usize,
}

impl Feed {
    pub(super) fn new(latest: u64) -> Self {
        Self {
            ring: Mutex::default(),
            latest: watch::Sender::new(Latest {
                revision: latest,
                closed: false,
            }),
        }
    }

    /// Tells all subscribers that nothing more will come.
    pub(super) fn close(&self) {
        self.latest.send_modify(|latest| latest.closed = true);
    }

    /// Tells all subscribers of a commit that is durable and visible.
    pub(super) fn announce(&self, commit: Arc<Commit>, bytes: usize) {
        let revision = commit.revision;
        self.ring().add(commit, bytes);
        self.latest.send_modify(|latest| latest.revision = revision);
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    fn add(&mut self, commit: Arc<Commit>, bytes: usize) {
        self.bytes += bytes;
        self.commits.push_back((commit, bytes));
        while self.commits.len() > 1 && (self.bytes > BYTES || self.commits.len() > KEPT) {
            let gone = self.commits.pop_front();
            self.bytes -= gone.map_or(0, |(_, bytes)| bytes);
        }
    }

    /// The commit after a revision; none if it has left the ring.
    fn after(&self, revision: u64) -> Option<Arc<Commit>> {
        let (first, _) = self.commits.front()?;
        let at = (revision + 1).checked_sub(first.revision)?;
        let (commit, _) = self.commits.get(usize::try_from(at).ok()?)?;
        Some(commit.clone())
    }
}

/// Receives commits in order, each once.
pub struct Subscription {
    feed: Arc<Feed>,
    seen: u64,
    latest: watch::Receiver<Latest>,
}

/// A subscriber was too slow, or begins too far back: the commit after `seen` is no longer in the
/// feed. It can read on with [`super::Db::commits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lagged {
    /// The last commit that it was given.
    pub seen: u64,
    /// The latest commit.
    pub latest: u64,
}

impl fmt::Display for Lagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let behind = self.latest.saturating_sub(self.seen);
        write!(
            f,
            "this subscription lags {behind} commits behind; resume it after revision {}",
            self.seen
        )
    }
}

impl std::error::Error for Lagged {}

impl Subscription {
    pub(super) fn new(feed: Arc<Feed>, seen: u64) -> Self {
        let latest = feed.latest.subscribe();
        Self { feed, seen, latest }
    }

    /// The last commit that was given, or after which this began.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Goes on after another commit, after having read up to it elsewhere.
    pub fn skip_to(&mut self, seen: u64) {
        self.seen = seen;
    }

    /// The next commit, if there is one.
    ///
    /// # Errors
    /// That it is no longer in the feed.
    pub fn try_next(&mut self) -> Result<Option<Arc<Commit>>, Lagged> {
        let latest = self.latest.borrow_and_update().revision;
        if latest <= self.seen {
            return Ok(None);
        }
        let seen = self.seen;
        let commit = self.feed.ring().after(seen);
        let commit = commit.ok_or(Lagged { seen, latest })?;
        self.seen = commit.revision;
        Ok(Some(commit))
    }

    /// Waits for the next commit; none when the graph is closed. May be dropped at any time.
    ///
    /// # Errors
    /// That it is no longer in the feed.
    pub async fn next(&mut self) -> Result<Option<Arc<Commit>>, Lagged> {
        loop {
            if let Some(commit) = self.try_next()? {
                return Ok(Some(commit));
            }
            let closed = self.latest.borrow().closed;
            if closed || self.latest.changed().await.is_err() {
                return Ok(None);
            }
        }
    }
}
