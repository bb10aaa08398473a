//! How do answers become server-sent events?
//!
//! The "distinct connections mode" of GraphQL over SSE: one operation, one response, `next` events
//! and a final `complete`. Errors of the document come as a `next` event too. Where nothing happens for
//! a while a comment shows that both sides are still there.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::Response;

use super::reply;
use crate::api::service::Answer;

/// Browsers overlook an event without data, and axum leaves out data that is empty.
const COMPLETE: Bytes = Bytes::from_static(b"event: complete\ndata:\n\n");

/// A response that goes on until the last answer is given.
pub fn response(
    answers: impl Stream<Item = Answer> + Send + 'static,
    ping: Duration,
) -> Response<Body> {
    let nexts = Sse::new(answers.map(|answer| Ok::<_, Infallible>(next(&answer.body))));
    let nexts = nexts.keep_alive(KeepAlive::new().interval(ping));
    let nexts = nexts.into_response().into_body().into_data_stream();
    let events = nexts.chain(stream::once(async { Ok(COMPLETE) }));
    reply::events(Body::from_stream(events))
}

fn next(answer: &[u8]) -> Event {
    let answer = String::from_utf8_lossy(answer);
    Event::default().event("next").data(answer)
}
