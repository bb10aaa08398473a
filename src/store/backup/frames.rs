//! Is this file a backup, all of it, and nothing but it?
//!
//! After `guitubak` and the version come frames. Each ends with the CRC-32 of all before it in the
//! file but the other checksums, so that none can be changed, lost, moved or repeated; the last is an
//! end mark, and nothing follows it. Not for what the frames mean.

use std::io::{self, Read, Write};

use super::Copied;
use crate::store::StoreError;

const MAGIC: &[u8; 8] = b"guitubak";
/// The newest format of backups that this program knows.
const VERSION: u32 = 1;
/// The most bytes of a frame, before compression.
const MOST: usize = 16 << 10;
/// Bytes before those of a frame: its kind, whether it is packed, its length packed and unpacked.
const HEAD: usize = 10;

/// What a frame begins or holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// The first: which commits there are.
    Head = b'H',
    /// A named value.
    Value = b'V',
    /// A checkpoint, whose sections follow.
    Checkpoint = b'K',
    /// A section of a checkpoint.
    Section = b'S',
    /// The record of a commit.
    Commit = b'L',
    /// Some bytes of what began last.
    Data = b'D',
    /// The end.
    End = b'E',
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Head,
        Self::Value,
        Self::Checkpoint,
        Self::Section,
        Self::Commit,
        Self::Data,
        Self::End,
    ];
}

/// The bytes of a frame that begins something: a number, its length and its name.
pub(crate) fn announce(number: u64, length: u64, name: &str) -> Vec<u8> {
    let numbers = [number.to_le_bytes(), length.to_le_bytes()].concat();
    [&numbers, name.as_bytes()].concat()
}

/// Writes frames.
pub(crate) struct Out<'a> {
    to: &'a mut dyn Write,
    crc: crc32fast::Hasher,
    packed: Vec<u8>,
    written: u64,
}

impl<'a> Out<'a> {
    /// Begins a backup.
    pub(crate) fn begin(to: &'a mut dyn Write) -> Result<Self, StoreError> {
        let packed = vec![0; lz4_flex::block::get_maximum_output_size(MOST)];
        let mut out = Self {
            to,
            crc: crc32fast::Hasher::new(),
            packed,
            written: 0,
        };
        out.put(&[&MAGIC[..], &VERSION.to_le_bytes()].concat())?;
        Ok(out)
    }

    /// Writes a frame of at most 16 KB.
    pub(crate) fn frame(&mut self, kind: Kind, bytes: &[u8]) -> Result<(), StoreError> {
        let mut packed = std::mem::take(&mut self.packed);
        let stored = match lz4_flex::block::compress_into(bytes, &mut packed) {
            Ok(length) if length < bytes.len() * 7 / 8 => &packed[..length],
            _ => bytes,
        };
        let mut head = vec![kind as u8, u8::from(stored.len() < bytes.len())];
        head.extend((stored.len() as u32).to_le_bytes());
        head.extend((bytes.len() as u32).to_le_bytes());
        self.put(&head)?;
        self.put(stored)?;
        self.packed = packed;
        let crc = self.crc.clone().finalize();
        self.written += 4;
        self.to.write_all(&crc.to_le_bytes()).map_err(failed)
    }

    /// Writes the bytes of what began last.
    pub(crate) fn data(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        let mut pieces = bytes.chunks(MOST);
        pieces.try_for_each(|piece| self.frame(Kind::Data, piece))
    }

    /// Writes the end mark; how long all is.
    pub(crate) fn end(mut self, copied: &Copied) -> Result<u64, StoreError> {
        self.frame(Kind::End, &announce(copied.commits, copied.checkpoints, ""))?;
        self.to.flush().map_err(failed)?;
        Ok(self.written)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.crc.update(bytes);
        self.written += bytes.len() as u64;
        self.to.write_all(bytes).map_err(failed)
    }
}

fn failed(error: io::Error) -> StoreError {
    StoreError::io("write the backup")(error)
}

/// Reads frames; gives out no byte that was not checked.
pub(super) struct In<'a> {
    from: &'a mut dyn Read,
    crc: crc32fast::Hasher,
    stored: Vec<u8>,
    bytes: Vec<u8>,
    read: u64,
}

impl<'a> In<'a> {
    /// Begins to read a backup.
    pub(super) fn begin(from: &'a mut dyn Read) -> Result<Self, StoreError> {
        let mut frames = Self {
            from,
            crc: crc32fast::Hasher::new(),
            stored: Vec::new(),
            bytes: Vec::new(),
            read: 0,
        };
        let mut head = [0; 12];
        frames.take(&mut head)?;
        frames.crc.update(&head);
        let version = number(&head[8..]);
        match head.starts_with(MAGIC) {
            false => Err(wrong("it does not begin as a backup of guitu does")),
            true if version != VERSION => Err(wrong(&format!(
                "it says that it is of format {version}, and this program reads format {VERSION}"
            ))),
            true => Ok(frames),
        }
    }

    /// The next frame.
    pub(super) fn next(&mut self) -> Result<(Kind, &[u8]), StoreError> {
        let mut head = [0; HEAD];
        self.take(&mut head)?;
        self.crc.update(&head);
        let (stored, length) = (number(&head[2..6]) as usize, number(&head[6..]) as usize);
        let kind = Kind::ALL.into_iter().find(|kind| *kind as u8 == head[0]);
        let (Some(kind), true) = (kind, stored <= MOST && length <= MOST && head[1] < 2) else {
            return Err(self.damaged());
        };
        let mut bytes = std::mem::take(&mut self.stored);
        bytes.resize(stored, 0);
        self.take(&mut bytes)?;
        self.stored = bytes;
        self.crc.update(&self.stored);
        let mut crc = [0; 4];
        self.take(&mut crc)?;
        if self.crc.clone().finalize() != u32::from_le_bytes(crc) {
            return Err(self.damaged());
        }
        if head[1] == 0 {
            return Ok((kind, &self.stored));
        }
        self.bytes.resize(length, 0);
        match lz4_flex::block::decompress_into(&self.stored, &mut self.bytes) {
            Ok(found) if found == length => Ok((kind, &self.bytes)),
            _ => Err(self.damaged()),
        }
    }

    /// How long all was, once the end mark was read.
    pub(super) fn end(self) -> Result<u64, StoreError> {
        match self.from.read(&mut [0]) {
            Ok(0) => Ok(self.read),
            Ok(_) => Err(wrong("something follows its end mark")),
            Err(error) => Err(StoreError::io("read the backup")(error)),
        }
    }

    fn take(&mut self, bytes: &mut [u8]) -> Result<(), StoreError> {
        match self.from.read_exact(bytes) {
            Ok(()) => self.read += bytes.len() as u64,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(wrong(&format!(
                    "it is cut off: it ends soon after byte {}, without its end mark",
                    self.read
                )));
            }
            Err(error) => return Err(StoreError::io("read the backup")(error)),
        }
        Ok(())
    }

    fn damaged(&self) -> StoreError {
        wrong(&format!(
            "it is damaged at or before byte {}: a checksum is wrong",
            self.read
        ))
    }
}

fn number(four: &[u8]) -> u32 {
    four.try_into().map_or(u32::MAX, u32::from_le_bytes)
}

pub(super) fn wrong(what: &str) -> StoreError {
    StoreError::Backup { what: what.into() }
}
