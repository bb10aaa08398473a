//! What does a WebSocket's client get to say and to hear, beyond what async-graphql watches over?
//!
//! The library knows no `error` messages, no limits, no duplicate ids and closes with codes of its
//! own; it confirms what a client has completed itself. It hears and says everything through here, in
//! the same breath: nothing happens between what it does and what the guard sees of it.

use std::collections::HashMap;
use std::future::{pending, ready};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use async_graphql::Data;
use axum::extract::ws::{Message, Utf8Bytes, close_code};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::StatusCode;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use super::fault::Fault;
use super::memory::Share;
use super::{App, credentials, envelope, run, traced};
use crate::access::Principal;
use crate::api::carrier;
use crate::api::service::{Answer, Outcome, Request, Service};
use crate::trace::Trace;

/// Why a socket is closed.
pub struct Close(pub u16, pub Utf8Bytes);

impl Close {
    /// Of a client that is gone: no goodbye.
    pub const GONE: u16 = 1000;

    /// A close frame has room for 123 bytes of reason.
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        let mut reason = reason.into();
        reason.truncate(reason.floor_char_boundary(123));
        Self(code, reason.into())
    }

    /// The client is gone.
    pub fn gone() -> Self {
        Self::new(Self::GONE, "")
    }

    fn bad_message(reason: impl Into<String>) -> Self {
        Self::new(4400, reason)
    }
}

/// What becomes of something that a client sent.
pub enum Heard {
    /// The library shall hear it.
    Carry(Utf8Bytes),
    /// This is the answer.
    Answer(Message),
    /// Nothing.
    Nothing,
    /// The conversation ends, see [`Guard::closing`].
    End,
}

/// Watches over one conversation.
pub struct Guard<S> {
    /// What all connections share.
    pub app: Arc<App<S>>,
    languages: Vec<String>,
    /// The span of the request that became this socket.
    trace: Trace,
    /// Who asks, once it is known.
    principal: OnceLock<Arc<Principal>>,
    talk: Mutex<Talk>,
}

/// How far a conversation is.
#[derive(Default)]
struct Talk {
    acknowledged: bool,
    /// Whether anything came since the last ping.
    heard: bool,
    /// The operations of the library, with their memory.
    running: HashMap<String, Share>,
    /// The errors of the operation that the library is just about to complete.
    refused: Option<Bytes>,
    close: Option<Close>,
    /// Why the client is turned away, which the library is just about to do.
    denied: Option<Close>,
}

/// What a client sends, or the library's `complete`.
#[derive(Deserialize)]
struct Said<'a> {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<S: Service> Guard<S> {
    /// For a client that has shown who it is (or not yet), prefers these languages, and is traced so.
    pub fn new(
        app: Arc<App<S>>,
        principal: Option<Arc<Principal>>,
        (languages, trace): (Vec<String>, Trace),
    ) -> Self {
        let talk = Talk {
            heard: true,
            ..Talk::default()
        };
        Self {
            app,
            languages,
            trace,
            principal: principal.map_or_else(OnceLock::new, OnceLock::from),
            talk: Mutex::new(talk),
        }
    }

    fn talk(&self) -> MutexGuard<'_, Talk> {
        self.talk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the client has sent its `connection_init`.
    pub fn is_acknowledged(&self) -> bool {
        self.talk().acknowledged
    }

    /// Whether anything came since this was last asked.
    pub fn was_heard(&self) -> bool {
        std::mem::take(&mut self.talk().heard)
    }

    /// Why the conversation has ended.
    pub fn closing(&self) -> Close {
        self.talk().close.take().unwrap_or_else(Close::gone)
    }

    /// Learns who asks, from the payload of `connection_init` unless the request's head has told.
    ///
    /// # Errors
    /// For the library to close the conversation; the guard chooses the code.
    pub async fn meet(&self, payload: &serde_json::Value) -> async_graphql::Result<Data> {
        let Some(door) = &self.app.config.door else {
            return Ok(Data::default());
        };
        if self.principal.get().is_some() {
            return Ok(Data::default());
        }
        let shown = ["authorization", "Authorization"]
            .iter()
            .find_map(|name| payload.get(name));
        match credentials::of_text(
            &self.app,
            door,
            shown.map(|shown| shown.as_str().unwrap_or_default()),
        )
        .await
        {
            Ok(principal) => {
                self.principal.get_or_init(|| principal);
                Ok(Data::default())
            }
            Err(fault) => {
                let close = Close::new(4403, fault.message().to_owned());
                self.talk().denied = Some(close);
                Err("Forbidden".into())
            }
        }
    }

    /// Judges what came from the client.
    pub fn hear(&self, received: Option<Result<Message, axum::Error>>) -> Heard {
        let mut talk = self.talk();
        talk.heard = true;
        let heard = match received {
            Some(Ok(Message::Text(text))) => talk.hear(&self.app, text),
            Some(Ok(Message::Binary(_))) => Err(Close::bad_message("messages must be text")),
            // Their answers go out with the next reception; after a close, that is the end.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Close(_))) => Ok(Heard::Nothing),
            None => Err(Close::gone()),
            Some(Err(error)) => Err(Close::new(close_code::PROTOCOL, error.to_string())),
        };
        heard.unwrap_or_else(|close| {
            talk.close = Some(close);
            Heard::End
        })
    }

    /// What the client gets of a message of the library.
    pub fn say(&self, message: Message) -> Option<Message> {
        self.talk().say(message)
    }

    /// The answers to an operation. A request error ends them, and is said instead of `complete`.
    pub fn answers(
        self: &Arc<Self>,
        request: Request,
    ) -> impl Stream<Item = Answer> + Send + use<S> {
        let deadline = Instant::now() + self.app.config.limits.request_time;
        let principal = self.principal.get().cloned();
        let trace = traced::operation(&self.trace);
        let context = run::context(principal, self.languages.clone(), false, (deadline, trace));
        let guard = self.clone();
        // A shutdown closes the whole socket, so that clients know that there is more to come.
        run::answers(self.app.clone(), request, context, None, pending()).take_while(
            move |answer| {
                let is_data = answer.outcome == Outcome::Data;
                if !is_data {
                    guard.talk().refused = Some(answer.body.clone());
                }
                ready(is_data)
            },
        )
    }
}

