//! What is left after a crash at each operation, with each part of the unsynced tail?

use guitu::store::memory::{self, Crash, MemoryDisk};
use guitu::store::{Commit, Store, StoreError};

use super::{Progress, Step, check, payload, read};

const SCRIPT: &[Step] = &[
    Step::Append(1),
    Step::Append(3),
    Step::Meta,
    Step::Append(5),
    Step::Checkpoint,
    Step::Append(2),
    Step::Meta,
    Step::Abandon,
    Step::Checkpoint,
    Step::Forget,
    Step::Append(2),
    Step::Forget,
    Step::Import,
    Step::Append(3),
    Step::Meta,
    Step::Import,
    Step::Checkpoint,
    Step::Append(3),
    Step::Checkpoint,
    Step::Forget,
    Step::Append(1),
];

/// What leaves most kinds of records behind: commits before and after a checkpoint.
const RICH: &[Step] = &[
    Step::Append(4),
    Step::Meta,
    Step::Checkpoint,
    Step::Append(8),
    Step::Checkpoint,
    Step::Append(8),
];

/// Runs a script until the disk dies: what was acknowledged, and what was asked.
fn run(disk: &MemoryDisk, script: &[Step]) -> (Progress, Progress) {
    let mut known = Progress::default();
    let Ok(store) = memory::open(disk) else {
        return (known, known);
    };
    for step in script {
        let asked = step.after(known);
        if step.take(&*store, known).is_err() {
            return (known, asked);
        }
        known = asked;
    }
    (known, known)
}

/// Every way in which a crash can go now.
fn crashes(disk: &MemoryDisk) -> impl Iterator<Item = Crash> + use<> {
    let pending = disk.pending();
    let kept = (0..=pending).flat_map(|kept| [(kept, false), (kept, true)]);
    kept.flat_map(|(kept, torn)| {
        [false, true].map(|witness| Crash {
            kept,
            torn,
            witness,
        })
    })
}

fn died_at(operations: u64) -> (MemoryDisk, Progress, Progress) {
    let disk = MemoryDisk::new();
    disk.die_after(operations);
    let (known, asked) = run(&disk, SCRIPT);
    (disk, known, asked)
}

fn all_operations() -> u64 {
    let disk = MemoryDisk::new();
    let (known, asked) = run(&disk, SCRIPT);
    assert_eq!(known, asked, "the script runs through");
    disk.operations()
}

#[test]
fn a_crash_at_any_operation_keeps_what_was_acknowledged() {
    for operations in 0..=all_operations() {
        let (dead, known, asked) = died_at(operations);
        for crash in crashes(&dead) {
            let context = format!("after {operations} operations, {crash:?}");
            let disk = dead.fork();
            disk.crash(crash);
            let store = memory::open(&disk).unwrap_or_else(|e| panic!("{context}: {e}"));
            let found = check(&*store, known, asked, &context);
            goes_on(&*store, found, &context);
            drop(store);
            let again = memory::open(&disk).expect("a second opening");
            let later = Step::Append(2).after(found);
            check(&*again, later, later, &context);
        }
    }
}

fn goes_on(store: &dyn Store, found: Progress, context: &str) {
    let gone_on = Step::Append(2).take(store, found);
    assert!(gone_on.is_ok(), "{context}: {gone_on:?}");
}

#[test]
fn a_crash_while_recovering_from_a_crash_loses_nothing_either() {
    for operations in 0..=all_operations() {
        let (dead, known, asked) = died_at(operations);
        for first in crashes(&dead).filter(|crash| crash.kept % 3 == 1) {
            for second in 0.. {
                let disk = dead.fork();
                disk.crash(first);
                disk.die_after(second);
                let opened = memory::open(&disk).is_ok();
                disk.crash(Crash {
                    kept: (second % 2) as usize,
                    torn: second % 4 > 1,
                    witness: true,
                });
                let context = format!("after {operations}, {first:?}, then {second}");
                let store = memory::open(&disk).unwrap_or_else(|e| panic!("{context}: {e}"));
                check(&*store, known, asked, &context);
                if opened {
                    break;
                }
            }
        }
    }
}

