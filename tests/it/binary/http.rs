//! A client that sends what it is told, right or wrong. Not for testing anything itself.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What came back.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Response {
    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut named = lines.filter(|(found, _)| found.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value)
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("{e}: {} {}", self.head, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The status, and the code of the first error.
    pub fn refusal(&self) -> (u16, String) {
        let code = &self.json()["errors"][0]["extensions"]["code"];
        (self.status, code.as_str().unwrap_or_default().to_owned())
    }
}

/// Sends bytes and leaves the connection open.
pub fn send(to: SocketAddr, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(to).unwrap();
    // Only so that a server that hangs fails the test.
    stream
        .set_read_timeout(Some(Duration::from_secs(120)))
        .unwrap();
    // A server may refuse before it has read everything.
    let _ = stream.write_all(bytes);
    stream
}

/// Sends bytes, and reads until the server closes.
pub fn raw(to: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    let _ = send(to, bytes).read_to_end(&mut answer);
    answer
}

/// The bytes of a request on whose answer the server closes.
pub fn request(line: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("{line} HTTP/1.1\r\n");
    let given = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
    if !given("host") {
        bytes += "host: localhost\r\n";
    }
    for (name, value) in headers {
        bytes += &format!("{name}: {value}\r\n");
    }
    bytes += &format!(
        "content-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [bytes.as_bytes(), body].concat()
}

/// One request of any kind.
#[track_caller]
pub fn exchange(to: SocketAddr, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    parse(&raw(to, &request(line, headers, body)))
}

#[track_caller]
pub fn post(to: SocketAddr, body: &[u8], headers: &[(&str, &str)]) -> Response {
    exchange(to, "POST /graphql", headers, body)
}

#[track_caller]
pub fn get(to: SocketAddr, path: &str) -> Response {
    exchange(to, &format!("GET {path}"), &[], b"")
}

/// A response whose body has a length, which all of ours have.
#[track_caller]
pub fn parse(bytes: &[u8]) -> Response {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no response: {:?}", String::from_utf8_lossy(bytes)));
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Response {
        status,
        head,
        body: bytes[end + 4..].to_vec(),
    }
}
