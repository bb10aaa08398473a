//! What is the value of a name, and how is it replaced whole or not at all?
//!
//! Keys are `M`, name, 0, version, piece. A new value is written beside the old one
//! under the next version, and the old one is removed after the new one is durable:
//! the newest whole version counts. Names that begin with `.` are the store's own.

use std::collections::BTreeMap;

use super::pieces::{Assembly, Pieces, split_key};
use crate::store::StoreError;
use crate::store::frame::Kind;
use crate::store::shelf::Shelf;

/// The version that counts, for each name.
pub(super) type Names = BTreeMap<String, u64>;

/// What is found when the names are read at opening.
#[derive(Default)]
pub(super) struct Found {
    /// The version that counts, for each name.
    pub names: Names,
    /// The highest whole version.
    pub version: u64,
    /// Keys of older and of incomplete values.
    pub stale: Vec<Vec<u8>>,
}

/// Puts a value as `version`, without syncing.
pub(super) fn put(
    shelf: &dyn Shelf,
    store: u32,
    name: &str,
    version: u64,
    value: &[u8],
) -> Result<(), StoreError> {
    let prefix = prefix(name, version);
    let pieces = Pieces {
        kind: Kind::Meta,
        store,
        sequence: version,
        prefix: &prefix,
    };
    pieces.put(shelf, value)
}

/// The value of `name` at `version`.
pub(super) fn take(
    shelf: &dyn Shelf,
    store: u32,
    name: &str,
    version: u64,
) -> Result<Vec<u8>, StoreError> {
    let mut value = Assembly::new(Kind::Meta, store, version);
    scan_version(shelf, name, version, &mut |key, bytes| {
        value.add(key, bytes).map(|whole| !whole)
    })?;
    if !value.is_whole() {
        let place = format!("value {name:?}");
        return Err(StoreError::damaged(place, "a part of it is missing"));
    }
    Ok(value.payload())
}

/// Removes a version of `name`, without syncing.
pub(super) fn remove(shelf: &dyn Shelf, name: &str, version: u64) -> Result<(), StoreError> {
    let mut keys = Vec::new();
    scan_version(shelf, name, version, &mut |key, _| {
        keys.push(key.to_vec());
        Ok(true)
    })?;
    keys.iter().try_for_each(|key| shelf.remove(key))
}

fn scan_version(
    shelf: &dyn Shelf,
    name: &str,
    version: u64,
    visit: &mut crate::store::shelf::Visit<'_>,
) -> Result<(), StoreError> {
    shelf.scan(&prefix(name, version), &prefix(name, version + 1), visit)
}

/// Reads all named values and tells which version of each counts.
pub(super) fn find(shelf: &dyn Shelf, store: u32) -> Result<Found, StoreError> {
    let mut values: BTreeMap<(Vec<u8>, u64), Value> = BTreeMap::new();
    shelf.scan(b"M", b"N", &mut |key, bytes| {
        let Some((name, version, _)) = split_key(key) else {
            let place = format!("record {}", key.escape_ascii());
            return Err(StoreError::damaged(place, "is not a key of a value"));
        };
        values
            .entry((name.to_vec(), version))
            .or_insert_with(|| Value::new(store, version))
            .add(key, bytes);
        Ok(true)
    })?;
    Ok(choose(values))
}

/// One version of a value while it is read.
struct Value {
    assembly: Assembly,
    keys: Vec<Vec<u8>>,
    sound: bool,
}

impl Value {
    fn new(store: u32, version: u64) -> Self {
        Value {
            assembly: Assembly::new(Kind::Meta, store, version),
            keys: Vec::new(),
            sound: true,
        }
    }

    fn add(&mut self, key: &[u8], bytes: &[u8]) {
        self.sound &= self.assembly.add(key, bytes).is_ok();
        self.keys.push(key.to_vec());
    }

    fn is_whole(&self) -> bool {
        self.sound && self.assembly.is_whole()
    }
}

/// Ascending versions: a later whole one displaces an earlier one.
fn choose(values: BTreeMap<(Vec<u8>, u64), Value>) -> Found {
    let mut found = Found::default();
    let mut keys: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for ((prefix, version), value) in values {
        if !value.is_whole() {
            found.stale.extend(value.keys);
            continue;
        }
        let name = name_in(&prefix);
        found.version = found.version.max(version);
        found.names.insert(name.clone(), version);
        let older = keys.insert(name, value.keys);
        found.stale.extend(older.unwrap_or_default());
    }
    found
}

/// The name in the key prefix `M`, name, 0.
fn name_in(prefix: &[u8]) -> String {
    let name = prefix.strip_prefix(b"M").unwrap_or(prefix);
    let name = name.strip_suffix(&[0]).unwrap_or(name);
    String::from_utf8_lossy(name).into_owned()
}

fn prefix(name: &str, version: u64) -> Vec<u8> {
    [b"M", name.as_bytes(), &[0], &version.to_be_bytes()].concat()
}
