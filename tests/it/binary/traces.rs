//! `--otlp-endpoint`: does a collector get the spans of requests, beneath those of whoever asks?

use super::*;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::json;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

const PARENT: (&str, &str) = (
    "traceparent",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
);
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// What a collector was sent: a service and its span.
type Received = Arc<Mutex<Vec<(String, Span)>>>;

/// A collector that takes everything.
fn collector() -> (String, Received) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let received = Received::default();
    let into = received.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            take(stream.unwrap(), &into);
        }
    });
    (address, received)
}

/// Takes one request.
fn take(mut stream: TcpStream, into: &Received) {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        let mut some = [0; 4096];
        let read = stream.read(&mut some).unwrap();
        assert!(read > 0, "it broke off");
        bytes.extend_from_slice(&some[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            continue;
        };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.lines().next().unwrap().parse().unwrap();
        if bytes.len() == end + 4 + length {
            break (head, bytes.split_off(end + 4));
        }
    };
    assert!(head.starts_with("post /v1/traces http/1.1"), "{head}");
    assert!(head.contains("content-type: application/x-protobuf"));
    let sent = ExportTraceServiceRequest::decode(&body[..]).unwrap();
    let mut into = into.lock().unwrap();
    for from in sent.resource_spans {
        let resource = from.resource.unwrap().attributes;
        let service = resource.iter().find(|a| a.key == "service.name").unwrap();
        let service = text(service.value.clone().unwrap().value.unwrap());
        let spans = from.scope_spans.into_iter().flat_map(|scope| scope.spans);
        into.extend(spans.map(|span| (service.clone(), span)));
    }
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(answer.as_bytes()).unwrap();
}

