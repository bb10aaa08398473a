//! Who may have a backup, and is one that breaks off told from a whole one?

use std::sync::atomic::Ordering;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Reply, start, start_with};

const ASK: &str = "POST /admin/backup HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
const JSON: &str = "content-type: application/json\r\ncontent-length: 2\r\n";

fn ask(headers: &str) -> String {
    format!("{ASK}{JSON}{headers}\r\n{{}}")
}

#[tokio::test]
async fn a_backup_is_a_stream_that_ends_well() {
    let server = start().await;
    let reply = server.send(ask("")).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert!(reply.body.ends_with("\r\n0\r\n\r\n"), "the last chunk");
    let bytes = reply.body.matches("backup").count();
    assert!(bytes >= 19_900, "{bytes}");
}

#[tokio::test]
async fn a_backup_that_fails_breaks_off() {
    let server = start().await;
    server.fake.unready.store(true, Ordering::Relaxed);
    let reply = server.send(ask("")).await;
    assert_eq!(reply.status, 200);
    assert!(!reply.body.ends_with("\r\n0\r\n\r\n"));
    server.fake.unready.store(false, Ordering::Relaxed);
    assert!(server.send(ask("")).await.body.ends_with("0\r\n\r\n"));
}

#[tokio::test]
async fn nobody_else_may_ask() {
    let server = start_with(|config| config.cors_origins = vec!["*".to_owned()]).await;
    let plain = ask("").replace("application/json", "text/plain");
    for (request, status) in [
        (ask("origin: https://example.org\r\n"), 403),
        (plain, 415),
        (ask("").replace("POST", "GET"), 405),
        (ask("").replace("{}", "[]"), 400),
        (ask("").replace("host: localhost", "host: example.org"), 403),
    ] {
        let reply: Reply = server.send(&request).await;
        assert_eq!(reply.refusal().0, status, "{request}");
    }
    server.still_serves().await;
}

#[tokio::test]
async fn one_backup_at_a_time() {
    let server = start().await;
    // More than the system takes where nobody reads.
    server.fake.backup_pieces.store(1000, Ordering::Relaxed);
    let mut first = server.connect().await;
    first.write_all(ask("").as_bytes()).await.unwrap();
    first.read_exact(&mut [0]).await.unwrap();
    let reply = server.send(ask("")).await;
    reply.assert_refused(503, "LIMIT_EXCEEDED");
    drop(first);
    server.fake.backup_pieces.store(0, Ordering::Relaxed);
    while server.send(ask("")).await.status != 200 {
        tokio::task::yield_now().await;
    }
}
