//! How do spans get to a collector? One plain HTTP request a batch. Not for: which spans (`trace`).
//!
//! A collector that is away, or says no, costs the spans of that time and one warning.

use async_trait::async_trait;
use http::header::HOST;
use http::{HeaderValue, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::timeout;

/// How long a collector may take for a batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a collector may answer.
const ANSWER: usize = 64 << 10;

/// The way to a collector.
#[derive(Debug)]
pub(super) struct Collector {
    runtime: Handle,
    is_away: AtomicBool,
}

impl Collector {
    pub(super) fn new(runtime: Handle) -> Self {
        Self {
            runtime,
            is_away: AtomicBool::new(false),
        }
    }

    /// Tells of a change, not of each failure.
    fn tell(&self, to: &Uri, wrong: Option<&str>) {
        let was_away = self.is_away.swap(wrong.is_some(), Ordering::Relaxed);
        match wrong {
            Some(wrong) if !was_away => tracing::warn!(
                "traces are lost: the collector {to} does not take them: {wrong}; \
                 nothing more is said until it does"
            ),
            None if was_away => tracing::info!("the collector {to} takes traces again"),
            _ => {}
        }
    }
}

#[async_trait]
impl HttpClient for Collector {
    /// Polled by a thread that knows no runtime: the work is done on ours.
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let to = request.uri().clone();
        let sending = async { timeout(PATIENCE, send(request)).await };
        let sent = self.runtime.spawn(sending);
        let answer = match sent.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_elapsed)) => Err("it says nothing".into()),
            Err(gone) => Err(gone.into()),
        };
        let wrong = match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(refusal(answer.status())),
            Err(error) => Some(error.to_string()),
        };
        self.tell(&to, wrong.as_deref());
        answer
    }
}

fn refusal(status: StatusCode) -> String {
    format!("it answers {status}")
}

async fn send(request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
    let (mut head, body) = request.into_parts();
    let authority = head.uri.authority().ok_or("the URL names no host")?.clone();
    let host = authority.host().trim_matches(['[', ']']);
    let port = authority.port_u16().unwrap_or(80);
    let stream = TcpStream::connect((host, port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    head.headers
        .insert(HOST, HeaderValue::from_str(authority.as_str())?);
    let path = head.uri.path_and_query().ok_or("the URL has no path")?;
    head.uri = path.as_str().parse()?;
    let answer = sender
        .send_request(Request::from_parts(head, Full::new(body)))
        .await?;
    let (head, body) = answer.into_parts();
    let body = Limited::new(body, ANSWER).collect().await?;
    Ok(Response::from_parts(head, body.to_bytes()))
}
