//! Where does the graph live, and in which order does a commit happen?
//!
//! A [`Db`] is a data directory that is open: its store, the current snapshot, one writer with its
//! queue (`writer` has the order of a commit), and the feed of commits. Not for: what a change may do
//! (`change`), reading files (`exchange`), or bytes on the disk (`store`).

mod backup;
mod defaults;
mod error;
mod feed;
mod fold;
mod history;
mod image;
mod job;
mod log;
mod next;
mod past;
mod record;
mod retention;
mod tally;
mod times;
mod upkeep;
mod verify;
mod writer;

pub use backup::{backup, restore};
pub use error::DbError;
pub use feed::{Lagged, Subscription};
pub use history::Commits;
pub use job::{Done, Submitted};
pub use next::{Next, Write};
pub use record::RecordKey;
pub use retention::Keep;
pub use tally::Written;
pub use times::Times;
pub use upkeep::Bounds;
pub use verify::{Report, verify};

use crate::change::Rules;
use crate::graph::Snapshot;
use crate::ontology::Ontology;
use crate::store::{self, Options, Store, memory};
use arc_swap::ArcSwap;
use feed::Feed;
use job::{Job, Task, Turn};
use log::Logged;
use past::Past;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;
use tally::Tally;
use upkeep::Upkeep;
use writer::Writer;

/// The most writes that may wait.
const QUEUE: usize = 4096;

/// An open data directory. Readers take snapshots and never wait; writes stand in a queue.
/// Dropping it finishes the writes that wait; a checkpoint that is being written beside is left, since
/// the log has what it would have.
pub struct Db {
    shared: Arc<Shared>,
    rules: Arc<Rules>,
    writer: Option<JoinHandle<()>>,
}

