//! What would be left if the power went now?
//!
//! A disk in memory, for tests: writes are pending until they are synced, and a crash
//! keeps any prefix of them, the last one torn if wished. It can die at any operation,
//! fail a flush, or be full. [`open`] runs the very code that runs over sled. Not for
//! keeping anything.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::store::records::Records;
use crate::store::shelf::{Shelf, Shelves, Visit};
use crate::store::witness::Witness;
use crate::store::{Store, StoreError};

/// Shared, so that copies of a disk are cheap.
type Value = Arc<Vec<u8>>;
type Map = BTreeMap<Vec<u8>, Value>;

/// What [`MemoryDisk::damage`] asks for each generation (0 is the log), key and value:
/// the new value, or `None` to lose it.
pub type Change<'a> = dyn FnMut(u64, &[u8], &[u8]) -> Option<Vec<u8>> + 'a;

/// A disk in memory; clones are the same disk.
#[derive(Clone, Default)]
pub struct MemoryDisk(Arc<Mutex<Disk>>);

#[derive(Clone, Default)]
struct Disk {
    /// By generation; 0 is the main shelf.
    files: BTreeMap<u64, File>,
    witness: Option<Witness>,
    synced_witness: Option<Witness>,
    /// Operations until the disk dies, if it is to die.
    life: Option<u64>,
    /// Operations so far.
    operations: u64,
    sync_fails: bool,
    full: bool,
}

#[derive(Clone, Default)]
struct File {
    synced: Map,
    pending: Vec<(Vec<u8>, Option<Value>)>,
    /// `synced` with `pending` applied.
    seen: Map,
}

/// How much of what was not synced outlives a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crash {
    /// How many of the pending writes of each shelf are kept.
    pub kept: usize,
    /// Whether half of the next one is kept as well.
    pub torn: bool,
    /// Whether the witness keeps what it was told since its last sync.
    pub witness: bool,
}

impl MemoryDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another disk with the same content and the same fate.
    pub fn fork(&self) -> MemoryDisk {
        MemoryDisk(Arc::new(Mutex::new(self.lock().clone())))
    }

    /// Operations so far: each write, removal, sync, making or dropping of a shelf.
    pub fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// Lets every operation fail after the next `operations`.
    pub fn die_after(&self, operations: u64) {
        self.lock().life = Some(operations);
    }

    /// Lets every sync fail, or work again.
    pub fn fail_sync(&self, fails: bool) {
        self.lock().sync_fails = fails;
    }

    /// Makes the disk full, or not.
    pub fn fill(&self, full: bool) {
        self.lock().full = full;
    }

    /// The most writes that a crash now could lose from one shelf.
    pub fn pending(&self) -> usize {
        let disk = self.lock();
        disk.files
            .values()
            .map(|f| f.pending.len())
            .max()
            .unwrap_or(0)
    }

    /// Loses what was not synced, except what `crash` keeps, and comes back to life.
    /// Stores that are still open on this disk must not be used further.
    pub fn crash(&self, crash: Crash) {
        let mut disk = self.lock();
        for file in disk.files.values_mut() {
            file.crash(crash);
        }
        if !crash.witness {
            disk.witness = disk.synced_witness;
        }
        disk.synced_witness = disk.witness;
        disk.life = None;
        disk.sync_fails = false;
        disk.full = false;
    }

    /// Changes the stored bytes behind the store's back.
    pub fn damage(&self, change: &mut Change<'_>) {
        for (generation, file) in &mut self.lock().files {
            file.seen = std::mem::take(&mut file.seen)
                .into_iter()
                .filter_map(|(key, value)| {
                    change(*generation, &key, &value).map(|value| (key, value.into()))
                })
                .collect();
            file.synced = file.seen.clone();
            file.pending.clear();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an operation, and fails when the disk is dead.
    fn operate(&self) -> Result<MutexGuard<'_, Disk>, StoreError> {
        let mut disk = self.lock();
        match &mut disk.life {
            Some(0) => return Err(failed("the disk is dead")),
            Some(life) => *life -= 1,
            None => {}
        }
        disk.operations += 1;
        Ok(disk)
    }
}

impl File {
    fn write(&mut self, key: &[u8], value: Option<Value>) {
        apply(&mut self.seen, key, value.clone());
        self.pending.push((key.to_vec(), value));
    }

    fn sync(&mut self) {
        self.pending.clear();
        self.synced = self.seen.clone();
    }

    fn crash(&mut self, crash: Crash) {
        let mut pending = std::mem::take(&mut self.pending).into_iter();
        for (key, value) in pending.by_ref().take(crash.kept) {
            apply(&mut self.synced, &key, value);
        }
        if crash.torn
            && let Some((key, Some(value))) = pending.next()
        {
            let half = value[..value.len() / 2].to_vec();
            self.synced.entry(key).or_insert(half.into());
        }
        self.seen = self.synced.clone();
    }
}

