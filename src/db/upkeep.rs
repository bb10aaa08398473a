//! When has the log grown so much that a new checkpoint takes its place, and who writes it?
//!
//! A thread beside the writer: it compacts the graph and writes the checkpoint while commits go on,
//! then applies what came in meanwhile. Not for: commits, each of which is durable without it.

use super::job::Job;
use super::log::{self, Logged};
use super::{DbError, Shared, image};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// How far the log may grow before a checkpoint takes its place: this bounds the time to open, and
/// what readers pay for records that have changed.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of payload; default 64 MiB.
    pub bytes: u64,
    /// Changed records, each as often as it changed; default 50,000.
    pub records: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            records: 50_000,
        }
    }
}

impl Bounds {
    pub(super) fn are_met(self, logged: Logged) -> bool {
        logged.bytes > self.bytes || logged.records > self.records
    }
}

/// The thread that renews the checkpoint, if one was started.
#[derive(Default)]
pub(super) struct Upkeep {
    thread: Mutex<Option<JoinHandle<()>>>,
    busy: AtomicBool,
}

impl Upkeep {
    /// Starts to renew the checkpoint, unless that is going on. What goes wrong is logged, and tried
    /// again after the next commit.
    fn start(&self, shared: Arc<Shared>, queue: SyncSender<Job>) {
        if self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        let renew = move || {
            match shared.renew(&queue) {
                Err(_) if shared.closing.load(Ordering::Relaxed) => {
                    tracing::debug!("a checkpoint was left unfinished: the log has all of it");
                }
                Err(error) => {
                    tracing::warn!("the log could not be made into a checkpoint yet: {error}");
                }
                Ok(()) => {}
            }
            shared.upkeep.busy.store(false, Ordering::Release);
        };
        let thread = std::thread::Builder::new().name("upkeep".to_owned());
        match thread.spawn(renew) {
            Ok(thread) => *self.thread() = Some(thread),
            Err(error) => {
                self.busy.store(false, Ordering::Release);
                tracing::warn!("no thread for a new checkpoint: {error}");
            }
        }
    }

    fn thread(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.thread.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no checkpoint is being renewed.
    pub(super) fn settle(&self) {
        // Not locked while it waits: the writer, which the thread needs, may look at it meanwhile.
        let running = self.thread().take();
        if let Some(thread) = running
            && thread.join().is_err()
        {
            tracing::error!("writing a new checkpoint panicked; the log goes on");
        }
    }
}

impl Shared {
    /// Has the checkpoint renewed by a thread beside the writer.
    pub(super) fn renew_soon(self: &Arc<Self>) {
        if let Some(queue) = self.queue() {
            self.upkeep.start(self.clone(), queue);
        }
    }

    /// Puts a checkpoint in the place of the log, and a compact graph in that of the one with an
    /// overlay. Commits go on until the very end, which the writer does.
    fn renew(&self, queue: &SyncSender<Job>) -> Result<(), DbError> {
        let mut compact = {
            let _saving = self.saving();
            let compact = self.current.load().compact();
            let compact = compact.map_err(|wrong| DbError::Unfit(vec![wrong]))?;
            if self.is_replaced(compact.revision()) {
                return Ok(());
            }
            image::save_unless(&*self.store, &compact, &self.closing)?;
            compact
        };
        // What came in meanwhile, but for the last of it.
        if !self.is_replaced(compact.revision()) {
            log::replay(&*self.store, &mut compact)?;
        }
        let (done, is_done) = sync_channel(1);
        let adopt = Job::Adopt(Box::new(compact), done);
        self.tally.wait();
        queue.send(adopt).map_err(|_| {
            self.tally.done_waiting();
            DbError::Closed
        })?;
        is_done.recv().unwrap_or(Err(DbError::Closed))
    }
}
