//! How much memory do the requests of all clients together take?
//!
//! Only their own bytes, while they are received and while they run; what running them takes is
//! limited by their cost (`plan`).

use std::sync::Arc;

use http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::fault::Fault;

/// Memory is taken in pieces of so many bytes.
const PIECE: usize = 1024;

/// What all requests share.
pub struct Memory(Arc<Semaphore>);

impl Memory {
    /// Room for `bytes`.
    pub fn new(bytes: usize) -> Self {
        let pieces = (bytes / PIECE).min(Semaphore::MAX_PERMITS);
        Self(Arc::new(Semaphore::new(pieces)))
    }

    /// A share of nothing yet.
    pub fn share(&self) -> Share {
        Share {
            memory: self.0.clone(),
            taken: None,
        }
    }
}

/// What one request has taken; given back when dropped.
pub struct Share {
    memory: Arc<Semaphore>,
    taken: Option<OwnedSemaphorePermit>,
}

impl Share {
    /// Takes as much more as it needs to hold `bytes`.
    ///
    /// # Errors
    /// 503 when others have taken too much.
    pub fn grow(&mut self, bytes: usize) -> Result<(), Fault> {
        let taken = self.taken.as_ref().map_or(0, |permit| permit.num_permits());
        let more = bytes.div_ceil(PIECE).saturating_sub(taken);
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        let more = self.memory.clone().try_acquire_many_owned(more);
        let more = more.map_err(|_| exhausted())?;
        match &mut self.taken {
            Some(taken) => taken.merge(more),
            None => self.taken = Some(more),
        }
        Ok(())
    }
}

fn exhausted() -> Fault {
    let message = "the server is occupied with too many large requests";
    Fault::limit(StatusCode::SERVICE_UNAVAILABLE, message).hint("try again in a few seconds")
}
