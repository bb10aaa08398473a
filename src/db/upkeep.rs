//! When has the log grown so much that a new checkpoint takes its place, and who writes it?
//!
//! A thread beside the writer: it compacts the graph and writes the checkpoint while commits go on,
//! then applies what came in meanwhile. Not for: commits, each of which is durable without it.

use super::log::{self, Logged};
use super::{DbError, Shared, image};
use std::sync::{Arc, Mutex, PoisonError};
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
pub(super) struct Upkeep(Mutex<Option<JoinHandle<()>>>);

impl Upkeep {
    /// Starts to renew the checkpoint, unless that is going on. What goes wrong is logged, and tried
    /// again after the next commit.
    pub(super) fn start(&self, shared: &Arc<Shared>) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if running.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        let shared = shared.clone();
        let renew = move || {
            if let Err(error) = shared.renew() {
                tracing::warn!("the log could not be made into a checkpoint yet: {error}");
            }
        };
        let thread = std::thread::Builder::new().name("upkeep".to_owned());
        match thread.spawn(renew) {
            Ok(thread) => *running = Some(thread),
            Err(error) => tracing::warn!("no thread for a new checkpoint: {error}"),
        }
    }

    /// Waits until no checkpoint is being renewed.
    pub(super) fn settle(&self) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = running.take()
            && thread.join().is_err()
        {
            tracing::error!("writing a new checkpoint panicked; the log goes on");
        }
    }
}

impl Shared {
    /// Puts a checkpoint in the place of the log, and a compact graph in that of the one with an
    /// overlay. Commits go on until the very end.
    fn renew(&self) -> Result<(), DbError> {
        let compact = {
            let _saving = self.saving();
            let compact = self.current.load().compact();
            let compact = compact.map_err(|wrong| DbError::Unfit(vec![wrong]))?;
            if self.is_replaced(compact.revision()) {
                return Ok(());
            }
            image::save(&*self.store, &compact)?;
            compact
        };
        let mut logged = self.writing();
        if self.is_replaced(compact.revision()) {
            return Ok(());
        }
        let mut graph = compact;
        *logged = log::replay(&*self.store, &mut graph)?;
        self.current.store(Arc::new(graph));
        Ok(())
    }

    /// Whether a whole graph was committed after a revision.
    fn is_replaced(&self, revision: u64) -> bool {
        self.store.oldest() > revision
    }
}
