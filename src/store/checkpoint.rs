//! How is a large state written and read as a stream, checked chunk by chunk?
//!
//! A checkpoint is a list of named sections of bytes. Each section is cut into chunks
//! of [`CHUNK`] bytes, compressed where that helps, each in a checksummed frame; the
//! number of chunks, the length and a checksum of the whole section stand in the
//! [`Superblock`], which makes the checkpoint current. Not for what sections mean.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Read, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::store::frame::{COMPRESSED, Frame, Kind};
use crate::store::shelf::Shelf;
use crate::store::{Revision, StoreError};

/// Bytes of a section in one chunk, before compression.
const CHUNK: usize = 16 << 10;
/// How many chunks are announced to the shelf at a time.
const ANNOUNCED: u64 = 512;

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
    /// The log holds the commits after this one.
    pub oldest: Revision,
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
    /// may run on several threads. Damage surfaces as an [`io::Error`] whose inner
    /// error is a [`StoreError`]; the end is reached only when all of it was right.
    pub fn read(&self, name: &str) -> Result<SectionReader, StoreError> {
        let found = self.superblock.sections.iter().position(|e| e.name == name);
        let number = found.ok_or_else(|| {
            StoreError::refused(format!("the checkpoint has no section {name:?}"))
        })?;
        Ok(SectionReader {
            shelf: self.shelf.clone(),
            entry: self.superblock.sections[number].clone(),
            number: number as u32,
            store: self.store,
            generation: self.superblock.generation,
            next: 0,
            read: 0,
            crc: crc32fast::Hasher::new(),
            chunk: Vec::new(),
            at: 0,
        })
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

/// Streams one section; every chunk is verified before its bytes are given out.
pub struct SectionReader {
    shelf: Arc<dyn Shelf>,
    entry: Entry,
    number: u32,
    store: u32,
    generation: u64,
    next: u64,
    read: u64,
    crc: crc32fast::Hasher,
    chunk: Vec<u8>,
    at: usize,
}

impl SectionReader {
    fn load(&mut self) -> Result<(), StoreError> {
        if self.next == self.entry.chunks {
            return self.check_end();
        }
        let key = (self.entry.first + self.next).to_be_bytes();
        let value = self.shelf.take(&key)?;
        let value = value.ok_or_else(|| self.damaged("is missing"))?;
        let (frame, payload) = Frame::decode(&key, &value)?;
        if frame != self.expected(&frame) {
            return Err(self.damaged("is not the one that was written there"));
        }
        self.unpack(&frame, payload)?;
        self.crc.update(&self.chunk);
        self.read += self.chunk.len() as u64;
        self.next += 1;
        Ok(())
    }

    /// `frame` with everything that is known beforehand put right.
    fn expected(&self, frame: &Frame) -> Frame {
        Frame {
            kind: Kind::Chunk,
            store: self.store,
            index: self.next as u32,
            count: self.number,
            sequence: self.generation,
            ..*frame
        }
    }

    fn unpack(&mut self, frame: &Frame, payload: &[u8]) -> Result<(), StoreError> {
        let length = frame.length as usize;
        self.at = 0;
        self.chunk.clear();
        if frame.flags & COMPRESSED == 0 {
            self.chunk.extend_from_slice(payload);
        } else {
            self.chunk.resize(length.min(CHUNK), 0);
            lz4_flex::block::decompress_into(payload, &mut self.chunk)
                .map_err(|error| self.damaged(&error.to_string()))?;
        }
        match self.chunk.len() == length && length > 0 {
            true => Ok(()),
            false => Err(self.damaged("has a wrong length")),
        }
    }

    fn check_end(&mut self) -> Result<(), StoreError> {
        self.chunk.clear();
        self.at = 0;
        let crc = self.crc.clone().finalize();
        match self.read == self.entry.bytes && crc == self.entry.crc {
            true => Ok(()),
            false => Err(StoreError::damaged(
                format!("checkpoint section {:?}", self.entry.name),
                "its chunks do not make up what was written",
            )),
        }
    }

    fn damaged(&self, what: &str) -> StoreError {
        let place = format!(
            "checkpoint section {:?}, chunk {} of {}",
            self.entry.name, self.next, self.entry.chunks
        );
        StoreError::damaged(place, what)
    }
}

impl BufRead for SectionReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.chunk.len() {
            self.load()
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.chunk.len().min(self.at + amount);
    }
}

impl Read for SectionReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(out.len());
        out[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

/// Makes a finished checkpoint current, or throws an unfinished one away.
pub(crate) trait Home: Send + Sync {
    fn finish(
        &self,
        shelf: Box<dyn Shelf>,
        superblock: Superblock,
        base: Revision,
    ) -> Result<(), StoreError>;
    fn abandon(&self, generation: u64);
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
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.end_section()?;
        self.withdraw()?;
        match self.shelf.take() {
            Some(shelf) => self.home.finish(shelf, self.superblock.clone(), self.base),
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
