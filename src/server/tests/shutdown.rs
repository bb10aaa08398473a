//! Cancellation, time limits, and the end.

use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::{PATIENCE, Reply, post_head, read_all, start, start_limited};

const WAIT: &str = r#"{"query":"{ wait }"}"#;

fn wait_request() -> String {
    post_head("content-type: application/json\r\n", WAIT.len()) + WAIT
}

#[tokio::test]
async fn a_client_that_leaves_cancels_its_request() {
    let server = start().await;
    let mut stream = server.connect().await;
    stream.write_all(wait_request().as_bytes()).await.unwrap();
    server.fake.begun.notified().await;
    let flag = server.fake.flags.lock().unwrap()[0].clone();
    assert!(!flag.load(Ordering::Relaxed));
    drop(stream);
    let cancelled = async {
        while !flag.load(Ordering::Relaxed) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, cancelled).await.expect("never cancelled");
}

#[tokio::test]
async fn a_request_over_its_time_is_cancelled_and_told() {
    let server = start_limited(|limits| limits.request_time = Duration::from_millis(200)).await;
    let reply = server.post(WAIT).await;
    reply.assert_refused(503, "TIMEOUT");
    assert!(server.fake.is_cancelled(0));
    let batch = format!("[{WAIT},{WAIT}]");
    let answers = server.post(batch).await.json();
    assert_eq!(answers[1]["errors"][0]["extensions"]["code"], "TIMEOUT");
    server.still_serves().await;
}

#[tokio::test]
async fn a_shutdown_lets_running_requests_finish() {
    let server = start().await;
    let mut running = server.connect().await;
    running.write_all(wait_request().as_bytes()).await.unwrap();
    server.fake.begun.notified().await;
    let idle = server.connect().await;
    server.stop.send(()).unwrap();
    let mut idle = idle;
    assert!(read_all(&mut idle).await.is_empty());
    server.fake.release.notify_one();
    let reply = Reply::parse(&read_all(&mut running).await);
    assert_eq!(reply.body, r#"{"data":{"wait":true}}"#);
    timeout(PATIENCE, server.serving.finished())
        .await
        .expect("never finished");
    assert!(
        tokio::net::TcpStream::connect(server.address)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_shutdown_does_not_wait_forever() {
    let server = start_limited(|limits| limits.shutdown_time = Duration::from_millis(30)).await;
    let mut running = server.connect().await;
    running.write_all(wait_request().as_bytes()).await.unwrap();
    server.fake.begun.notified().await;
    server.stop.send(()).unwrap();
    timeout(PATIENCE, server.serving.finished())
        .await
        .expect("never finished");
    assert!(read_all(&mut running).await.is_empty());
    assert!(server.fake.is_cancelled(0));
}
