//! Is what is kept of the past all there, and the rest gone, whatever happens while it goes?

use crate::db::{SDL, contents, ontology};
use crate::history::{Contents, open, written};
use crate::writer::{NEVER, add};
use guitu::db::{Bounds, Db, DbError, Keep, RecordKey};
use guitu::graph::Commit as Record;
use guitu::store::memory::{self, Crash, MemoryDisk};
use guitu::store::{Commit, Store, restore};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SOON: Bounds = Bounds {
    bytes: u64::MAX,
    records: 2,
};

/// All that is kept is as it was, and what is not kept is told as such.
#[track_caller]
fn check(db: &Db, states: &[Contents]) {
    let oldest = db.oldest();
    for at in (0..states.len() as u64).rev() {
        let found = db.at(at);
        if at >= oldest {
            let past = found.unwrap_or_else(|error| panic!("{at} of {oldest}: {error}"));
            assert_eq!(contents(&past), states[at as usize], "revision {at}");
            continue;
        }
        for refused in [found.map(drop), db.difference(at, 9, |_| true).map(drop)] {
            let says = refused.unwrap_err().to_string();
            assert!(
                says.contains(&format!("revision {at} is no longer kept")),
                "{says}"
            );
            assert!(
                says.contains(&format!("oldest that can be read is {oldest}")),
                "{says}"
            );
        }
        assert!(db.commits(at).next().unwrap().is_err());
    }
    let revisions: Vec<u64> = db
        .commits(oldest)
        .map(|commit| commit.unwrap().revision)
        .collect();
    assert_eq!(
        revisions,
        (oldest + 1..states.len() as u64).collect::<Vec<_>>()
    );
    let of = ontology(SDL).type_named("City").unwrap();
    let history = db
        .history(&RecordKey::Node((of, "c01".into())), None, 100)
        .unwrap();
    let history: Vec<u64> = history.iter().map(|commit| commit.revision).collect();
    let whole = [9, 8, 7, 6, 4, 2, 1].into_iter();
    assert_eq!(history, whole.filter(|at| *at > oldest).collect::<Vec<_>>());
}

#[track_caller]
fn is_sound(disk: &MemoryDisk) {
    let damage = memory::open(disk).unwrap().verify().unwrap().damage;
    assert_eq!(damage, Vec::<String>::new());
}

/// The same graph by way of a backup.
fn twin(db: &Db) -> MemoryDisk {
    let mut bytes = Vec::new();
    db.backup(&mut bytes).unwrap();
    let disk = MemoryDisk::new();
    let store = memory::open(&disk).unwrap();
    restore(&*store, &mut &bytes[..]).unwrap();
    drop(store);
    let mut again = Vec::new();
    open(&disk, NEVER).backup(&mut again).unwrap();
    assert!(again == bytes, "the same again");
    disk
}

#[test]
fn the_latest_commits_are_kept_and_all_that_leads_to_them() {
    for bounds in [NEVER, SOON] {
        let disk = MemoryDisk::new();
        let mut db = open(&disk, bounds);
        let states = written(&db);
        db.settle();
        for (keep, least) in [
            (12, 0),
            (10, 0),
            (9, 1),
            (4, 1),
            (3, 1),
            (2, 8),
            (1, 9),
            (5, 9),
        ] {
            let oldest = db.prune(Keep::Commits(keep)).unwrap();
            assert_eq!(oldest, db.oldest());
            // With checkpoints between, more can go.
            assert!(
                (least..=10u64.saturating_sub(keep).max(least)).contains(&oldest),
                "{keep}: {oldest}"
            );
            check(&db, &states);
            let twin = twin(&db);
            is_sound(&twin);
            check(&open(&twin, NEVER), &states);
            drop(db);
            is_sound(&disk);
            db = open(&disk, bounds);
            check(&db, &states);
        }
        assert_eq!(db.prune(Keep::All).unwrap(), 9);
        add(&db, &["later"]).wait().unwrap();
        assert_eq!(db.at(10).unwrap().revision(), 10);
    }
}