fn apply(map: &mut Map, key: &[u8], value: Option<Value>) {
    match value {
        Some(value) => map.insert(key.to_vec(), value),
        None => map.remove(key),
    };
}

fn failed(why: &str) -> StoreError {
    StoreError::io("write to the disk in memory")(io::Error::other(why.to_owned()))
}

/// Opens the store on `disk`, or creates it there.
pub fn open(disk: &MemoryDisk) -> Result<Box<dyn Store>, StoreError> {
    let shelves = MemoryShelves::new(disk);
    if shelves.disk.lock().witness.is_none() {
        shelves.disk.lock().files.clear();
        let shelves = MemoryShelves::new(disk);
        shelves.disk.operate()?.files.insert(0, File::default());
        Records::create(&shelves)?;
    }
    Ok(Box::new(Records::open(shelves)?))
}

struct MemoryShelves {
    disk: MemoryDisk,
    main: MemoryShelf,
}

impl MemoryShelves {
    fn new(disk: &MemoryDisk) -> Self {
        MemoryShelves {
            disk: disk.clone(),
            main: MemoryShelf {
                disk: disk.clone(),
                generation: 0,
            },
        }
    }

    fn shelf(&self, generation: u64) -> Box<dyn Shelf> {
        Box::new(MemoryShelf {
            disk: self.disk.clone(),
            generation,
        })
    }
}

impl Shelves for MemoryShelves {
    fn id(&self) -> u32 {
        7
    }

    fn main(&self) -> &dyn Shelf {
        &self.main
    }

    fn create(&self, generation: u64) -> Result<Box<dyn Shelf>, StoreError> {
        let mut disk = self.disk.operate()?;
        disk.files.insert(generation, File::default());
        Ok(self.shelf(generation))
    }

    fn seal(&self, _: u64, shelf: Box<dyn Shelf>) -> Result<(), StoreError> {
        shelf.sync()
    }

    fn open(&self, generation: u64) -> Result<Arc<dyn Shelf>, StoreError> {
        Ok(self.shelf(generation).into())
    }

    fn generations(&self) -> Result<Vec<u64>, StoreError> {
        let disk = self.disk.lock();
        Ok(disk.files.keys().copied().filter(|&g| g > 0).collect())
    }

    fn discard(&self, generation: u64) -> Result<(), StoreError> {
        self.disk.operate()?.files.remove(&generation);
        Ok(())
    }

    fn witness(&self) -> Result<Witness, StoreError> {
        let witness = self.disk.lock().witness;
        witness.ok_or_else(|| StoreError::damaged("the witness", "is missing"))
    }

    fn testify(&self, witness: Witness, durable: bool) -> Result<(), StoreError> {
        let mut disk = self.disk.operate()?;
        disk.witness = Some(witness);
        if durable {
            disk.synced_witness = disk.witness;
        }
        Ok(())
    }

    fn check_space(&self) -> Result<(), StoreError> {
        match self.disk.lock().full {
            true => Err(StoreError::Full { free: 0, mark: 1 }),
            false => Ok(()),
        }
    }
}

struct MemoryShelf {
    disk: MemoryDisk,
    generation: u64,
}

impl MemoryShelf {
    fn file<T>(&self, mut disk: MutexGuard<'_, Disk>, work: impl FnOnce(&mut File) -> T) -> T {
        work(disk.files.entry(self.generation).or_default())
    }
}

impl Shelf for MemoryShelf {
    fn put(&self, key: &[u8], value: Vec<u8>) -> Result<(), StoreError> {
        let disk = self.disk.operate()?;
        self.file(disk, |file| file.write(key, Some(value.into())));
        Ok(())
    }

    fn announce(&self, _: &[Vec<u8>]) -> Result<(), StoreError> {
        Ok(())
    }

    fn withdraw(&self, _: &[Vec<u8>]) -> Result<(), StoreError> {
        Ok(())
    }

    fn take(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.file(self.disk.lock(), |file| {
            file.seen.get(key).map(|value| value.to_vec())
        }))
    }

    fn remove(&self, key: &[u8]) -> Result<(), StoreError> {
        let disk = self.disk.operate()?;
        self.file(disk, |file| file.write(key, None));
        Ok(())
    }

    fn scan(&self, from: &[u8], to: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        let found: Vec<_> = self.file(self.disk.lock(), |file| {
            let range = file.seen.range(from.to_vec()..to.to_vec());
            range.map(|(k, v)| (k.clone(), v.clone())).collect()
        });
        for (key, value) in found {
            if !visit(&key, &value)? {
                break;
            }
        }
        Ok(())
    }

    fn sync(&self) -> Result<(), StoreError> {
        let disk = self.disk.operate()?;
        if disk.sync_fails {
            return Err(failed("the flush failed"));
        }
        self.file(disk, File::sync);
        Ok(())
    }
}
