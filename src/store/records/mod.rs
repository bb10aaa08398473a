//! How do frames on a shelf become commits, checkpoints and named values that are
//! kept whole or not at all?
//!
//! [`Records`] is the one implementation of [`Store`], over any [`Shelves`]. One
//! writer at a time; readers never wait for it. `recover` brings a store back after a
//! crash, `flip` makes checkpoints current. Not for files, sled or locks.

mod copy;
mod flip;
mod forget;
mod log;
mod pieces;
mod recover;
mod root;
#[cfg(test)]
mod tests;
mod verify;

use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use self::root::Root;
use crate::store::checkpoint::Superblock;
use crate::store::shelf::Shelves;
use crate::store::witness::Witness;
use crate::store::{
    Checkpoint, CheckpointWriter, Commit, Copied, EachCommit, Kept, Revision, Revisions, Store,
    StoreError, Verified,
};

/// A store over some shelves.
pub(crate) struct Records<S> {
    shelves: S,
    /// Held by whoever writes, through the flush.
    writer: Mutex<Writer>,
    /// What is durable; held only to look or to publish.
    durable: Mutex<Durable>,
    /// The generation that is being written, if any.
    generation: Mutex<Option<u64>>,
    /// Held by whoever reads all that is kept, while nothing may be let go.
    past: RwLock<()>,
}

/// The writer's own state.
struct Writer {
    /// Why nothing more is written.
    stopped: Option<String>,
}

/// What is durable and visible; cheap to clone.
#[derive(Clone)]
struct Durable {
    revision: Revision,
    /// About how many bytes of payload the log has taken, ever.
    logged: u64,
    /// The version of the root.
    version: u64,
    root: Arc<Root>,
}

impl Durable {
    fn current(&self) -> Option<&Superblock> {
        self.root.checkpoint.as_ref()
    }

    fn generation(&self) -> Option<u64> {
        self.current().map(|current| current.generation)
    }

    fn oldest(&self) -> Revision {
        self.root.oldest
    }

    fn witness(&self) -> Witness {
        Witness {
            revision: self.revision,
            version: self.version,
        }
    }
}

impl<S: Shelves> Records<S> {
    fn durable(&self) -> MutexGuard<'_, Durable> {
        self.durable.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs one write: refused after a failure and on a full disk; a failure in it
    /// stops all further writes.
    fn write<T>(
        &self,
        work: impl FnOnce(Durable) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cause) = &writer.stopped {
            let cause = cause.clone();
            return Err(StoreError::Stopped { cause });
        }
        self.shelves.check_space()?;
        let before = self.durable().clone();
        let result = work(before);
        if let Err(error) = &result
            && !matches!(error, StoreError::Refused { .. })
        {
            writer.stopped = Some(error.to_string());
        }
        result
    }

    /// Syncs the main shelf, tells the witness, and shows the new state.
    fn publish(&self, after: Durable, settled: bool) -> Result<(), StoreError> {
        self.shelves.main().sync()?;
        self.shelves.testify(after.witness(), settled)?;
        *self.durable() = after;
        Ok(())
    }

    fn append_all(&self, mut state: Durable, commits: &[Commit<'_>]) -> Result<(), StoreError> {
        for (commit, expected) in commits.iter().zip(state.revision + 1..) {
            if commit.revision != expected {
                let found = commit.revision;
                return Err(StoreError::refused(format!(
                    "the next commit is {expected}, not {found}"
                )));
            }
        }
        for commit in commits {
            log::put(self.shelves.main(), self.shelves.id(), commit)?;
            state.revision = commit.revision;
            state.logged += commit.payload.len() as u64;
        }
        self.publish(state, false)
    }

    /// Replaces the root.
    fn replace(&self, mut state: Durable, root: Root) -> Result<(), StoreError> {
        let main = self.shelves.main();
        state.version += 1;
        state.root = Arc::new(root);
        let version = state.version;
        root::put(main, self.shelves.id(), version, &state.root)?;
        self.put_commit(&state.root)?;
        self.publish(state, true)?;
        root::remove_below(main, version)
    }
}

impl<S: Shelves> Store for Records<S> {
    fn revision(&self) -> Revision {
        self.durable().revision
    }

    fn oldest(&self) -> Revision {
        self.durable().oldest()
    }

    fn append(&self, commits: &[Commit<'_>]) -> Result<(), StoreError> {
        if commits.is_empty() {
            return Ok(());
        }
        self.write(|state| self.append_all(state, commits))
    }

    fn replay(&self, after: Revision, each: &mut EachCommit<'_>) -> Result<(), StoreError> {
        self.read(after + 1..=self.revision(), each)
    }

    fn read(&self, all: Revisions, each: &mut EachCommit<'_>) -> Result<(), StoreError> {
        let (first, last) = all.into_inner();
        self.check_kept(first)?;
        if first > last {
            return Ok(());
        }
        let main = self.shelves.main();
        let walked = log::walk_to(main, self.shelves.id(), first - 1, last, each);
        // What is missing may have been let go meanwhile.
        walked.or_else(|error| self.check_kept(first).and(Err(error)))
    }

    fn checkpoints(&self) -> Vec<Kept> {
        let root = self.durable().root.clone();
        let kept = root.checkpoints().map(|superblock| Kept {
            revision: superblock.revision,
            whole: superblock.whole,
            bytes: superblock.bytes(),
        });
        kept.collect()
    }

    fn checkpoint_of(&self, revision: Revision) -> Result<Option<Checkpoint>, StoreError> {
        let root = self.durable().root.clone();
        let mut kept = root.checkpoints().rev();
        let found = kept.find(|superblock| superblock.revision == revision);
        found
            .map(|superblock| self.open_checkpoint(superblock))
            .transpose()
    }

    fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        let root = self.durable().root.clone();
        let current = root.checkpoint.as_ref();
        current
            .map(|superblock| self.open_checkpoint(superblock))
            .transpose()
    }

    fn begin_checkpoint(&self, revision: Revision) -> Result<CheckpointWriter<'_>, StoreError> {
        self.begin(revision)
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        check_name(name)?;
        let root = self.durable().root.clone();
        Ok(root.values.get(name).map(|value| value.to_vec()))
    }

    fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        check_name(name)?;
        self.write(|state| {
            let mut root = Root::clone(&state.root);
            root.values.insert(name.to_owned(), value.into());
            self.replace(state, root)
        })
    }

    fn backup(&self, to: &mut dyn Write) -> Result<Copied, StoreError> {
        let _past = self.past.read().unwrap_or_else(PoisonError::into_inner);
        copy::copy(self, to)
    }

    fn forget(&self, up_to: Revision) -> Result<Revision, StoreError> {
        self.forget_up_to(up_to)
    }

    fn begin_after(&self, revision: Revision) -> Result<(), StoreError> {
        self.start_after(revision)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        verify::verify(self)
    }
}

fn check_name(name: &str) -> Result<(), StoreError> {
    match name.is_empty() || name.len() > 200 || name.starts_with('\0') {
        true => Err(StoreError::refused(format!(
            "{name:?} cannot name a value: a name has 1 to 200 bytes, none of them 0 at its beginning"
        ))),
        false => Ok(()),
    }
}
