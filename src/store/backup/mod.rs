//! How does all that a store keeps become one file, and a store again?
//!
//! A backup is a stream of frames: the checkpoints that are kept and the commits of the log, in the
//! order in which they happened, so that restoring does again what the store once did. `frames` makes
//! sure that no byte is wrong and none is missing; `docs/format.md` has the bytes. Not for reading a
//! store's own records: that is `records::copy`.

mod frames;
mod restore;

pub(super) use frames::{Kind, Out, announce};
pub use restore::{check, restore};

use super::Revision;

/// What a backup holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// The last commit in it.
    pub revision: Revision,
    /// The commits after this one are in it.
    pub oldest: Revision,
    /// Checkpoints: the current one, and those of the past.
    pub checkpoints: u64,
    /// Commits with their records.
    pub commits: u64,
    /// Its length.
    pub bytes: u64,
}

/// What a checkpoint is to the commits around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The state after a commit, or a commit without a record: the oldest that is kept.
    State,
    /// A commit by itself; its record comes next.
    Commit,
}

impl Role {
    /// As its frame tells it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Commit => "commit",
        }
    }
}
