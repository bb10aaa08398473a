//! `guitu serve --keep-history`: what is beyond is gone, and whoever asks for it is told.

use super::*;

fn rename(server: &Server, to: &str) {
    let query = format!(
        "mutation {{ createPeople(input: [{{ key: \"{to}\", name: \"{to}\" }}]) {{ created }} }}"
    );
    assert_eq!(server.ask(&query)["data"]["createPeople"]["created"], 1);
}

/// Waits until history begins with a revision.
fn until_oldest(server: &Server, oldest: &str) {
    let line = format!("guitu_oldest_revision {oldest}.0");
    loop {
        let told = http::get(server.address, "/metrics").text();
        if told.lines().any(|told| told == line) {
            return;
        }
        std::thread::yield_now();
    }
}

#[test]
fn what_is_beyond_is_gone_and_whoever_asks_is_told() {
    let home = Home::new();
    let server = home.serve(&FILM);
    for n in 2..=9 {
        rename(&server, &format!("p{n}"));
    }
    let people = "{ at(revision: \"6\") { people { key } } }";
    let then = server.ask(people);
    assert_eq!(server.stop().0, Some(0));

    let server = home.serve(&[&FILM[..], &["--keep-history", "3"]].concat());
    until_oldest(&server, "6");
    assert_eq!(server.ask(people), then);
    let says = [
        "revision 5 is no longer kept",
        "the oldest that can be read is 6",
    ];
    for past in [
        "{ at(revision: \"5\") { revision } }",
        "{ diff(from: \"5\", to: \"9\") { added { id } } }",
    ] {
        let (code, told) = server.refusal(past);
        assert_eq!(code, "NOT_FOUND", "{told}");
        says_all(&told, &says);
    }
    let (code, told) = server.refusal("{ at(time: \"2020-01-01T00:00:00Z\") { revision } }");
    assert_eq!(code, "NOT_FOUND");
    says_all(
        &told,
        &["no longer kept", "oldest revision that can be read is 6"],
    );
    let watch = serde_json::json!({"query": "subscription { changes(after: \"5\") { revision } }"});
    let headers = [
        ("content-type", "application/json"),
        ("accept", "text/event-stream"),
    ];
    let request = http::request("POST /graphql", &headers, watch.to_string().as_bytes());
    let events = String::from_utf8(http::raw(server.address, &request)).unwrap();
    says_all(&events, &says);

    let address = format!("http://{}", server.address);
    let said = home.run(["backup", "file", "--server", &address]).ok();
    says_all(&said, &["revision 9, with every commit since 6"]);
    home.run(["restore", "file", "--data", "new"]).ok();
    server.kill();
    for data in ["data", "new"] {
        says_all(&home.run(["verify", "--data", data]).ok(), &["all is well"]);
        let arguments = ["query", "--data", data, people].into_iter().chain(FILM);
        let answer: Value = serde_json::from_str(&home.run(arguments).ok()).unwrap();
        let answer = answer.get("data").unwrap_or(&answer);
        assert_eq!(answer, &then["data"]);
    }

    let ran = home.run(["serve", "--keep-history", "30 days"]);
    assert_eq!(ran.code, Some(2));
    says_all(&ran.err, &["--keep-history", "30d", "1000"]);
}

#[test]
fn who_is_killed_while_history_goes_has_all_of_it_or_what_was_to_be_kept() {
    let home = Home::new();
    let server = home.serve(&FILM);
    for n in 2..=40 {
        rename(&server, &format!("p{n}"));
    }
    assert_eq!(server.stop().0, Some(0));
    for round in 0..12 {
        let server = home.serve(&[&FILM[..], &["--keep-history", "3"]].concat());
        // Not a wait for anything: only spreads the kills over what happens.
        for turn in 0..round * 400_000 {
            std::hint::black_box(turn);
        }
        server.kill();
        home.verified();
        let server = home.serve(&FILM);
        for at in [37, 40] {
            let past = format!("{{ at(revision: \"{at}\") {{ people {{ key }} }} }}");
            let answer = server.ask(&past);
            let people = answer["data"]["at"]["people"].to_string();
            assert!(people.contains(&format!("\"p{at}\"")), "{round}: {answer}");
            assert!(!people.contains(&format!("\"p{}\"", at + 1)), "{answer}");
        }
        server.kill();
    }
}
