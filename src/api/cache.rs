//! Was this text seen before? Documents that passed all checks, by their text, with what the
//! lowering made of them: bounded in number and bytes, cheap to read from many threads. Not for
//! answers: those depend on data and variables.

use std::collections::VecDeque;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::{FxHashMap, FxHasher};

use super::document::{Document, Validator};
use super::error::GraphqlError;

/// A valid document and what was made of it.
#[derive(Debug)]
pub struct Prepared<T> {
    /// The document.
    pub document: Document,
    /// What the lowering made of it.
    pub compiled: T,
}

/// The documents seen last.
#[derive(Debug)]
pub struct DocumentCache<T> {
    /// Unknown outside, so that nobody can write documents that share a place.
    seed: usize,
    shards: Box<[RwLock<Shard<T>>]>,
    uses: Box<[Uses]>,
    entries: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Shard<T> {
    documents: FxHashMap<u64, Entry<T>>,
    /// Oldest first.
    order: VecDeque<u64>,
    bytes: usize,
}

/// How often a shard had a document, and how often not. On a cache line of its own, since all
/// threads count.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Uses {
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Debug)]
struct Entry<T> {
    text: Box<str>,
    prepared: Arc<Prepared<T>>,
    /// Read since it was last considered for eviction.
    used: AtomicBool,
}

const SHARDS: usize = 16;

/// Memory that a cached document takes for each byte of its text, and beside it; measured, the
/// compiled form included.
const PER_BYTE: usize = 50;
const PER_DOCUMENT: usize = 2_048;

impl<T> DocumentCache<T> {
    /// A cache of at most so many documents and about so many bytes. A document that would take
    /// more than a sixteenth of the bytes is not kept.
    pub fn new(entries: usize, bytes: usize) -> Self {
        let shard = || {
            RwLock::new(Shard {
                documents: FxHashMap::default(),
                order: VecDeque::new(),
                bytes: 0,
            })
        };
        Self {
            seed: RandomState::new().hash_one(0) as usize,
            shards: (0..SHARDS).map(|_| shard()).collect(),
            uses: (0..SHARDS).map(|_| Uses::default()).collect(),
            entries: entries.div_ceil(SHARDS),
            bytes: bytes / SHARDS,
        }
    }

    /// The document of this text: from the cache, or checked, compiled and kept. Documents with
    /// errors are not kept. A hit costs a hash of the text, a read lock and a comparison.
    pub fn prepare(
        &self,
        text: &str,
        validator: &Validator,
        compile: impl FnOnce(&Document) -> Result<T, Vec<GraphqlError>>,
    ) -> Result<Arc<Prepared<T>>, Vec<GraphqlError>> {
        let hash = self.hash_of(text);
        let uses = &self.uses[place(hash)];
        if let Some(known) = self.find(hash, text) {
            uses.hits.fetch_add(1, Ordering::Relaxed);
            return Ok(known);
        }
        uses.misses.fetch_add(1, Ordering::Relaxed);
        let document = validator.check(text)?;
        let compiled = compile(&document)?;
        let prepared = Arc::new(Prepared { document, compiled });
        self.keep(hash, text, &prepared);
        Ok(prepared)
    }

    /// How many documents are kept.
    pub fn len(&self) -> usize {
        let shards = self.shards.iter();
        let count = |shard: &RwLock<Shard<T>>| {
            let shard = shard.read().unwrap_or_else(PoisonError::into_inner);
            shard.documents.len()
        };
        shards.map(count).sum()
    }

    /// Whether no document is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn hash_of(&self, text: &str) -> u64 {
        let mut hasher = FxHasher::with_seed(self.seed);
        hasher.write(text.as_bytes());
        hasher.finish()
    }

    fn shard(&self, hash: u64) -> &RwLock<Shard<T>> {
        &self.shards[place(hash)]
    }

    /// How often a document was known, and how often it was not.
    pub fn uses(&self) -> (u64, u64) {
        let sum = |count: fn(&Uses) -> &AtomicU64| {
            let counts = self.uses.iter().map(count);
            counts.map(|count| count.load(Ordering::Relaxed)).sum()
        };
        (sum(|uses| &uses.hits), sum(|uses| &uses.misses))
    }

    fn find(&self, hash: u64, text: &str) -> Option<Arc<Prepared<T>>> {
        let shard = self.shard(hash).read();
        let shard = shard.unwrap_or_else(PoisonError::into_inner);
        let entry = shard.documents.get(&hash)?;
        if *entry.text != *text {
            return None;
        }
        if !entry.used.load(Ordering::Relaxed) {
            entry.used.store(true, Ordering::Relaxed);
        }
        Some(entry.prepared.clone())
    }

    fn keep(&self, hash: u64, text: &str, prepared: &Arc<Prepared<T>>) {
        if weight(text) > self.bytes {
            return;
        }
        let shard = self.shard(hash).write();
        let mut shard = shard.unwrap_or_else(PoisonError::into_inner);
        shard.remove(hash);
        shard.bytes += weight(text);
        shard.order.push_back(hash);
        let entry = Entry {
            text: text.into(),
            prepared: prepared.clone(),
            used: AtomicBool::new(false),
        };
        shard.documents.insert(hash, entry);
        while shard.documents.len() > self.entries || shard.bytes > self.bytes {
            if !shard.evict() {
                break;
            }
        }
    }
}

impl<T> Shard<T> {
    /// Drops the oldest document that was not read since it was last passed over.
    fn evict(&mut self) -> bool {
        while let Some(hash) = self.order.pop_front() {
            let used = self.documents.get_mut(&hash).map(|entry| {
                let used = entry.used.get_mut();
                std::mem::take(used)
            });
            match used {
                Some(true) => self.order.push_back(hash),
                Some(false) => return self.drop_entry(hash),
                None => {}
            }
        }
        false
    }

    /// Drops an entry that is replaced: another text with the same hash, or the same text that
    /// two requests prepared at once.
    fn remove(&mut self, hash: u64) {
        if self.drop_entry(hash) {
            self.order.retain(|each| *each != hash);
        }
    }

    fn drop_entry(&mut self, hash: u64) -> bool {
        let Some(entry) = self.documents.remove(&hash) else {
            return false;
        };
        self.bytes -= weight(&entry.text);
        true
    }
}

/// The shard of a hash.
fn place(hash: u64) -> usize {
    (hash >> 32) as usize % SHARDS
}

fn weight(text: &str) -> usize {
    PER_DOCUMENT + PER_BYTE * text.len()
}

#[cfg(test)]
mod tests;
