//! The WebSocket protocol, frame by frame.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::wire::{ACK, Client, Frame, INIT, PROTOCOL, handshake};
use super::{PATIENCE, Server, start, start_limited, start_with};

#[tokio::test]
async fn an_operation_is_answered_and_completed() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("a\"b", "{ __typename }").await;
    let payload = json!({ "data": { "__typename": "Query" } });
    let next = json!({ "id": "a\"b", "type": "next", "payload": payload });
    assert_eq!(client.hear_json().await, next);
    let complete = json!({ "id": "a\"b", "type": "complete" });
    assert_eq!(client.hear_json().await, complete);
    client.subscribe("a\"b", "mutation { __typename }").await;
    assert_eq!(client.hear_json().await["type"], "next");
}

#[tokio::test]
async fn of_several_protocols_the_agreed_one_is_spoken() {
    let server = start().await;
    let both = "sec-websocket-protocol: graphql-ws, graphql-transport-ws\r\n";
    let (reply, stream) = handshake(&server, both).await;
    let agreed = reply.header("sec-websocket-protocol");
    assert_eq!(agreed, Some("graphql-transport-ws"));
    let mut client = Client { stream };
    client.say(INIT).await;
    client.say(INIT).await;
    assert_eq!(client.hear().await, Frame::Text(ACK.into()));
    client.assert_closed(4429).await;
}

#[tokio::test]
async fn a_refused_document_ends_its_operation_only() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("1", "{").await;
    let error = client.hear_json().await;
    assert_eq!(
        (error["type"].clone(), error["id"].clone()),
        (json!("error"), json!("1"))
    );
    assert_eq!(
        error["payload"][0]["extensions"]["code"],
        "GRAPHQL_PARSE_FAILED"
    );
    client
        .say(r#"{"id":"1","type":"subscribe","payload":{"query":3}}"#)
        .await;
    assert_eq!(
        client.hear_json().await["payload"][0]["extensions"]["code"],
        "BAD_USER_INPUT"
    );
    client.subscribe("1", "{ panic }").await;
    assert_eq!(
        client.hear_json().await["payload"][0]["extensions"]["code"],
        "INTERNAL"
    );
    client.subscribe("1", "{ __typename }").await;
    assert_eq!(client.hear_json().await["type"], "next");
}

