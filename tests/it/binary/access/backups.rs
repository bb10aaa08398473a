//! `guitu backup --token`: does the right key get all of it, and any other nothing?

use super::*;

/// Every name in the folder, so that nothing half-written goes unseen.
fn names(home: &Home) -> Vec<String> {
    let entries = std::fs::read_dir(home.folder.path()).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<_> = entries
        .map(name)
        .map(|n| n.into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_takes_the_key_of_one_who_may_administer() {
    let home = home(HEAD, "");
    let (root, red, gone) = (key(&home, "root"), key(&home, "red"), key(&home, "half"));
    let server = served(&home);
    let revoke = ["key", "revoke", "--ontology", "o.graphql", "half"];
    home.run(revoke).ok();
    let address = format!("http://{}", server.address);
    let with =
        |token: &[&str]| home.run([&["backup", "copy", "--server", &address], token].concat());
    let wrong = format!("{}x", &root[..root.len() - 1]);
    let wrong = if wrong == root {
        format!("{}y", &root[..root.len() - 1])
    } else {
        wrong
    };
    let before = names(&home);
    for (token, says) in [
        (&[][..], &["403", "admin"][..]),
        (&["--token", &red], &["403", "admin"]),
        (&["--token", &wrong], &["401"]),
        (&["--token", "nonsense"], &["401"]),
        (&["--token", "line\nbreak"], &["the token has bytes"]),
    ] {
        let told = with(token).refused(says);
        assert_eq!(names(&home), before, "nothing is left: {told}");
        assert!(
            !told.contains(&root[20..]) && !told.contains(&red[20..]),
            "{told}"
        );
    }
    // Revoking is noticed within seconds.
    loop {
        let ran = with(&["--token", &gone]);
        assert_eq!(ran.code, Some(1), "{}", ran.err);
        assert_eq!(names(&home), before);
        if ran.err.contains("401") {
            break;
        }
    }
    says_all(
        &with(&["--token", &root]).ok(),
        &["revision 1, with every commit"],
    );
    home.run(["restore", "copy", "--data", "new"]).ok();
    let query = [
        "query",
        "--data",
        "new",
        "--ontology",
        "o.graphql",
        "{ notes { key } }",
    ];
    says_all(&home.run(query).ok(), &["\"a\"", "\"b\"", "\"c\""]);

    // From the environment, and by way of the directory that the server has.
    let mut command = home.command(["backup", "other", "--listen", &server.address.to_string()]);
    ran(command.env("GUITU_TOKEN", &root)).ok();
    let bytes = |name| std::fs::read(home.path(name)).unwrap();
    assert!(bytes("other") == bytes("copy"));
}
