//! Was this computed before, or is it being computed now? Results of long work over a snapshot, kept
//! while it is the latest. Not for: answers.

use crate::exec::{Budget, Stop};
use crate::graph::metrics::{Communities, Groups, Network};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Bytes that networks may take together.
const NETWORKS: usize = 64 << 20;

/// Bytes that results of each kind may take together.
const RESULTS: usize = 16 << 20;

/// What it costs to wait for another run: more than a run may spend on the thread that received the
/// request, so that only threads of their own wait.
const WAITING: u64 = 50_000;

/// How long a waiting run sleeps before it looks at its own time limit.
const NAP: Duration = Duration::from_millis(20);

/// What was computed over the latest snapshot, bounded in bytes: the oldest goes first.
#[derive(Debug)]
pub struct Kept {
    latest: AtomicU64,
    pub(super) networks: Shelf<Network>,
    pub(super) rankings: Shelf<Ranked>,
    pub(super) components: Shelf<Groups>,
    pub(super) communities: Shelf<Communities>,
}

/// The nodes of a network in the order of their values.
#[derive(Debug)]
pub(super) struct Ranked {
    /// Numbers, and their values: greatest first, equal ones in the order of ids.
    pub(super) places: Vec<(u32, f64)>,
    /// Whether the values are estimates.
    pub(super) sampled: bool,
}

/// Results of one kind.
#[derive(Debug)]
pub(super) struct Shelf<T> {
    results: Mutex<Vec<Entry<T>>>,
    done: Condvar,
    most: usize,
}

/// One result: its snapshot's revision, what it is of, and itself unless it is being computed.
#[derive(Debug)]
struct Entry<T> {
    revision: u64,
    key: String,
    result: Option<Arc<T>>,
}

/// Something that takes memory.
pub(super) trait Heap {
    /// Bytes on the heap.
    fn bytes(&self) -> usize;
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            latest: AtomicU64::new(0),
            networks: Shelf::new(NETWORKS),
            rankings: Shelf::new(RESULTS),
            components: Shelf::new(RESULTS),
            communities: Shelf::new(RESULTS),
        }
    }
}

impl Kept {
    /// Forgets what is of older snapshots than this.
    pub fn turn_to(&self, revision: u64) {
        if self.latest.load(Ordering::Relaxed) < revision {
            self.latest.fetch_max(revision, Ordering::Relaxed);
            self.networks.forget_before(revision);
            self.rankings.forget_before(revision);
            self.components.forget_before(revision);
            self.communities.forget_before(revision);
        }
    }

    /// How many results are kept, and how many bytes they take.
    pub fn size(&self) -> (usize, usize) {
        let parts = [
            self.networks.size(),
            self.rankings.size(),
            self.components.size(),
            self.communities.size(),
        ];
        let of = |each: fn(&(usize, usize)) -> usize| parts.iter().map(each).sum();
        (of(|part| part.0), of(|part| part.1))
    }
}

impl<T: Heap> Shelf<T> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            results: Mutex::default(),
            done: Condvar::new(),
            most,
        }
    }

    /// A result: known, awaited from the run that is computing it, or else computed now.
    ///
    /// # Errors
    /// Those of `compute`; or if the budget ends while waiting.
    pub(super) fn of(
        &self,
        revision: u64,
        key: String,
        budget: &Budget<'_>,
        compute: impl FnOnce() -> Result<T, Stop>,
    ) -> Result<Arc<T>, Stop> {
        let mut waited = false;
        let mut results = self.lock();
        while let Some(at) = position(&results, revision, &key) {
            if let Some(result) = &results[at].result {
                return Ok(result.clone());
            }
            if !waited {
                budget.spend(WAITING)?;
                waited = true;
            }
            budget.look()?;
            let woken = self.done.wait_timeout(results, NAP);
            results = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        results.push(Entry {
            revision,
            key: key.clone(),
            result: None,
        });
        drop(results);
        let place = Place {
            shelf: self,
            revision,
            key,
        };
        let result = Arc::new(compute()?);
        place.fill(&result);
        Ok(result)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry<T>>> {
        self.results.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_before(&self, revision: u64) {
        let is_running = |entry: &Entry<T>| entry.result.is_none();
        let mut results = self.lock();
        results.retain(|entry| entry.revision >= revision || is_running(entry));
    }

    /// How many results there are, and how many bytes they take.
    fn size(&self) -> (usize, usize) {
        let results = self.lock();
        let done = results.iter().filter(|entry| entry.result.is_some());
        (done.count(), results.iter().map(Entry::bytes).sum())
    }
}

impl<T: Heap> Entry<T> {
    fn bytes(&self) -> usize {
        let result = self.result.as_ref().map_or(0, |result| result.bytes());
        self.key.len() + result
    }
}

fn position<T>(results: &[Entry<T>], revision: u64, key: &str) -> Option<usize> {
    let is_it = |entry: &Entry<T>| entry.revision == revision && entry.key == key;
    results.iter().position(is_it)
}

/// The place of a result that is being computed; cleared if it never comes.
struct Place<'s, T: Heap> {
    shelf: &'s Shelf<T>,
    revision: u64,
    key: String,
}

impl<T: Heap> Place<'_, T> {
    /// Keeps the result, unless it is too large or of a snapshot that was replaced.
    fn fill(self, result: &Arc<T>) {
        let mut results = self.shelf.lock();
        let newest = results.iter().map(|entry| entry.revision).max();
        let at = position(&results, self.revision, &self.key);
        if let (Some(at), true) = (at, newest <= Some(self.revision)) {
            let mut entry = results.remove(at);
            entry.result = Some(result.clone());
            if entry.bytes() <= self.shelf.most {
                results.push(entry);
            }
        }
        let mut bytes: usize = results.iter().map(Entry::bytes).sum();
        results.retain(|entry| {
            let goes = bytes > self.shelf.most && entry.result.is_some();
            bytes -= if goes { entry.bytes() } else { 0 };
            !goes
        });
    }
}

impl<T: Heap> Drop for Place<'_, T> {
    fn drop(&mut self) {
        let mut results = self.shelf.lock();
        if let Some(at) = position(&results, self.revision, &self.key)
            && results[at].result.is_none()
        {
            results.remove(at);
        }
        self.shelf.done.notify_all();
    }
}

impl Heap for Network {
    fn bytes(&self) -> usize {
        self.bytes()
    }
}

impl Heap for Groups {
    fn bytes(&self) -> usize {
        self.bytes()
    }
}

impl Heap for Communities {
    fn bytes(&self) -> usize {
        self.groups.bytes()
    }
}

impl Heap for Ranked {
    fn bytes(&self) -> usize {
        self.places.capacity() * size_of::<(u32, f64)>()
    }
}

#[cfg(test)]
mod tests;
