//! Does the server know who asks, and hold them to their roles?

mod backups;
mod sockets;
mod tokens;
mod writing;

use super::http::{Response, exchange, get, post};
use super::*;
use serde_json::json;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

const ONTOLOGY: &str = "type Team @node {\n  name: String!\n  notes: [Note!]! @relationship(type: \"OF\", direction: IN)\n}\n\
    type Note @node {\n  text: String!\n  stars: Int\n\
    team: Team @relationship(type: \"OF\", direction: OUT)\n}\n";

const RULES: &str = r#"
[roles.root]
admin = true
[roles.watch]
metrics = true
[roles.guest.read]
Note = '{ stars: { gte: 3 } }'
[roles.red.read]
"*" = true
[roles.red.write]
Note = '{ team: { key: { eq: "red" } } }'
OF = true
[roles.half.read]
Team = true
Source = true
OF = true
Note = '{ team: { key: { eq: "red" } } }'
[roles.half.write]
"*" = true
"#;

const HEAD: &str = "keys = \"keys.toml\"\nanonymous = [\"guest\"]\n";

/// Three notes of two teams, and the rules; `head` begins the file of access.
fn home(head: &str, tail: &str) -> Home {
    let home = Home::new();
    home.write("o.graphql", ONTOLOGY);
    home.write("in/Team.csv", "key,name\nred,Red\nblue,Blue\n");
    home.write(
        "in/Note.csv",
        "key,text,stars,team\na,A,1,red\nb,B,3,blue\nc,C,5,red\n",
    );
    home.write("access.toml", &format!("{head}{RULES}{tail}"));
    home
}

fn served(home: &Home) -> Server {
    let flags = [
        "--ontology",
        "o.graphql",
        "--seed",
        "in",
        "--access",
        "access.toml",
    ];
    home.serve(&flags)
}

/// A new key with this role.
fn key(home: &Home, role: &str) -> String {
    let arguments = [
        "key",
        "create",
        "--ontology",
        "o.graphql",
        "--name",
        role,
        "--role",
        role,
    ];
    home.run(arguments).ok().trim().to_owned()
}

fn ask(server: &Server, token: Option<&str>, query: &str) -> Response {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![
        ("content-type", "application/json"),
        ("accept", "application/graphql-response+json"),
    ];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let body = json!({ "query": query }).to_string();
    post(server.address, body.as_bytes(), &headers)
}

const NOTES: &str = "{ notes { key } }";

/// The keys of the notes that somebody sees.
#[track_caller]
fn notes(server: &Server, token: Option<&str>) -> String {
    let answer = ask(server, token, NOTES).json();
    let notes = answer["data"]["notes"].as_array();
    let notes = notes.unwrap_or_else(|| panic!("{answer}")).iter();
    notes.map(|note| note["key"].as_str().unwrap()).collect()
}

#[track_caller]
fn is_unknown(answer: &Response, says: &str) {
    assert_eq!(
        answer.refusal(),
        (401, "UNAUTHENTICATED".to_owned()),
        "{}",
        answer.text()
    );
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer realm=\"guitu\"")
    );
    says_all(&answer.text(), &[says]);
}

#[test]
fn keys_open_what_their_roles_may_see() {
    let home = home(HEAD, "");
    let server = served(&home);
    assert_eq!(notes(&server, None), "bc");
    let (red, half, root) = (key(&home, "red"), key(&home, "half"), key(&home, "root"));
    // The server looks at the file at most once a second.
    until(|| ask(&server, Some(&root), NOTES).status == 200);
    assert_eq!(notes(&server, Some(&root)), "abc");
    assert_eq!(notes(&server, Some(&red)), "abc");
    assert_eq!(notes(&server, Some(&half)), "ac");
    let counts = "{ ontology { types { name count } } }";
    let answer = ask(&server, Some(&half), counts).text();
    says_all(&answer, &["{\"name\":\"Note\",\"count\":2}"]);
    let wrong = format!("{}x", &red[..red.len() - 1]);
    for wrong in [
        wrong.as_str(),
        "guitu_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "guitu_",
        "x",
    ] {
        is_unknown(
            &ask(&server, Some(wrong), NOTES),
            "wrong, expired or revoked",
        );
    }
    let basic = [
        ("content-type", "application/json"),
        ("authorization", "Basic eDp5"),
    ];
    let answer = post(server.address, b"{\"query\":\"{ revision }\"}", &basic);
    is_unknown(&answer, "Bearer");
}

