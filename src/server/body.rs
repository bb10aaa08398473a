//! How does a request body get into memory, and when is it refused?
//!
//! Not for what it means: that is `envelope`.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::Frame;
use tokio::time::{Instant, timeout, timeout_at};

use super::config::Limits;
use super::fault::Fault;
use super::memory::{Memory, Share};

/// How much is still read, and thrown away, of a refused body: most clients look for the refusal
/// only when they have sent everything.
const DRAINED_BYTES: usize = 8 << 20;

/// How long the rest of a refused body is read.
const DRAIN_TIME: Duration = Duration::from_secs(2);

/// Reads a whole body, without a copy when it comes in one piece.
///
/// A larger one comes with its share of the memory, to be kept as long as what is made of it.
///
/// # Errors
/// 413 over the limit, 408 after the deadline, 503 when all requests together take too much memory,
/// 400 when it breaks off.
pub async fn read(
    mut body: Body,
    limits: &Limits,
    memory: &Memory,
    deadline: Instant,
) -> Result<(Bytes, Option<Share>), Fault> {
    let limit = limits.body_bytes;
    let announced = body.size_hint().lower();
    if announced > DRAINED_BYTES.max(limit) as u64 {
        return Err(too_large(limit));
    }
    let first = first_piece(&mut body).await?;
    if body.is_end_stream() && first.len() <= limit {
        return Ok((first, None));
    }
    let whole = timeout_at(deadline, gather(first, &mut body, limit, memory)).await;
    let Ok(whole) = whole else {
        return Err(Fault::slow_request());
    };
    if whole.is_err() {
        // Whether the rest comes or not, the answer is the same.
        let _ = timeout(DRAIN_TIME, drain(&mut body)).await;
    }
    whole
}

/// What came together with the head, perhaps nothing: asks twice, since hyper reads a body only
/// when it has been asked for. Most bodies are complete then, and need no timer.
async fn first_piece(body: &mut Body) -> Result<Bytes, Fault> {
    let mut asked = false;
    let frame = poll_fn(|cx| match Pin::new(&mut *body).poll_frame(cx) {
        Poll::Pending if !asked => {
            asked = true;
            cx.waker().wake_by_ref();
            Poll::Pending
        }
        Poll::Pending => Poll::Ready(None),
        ready => ready,
    });
    data_of(frame.await).map(Option::unwrap_or_default)
}

async fn gather(
    first: Bytes,
    body: &mut Body,
    limit: usize,
    memory: &Memory,
) -> Result<(Bytes, Option<Share>), Fault> {
    let mut share = memory.share();
    let mut whole = BytesMut::new();
    let mut next = Some(first);
    while let Some(data) = next {
        let length = whole.len() + data.len();
        if length > limit {
            return Err(too_large(limit));
        }
        share.grow(length)?;
        whole.extend_from_slice(&data);
        next = piece(body).await?;
    }
    Ok((whole.freeze(), Some(share)))
}

/// The next data, empty for trailers; `None` at the end.
async fn piece(body: &mut Body) -> Result<Option<Bytes>, Fault> {
    data_of(body.frame().await)
}

fn data_of(frame: Option<Result<Frame<Bytes>, axum::Error>>) -> Result<Option<Bytes>, Fault> {
    let frame = frame
        .transpose()
        .map_err(|_| Fault::bad("the request body broke off"))?;
    Ok(frame.map(|frame| frame.into_data().unwrap_or_default()))
}

fn too_large(limit: usize) -> Fault {
    let message = format!("the request body is larger than {limit} bytes");
    Fault::limit(StatusCode::PAYLOAD_TOO_LARGE, message)
        .hint("send values as variables, split the request, or raise the limit on the server")
}

async fn drain(body: &mut Body) -> Result<(), Fault> {
    let mut drained = 0;
    while let Some(data) = piece(body).await? {
        drained += data.len();
        if drained > DRAINED_BYTES {
            break;
        }
    }
    Ok(())
}
