//! Requests meant to harm: each is refused or dropped, and the server goes on serving.

use std::time::Duration;

use tokio::io::AsyncWriteExt;

use super::{Reply, Server, post_head, read_all, start, start_limited};

const JSON: &str = "content-type: application/json\r\n";
const SHORT: Duration = Duration::from_millis(200);

/// A server that takes one connection at a time: whoever blocks it blocks all.
async fn start_narrow() -> Server {
    start_limited(|limits| {
        limits.connections = 1;
        limits.head_time = SHORT;
        limits.request_time = SHORT;
        limits.write_time = SHORT;
    })
    .await
}

#[tokio::test]
async fn huge_and_countless_headers() {
    let server = start().await;
    let huge = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\na: {}\r\n\r\n",
        "x".repeat(40_000)
    );
    assert_eq!(server.send(huge).await.status, 431);
    let many = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\n{}\r\n",
        "a: b\r\n".repeat(200)
    );
    assert_eq!(server.send(many).await.status, 431);
    let long = format!("GET /graphql?query={} HTTP/1.1\r\n\r\n", "x".repeat(70_000));
    assert!(matches!(server.send(long).await.status, 414 | 431));
    server.still_serves().await;
}

#[tokio::test]
async fn a_head_that_never_ends() {
    let server = start_narrow().await;
    for part in [
        "",
        "G",
        "GET / HTTP/1.1\r\nhost: loc",
        "POST /graphql HTTP/1.1\r\na: b\r\n",
    ] {
        let mut slow = server.connect().await;
        slow.write_all(part.as_bytes()).await.unwrap();
        server.still_serves().await;
        assert_ne!(Reply::parse(&read_all(&mut slow).await).status, 200);
    }
}

#[tokio::test]
async fn a_body_that_never_ends() {
    let server = start_narrow().await;
    let mut slow = server.connect().await;
    slow.write_all(post_head(JSON, 100).as_bytes())
        .await
        .unwrap();
    slow.write_all(b"{\"query\"").await.unwrap();
    Reply::parse(&read_all(&mut slow).await).assert_refused(408, "TIMEOUT");
    server.still_serves().await;
}

#[tokio::test]
async fn a_body_that_breaks_off() {
    let server = start().await;
    let mut half = server.connect().await;
    half.write_all(post_head(JSON, 100).as_bytes())
        .await
        .unwrap();
    half.write_all(b"{\"query\"").await.unwrap();
    half.shutdown().await.unwrap();
    assert_ne!(Reply::parse(&read_all(&mut half).await).status, 200);
    server.still_serves().await;
}

#[tokio::test]
async fn bodies_over_the_limit() {
    let server = start().await;
    let body = format!(r#"{{"query":"{}"}}"#, "x".repeat(2 << 20));
    server
        .post(&body)
        .await
        .assert_refused(413, "LIMIT_EXCEEDED");
    let head = "POST /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n";
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(65_536)).repeat(20);
    let chunked = format!("{head}{JSON}transfer-encoding: chunked\r\n\r\n{chunk}0\r\n\r\n");
    server
        .send(chunked)
        .await
        .assert_refused(413, "LIMIT_EXCEEDED");
    server
        .send(post_head(JSON, usize::MAX / 4))
        .await
        .assert_refused(413, "LIMIT_EXCEEDED");
    server.still_serves().await;
}

