//! The WebSocket protocol, frame by frame.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{PATIENCE, Reply, Server, start, start_limited, start_with};

const HANDSHAKE: &str = "GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n\
    upgrade: websocket\r\nsec-websocket-version: 13\r\n\
    sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const PROTOCOL: &str = "sec-websocket-protocol: graphql-transport-ws\r\n";
const INIT: &str = r#"{"type":"connection_init"}"#;
const ACK: &str = r#"{"type":"connection_ack"}"#;

/// A client that can also misbehave.
struct Client {
    stream: TcpStream,
}

#[derive(Debug, PartialEq)]
enum Frame {
    Text(String),
    Close(u16, String),
    Ping,
    Pong,
    End,
}

async fn handshake(server: &Server, headers: &str) -> (Reply, TcpStream) {
    let mut stream = server.connect().await;
    stream
        .write_all(format!("{HANDSHAKE}{headers}\r\n").as_bytes())
        .await
        .unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(timeout(PATIENCE, stream.read_u8()).await.unwrap().unwrap());
    }
    (Reply::parse(&head), stream)
}

impl Client {
    async fn open(server: &Server) -> Self {
        let (reply, stream) = handshake(server, PROTOCOL).await;
        assert_eq!(reply.status, 101, "{reply:?}");
        assert_eq!(
            reply.header("sec-websocket-protocol"),
            Some("graphql-transport-ws")
        );
        Self { stream }
    }

    async fn acknowledged(server: &Server) -> Self {
        let mut client = Self::open(server).await;
        client.say(INIT).await;
        assert_eq!(client.hear().await, Frame::Text(ACK.into()));
        client
    }

    async fn say(&mut self, text: &str) {
        self.frame(0x81, text.as_bytes()).await;
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        let payload = json!({ "query": query });
        self.say(&json!({ "id": id, "type": "subscribe", "payload": payload }).to_string())
            .await;
    }

    /// A masked frame (with a mask of zeros).
    async fn frame(&mut self, head: u8, payload: &[u8]) {
        let mut frame = vec![head, 0xff];
        frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(payload);
        self.raw(&frame).await;
    }

    async fn raw(&mut self, bytes: &[u8]) {
        // The server may have closed already: what it says is looked at elsewhere.
        let _ = self.stream.write_all(bytes).await;
    }

    async fn hear(&mut self) -> Frame {
        let heard = timeout(PATIENCE, self.read_frame())
            .await
            .expect("the server is silent");
        heard.unwrap_or(Frame::End)
    }

    async fn read_frame(&mut self) -> std::io::Result<Frame> {
        let head = self.stream.read_u8().await?;
        let length = match self.stream.read_u8().await? {
            126 => self.stream.read_u16().await? as usize,
            127 => self.stream.read_u64().await? as usize,
            short => short as usize,
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await?;
        Ok(Frame::of(head, payload))
    }

    async fn hear_json(&mut self) -> Value {
        match self.hear().await {
            Frame::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    async fn assert_closed(&mut self, code: u16) {
        match self.hear().await {
            Frame::Close(found, _) => assert_eq!(found, code),
            other => panic!("{other:?} instead of close {code}"),
        }
    }
}

impl Frame {
    fn of(head: u8, payload: Vec<u8>) -> Self {
        match head {
            0x81 => Self::Text(String::from_utf8(payload).unwrap()),
            0x88 => {
                let reason = String::from_utf8(payload[2..].to_vec()).unwrap();
                Self::Close(u16::from_be_bytes([payload[0], payload[1]]), reason)
            }
            0x89 => Self::Ping,
            0x8a => Self::Pong,
            other => panic!("frame {other:#x}"),
        }
    }
}

#[tokio::test]
async fn an_operation_is_answered_and_completed() {
    let server = start().await;
    let mut client = Client::acknowledged(&server).await;
    client.subscribe("a\"b", "{ __typename }").await;
    let next = r#"{"id":"a\"b","type":"next","payload":{"data":{"__typename":"Query"}}}"#;
    assert_eq!(client.hear().await, Frame::Text(next.into()));
    assert_eq!(
        client.hear().await,
        Frame::Text(r#"{"id":"a\"b","type":"complete"}"#.into())
    );
    client.subscribe("a\"b", "mutation { __typename }").await;
    assert_eq!(client.hear_json().await["type"], "next");
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
