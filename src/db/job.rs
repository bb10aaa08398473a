//! How does a write reach the writer, and its answer come back? Not for: the order of a commit
//! (`writer`).

use super::{DbError, Write};
use crate::graph::Snapshot;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::sync::oneshot;

/// What waits for the writer.
pub(super) enum Job {
    /// A write that the writer makes itself, and when it was asked for.
    Make(Box<dyn Make>, Instant),
    /// A write that another thread makes while the writer waits.
    Turn(Turn),
    /// A compact graph takes the place of the present one; answered when it has.
    Adopt(Box<Snapshot>, SyncSender<Result<(), DbError>>),
}

/// A turn of another thread as the writer.
pub(super) struct Turn {
    /// When it was asked for.
    pub(super) asked: Instant,
    /// Tells that the turn has come, with the graph as it is.
    pub(super) begin: SyncSender<Arc<Snapshot>>,
    /// What that thread makes; its end is that it makes nothing.
    pub(super) made: Receiver<Option<Write>>,
    /// Tells how it went.
    pub(super) done: SyncSender<Result<(), DbError>>,
}

/// A write that the writer makes.
pub(super) trait Make: Send {
    /// Makes the write over the head; a panic within makes none.
    fn make(&mut self, head: &Arc<Snapshot>) -> Option<Write>;
    /// Says that what was made cannot be, whatever it was.
    fn refuse(&mut self, error: DbError);
    /// Answers, once all that it saw and made is durable and visible.
    fn answer(self: Box<Self>, graph: &Arc<Snapshot>);
}

/// What a write that succeeded answers.
#[derive(Clone, Debug)]
pub struct Done<T> {
    /// What was made of it.
    pub answer: T,
    /// The graph as of its commit; if it changed nothing, the graph that it saw.
    pub graph: Arc<Snapshot>,
}

/// The answer of a write, to be awaited.
pub struct Submitted<T, E>(oneshot::Receiver<Result<Done<T>, E>>);

impl<T, E: From<DbError>> Future for Submitted<T, E> {
    type Output = Result<Done<T>, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let received = Pin::new(&mut self.0).poll(context);
        received.map(|received| received.unwrap_or_else(|_| Err(DbError::Closed.into())))
    }
}

impl<T, E: From<DbError>> Submitted<T, E> {
    /// Waits for the answer; not to be called on a thread that runs async tasks.
    ///
    /// # Errors
    /// Those of the write, and of the disk.
    pub fn wait(self) -> Result<Done<T>, E> {
        let received = self.0.blocking_recv();
        received.unwrap_or_else(|_| Err(DbError::Closed.into()))
    }
}

/// A write by a closure.
pub(super) struct Task<F, T, E> {
    make: Option<F>,
    made: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<Done<T>, E>>,
}

impl<F, T, E> Task<F, T, E> {
    pub(super) fn new(make: F) -> (Self, Submitted<T, E>) {
        let (reply, receive) = oneshot::channel();
        let task = Self {
            make: Some(make),
            made: None,
            reply,
        };
        (task, Submitted(receive))
    }
}

impl<F, T, E> Make for Task<F, T, E>
where
    F: FnOnce(&Arc<Snapshot>) -> Result<(Option<Write>, T), E> + Send,
    T: Send,
    E: From<DbError> + Send,
{
    fn make(&mut self, head: &Arc<Snapshot>) -> Option<Write> {
        let make = self.make.take()?;
        let made = catch_unwind(AssertUnwindSafe(|| make(head)));
        let made = made.unwrap_or_else(|_| Err(DbError::Panicked.into()));
        match made {
            Ok((write, answer)) => {
                self.made = Some(Ok(answer));
                write
            }
            Err(error) => {
                self.made = Some(Err(error));
                None
            }
        }
    }

    fn refuse(&mut self, error: DbError) {
        self.made = Some(Err(error.into()));
    }

    fn answer(self: Box<Self>, graph: &Arc<Snapshot>) {
        let Some(made) = self.made else { return };
        let graph = graph.clone();
        // Whoever asked may have left; what was committed stays.
        let _ = self.reply.send(made.map(|answer| Done { answer, graph }));
    }
}
