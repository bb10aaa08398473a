//! Do writes share a flush, in order, each whole or not at all, and is everyone told?

use crate::db::{SDL, ontology};
use guitu::change::{Edit, Given, NodeInput, Operation, Refusals, Transaction};
use guitu::db::{Bounds, Db, DbError, Done, Lagged, Next, Submitted, Subscription, Write};
use guitu::graph::{About, Commit, Snapshot};
use guitu::store::memory::{self, Crash, MemoryDisk};
use guitu::store::{Store, StoreError};
use guitu::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

pub(crate) const NEVER: Bounds = Bounds {
    bytes: u64::MAX,
    records: u64::MAX,
};

/// Why a write of a test fails.
#[derive(Debug)]
pub(crate) enum Wrong {
    Db(DbError),
    Refused(Refusals),
}

impl From<DbError> for Wrong {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

pub(crate) fn open(disk: &MemoryDisk) -> Db {
    Db::bounded(memory::open(disk).unwrap(), ontology(SDL), NEVER).unwrap()
}

fn create(graph: &Snapshot, keys: &[&str]) -> Operation {
    let of = graph.ontology().type_named("City").unwrap();
    let name = Value::Texts(vec![("en".into(), "x".into())]);
    let input = keys.iter().map(|key| NodeInput {
        key: Some((*key).into()),
        edit: Edit {
            set: vec![(0, Given::Value(name.clone()))],
            ..Edit::default()
        },
    });
    Operation::CreateNodes {
        of,
        input: input.collect(),
    }
}

/// Asks for new cities as one commit.
pub(crate) fn add(db: &Db, keys: &[&str]) -> Submitted<u64, Wrong> {
    let rules = db.rules().clone();
    let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
    db.submit(move |graph| {
        let mut transaction = Transaction::new(&rules, graph);
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        transaction.run("create", &create(graph, &keys));
        let checked = transaction.finish().map_err(Wrong::Refused)?;
        let revision = checked.changes.revision;
        let about = About {
            message: Some(keys.join(" ").into()),
            ..About::default()
        };
        let next = Next::of_checked(checked);
        Ok((next.map(|next| Write { next, about }), revision))
    })
}

/// Keeps the writer busy until told to go on, so that what is asked meanwhile becomes a group.
fn hold(db: &Db) -> (Sender<()>, Submitted<(), Wrong>) {
    let ((begun, has_begun), (go, may_go)): ((Sender<()>, Receiver<()>), _) =
        (channel(), channel::<()>());
    let held = db.submit(move |_| {
        begun.send(()).unwrap();
        may_go.recv().unwrap();
        Ok((None, ()))
    });
    has_begun.recv().unwrap();
    (go, held)
}

/// Waits for the next commit.
fn next(told: &mut Subscription) -> Arc<Commit> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(told.next()).unwrap().unwrap()
}

fn cities(graph: &Snapshot) -> BTreeSet<String> {
    let of = graph.ontology().type_named("City").unwrap();
    graph
        .nodes(of)
        .map(|node| graph.key(node).to_owned())
        .collect()
}

#[test]
fn writes_that_wait_share_a_flush_and_each_is_a_commit() {
    let disk = MemoryDisk::new();
    let db = open(&disk);
    add(&db, &["first"]).wait().unwrap();
    let mut told = db.subscribe();
    let before = disk.operations();
    let (go, held) = hold(&db);
    let waiting: Vec<_> = (0..8).map(|n| add(&db, &[&format!("c{n}")])).collect();
    go.send(()).unwrap();
    held.wait().unwrap();
    let done: Vec<Done<u64>> = waiting.into_iter().map(|w| w.wait().unwrap()).collect();
    let revisions: Vec<u64> = done.iter().map(|done| done.answer).collect();
    assert_eq!(revisions, (2..10).collect::<Vec<u64>>());
    for done in &done {
        assert_eq!(done.graph.revision(), done.answer, "as of its own commit");
        assert_eq!(cities(&done.graph).len() as u64, done.answer);
    }
    // Eight records, one sync, one word to the witness.
    assert_eq!(disk.operations() - before, 10);
    assert_eq!(db.snapshot().revision(), 9);
    for revision in 2..10 {
        let commit = next(&mut told);
        assert_eq!(commit.revision, revision);
        let message = commit.about.message.as_deref().unwrap();
        assert_eq!(message, format!("c{}", revision - 2));
        let changes = commit.records().unwrap();
        assert_eq!((changes.nodes.len(), &*changes.nodes[0].key), (1, message));
        assert!(commit.about.at > 1_600_000_000_000);
    }
    assert_eq!(told.try_next(), Ok(None));
}

#[test]
fn what_is_refused_or_panics_leaves_the_others_alone() {
    let disk = MemoryDisk::new();
    let db = open(&disk);
    add(&db, &["first"]).wait().unwrap();
    let (go, held) = hold(&db);
    let one = add(&db, &["a"]);
    let again = add(&db, &["a"]);
    let panics = db.submit(|_| -> Result<(Option<Write>, ()), DbError> { panic!("on purpose") });
    let two = add(&db, &["b"]);
    let nothing = db.submit(|graph| Ok::<_, DbError>((None, graph.revision())));
    go.send(()).unwrap();
    held.wait().unwrap();
    assert_eq!(one.wait().unwrap().answer, 2);
    assert!(matches!(again.wait(), Err(Wrong::Refused(refusals)) if refusals.count == 1));
    assert!(matches!(panics.wait(), Err(DbError::Panicked)));
    assert_eq!(two.wait().unwrap().answer, 3);
    assert_eq!(nothing.wait().unwrap().answer, 3);
    drop(db);
    assert_eq!(cities(&open(&disk).snapshot()).len(), 3);
}

