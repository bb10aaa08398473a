//! Where does the graph live, and in which order does a commit happen?
//!
//! A [`Db`] is a data directory that is open: its store, the current snapshot, and one writer at a
//! time. Not for: what a change may do (`change`), reading files (`exchange`), or bytes on the disk
//! (`store`).

mod defaults;
mod error;
mod image;
mod log;
mod next;
mod upkeep;
mod verify;

pub use error::DbError;
pub use next::Next;
pub use upkeep::Bounds;
pub use verify::{Report, verify};

use crate::graph::Snapshot;
use crate::ontology::Ontology;
use crate::store::{self, Options, Store, StoreError, memory};
use arc_swap::ArcSwap;
use log::Logged;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use upkeep::Upkeep;

/// An open data directory. Readers take snapshots and never wait; writers wait for each other.
/// Dropping it waits for a checkpoint that is being written.
pub struct Db {
    shared: Arc<Shared>,
    bounds: Bounds,
    upkeep: Upkeep,
}

/// What the writer shares with the thread that renews the checkpoint.
struct Shared {
    store: Box<dyn Store>,
    /// What readers see: always durable.
    current: ArcSwap<Snapshot>,
    /// Held while a change is made, from the snapshot that it starts with to its commit: what the
    /// log holds since the checkpoint.
    writing: Mutex<Logged>,
    /// Held while a checkpoint is written, of which there can be one at a time; taken after
    /// `writing`, if both are.
    saving: Mutex<()>,
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
        Self::bounded(store, ontology, Bounds::default())
    }

    /// Opens what a store keeps, with other bounds of the log than the default ones.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn bounded(
        store: Box<dyn Store>,
        ontology: Arc<Ontology>,
        bounds: Bounds,
    ) -> Result<Self, DbError> {
        let (snapshot, logged) = image::open(&*store, ontology)?;
        let db = Self::with(store, snapshot, logged, bounds);
        db.renew_if_due(logged);
        Ok(db)
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
        let nothing = Logged::default();
        Ok(Self::with(store, snapshot, nothing, Bounds::default()))
    }

    fn with(store: Box<dyn Store>, snapshot: Snapshot, logged: Logged, bounds: Bounds) -> Self {
        Self {
            shared: Arc::new(Shared {
                store,
                current: ArcSwap::from_pointee(snapshot),
                writing: Mutex::new(logged),
                saving: Mutex::new(()),
            }),
            bounds,
            upkeep: Upkeep::default(),
        }
    }

    /// The graph as of the last commit. Cost: some nanoseconds.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.current.load_full()
    }

    /// Whether nothing was ever committed, so that the directory is to be seeded.
    pub fn is_new(&self) -> bool {
        self.snapshot().revision() == 0
    }

    /// Makes a change: `make` is given the current graph and answers with what comes next, whose
    /// revision is one more, or none to leave it as it is. Other writers wait meanwhile.
    ///
    /// # Errors
    /// Those of `make`, and of the disk; the graph is then as it was.
    pub fn write<T, E: From<DbError>>(
        &self,
        make: impl FnOnce(&Snapshot) -> Result<(Option<Next>, T), E>,
    ) -> Result<T, E> {
        let mut logged = self.shared.writing();
        let (next, answer) = make(&self.snapshot())?;
        if let Some(next) = next {
            self.shared.commit(next, &mut logged)?;
            self.renew_if_due(*logged);
        }
        Ok(answer)
    }

    fn renew_if_due(&self, logged: Logged) {
        if self.bounds.are_met(logged) {
            self.upkeep.start(&self.shared);
        }
    }

    /// Waits until no checkpoint is being written in the background.
    pub fn settle(&self) {
        self.upkeep.settle();
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        self.settle();
    }
}

impl Shared {
    /// The order of a commit: what comes next was checked by whoever made it; here it becomes
    /// durable, then visible, and whoever is told of it is told after that.
    fn commit(&self, next: Next, logged: &mut Logged) -> Result<(), DbError> {
        let before = self.current.load();
        let (expected, found) = (before.revision() + 1, next.revision());
        if found != expected {
            let why = format!("the next commit is {expected}, not {found}");
            return Err(StoreError::Refused { why }.into());
        }
        let graph = match next {
            Next::Changes(changes) => {
                let graph = before
                    .apply(&changes)
                    .map_err(|why| StoreError::Refused { why })?;
                // The log needs a checkpoint to follow, which also holds the ontology.
                match expected {
                    1 => self.save(&graph, logged)?,
                    _ => log::append(&*self.store, &graph, &changes, logged)?,
                }
                graph
            }
            Next::Graph(graph) => {
                self.save(&graph, logged)?;
                graph
            }
        };
        self.current.store(Arc::new(graph));
        Ok(())
    }

    /// Makes a whole graph durable: its checkpoint's finish is the commit point.
    fn save(&self, graph: &Snapshot, logged: &mut Logged) -> Result<(), DbError> {
        let _saving = self.saving();
        image::save(&*self.store, graph)?;
        *logged = Logged::default();
        Ok(())
    }

    /// Becomes the writer. One that panicked has changed nothing that readers see.
    fn writing(&self) -> MutexGuard<'_, Logged> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn saving(&self) -> MutexGuard<'_, ()> {
        self.saving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
