//! Does the server keep its promises, over real sockets and with raw bytes?

mod admin;
mod attacks;
mod audits;
mod export;
mod fake;
mod http;
mod metrics;
mod shutdown;
mod socket;
mod subscriptions;
mod trust;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::config::{Limits, ServerConfig};
use super::{Serving, serve};
use fake::Fake;

/// Far beyond what any step of a test takes; only a failing test ever waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server of a fake service, and the means to stop it.
struct Server {
    fake: Arc<Fake>,
    address: SocketAddr,
    serving: Serving,
    stop: oneshot::Sender<()>,
}

/// A response, taken apart.
#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: String,
}

async fn start() -> Server {
    start_with(|_| {}).await
}

async fn start_limited(change: impl FnOnce(&mut Limits)) -> Server {
    start_with(|config| change(&mut config.limits)).await
}

async fn start_with(change: impl FnOnce(&mut ServerConfig)) -> Server {
    let mut config = ServerConfig::default();
    config.listen.set_port(0);
    // So that nothing is cancelled by time where a test means something else.
    config.limits.request_time = Duration::from_secs(3600);
    change(&mut config);
    let fake = Arc::new(Fake::default());
    let (stop, stopped) = oneshot::channel();
    let shutdown = async move { drop(stopped.await) };
    let serving = serve(fake.clone(), config, shutdown).await.unwrap();
    Server {
        fake,
        address: serving.address(),
        serving,
        stop,
    }
}

impl Server {
    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends bytes as they are and reads all that comes until the server closes.
    async fn send(&self, bytes: impl AsRef<[u8]>) -> Reply {
        let mut stream = self.connect().await;
        stream.write_all(bytes.as_ref()).await.unwrap();
        Reply::parse(&read_all(&mut stream).await)
    }

    /// A POST of JSON to `/graphql`, with further header lines.
    async fn post_with(&self, headers: &str, body: impl AsRef<[u8]>) -> Reply {
        let mut request = post_head(headers, body.as_ref().len()).into_bytes();
        request.extend_from_slice(body.as_ref());
        self.send(request).await
    }

    async fn post(&self, body: impl AsRef<[u8]>) -> Reply {
        self.post_with("content-type: application/json\r\n", body)
            .await
    }

    async fn get(&self, target: &str) -> Reply {
        self.get_with("", target).await
    }

    async fn get_with(&self, headers: &str, target: &str) -> Reply {
        let head = "host: localhost\r\nconnection: close\r\n";
        self.send(format!("GET {target} HTTP/1.1\r\n{head}{headers}\r\n"))
            .await
    }

    /// Proves that an attack has not harmed others.
    async fn still_serves(&self) {
        let reply = self.post(r#"{"query":"{ __typename }"}"#).await;
        assert_eq!(reply.body, r#"{"data":{"__typename":"Query"}}"#);
        assert_eq!(reply.status, 200);
    }
}

fn post_head(headers: &str, length: usize) -> String {
    let fixed = "host: localhost\r\nconnection: close\r\n";
    format!("POST /graphql HTTP/1.1\r\n{fixed}content-length: {length}\r\n{headers}\r\n")
}

/// All bytes until the end; a reset counts as the end.
async fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let reading = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    let _closed_or_reset = reading.expect("the server never closed the connection");
    bytes
}

impl Reply {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .unwrap_or(0);
        Self {
            status,
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {self:?}"))
    }

    /// Status and code of a refusal, which must also have a message.
    #[track_caller]
    fn refusal(&self) -> (u16, String) {
        let error = &self.json()["errors"][0];
        assert!(error["message"].is_string(), "{self:?}");
        (
            self.status,
            error["extensions"]["code"].as_str().unwrap().to_owned(),
        )
    }

    #[track_caller]
    fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(self.refusal(), (status, code.to_owned()), "{self:?}");
    }
}
