//! Does the end lose nothing that was acknowledged?

use super::*;
use serde_json::json;
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One write; whether it was acknowledged. A connection that is refused or breaks off is an answer too.
fn add(to: SocketAddr, key: &str) -> bool {
    let query = format!(
        "mutation {{ createPeople(input: [{{ key: \"{key}\", name: \"{key}\" }}]) {{ created }} }}"
    );
    asked(to, &query).contains(r#"{"data":{"createPeople":{"created":1}}}"#)
}

/// The whole answer to a query; empty if there was none.
fn asked(to: SocketAddr, query: &str) -> String {
    let body = json!({ "query": query }).to_string();
    let head = [("content-type", "application/json")];
    let request = http::request("POST /graphql", &head, body.as_bytes());
    let mut answer = Vec::new();
    let Ok(mut stream) = std::net::TcpStream::connect(to) else {
        return String::new();
    };
    let sent = stream.write_all(&request);
    let read = stream.read_to_end(&mut answer);
    match sent.and(read) {
        Ok(_) => String::from_utf8_lossy(&answer).into_owned(),
        Err(_) => String::new(),
    }
}

#[test]
fn a_stop_under_writes_keeps_all_that_was_acknowledged() {
    let home = Home::new();
    for round in 0..3 {
        let server = home.serve(&FILM);
        let done = AtomicUsize::new(0);
        let address = server.address;
        let writing = |client: usize| {
            let mut acknowledged = Vec::new();
            for n in 0.. {
                let key = format!("r{round}c{client}n{n}");
                if !add(address, &key) {
                    return acknowledged;
                }
                acknowledged.push(key);
                done.fetch_add(1, Ordering::SeqCst);
            }
            acknowledged
        };
        let acknowledged: Vec<String> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..16).map(|c| scope.spawn(move || writing(c))).collect();
            while done.load(Ordering::SeqCst) < 100 {
                std::thread::yield_now();
            }
            let (code, said) = server.stop();
            assert_eq!(code, Some(0), "{said}");
            says_all(&said, &["stopped"]);
            assert!(!said.contains("cut off"), "{said}");
            let all = clients
                .into_iter()
                .flat_map(|client| client.join().unwrap());
            all.collect()
        });
        assert!(acknowledged.len() >= 100);
        says_all(&home.run(["verify"]).ok(), &["all is well"]);
        let ran = home.run(["query", "{ people { key } }"].into_iter().chain(FILM));
        let people = ran.ok();
        for key in &acknowledged {
            assert!(people.contains(&format!("\"{key}\"")), "{key} is lost");
        }
    }
}

/// A WebSocket that has asked for the answers to a query; header lines of its head end with `\r\n`.
pub fn socket(to: SocketAddr, headers: &str, query: &str) -> std::net::TcpStream {
    let head = format!(
        "GET /graphql HTTP/1.1\r\nhost: {to}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: graphql-transport-ws\r\n{headers}\r\n"
    );
    let mut stream = http::send(to, head.as_bytes());
    let subscribe = json!({"id": "1", "type": "subscribe", "payload": {"query": query}});
    for message in [json!({"type": "connection_init"}), subscribe] {
        let message = message.to_string();
        // Masked by zeros, which leaves it as it is.
        let mut frame = vec![0x81, 0x80 | 126, 0, 0];
        frame[2..4].copy_from_slice(&(message.len() as u16).to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(message.as_bytes());
        stream.write_all(&frame).unwrap();
    }
    stream
}

/// Waits until the metrics say so.
pub(super) fn until(to: SocketAddr, line: &str) {
    while !http::get(to, "/metrics").text().contains(line) {
        std::thread::yield_now();
    }
}

/// Writes until it is refused; what was acknowledged.
fn write_on(to: SocketAddr, client: usize, done: &AtomicUsize) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for n in 0.. {
        let key = format!("c{client}n{n}");
        if !add_source(to, &key) {
            break;
        }
        acknowledged.push(key);
        done.fetch_add(1, Ordering::SeqCst);
    }
    acknowledged
}

