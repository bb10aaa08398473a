//! How does a request body get into memory, and when is it refused?
//!
//! Not for what it means: that is `envelope`.

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::{Body as _, Incoming};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::config::Limits;
use super::fault::Fault;

/// What is still read, and thrown away, of a body over the limit: clients look for the refusal
/// only when they have sent everything.
const DRAINED_BYTES: usize = 8 << 20;

/// The share of [`Limits::bodies_bytes`] is taken in pieces of this size.
const PIECE: usize = 1024;

/// All large bodies being received share this much memory.
pub struct BodyMemory(Semaphore);

impl BodyMemory {
    /// Room for `bytes`.
    pub fn new(bytes: usize) -> Self {
        Self(Semaphore::new(bytes / PIECE))
    }
}

/// Reads a whole body, without a copy when it comes in one piece.
///
/// # Errors
/// 413 over the limit, 408 after the deadline, 503 when all bodies together take too much memory,
/// 400 when it breaks off.
pub async fn read(
    mut body: Incoming,
    limits: &Limits,
    memory: &BodyMemory,
    deadline: Instant,
) -> Result<Bytes, Fault> {
    if body.size_hint().lower() > limits.body_bytes as u64 {
        return Err(too_large(body, limits, deadline).await);
    }
    let whole = timeout_at(deadline, gather(&mut body, limits.body_bytes, memory));
    match whole.await {
        Ok(Ok(Some(whole))) => Ok(whole),
        Ok(Ok(None)) => Err(too_large(body, limits, deadline).await),
        Ok(Err(fault)) => Err(fault),
        Err(_elapsed) => Err(Fault::slow_request()),
    }
}

/// The body, or `None` as soon as it exceeds the limit.
async fn gather(
    body: &mut Incoming,
    limit: usize,
    memory: &BodyMemory,
) -> Result<Option<Bytes>, Fault> {
    let first = piece(body).await?.unwrap_or_default();
    if body.is_end_stream() {
        return Ok((first.len() <= limit).then_some(first));
    }
    let mut share = Share {
        memory,
        permit: None,
        bytes: 0,
    };
    let mut whole = BytesMut::from(first);
    while let Some(next) = piece(body).await? {
        if whole.len() + next.len() > limit {
            return Ok(None);
        }
        share.grow(whole.len() + next.len())?;
        whole.extend_from_slice(&next);
    }
    Ok(Some(whole.freeze()))
}

/// The next data; trailers are skipped.
async fn piece(body: &mut Incoming) -> Result<Option<Bytes>, Fault> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Fault::bad("the request body broke off"))?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// What one body has taken of the common memory; given back when dropped.
struct Share<'a> {
    memory: &'a BodyMemory,
    permit: Option<SemaphorePermit<'a>>,
    bytes: usize,
}

impl Share<'_> {
    fn grow(&mut self, to: usize) -> Result<(), Fault> {
        let pieces = to.saturating_sub(self.bytes).div_ceil(PIECE);
        let more = self
            .memory
            .0
            .try_acquire_many(pieces as u32)
            .map_err(|_| no_memory())?;
        self.bytes += pieces * PIECE;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        Ok(())
    }
}

fn no_memory() -> Fault {
    let message = "the server is receiving too many large request bodies";
    Fault::limit(StatusCode::SERVICE_UNAVAILABLE, message).hint("try again in a few seconds")
}

async fn too_large(mut body: Incoming, limits: &Limits, deadline: Instant) -> Fault {
    // Whether the rest came or not, the answer is the same.
    let _ = timeout_at(deadline, drain(&mut body)).await;
    let limit = limits.body_bytes;
    let message = format!("the request body is larger than {limit} bytes");
    Fault::limit(StatusCode::PAYLOAD_TOO_LARGE, message)
        .hint("send values as variables, split the request, or raise the limit on the server")
}

async fn drain(body: &mut Incoming) -> Result<(), Fault> {
    let mut drained = 0;
    while let Some(data) = piece(body).await? {
        drained += data.len();
        if drained > DRAINED_BYTES {
            break;
        }
    }
    Ok(())
}
