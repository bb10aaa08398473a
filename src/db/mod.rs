//! Where does the graph live, and in which order does a commit happen?
//!
//! A [`Db`] is a data directory that is open: its store, the current snapshot, and one writer at a
//! time. Not for: what a change may do (`change`), reading files (`exchange`), or bytes on the disk
//! (`store`).

mod defaults;
mod error;
mod image;
mod verify;

pub use error::DbError;
pub use verify::{Report, verify};

use crate::graph::Snapshot;
use crate::ontology::Ontology;
use crate::store::{self, Options, Store, StoreError, memory};
use arc_swap::ArcSwap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// An open data directory. Readers take snapshots and never wait; writers wait for each other.
pub struct Db {
    store: Box<dyn Store>,
    /// What readers see: always durable.
    current: ArcSwap<Snapshot>,
    /// Held while a change is made, from the snapshot that it starts with to its commit.
    writing: Mutex<()>,
}

impl Db {
    /// Opens a data directory, or creates it, and locks it against other processes. Under a changed
    /// ontology it opens if all that is stored fits; the new ontology is then stored with it.
    ///
    /// # Errors
    /// A directory that is locked, foreign or damaged, or what does not fit the ontology.
    pub fn open(
        directory: &Path,
        ontology: Arc<Ontology>,
        options: &Options,
    ) -> Result<Self, DbError> {
        Self::over(store::open(directory, options)?, ontology)
    }

    /// Opens a data directory under the ontology that it was last written with.
    ///
    /// # Errors
    /// As [`Db::open`], and that nothing was written yet.
    pub fn open_as_stored(directory: &Path, options: &Options) -> Result<Self, DbError> {
        let store = store::open(directory, options)?;
        let ontology = image::stored_ontology(&*store)?.ok_or(DbError::Empty)?;
        Self::over(store, Arc::new(ontology))
    }

    /// Opens what a store keeps.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn over(store: Box<dyn Store>, ontology: Arc<Ontology>) -> Result<Self, DbError> {
        let (snapshot, is_current) = image::load(&*store, ontology)?;
        if !is_current {
            image::save(&*store, &snapshot)?;
        }
        Ok(Self::with(store, snapshot))
    }

    /// A graph in memory that is gone with the process.
    ///
    /// # Errors
    /// None that is known.
    pub fn in_memory(snapshot: Snapshot) -> Result<Self, DbError> {
        let store = memory::open(&memory::MemoryDisk::new())?;
        if snapshot.revision() > 0 {
            image::save(&*store, &snapshot)?;
        }
        Ok(Self::with(store, snapshot))
    }

    fn with(store: Box<dyn Store>, snapshot: Snapshot) -> Self {
        Self {
            store,
            current: ArcSwap::from_pointee(snapshot),
            writing: Mutex::new(()),
        }
    }

    /// The graph as of the last commit. Cost: some nanoseconds.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Whether nothing was ever committed, so that the directory is to be seeded.
    pub fn is_new(&self) -> bool {
        self.snapshot().revision() == 0
    }

    /// Makes a change: `make` is given the current graph and answers with the next one, whose
    /// revision is one more, or none to leave it as it is. Other writers wait meanwhile.
    ///
    /// # Errors
    /// Those of `make`, and of the disk; the graph is then as it was.
    pub fn write<T, E: From<DbError>>(
        &self,
        make: impl FnOnce(&Snapshot) -> Result<(Option<Snapshot>, T), E>,
    ) -> Result<T, E> {
        // A writer that panicked has changed nothing that readers see.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, answer) = make(&self.snapshot())?;
        if let Some(next) = next {
            self.commit(next)?;
        }
        Ok(answer)
    }

    /// The order of a commit: durable, then visible, and whoever is told of it is told after that.
    fn commit(&self, next: Snapshot) -> Result<(), DbError> {
        let expected = self.snapshot().revision() + 1;
        if next.revision() != expected {
            let found = next.revision();
            let why = format!("the next commit is {expected}, not {found}");
            return Err(StoreError::Refused { why }.into());
        }
        self.keep(&next)?;
        self.current.store(Arc::new(next));
        Ok(())
    }

    /// Makes the next graph durable. Today every commit is an import and writes a checkpoint, whose
    /// finish is the commit point; a small change will be appended to the log here instead.
    fn keep(&self, next: &Snapshot) -> Result<(), DbError> {
        image::save(&*self.store, next)
    }
}
