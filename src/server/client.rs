//! How does a command ask a running server? Plain HTTP, one request. Not for: GraphQL.

use std::io::Write;
use std::time::Duration;

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a server may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Has the server at this address (`http://host:port`) write a backup.
///
/// # Errors
/// Why there is none, for people; what was written by then is no whole backup.
pub async fn backup(
    server: &str,
    token: Option<&str>,
    to: &mut (dyn Write + Send),
) -> Result<(), String> {
    let mut body = asked(server, token).await?;
    let off = |why: String| format!("{server} broke off the backup: {why}\nits log says more");
    while let Some(frame) = patiently(body.frame()).await? {
        let frame = frame.map_err(|error| off(error.to_string()))?;
        if let Ok(bytes) = frame.into_data() {
            let written = to.write_all(&bytes);
            written.map_err(|error| format!("write the backup: {error}"))?;
        }
    }
    Ok(())
}

/// The body of a good answer.
async fn asked(server: &str, token: Option<&str>) -> Result<Incoming, String> {
    let wrong =
        || format!("`{server}` is no address of a server: give one as http://127.0.0.1:8080");
    let uri: Uri = server.parse().map_err(|_| wrong())?;
    let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(wrong());
    };
    let host = authority.host().trim_matches(['[', ']']);
    let port = authority.port_u16().unwrap_or(80);
    let refused = |error: &dyn std::fmt::Display| {
        format!("no server answers at {server}: {error}\nname another with --server")
    };
    let stream = patiently(TcpStream::connect((host, port))).await?;
    let stream = stream.map_err(|error| refused(&error))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| refused(&error))?;
    tokio::spawn(connection);
    let mut request = Request::post(super::admin::BACKUP)
        .header(HOST, authority.as_str())
        .header(CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Full::new(Bytes::from_static(b"{}")));
    let request = request.map_err(|_| "the token has bytes that none can have".to_owned())?;
    let answer = patiently(sender.send_request(request)).await?;
    let answer = answer.map_err(|error| refused(&error))?;
    match answer.status() {
        StatusCode::OK => Ok(answer.into_body()),
        status => Err(told(server, status, answer.into_body()).await),
    }
}

async fn patiently<T>(work: impl Future<Output = T>) -> Result<T, String> {
    let silent = |_| "the server said nothing for a minute".to_owned();
    timeout(PATIENCE, work).await.map_err(silent)
}

/// What a refusal says.
async fn told(server: &str, status: StatusCode, body: Incoming) -> String {
    let limited = http_body_util::Limited::new(body, 64 << 10);
    let body = patiently(limited.collect()).await;
    let bytes = body.ok().and_then(Result::ok).map(|all| all.to_bytes());
    let answer: Option<serde_json::Value> =
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let error = answer.as_ref().map(|answer| &answer["errors"][0]);
    let message = error.and_then(|error| error["message"].as_str());
    let hint = error.and_then(|error| error["extensions"]["hint"].as_str());
    let hint = hint.map(|hint| format!("\n{hint}")).unwrap_or_default();
    format!(
        "{server} refuses ({status}): {}{hint}",
        message.unwrap_or("it gives no reason")
    )
}
