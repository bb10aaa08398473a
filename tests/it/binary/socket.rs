//! A WebSocket client of the real server that says what it is told, right or wrong. Not for testing
//! anything itself.

use super::{Server, http};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

pub const INIT: &str = "{\"type\":\"connection_init\"}";

/// A connection that speaks `graphql-transport-ws`.
pub struct Socket {
    pub stream: TcpStream,
}

/// Asks for a WebSocket, with further header lines; the status, and the connection.
pub fn knock(server: &Server, headers: &str) -> (String, TcpStream) {
    let head = format!(
        "GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: graphql-transport-ws\r\n{headers}\r\n"
    );
    let mut stream = http::send(server.address, head.as_bytes());
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        answer.push(byte[0]);
    }
    let status = String::from_utf8_lossy(&answer[9..12]).into_owned();
    (status, stream)
}

impl Socket {
    /// Connected and acknowledged.
    pub fn open(server: &Server) -> Self {
        let (status, stream) = knock(server, "");
        assert_eq!(status, "101");
        let mut socket = Self { stream };
        socket.say(INIT);
        assert_eq!(socket.hear().unwrap(), json!({"type": "connection_ack"}));
        socket
    }

    pub fn say(&mut self, text: &str) {
        // A server that has closed already is heard, not told.
        let _ = self.stream.write_all(&frame(0x81, text.as_bytes()));
    }

    pub fn subscribe(&mut self, id: &str, query: &str) {
        let message = json!({"id": id, "type": "subscribe", "payload": {"query": query}});
        self.say(&message.to_string());
    }

    /// The next message; of a server that says goodbye its code and reason, of one that is gone nothing.
    pub fn hear(&mut self) -> Result<Value, (u16, String)> {
        loop {
            let (kind, payload) = self.frame().map_err(|_| (0, String::new()))?;
            match kind & 15 {
                1 => return Ok(serde_json::from_slice(&payload).unwrap()),
                8 => {
                    let code = payload
                        .first_chunk()
                        .map_or(0, |two| u16::from_be_bytes(*two));
                    let reason = payload.get(2..).unwrap_or_default();
                    return Err((code, String::from_utf8_lossy(reason).into_owned()));
                }
                _ => {}
            }
        }
    }

    fn frame(&mut self) -> std::io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 2];
        self.stream.read_exact(&mut head)?;
        let length = match head[1] & 127 {
            126 => u64::from(u16::from_be_bytes(self.bytes()?)),
            127 => u64::from_be_bytes(self.bytes()?),
            short => u64::from(short),
        };
        let mut payload = vec![0; length as usize];
        self.stream.read_exact(&mut payload)?;
        Ok((head[0], payload))
    }

    fn bytes<const COUNT: usize>(&mut self) -> std::io::Result<[u8; COUNT]> {
        let mut bytes = [0; COUNT];
        self.stream.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// A frame, masked by zeros, which leaves its payload as it is.
pub fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![kind, 0x80 | 127];
    frame.extend((payload.len() as u64).to_be_bytes());
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}
