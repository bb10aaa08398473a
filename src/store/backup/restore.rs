//! How does a backup become a store again?
//!
//! By doing again what was done: commits are appended, and a checkpoint is written where there was
//! one. Not for making it all or nothing: that is for whoever names the directory (`db`).

use std::io::Read;

use super::frames::{In, Kind, wrong};
use super::{Copied, Role};
use crate::store::{CheckpointWriter, Commit, Store, StoreError};

/// The most commits, and bytes of their records, that share a flush.
const COMMITS: usize = 1024;
const BYTES: usize = 4 << 20;

/// Reads a whole backup and checks every checksum.
///
/// # Errors
/// A backup that is damaged or not whole.
pub fn check(from: &mut dyn Read) -> Result<Copied, StoreError> {
    let mut frames = In::begin(from)?;
    let mut copied = head(&mut frames)?;
    loop {
        match frames.next()? {
            (Kind::End, bytes) => {
                (copied.commits, copied.checkpoints, _) = announced(bytes)?;
                copied.bytes = frames.end()?;
                return Ok(copied);
            }
            (Kind::Head, _) => return Err(wrong("it begins twice")),
            _ => {}
        }
    }
}

/// Puts what a backup holds into a new store. After an error the store is of no use.
///
/// # Errors
/// A backup that is damaged or not whole, or a store that refuses.
pub fn restore(store: &dyn Store, from: &mut dyn Read) -> Result<Copied, StoreError> {
    if store.revision() > 0 || store.checkpoint()?.is_some() {
        return Err(StoreError::refused("a backup is restored into a new store"));
    }
    let mut frames = In::begin(from)?;
    let copied = head(&mut frames)?;
    let mut restoring = Restoring {
        store,
        frames,
        waiting: Vec::new(),
        bytes: 0,
        has_begun: false,
        copied,
    };
    let told = restoring.all()?;
    let mut copied = restoring.copied;
    if told != (copied.commits, copied.checkpoints) || store.revision() != copied.revision {
        return Err(wrong("it does not hold what its end mark says"));
    }
    copied.bytes = restoring.frames.end()?;
    Ok(copied)
}

fn head(frames: &mut In<'_>) -> Result<Copied, StoreError> {
    let (Kind::Head, bytes) = frames.next()? else {
        return Err(wrong("its first frame is not the one that begins it"));
    };
    let (revision, oldest, _) = announced(bytes)?;
    Ok(Copied {
        revision,
        oldest,
        ..Copied::default()
    })
}

/// The numbers and the name of a frame that begins something.
fn announced(bytes: &[u8]) -> Result<(u64, u64, String), StoreError> {
    let parts = bytes.split_first_chunk::<8>().and_then(|(first, rest)| {
        let (second, name) = rest.split_first_chunk::<8>()?;
        let name = std::str::from_utf8(name).ok()?.to_owned();
        Some((
            u64::from_le_bytes(*first),
            u64::from_le_bytes(*second),
            name,
        ))
    });
    parts.ok_or_else(|| wrong("a frame in it makes no sense"))
}

struct Restoring<'a> {
    store: &'a dyn Store,
    frames: In<'a>,
    /// Commits that are not appended yet.
    waiting: Vec<(u64, Vec<u8>)>,
    bytes: usize,
    /// Whether anything of the store was restored.
    has_begun: bool,
    copied: Copied,
}

impl Restoring<'_> {
    /// Restores everything; what the end mark says.
    fn all(&mut self) -> Result<(u64, u64), StoreError> {
        loop {
            let (kind, bytes) = self.frames.next()?;
            let (first, second, name) = announced(bytes)?;
            self.begin(kind, first)?;
            match kind {
                Kind::Commit => {
                    let record = self.record(second)?;
                    self.bytes += record.len();
                    self.waiting.push((first, record));
                    if self.waiting.len() >= COMMITS || self.bytes >= BYTES {
                        self.append()?;
                    }
                }
                Kind::Checkpoint => self.checkpoint(first, second, &name)?,
                Kind::Value => {
                    let value = self.record(second)?;
                    self.store.set_meta(&name, &value)?;
                }
                Kind::End => {
                    self.append()?;
                    return Ok((first, second));
                }
                Kind::Head | Kind::Section | Kind::Data => {
                    return Err(wrong("a frame in it stands at the wrong place"));
                }
            }
        }
    }

    /// Has the store begin where the backup does, unless that is with a checkpoint.
    fn begin(&mut self, kind: Kind, first: u64) -> Result<(), StoreError> {
        let oldest = self.copied.oldest;
        let is_there = kind == Kind::Checkpoint && first == oldest;
        match std::mem::replace(&mut self.has_begun, true) || oldest == 0 || is_there {
            true => Ok(()),
            false => self.store.begin_after(oldest),
        }
    }

    fn append(&mut self) -> Result<(), StoreError> {
        let commits: Vec<Commit<'_>> = self
            .waiting
            .iter()
            .map(|(revision, payload)| Commit {
                revision: *revision,
                payload,
            })
            .collect();
        self.store.append(&commits)?;
        self.copied.commits += commits.len() as u64;
        self.waiting.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Writes a checkpoint; its role stands in the name of its frame.
    fn checkpoint(&mut self, revision: u64, sections: u64, role: &str) -> Result<(), StoreError> {
        self.append()?;
        let store = self.store;
        let mut writer = store.begin_checkpoint(revision)?;
        for _ in 0..sections {
            self.section(&mut writer)?;
        }
        self.copied.checkpoints += 1;
        if role != Role::Commit.name() {
            return writer.finish();
        }
        let (Kind::Commit, bytes) = self.frames.next()? else {
            return Err(wrong("a commit has no record"));
        };
        let (_, length, _) = announced(bytes)?;
        let record = self.record(length)?;
        self.copied.commits += 1;
        writer.commit(&record)
    }

    fn section(&mut self, writer: &mut CheckpointWriter<'_>) -> Result<(), StoreError> {
        let (Kind::Section, bytes) = self.frames.next()? else {
            return Err(wrong("a section is missing"));
        };
        let (_, length, name) = announced(bytes)?;
        let section = writer.section(&name)?;
        self.each(length, &mut |piece| {
            section.write_all(piece).map_err(StoreError::within)
        })
    }

    /// The bytes of a record, which a store holds in memory as well.
    fn record(&mut self, length: u64) -> Result<Vec<u8>, StoreError> {
        let mut record = Vec::new();
        self.each(length, &mut |piece| {
            record.extend_from_slice(piece);
            Ok(())
        })?;
        Ok(record)
    }

    /// The pieces of what began last.
    fn each(
        &mut self,
        length: u64,
        take: &mut dyn FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut left = length;
        while left > 0 {
            let (Kind::Data, piece) = self.frames.next()? else {
                return Err(wrong("something in it is shorter than it says"));
            };
            left = left
                .checked_sub(piece.len() as u64)
                .ok_or_else(|| wrong("something in it is longer than it says"))?;
            take(piece)?;
        }
        Ok(())
    }
}