fn add_source(to: SocketAddr, key: &str) -> bool {
    let input =
        format!("{{ key: \"{key}\", kind: BOOK, title: [{{lang: \"en\", value: \"T\"}}] }}");
    let query = format!("mutation {{ createSources(input: [{input}]) {{ created }} }}");
    asked(to, &query).contains(r#"{"data":{"createSources":{"created":1}}}"#)
}

#[test]
fn a_stop_is_over_in_ten_seconds_whatever_goes_on() {
    let home = Home::new();
    let server = home.serve(&["--timeout", "3600", "--max-cost", "1000000000000"]);
    let address = server.address;
    let json = [("content-type", "application/json")];
    let body = json!({"query": super::cost::endless(20)}).to_string();
    let long = http::request("POST /graphql", &json, body.as_bytes());
    let _long = http::send(address, &long);
    let _subscriber = socket(address, "", "subscription { countyChanged { revision } }");
    let half = "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n";
    let _half_head = http::send(address, half.as_bytes());
    let half_body = format!("{half}content-length: 100\r\n\r\n{{");
    let _half_body = http::send(address, half_body.as_bytes());
    until(address, "guitu_subscribers 1");
    let done = AtomicUsize::new(0);
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let done = &done;
        let clients: Vec<_> = (0..16)
            .map(|client| scope.spawn(move || write_on(address, client, done)))
            .collect();
        while done.load(Ordering::SeqCst) < 100 {
            std::thread::yield_now();
        }
        let begun = std::time::Instant::now();
        let (code, said) = server.stop();
        let took = begun.elapsed();
        assert_eq!(code, Some(0), "{said}");
        says_all(&said, &["cut off", "stopped"]);
        // What cannot finish is given 7 s; this is the promise, and the only time in this test.
        assert!(took.as_secs() < 10, "{took:?}\n{said}");
        let all = clients
            .into_iter()
            .flat_map(|client| client.join().unwrap());
        all.collect()
    });
    assert!(acknowledged.len() >= 100);
    home.verified();
    let sources = home.run(["query", "{ sources { key } }"]).ok();
    for key in &acknowledged {
        assert!(sources.contains(&format!("\"{key}\"")), "{key} is lost");
    }
}

#[test]
fn the_metrics_tell_of_commits() {
    let home = Home::new();
    let server = home.serve(&FILM);
    for n in 0..3 {
        assert!(add(server.address, &format!("k{n}")));
    }
    let told = http::get(server.address, "/metrics").text();
    let value = |name: &str| {
        let line = told
            .lines()
            .find(|line| line.starts_with(&format!("{name} ")));
        let line = line.unwrap_or_else(|| panic!("no {name}:\n{told}"));
        line.split(' ').nth(1).unwrap().parse::<f64>().unwrap()
    };
    assert_eq!(value("guitu_commits_total"), 4.0, "the seed and three");
    for name in ["flush", "commit"] {
        let value = |end: &str| value(&format!("guitu_{name}_duration_seconds{end}"));
        assert_eq!(value("_count"), 4.0);
        assert_eq!(value("_bucket{le=\"+Inf\"}"), 4.0);
        assert!(value("_bucket{le=\"0.0001\"}") <= value("_bucket{le=\"5.0\"}"));
        assert!(value("_sum") > 0.0);
    }
    assert_eq!(value("guitu_oldest_revision"), 0.0);
    assert_eq!(value("guitu_revision"), 4.0);
    assert_eq!(value("guitu_write_queue"), 0.0);
    assert_eq!(value("guitu_subscribers"), 0.0);
    assert_eq!(value("guitu_checkpoints"), 1.0);
    let names: Vec<_> = told.lines().filter(|l| l.starts_with("# TYPE")).collect();
    let once: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(once.len(), names.len(), "each is told once: {names:?}");
    assert!(value("guitu_log_bytes") > 30.0);
    assert!(value("guitu_checkpoint_bytes") > 1000.0);
    assert!(value("guitu_last_commit_timestamp_seconds") > 1.6e9);
    assert!(value("guitu_snapshot_age_seconds") < 3600.0);
}
