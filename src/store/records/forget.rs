//! How does the past go, all that is meant of it or nothing?
//!
//! The root says after which revision commits are kept. A new one that says so of a later
//! revision, and no longer names the checkpoints before it, is the moment in which they
//! are gone; only then their bytes are removed, and what a crash leaves of them the next
//! opening removes. Not for deciding what may go: that is for the rooms above.

use std::sync::TryLockError;

use super::root::Root;
use super::{Durable, Records};
use crate::store::shelf::Shelves;
use crate::store::{Revision, StoreError};

impl<S: Shelves> Records<S> {
    pub(super) fn forget_up_to(&self, up_to: Revision) -> Result<Revision, StoreError> {
        let _past = match self.past.try_write() {
            Ok(past) => past,
            Err(TryLockError::Poisoned(past)) => past.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(self.durable().oldest()),
        };
        self.write(|state| {
            if up_to <= state.oldest() {
                return Ok(());
            }
            check_reached(&state, up_to)?;
            let mut root = Root::clone(&state.root);
            root.oldest = up_to;
            root.older.retain(|kept| kept.revision >= up_to);
            if root.commit().is_some_and(|(revision, _)| revision <= up_to) {
                // Else it would be put into the log again.
                root.set_commit(None);
            }
            self.replace(state, root)
        })?;
        if let Err(error) = self.sweep() {
            tracing::warn!("the past could not be removed yet: {error}");
        }
        Ok(self.durable().oldest())
    }

    pub(super) fn start_after(&self, revision: Revision) -> Result<(), StoreError> {
        self.write(|mut state| {
            if state.revision > 0 || state.current().is_some() {
                let why = "only an empty store can begin after a revision";
                return Err(StoreError::refused(why));
            }
            state.revision = revision;
            let mut root = Root::clone(&state.root);
            root.oldest = revision;
            self.replace(state, root)
        })
    }

    /// Refuses commits that are no longer there.
    pub(super) fn check_kept(&self, first: Revision) -> Result<(), StoreError> {
        let oldest = self.durable().oldest();
        match first > oldest {
            true => Ok(()),
            false => Err(StoreError::refused(format!(
                "commits up to {oldest} are no longer in the log; asked were those from {first} on"
            ))),
        }
    }
}

/// Opening needs every commit after the checkpoint.
fn check_reached(state: &Durable, up_to: Revision) -> Result<(), StoreError> {
    let reached = state.current().map_or(0, |current| current.revision);
    match up_to <= reached {
        true => Ok(()),
        false => Err(StoreError::refused(format!(
            "commits after {reached} are not in a checkpoint yet; asked was to let go of those up to {up_to}"
        ))),
    }
}
