//! Does `/metrics` tell what happened?

use super::start;

#[tokio::test]
async fn requests_are_counted_by_outcome() {
    let server = start().await;
    server.still_serves().await;
    server.still_serves().await;
    server.post(r#"{"query":"{ panic }"}"#).await;
    let told = server.get("/metrics").await;
    assert_eq!(told.status, 200);
    assert!(
        told.head
            .contains("application/openmetrics-text; version=1.0.0")
    );
    for line in [
        r#"guitu_requests_total{outcome="data"} 2"#,
        r#"guitu_requests_total{outcome="internal"} 1"#,
        r#"guitu_requests_total{outcome="timeout"} 0"#,
        "guitu_request_duration_seconds_count 3",
        "guitu_websockets 0",
        "guitu_fakes_total 3",
    ] {
        assert!(
            told.body.lines().any(|l| l.trim_end_matches(".0") == line),
            "{line}\n{}",
            told.body
        );
    }
    assert!(told.body.contains("\nprocess_resident_memory_bytes "));
    assert_eq!(told.body.matches("# EOF").count(), 1);
    assert!(told.body.ends_with("# EOF\n"));
}

#[tokio::test]
async fn every_answer_names_its_request() {
    let server = start().await;
    let id = |reply: super::Reply| {
        let line = reply
            .head
            .lines()
            .find_map(|l| Some(l.strip_prefix("x-request-id: ")?.to_owned()));
        line.unwrap()
    };
    let first = id(server.post(r#"{"query":"{ __typename }"}"#).await);
    let second = id(server.post(r#"{"query":"{ __typename }"}"#).await);
    assert_eq!(first.len(), 16);
    assert_ne!(first, second);
}
