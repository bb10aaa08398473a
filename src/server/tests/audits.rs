//! The scripts of `tests/http/`, run against the fake: `make test` runs them against the binary.

use super::start;

async fn run_script(script: &'static str) {
    let server = start().await;
    let url = format!("http://{}/graphql", server.address);
    let command = move || {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http");
        std::process::Command::new("node")
            .current_dir(folder)
            .args([script, &url])
            .status()
    };
    let status = tokio::task::spawn_blocking(command).await.unwrap().unwrap();
    assert!(status.success());
    server.still_serves().await;
}

#[tokio::test]
#[ignore = "needs node and `npm ci` in tests/http"]
async fn all_audits_pass() {
    run_script("audit.mjs").await;
}

#[tokio::test]
#[ignore = "needs node and `npm ci` in tests/http"]
async fn the_reference_websocket_client_is_served() {
    run_script("socket.mjs").await;
}
