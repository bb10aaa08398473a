//! `guitu backup` and `guitu restore`: of a server that is written to, of a directory, and killed.

use super::*;
use std::sync::atomic::{AtomicU64, Ordering};

fn film(home: &Home) -> Server {
    home.serve(&FILM)
}

fn add(server: &Server, name: &str) -> Value {
    server.ask(&format!(
        "mutation {{ createPeople(input: [{{ key: \"{name}\", name: \"{name}\" }}]) {{ created revision }} }}"
    ))
}

/// What a restored directory holds.
#[track_caller]
fn people(home: &Home, data: &str) -> (u64, Vec<String>) {
    let query = "{ revision people { key } }";
    let arguments = ["query", "--data", data, query];
    let answer = home.run(arguments.into_iter().chain(FILM)).ok();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    let answer = answer.get("data").unwrap_or(&answer).clone();
    let people = answer["people"].as_array().unwrap().iter();
    let keys = people.map(|person| person["key"].as_str().unwrap().to_owned());
    let revision = answer["revision"].as_str().unwrap().parse().unwrap();
    (revision, keys.collect())
}

#[test]
fn a_server_is_copied_while_it_is_written_to() {
    let home = Home::new();
    let server = film(&home);
    let address = format!("http://{}", server.address);
    let acknowledged = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for n in 0..400 {
                let answer = add(&server, &format!("p{n}"));
                let data = &answer["data"]["createPeople"];
                assert_eq!(data["created"], 1, "{answer}");
                acknowledged.store(n + 1, Ordering::SeqCst);
            }
        });
        for n in 0..3 {
            let before = acknowledged.load(Ordering::SeqCst);
            let file = format!("backup{n}");
            let said = home.run(["backup", &file, "--server", &address]).ok();
            says_all(&said, &["revision ", "every commit since 0"]);
            let data = format!("restored{n}");
            home.run(["restore", &file, "--data", &data]).ok();
            let (revision, keys) = people(&home, &data);
            let ours: Vec<_> = keys.iter().filter(|key| key.starts_with('p')).collect();
            let news = (revision - 1) as usize;
            assert!(news as u64 >= before);
            for n in 0..news {
                assert!(keys.contains(&format!("p{n}")), "p{n} of {news}");
            }
            assert!(!keys.contains(&format!("p{news}")), "{ours:?}");
        }
        writing.join().unwrap();
    });
    let mut names: Vec<_> = std::fs::read_dir(home.folder.path()).unwrap().collect();
    names.retain(|name| {
        let name = name.as_ref().unwrap().file_name();
        name.to_string_lossy().contains(".part") || name.to_string_lossy().contains(".restoring")
    });
    assert!(names.is_empty(), "{names:?}");
}

#[test]
fn a_directory_is_copied_or_whoever_has_it_is_asked() {
    let home = Home::new();
    let server = film(&home);
    let listen = server.address.to_string();
    home.run(["backup", "asked", "--listen", &listen]).ok();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = closed.local_addr().unwrap().to_string();
    drop(closed);
    let refused = home.run(["backup", "none", "--listen", &nobody]);
    refused.refused(&["in use", "no server answers", "--server"]);
    assert_eq!(server.stop().0, Some(0));
    home.run(["backup", "read"]).ok();
    let of = |name| std::fs::read(home.path(name)).unwrap();
    assert!(of("asked") == of("read"), "the same graph, the same bytes");
    home.run(["restore", "read", "--data", "new"]).ok();
    assert_eq!(people(&home, "new"), people(&home, "data"));
    says_all(
        &home.run(["verify", "--data", "new"]).ok(),
        &["all is well"],
    );

    home.run(["backup", "read"])
        .refused(&["read", "exists already"]);
    let refused = home.run(["restore", "read", "--data", "new"]);
    refused.refused(&["new is not empty", "--data"]);
    let refused = home.run(["backup", "x", "--data", "nowhere"]);
    refused.refused(&["no data directory nowhere"]);
    let refused = home.run(["backup", "x", "--server", "https://localhost"]);
    refused.refused(&["https://localhost", "http://127.0.0.1:8080"]);
}

#[test]
fn a_damaged_file_is_told_as_such() {
    let home = Home::new();
    film(&home).stop();
    home.run(["backup", "whole"]).ok();
    let whole = std::fs::read(home.path("whole")).unwrap();
    let mut damaged = whole.clone();
    damaged[whole.len() / 3] ^= 1;
    for (bytes, says) in [
        (&damaged[..], "damaged"),
        (&whole[..whole.len() / 2], "cut off"),
        (b"PK something else", "does not begin as a backup"),
    ] {
        std::fs::write(home.path("wrong"), bytes).unwrap();
        let refused = home.run(["restore", "wrong", "--data", "new"]);
        refused.refused(&["wrong", "no whole backup", says]);
        assert!(!home.path("new").exists() && !home.path("new.restoring").exists());
    }
}

/// Starts the program and kills it as soon as something is there.
fn killed_when(home: &Home, arguments: &[&str], there: &str) {
    let mut command = home.command(arguments.iter().copied());
    let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = quiet.spawn().unwrap();
    let place = home.path(there);
    while !place.exists() && child.try_wait().unwrap().is_none() {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn whoever_is_killed_leaves_all_of_it_or_nothing() {
    let home = Home::new();
    film(&home).stop();
    killed_when(&home, &["backup", "file"], "file.part");
    if home.path("file").exists() {
        std::fs::remove_file(home.path("file")).unwrap();
    }
    home.run(["backup", "file"]).ok();
    assert!(!home.path("file.part").exists());
    let moments = [
        "",
        "/guitu.json",
        "/log/db",
        "/checkpoint-1",
        "/checkpoint-1/db",
    ];
    for moment in moments {
        let there = format!("new.restoring{moment}");
        killed_when(&home, &["restore", "file", "--data", "new"], &there);
        if !home.path("new").exists() {
            home.run(["restore", "file", "--data", "new"]).ok();
        }
        assert_eq!(people(&home, "new"), people(&home, "data"), "{moment}");
        std::fs::remove_dir_all(home.path("new")).unwrap();
        assert!(!home.path("new.restoring").exists());
    }
}
