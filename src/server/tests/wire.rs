//! A WebSocket client that writes and reads single frames.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{PATIENCE, Reply, Server};

const HANDSHAKE: &str = "GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n\
    upgrade: websocket\r\nsec-websocket-version: 13\r\n\
    sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
pub const PROTOCOL: &str = "sec-websocket-protocol: graphql-transport-ws\r\n";
pub const INIT: &str = r#"{"type":"connection_init"}"#;
pub const ACK: &str = r#"{"type":"connection_ack"}"#;

/// A client that can also misbehave.
pub struct Client {
    pub stream: TcpStream,
}

#[derive(Debug, PartialEq)]
pub enum Frame {
    Text(String),
    Close(u16, String),
    Ping,
    Pong,
    End,
}

pub async fn handshake(server: &Server, headers: &str) -> (Reply, TcpStream) {
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
    pub async fn open(server: &Server) -> Self {
        let (reply, stream) = handshake(server, PROTOCOL).await;
        assert_eq!(reply.status, 101, "{reply:?}");
        assert_eq!(
            reply.header("sec-websocket-protocol"),
            Some("graphql-transport-ws")
        );
        Self { stream }
    }

    pub async fn acknowledged(server: &Server) -> Self {
        let mut client = Self::open(server).await;
        client.say(INIT).await;
        assert_eq!(client.hear().await, Frame::Text(ACK.into()));
        client
    }

    pub async fn say(&mut self, text: &str) {
        self.frame(0x81, text.as_bytes()).await;
    }

    pub async fn subscribe(&mut self, id: &str, query: &str) {
        let payload = json!({ "query": query });
        self.say(&json!({ "id": id, "type": "subscribe", "payload": payload }).to_string())
            .await;
    }

    /// A masked frame (with a mask of zeros).
    pub async fn frame(&mut self, head: u8, payload: &[u8]) {
        let mut frame = vec![head, 0xff];
        frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(payload);
        self.raw(&frame).await;
    }

    pub async fn raw(&mut self, bytes: &[u8]) {
        // The server may have closed already: what it says is looked at elsewhere.
        let _ = self.stream.write_all(bytes).await;
    }

    pub async fn hear(&mut self) -> Frame {
        let heard = timeout(PATIENCE, self.read_frame())
            .await
            .expect("the server is silent");
        heard.unwrap_or(Frame::End)
    }

    pub async fn read_frame(&mut self) -> std::io::Result<Frame> {
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

    pub async fn hear_json(&mut self) -> Value {
        match self.hear().await {
            Frame::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    pub async fn assert_closed(&mut self, code: u16) {
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