#[tokio::test]
async fn bodies_over_the_common_memory() {
    let server = start_limited(|limits| limits.requests_bytes = 64 << 10).await;
    let body = format!(r#"{{"query":"{}"}}"#, "x".repeat(500 << 10));
    server
        .post(&body)
        .await
        .assert_refused(503, "LIMIT_EXCEEDED");
    server.still_serves().await;
}

#[tokio::test]
async fn deep_json() {
    let server = start().await;
    let deep = |open: &str| open.repeat(200_000 / open.len());
    for body in [
        deep("["),
        deep("{\"a\":"),
        format!(r#"{{"query":{}"#, deep("[")),
        format!(r#"{{"query":"{{a}}","x":{}"#, deep("[")),
        format!(r#"{{"query":"{{a}}","variables":{}"#, deep("{\"a\":")),
        format!(
            r#"{{"query":"{{a}}","variables":{}{}}}"#,
            deep("["),
            "]".repeat(200_000)
        ),
        format!("[{}{}]", deep("["), "]".repeat(200_000)),
    ] {
        let reply = server.post(&body).await;
        assert!(reply.body.contains("BAD_USER_INPUT"), "{}", reply.body);
    }
    server.still_serves().await;
}

#[tokio::test]
async fn huge_batches() {
    let server = start().await;
    let batch = |count: usize| format!("[{}{{}}]", r#"{"query":"{a}"},"#.repeat(count - 1));
    assert_eq!(server.post(batch(10)).await.status, 200);
    server
        .post(batch(11))
        .await
        .assert_refused(400, "LIMIT_EXCEEDED");
    server
        .post(format!("[{}0]", "0,".repeat(500_000)))
        .await
        .assert_refused(400, "LIMIT_EXCEEDED");
    server.still_serves().await;
}

#[tokio::test]
async fn bytes_that_are_not_http() {
    let server = start().await;
    let garbage: [&[u8]; 8] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: local\0host\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: localhost\r\n: empty\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n{}",
        b"POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: -1\r\n\r\n",
    ];
    for bytes in garbage {
        let reply = server.send(bytes).await;
        assert!(!(200..400).contains(&reply.status), "{reply:?}");
    }
    let chunked = format!(
        "host: localhost\r\n{JSON}transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n"
    );
    let reply = server
        .send(format!("POST /graphql HTTP/1.1\r\n{chunked}"))
        .await;
    assert!(!(200..400).contains(&reply.status), "{reply:?}");
    server.still_serves().await;
}

#[tokio::test]
async fn an_ambiguous_length_ends_the_connection() {
    let server = start().await;
    let head =
        format!("host: localhost\r\n{JSON}content-length: 4\r\ntransfer-encoding: chunked\r\n\r\n");
    let smuggled = "0\r\n\r\nGET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut stream = server.connect().await;
    stream
        .write_all(format!("POST /graphql HTTP/1.1\r\n{head}{smuggled}").as_bytes())
        .await
        .unwrap();
    stream.shutdown().await.unwrap();
    let all = String::from_utf8(read_all(&mut stream).await).unwrap();
    assert!(!all.contains("live\n"), "{all}");
    server.still_serves().await;
}

#[tokio::test]
async fn a_client_that_takes_no_answer() {
    let server = start_narrow().await;
    let body = r#"{"query":"{ big }"}"#;
    let mut deaf = server.connect().await;
    let request = post_head(JSON, body.len()) + body;
    deaf.write_all(request.as_bytes()).await.unwrap();
    server.still_serves().await;
    assert!(read_all(&mut deaf).await.len() < 16 << 20);
}

#[tokio::test]
async fn a_flood_of_connections() {
    let server = start_limited(|limits| {
        limits.connections = 20;
        limits.head_time = Duration::from_secs(1);
    })
    .await;
    let mut flood = Vec::new();
    for _ in 0..100 {
        flood.push(server.connect().await);
    }
    server.still_serves().await;
}

#[tokio::test]
async fn a_thousand_requests_at_once_on_one_connection() {
    let server = start().await;
    let one = "GET /graphql?query={a} HTTP/1.1\r\nhost: localhost\r\n\r\n";
    let mut stream = server.connect().await;
    let (mut reading, mut writing) = stream.split();
    let last = one.replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    let requests = one.repeat(999) + &last;
    let write = async {
        writing.write_all(requests.as_bytes()).await.unwrap();
    };
    let mut answers = String::new();
    let read = tokio::io::AsyncReadExt::read_to_string(&mut reading, &mut answers);
    let (_, read) = tokio::join!(write, read);
    read.unwrap();
    assert_eq!(
        answers
            .matches(r#"{"data":{"__typename":"Query"}}"#)
            .count(),
        1000
    );
}
