//! Can a graph be copied while it is written, and is the copy whole?

use crate::db::{SDL, contents, ontology};
use crate::writer::add;
use guitu::db::{Bounds, Db, DbError, backup, restore};
use guitu::store::{Options, StoreError};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

const OPTIONS: Options = Options { free_space_mark: 0 };

/// So small that the checkpoint is renewed again and again.
const SMALL: Bounds = Bounds {
    bytes: 2000,
    records: 40,
};

fn open(path: &Path) -> Db {
    let store = guitu::store::open(path, &OPTIONS).unwrap();
    Db::bounded(store, ontology(SDL), SMALL).unwrap()
}

#[test]
fn a_copy_under_writes_is_a_state_with_its_whole_past() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder.path().join("data"));
    add(&db, &["first"]).wait().unwrap();
    let stop = AtomicBool::new(false);
    let copies = std::thread::scope(|scope| {
        for writer in 0..4 {
            let (db, stop) = (&db, &stop);
            scope.spawn(move || {
                for n in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    add(db, &[&format!("c{writer}-{n}")]).wait().unwrap();
                }
            });
        }
        let mut copies = Vec::new();
        while copies.len() < 6 {
            let before = db.snapshot().revision();
            let mut bytes = Vec::new();
            let copied = db.backup(&mut bytes).unwrap();
            assert!(copied.revision >= before);
            copies.push((copied, bytes));
        }
        stop.store(true, Ordering::Relaxed);
        copies
    });
    for (n, (copied, bytes)) in copies.iter().enumerate() {
        let place = folder.path().join(format!("twin{n}"));
        let report = restore(&mut &bytes[..], &place, &OPTIONS).unwrap();
        assert_eq!(report.revision, copied.revision);
        let twin = open(&place);
        assert_eq!(twin.oldest(), db.oldest());
        let same = db.at(copied.revision).unwrap();
        assert_eq!(contents(&twin.snapshot()), contents(&same));
        let commits = twin.commits(0).map(Result::unwrap);
        let original = db.commits(0).map(Result::unwrap);
        let original = original.take_while(|commit| commit.revision <= copied.revision);
        assert!(commits.eq(original));
        let past = copied.revision / 2;
        let (ours, theirs) = (db.at(past).unwrap(), twin.at(past).unwrap());
        assert_eq!(contents(&theirs), contents(&ours));
    }
}

#[test]
fn nothing_is_restored_unless_all_of_it_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    add(&open(&data), &["first"]).wait().unwrap();
    let mut bytes = Vec::new();
    backup(&data, &OPTIONS, &mut bytes).unwrap();
    let to = folder.path().join("new");
    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2] ^= 4;
    for wrong in [&bytes[..bytes.len() - 1], &damaged, b"", b"something else"] {
        let refused = restore(&mut &wrong[..], &to, &OPTIONS).unwrap_err();
        assert!(
            matches!(refused, DbError::Store(StoreError::Backup { .. })),
            "{refused}"
        );
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    // What a restoring left that was killed is no hindrance; what somebody else has is.
    let beside = folder.path().join("new.restoring");
    drop(guitu::store::open(&beside, &OPTIONS).unwrap());
    restore(&mut &bytes[..], &to, &OPTIONS).unwrap();
    assert!(!beside.exists());
    let refused = restore(&mut &bytes[..], &to, &OPTIONS).unwrap_err();
    assert!(refused.to_string().contains("not empty"), "{refused}");
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    restore(&mut &bytes[..], &folder.path().join("empty"), &OPTIONS).unwrap();
}

/// A reader of the copy that goes away.
struct Gone(usize);

impl Write for Gone {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.saturating_sub(1);
        match self.0 {
            0 => Err(std::io::ErrorKind::BrokenPipe.into()),
            _ => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_copy_that_nobody_takes_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let db = open(&folder.path().join("data"));
    add(&db, &["first"]).wait().unwrap();
    for pieces in 1..10 {
        let told = db.backup(&mut Gone(pieces)).unwrap_err().to_string();
        assert!(told.contains("write the backup"), "{told}");
    }
    add(&db, &["second"]).wait().unwrap();
}