/// Until something holds; a server that never gets there fails the test.
#[track_caller]
fn until(holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !holds() {
        assert!(Instant::now() < end, "it never came to be");
        std::thread::yield_now();
    }
}

#[test]
fn a_revoked_key_is_refused_while_the_server_runs() {
    let home = home(HEAD, "");
    let root = key(&home, "root");
    let server = served(&home);
    assert_eq!(notes(&server, Some(&root)), "abc");
    let listed = home.run(["key", "list", "--ontology", "o.graphql"]).ok();
    says_all(&listed, &["root\troot\t", "never"]);
    assert!(!listed.contains(&root), "{listed}");
    home.run(["key", "revoke", "root", "--ontology", "o.graphql"])
        .ok();
    until(|| ask(&server, Some(&root), NOTES).status == 401);
    is_unknown(&ask(&server, Some(&root), NOTES), "revoked");
    let none = home.run(["key", "revoke", "root", "--ontology", "o.graphql"]);
    none.refused(&["there is no key `root`"]);
}

#[test]
fn keys_are_kept_hashed_and_for_their_owner_alone() {
    let home = home(HEAD, "");
    let root = key(&home, "root");
    let path = home.path("keys.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    says_all(
        &text,
        &["$argon2id$v=19$m=19456,t=2,p=1$", "name = \"root\""],
    );
    // `guitu_<id>_<secret>`: the secret's own alphabet has `_` too.
    let secret = root.splitn(3, '_').nth(2).unwrap();
    assert!(secret.len() > 20 && !text.contains(secret), "{text}");
    let mode = || std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--ontology",
        "o.graphql",
        "--no-seed",
        "--access",
        "access.toml",
    ];
    home.run(serve)
        .refused(&["keys.toml", "mode 640", "chmod 600"]);
    let create = [
        "key",
        "create",
        "--ontology",
        "o.graphql",
        "--name",
        "n",
        "--role",
    ];
    home.run(create.into_iter().chain(["rot"]))
        .refused(&["there is no role `rot`", "root"]);
}

#[test]
fn an_expired_key_is_refused() {
    let home = home(HEAD, "");
    let create = [
        "key",
        "create",
        "--ontology",
        "o.graphql",
        "--name",
        "old",
        "--role",
        "root",
        "--expires",
    ];
    let old = home.run(create.into_iter().chain(["2020-01-01"])).ok();
    let new = home
        .run(create.into_iter().chain(["2999-12-31T00:00:00Z"]))
        .ok();
    let server = served(&home);
    is_unknown(&ask(&server, Some(old.trim()), NOTES), "expired");
    assert_eq!(notes(&server, Some(new.trim())), "abc");
}

#[test]
fn without_anonymous_everybody_must_say_who_they_are() {
    let home = home("keys = \"keys.toml\"\n", "");
    let root = key(&home, "root");
    let watch = key(&home, "watch");
    let server = served(&home);
    is_unknown(&ask(&server, None, NOTES), "credentials");
    is_unknown(
        &get(server.address, "/graphql?query=%7Brevision%7D"),
        "credentials",
    );
    is_unknown(&get(server.address, "/schema.graphql"), "credentials");
    is_unknown(&get(server.address, "/metrics"), "credentials");
    is_unknown(
        &get(
            server.address,
            "/export?format=gexf&query=%7Bnotes%7Bid%7D%7D",
        ),
        "credentials",
    );
    let backup =
        |headers: &[(&str, &str)]| exchange(server.address, "POST /admin/backup", headers, b"{}");
    let json = ("content-type", "application/json");
    is_unknown(&backup(&[json]), "credentials");
    let with = |path: &str, token: &str| {
        let bearer = format!("Bearer {token}");
        exchange(
            server.address,
            &format!("GET {path}"),
            &[("authorization", &bearer)],
            b"",
        )
    };
    assert_eq!(with("/schema.graphql", &root).status, 200);
    assert_eq!(with("/metrics", &root).status, 200);
    assert_eq!(with("/metrics", &watch).status, 200);
    let bearer = format!("Bearer {watch}");
    let answer = backup(&[json, ("authorization", &bearer)]);
    assert_eq!(answer.refusal(), (403, "FORBIDDEN".to_owned()));
    let bearer = format!("Bearer {root}");
    assert_eq!(backup(&[json, ("authorization", &bearer)]).status, 200);
    assert_eq!(get(server.address, "/health/live").status, 200);
}

