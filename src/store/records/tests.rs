//! Does a store keep what it acknowledged, whatever it is told in whatever order?

use std::io::Read;

use crate::store::memory::{self, MemoryDisk};
use crate::store::{self, Commit, Options, Revision, Store};

/// Runs a test on the disk in memory and on sled; what it is given opens the store,
/// and reopens it when the one before was dropped.
fn on_both(test: impl Fn(&dyn Fn() -> Box<dyn Store>)) {
    let disk = MemoryDisk::new();
    test(&|| memory::open(&disk).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    test(&|| store::open(&data, &Options::default()).unwrap());
}

fn append(store: &dyn Store, revisions: std::ops::RangeInclusive<Revision>) {
    let payloads: Vec<(Revision, Vec<u8>)> = revisions.map(|r| (r, payload(r))).collect();
    let commits: Vec<Commit<'_>> = payloads
        .iter()
        .map(|(revision, payload)| Commit {
            revision: *revision,
            payload,
        })
        .collect();
    store.append(&commits).unwrap();
}

/// Some longer than a frame, one empty.
fn payload(revision: Revision) -> Vec<u8> {
    let length = [10, 0, 70_000, 300][(revision % 4) as usize];
    (0..length)
        .map(|i| (i as u64 * 31 + revision) as u8)
        .collect()
}

fn replay(store: &dyn Store, after: Revision) -> Vec<Revision> {
    let mut seen = Vec::new();
    store
        .replay(after, &mut |revision, bytes| {
            assert_eq!(bytes, payload(revision), "commit {revision}");
            seen.push(revision);
            Ok(())
        })
        .unwrap();
    seen
}

fn kept(store: &dyn Store) -> Vec<Revision> {
    let kept = store.checkpoints().into_iter();
    kept.map(|kept| kept.revision).collect()
}

fn checkpoint(store: &dyn Store, revision: Revision) {
    let mut writer = store.begin_checkpoint(revision).unwrap();
    for (name, length) in [("a", 0), ("b", 5), ("c", 100_000)] {
        let bytes: Vec<u8> = (0..length).map(|i: u64| (i * i + revision) as u8).collect();
        writer.section(name).unwrap().write_all(&bytes).unwrap();
    }
    writer.finish().unwrap();
}

fn check_checkpoint(store: &dyn Store, revision: Revision) {
    let checkpoint = store.checkpoint().unwrap().unwrap();
    assert_eq!(checkpoint.revision(), revision);
    let names: Vec<&str> = checkpoint
        .sections()
        .iter()
        .map(|s| s.name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    for (name, length) in [("a", 0), ("b", 5), ("c", 100_000)] {
        let mut bytes = Vec::new();
        checkpoint
            .read(name)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        let expected: Vec<u8> = (0..length).map(|i: u64| (i * i + revision) as u8).collect();
        assert!(bytes == expected, "section {name}");
    }
    assert!(checkpoint.read("d").is_err());
}

#[test]
fn commits_come_back_in_order_after_reopening() {
    on_both(|open| {
        let store = open();
        assert_eq!(store.revision(), 0);
        append(&*store, 1..=3);
        append(&*store, 4..=9);
        let check = |store: &dyn Store| {
            assert_eq!(store.revision(), 9);
            assert_eq!(replay(store, 0), (1..=9).collect::<Vec<_>>());
            assert_eq!(replay(store, 7), [8, 9]);
            assert_eq!(replay(store, 9), [0; 0]);
        };
        check(&*store);
        drop(store);
        check(&*open());
    });
}

#[test]
fn a_commit_out_of_order_is_refused_and_the_store_goes_on() {
    on_both(|open| {
        let store = open();
        append(&*store, 1..=2);
        for revision in [0, 2, 4] {
            let wrong = Commit {
                revision,
                payload: b"x",
            };
            assert!(store.append(&[wrong]).is_err());
        }
        append(&*store, 3..=3);
        assert_eq!(store.revision(), 3);
    });
}

#[test]
fn a_checkpoint_replaces_the_one_before_and_the_log_stays() {
    on_both(|open| {
        let store = open();
        append(&*store, 1..=5);
        checkpoint(&*store, 4);
        append(&*store, 6..=8);
        assert_eq!(replay(&*store, 0).len(), 8);
        checkpoint(&*store, 8);
        let check = |store: &dyn Store| {
            assert_eq!((store.oldest(), store.revision()), (0, 8));
            check_checkpoint(store, 8);
            assert_eq!(kept(store), [8], "the log is shorter than a checkpoint");
            assert_eq!(replay(store, 0).len(), 8);
            assert_eq!(replay(store, 4), [5, 6, 7, 8]);
            let mut some = Vec::new();
            let mut each = |revision, _: &[u8]| {
                some.push(revision);
                Ok(())
            };
            store.read(3..=5, &mut each).unwrap();
            assert_eq!(some, [3, 4, 5]);
        };
        check(&*store);
        drop(store);
        check(&*open());
    });
}

#[test]
fn a_checkpoint_of_a_new_revision_commits_it() {
    on_both(|open| {
        let store = open();
        append(&*store, 1..=2);
        checkpoint(&*store, 3);
        assert_eq!(store.revision(), 3);
        append(&*store, 4..=5);
        drop(store);
        let store = open();
        assert_eq!((store.oldest(), store.revision()), (3, 5));
        check_checkpoint(&*store, 3);
        assert_eq!(replay(&*store, 3), [4, 5]);
    });
}

#[test]
fn a_checkpoint_that_is_a_commit_has_a_record_and_is_kept() {
    on_both(|open| {
        let store = open();
        let commit = |revision| {
            let mut writer = store.begin_checkpoint(revision).unwrap();
            for name in ["a", "b", "c"] {
                writer.section(name).unwrap().write_all(b"x").unwrap();
            }
            writer.commit(&payload(revision)).unwrap();
        };
        commit(1);
        append(&*store, 2..=3);
        commit(4);
        append(&*store, 5..=900);
        checkpoint(&*store, 800);
        checkpoint(&*store, 900);
        let check = |store: &dyn Store| {
            assert_eq!((store.oldest(), store.revision()), (0, 900));
            assert_eq!(replay(store, 0), (1..=900).collect::<Vec<_>>());
            assert_eq!(kept(store), [1, 4, 800, 900]);
            assert_eq!(store.checkpoint_of(4).unwrap().unwrap().revision(), 4);
            assert!(store.checkpoint_of(5).unwrap().is_none());
            check_checkpoint(store, 900);
            assert!(store.verify().unwrap().damage.is_empty());
        };
        check(&*store);
        drop(store);
        check(&*open());
    });
}

#[test]
fn an_import_gives_way_to_commits_that_came_in_meanwhile() {
    on_both(|open| {
        let store = open();
        append(&*store, 1..=2);
        let mut writer = store.begin_checkpoint(3).unwrap();
        writer.section("a").unwrap();
        append(&*store, 3..=3);
        assert!(writer.finish().is_err());
        append(&*store, 4..=4);
        assert!(store.checkpoint().unwrap().is_none());
        assert_eq!(replay(&*store, 0).len(), 4);
    });
}

#[test]
fn a_dropped_checkpoint_leaves_no_trace() {
    on_both(|open| {
        let store = open();
        checkpoint(&*store, 1);
        let mut writer = store.begin_checkpoint(1).unwrap();
        writer
            .section("a")
            .unwrap()
            .write_all(&[1; 100_000])
            .unwrap();
        assert!(store.begin_checkpoint(1).is_err(), "one at a time");
        drop(writer);
        check_checkpoint(&*store, 1);
        checkpoint(&*store, 2);
        check_checkpoint(&*store, 2);
    });
}

#[test]
fn an_open_checkpoint_stays_readable_when_a_newer_one_comes() {
    on_both(|open| {
        let store = open();
        checkpoint(&*store, 1);
        let old = store.checkpoint().unwrap().unwrap();
        checkpoint(&*store, 2);
        check_checkpoint(&*store, 2);
        assert_eq!(old.revision(), 1);
    });
}

#[test]
fn named_values_are_replaced_whole() {
    on_both(|open| {
        let store = open();
        assert_eq!(store.meta("ontology").unwrap(), None);
        store.set_meta("ontology", &[1; 100_000]).unwrap();
        store.set_meta("ontology", b"short").unwrap();
        store.set_meta("ontology2", b"").unwrap();
        let check = |store: &dyn Store| {
            assert_eq!(store.meta("ontology").unwrap().unwrap(), b"short");
            assert_eq!(store.meta("ontology2").unwrap().unwrap(), b"");
            assert!(store.meta("").is_err() && store.set_meta("", b"").is_err());
        };
        check(&*store);
        drop(store);
        check(&*open());
    });
}

#[test]
fn verify_counts_what_is_there() {
    on_both(|open| {
        let store = open();
        append(&*store, 1..=3);
        checkpoint(&*store, 2);
        let seen = store.verify().unwrap();
        assert_eq!((seen.commits, seen.sections), (3, 3));
        assert!(seen.bytes > 170_000 && seen.damage.is_empty(), "{seen:?}");
    });
}
