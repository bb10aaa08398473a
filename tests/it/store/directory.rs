//! Is a folder that is not ours, not free, or not of our time left alone?

use std::fs;
use std::path::Path;

use guitu::store::{self, Options, Store, StoreError};

use super::{Progress, Step, check};

fn open(folder: &Path) -> Result<Box<dyn Store>, StoreError> {
    store::open(folder, &Options::default())
}

fn refusal(folder: &Path) -> String {
    match open(folder) {
        Ok(_) => panic!("{} was opened", folder.display()),
        Err(error) => error.to_string(),
    }
}

fn made() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    Step::Append(3).take(&*store, Progress::default()).unwrap();
    folder
}

#[test]
fn a_new_and_an_empty_folder_become_a_store() {
    let parent = tempfile::tempdir().unwrap();
    let nested = parent.path().join("a/b/c");
    assert_eq!(open(&nested).unwrap().revision(), 0);
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(open(empty.path()).unwrap().revision(), 0);
}

#[test]
fn a_foreign_folder_is_refused_and_untouched() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let refusal = refusal(folder.path());
    assert!(
        refusal.contains("thesis.txt") && refusal.contains("--data"),
        "{refusal}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_second_opening_is_refused_with_the_pid() {
    let folder = made();
    let store = open(folder.path()).unwrap();
    let refusal = refusal(folder.path());
    assert!(
        refusal.contains(&format!("pid {}", std::process::id())),
        "{refusal}"
    );
    drop(store);
    assert_eq!(open(folder.path()).unwrap().revision(), 3);
}

#[test]
fn a_newer_and_an_older_format_are_refused() {
    for (version, said) in [("3", "newer guitu"), ("1", "import into a new directory")] {
        let folder = made();
        let marker = folder.path().join("guitu.json");
        let text = fs::read_to_string(&marker).unwrap();
        let other = format!("\"version\": {version}");
        fs::write(&marker, text.replace("\"version\": 2", &other)).unwrap();
        let refusal = refusal(folder.path());
        let format = format!("format {version}");
        assert!(
            refusal.contains(&format) && refusal.contains(said),
            "{refusal}"
        );
    }
}

#[test]
fn a_marker_of_something_else_is_refused() {
    let folder = made();
    let marker = folder.path().join("guitu.json");
    for (text, expected) in [
        (
            "{\"format\":\"other\",\"version\":1}",
            "not a Guitu data directory",
        ),
        ("{\"format\":\"guitu data directory\"}", "names no version"),
        ("no json", "damaged"),
        ("", "damaged"),
    ] {
        fs::write(&marker, text).unwrap();
        let refusal = refusal(folder.path());
        assert!(refusal.contains(expected), "{text}: {refusal}");
    }
}

#[test]
fn a_missing_part_is_named() {
    for part in ["guitu.json", "witness", "log", "log/db", "log/conf"] {
        let folder = made();
        let path = folder.path().join(part);
        match path.is_dir() {
            true => fs::remove_dir_all(&path).unwrap(),
            false => fs::remove_file(&path).unwrap(),
        }
        let refusal = refusal(folder.path());
        assert!(
            refusal.contains(part) && refusal.contains("backup"),
            "{part}: {refusal}"
        );
    }
}

#[test]
fn the_log_of_another_directory_is_refused() {
    let (one, other) = (made(), made());
    for name in ["db", "conf"] {
        let part = Path::new("log").join(name);
        fs::copy(other.path().join(&part), one.path().join(&part)).unwrap();
    }
    let refusal = refusal(one.path());
    assert!(refusal.contains("another data directory"), "{refusal}");
}

#[test]
fn an_interrupted_creation_is_begun_anew() {
    let folder = made();
    let marker = folder.path().join("guitu.json");
    let text = fs::read_to_string(&marker).unwrap();
    fs::write(&marker, text.replace("ready", "creating")).unwrap();
    let store = open(folder.path()).unwrap();
    check(
        &*store,
        Progress::default(),
        Progress::default(),
        "begun anew",
    );
}
