//! Here is a record; keep it: what was acknowledged is there after any crash.
//!
//! The room knows bytes and revisions only, never what they mean. [`Store`] is the
//! whole of it to the rooms above: an append-only log of commits, checkpoints that
//! make opening fast, and a few named values. `docs/format.md` says what is promised
//! and why it holds.
//!
//! Two layers: `records` frames, checks and recovers, over a small ordered
//! key-value `shelf`; the shelf is sled's on disk (`sled`) and a twin in memory
//! that can lose its unsynced tail ([`memory`]), so that crash tests run the very
//! code that guards the disk.

mod backup;
mod checkpoint;
mod dir;
mod error;
mod frame;
pub mod memory;
mod records;
mod shelf;
mod sled;
mod witness;

use std::io::Write;
use std::path::Path;

pub use backup::{Copied, check as check_backup, restore};
pub use checkpoint::{Checkpoint, CheckpointWriter, Section, SectionReader};
pub use error::StoreError;

/// The number of a commit: 0 is the empty store, the first commit is 1.
pub type Revision = u64;

/// Commits from the first to the last.
pub type Revisions = std::ops::RangeInclusive<Revision>;

/// One transaction to be made durable: its revision and its opaque payload.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    /// One more than the commit before it.
    pub revision: Revision,
    /// Any bytes, of any length.
    pub payload: &'a [u8],
}

/// What [`Store::replay`] calls for each commit; its error ends the replay.
pub type EachCommit<'a> = dyn FnMut(Revision, &[u8]) -> Result<(), StoreError> + 'a;

/// Keeps commits, checkpoints and named values through kill -9 and power cuts.
///
/// After a write failed, every further write is [`StoreError::Stopped`] until the
/// store is reopened; reading goes on.
pub trait Store: Send + Sync {
    /// The last commit that is kept, from the log or a checkpoint; 0 when empty.
    fn revision(&self) -> Revision;

    /// Commits after this revision can be read; those up to it are no longer in the
    /// log.
    fn oldest(&self) -> Revision;

    /// Appends transactions and returns when all of them survive a power cut. Each
    /// is kept whole or not at all. Their revisions follow on [`Store::revision`].
    /// Costs one flush and one fdatasync for all of them together.
    fn append(&self, commits: &[Commit<'_>]) -> Result<(), StoreError>;

    /// Hands the commits after revision `after` to `each`, in order. `after` is at
    /// least [`Store::oldest`].
    fn replay(&self, after: Revision, each: &mut EachCommit<'_>) -> Result<(), StoreError>;

    /// Hands these commits, which the log holds, to `each`, in order.
    fn read(&self, all: Revisions, each: &mut EachCommit<'_>) -> Result<(), StoreError>;

    /// All checkpoints that are kept, in order; the last is current.
    fn checkpoints(&self) -> Vec<Kept>;

    /// The checkpoint of a revision, the newer one if there are two.
    fn checkpoint_of(&self, revision: Revision) -> Result<Option<Checkpoint>, StoreError>;

    /// The current checkpoint, if there is one. The handle holds files and some
    /// memory: drop it when it has been read.
    fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError>;

    /// Begins a checkpoint of the state at `revision`, next to the current one. It
    /// becomes current in [`CheckpointWriter::finish`]; a writer that is dropped or
    /// killed leaves the old one current. A revision above [`Store::revision`] is
    /// thereby committed (a bulk import); then nothing may be appended meanwhile. With
    /// [`CheckpointWriter::commit`] it has a record in the log like any other.
    fn begin_checkpoint(&self, revision: Revision) -> Result<CheckpointWriter<'_>, StoreError>;

    /// A named value, as last set.
    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Sets a named value; durable when it returns, and whole or not at all.
    fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), StoreError>;

    /// Writes everything that is kept, as of now, as a stream that [`restore`] reads; what came in
    /// later is not in it. Writing goes on meanwhile. Memory: one record, or some chunks.
    fn backup(&self, to: &mut dyn Write) -> Result<Copied, StoreError>;

    /// Lets go of the commits up to a revision, which is at most that of the current checkpoint, and
    /// of the checkpoints before it; says which is then [`Store::oldest`]. Durable when it returns,
    /// and all of it or nothing. While a backup is written nothing is let go.
    fn forget(&self, up_to: Revision) -> Result<Revision, StoreError>;

    /// Lets an empty store begin after a revision, whose commits it never had.
    fn begin_after(&self, revision: Revision) -> Result<(), StoreError>;

    /// Reads everything that is kept and checks every checksum, sequence and count.
    fn verify(&self) -> Result<Verified, StoreError>;
}

/// A checkpoint that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The commit whose state it holds.
    pub revision: Revision,
    /// Whether it is a commit by itself, so that no changes in the log lead to it.
    pub whole: bool,
    /// Its length, uncompressed.
    pub bytes: u64,
}

/// What [`Store::verify`] read, and everything that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Commits read from the log.
    pub commits: u64,
    /// Sections of the checkpoint.
    pub sections: u64,
    /// Bytes of payload read, uncompressed.
    pub bytes: u64,
    /// What is damaged, one sentence each; empty when all is well.
    pub damage: Vec<String>,
}

/// How a data directory is opened.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes that must stay free on the disk: a write below this mark is refused.
    pub free_space_mark: u64,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            free_space_mark: 128 << 20,
        }
    }
}

/// Opens the data directory at `path`, or creates it when it does not exist or is
/// empty. Refuses a directory that is locked, foreign, damaged or of a newer format.
pub fn open(path: &Path, options: &Options) -> Result<Box<dyn Store>, StoreError> {
    let shelves = sled::SledShelves::open(path, options)?;
    Ok(Box::new(records::Records::open(shelves)?))
}
