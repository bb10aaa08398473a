//! Which API keys are there, and is this one of them? Not for: how requests carry them (`server`).

mod file;
mod secret;

pub use file::{KeyFile, StoredKey};
pub use secret::Secret;

use super::Denied;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// How many wrong secrets of one key are checked in [`PAUSE`]; checking one takes some 20 ms.
const FAILURES: u32 = 5;
const PAUSE: Duration = Duration::from_secs(10);

/// The keys of a file that may change at any time.
#[derive(Debug)]
pub struct Keys {
    path: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    looked: Option<Instant>,
    stamp: Option<file::Stamp>,
    keys: FxHashMap<Box<str>, Arc<StoredKey>>,
    /// Hashes of keys that were proven right, and their ids.
    proven: FxHashMap<[u8; 32], Box<str>>,
    /// When wrong secrets of a key were last counted from, and how many there were.
    failures: FxHashMap<Box<str>, (Instant, u32)>,
}

/// What is known of a key at once.
#[derive(Debug)]
pub enum Look {
    /// Whose it is.
    Is(Arc<StoredKey>),
    /// Its secret must be checked, with [`Keys::prove`].
    Unproven(Secret),
}

impl Keys {
    /// The keys of a file; one that is not there has none.
    ///
    /// # Errors
    /// If the file cannot be read, or others than its owner can.
    pub fn open(path: &Path) -> Result<Self, String> {
        let keys = Self {
            path: path.to_owned(),
            state: Mutex::default(),
        };
        keys.state().reload(path)?;
        Ok(keys)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state as the file has it, at most a second ago. What cannot be read lets nobody in.
    fn fresh(&self) -> MutexGuard<'_, State> {
        let mut state = self.state();
        if state.looked.is_none_or(|looked| looked.elapsed() >= LOOK)
            && let Err(wrong) = state.reload(&self.path)
        {
            tracing::error!(file = %self.path.display(), %wrong, "no API key is accepted");
            state.keys.clear();
            state.proven.clear();
            state.stamp = None;
        }
        state
    }

    /// Whether a key is still there and valid. Cost: a look-up.
    pub fn has(&self, id: &str) -> bool {
        let state = self.fresh();
        state.keys.get(id).is_some_and(|key| !key.is_expired())
    }

    /// What is known of a key at once. Cost: a hash and a look-up.
    ///
    /// # Errors
    /// If there is no such key, or too many wrong secrets were shown for it.
    pub fn look(&self, text: &str) -> Result<Look, Denied> {
        let secret = Secret::parse(text).ok_or(Denied::Wrong)?;
        let state = self.fresh();
        let key = state.keys.get(secret.id()).filter(|key| !key.is_expired());
        let key = key.ok_or(Denied::Wrong)?;
        if state.proven.contains_key(&digest(text)) {
            return Ok(Look::Is(key.clone()));
        }
        match state.failures.get(secret.id()) {
            Some((since, FAILURES..)) if since.elapsed() < PAUSE => Err(Denied::TooMany),
            _ => Ok(Look::Unproven(secret)),
        }
    }

    /// Checks a secret. Cost: some 20 ms and 19 MiB; not for threads that others wait for.
    ///
    /// # Errors
    /// If it is wrong.
    pub fn prove(&self, secret: &Secret) -> Result<Arc<StoredKey>, Denied> {
        let key = self.fresh().keys.get(secret.id()).cloned();
        let key = key.filter(|key| !key.is_expired()).ok_or(Denied::Wrong)?;
        let is_right = secret.is_hashed_as(&key.hash);
        let mut state = self.state();
        if !is_right {
            state.count_failure(secret.id());
            return Err(Denied::Wrong);
        }
        let digest = digest(secret.text());
        state.proven.insert(digest, secret.id().into());
        Ok(key)
    }
}

impl State {
    fn reload(&mut self, path: &Path) -> Result<(), String> {
        self.looked = Some(Instant::now());
        let stamp = file::stamp(path)?;
        if self.stamp.is_some() && self.stamp == Some(stamp) {
            return Ok(());
        }
        let read = KeyFile::read(path)?;
        let keys = read
            .keys
            .into_iter()
            .map(|key| (key.id.clone(), Arc::new(key)));
        let before = std::mem::replace(&mut self.keys, keys.collect());
        self.stamp = Some(stamp);
        let same = |id: &str| match (before.get(id), self.keys.get(id)) {
            (Some(before), Some(now)) => before.hash == now.hash,
            _ => false,
        };
        self.proven.retain(|_, id| same(id));
        self.failures.retain(|id, _| same(id));
        Ok(())
    }

    fn count_failure(&mut self, id: &str) {
        let count = self.failures.entry(id.into());
        let (since, count) = count.or_insert((Instant::now(), 0));
        if since.elapsed() >= PAUSE {
            (*since, *count) = (Instant::now(), 0);
        }
        *count += 1;
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text).into()
}
