//! Does a WebSocket tell who it is, by its head or by its first message?

use super::super::http::send;
use super::*;
use std::io::Write;

/// A WebSocket: what the server says to these messages, up to its close code or its first `next`.
fn talk(server: &Server, headers: &str, messages: &[&str]) -> String {
    let host = server.address;
    let head = format!(
        "GET /graphql HTTP/1.1\r\nhost: {host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: graphql-transport-ws\r\n{headers}\r\n"
    );
    let mut stream = send(host, head.as_bytes());
    for message in messages {
        // Masked by zeros, which leaves it as it is.
        let mut frame = vec![0x81, 0x80 | 126, 0, 0];
        frame[2..4].copy_from_slice(&(message.len() as u16).to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(message.as_bytes());
        stream.write_all(&frame).unwrap();
    }
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&said).into_owned();
        let closed = said
            .windows(4)
            .any(|four| four[0] == 0x88 && four[2] == 0x11);
        if closed || text.contains("\"next\"") || text.contains("\"error\"") {
            return text;
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return text,
            Ok(count) => said.extend(&piece[..count]),
        }
    }
}

#[test]
fn web_sockets_tell_who_they_are_in_either_way() {
    let home = home("keys = \"keys.toml\"\n", "");
    let half = key(&home, "half");
    let server = served(&home);
    let subscribe =
        "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"{ notes { key } }\"}}";
    let bare = "{\"type\":\"connection_init\"}";
    let payload = format!(
        "{{\"type\":\"connection_init\",\"payload\":{{\"authorization\":\"Bearer {half}\"}}}}"
    );
    let seen = "{\"notes\":[{\"key\":\"a\"},{\"key\":\"c\"}]}";
    says_all(
        &talk(&server, "", &[&payload, subscribe]),
        &["connection_ack", seen],
    );
    let header = format!("authorization: Bearer {half}\r\n");
    says_all(
        &talk(&server, &header, &[bare, subscribe]),
        &["connection_ack", seen],
    );
    let refused = talk(&server, "", &[bare, subscribe]);
    says_all(&refused, &["answers only who shows credentials"]);
    assert!(!refused.contains("connection_ack"), "{refused}");
    let wrong = "{\"type\":\"connection_init\",\"payload\":{\"authorization\":\"Bearer x\"}}";
    says_all(&talk(&server, "", &[wrong]), &["this API key is wrong"]);
    says_all(
        &talk(&server, "authorization: Bearer x\r\n", &[]),
        &["401", "UNAUTHENTICATED"],
    );
}
