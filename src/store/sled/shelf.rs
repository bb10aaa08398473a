//! How is one sled written and made durable?
//!
//! `flush` hands the bytes to the kernel and waits for them; only the fdatasync on a
//! descriptor of our own makes them survive a power cut. Announced keys are put empty
//! first: leaves then split while they are small, and each value is written once, as
//! an addition to its leaf, instead of with every split. Not for opening: that is
//! `open`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::guard::guarded;
use crate::store::StoreError;
use crate::store::shelf::{Shelf, Visit};

/// How many bytes sled may write for one byte put, with all splits of leaves.
const AMPLIFICATION: usize = 5;
/// One access more to a leaf for so many bytes read from it or written to it.
const TOUCH: usize = 1 << 10;

/// An open sled.
pub(super) struct SledShelf {
    db: sled::Db,
    /// Our own descriptor of sled's `db`.
    file: File,
    folder: PathBuf,
    /// Bytes that sled may have written since the last sync, and how many it may.
    unsynced: AtomicUsize,
    most_unsynced: usize,
}

impl SledShelf {
    pub(super) fn new(
        db: sled::Db,
        folder: &Path,
        most_unsynced: usize,
    ) -> Result<Self, StoreError> {
        let path = folder.join("db");
        let file = File::open(&path).map_err(StoreError::io(format!("open {}", path.display())))?;
        Ok(SledShelf {
            db,
            file,
            folder: folder.to_owned(),
            unsynced: AtomicUsize::new(0),
            most_unsynced,
        })
    }

    /// What the kernel has of `db` survives a power cut.
    pub(super) fn sync_data(&self) -> Result<(), StoreError> {
        let doing = || format!("sync {}", self.folder.join("db").display());
        self.file.sync_data().map_err(|source| StoreError::Io {
            doing: doing(),
            source,
        })
    }

    /// Keeps sled's cache small after a large value was read or written. sled counts accesses, not
    /// bytes, before it evicts anything: 64 in each of 256 shards, which large values
    /// would let grow to hundreds of megabytes.
    fn settle(&self, key: &[u8], length: usize) -> Result<(), StoreError> {
        let touches = length / TOUCH;
        guarded(&self.folder, || {
            (0..touches).try_for_each(|_| self.db.contains_key(key).map(|_| ()))
        })
    }

    fn wrote(&self, bytes: usize) -> Result<(), StoreError> {
        let bytes = bytes * AMPLIFICATION + 64;
        let unsynced = self.unsynced.fetch_add(bytes, Ordering::Relaxed) + bytes;
        match unsynced > self.most_unsynced {
            true => self.sync(),
            false => Ok(()),
        }
    }
}

impl Shelf for SledShelf {
    fn put(&self, key: &[u8], value: Vec<u8>) -> Result<(), StoreError> {
        let length = value.len();
        guarded(&self.folder, || self.db.insert(key, value))?;
        self.settle(key, length)?;
        self.wrote(length)
    }

    fn announce(&self, keys: &[Vec<u8>]) -> Result<(), StoreError> {
        guarded(&self.folder, || {
            keys.iter()
                .try_for_each(|key| self.db.insert(key, &[]).map(|_| ()))
        })
    }

    fn withdraw(&self, keys: &[Vec<u8>]) -> Result<(), StoreError> {
        keys.iter().try_for_each(|key| self.remove(key))
    }

    fn take(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let value = guarded(&self.folder, || self.db.get(key))?;
        let value = value.map(|value| value.to_vec());
        self.settle(key, value.as_ref().map_or(0, Vec::len))?;
        Ok(value)
    }

    fn remove(&self, key: &[u8]) -> Result<(), StoreError> {
        let removed = guarded(&self.folder, || self.db.remove(key))?;
        self.wrote(removed.map_or(0, |value| value.len()))
    }

    fn scan(&self, from: &[u8], to: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let mut entries = guarded(&self.folder, || Ok(self.db.range(from..to)))?;
        while let Some((key, value)) = guarded(&self.folder, || entries.next().transpose())? {
            if !visit(&key, &value)? {
                break;
            }
            self.settle(&key, value.len())?;
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        guarded(&self.folder, || self.db.flush())?;
        self.sync_data()?;
        self.unsynced.store(0, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for SledShelf {
    fn drop(&mut self) {
        // What sled does while closing may assert on damaged files, too.
        let db = self.db.clone();
        let _ = guarded(&self.folder, move || {
            drop(db);
            Ok(())
        });
    }
}