#[tokio::test]
async fn pings_are_answered() {
    let server = start().await;
    let mut client = Client::open(&server).await;
    client.say(r#"{"type":"ping","payload":{"a":1}}"#).await;
    let pong = client.hear().await;
    assert_eq!(
        pong,
        Frame::Text(r#"{"type":"pong","payload":{"a":1}}"#.into())
    );
    client.frame(0x89, b"x").await;
    assert_eq!(client.hear().await, Frame::Pong);
}

#[tokio::test]
async fn breaches_of_the_protocol_close_with_its_codes() {
    let server = start().await;
    let subscribe = r#"{"id":"1","type":"subscribe","payload":{"query":"{ wait }"}}"#;
    let cases: &[(&[&str], u16)] = &[
        (&[subscribe], 4401),
        (&[INIT, INIT], 4429),
        (&[INIT, subscribe, subscribe], 4409),
        (&["{}"], 4400),
        (&["nonsense"], 4400),
        (&[r#"{"type":"start","id":"1"}"#], 4400),
        (&[r#"{"type":"subscribe"}"#], 4400),
    ];
    for (messages, code) in cases {
        let mut client = Client::open(&server).await;
        for message in *messages {
            client.say(message).await;
        }
        let mut heard = client.hear().await;
        if heard == Frame::Text(ACK.into()) {
            heard = client.hear().await;
        }
        assert!(
            matches!(heard, Frame::Close(found, _) if found == *code),
            "{heard:?} {code}"
        );
    }
    server.still_serves().await;
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_closes_the_socket() {
    let server = start().await;
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    for kind in ["connection_init", "ping"] {
        let mut client = Client::open(&server).await;
        client
            .say(&format!(r#"{{"type":"{kind}","payload":{deep}}}"#))
            .await;
        client.assert_closed(4400).await;
    }
}

#[tokio::test]
async fn without_an_init_a_socket_is_closed() {
    let server = start_limited(|limits| limits.socket_init_time = Duration::from_millis(20)).await;
    let mut client = Client::open(&server).await;
    client.assert_closed(4408).await;
    client.frame(0x88, &4408_u16.to_be_bytes()).await;
    assert_eq!(client.hear().await, Frame::End);
}

#[tokio::test]
async fn completing_or_leaving_cancels() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    for id in ["1", "2"] {
        client.subscribe(id, "{ wait }").await;
        server.fake.begun.notified().await;
    }
    client.say(r#"{"id":"1","type":"complete"}"#).await;
    until_cancelled(&server, 0).await;
    assert!(!server.fake.is_cancelled(1));
    client.subscribe("1", "{ __typename }").await;
    assert_eq!(client.hear_json().await["id"], "1");
    drop(client);
    until_cancelled(&server, 1).await;
}

#[tokio::test]
async fn what_a_client_completes_is_not_completed_again() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("1", "{ wait }").await;
    client.say(r#"{"id":"1","type":"complete"}"#).await;
    client.subscribe("1", "{ __typename }").await;
    for kind in ["next", "complete"] {
        assert_eq!(client.hear_json().await["type"], kind);
    }
}

#[tokio::test]
async fn unreadable_variables_end_their_operation_only() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    for value in [deep.as_str(), "1e999"] {
        let payload = format!(r#"{{"query":"{{ a }}","variables":{{"v":{value}}}}}"#);
        client
            .say(&format!(
                r#"{{"id":"1","type":"subscribe","payload":{payload}}}"#
            ))
            .await;
        let error = client.hear_json().await;
        assert_eq!(error["payload"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }
}

async fn until_cancelled(server: &Server, index: usize) {
    let flag = server.fake.flags.lock().unwrap()[index].clone();
    let cancelled = async {
        while !flag.load(Ordering::Relaxed) {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, cancelled).await.expect("never cancelled");
}

#[tokio::test]
async fn an_operation_over_its_time_is_told() {
    let server = start_limited(|limits| limits.request_time = Duration::from_millis(20)).await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("1", "{ wait }").await;
    assert_eq!(
        client.hear_json().await["payload"][0]["extensions"]["code"],
        "TIMEOUT"
    );
}

#[tokio::test]
async fn too_many_operations_are_refused_one_by_one() {
    let server = start_limited(|limits| limits.socket_operations = 2).await;
    let mut client = Client::acknowledged(&server).await;
    for id in ["1", "2", "3"] {
        client.subscribe(id, "{ wait }").await;
    }
    let error = client.hear_json().await;
    assert_eq!(error["id"], "3");
    assert_eq!(error["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
    server.fake.begun.notified().await;
    server.fake.release.notify_waiters();
    assert_eq!(client.hear_json().await["type"], "next");
}

#[tokio::test]
async fn operations_over_the_common_memory_are_refused() {
    let server = start_limited(|limits| limits.requests_bytes = 4096).await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("1", &"x".repeat(5000)).await;
    let error = client.hear_json().await;
    assert_eq!(error["payload"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
    for id in ["1", "2", "3", "4"] {
        client.subscribe(id, "{ wait }").await;
        server.fake.begun.notified().await;
    }
    client.subscribe("5", "{ __typename }").await;
    assert_eq!(client.hear_json().await["type"], "error");
    client.say(r#"{"id":"1","type":"complete"}"#).await;
    until_cancelled(&server, 0).await;
    client.subscribe("5", "{ __typename }").await;
    assert_eq!(client.hear_json().await["type"], "next");
}

#[tokio::test]
async fn too_many_sockets_are_refused() {
    let server = start_limited(|limits| limits.sockets = 2).await;
    let open = [Client::open(&server).await, Client::open(&server).await];
    assert_eq!(handshake(&server, PROTOCOL).await.0.status, 503);
    server.still_serves().await;
    drop(open);
    until_a_socket_is_free(&server).await;
}

async fn until_a_socket_is_free(server: &Server) {
    let freed = async { while handshake(server, PROTOCOL).await.0.status != 101 {} };
    timeout(PATIENCE, freed).await.expect("no socket was freed");
}

#[tokio::test]
async fn a_wrong_handshake_is_refused() {
    let server = start_with(|config| config.cors_origins.push("https://a.example".into())).await;
    let with = |headers: &str| format!("{PROTOCOL}{headers}");
    for (headers, status) in [
        (String::new(), 400),
        ("sec-websocket-protocol: graphql-ws\r\n".into(), 400),
        (with("origin: https://evil.example\r\n"), 403),
        (with("origin: null\r\n"), 403),
        (with("origin: https://a.example\r\n"), 101),
        (with("origin: http://localhost\r\n"), 101),
    ] {
        assert_eq!(
            handshake(&server, &headers).await.0.status,
            status,
            "{headers}"
        );
    }
    let rest = "host: localhost\r\nupgrade: websocket\r\nconnection: close\r\n\r\n";
    assert_eq!(
        server
            .send(format!("GET /graphql HTTP/1.1\r\n{rest}"))
            .await
            .status,
        400
    );
    assert_eq!(
        server
            .send(format!("POST /graphql HTTP/1.1\r\n{rest}"))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn broken_frames_close_the_socket() {
    let server = start().await;
    let deep = format!(r#"{{"type":"ping","payload":{}"#, "[".repeat(100_000));
    let attacks: [(u8, Vec<u8>); 5] = [
        (0x81, b"{\"type\":\"\xff\"}".to_vec()),
        (0x82, INIT.as_bytes().to_vec()),
        (0x81, deep.into_bytes()),
        (0x81, vec![b' '; 200_000]),
        (0xf1, b"reserved bits".to_vec()),
    ];
    for (head, payload) in attacks {
        let mut client = Client::open(&server).await;
        client.frame(head, &payload).await;
        let heard = client.hear().await;
        assert!(
            matches!(heard, Frame::Close(1002 | 4400, _) | Frame::End),
            "{heard:?}"
        );
    }
    for raw in [
        &b"\x81\x02{}"[..],
        b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0{",
        b"\xff\xff",
    ] {
        let mut client = Client::open(&server).await;
        client.raw(raw).await;
        client.stream.shutdown().await.unwrap();
        assert!(matches!(client.hear().await, Frame::Close(..) | Frame::End));
    }
    server.still_serves().await;
}

#[tokio::test]
async fn a_message_in_endless_pieces_is_refused() {
    let server = start().await;
    let mut client = Client::open(&server).await;
    client.frame(0x01, b"{").await;
    for _ in 0..40 {
        client.frame(0x00, &[b' '; 8192]).await;
    }
    let heard = client.hear().await;
    assert!(
        matches!(heard, Frame::Close(1002, _) | Frame::End),
        "{heard:?}"
    );
    server.still_serves().await;
}

#[tokio::test]
async fn a_flood_of_messages_is_answered_or_held_back() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    let (mut reading, mut writing) = client.stream.into_split();
    let flood = tokio::spawn(async move {
        for _ in 0..20_000 {
            writing
                .write_all(b"\x81\x8f\0\0\0\0{\"type\":\"ping\"}")
                .await
                .unwrap();
        }
        writing
    });
    server.still_serves().await;
    let mut pongs = vec![0; 20_000 * 17];
    timeout(PATIENCE, reading.read_exact(&mut pongs))
        .await
        .unwrap()
        .unwrap();
    assert!(pongs.ends_with(b"{\"type\":\"pong\"}"));
    client = Client {
        stream: reading.reunite(flood.await.unwrap()).unwrap(),
    };
    client.subscribe("1", "{ __typename }").await;
    assert_eq!(client.hear_json().await["type"], "next");
}

#[tokio::test]
async fn a_client_that_takes_no_answers_loses_its_socket() {
    let server = start_limited(|limits| {
        limits.sockets = 1;
        limits.write_time = Duration::from_millis(20);
    })
    .await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("1", "{ big }").await;
    until_a_socket_is_free(&server).await;
    server.still_serves().await;
}

#[tokio::test]
async fn a_dead_peer_loses_its_socket() {
    let server = start_limited(|limits| limits.socket_ping_time = Duration::from_millis(200)).await;
    let mut client = Client::acknowledged(&server).await;
    assert_eq!(client.hear().await, Frame::Ping);
    client.frame(0x8a, b"").await;
    assert_eq!(client.hear().await, Frame::Ping);
    assert_eq!(client.hear().await, Frame::End);
}

#[tokio::test]
async fn a_shutdown_says_goodbye() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    server.stop.send(()).unwrap();
    client.assert_closed(1001).await;
    client.frame(0x88, &1001_u16.to_be_bytes()).await;
    timeout(PATIENCE, server.serving.finished())
        .await
        .expect("never finished");
}
