//! How is a checkpoint written as a stream, in memory bounded by one chunk?
//!
//! Sections are cut into chunks, compressed and put into a shelf of their own; whoever
//! keeps the shelves ([`Home`]) makes it current. Not for the flip itself.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::{CHUNK, Entry, Superblock};
use crate::store::frame::{COMPRESSED, Frame, Kind};
use crate::store::shelf::Shelf;
use crate::store::{Revision, StoreError};

/// How many chunks are announced to the shelf at a time.
const ANNOUNCED: u64 = 512;

/// Makes a finished checkpoint current, or throws an unfinished one away.
pub(crate) trait Home: Send + Sync {
    /// Makes the checkpoint in `shelf` current; the store was at `base` when it began.
    /// If it is a commit, `payload` is that of its record.
    fn finish(
        &self,
        shelf: Box<dyn Shelf>,
        superblock: Superblock,
        base: Revision,
        payload: Option<&[u8]>,
    ) -> Result<(), StoreError>;
    /// Throws the generation away.
    fn abandon(&self, generation: u64);
    /// Fails when the disk is too full to write on.
    fn check_space(&self) -> Result<(), StoreError>;
}

/// Writes a checkpoint as a stream, in memory bounded by one chunk.
pub struct CheckpointWriter<'a> {
    home: &'a dyn Home,
    /// Taken by `finish`.
    shelf: Option<Box<dyn Shelf>>,
    store: u32,
    superblock: Superblock,
    /// The store's revision when writing began.
    base: Revision,
    names: BTreeSet<String>,
    crc: crc32fast::Hasher,
    buffer: Vec<u8>,
    packed: Vec<u8>,
    /// The number of the next chunk.
    next: u64,
    /// Chunks up to here have been announced.
    announced: u64,
}

impl<'a> CheckpointWriter<'a> {
    pub(crate) fn new(
        home: &'a dyn Home,
        shelf: Box<dyn Shelf>,
        store: u32,
        superblock: Superblock,
        base: Revision,
    ) -> Self {
        CheckpointWriter {
            home,
            shelf: Some(shelf),
            store,
            superblock,
            base,
            names: BTreeSet::new(),
            crc: crc32fast::Hasher::new(),
            buffer: Vec::with_capacity(CHUNK),
            packed: vec![0; lz4_flex::block::get_maximum_output_size(CHUNK)],
            next: 0,
            announced: 0,
        }
    }

    /// Ends the section before and begins one; its bytes are written to the result.
    /// Names are unique in a checkpoint.
    pub fn section(&mut self, name: &str) -> Result<&mut dyn Write, StoreError> {
        self.end_section()?;
        if !self.names.insert(name.to_owned()) {
            let why = format!("section {name:?} was already written");
            return Err(StoreError::refused(why));
        }
        self.superblock.sections.push(Entry {
            name: name.to_owned(),
            bytes: 0,
            first: self.next,
            chunks: 0,
            crc: 0,
        });
        Ok(self)
    }

    /// Makes the checkpoint current, atomically: before this returns a crash leaves
    /// the old one, or, in the last moment, the new one; after it the new one.
    pub fn finish(self) -> Result<(), StoreError> {
        self.end(None)
    }

    /// The same of a checkpoint that is a commit, with the payload of its record in the
    /// log: both are there, or neither.
    pub fn commit(self, payload: &[u8]) -> Result<(), StoreError> {
        self.end(Some(payload))
    }

    fn end(mut self, payload: Option<&[u8]>) -> Result<(), StoreError> {
        self.end_section()?;
        self.withdraw()?;
        let (superblock, base) = (self.superblock.clone(), self.base);
        match self.shelf.take() {
            Some(shelf) => self.home.finish(shelf, superblock, base, payload),
            None => Err(StoreError::refused("the checkpoint is finished already")),
        }
    }

    fn end_section(&mut self) -> Result<(), StoreError> {
        if !self.buffer.is_empty() {
            self.put_chunk()?;
        }
        let crc = std::mem::take(&mut self.crc).finalize();
        if let Some(entry) = self.superblock.sections.last_mut() {
            entry.crc = crc;
        }
        Ok(())
    }

    fn put_chunk(&mut self) -> Result<(), StoreError> {
        self.announce()?;
        let number = self.superblock.sections.len() as u32 - 1;
        let Some(entry) = self.superblock.sections.last_mut() else {
            return Err(StoreError::refused("bytes were written before a section"));
        };
        let (flags, payload) = pack(&self.buffer, &mut self.packed);
        let frame = Frame {
            kind: Kind::Chunk,
            flags,
            store: self.store,
            index: entry.chunks as u32,
            count: number,
            length: self.buffer.len() as u32,
            sequence: self.superblock.generation,
        };
        let key = self.next.to_be_bytes();
        let value = frame.encode(&key, payload);
        entry.chunks += 1;
        entry.bytes += self.buffer.len() as u64;
        self.crc.update(&self.buffer);
        self.buffer.clear();
        self.next += 1;
        self.shelf()?.put(&key, value)
    }

    /// Announces the next chunks, and looks at the disk while at it.
    fn announce(&mut self) -> Result<(), StoreError> {
        if self.next < self.announced {
            return Ok(());
        }
        self.home.check_space()?;
        self.announced = self.next + ANNOUNCED;
        self.shelf()?.announce(&self.announced_keys())
    }

    /// Takes back what was announced and not written.
    fn withdraw(&mut self) -> Result<(), StoreError> {
        self.shelf()?.withdraw(&self.announced_keys())
    }

    fn announced_keys(&self) -> Vec<Vec<u8>> {
        let chunks = self.next..self.announced;
        chunks.map(|chunk| chunk.to_be_bytes().to_vec()).collect()
    }

    fn shelf(&self) -> Result<&dyn Shelf, StoreError> {
        self.shelf
            .as_deref()
            .ok_or_else(|| StoreError::refused("the checkpoint is finished already"))
    }
}

/// The chunk as it is stored: compressed if that saves an eighth at least.
fn pack<'b>(chunk: &'b [u8], space: &'b mut [u8]) -> (u16, &'b [u8]) {
    match lz4_flex::block::compress_into(chunk, space) {
        Ok(length) if length < chunk.len() * 7 / 8 => (COMPRESSED, &space[..length]),
        _ => (0, chunk),
    }
}

impl Write for CheckpointWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len().min(CHUNK - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..length]);
        if self.buffer.len() == CHUNK {
            self.put_chunk().map_err(io::Error::other)?;
        }
        Ok(length)
    }

    /// Does nothing: only [`CheckpointWriter::finish`] makes anything durable.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for CheckpointWriter<'_> {
    fn drop(&mut self) {
        if self.shelf.take().is_some() {
            self.home.abandon(self.superblock.generation);
        }
    }
}
