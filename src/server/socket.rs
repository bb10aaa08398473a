//! How is GraphQL spoken over a WebSocket?
//!
//! The protocol `graphql-transport-ws`, with its close codes. One task per socket; it reads no
//! further while the client does not take its answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, ws};
use futures_util::stream::{self, AbortHandle, Abortable, BoxStream, SelectAll, StreamExt};
use http::request::Parts;
use http::{HeaderMap, Response, StatusCode};
use http_body_util::Either;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, interval_at, sleep, timeout};

use super::fault::Fault;
use super::memory::Share;
use super::reply::{Body, MediaType};
use super::{App, envelope, negotiate, run};
use crate::api::service::{Answer, Outcome, Request, Service};

const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may take to answer our goodbye.
const FAREWELL_TIME: Duration = Duration::from_secs(2);

/// Answers the request to change to a WebSocket.
pub async fn upgrade<S: Service>(app: &Arc<App<S>>, head: &mut Parts) -> Response<Body> {
    match accept(app, head).await {
        Ok(switching) => switching.map(|_empty| Either::Left(Default::default())),
        Err(fault) => fault.response(MediaType::Json),
    }
}

async fn accept<S: Service>(
    app: &Arc<App<S>>,
    head: &mut Parts,
) -> Result<axum::response::Response, Fault> {
    let upgrade = WebSocketUpgrade::from_request_parts(head, &()).await;
    let upgrade = upgrade.map_err(|rejection| Fault::bad(rejection.to_string()))?;
    let upgrade = limited(upgrade, app.config.limits.socket_message_bytes).protocols([PROTOCOL]);
    if upgrade.selected_protocol().is_none() {
        return Err(
            Fault::bad("the WebSocket offers no protocol that is spoken here")
                .hint("offer the protocol `graphql-transport-ws`"),
        );
    }
    let permit = app
        .sockets
        .clone()
        .try_acquire_owned()
        .map_err(|_| too_many(app))?;
    let session = Session::new(app.clone(), &head.headers);
    Ok(upgrade.on_upgrade(async move |socket| {
        session.run(socket).await;
        drop(permit);
    }))
}

/// Small buffers: there may be a thousand of them, and most are idle.
fn limited(upgrade: WebSocketUpgrade, message_bytes: usize) -> WebSocketUpgrade {
    upgrade
        .max_message_size(message_bytes)
        .max_frame_size(message_bytes)
        .read_buffer_size(4096)
        .write_buffer_size(0)
}

fn too_many<S>(app: &App<S>) -> Fault {
    let message = format!(
        "all {} WebSocket connections are taken",
        app.config.limits.sockets
    );
    Fault::limit(StatusCode::SERVICE_UNAVAILABLE, message).hint("try again later")
}

/// Why a socket is closed.
struct Close(u16, Utf8Bytes);

impl Close {
    const GONE: u16 = 1000;

    fn new(code: u16, reason: impl Into<Utf8Bytes>) -> Self {
        Self(code, reason.into())
    }

    fn bad_message(reason: impl Into<Utf8Bytes>) -> Self {
        Self::new(4400, reason)
    }
}

/// What a step of the conversation comes to: perhaps a message to send, or the end.
type Step = Result<Option<Message>, Close>;

/// An answer to the operation of that id, or its completion.
type Event = (String, Option<Answer>);

/// The state of one conversation.
struct Session<S> {
    app: Arc<App<S>>,
    languages: Vec<String>,
    acknowledged: bool,
    /// Whether anything came since the last ping.
    heard: bool,
    events: SelectAll<BoxStream<'static, Event>>,
    running: HashMap<String, AbortHandle>,
}