fn text(value: Any) -> String {
    match value {
        Any::StringValue(text) => text,
        Any::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a span tells under a name; empty if nothing.
fn told(span: &Span, key: &str) -> String {
    let mut attributes = span.attributes.iter();
    let found = attributes.find(|attribute| attribute.key == key);
    let value = found.and_then(|found| found.value.clone()?.value);
    value.map(text).unwrap_or_default()
}

/// The spans of a trace, and for each the name of the one above it.
fn tree(received: &Received, trace: &str) -> Vec<(String, String)> {
    let received = received.lock().unwrap();
    let spans = received.iter().map(|(_, span)| span);
    let spans: Vec<&Span> = spans.filter(|s| hex(&s.trace_id) == trace).collect();
    let name = |id: &[u8]| {
        let above = spans.iter().find(|span| span.span_id == id);
        above.map_or_else(|| hex(id), |span| span.name.clone())
    };
    let mut tree: Vec<_> = spans
        .iter()
        .map(|span| (span.name.clone(), name(&span.parent_span_id)))
        .collect();
    tree.sort();
    tree
}

fn post(server: &Server, body: &Value, parent: &str) -> Response {
    let headers = [
        ("content-type", "application/json"),
        ("user-agent", "a test"),
        (PARENT.0, parent),
    ];
    http::post(server.address, body.to_string().as_bytes(), &headers)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

#[test]
fn a_query_and_a_mutation_are_spans_beneath_those_of_the_client() {
    let home = Home::new();
    let (collector, received) = collector();
    let server = home.serve(&[&FILM[..], &["--otlp-endpoint", &collector]].concat());
    let query = json!({"query": "query People { people { name } }"});
    let answer = post(&server, &query, PARENT.1);
    let id = answer.header("x-request-id").unwrap().to_owned();
    let mutation = json!({"query": "mutation { createPeople(input: [{key: \"n\", name: \"N\"}]) { created } }"});
    let other = PARENT.1.replace("0af7", "1af7");
    assert_eq!(
        post(&server, &mutation, &other).json()["data"]["createPeople"]["created"],
        1
    );
    let unsampled = PARENT.1.replace("0af7", "2af7").replace("-01", "-00");
    post(&server, &query, &unsampled);
    http::get(server.address, "/health/live");
    // A clean end hands over everything, however soon it comes.
    assert_eq!(server.stop().0, Some(0));

    let above = "b7ad6b7169203331";
    let request = "POST /graphql";
    let of_query = [
        (request, above),
        ("execute", request),
        ("plan", request),
        ("write", request),
    ];
    assert_eq!(tree(&received, TRACE), pairs(&of_query));
    let of_mutation = [
        (request, above),
        ("change", "commit"),
        ("commit", request),
        ("execute", request),
        ("plan", request),
        ("write", request),
    ];
    let of_mutation = pairs(&of_mutation);
    assert_eq!(tree(&received, &TRACE.replace("0af7", "1af7")), of_mutation);
    let received = received.lock().unwrap();
    assert_eq!(received.len(), 10, "nothing of what is not sampled");
    assert!(received.iter().all(|(service, _)| service == "guitu"));
    let spans = received.iter().map(|(_, span)| span);
    let mut spans = spans.filter(|span| hex(&span.trace_id) == TRACE);
    let span = spans.find(|span| span.name == request).unwrap();
    let port = server_port(span);
    for (key, value) in [
        ("http.request.method", "POST"),
        ("http.route", "/graphql"),
        ("url.path", "/graphql"),
        ("http.response.status_code", "200"),
        ("server.address", "127.0.0.1"),
        ("server.port", &port),
        ("user_agent.original", "a test"),
        ("graphql.operation.type", "query"),
        ("graphql.operation.name", "People"),
        ("guitu.request_id", &id),
        ("guitu.outcome", "data"),
    ] {
        assert_eq!(told(span, key), value, "{key}");
    }
    assert_eq!(span.kind, 2, "a server's");
}

fn server_port(span: &Span) -> String {
    let port = told(span, "server.port");
    assert!(port.parse::<u16>().is_ok_and(|port| port > 0), "{port}");
    port
}

#[test]
fn operations_of_a_batch_have_each_a_span_and_what_fails_says_so() {
    let home = Home::new();
    let (collector, received) = collector();
    let flags = ["--otlp-endpoint", &collector, "--timeout", "0.000001"];
    let server = home.serve(&[&FILM[..], &flags].concat());
    let query = json!({"query": "{ graphMetrics { nodes { betweenness } } }"});
    let batch = json!([query, {"query": "{ nope }"}]);
    post(&server, &batch, PARENT.1);
    assert_eq!(server.stop().0, Some(0));
    let tree = tree(&received, TRACE);
    let operations = tree.iter().filter(|(name, above)| {
        let (name, above) = (name.as_str(), above.as_str());
        (name, above) == ("operation", "POST /graphql")
    });
    assert_eq!(operations.count(), 2, "{tree:?}");
    let received = received.lock().unwrap();
    let refused = received
        .iter()
        .filter(|(_, span)| told(span, "guitu.outcome") == "refused");
    assert!(refused.count() >= 1);
}

#[test]
fn what_is_asked_over_a_socket_is_beneath_the_request_that_opened_it() {
    let home = Home::new();
    let (collector, received) = collector();
    let server = home.serve(&[&FILM[..], &["--otlp-endpoint", &collector]].concat());
    let parent = format!("{}: {}\r\n", PARENT.0, PARENT.1);
    let mut socket = super::shutdown::socket(server.address, &parent, "{ people { name } }");
    let mut said = Vec::new();
    while !String::from_utf8_lossy(&said).contains("\"complete\"") {
        let mut piece = [0; 4096];
        let read = socket.read(&mut piece).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&said));
        said.extend_from_slice(&piece[..read]);
    }
    drop(socket);
    assert_eq!(server.stop().0, Some(0));
    let opening = "GET /graphql";
    let expected = [
        (opening, "b7ad6b7169203331"),
        ("execute", "operation"),
        ("operation", opening),
        ("plan", "operation"),
        ("write", "operation"),
    ];
    assert_eq!(tree(&received, TRACE), pairs(&expected));
    let received = received.lock().unwrap();
    let of = |name: &str| {
        let mut spans = received.iter().map(|(_, span)| span);
        spans.find(|span| span.name == name).unwrap()
    };
    assert_eq!(told(of("operation"), "graphql.operation.type"), "query");
    assert_eq!(told(of(opening), "http.response.status_code"), "101");
}

#[test]
fn a_collector_that_is_away_or_mute_costs_a_warning_and_nothing_else() {
    let home = Home::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    // It accepts, and never answers.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let mute = (format!("http://{}", mute.local_addr().unwrap()), mute);
    for collector in [&nobody, &mute.0] {
        let mut command = home.command(["serve", "--listen", "127.0.0.1:0"]);
        // A batch for nearly every span, so that there are many to fail.
        command.args(FILM).args(["--otlp-endpoint", collector]);
        command.env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2");
        let server = Server::start(command);
        for _ in 0..40 {
            server.is_alive();
        }
        let (code, said) = server.stop();
        assert_eq!(code, Some(0), "{said}");
        assert!(said.matches("traces are lost").count() <= 1, "{said}");
        if collector == &nobody {
            says_all(&said, &["traces are lost", collector, "refused"]);
        }
    }
}

#[test]
fn without_the_flag_nothing_is_sent_whatever_the_environment_says() {
    let home = Home::new();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    nobody.set_nonblocking(true).unwrap();
    let address = format!("http://{}", nobody.local_addr().unwrap());
    let mut command = home.command(["serve", "--listen", "127.0.0.1:0"]);
    command
        .args(FILM)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &address);
    let server = Server::start(command);
    server.is_alive();
    assert_eq!(server.stop().0, Some(0));
    assert!(nobody.accept().is_err(), "somebody came");

    let ran = home.run(["serve", "--otlp-endpoint", "https://collector"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    says_all(
        &ran.err,
        &["--otlp-endpoint", "plain HTTP", "http://127.0.0.1:4318"],
    );
}