#[test]
fn after_a_failed_flush_nothing_is_written_until_reopening() {
    let disk = MemoryDisk::new();
    let store = memory::open(&disk).unwrap();
    let known = Progress {
        revision: 4,
        ..Progress::default()
    };
    Step::Append(4).take(&*store, Progress::default()).unwrap();
    disk.fail_sync(true);
    assert!(Step::Append(2).take(&*store, known).is_err());
    disk.fail_sync(false);
    for step in [Step::Append(1), Step::Meta, Step::Checkpoint] {
        let refused = step.take(&*store, known);
        assert!(
            matches!(refused, Err(StoreError::Stopped { .. })),
            "{step:?}: {refused:?}"
        );
    }
    assert_eq!(read(&*store).unwrap(), known, "reading goes on");
    drop(store);
    for kept in 0..4 {
        let after = disk.fork();
        after.crash(Crash {
            kept,
            torn: false,
            witness: true,
        });
        let store = memory::open(&after).unwrap();
        let found = check(&*store, known, Step::Append(2).after(known), "reopened");
        goes_on(&*store, found, "reopened");
    }
}

#[test]
fn a_full_disk_refuses_the_write_and_nothing_else() {
    let disk = MemoryDisk::new();
    let store = memory::open(&disk).unwrap();
    Step::Append(2).take(&*store, Progress::default()).unwrap();
    let known = Progress {
        revision: 2,
        ..Progress::default()
    };
    disk.fill(true);
    for step in [Step::Append(1), Step::Meta, Step::Checkpoint, Step::Import] {
        let refused = step.take(&*store, known);
        assert!(
            matches!(refused, Err(StoreError::Full { .. })),
            "{step:?}: {refused:?}"
        );
    }
    check(&*store, known, known, "full");
    disk.fill(false);
    goes_on(&*store, known, "space again");
}

#[test]
fn a_lost_or_changed_record_is_never_silent() {
    let disk = MemoryDisk::new();
    let (known, _) = run(&disk, RICH);
    let mut records = Vec::new();
    disk.damage(&mut |generation, key, value| {
        records.push((generation, key.to_vec()));
        Some(value.to_vec())
    });
    assert!(records.len() > 20);
    for (generation, key) in records {
        for harm in 0..4 {
            let harmed = disk.fork();
            harmed.damage(&mut |g, k, value| {
                let hit = g == generation && k == key;
                if hit {
                    harm_value(harm, value)
                } else {
                    Some(value.to_vec())
                }
            });
            let Ok(store) = memory::open(&harmed) else {
                continue;
            };
            let damage = store.verify().expect("verify").damage;
            let read = read(&*store);
            let context = format!("{generation} {} {harm}", key.escape_ascii());
            assert!(
                read.is_err() || read == Ok(known),
                "{context}: silently {read:?}"
            );
            assert!(!damage.is_empty(), "{context}: verify saw nothing");
        }
    }
}

fn harm_value(harm: u32, value: &[u8]) -> Option<Vec<u8>> {
    let mut value = value.to_vec();
    let middle = value.len() / 2;
    match harm {
        0 => return None,
        1 => value[middle] ^= 0x10,
        2 => value.truncate(middle),
        _ => value.extend_from_slice(b"more"),
    }
    Some(value)
}

#[test]
fn a_commit_of_many_pieces_is_whole_or_absent() {
    let disk = MemoryDisk::new();
    let store = memory::open(&disk).unwrap();
    let long = vec![9; 1 << 20];
    let commit = |revision| Commit {
        revision,
        payload: &long,
    };
    store.append(&[commit(1)]).unwrap();
    disk.die_after(20);
    assert!(store.append(&[commit(2)]).is_err());
    for kept in 0..=disk.pending() {
        let after = disk.fork();
        after.crash(Crash {
            kept,
            torn: true,
            witness: true,
        });
        let store = memory::open(&after).unwrap();
        assert_eq!(store.revision(), 1);
        let again = payload(2);
        let next = Commit {
            revision: 2,
            payload: &again,
        };
        store.append(&[next]).unwrap();
        store
            .replay(1, &mut |_, bytes| {
                assert!(bytes == again);
                Ok(())
            })
            .unwrap();
    }
}