/// What a client sends.
#[derive(Deserialize)]
struct Said<'a> {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<S: Service> Session<S> {
    fn new(app: Arc<App<S>>, headers: &HeaderMap) -> Self {
        Self {
            app,
            languages: negotiate::languages(headers),
            acknowledged: false,
            heard: true,
            events: SelectAll::new(),
            running: HashMap::new(),
        }
    }

    async fn run(mut self, mut socket: WebSocket) {
        let Close(code, reason) = self.talk(&mut socket).await;
        drop(self.events);
        if code != Close::GONE {
            let farewell = Message::Close(Some(CloseFrame { code, reason }));
            let _ = timeout(FAREWELL_TIME, part(socket, farewell)).await;
        }
    }

    async fn talk(&mut self, socket: &mut WebSocket) -> Close {
        let app = self.app.clone();
        let limits = &app.config.limits;
        let mut init = std::pin::pin!(sleep(limits.socket_init_time));
        let first_ping = Instant::now() + limits.socket_ping_time;
        let mut ping = interval_at(first_ping, limits.socket_ping_time);
        let mut stopped = std::pin::pin!(app.stopped());
        loop {
            let step = tokio::select! {
                received = socket.recv() => self.on_received(received),
                Some((id, answer)) = self.events.next() => self.on_event(id, answer),
                () = init.as_mut(), if !self.acknowledged => {
                    Err(Close::new(4408, "Connection initialisation timeout"))
                }
                _ = ping.tick() => self.on_silence(),
                () = stopped.as_mut() => {
                    Err(Close::new(ws::close_code::AWAY, "the server is shutting down"))
                }
            };
            match step {
                Ok(None) => {}
                Ok(Some(message)) => {
                    if socket.send(message).await.is_err() {
                        return Close::new(Close::GONE, "");
                    }
                }
                Err(close) => return close,
            }
        }
    }

    fn on_received(&mut self, received: Option<Result<Message, axum::Error>>) -> Step {
        self.heard = true;
        match received {
            Some(Ok(Message::Text(text))) => self.on_text(&text),
            Some(Ok(Message::Binary(_))) => Err(Close::bad_message("messages must be text")),
            // Their answers go out with the next reception; after a close, that is the end.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => Ok(None),
            None => Err(Close::new(Close::GONE, "")),
            Some(Err(error)) => Err(Close::new(ws::close_code::PROTOCOL, reason(&error))),
        }
    }

    fn on_silence(&mut self) -> Step {
        match std::mem::take(&mut self.heard) {
            true => Ok(Some(Message::Ping(Default::default()))),
            false => Err(Close::new(Close::GONE, "")),
        }
    }

    fn on_text(&mut self, text: &str) -> Step {
        let said: Said = serde_json::from_str(text)
            .map_err(|error| Close::bad_message(shortened(format!("Invalid message: {error}"))))?;
        match (said.kind.as_str(), said.id) {
            ("connection_init", None) => self.on_init(),
            ("ping", None) => Ok(Some(pong(said.payload))),
            ("pong", None) => Ok(None),
            ("subscribe", Some(id)) => self.on_subscribe(id, said.payload),
            ("complete", Some(id)) => self.on_complete(&id),
            _ => Err(Close::bad_message(
                "Invalid message: unknown type, or `id` missing or spare",
            )),
        }
    }

    fn on_init(&mut self) -> Step {
        match std::mem::replace(&mut self.acknowledged, true) {
            false => Ok(Some(Message::text(r#"{"type":"connection_ack"}"#))),
            true => Err(Close::new(4429, "Too many initialisation requests")),
        }
    }

    fn on_subscribe(&mut self, id: String, payload: Option<&RawValue>) -> Step {
        if !self.acknowledged {
            return Err(Close::new(4401, "Unauthorized"));
        }
        if self.running.contains_key(&id) {
            return Err(Close::new(
                4409,
                shortened(format!("Subscriber for {id} already exists")),
            ));
        }
        match self.admit(payload.map_or("null", RawValue::get)) {
            Ok((request, share)) => self.start(id, request, share),
            Err(fault) => return Ok(Some(error(&id, &fault.body()))),
        }
        Ok(None)
    }

    fn admit(&self, payload: &str) -> Result<(Request, Share), Fault> {
        if self.running.len() >= self.app.config.limits.socket_operations {
            return Err(self.too_many_operations());
        }
        let mut share = self.app.memory.share();
        share.grow(payload.len())?;
        Ok((envelope::parse_one(payload)?, share))
    }

    fn too_many_operations(&self) -> Fault {
        let limit = self.app.config.limits.socket_operations;
        let message = format!("{limit} operations run already on this WebSocket");
        Fault::limit(StatusCode::TOO_MANY_REQUESTS, message)
            .hint("wait for some to complete, or open another WebSocket")
    }

    fn start(&mut self, id: String, request: Request, share: Share) {
        let deadline = Instant::now() + self.app.config.limits.request_time;
        let context = run::context(self.languages.clone(), false, deadline);
        let name = id.clone();
        let end = stream::once(std::future::ready((id.clone(), None)));
        let events = run::answers(self.app.clone(), request, context, Some(share))
            .map(move |answer| (name.clone(), Some(answer)))
            .chain(end);
        let (handle, registration) = AbortHandle::new_pair();
        self.events
            .push(Abortable::new(events, registration).boxed());
        self.running.insert(id, handle);
    }

    /// The client does not want more: the protocol has no answer to that.
    fn on_complete(&mut self, id: &str) -> Step {
        if let Some(handle) = self.running.remove(id) {
            handle.abort();
        }
        Ok(None)
    }

    fn on_event(&mut self, id: String, answer: Option<Answer>) -> Step {
        let Some(answer) = answer else {
            let is_open = self.running.remove(&id).is_some();
            return Ok(is_open.then(|| message(&id, "complete", None)));
        };
        match answer.outcome {
            Outcome::Data => Ok(Some(message(&id, "next", Some(&answer.body)))),
            _ => {
                self.on_complete(&id)?;
                Ok(Some(error(&id, &answer.body)))
            }
        }
    }
}

/// Says goodbye and hears the client out, so that it gets to read the close code.
async fn part(mut socket: WebSocket, farewell: Message) {
    if socket.send(farewell).await.is_ok() {
        while let Some(Ok(_)) = socket.recv().await {}
    }
}

/// A message about an operation; `payload` is JSON and goes out as it is.
fn message(id: &str, kind: &str, payload: Option<&[u8]>) -> Message {
    let id = serde_json::Value::from(id);
    let mut text = format!(r#"{{"id":{id},"type":"{kind}""#);
    if let Some(payload) = payload {
        text.push_str(r#","payload":"#);
        text.push_str(&String::from_utf8_lossy(payload));
    }
    text.push('}');
    Message::text(text)
}

/// The end of an operation by a request error: only the list of errors is sent.
fn error(id: &str, answer: &[u8]) -> Message {
    #[derive(Deserialize)]
    struct Errors<'a> {
        #[serde(borrow)]
        errors: &'a RawValue,
    }
    let errors = serde_json::from_slice(answer).map_or("[]", |answer: Errors| answer.errors.get());
    message(id, "error", Some(errors.as_bytes()))
}

fn pong(payload: Option<&RawValue>) -> Message {
    match payload {
        None => Message::text(r#"{"type":"pong"}"#),
        Some(payload) => Message::text(format!(r#"{{"type":"pong","payload":{payload}}}"#)),
    }
}

fn reason(error: &axum::Error) -> Utf8Bytes {
    shortened(error.to_string())
}

/// A close frame has room for 123 bytes of reason.
fn shortened(mut reason: String) -> Utf8Bytes {
    reason.truncate(reason.floor_char_boundary(123));
    reason.into()
}
