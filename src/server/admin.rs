//! What may only those ask who run the server? A backup, so far.
//!
//! Not for GraphQL, whose rules decide record by record.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use http::header::{CACHE_CONTROL, HeaderValue};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::Instant;

use super::fault::Fault;
use super::reply::{self, MediaType};
use super::{App, body, credentials, negotiate};
use crate::api::service::Service;

/// The path of backups.
pub const BACKUP: &str = "/admin/backup";

/// Bytes of a piece, and how many of them wait until the client takes them.
const PIECE: usize = 64 << 10;
const WAITING: usize = 4;

/// Lets only those on who run the server: the role `admin`, or, as long as nobody has to say who they
/// are, whoever is on the same machine.
async fn admit<S>(app: &App<S>, local: SocketAddr, headers: &HeaderMap) -> Result<(), Fault> {
    if app.config.door.is_some() {
        return credentials::for_admin(app, headers).await;
    }
    if local.ip().is_loopback() {
        return Ok(());
    }
    let wrong =
        Fault::forbidden("this server knows no roles: it is administered on its machine only");
    Err(wrong.hint("ask it there, at a loopback address, or serve with `--access`"))
}

/// The refusal for pages of other sites, whatever they may ask else.
pub fn foreign() -> Fault {
    Fault::forbidden("a server is not administered by pages of other sites")
}

/// `POST /admin/backup`: everything that is kept, as a stream that ends with an end mark.
pub async fn backup<S: Service>(
    app: &Arc<App<S>>,
    local: SocketAddr,
    request: Request<Body>,
) -> Response<Body> {
    match begun(app, local, request).await {
        Ok(response) => response,
        Err(fault) => fault.response(MediaType::Json),
    }
}

async fn begun<S: Service>(
    app: &Arc<App<S>>,
    local: SocketAddr,
    request: Request<Body>,
) -> Result<Response<Body>, Fault> {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return Err(Fault::method("a backup is asked for by POST", "POST"));
    }
    negotiate::check_content(&head.headers)?;
    admit(app, local, &head.headers).await?;
    let limits = &app.config.limits;
    let deadline = Instant::now() + limits.request_time;
    let (asked, _) = body::read(body, limits, &app.memory, deadline).await?;
    if !matches!(serde_json::from_slice(&asked), Ok(serde_json::Value::Object(all)) if all.is_empty())
    {
        return Err(Fault::bad("the body is `{}`: a backup takes no options"));
    }
    let one = app.backups.clone().try_acquire_owned();
    let one = one.map_err(|_| {
        let busy = StatusCode::SERVICE_UNAVAILABLE;
        Fault::limit(busy, "another backup is being taken").hint("ask again when it is done")
    })?;
    let (pieces, taken) = channel(WAITING);
    let service = app.service.clone();
    tokio::task::spawn_blocking(move || {
        let _one = one;
        write(&*service, pieces);
    });
    let bytes = HeaderValue::from_static("application/octet-stream");
    let mut response = reply::stream(bytes, Body::from_stream(all(taken)));
    let fresh = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, fresh);
    Ok(response)
}

/// Writes a backup; after a failure the answer breaks off.
fn write<S: Service>(service: &S, to: Sender<io::Result<Bytes>>) {
    let mut pieces = Pieces {
        gathered: BytesMut::with_capacity(PIECE),
        to,
    };
    let written = service.backup(&mut pieces);
    let written = written.and_then(|()| pieces.flush().map_err(|error| error.to_string()));
    if let Err(error) = written {
        tracing::warn!(%error, "a backup broke off");
        // If the client has left, nobody need be told.
        let _ = pieces.to.blocking_send(Err(io::Error::other(error)));
    }
}

fn all(taken: Receiver<io::Result<Bytes>>) -> impl stream::Stream<Item = io::Result<Bytes>> {
    stream::unfold(taken, |mut taken| async {
        let piece = taken.recv().await?;
        Some((piece, taken))
    })
}

/// Hands bytes to the connection, and waits while it cannot take more.
struct Pieces {
    gathered: BytesMut,
    to: Sender<io::Result<Bytes>>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.gathered.is_empty() {
            return Ok(());
        }
        let piece = self.gathered.split().freeze();
        let sent = self.to.blocking_send(Ok(piece));
        sent.map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the client left"))
    }
}
