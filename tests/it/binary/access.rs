//! Does the server know who asks, and hold them to their roles?

use super::http::{Response, exchange, get, post, send};
use super::*;
use guitu::db::Db;
use guitu::ontology::Ontology;
use guitu::store::Options;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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
    assert!(!text.contains(root.rsplit('_').next().unwrap()), "{text}");
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

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(Path::new("tests/access").join(name)).unwrap()
}

fn token(algorithm: Algorithm, kid: Option<&str>, key: &EncodingKey, claims: &Value) -> String {
    let mut header = Header::new(algorithm);
    header.kid = kid.map(str::to_owned);
    encode(&header, claims, key).unwrap()
}

fn claims() -> Value {
    json!({"sub": "ann", "roles": ["red"], "aud": "guitu", "iss": "https://id.example", "exp": now() + 600})
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

const JWT: &str =
    "[jwt]\njwks = \"jwks.json\"\nissuer = \"https://id.example\"\naudience = [\"guitu\"]\n";

#[test]
fn tokens_are_checked_by_public_keys() {
    let home = home("", JWT);
    home.write(
        "jwks.json",
        &String::from_utf8(fixture("jwks.json")).unwrap(),
    );
    let server = served(&home);
    let rsa = EncodingKey::from_rsa_pem(&fixture("rsa.pem")).unwrap();
    let ec = EncodingKey::from_ec_pem(&fixture("ec.pem")).unwrap();
    let ed = EncodingKey::from_ed_pem(&fixture("ed.pem")).unwrap();
    let other = EncodingKey::from_rsa_pem(&fixture("other.pem")).unwrap();
    let by_rsa = |claims: &Value| token(Algorithm::RS256, Some("rsa"), &rsa, claims);
    for good in [
        by_rsa(&claims()),
        token(Algorithm::RS256, None, &rsa, &claims()),
        token(Algorithm::ES256, Some("ec"), &ec, &claims()),
        token(Algorithm::EdDSA, Some("ed"), &ed, &claims()),
        by_rsa(&with(claims(), "roles", json!("red other"))),
    ] {
        assert_eq!(notes(&server, Some(&good)), "abc");
    }
    assert_eq!(
        notes(
            &server,
            Some(&by_rsa(&with(claims(), "roles", json!(["guest"]))))
        ),
        "bc"
    );
    assert_eq!(
        notes(
            &server,
            Some(&by_rsa(&with(claims(), "roles", json!(["nobody"]))))
        ),
        ""
    );
    let mut without = claims();
    without.as_object_mut().unwrap().remove("exp");
    let secret = EncodingKey::from_secret(&fixture("jwks.json"));
    let none = format!(
        "eyJhbGciOiJub25lIn0.{}.",
        by_rsa(&claims()).split('.').nth(1).unwrap()
    );
    let good = by_rsa(&claims());
    let cut = good.rsplit_once('.').unwrap().0;
    for wrong in [
        by_rsa(&with(claims(), "exp", json!(now() - 60))),
        by_rsa(&with(claims(), "nbf", json!(now() + 600))),
        by_rsa(&with(claims(), "aud", json!("others"))),
        by_rsa(&with(claims(), "iss", json!("https://evil.example"))),
        by_rsa(&without),
        token(Algorithm::RS256, Some("rsa"), &other, &claims()),
        token(Algorithm::RS256, Some("ec"), &rsa, &claims()),
        token(Algorithm::RS512, Some("rsa"), &rsa, &claims()),
        token(Algorithm::HS256, Some("rsa"), &secret, &claims()),
        none,
        format!("{cut}."),
        "a.b.c".to_owned(),
    ] {
        is_unknown(
            &ask(&server, Some(&wrong), NOTES),
            "this token is not accepted",
        );
    }
}

#[test]
fn tokens_are_checked_by_a_secret() {
    let secret = "a secret of at least thirty-two bytes";
    let tail = "[jwt]\nsecret = \"secret.txt\"\nroles_claim = \"realm.roles\"\n";
    let home = home("", tail);
    home.write("secret.txt", &format!("{secret}\n"));
    let server = served(&home);
    let right = EncodingKey::from_secret(secret.as_bytes());
    let wrong = EncodingKey::from_secret(b"another secret of thirty-two bytes");
    let claims = json!({"sub": "ann", "realm": {"roles": ["red"]}, "exp": now() + 600});
    assert_eq!(
        notes(
            &server,
            Some(&token(Algorithm::HS256, None, &right, &claims))
        ),
        "abc"
    );
    let bad = token(Algorithm::HS256, None, &wrong, &claims);
    is_unknown(&ask(&server, Some(&bad), NOTES), "not accepted");
    drop(server);
    home.write("secret.txt", "short");
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
        .refused(&["the secret has 5 bytes; at least 32"]);
    home.write(
        "access.toml",
        &format!("{RULES}[jwt]\nsecret = \"s\"\njwks = \"j\"\nalgorithms = [\"none\"]\n"),
    );
    home.run(serve)
        .refused(&["exactly one of", "`none` is not known"]);
}

/// The first error of a refused write.
#[track_caller]
fn forbidden(server: &Server, token: &str, mutation: &str) -> String {
    let answer = ask(server, Some(token), mutation).json();
    assert_eq!(error(&answer).0, "FORBIDDEN", "{answer}");
    assert!(answer["data"].is_null(), "{answer}");
    answer["errors"].to_string()
}

#[test]
fn records_are_written_within_the_rules() {
    let home = home(HEAD, "");
    let (red, root) = (key(&home, "red"), key(&home, "root"));
    let server = served(&home);
    let guest = ask(
        &server,
        None,
        "mutation { deleteNotes(where: {}) { deleted } }",
    )
    .json();
    assert_eq!(error(&guest).0, "FORBIDDEN");
    let done = ask(
        &server,
        Some(&red),
        "mutation { updateNotes(where: {key: {eq: \"a\"}}, set: {stars: 4}) { updated } }",
    )
    .json();
    assert_eq!(done["data"]["updateNotes"]["updated"], 1, "{done}");
    let told = forbidden(
        &server,
        &red,
        "mutation { x: updateNotes(where: {}, set: {stars: 9}) { updated } }",
    );
    says_all(&told, &["update Note:b as it was", "\"path\":[\"x\"]"]);
    assert!(!told.contains("Note:a"), "{told}");
    forbidden(
        &server,
        &red,
        "mutation { deleteNotes(where: {key: {eq: \"b\"}}, cascade: true) { deleted } }",
    );
    forbidden(
        &server,
        &red,
        "mutation { createTeams(input: [{key: \"t\", name: \"T\"}]) { created } }",
    );
    // The record must still be theirs afterwards, also where another field takes it away.
    let away = "mutation { updateNotes(where: {key: {eq: \"a\"}}, set: {team: {disconnect: {}, connect: {node: {id: \"Team:blue\"}}}}) { updated } }";
    says_all(&forbidden(&server, &red, away), &["update Note:a"]);
    forbidden(
        &server,
        &red,
        "mutation { createNotes(input: [{key: \"n\", text: \"N\", team: {connect: {node: {id: \"Team:blue\"}}}}]) { created } }",
    );
    let made = ask(&server, Some(&red), "mutation { createNotes(input: [{key: \"n\", text: \"N\", team: {connect: {node: {id: \"Team:red\"}}}}]) { created notes { key team { key } } } }").json();
    assert_eq!(
        made["data"]["createNotes"]["notes"][0]["team"]["key"], "red",
        "{made}"
    );
    assert_eq!(notes(&server, Some(&root)), "abcn");
    let stars = ask(&server, Some(&root), "{ notes { stars } }").json();
    assert_eq!(
        stars["data"]["notes"],
        json!([{"stars": 4}, {"stars": 3}, {"stars": 5}, {"stars": null}])
    );
}

#[test]
fn what_is_hidden_cannot_be_chosen_or_named() {
    let home = home(HEAD, "");
    let (half, root) = (key(&home, "half"), key(&home, "root"));
    let server = served(&home);
    let all = ask(
        &server,
        Some(&half),
        "mutation { updateNotes(where: {}, set: {stars: 7}) { updated notes { key } } }",
    )
    .json();
    assert_eq!(
        all["data"]["updateNotes"],
        json!({"updated": 2, "notes": [{"key": "a"}, {"key": "c"}]})
    );
    let through = ask(&server, Some(&half), "mutation { updateTeams(where: {key: {eq: \"blue\"}}, set: {name: \"B\"}) { teams { key name } } }").json();
    assert_eq!(
        through["data"]["updateTeams"]["teams"][0]["name"], "B",
        "{through}"
    );
    // A hidden note is as one that is not there.
    let named = |id: &str| {
        let link = format!(
            "mutation {{ updateTeams(where: {{}}, set: {{notes: {{connect: [{{node: {{id: \"{id}\"}}}}]}}}}) {{ updated }} }}"
        );
        error(&ask(&server, Some(&half), &link).json())
    };
    let (hidden, absent) = (named("Note:b"), named("Note:z"));
    assert_eq!(hidden.0, "NOT_FOUND");
    assert_eq!(hidden.1.replace("Note:b", "Note:z"), absent.1);
    // What they make that they may not see is not shown to them.
    let made = ask(
        &server,
        Some(&half),
        "mutation { createNotes(input: [{key: \"n\", text: \"N\"}]) { created notes { key } } }",
    )
    .json();
    assert_eq!(
        made["data"]["createNotes"],
        json!({"created": 1, "notes": []})
    );
    assert_eq!(notes(&server, Some(&half)), "ac");
    assert_eq!(notes(&server, Some(&root)), "abcn");
}

#[test]
fn commits_name_who_made_them() {
    let home = home(HEAD, "");
    let root = key(&home, "root");
    let server = served(&home);
    let made = ask(
        &server,
        Some(&root),
        "mutation { createTeams(input: [{key: \"t\", name: \"T\"}]) { revision } }",
    )
    .json();
    assert!(made["data"].is_object(), "{made}");
    assert_eq!(server.stop().0, Some(0));
    let ontology = Ontology::parse("o.graphql", ONTOLOGY).unwrap();
    let db = Db::open(&home.path("data"), Arc::new(ontology), &Options::default()).unwrap();
    let commit = db.commit(db.snapshot().revision()).unwrap();
    assert_eq!(commit.about.actor.as_deref(), Some("root"));
}

/// A WebSocket: what the server says to these messages, up to its close code or its first `next`.
fn talk(server: &Server, headers: &str, messages: &[&str]) -> String {
    let host = server.address;
    let head = format!(
        "GET /graphql HTTP/1.1\r\nhost: {host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: graphql-transport-ws\r\n{headers}\r\n"
    );
    let mut stream = send(host, head.as_bytes());
    for message in messages {
        // Masked by zeros, which leaves it as it is.
        let mut frame = vec![0x81, 0x80 | 126, 0, 0];
        frame[2..4].copy_from_slice(&(message.len() as u16).to_be_bytes());
        frame.extend([0; 4]);
        frame.extend(message.as_bytes());
        stream.write_all(&frame).unwrap();
    }
    let mut said = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&said).into_owned();
        let closed = said
            .windows(4)
            .any(|four| four[0] == 0x88 && four[2] == 0x11);
        if closed || text.contains("\"next\"") || text.contains("\"error\"") {
            return text;
        }
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return text,
            Ok(count) => said.extend(&piece[..count]),
        }
    }
}