impl Talk {
    fn hear<S>(&mut self, app: &App<S>, text: Utf8Bytes) -> Result<Heard, Close> {
        let said: Said = serde_json::from_str(&text)
            .map_err(|error| Close::bad_message(format!("Invalid message: {error}")))?;
        match (said.kind.as_str(), said.id) {
            ("connection_init", None) => self.acknowledged = true,
            ("ping" | "pong", None) => {}
            ("subscribe", Some(id)) => {
                let payload = said.payload.map_or("null", RawValue::get);
                if let Err(fault) = self.subscribe(app, &id, payload)? {
                    return Ok(Heard::Answer(error(&id, &fault.body())));
                }
            }
            ("complete", Some(id)) => {
                if self.running.remove(&id).is_none() {
                    return Ok(Heard::Nothing);
                }
            }
            _ => {
                let reason = "Invalid message: unknown type, or `id` missing or spare";
                return Err(Close::bad_message(reason));
            }
        }
        Ok(Heard::Carry(text))
    }

    fn subscribe<S>(
        &mut self,
        app: &App<S>,
        id: &str,
        payload: &str,
    ) -> Result<Result<(), Fault>, Close> {
        if !self.acknowledged {
            return Err(Close::new(4401, "Unauthorized"));
        }
        if self.running.contains_key(id) {
            let reason = format!("Subscriber for {id} already exists");
            return Err(Close::new(4409, reason));
        }
        let share = self.admit(app, payload);
        Ok(share.map(|share| drop(self.running.insert(id.to_owned(), share))))
    }

    fn admit<S>(&self, app: &App<S>, payload: &str) -> Result<Share, Fault> {
        let limit = app.config.limits.socket_operations;
        if self.running.len() >= limit {
            let message = format!("{limit} operations run already on this WebSocket");
            return Err(Fault::limit(StatusCode::TOO_MANY_REQUESTS, message)
                .hint("wait for some to complete, or open another WebSocket"));
        }
        let mut share = app.memory.share();
        share.grow(payload.len())?;
        envelope::parse_one(payload)?;
        carrier::check(payload).map_err(Fault::bad)?;
        Ok(share)
    }

    fn say(&mut self, message: Message) -> Option<Message> {
        match message {
            Message::Text(text) => self.say_text(text),
            Message::Close(frame) => {
                let denied = self.denied.take();
                self.close = denied.or_else(|| {
                    frame.map(|frame| match frame.code {
                        close_code::PROTOCOL => Close::bad_message(frame.reason.as_str()),
                        code => Close::new(code, frame.reason.as_str()),
                    })
                });
                None
            }
            other => Some(other),
        }
    }

    /// A `complete` becomes an `error` when it was one, and nothing when the client knows already.
    fn say_text(&mut self, text: Utf8Bytes) -> Option<Message> {
        let Some(id) = completed(&text) else {
            return Some(Message::Text(text));
        };
        self.running.remove(&id)?;
        match self.refused.take() {
            Some(answer) => Some(error(&id, &answer)),
            None => Some(Message::Text(text)),
        }
    }
}

/// Answers may be large: only what begins like a `complete` is read.
fn completed(text: &str) -> Option<String> {
    if !text.starts_with(r#"{"type":"complete""#) {
        return None;
    }
    let said = serde_json::from_str::<Said>(text).ok()?;
    said.id
}

/// The end of an operation by a request error: only the list of errors is sent.
fn error(id: &str, answer: &[u8]) -> Message {
    #[derive(Deserialize)]
    struct Errors<'a> {
        #[serde(borrow)]
        errors: &'a RawValue,
    }
    let errors = serde_json::from_slice(answer).map_or("[]", |answer: Errors| answer.errors.get());
    let id = serde_json::Value::from(id);
    Message::text(format!(
        r#"{{"id":{id},"type":"error","payload":{errors}}}"#
    ))
}