#[test]
fn exports_show_what_the_role_sees() {
    let home = home(HEAD, "");
    let server = served(&home);
    let file = get(
        server.address,
        "/export?format=gexf&query=%7Bnotes%7Bid%7D%7D",
    )
    .text();
    says_all(&file, &["Note:b", "Note:c"]);
    assert!(!file.contains("Note:a"), "{file}");
}

#[test]
fn metrics_are_for_those_who_may() {
    let home = home(HEAD, "");
    let server = served(&home);
    let answer = get(server.address, "/metrics");
    assert_eq!(answer.refusal(), (403, "FORBIDDEN".to_owned()));
}

#[test]
fn whoever_could_be_reached_by_anyone_must_mean_it() {
    let home = home(HEAD, "");
    let serve = [
        "serve",
        "--listen",
        "0.0.0.0:0",
        "--ontology",
        "o.graphql",
        "--no-seed",
    ];
    home.run(serve)
        .refused(&["other machines", "--access access.toml", "--allow-anyone"]);
    for flags in [&["--allow-anyone"][..], &["--access", "access.toml"]] {
        let server = Server::start(home.command(serve.into_iter().chain(flags.iter().copied())));
        assert_eq!(server.stop().0, Some(0));
    }
}

#[test]
fn all_that_is_wrong_with_the_rules_is_told_at_the_start() {
    let home = home(
        "keyz = 1\n",
        "[roles.x.read]\nNote = '{ starz: { eq: 1 } }'\nNode = true\n",
    );
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--ontology",
        "o.graphql",
        "--no-seed",
        "--access",
        "access.toml",
    ];
    home.run(serve).refused(&[
        "access.toml:1:1: `keyz`",
        "roles.x.read.Note",
        "starz",
        "`Node`",
    ]);
}

#[test]
fn pages_of_other_sites_and_get_cannot_write() {
    let home = home("", "");
    let server = home.serve(&[
        "--ontology",
        "o.graphql",
        "--seed",
        "in",
        "--cors-origin",
        "https://app.example",
    ]);
    let mutation =
        json!({"query": "mutation { deleteNotes(where: {}, cascade: true) { deleted } }"})
            .to_string();
    let send = |headers: &[(&str, &str)]| post(server.address, mutation.as_bytes(), headers);
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ] {
        assert_eq!(send(&[("content-type", kind)]).status, 415, "{kind}");
    }
    let evil = send(&[
        ("content-type", "application/json"),
        ("origin", "https://evil.example"),
    ]);
    assert_eq!(evil.refusal(), (403, "FORBIDDEN".to_owned()));
    let query = "mutation%7BdeleteNotes(where:%7B%7D,cascade:true)%7Bdeleted%7D%7D";
    assert_eq!(
        get(server.address, &format!("/graphql?query={query}")).status,
        405
    );
    assert_eq!(
        server.ask(NOTES)["data"]["notes"].as_array().unwrap().len(),
        3
    );
    let app = send(&[
        ("content-type", "application/json"),
        ("origin", "https://app.example"),
    ]);
    assert_eq!(
        app.header("access-control-allow-origin"),
        Some("https://app.example")
    );
    assert_eq!(app.json()["data"]["deleteNotes"]["deleted"], 3);
}
