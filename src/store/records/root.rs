//! What does the store know besides commits, and how is it replaced whole or not at
//! all?
//!
//! The [`Root`] holds the superblock of the current checkpoint and all named values in
//! one payload. Keys are `M`, version, piece. A new root is written beside the old one
//! under the next version, and the old one is removed after the new one is durable:
//! the newest whole version counts. One payload, so that no part of it can be lost
//! without the whole being missed.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::pieces::{Assembly, Pieces, split_key};
use crate::store::checkpoint::Superblock;
use crate::store::frame::Kind;
use crate::store::shelf::Shelf;
use crate::store::{Revision, StoreError};

/// The superblocks and the named values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Root {
    pub checkpoint: Option<Superblock>,
    /// Checkpoints of the past that are kept, in order.
    pub older: Vec<Superblock>,
    /// The log holds the commits after this one.
    pub oldest: Revision,
    pub values: BTreeMap<String, Arc<[u8]>>,
}

/// What precedes the bytes of the values, as JSON after its own length.
#[derive(Serialize, Deserialize)]
struct Head {
    checkpoint: Option<Superblock>,
    older: Vec<Superblock>,
    oldest: Revision,
    /// Names and lengths of the values, in the order of their bytes.
    values: Vec<(String, usize)>,
}

/// The name of the value that holds the record of the commit that the current
/// checkpoint is: its payload. No name of the rooms above begins so.
const COMMIT: &str = "\0commit";

impl Root {
    /// All checkpoints, in order.
    pub fn checkpoints(&self) -> impl DoubleEndedIterator<Item = &Superblock> {
        self.older.iter().chain(&self.checkpoint)
    }

    /// Keeps the payload of the commit that the checkpoint is, or forgets the last one.
    pub fn set_commit(&mut self, payload: Option<&[u8]>) {
        match payload {
            Some(payload) => self.values.insert(COMMIT.to_owned(), payload.into()),
            None => self.values.remove(COMMIT),
        };
    }

    /// The named values of the rooms above.
    pub fn named(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let named = self.values.iter().filter(|(name, _)| *name != COMMIT);
        named.map(|(name, value)| (&**name, &**value))
    }

    /// Revision and payload of the commit that the checkpoint is, if it has a record.
    pub fn commit(&self) -> Option<(Revision, Arc<[u8]>)> {
        let revision = self.checkpoint.as_ref()?.revision;
        Some((revision, self.values.get(COMMIT)?.clone()))
    }

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let length = |(name, value): (&String, &Arc<[u8]>)| (name.clone(), value.len());
        let head = Head {
            checkpoint: self.checkpoint.clone(),
            older: self.older.clone(),
            oldest: self.oldest,
            values: self.values.iter().map(length).collect(),
        };
        let head = serde_json::to_vec(&head).map_err(|e| StoreError::refused(e.to_string()))?;
        let mut bytes = (head.len() as u64).to_le_bytes().to_vec();
        bytes.extend(head);
        self.values
            .values()
            .for_each(|value| bytes.extend_from_slice(value));
        Ok(bytes)
    }

    fn decode(bytes: &[u8]) -> Option<Root> {
        let (length, bytes) = bytes.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (head, mut bytes) = bytes.split_at_checked(length)?;
        let head: Head = serde_json::from_slice(head).ok()?;
        let mut values = BTreeMap::new();
        for (name, length) in head.values {
            let (value, rest) = bytes.split_at_checked(length)?;
            values.insert(name, value.into());
            bytes = rest;
        }
        bytes.is_empty().then_some(Root {
            checkpoint: head.checkpoint,
            older: head.older,
            oldest: head.oldest,
            values,
        })
    }
}

/// What is found when the root is read at opening.
#[derive(Default)]
pub(super) struct Found {
    /// The newest whole root.
    pub root: Option<Root>,
    /// Its version.
    pub version: u64,
    /// Keys of older and of incomplete roots.
    pub stale: Vec<Vec<u8>>,
    /// Why the newest incomplete root could not be read.
    pub broken: Option<StoreError>,
}

/// Puts the root as `version`, without syncing.
pub(super) fn put(
    shelf: &dyn Shelf,
    store: u32,
    version: u64,
    root: &Root,
) -> Result<(), StoreError> {
    let pieces = Pieces {
        kind: Kind::Meta,
        store,
        sequence: version,
        prefix: &prefix(version),
    };
    pieces.put(shelf, &root.encode()?)
}

/// Removes all roots below `version`, without syncing.
pub(super) fn remove_below(shelf: &dyn Shelf, version: u64) -> Result<(), StoreError> {
    let mut keys = Vec::new();
    shelf.scan(&prefix(0), &prefix(version), &mut |key, _| {
        keys.push(key.to_vec());
        Ok(true)
    })?;
    keys.iter().try_for_each(|key| shelf.remove(key))
}

/// Reads all roots and tells which counts.
pub(super) fn find(shelf: &dyn Shelf, store: u32) -> Result<Found, StoreError> {
    let mut finder = Finder {
        store,
        found: Found::default(),
        keys: Vec::new(),
        current: Vec::new(),
        assembly: None,
    };
    shelf.scan(b"M", b"N", &mut |key, value| {
        finder.step(key, value)?;
        Ok(true)
    })?;
    finder.found.stale.extend(finder.keys);
    Ok(finder.found)
}

/// Versions come in ascending order: each whole one displaces the one before.
struct Finder {
    store: u32,
    found: Found,
    /// Keys of the version that is being put together.
    keys: Vec<Vec<u8>>,
    /// Keys of the version that counts so far.
    current: Vec<Vec<u8>>,
    assembly: Option<Assembly>,
}

impl Finder {
    fn step(&mut self, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        let place = || format!("record {}", key.escape_ascii());
        let Some((b"M", version, _)) = split_key(key) else {
            return Err(StoreError::damaged(place(), "is not a key of a root"));
        };
        let mut assembly = match self.assembly.take() {
            Some(open) if open.sequence == version => open,
            _ => self.begin(version),
        };
        self.keys.push(key.to_vec());
        match assembly.add(key, value) {
            Ok(true) => self.complete(&assembly, place())?,
            Ok(false) => {}
            Err(error) => self.found.broken = Some(error),
        }
        self.assembly = Some(assembly);
        Ok(())
    }

    fn complete(&mut self, assembly: &Assembly, place: String) -> Result<(), StoreError> {
        let root = Root::decode(assembly.bytes());
        let root = root.ok_or_else(|| StoreError::damaged(place, "cannot be read"))?;
        self.found.root = Some(root);
        self.found.version = assembly.sequence;
        let older = std::mem::replace(&mut self.current, std::mem::take(&mut self.keys));
        self.found.stale.extend(older);
        Ok(())
    }

    /// What was seen of a version that is not whole is stale.
    fn begin(&mut self, version: u64) -> Assembly {
        self.found.stale.append(&mut self.keys);
        Assembly::new(Kind::Meta, self.store, version)
    }
}

fn prefix(version: u64) -> Vec<u8> {
    [b"M", &version.to_be_bytes()[..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_comes_back_as_written() {
        let values = [("a", &b""[..]), ("b", b"bytes"), ("c", &[0; 9])];
        let root = Root {
            oldest: 3,
            values: values.map(|(n, v)| (n.to_owned(), v.into())).into(),
            ..Root::default()
        };
        let bytes = root.encode().unwrap();
        assert_eq!(Root::decode(&bytes), Some(root));
        assert_eq!(Root::decode(&bytes[..bytes.len() - 1]), None);
    }
}
