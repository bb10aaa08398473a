//! How is a large state written and read as a stream, checked chunk by chunk?
//!
//! A checkpoint is a list of named sections of bytes. Each section is cut into chunks
//! of [`CHUNK`] bytes, compressed where that helps, each in a checksummed frame; the
//! number of chunks, the length and a checksum of the whole section stand in the
//! [`Superblock`], which makes the checkpoint current. Not for what sections mean.

mod reader;
mod writer;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use reader::SectionReader;
pub use writer::CheckpointWriter;
pub(crate) use writer::Home;

use crate::store::shelf::Shelf;
use crate::store::{Revision, StoreError};

/// Bytes of a section in one chunk, before compression.
const CHUNK: usize = 16 << 10;
/// A section of a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its name.
    pub name: String,
    /// Its length in bytes, uncompressed.
    pub bytes: u64,
}

/// What makes a checkpoint current: stored as one named value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Superblock {
    /// Which shelf holds the chunks.
    pub generation: u64,
    /// The commit whose state it is.
    pub revision: Revision,
    /// Whether it is a commit by itself, so that the log has no changes that lead here.
    pub whole: bool,
    /// About how many bytes of payload the log had taken, ever, when it became current.
    pub logged: u64,
    /// The sections, in the order of writing.
    pub sections: Vec<Entry>,
}

/// A section as the superblock knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub name: String,
    /// Uncompressed length.
    pub bytes: u64,
    /// The number of its first chunk.
    pub first: u64,
    /// How many chunks follow from there.
    pub chunks: u64,
    /// CRC-32 of all its bytes.
    pub crc: u32,
}

impl Superblock {
    /// Its length, uncompressed.
    pub fn bytes(&self) -> u64 {
        self.sections.iter().map(|entry| entry.bytes).sum()
    }
}

/// An open checkpoint. It stays readable when a newer one becomes current.
pub struct Checkpoint {
    shelf: Arc<dyn Shelf>,
    store: u32,
    superblock: Superblock,
    sections: Vec<Section>,
}

impl Checkpoint {
    pub(crate) fn new(shelf: Arc<dyn Shelf>, store: u32, superblock: Superblock) -> Self {
        let section = |entry: &Entry| Section {
            name: entry.name.clone(),
            bytes: entry.bytes,
        };
        Checkpoint {
            sections: superblock.sections.iter().map(section).collect(),
            shelf,
            store,
            superblock,
        }
    }

    /// The commit whose state it holds.
    pub fn revision(&self) -> Revision {
        self.superblock.revision
    }

    /// Its sections, in the order in which they were written.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Reads a section from its beginning. Readers are independent of each other and
    /// may run on several threads. Damage surfaces as an [`io::Error`](std::io::Error) whose inner
    /// error is a [`StoreError`]; the end is reached only when all of it was right.
    pub fn read(&self, name: &str) -> Result<SectionReader, StoreError> {
        let found = self.superblock.sections.iter().position(|e| e.name == name);
        let number = found.ok_or_else(|| {
            StoreError::refused(format!("the checkpoint has no section {name:?}"))
        })?;
        Ok(SectionReader::new(self, number))
    }

    /// Chunks in the shelf that no section owns.
    pub(crate) fn strays(&self) -> Result<u64, StoreError> {
        let owned: u64 = self.superblock.sections.iter().map(|e| e.chunks).sum();
        let mut strays = 0;
        self.shelf
            .scan(&owned.to_be_bytes(), &[0xff; 9], &mut |_, _| {
                strays += 1;
                Ok(true)
            })?;
        Ok(strays)
    }
}
