//! How do bytes get onto the disk and back?
//!
//! The only module that knows sled. One sled directory holds the log and the named
//! values, one further directory each checkpoint generation, so that a generation is
//! made durable, read and removed as a whole. `open` surrounds sled with what it takes
//! to trust it (see `docs/format.md`); `shelf` is one open sled. Not for the meaning
//! of the values.

mod guard;
mod open;
mod shelf;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crate::store::dir::{self, Directory};
use crate::store::records::Records;
use crate::store::shelf::{Shelf, Shelves};
use crate::store::witness::{Witness, WitnessFile};
use crate::store::{Options, StoreError};

use self::shelf::SledShelf;

/// The folder of the log and the named values.
const LOG: &str = "log";
/// The witness file.
const WITNESS: &str = "witness";

/// A data directory with sled in it.
pub(crate) struct SledShelves {
    // Dropped before `directory`, whose lock must be the last to go.
    main: SledShelf,
    witness: Mutex<WitnessFile>,
    directory: Directory,
    free_space_mark: u64,
    /// The generation that is open for reading, while anybody reads it.
    open: Mutex<(u64, Weak<SledShelf>)>,
}

impl SledShelves {
    /// Opens or creates the data directory.
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let directory = Directory::lock(path)?;
        match directory.is_ready() {
            true => Self::reopen(directory, options),
            false => Self::create(directory, options),
        }
    }

    fn create(directory: Directory, options: &Options) -> Result<Self, StoreError> {
        open::check_space(directory.path(), options.free_space_mark)?;
        directory.clear()?;
        let log = directory.path().join(LOG);
        let mut shelves = SledShelves {
            main: open::create(&log, open::LIVING)?,
            witness: Mutex::new(WitnessFile::create(&directory.path().join(WITNESS))?),
            directory,
            free_space_mark: options.free_space_mark,
            open: Mutex::default(),
        };
        Records::create(&shelves)?;
        dir::sync_dir(&log)?;
        shelves.directory.set_ready()?;
        Ok(shelves)
    }

    fn reopen(directory: Directory, options: &Options) -> Result<Self, StoreError> {
        let mut witness = WitnessFile::open(&directory.path().join(WITNESS))?;
        let log = directory.path().join(LOG);
        open::check_files(&log, witness.snapshot())?;
        let main = open::reopen(&log, open::LIVING)?;
        witness.set_snapshot(open::newest_snapshot(&log)?)?;
        Ok(SledShelves {
            main,
            witness: Mutex::new(witness),
            directory,
            free_space_mark: options.free_space_mark,
            open: Mutex::default(),
        })
    }

    fn folder(&self, generation: u64) -> PathBuf {
        self.directory
            .path()
            .join(format!("checkpoint-{generation}"))
    }

    fn lock_witness(&self) -> MutexGuard<'_, WitnessFile> {
        self.witness.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelves for SledShelves {
    fn id(&self) -> u32 {
        self.directory.tag()
    }

    fn main(&self) -> &dyn Shelf {
        &self.main
    }

    fn create(&self, generation: u64) -> Result<Box<dyn Shelf>, StoreError> {
        Ok(Box::new(open::create(
            &self.folder(generation),
            open::UNBORN,
        )?))
    }

    fn seal(&self, generation: u64, shelf: Box<dyn Shelf>) -> Result<(), StoreError> {
        shelf.sync()?;
        drop(shelf);
        let folder = self.folder(generation);
        // Opening once lets sled write its page table, so that later openings need
        // not read all segments.
        drop(open::reopen(&folder, open::UNBORN)?);
        dir::sync_dir(&folder)?;
        dir::sync_dir(self.directory.path())
    }

    fn open(&self, generation: u64) -> Result<Arc<dyn Shelf>, StoreError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let (number, shelf) = &*open
            && *number == generation
            && let Some(shelf) = shelf.upgrade()
        {
            return Ok(shelf);
        }
        let folder = self.folder(generation);
        open::check_files(&folder, 1)?;
        let shelf = Arc::new(open::reopen(&folder, open::UNBORN)?);
        *open = (generation, Arc::downgrade(&shelf));
        Ok(shelf)
    }

    fn generations(&self) -> Result<Vec<u64>, StoreError> {
        let names = self.directory.names()?;
        let number = |name: &String| name.strip_prefix("checkpoint-")?.parse().ok();
        Ok(names.iter().filter_map(number).collect())
    }

    fn discard(&self, generation: u64) -> Result<(), StoreError> {
        let folder = self.folder(generation);
        dir::remove_folder(&folder)
    }

    fn witness(&self) -> Result<Witness, StoreError> {
        Ok(self.lock_witness().witness())
    }

    fn testify(&self, witness: Witness, durable: bool) -> Result<(), StoreError> {
        self.lock_witness().set(witness, durable)
    }

    fn check_space(&self) -> Result<(), StoreError> {
        open::check_space(self.directory.path(), self.free_space_mark)
    }
}
