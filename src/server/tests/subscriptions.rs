//! Answers that go on: over a WebSocket and as server-sent events, until one side has enough.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::wire::{Client, Frame};
use super::{PATIENCE, Server, post_head, read_all, start, start_limited};

const TICKS: &str = "subscription { ticks }";
const ACCEPT: &str = "content-type: application/json\r\naccept: text/event-stream\r\n";

/// A reader of server-sent events that has subscribed.
async fn events(server: &Server, query: &str) -> TcpStream {
    let body = json!({ "query": query }).to_string();
    let mut stream = server.connect().await;
    let request = post_head(ACCEPT, body.len()) + &body;
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads until a text has come.
async fn read_until(stream: &mut TcpStream, wanted: &str) -> String {
    let mut bytes = Vec::new();
    let reading = async {
        while !String::from_utf8_lossy(&bytes).contains(wanted) {
            bytes.push(stream.read_u8().await.unwrap());
        }
    };
    timeout(PATIENCE, reading).await.expect(wanted);
    String::from_utf8(bytes).unwrap()
}

async fn gone(server: &Server) {
    let leaving = async {
        while server.fake.tick(0) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, leaving).await.expect("never ended");
    assert!(server.fake.is_cancelled(0));
}

#[tokio::test]
async fn a_websocket_gets_every_answer_until_it_completes() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("a", TICKS).await;
    server.fake.begun.notified().await;
    for number in 1..=3 {
        assert!(server.fake.tick(number));
        let payload = json!({ "data": { "ticks": number } });
        let next = json!({ "id": "a", "type": "next", "payload": payload });
        assert_eq!(client.hear_json().await, next);
    }
    client.subscribe("b", "{ __typename }").await;
    assert_eq!(client.hear_json().await["id"], "b");
    assert_eq!(client.hear_json().await["type"], "complete");
    client.say(r#"{"id":"a","type":"complete"}"#).await;
    gone(&server).await;
}

#[tokio::test]
async fn a_subscriber_that_lags_is_told_and_ended() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("a", TICKS).await;
    server.fake.begun.notified().await;
    server.fake.tick(1);
    server.fake.lag();
    assert_eq!(client.hear_json().await["type"], "next");
    let error = client.hear_json().await;
    assert_eq!(error["type"], "error");
    assert_eq!(error["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
    client.subscribe("a", "subscription { no }").await;
    assert_eq!(client.hear_json().await["type"], "error");
    client.subscribe("a", "subscription { panics }").await;
    let error = client.hear_json().await;
    assert_eq!(error["payload"][0]["extensions"]["code"], "INTERNAL");
}

#[tokio::test]
async fn subscriptions_are_not_bound_to_the_time_of_a_request() {
    let server = start_limited(|limits| limits.request_time = Duration::from_millis(1)).await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("a", TICKS).await;
    server.fake.begun.notified().await;
    client.subscribe("b", "{ wait }").await;
    let late = client.hear_json().await;
    assert_eq!(late["payload"][0]["extensions"]["code"], "TIMEOUT");
    server.fake.tick(1);
    assert_eq!(client.hear_json().await["id"], "a");
}

#[tokio::test]
async fn a_shutdown_ends_subscriptions() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("a", TICKS).await;
    server.fake.begun.notified().await;
    let mut stream = events(&server, TICKS).await;
    server.fake.begun.notified().await;
    server.stop.send(()).unwrap();
    match client.hear().await {
        Frame::Close(code, _) => assert_eq!(code, 1001),
        other => panic!("{other:?}"),
    }
    let heard = String::from_utf8(read_all(&mut stream).await).unwrap();
    assert!(heard.contains("event: complete\ndata:\n\n"), "{heard}");
    timeout(PATIENCE, server.serving.finished())
        .await
        .expect("never finished");
}

#[tokio::test]
async fn a_reader_of_events_gets_every_answer() {
    let server = start().await;
    let mut stream = events(&server, TICKS).await;
    server.fake.begun.notified().await;
    for number in 1..=3 {
        server.fake.tick(number);
        let next = format!("event: next\ndata: {{\"data\":{{\"ticks\":{number}}}}}\n\n");
        read_until(&mut stream, &next).await;
    }
    server.fake.lag();
    let rest = String::from_utf8(read_all(&mut stream).await).unwrap();
    let places = ["LIMIT_EXCEEDED", "event: complete\ndata:\n\n"].map(|text| rest.find(text));
    assert!(places[0].is_some() && places[0] < places[1], "{rest}");
}

#[tokio::test]
async fn events_have_comments_while_nothing_happens() {
    let server = start_limited(|limits| limits.event_ping_time = Duration::from_millis(1)).await;
    let mut stream = events(&server, TICKS).await;
    server.fake.begun.notified().await;
    read_until(&mut stream, ":\n\n").await;
    server.fake.tick(1);
    read_until(&mut stream, "\"ticks\":1").await;
}

#[tokio::test]
async fn a_reader_that_leaves_ends_its_subscription() {
    let server = start().await;
    let stream = events(&server, TICKS).await;
    server.fake.begun.notified().await;
    assert!(!server.fake.flags.lock().unwrap()[0].load(Ordering::Relaxed));
    drop(stream);
    gone(&server).await;
}