#[test]
fn a_crash_at_any_operation_leaves_all_of_it_or_what_was_to_be_kept() {
    let disk = MemoryDisk::new();
    let db = open(&disk, NEVER);
    let states = written(&db);
    drop(db);
    // To 8 there is a checkpoint already; to 9 one has to be written first.
    for (keep, after) in [(2, 8), (1, 9)] {
        for life in 0.. {
            let dying = disk.fork();
            let db = open(&dying, NEVER);
            dying.die_after(life);
            let pruned = db.prune(Keep::Commits(keep));
            let lived = matches!(pruned, Ok(oldest) if oldest == after) && db.oldest() == after;
            drop(db);
            for crash in crashes(&dying) {
                let crashed = dying.fork();
                crashed.crash(crash);
                is_sound(&crashed);
                let db = open(&crashed, NEVER);
                assert!(
                    [0, after].contains(&db.oldest()),
                    "{life}, {crash:?}: {}",
                    db.oldest()
                );
                check(&db, &states);
                assert_eq!(db.prune(Keep::Commits(keep)).unwrap(), after);
                check(&db, &states);
            }
            // Twenty more: nothing dies in the midst of removing, either.
            if lived && life > 60 {
                break;
            }
        }
    }
}

fn crashes(disk: &MemoryDisk) -> Vec<Crash> {
    let pending = disk.pending();
    let few = [0, 1, pending / 2, pending];
    let crash = |kept| Crash {
        kept,
        torn: kept % 2 == 1,
        witness: kept % 3 == 0,
    };
    few.into_iter().map(crash).collect()
}

#[test]
fn while_a_backup_is_written_nothing_goes() {
    let db = open(&MemoryDisk::new(), NEVER);
    let states = written(&db);
    let mut first = true;
    let mut bytes = Vec::new();
    let mut look = Look(|piece: &[u8]| {
        if std::mem::take(&mut first) {
            assert_eq!(db.prune(Keep::Commits(1)).unwrap(), 0, "not now");
        }
        bytes.extend_from_slice(piece);
    });
    db.backup(&mut look).unwrap();
    assert_eq!(db.prune(Keep::Commits(1)).unwrap(), 9);
    let disk = MemoryDisk::new();
    let store = memory::open(&disk).unwrap();
    restore(&*store, &mut &bytes[..]).unwrap();
    drop(store);
    check(&open(&disk, NEVER), &states);
}

/// Hands on what is written.
struct Look<F>(F);

impl<F: FnMut(&[u8])> std::io::Write for Look<F> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

const DAY: i64 = 24 * 3600 * 1000;

fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or(Duration::ZERO).as_millis() as i64
}

/// Three commits that were made so many days ago.
fn aged(days: [i64; 3]) -> MemoryDisk {
    let young = MemoryDisk::new();
    let db = open(&young, NEVER);
    for key in ["a", "b", "c"] {
        add(&db, &[key]).wait().unwrap();
    }
    let newest = db.snapshot();
    drop(db);
    let disk = MemoryDisk::new();
    let (from, to) = (memory::open(&young).unwrap(), memory::open(&disk).unwrap());
    let copied = from.replay(0, &mut |revision, payload| {
        let mut record = Record::decode(payload, newest.ontology()).unwrap();
        record.about.at = now() - days[revision as usize - 1] * DAY;
        let payload = &record.encode(newest.ontology()).unwrap()[..];
        to.append(&[Commit { revision, payload }])
    });
    copied.unwrap();
    copy_checkpoint(&*from, &*to);
    disk
}

fn copy_checkpoint(from: &dyn Store, to: &dyn Store) {
    let checkpoint = from.checkpoint().unwrap().unwrap();
    let mut writer = to.begin_checkpoint(checkpoint.revision()).unwrap();
    for section in checkpoint.sections() {
        let mut bytes = checkpoint.read(&section.name).unwrap();
        std::io::copy(&mut bytes, writer.section(&section.name).unwrap()).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn days_are_kept_with_what_there_was_when_they_began() {
    let db = open(&aged([40, 20, 10]), NEVER);
    assert_eq!(db.prune(Keep::Days(50)).unwrap(), 0);
    assert_eq!(db.revision_at(now() - 45 * DAY).unwrap(), 0);
    assert_eq!(db.prune(Keep::Days(15)).unwrap(), 1);
    assert_eq!(
        db.revision_at(now() - 15 * DAY).unwrap(),
        2,
        "since 20 days"
    );
    assert_eq!(db.at(2).unwrap().revision(), 2);
    let gone = db.revision_at(now() - 30 * DAY).unwrap_err();
    assert!(matches!(gone, DbError::NoMoment { oldest: 1 }), "{gone}");
    assert!(
        gone.to_string()
            .contains("oldest revision that can be read is 1"),
        "{gone}"
    );
    assert_eq!(
        db.prune(Keep::Days(1)).unwrap(),
        2,
        "the last commit is kept"
    );
    assert_eq!(db.revision_at(now()).unwrap(), 3);
}
