//! How far had the store got, told from outside of it?
//!
//! A shelf that lost its tail looks like one that never had it. The witness is a few
//! bytes kept beside the shelves: the last acknowledged revision and the last version
//! of a named value. It is written after a commit is durable and before it is
//! acknowledged, without a sync of its own, so it is never ahead of the shelf, and
//! behind it only after a power cut. Not a source of data: only a lower bound.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::store::{Revision, StoreError};

/// A lower bound of what the shelves must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Witness {
    /// The last acknowledged revision.
    pub revision: Revision,
    /// The last acknowledged version of a named value.
    pub version: u64,
}

/// Bytes of one slot.
const SLOT: usize = 48;
/// Where the second slot begins: in another block than the first, so that a torn
/// write leaves one of them whole.
const SECOND: u64 = 4096;
const MAGIC: &[u8; 8] = b"guituwit";

/// One slot of the witness file. `turn` counts writes; `snapshot` is the position of
/// sled's own snapshot file, which must not vanish.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Slot {
    /// Counts the writes of the file: the higher slot holds.
    turn: u64,
    /// The bound itself.
    witness: Witness,
    /// The number in the name of the newest `snap.*` after opening; 0 for none.
    snapshot: u64,
}

impl Slot {
    /// The slot's bytes.
    fn encode(&self) -> [u8; SLOT] {
        let mut out = [0; SLOT];
        out[..8].copy_from_slice(MAGIC);
        out[8..16].copy_from_slice(&self.turn.to_le_bytes());
        out[16..24].copy_from_slice(&self.witness.revision.to_le_bytes());
        out[24..32].copy_from_slice(&self.witness.version.to_le_bytes());
        out[32..40].copy_from_slice(&self.snapshot.to_le_bytes());
        let crc = crc32fast::hash(&out[..44]);
        out[44..].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// The slot in `bytes`, unless it is torn.
    fn decode(bytes: &[u8]) -> Option<Slot> {
        let bytes: &[u8; SLOT] = bytes.try_into().ok()?;
        let sound =
            &bytes[..8] == MAGIC && crc32fast::hash(&bytes[..44]).to_le_bytes() == bytes[44..];
        let number = |at: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[at..at + 8]);
            u64::from_le_bytes(eight)
        };
        sound.then(|| Slot {
            turn: number(8),
            witness: Witness {
                revision: number(16),
                version: number(24),
            },
            snapshot: number(32),
        })
    }
}

/// The witness of a data directory: two slots, written in turn.
pub(crate) struct WitnessFile {
    file: File,
    path: PathBuf,
    slot: Slot,
}

impl WitnessFile {
    /// Makes the file, with a bound that everything meets.
    pub(crate) fn create(path: &Path) -> Result<Self, StoreError> {
        let doing = format!("create {}", path.display());
        let file = File::create_new(path).map_err(StoreError::io(doing))?;
        let mut made = WitnessFile {
            file,
            path: path.to_owned(),
            slot: Slot::default(),
        };
        made.set(Witness::default(), true)?;
        made.set(Witness::default(), true)?;
        Ok(made)
    }

    /// Opens the file, which must be there.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let damaged = |what: &str| StoreError::damaged(path.display().to_string(), what);
        let opened = File::options().read(true).write(true).open(path);
        let file = opened.map_err(|error| damaged(&error.to_string()))?;
        let slots = [0, SECOND].map(|at| {
            let mut bytes = [0; SLOT];
            file.read_exact_at(&mut bytes, at).ok()?;
            Slot::decode(&bytes)
        });
        let newest = slots.into_iter().flatten().max_by_key(|slot| slot.turn);
        Ok(WitnessFile {
            slot: newest.ok_or_else(|| damaged("holds nothing that was written there"))?,
            path: path.to_owned(),
            file,
        })
    }

    /// The bound.
    pub(crate) fn witness(&self) -> Witness {
        self.slot.witness
    }

    /// The number of the snapshot that must be there.
    pub(crate) fn snapshot(&self) -> u64 {
        self.slot.snapshot
    }

    /// Replaces the bound; with `durable` it survives a power cut.
    pub(crate) fn set(&mut self, witness: Witness, durable: bool) -> Result<(), StoreError> {
        self.slot.witness = witness;
        self.write(durable)
    }

    /// Replaces the number of the snapshot, durably.
    pub(crate) fn set_snapshot(&mut self, snapshot: u64) -> Result<(), StoreError> {
        self.slot.snapshot = snapshot;
        self.write(true)
    }

    fn write(&mut self, durable: bool) -> Result<(), StoreError> {
        self.slot.turn += 1;
        let at = (self.slot.turn % 2) * SECOND;
        self.file
            .write_all_at(&self.slot.encode(), at)
            .and_then(|()| {
                if durable {
                    self.file.sync_data()
                } else {
                    Ok(())
                }
            })
            .map_err(|source| StoreError::Io {
                doing: format!("write {}", self.path.display()),
                source,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_comes_back_and_no_flipped_bit_passes() {
        let slot = Slot {
            turn: 7,
            witness: Witness {
                revision: 1 << 40,
                version: 3,
            },
            snapshot: 99,
        };
        let bytes = slot.encode();
        assert_eq!(Slot::decode(&bytes), Some(slot));
        for bit in 0..SLOT * 8 {
            let mut bad = bytes;
            bad[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Slot::decode(&bad), None, "bit {bit}");
        }
    }
}
