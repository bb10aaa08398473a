//! Origins and hosts: other sites, DNS rebinding, CORS.

use super::{Server, start, start_with};

async fn status(server: &Server, headers: &str) -> u16 {
    let head = "GET /graphql?query={a} HTTP/1.1\r\nconnection: close\r\n";
    server.send(format!("{head}{headers}\r\n")).await.status
}

#[tokio::test]
async fn on_loopback_only_loopback_names_are_answered() {
    let server = start().await;
    let port = server.address.port();
    for host in [
        "localhost",
        "LOCALHOST:1",
        "127.0.0.1",
        "[::1]",
        "[::1]:8080",
    ] {
        assert_eq!(
            status(&server, &format!("host: {host}\r\n")).await,
            200,
            "{host}"
        );
    }
    assert_eq!(
        status(&server, &format!("host: 127.0.0.1:{port}\r\n")).await,
        200
    );
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "[::1",
        "",
    ] {
        assert_eq!(
            status(&server, &format!("host: {host}\r\n")).await,
            403,
            "{host}"
        );
    }
    assert_eq!(status(&server, "").await, 400);
    assert_eq!(
        status(&server, "host: localhost\r\nhost: evil.example\r\n").await,
        400
    );
}

#[tokio::test]
async fn a_configured_name_is_answered() {
    let server = start_with(|config| config.hosts.push("graph.example".into())).await;
    assert_eq!(status(&server, "host: Graph.example:443\r\n").await, 200);
    assert_eq!(status(&server, "host: other.example\r\n").await, 403);
}

#[tokio::test]
async fn a_foreign_origin_is_refused() {
    let server = start().await;
    let host = "host: localhost:8080\r\n";
    for same in ["http://localhost:8080", "https://localhost:8080"] {
        assert_eq!(
            status(&server, &format!("{host}origin: {same}\r\n")).await,
            200,
            "{same}"
        );
    }
    for foreign in [
        "https://evil.example",
        "http://localhost:3000",
        "http://localhost",
        "localhost:8080",
        "null",
        "",
        "http://localhost:8080.evil.example",
    ] {
        assert_eq!(
            status(&server, &format!("{host}origin: {foreign}\r\n")).await,
            403,
            "{foreign}"
        );
    }
    server.still_serves().await;
}

#[tokio::test]
async fn an_allowed_origin_may_read_and_ask_before() {
    let origin = "https://app.example";
    let server = start_with(|config| config.cors_origins.push(origin.into())).await;
    let headers = format!("host: localhost\r\norigin: {origin}\r\nconnection: close\r\n\r\n");
    let reply = server
        .send(format!("GET /graphql?query={{a}} HTTP/1.1\r\n{headers}"))
        .await;
    assert_eq!(reply.header("access-control-allow-origin"), Some(origin));
    assert_eq!(reply.header("vary"), Some("origin"));
    let reply = server
        .send(format!("OPTIONS /graphql HTTP/1.1\r\n{headers}"))
        .await;
    assert_eq!(reply.status, 204);
    assert!(
        reply
            .header("access-control-allow-headers")
            .unwrap()
            .contains("content-type")
    );
    let foreign = "host: localhost\r\norigin: https://b.example\r\nconnection: close\r\n\r\n";
    let reply = server
        .send(format!("OPTIONS /graphql HTTP/1.1\r\n{foreign}"))
        .await;
    reply.assert_refused(403, "FORBIDDEN");
    assert_eq!(reply.header("access-control-allow-origin"), None);
}
