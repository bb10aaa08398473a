//! How is a section read as a stream, and never a wrong byte given out?
//!
//! Chunk by chunk: each is fetched by its number and must be the one that was written
//! there; at the end, length and checksum of the whole must be right. Not for choosing
//! the checkpoint.

use std::io::{self, BufRead, Read};
use std::sync::Arc;

use super::{CHUNK, Checkpoint, Entry};
use crate::store::StoreError;
use crate::store::frame::{COMPRESSED, Frame, Kind};
use crate::store::shelf::Shelf;

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
    /// Reads the section of this number from its beginning.
    pub(super) fn new(checkpoint: &Checkpoint, number: usize) -> Self {
        SectionReader {
            shelf: checkpoint.shelf.clone(),
            entry: checkpoint.superblock.sections[number].clone(),
            number: number as u32,
            store: checkpoint.store,
            generation: checkpoint.superblock.generation,
            next: 0,
            read: 0,
            crc: crc32fast::Hasher::new(),
            chunk: Vec::new(),
            at: 0,
        }
    }

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
