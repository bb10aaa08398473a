//! Exports over HTTP: methods, parameters, file names, refusals.

use super::{Server, start};

const QUERY: &str = "query=%7B+cities+%7B+id+%7D+%7D";

async fn post(server: &Server, target: &str, headers: &str, body: &str) -> super::Reply {
    let fixed = "host: localhost\r\nconnection: close\r\n";
    let length = body.len();
    let head = format!("POST {target} HTTP/1.1\r\n{fixed}content-length: {length}\r\n");
    server.send(format!("{head}{headers}\r\n{body}")).await
}

#[tokio::test]
async fn each_format_has_its_type_and_file_name() {
    let server = start().await;
    for (format, media, name, has) in [
        (
            "gexf",
            "application/xml; charset=utf-8",
            "cities.gexf",
            "<gexf",
        ),
        (
            "graphml",
            "application/xml; charset=utf-8",
            "cities.graphml",
            "<graphml",
        ),
        (
            "cytoscape",
            "application/json",
            "cities.cyjs",
            "\"elements\"",
        ),
        (
            "csv&part=nodes",
            "text/csv; charset=utf-8",
            "cities-nodes.csv",
            "Id,Label",
        ),
        (
            "csv&part=edges",
            "text/csv; charset=utf-8",
            "cities-edges.csv",
            "Source,Target",
        ),
        (
            "json-ld",
            "application/ld+json",
            "cities.jsonld",
            "\"@context\"",
        ),
    ] {
        let reply = server
            .get(&format!("/export?format={format}&{QUERY}"))
            .await;
        assert_eq!(reply.status, 200, "{reply:?}");
        assert_eq!(reply.header("content-type"), Some(media));
        let file = format!("attachment; filename=\"{name}\"");
        assert_eq!(reply.header("content-disposition"), Some(&*file));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert!(reply.header("x-request-id").is_some());
        assert!(reply.body.contains(has), "{reply:?}");
    }
}

#[tokio::test]
async fn get_head_and_post_are_answered_alike() {
    let server = start().await;
    let target = "/export?format=gexf";
    let json = "content-type: application/json\r\n";
    let posted = post(&server, target, json, r#"{"query":"{ cities { id } }"}"#).await;
    let got = server.get(&format!("{target}&{QUERY}")).await;
    assert_eq!((posted.status, &posted.body), (200, &got.body));
    let head =
        format!("HEAD {target}&{QUERY} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let head = server.send(head).await;
    assert_eq!((head.status, &*head.body), (200, ""));
    assert_eq!(
        head.header("content-disposition"),
        got.header("content-disposition")
    );
    let put = "PUT /export?format=gexf HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    let put = server.send(put).await;
    put.assert_refused(405, "BAD_USER_INPUT");
    assert_eq!(put.header("allow"), Some("get, head, post"));
}

#[tokio::test]
async fn a_wrong_format_is_told_those_there_are() {
    let server = start().await;
    for (format, says) in [
        ("", "json-ld"),
        ("format=xlsx&", "json-ld"),
        ("format=csv&", "part=nodes"),
        ("format=csv&part=all&", "part=edges"),
        ("format=gexf&part=nodes&", "only csv"),
        ("format=gexf&format=csv&", "twice"),
    ] {
        let reply = server.get(&format!("/export?{format}{QUERY}")).await;
        reply.assert_refused(400, "BAD_USER_INPUT");
        assert!(reply.body.contains(says), "{reply:?}");
    }
}

#[tokio::test]
async fn what_graphql_refuses_is_refused_here_too() {
    let server = start().await;
    let target = "/export?format=gexf";
    server
        .get(target)
        .await
        .assert_refused(400, "BAD_USER_INPUT");
    let reply = server.get(&format!("{target}&query=%7B")).await;
    reply.assert_refused(400, "GRAPHQL_PARSE_FAILED");
    let reply = server.get(&format!("{target}&query=%7B+panic+%7D")).await;
    reply.assert_refused(500, "INTERNAL");
    let json = "content-type: application/json\r\n";
    let body = r#"{"query":"mutation { a }"}"#;
    let reply = post(&server, target, json, body).await;
    reply.assert_refused(405, "BAD_USER_INPUT");
    let reply = post(&server, target, json, r#"[{"query":"{ a }"}]"#).await;
    reply.assert_refused(400, "BAD_USER_INPUT");
    let text = "content-type: text/plain\r\n";
    let reply = post(&server, target, text, r#"{"query":"{ a }"}"#).await;
    assert_eq!(reply.status, 415);
    let large = "x".repeat(2 << 20);
    assert_eq!(post(&server, target, json, &large).await.status, 413);
    let origin = "origin: https://evil.example\r\n";
    let reply = server.get_with(origin, &format!("{target}&{QUERY}")).await;
    reply.assert_refused(403, "FORBIDDEN");
    server.still_serves().await;
}

#[tokio::test]
async fn an_export_whose_client_leaves_is_cancelled() {
    let server = start().await;
    let stream = server.connect().await;
    let mut stream = stream;
    let request = "GET /export?format=gexf&query=%7B+wait+%7D HTTP/1.1\r\nhost: localhost\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut stream, request.as_bytes())
        .await
        .unwrap();
    server.fake.begun.notified().await;
    assert!(!server.fake.is_cancelled(0));
    drop(stream);
    while !server.fake.is_cancelled(0) {
        tokio::task::yield_now().await;
    }
}