/// What the writer shares with readers and with the thread that renews the checkpoint.
struct Shared {
    store: Box<dyn Store>,
    /// What readers see: always durable.
    current: ArcSwap<Snapshot>,
    /// The way to the writer; none once the graph is being closed.
    queue: Mutex<Option<SyncSender<Job>>>,
    feed: Arc<Feed>,
    past: Past,
    /// The last revision that became a checkpoint as a whole since the graph was opened.
    whole: AtomicU64,
    /// Held while a checkpoint is written, of which there can be one at a time.
    saving: Mutex<()>,
    upkeep: Upkeep,
    /// Whether what need not be finished is to be left.
    closing: AtomicBool,
    tally: Tally,
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
        Self::with(store, snapshot, logged, bounds)
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
        Self::with(store, snapshot, nothing, Bounds::default())
    }

    fn with(
        store: Box<dyn Store>,
        snapshot: Snapshot,
        logged: Logged,
        bounds: Bounds,
    ) -> Result<Self, DbError> {
        let rules = Rules::new(snapshot.ontology().clone());
        let rules = rules.map_err(|wrong| DbError::Unfit(vec![wrong.to_string()]))?;
        let last = log::time_of(&*store, snapshot.revision())?;
        let (queue, jobs) = sync_channel(QUEUE);
        let shared = Arc::new(Shared {
            store,
            feed: Arc::new(Feed::new(snapshot.revision())),
            current: ArcSwap::from_pointee(snapshot),
            queue: Mutex::new(Some(queue)),
            past: Past::default(),
            whole: AtomicU64::new(0),
            saving: Mutex::new(()),
            upkeep: Upkeep::default(),
            closing: AtomicBool::new(false),
            tally: Tally::default(),
        });
        shared.tally.open(logged, last);
        let writer = Writer::new(shared.clone(), jobs, bounds, (logged, last));
        writer.renew_if_due();
        let thread = std::thread::Builder::new().name("writer".to_owned());
        let writer = thread.spawn(|| writer.run());
        let writer = writer.map_err(store::StoreError::io("start the writer"))?;
        Ok(Self {
            shared,
            rules: Arc::new(rules),
            writer: Some(writer),
        })
    }

    /// The graph as of the last commit. Cost: some nanoseconds.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.shared.current.load_full()
    }

    /// The rules of the ontology, ready for transactions.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }

    /// Whether nothing was ever committed, so that the directory is to be seeded.
    pub fn is_new(&self) -> bool {
        self.snapshot().revision() == 0
    }

    /// Asks for a write: `make` is given the graph with all writes before it, which may not be
    /// durable yet, and answers with what comes next, whose revision is one more, or none to leave it
    /// as it is. It runs on the writer's thread, where others wait for it. The answer comes when all
    /// that it saw and made is durable and visible; writes at the same time share a flush. A write
    /// that was asked for is made, also if its answer is dropped.
    ///
    /// The future gives the errors of `make`, and those of the disk; the graph is then as it was.
    pub fn submit<T, E>(
        &self,
        make: impl FnOnce(&Arc<Snapshot>) -> Result<(Option<Write>, T), E> + Send + 'static,
    ) -> Submitted<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let (task, submitted) = Task::new(make);
        self.send(Job::Make(Box::new(task), Instant::now()));
        submitted
    }

    /// Hands a job to the writer, or refuses it.
    fn send(&self, job: Job) {
        self.shared.tally.wait();
        let sent = match self.shared.queue() {
            Some(queue) => queue.try_send(job),
            None => Err(TrySendError::Disconnected(job)),
        };
        let (error, job) = match sent {
            Ok(()) => return,
            Err(TrySendError::Full(job)) => (DbError::Busy, job),
            Err(TrySendError::Disconnected(job)) => (DbError::Closed, job),
        };
        self.shared.tally.done_waiting();
        if let Job::Make(mut make, _) = job {
            make.refuse(error);
            make.answer(&self.snapshot());
        }
    }

    /// Makes a write on this thread: `make` is given the current graph and answers with what comes
    /// next, whose revision is one more, or none to leave it as it is. Other writers wait meanwhile.
    /// Not to be called on a thread that runs async tasks.
    ///
    /// # Errors
    /// Those of `make`, and of the disk; the graph is then as it was.
    pub fn write<T, E: From<DbError>, W: Into<Write>>(
        &self,
        make: impl FnOnce(&Snapshot) -> Result<(Option<W>, T), E>,
    ) -> Result<T, E> {
        let ((begin, begun), (give, made), (done, is_done)) =
            (sync_channel(1), sync_channel(1), sync_channel(1));
        let asked = Instant::now();
        let turn = Job::Turn(Turn {
            asked,
            begin,
            made,
            done,
        });
        let queue = self.shared.queue().ok_or(DbError::Closed)?;
        self.shared.tally.wait();
        queue.send(turn).map_err(|_| {
            self.shared.tally.done_waiting();
            DbError::Closed
        })?;
        let graph = begun.recv().map_err(|_| DbError::Closed)?;
        let (write, answer) = make(&graph)?;
        let Some(write) = write else {
            return Ok(answer);
        };
        give.send(Some(write.into())).map_err(|_| DbError::Closed)?;
        is_done.recv().unwrap_or(Err(DbError::Closed))?;
        Ok(answer)
    }

    /// Receives the commits after the latest one, in order, each once, after they are visible.
    pub fn subscribe(&self) -> Subscription {
        self.subscribe_after(self.snapshot().revision())
    }

    /// Receives the commits after a revision; those that are no longer in the feed are read with
    /// [`Db::commits`].
    pub fn subscribe_after(&self, revision: u64) -> Subscription {
        Subscription::new(self.shared.feed.clone(), revision)
    }

    /// Waits until no checkpoint is being written in the background.
    pub fn settle(&self) {
        self.shared.upkeep.settle();
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        drop(self.shared.close());
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the writer panicked");
        }
        self.shared.feed.close();
        self.shared.closing.store(true, Ordering::Relaxed);
        self.settle();
    }
}

impl Shared {
    fn queue(&self) -> Option<SyncSender<Job>> {
        let queue = self.queue.lock();
        queue.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// No more jobs: the writer ends when it has done those that wait.
    fn close(&self) -> Option<SyncSender<Job>> {
        let queue = self.queue.lock();
        queue.unwrap_or_else(PoisonError::into_inner).take()
    }

    fn saving(&self) -> MutexGuard<'_, ()> {
        self.saving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a whole graph visible, of which there is a checkpoint.
    fn replace_with(&self, graph: Snapshot) {
        self.whole.store(graph.revision(), Ordering::Release);
        self.past.clear();
        self.current.store(Arc::new(graph));
    }

    /// Whether a whole graph was committed after a revision.
    fn is_replaced(&self, revision: u64) -> bool {
        self.whole.load(Ordering::Acquire) > revision
    }
}