#[test]
fn a_failing_flush_refuses_the_whole_group_and_reads_go_on() {
    let disk = MemoryDisk::new();
    let db = open(&disk);
    add(&db, &["first"]).wait().unwrap();
    let mut told = db.subscribe();
    let (go, held) = hold(&db);
    let waiting = [add(&db, &["a"]), add(&db, &["b"]), add(&db, &["a"])];
    disk.fail_sync(true);
    go.send(()).unwrap();
    held.wait().unwrap_err();
    for waiting in waiting {
        let error = waiting.wait().map(|done| done.answer).unwrap_err();
        assert!(
            matches!(error, Wrong::Db(DbError::Store(StoreError::Io { .. }))),
            "{error:?}"
        );
    }
    disk.fail_sync(false);
    let error = add(&db, &["c"]).wait().map(|done| done.answer).unwrap_err();
    assert!(
        matches!(error, Wrong::Db(DbError::Store(StoreError::Stopped { .. }))),
        "{error:?}"
    );
    assert_eq!(cities(&db.snapshot()).len(), 1, "reads go on");
    assert_eq!(
        told.try_next(),
        Ok(None),
        "nobody is told of what was refused"
    );
    drop(db);
    disk.crash(Crash {
        kept: 0,
        torn: false,
        witness: true,
    });
    let db = open(&disk);
    assert_eq!(cities(&db.snapshot()).len(), 1);
    assert_eq!(add(&db, &["a"]).wait().unwrap().answer, 2);
}

#[test]
fn a_full_disk_refuses_until_there_is_space() {
    let disk = MemoryDisk::new();
    let db = open(&disk);
    add(&db, &["first"]).wait().unwrap();
    disk.fill(true);
    let error = add(&db, &["a"]).wait().map(|done| done.answer).unwrap_err();
    assert!(
        matches!(error, Wrong::Db(DbError::Store(StoreError::Full { .. }))),
        "{error:?}"
    );
    disk.fill(false);
    assert_eq!(add(&db, &["a"]).wait().unwrap().answer, 2);
}

#[test]
fn a_crash_at_any_operation_leaves_a_prefix_of_the_commits() {
    for life in 0.. {
        let disk = MemoryDisk::new();
        disk.die_after(life);
        let mut acknowledged = 0;
        if let Ok(store) = memory::open(&disk)
            && let Ok(db) = Db::bounded(store, ontology(SDL), NEVER)
        {
            acknowledged = u64::from(add(&db, &["c0"]).wait().is_ok());
            let (go, held) = hold(&db);
            let waiting: Vec<_> = (1..5)
                .map(|n| add(&db, &[&format!("c{n}"), &format!("d{n}")]))
                .collect();
            go.send(()).unwrap();
            let _ = held.wait();
            let done = waiting.into_iter().filter_map(|w| w.wait().ok());
            acknowledged = done.map(|done| done.answer).max().unwrap_or(acknowledged);
        }
        for kept in 0..=disk.pending() {
            let after = disk.fork();
            after.crash(Crash {
                kept,
                torn: kept % 2 == 1,
                witness: kept % 2 == 0,
            });
            let db = open(&after);
            let revision = db.snapshot().revision();
            assert!(
                revision >= acknowledged,
                "life {life}, kept {kept}: lost a commit"
            );
            let first = (1..=revision).map(|n| format!("c{}", n - 1));
            let second = (2..=revision).map(|n| format!("d{}", n - 1));
            assert_eq!(
                cities(&db.snapshot()),
                first.chain(second).collect(),
                "whole commits"
            );
            assert_eq!(add(&db, &["next"]).wait().unwrap().answer, revision + 1);
        }
        if acknowledged == 5 && disk.operations() < life {
            assert!(life > 20);
            return;
        }
    }
}

#[test]
fn a_slow_subscriber_is_told_that_it_lags() {
    let db = open(&MemoryDisk::new());
    add(&db, &["first"]).wait().unwrap();
    let mut slow = db.subscribe();
    let mut far = db.subscribe_after(0);
    assert_eq!(next(&mut far).revision, 1);
    let waiting: Vec<_> = (0..4200)
        .map(|n| (n, add(&db, &[&format!("c{n}")])))
        .collect();
    let done = waiting.into_iter().filter(|_| true);
    let taken = done
        .map(|(_, waiting)| waiting.wait())
        .filter(Result::is_ok)
        .count() as u64;
    let mut n = 0;
    while db.snapshot().revision() < 4200 {
        add(&db, &[&format!("more{n}")]).wait().unwrap();
        n += 1;
    }
    assert!(taken > 0);
    let latest = db.snapshot().revision();
    assert!(matches!(slow.try_next(), Err(Lagged { seen: 1, .. })));
    slow.skip_to(latest - 10);
    assert_eq!(next(&mut slow).revision, latest - 9);
}

#[tokio::test]
async fn subscribers_wait_for_commits_and_see_the_end() {
    let db = open(&MemoryDisk::new());
    let mut told = db.subscribe();
    let first = add(&db, &["a"]);
    assert_eq!(told.next().await.unwrap().unwrap().revision, 1);
    let done = first.await.unwrap();
    assert_eq!((done.answer, done.graph.revision()), (1, 1));
    drop(db);
    assert_eq!(told.next().await, Ok(None));
}

#[test]
fn closing_finishes_what_waits() {
    let disk = MemoryDisk::new();
    let db = open(&disk);
    let waiting: Vec<_> = (0..20).map(|n| add(&db, &[&format!("c{n}")])).collect();
    drop(db);
    assert!(waiting.into_iter().all(|waiting| waiting.wait().is_ok()));
    assert_eq!(memory::open(&disk).unwrap().revision(), 20);
    let store: Box<dyn Store> = memory::open(&disk).unwrap();
    assert_eq!(store.revision(), 20);
}
