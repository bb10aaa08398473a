//! How does a new checkpoint become current, and the old one go?
//!
//! The chunks are made durable first, in a shelf that nothing refers to. Then one
//! named value, the superblock, is replaced: that is the flip, and when the
//! checkpoint is of a new revision, its commit. Only then are the older generation
//! removed, unless it is kept for the past; what a crash leaves of it, the next opening
//! removes.
//!
//! A checkpoint that is a commit has a record in the log as well: its payload stands in
//! the new root, from where it is put into the log, again at the next opening if a crash
//! came between.
//!
//! Kept for the past are the checkpoints that are commits, since no changes lead to
//! them, and of the others one for each stretch of the log that is as long as the
//! checkpoint itself: so checkpoints take at most as much space as the log, and the way
//! from one to any revision is as long as the graph is large.

use std::sync::PoisonError;

use super::root::Root;
use super::{Durable, Records, log};
use crate::store::checkpoint::{Home, Superblock};
use crate::store::shelf::{Shelf, Shelves};
use crate::store::{Checkpoint, CheckpointWriter, Commit, Revision, StoreError};

impl<S: Shelves> Records<S> {
    pub(super) fn open_checkpoint(
        &self,
        superblock: &Superblock,
    ) -> Result<Checkpoint, StoreError> {
        let shelf = self.shelves.open(superblock.generation)?;
        Ok(Checkpoint::new(
            shelf,
            self.shelves.id(),
            superblock.clone(),
        ))
    }

    pub(super) fn begin(&self, revision: Revision) -> Result<CheckpointWriter<'_>, StoreError> {
        let state = self.durable().clone();
        check_revision(&state, revision)?;
        self.shelves.check_space()?;
        let generation = self.claim_generation(&state)?;
        let shelf = match self.shelves.create(generation) {
            Ok(shelf) => shelf,
            Err(error) => {
                self.abandon(generation);
                return Err(error);
            }
        };
        let superblock = Superblock {
            generation,
            revision,
            whole: revision > state.revision,
            logged: 0,
            sections: Vec::new(),
        };
        let id = self.shelves.id();
        Ok(CheckpointWriter::new(
            self,
            shelf,
            id,
            superblock,
            state.revision,
        ))
    }

    fn claim_generation(&self, state: &Durable) -> Result<u64, StoreError> {
        let mut writing = self.lock_generation();
        if writing.is_some() {
            let why = "another checkpoint is being written; wait until it is finished";
            return Err(StoreError::refused(why));
        }
        let current = state.generation().unwrap_or(0);
        let newest = self.shelves.generations()?.into_iter().max();
        let generation = newest.unwrap_or(0).max(current) + 1;
        *writing = Some(generation);
        Ok(generation)
    }

    fn lock_generation(&self) -> std::sync::MutexGuard<'_, Option<u64>> {
        self.generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn flip(
        &self,
        mut superblock: Superblock,
        base: Revision,
        payload: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        self.write(|mut state| {
            check_revision(&state, superblock.revision)?;
            let commits = superblock.revision > base;
            if commits && state.revision != base {
                return Err(StoreError::refused(format!(
                    "commits up to {} came in while the checkpoint of {} was being written",
                    state.revision, superblock.revision
                )));
            }
            let recorded = payload.filter(|_| commits && superblock.revision == base + 1);
            state.revision = state.revision.max(superblock.revision);
            state.logged += recorded.map_or(0, |payload| payload.len() as u64);
            superblock.logged = state.logged;
            let mut root = Root::clone(&state.root);
            root.set_commit(recorded);
            if commits && recorded.is_none() {
                root.oldest = superblock.revision;
                root.older.clear();
            } else {
                root.older.extend(root.checkpoint.take());
                root.older = kept(root.older);
            }
            root.checkpoint = Some(superblock);
            self.replace(state, root)
        })
    }

    /// Puts the record of the commit that the checkpoint is into the log, if it is not
    /// there yet; without syncing.
    pub(super) fn put_commit(&self, root: &Root) -> Result<(), StoreError> {
        let Some((revision, payload)) = root.commit() else {
            return Ok(());
        };
        let (main, id) = (self.shelves.main(), self.shelves.id());
        let is_there = log::walk_to(main, id, revision - 1, revision, &mut |_, _| Ok(()));
        if is_there.is_err() {
            let payload = &payload[..];
            log::put(main, id, &Commit { revision, payload })?;
        }
        Ok(())
    }

    /// Removes what the root no longer names.
    pub(super) fn sweep(&self) -> Result<(), StoreError> {
        let state = self.durable().clone();
        let kept = |generation| {
            let mut all = state.root.checkpoints();
            all.any(|superblock| superblock.generation == generation)
        };
        {
            let writing = self.lock_generation();
            for generation in self.shelves.generations()? {
                if !kept(generation) && *writing != Some(generation) {
                    self.shelves.discard(generation)?;
                }
            }
        }
        log::remove_up_to(self.shelves.main(), state.oldest())
    }
}

impl<S: Shelves> Home for Records<S> {
    fn finish(
        &self,
        shelf: Box<dyn Shelf>,
        superblock: Superblock,
        base: Revision,
        payload: Option<&[u8]>,
    ) -> Result<(), StoreError> {
        let generation = superblock.generation;
        let flipped = self
            .shelves
            .seal(generation, shelf)
            .and_then(|()| self.flip(superblock, base, payload));
        if let Err(error) = flipped {
            self.abandon(generation);
            return Err(error);
        }
        if let Err(error) = self.sweep() {
            tracing::warn!("what the new checkpoint replaces could not be removed yet: {error}");
        }
        *self.lock_generation() = None;
        Ok(())
    }

    fn abandon(&self, generation: u64) {
        let current = self.durable().generation();
        if current != Some(generation)
            && let Err(error) = self.shelves.discard(generation)
        {
            tracing::warn!("an unfinished checkpoint could not be removed yet: {error}");
        }
        *self.lock_generation() = None;
    }

    fn check_space(&self) -> Result<(), StoreError> {
        self.shelves.check_space()
    }
}

/// The checkpoints of the past that stay.
fn kept(older: Vec<Superblock>) -> Vec<Superblock> {
    let mut kept: Vec<Superblock> = Vec::with_capacity(older.len());
    for superblock in older {
        let since = kept.last().map_or(0, |before| before.logged);
        if superblock.whole
            || superblock.logged - since.min(superblock.logged) >= superblock.bytes()
        {
            kept.push(superblock);
        }
    }
    kept
}

fn check_revision(state: &Durable, revision: Revision) -> Result<(), StoreError> {
    let least = state.current().map_or(0, |current| current.revision);
    if revision < least {
        return Err(StoreError::refused(format!(
            "a checkpoint of {revision} is older than the current one, of {least}"
        )));
    }
    Ok(())
}
