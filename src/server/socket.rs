//! How is GraphQL spoken over a WebSocket?
//!
//! async-graphql-axum speaks the protocol `graphql-transport-ws`; here are the upgrade, the clocks
//! and the goodbye. What the library lacks of the protocol is in `socket_guard`. One task per socket;
//! it reads no further while the client does not take its answers.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use async_graphql_axum::{GraphQLProtocol, GraphQLWebSocket};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use futures_util::stream::{self, SplitSink, SplitStream};
use futures_util::{FutureExt, SinkExt, Stream, StreamExt, sink};
use http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};
use http::request::Parts;
use http::{Response, StatusCode};
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, sleep, timeout};

use super::fault::Fault;
use super::reply::MediaType;
use super::socket_guard::{Close, Guard, Heard};
use super::{App, credentials, negotiate, traced};
use crate::api::carrier::Operations;
use crate::api::service::Service;

const PROTOCOL: &str = "graphql-transport-ws";

/// How long a client may take to answer our goodbye.
const FAREWELL_TIME: Duration = Duration::from_secs(2);

/// Answers the request to change to a WebSocket.
pub async fn upgrade<S: Service>(app: &Arc<App<S>>, head: &mut Parts) -> Response<Body> {
    match accept(app, head).await {
        Ok(switching) => switching,
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
    // The library would take the first that it knows, whatever was agreed on.
    let agreed = upgrade.selected_protocol().ok_or_else(no_protocol)?.clone();
    head.headers.insert(SEC_WEBSOCKET_PROTOCOL, agreed);
    let protocol = GraphQLProtocol::from_request_parts(head, &()).await;
    let protocol = protocol.map_err(|_| no_protocol())?;
    let permit = app.sockets.clone().try_acquire_owned();
    let permit = permit.map_err(|_| too_many(app))?;
    let principal = match head.headers.contains_key(AUTHORIZATION) {
        true => credentials::of_headers(app, &head.headers).await?,
        false => None,
    };
    let languages = negotiate::languages(&head.headers);
    let guard = Guard::new(app.clone(), principal, (languages, traced::of(head)));
    Ok(upgrade.on_upgrade(async move |socket| {
        run(Arc::new(guard), protocol, socket).await;
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

fn no_protocol() -> Fault {
    Fault::bad("the WebSocket offers no protocol that is spoken here")
        .hint("offer the protocol `graphql-transport-ws`")
}

fn too_many<S>(app: &App<S>) -> Fault {
    let message = format!(
        "all {} WebSocket connections are taken",
        app.config.limits.sockets
    );
    Fault::limit(StatusCode::SERVICE_UNAVAILABLE, message).hint("try again later")
}

async fn run<S: Service>(guard: Arc<Guard<S>>, protocol: GraphQLProtocol, socket: WebSocket) {
    let (mut to_client, mut from_client) = socket.split();
    let Close(code, reason) = talk(&guard, protocol, &mut to_client, &mut from_client).await;
    if code != Close::GONE {
        let farewell = Message::Close(Some(CloseFrame { code, reason }));
        let _ = timeout(FAREWELL_TIME, part(to_client, from_client, farewell)).await;
    }
}

/// The conversation up to its end; then all its operations are cancelled.
async fn talk<S: Service>(
    guard: &Arc<Guard<S>>,
    protocol: GraphQLProtocol,
    to_client: &mut SplitSink<WebSocket, Message>,
    from_client: &mut SplitStream<WebSocket>,
) -> Close {
    let limits = &guard.app.config.limits;
    let (outbox, mut outgoing) = mpsc::channel(1);
    let mut carried = std::pin::pin!(carried(guard, protocol, from_client, outbox).fuse());
    let mut init = std::pin::pin!(sleep(limits.socket_init_time));
    let first_ping = Instant::now() + limits.socket_ping_time;
    let mut ping = interval_at(first_ping, limits.socket_ping_time);
    let mut stopped = std::pin::pin!(guard.app.stopped());
    loop {
        let message = tokio::select! {
            () = carried.as_mut() => continue,
            message = outgoing.recv() => match message {
                Some(message) => message,
                None => return guard.closing(),
            },
            () = init.as_mut(), if !guard.is_acknowledged() => {
                return Close::new(4408, "Connection initialisation timeout");
            }
            _ = ping.tick() => match guard.was_heard() {
                true => Message::Ping(Default::default()),
                false => return Close::gone(),
            },
            () = stopped.as_mut() => {
                return Close::new(close_code::AWAY, "the server is shutting down");
            }
        };
        if to_client.send(message).await.is_err() {
            return Close::gone();
        }
    }
}

/// The protocol itself, between what the guard lets in and what it lets out.
async fn carried<S: Service>(
    guard: &Arc<Guard<S>>,
    protocol: GraphQLProtocol,
    from_client: &mut SplitStream<WebSocket>,
    outbox: mpsc::Sender<Message>,
) {
    let incoming = incoming(guard, from_client, outbox.clone());
    let outgoing = sink::unfold(outbox, async |outbox, message| {
        if let Some(message) = guard.say(message) {
            outbox.send(message).await?;
        }
        Ok::<_, mpsc::error::SendError<Message>>(outbox)
    });
    let answering = guard.clone();
    let operations = Operations(move |request| answering.answers(request));
    let asking = guard.clone();
    GraphQLWebSocket::new_with_pair(outgoing, incoming, operations, protocol)
        .on_connection_init(async move |payload| asking.meet(&payload).await)
        .on_ping(|_, payload| ready(Ok(payload)))
        .serve()
        .await;
}

fn incoming<S: Service>(
    guard: &Arc<Guard<S>>,
    from_client: &mut SplitStream<WebSocket>,
    outbox: mpsc::Sender<Message>,
) -> impl Stream<Item = Result<Message, axum::Error>> {
    stream::unfold((from_client, outbox), async |(from_client, outbox)| {
        loop {
            match guard.hear(from_client.next().await) {
                Heard::Carry(text) => {
                    return Some((Ok(Message::Text(text)), (from_client, outbox)));
                }
                Heard::Answer(message) => outbox.send(message).await.ok()?,
                Heard::Nothing => {}
                Heard::End => return None,
            }
        }
    })
}

/// Says goodbye and hears the client out, so that it gets to read the close code.
async fn part(
    mut to_client: SplitSink<WebSocket, Message>,
    mut from_client: SplitStream<WebSocket>,
    farewell: Message,
) {
    if to_client.send(farewell).await.is_ok() {
        while let Some(Ok(_)) = from_client.next().await {}
    }
}