#[test]
fn web_sockets_tell_who_they_are_in_either_way() {
    let home = home("keys = \"keys.toml\"\n", "");
    let half = key(&home, "half");
    let server = served(&home);
    let subscribe =
        "{\"id\":\"1\",\"type\":\"subscribe\",\"payload\":{\"query\":\"{ notes { key } }\"}}";
    let bare = "{\"type\":\"connection_init\"}";
    let payload = format!(
        "{{\"type\":\"connection_init\",\"payload\":{{\"authorization\":\"Bearer {half}\"}}}}"
    );
    let seen = "{\"notes\":[{\"key\":\"a\"},{\"key\":\"c\"}]}";
    says_all(
        &talk(&server, "", &[&payload, subscribe]),
        &["connection_ack", seen],
    );
    let header = format!("authorization: Bearer {half}\r\n");
    says_all(
        &talk(&server, &header, &[bare, subscribe]),
        &["connection_ack", seen],
    );
    let refused = talk(&server, "", &[bare, subscribe]);
    says_all(&refused, &["answers only who shows credentials"]);
    assert!(!refused.contains("connection_ack"), "{refused}");
    let wrong = "{\"type\":\"connection_init\",\"payload\":{\"authorization\":\"Bearer x\"}}";
    says_all(&talk(&server, "", &[wrong]), &["this API key is wrong"]);
    says_all(
        &talk(&server, "authorization: Bearer x\r\n", &[]),
        &["401", "UNAUTHENTICATED"],
    );
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
