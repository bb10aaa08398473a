//! Is a token accepted only if it is signed by whom we trust, meant for us and still valid? The keys
//! in `tests/access` were made for these tests and open nothing else.

use super::*;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use std::time::{SystemTime, UNIX_EPOCH};

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
