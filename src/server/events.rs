//! How do answers become server-sent events?
//!
//! The "distinct connections mode" of GraphQL over SSE: one operation, one response, `next` events
//! and a final `complete`. Errors of the document come as a `next` event too.

use std::convert::Infallible;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use http::Response;
use hyper::body::Frame;

use super::reply::{self, Body};
use crate::api::service::Answer;

/// A response that goes on until the last answer is given.
pub fn response(answers: impl Stream<Item = Answer> + Send + 'static) -> Response<Body> {
    let nexts = answers.map(|answer| next(&answer.body));
    let complete = stream::once(async { Bytes::from_static(b"event: complete\ndata:\n\n") });
    let frames = nexts
        .chain(complete)
        .map(|event| Ok::<_, Infallible>(Frame::data(event)));
    reply::events(frames.boxed())
}

/// A line break in the data would end it: each line is marked by itself.
fn next(answer: &[u8]) -> Bytes {
    let mut event = BytesMut::with_capacity(answer.len() + 32);
    event.put_slice(b"event: next\n");
    for line in answer.split(|&byte| byte == b'\n' || byte == b'\r') {
        event.put_slice(b"data: ");
        event.put_slice(line);
        event.put_u8(b'\n');
    }
    event.put_u8(b'\n');
    event.freeze()
}
