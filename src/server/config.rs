//! Where does the server listen, whom does it trust, and how much may one client take?
//!
//! Only the values; flags and environment are read elsewhere (`config`).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::access::Door;
use crate::trace::Traces;

/// Settings of the server; [`Default`] gives the documented ones.
#[derive(Debug, Clone)]
pub struct ServerConfig {
    /// Where to listen: 127.0.0.1:8080. Port 0 takes any free one.
    pub listen: SocketAddr,
    /// Host names (without port) that requests may be addressed to, besides loopback names and
    /// addresses. Needed on loopback behind a proxy; elsewhere, naming any refuses all others.
    pub hosts: Vec<String>,
    /// Origins of other sites (`https://example.org`) whose pages may ask; `*` for all.
    pub cors_origins: Vec<String>,
    /// Who may do what; none: whoever reaches the server may do everything.
    pub door: Option<Arc<Door>>,
    /// Where the spans of requests go; none: there are no spans.
    pub traces: Option<Traces>,
    /// Limits on what clients may take.
    pub limits: Limits,
}

/// Limits on what clients may take: bytes, times and counts.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest request body in bytes: 1 MiB.
    pub body_bytes: usize,
    /// All requests being received or run, together, in bytes: 32 MiB. Bodies that come in one
    /// piece with their head are not counted: the number of connections limits them.
    pub requests_bytes: usize,
    /// Largest request head (request line and headers; so also a GET's query) in bytes: 32 KiB.
    pub head_bytes: usize,
    /// How long a request head may take, idle time before it included: 20 s; a twentieth for
    /// those accepted while more than half of the connections are taken.
    pub head_time: Duration,
    /// How long a request may take from its last header byte to its answer: 10 s.
    pub request_time: Duration,
    /// How long a client may refuse to take another byte of its answer: 20 s.
    pub write_time: Duration,
    /// Open connections besides WebSockets: 2,048. Further ones wait to be accepted.
    pub connections: usize,
    /// Requests in one batch: 10.
    pub batch: usize,
    /// Open WebSockets: 1,000.
    pub sockets: usize,
    /// How long a WebSocket may take until its `connection_init`: 5 s.
    pub socket_init_time: Duration,
    /// Running operations of one WebSocket: 50.
    pub socket_operations: usize,
    /// Largest message of a WebSocket in bytes: 64 KiB.
    pub socket_message_bytes: usize,
    /// A WebSocket is pinged this often, and closed when nothing at all came in between: 30 s.
    pub socket_ping_time: Duration,
    /// A stream of server-sent events in which nothing else happens has a comment this often: 15 s.
    pub event_ping_time: Duration,
    /// How long a shutdown waits for running requests: 7 s, so that all of it is over in 10.
    pub shutdown_time: Duration,
}

impl Limits {
    /// The same with every count at least 1 and at most a million, and every time at least a
    /// millisecond and at most a day: nothing that a server could not work with.
    #[must_use]
    pub fn sane(self) -> Self {
        let count = |count: usize| count.clamp(1, 1_000_000);
        let time = |time: Duration| time.clamp(Duration::from_millis(1), Duration::from_hours(24));
        Self {
            head_time: time(self.head_time),
            request_time: time(self.request_time),
            write_time: time(self.write_time),
            connections: count(self.connections),
            batch: count(self.batch),
            sockets: count(self.sockets),
            socket_init_time: time(self.socket_init_time),
            socket_operations: count(self.socket_operations),
            socket_ping_time: time(self.socket_ping_time),
            event_ping_time: time(self.event_ping_time),
            shutdown_time: time(self.shutdown_time),
            ..self
        }
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080),
            hosts: Vec::new(),
            cors_origins: Vec::new(),
            door: None,
            traces: None,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            requests_bytes: 32 << 20,
            head_bytes: 32 << 10,
            head_time: Duration::from_secs(20),
            request_time: Duration::from_secs(10),
            write_time: Duration::from_secs(20),
            connections: 2_048,
            batch: 10,
            sockets: 1_000,
            socket_init_time: Duration::from_secs(5),
            socket_operations: 50,
            socket_message_bytes: 64 << 10,
            socket_ping_time: Duration::from_secs(30),
            event_ping_time: Duration::from_secs(15),
            shutdown_time: Duration::from_secs(7),
        }
    }
}
