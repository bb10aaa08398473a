//! How does a new checkpoint become current, and the old one go?
//!
//! The chunks are made durable first, in a shelf that nothing refers to. Then one
//! named value, the superblock, is replaced: that is the flip, and when the
//! checkpoint is of a new revision, its commit. Only then are the older generation
//! and the log before it removed; what a crash leaves of them, the next opening
//! removes.
//!
//! Seam for history: keeping more than one generation means to list them in the
//! superblock, to let `oldest` follow the oldest kept one, and to spare them here and
//! in `recover`.

use std::sync::PoisonError;

use super::root::Root;
use super::{Durable, Records, log};
use crate::store::checkpoint::{Home, Superblock};
use crate::store::shelf::{Shelf, Shelves};
use crate::store::{Checkpoint, CheckpointWriter, Revision, StoreError};

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
            oldest: 0,
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

    fn flip(&self, mut superblock: Superblock, base: Revision) -> Result<(), StoreError> {
        self.write(|mut state| {
            check_revision(&state, superblock.revision)?;
            let commits = superblock.revision > base;
            if commits && state.revision != base {
                return Err(StoreError::refused(format!(
                    "commits up to {} came in while the checkpoint of {} was being written",
                    state.revision, superblock.revision
                )));
            }
            superblock.oldest = match (state.current(), commits) {
                (_, true) => superblock.revision,
                (Some(before), false) => before.revision,
                (None, false) => 0,
            };
            state.revision = state.revision.max(superblock.revision);
            let root = Root {
                checkpoint: Some(superblock),
                values: state.root.values.clone(),
            };
            self.replace(state, root)
        })
    }

    /// Removes what the current checkpoint made superfluous.
    pub(super) fn sweep(&self) -> Result<(), StoreError> {
        let state = self.durable().clone();
        let current = state.generation();
        for generation in self.shelves.generations()? {
            if Some(generation) != current {
                self.shelves.discard(generation)?;
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
    ) -> Result<(), StoreError> {
        let generation = superblock.generation;
        let flipped = self
            .shelves
            .seal(generation, shelf)
            .and_then(|()| self.flip(superblock, base));
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

fn check_revision(state: &Durable, revision: Revision) -> Result<(), StoreError> {
    let least = state.current().map_or(0, |current| current.revision);
    if revision < least {
        return Err(StoreError::refused(format!(
            "a checkpoint of {revision} is older than the current one, of {least}"
        )));
    }
    Ok(())
}
