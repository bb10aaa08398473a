//! What does the store need of a backend?
//!
//! An ordered map of bytes whose writes survive a crash in order: after a crash the
//! shelf holds some prefix of the writes since the last [`Shelf::sync`], and all
//! before it. No transactions are asked for: `records` builds them from frames.

use std::sync::Arc;

use crate::store::StoreError;
use crate::store::witness::Witness;

/// What [`Shelf::scan`] calls for each key and value; false stops the scan.
pub(crate) type Visit<'a> = dyn FnMut(&[u8], &[u8]) -> Result<bool, StoreError> + 'a;

/// An ordered map of bytes with prefix durability.
pub(crate) trait Shelf: Send + Sync {
    /// Puts a value of at most [`FRAME_MAX`](crate::store::frame::FRAME_MAX) bytes.
    fn put(&self, key: &[u8], value: Vec<u8>) -> Result<(), StoreError>;
    /// Tells which keys will be put next, in order; a shelf may use it to write less.
    fn announce(&self, keys: &[Vec<u8>]) -> Result<(), StoreError>;
    /// Takes back what was announced and never put.
    fn withdraw(&self, keys: &[Vec<u8>]) -> Result<(), StoreError>;
    /// The value under `key`.
    fn take(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;
    /// Removes a key.
    fn remove(&self, key: &[u8]) -> Result<(), StoreError>;
    /// Visits the keys from `from` on, while they are below `to`, in order.
    fn scan(&self, from: &[u8], to: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError>;
    /// Returns when all writes so far survive a power cut.
    fn sync(&self) -> Result<(), StoreError>;
}

/// The shelves of one store: the main one, and one for each checkpoint generation,
/// which is written once, read at opening, and removed whole.
pub(crate) trait Shelves: Send + Sync {
    /// Tells this store from every other.
    fn id(&self) -> u32;
    /// The shelf of the log and the named values.
    fn main(&self) -> &dyn Shelf;
    /// Makes an empty shelf for a generation.
    fn create(&self, generation: u64) -> Result<Box<dyn Shelf>, StoreError>;
    /// Makes a fully written generation durable, its existence included, and ready
    /// for fast opening.
    fn seal(&self, generation: u64, shelf: Box<dyn Shelf>) -> Result<(), StoreError>;
    /// Opens a sealed generation for reading; several times at once is one shelf.
    fn open(&self, generation: u64) -> Result<Arc<dyn Shelf>, StoreError>;
    /// The generations that exist, whole or not.
    fn generations(&self) -> Result<Vec<u64>, StoreError>;
    /// Removes a generation with all its bytes.
    fn discard(&self, generation: u64) -> Result<(), StoreError>;
    /// The bound that the main shelf must meet.
    fn witness(&self) -> Result<Witness, StoreError>;
    /// Replaces the bound; with `durable` it survives a power cut.
    fn testify(&self, witness: Witness, durable: bool) -> Result<(), StoreError>;
    /// Fails when a write could run into a full disk.
    fn check_space(&self) -> Result<(), StoreError>;
}
