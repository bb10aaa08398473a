//! Is the past what it was, however it is reached, and does history tell what happened?

use crate::db::{SDL, contents, folder, ontology, paths};
use crate::writer::{NEVER, Wrong, add};
use guitu::change::{Edit, Given, Operation, Transaction};
use guitu::db::{Bounds, Db, DbError, Next, RecordKey, Write};
use guitu::exchange::import;
use guitu::graph::{Changed, Snapshot, State};
use guitu::store::memory::{self, MemoryDisk};
use guitu::value::Value;
use std::path::PathBuf;

pub type Contents = (u64, Vec<(PathBuf, String)>);

pub fn open(disk: &MemoryDisk, bounds: Bounds) -> Db {
    Db::bounded(memory::open(disk).unwrap(), ontology(SDL), bounds).unwrap()
}

fn city(key: &str) -> RecordKey {
    let of = ontology(SDL).type_named("City").unwrap();
    RecordKey::Node((of, key.into()))
}

/// Runs operations made from the graph as a commit.
fn run(db: &Db, operation: impl FnOnce(&Snapshot) -> Operation + Send + 'static) {
    let rules = db.rules().clone();
    let done = db.submit(move |graph| {
        let mut transaction = Transaction::new(&rules, graph);
        transaction.run("r", &operation(graph));
        let checked = transaction.finish().map_err(Wrong::Refused)?;
        Ok::<_, Wrong>((Next::of_checked(checked).map(Write::from), ()))
    });
    done.wait().unwrap();
}

fn set_code(db: &Db, key: &'static str, code: &'static str) {
    run(db, move |graph| Operation::UpdateNodes {
        nodes: vec![graph.node_of_id(&format!("City:{key}")).unwrap()],
        edit: Edit {
            set: vec![(1, Given::Value(Value::Str(code.into())))],
            ..Edit::default()
        },
        if_revision: None,
    });
}

fn delete(db: &Db, id: &'static str) {
    run(db, move |graph| Operation::DeleteNodes {
        nodes: vec![graph.node_of_id(id).unwrap()],
        cascade: true,
    });
}

/// Imports, mutations and another import so large that it is kept as a whole; what there was after
/// each, from the whole.
pub fn written(db: &Db) -> Vec<Contents> {
    let mut states = vec![contents(&db.snapshot())];
    let mut note = |db: &Db| states.push(contents(&db.snapshot().compact().unwrap()));
    let cities: String = (0..40).map(|n| format!("c{n:02},City {n}\n")).collect();
    let seed = folder(&[
        ("City.csv", &format!("key,name:en\n{cities}")),
        ("Person.csv", "key,name,home\np,P,c01\nq,Q,c02\n"),
    ]);
    import(db, &paths(&seed), false, &()).unwrap();
    note(db);
    for (key, code) in [("c01", "x"), ("c02", "y"), ("c01", "z")] {
        set_code(db, key, code);
        note(db);
    }
    add(db, &["new"]).wait().unwrap();
    note(db);
    delete(db, "City:c01");
    note(db);
    add(db, &["c01"]).wait().unwrap();
    note(db);
    let cities: String = (0..40).map(|n| format!("c{n:02},Other {n}\n")).collect();
    let large = folder(&[("City.csv", &format!("key,name:en\n{cities}"))]);
    import(db, &paths(&large), false, &()).unwrap();
    note(db);
    set_code(db, "c01", "last");
    note(db);
    delete(db, "Person:q");
    note(db);
    states
}

#[test]
fn every_revision_is_what_it_was() {
    let soon = Bounds {
        bytes: u64::MAX,
        records: 2,
    };
    for bounds in [NEVER, soon] {
        let disk = MemoryDisk::new();
        let db = open(&disk, bounds);
        let states = written(&db);
        db.settle();
        let check = |db: &Db, order: &mut dyn Iterator<Item = usize>| {
            for at in order {
                let past = db.at(at as u64).unwrap();
                assert_eq!(contents(&past), states[at], "revision {at}");
                assert!(guitu::graph::check::check(&past).is_empty());
            }
        };
        check(&db, &mut (0..states.len()).rev());
        check(&db, &mut [3, 9, 1, 6, 2, 8, 0, 7, 4, 5, 10].into_iter());
        drop(db);
        check(&open(&disk, NEVER), &mut (0..states.len()));
        let error = open(&disk, NEVER).at(11).unwrap_err();
        assert!(
            matches!(
                error,
                DbError::NoRevision {
                    asked: 11,
                    latest: 10,
                    ..
                }
            ),
            "{error}"
        );
    }
}

#[test]
fn the_past_keeps_when_each_record_had_changed() {
    let disk = MemoryDisk::new();
    let db = open(&disk, NEVER);
    written(&db);
    let changed = |revision: u64| {
        let past = db.at(revision).unwrap();
        past.node_of_id("City:c01").map(|node| past.changed(node))
    };
    let all: Vec<_> = (1..=10).map(changed).collect();
    let expected = [
        Some(1),
        Some(2),
        Some(2),
        Some(4),
        Some(4),
        None,
        Some(7),
        Some(8),
        Some(9),
        Some(9),
    ];
    assert_eq!(all, expected);
}

#[test]
fn commits_are_listed_from_the_log() {
    let disk = MemoryDisk::new();
    let db = open(&disk, NEVER);
    written(&db);
    let check = |db: &Db| {
        let commits: Vec<_> = db.commits(0).map(Result::unwrap).collect();
        let revisions: Vec<u64> = commits.iter().map(|commit| commit.revision).collect();
        assert_eq!(revisions, (1..=10).collect::<Vec<u64>>());
        assert!(commits.is_sorted_by_key(|commit| commit.about.at));
        let whole = commits
            .iter()
            .filter(|commit| matches!(commit.changed, Changed::Graph(_)));
        let whole: Vec<_> = whole
            .map(|commit| (commit.revision, commit.totals().records()))
            .collect();
        assert_eq!(whole, [(1, 44), (8, 40)], "the imports");
        assert_eq!(commits[0].about.message.as_deref(), Some("import"));
        assert_eq!(commits[4].about.message.as_deref(), Some("new"));
        assert_eq!(db.commits(8).count(), 2);
        let time = commits[4].about.at;
        let at = db.revision_at(time).unwrap();
        assert!(at >= 5 && commits[at as usize - 1].about.at == time);
        assert_eq!(db.revision_at(0).unwrap(), 0);
        assert_eq!(db.revision_at(i64::MAX).unwrap(), 10);
    };
    check(&db);
    drop(db);
    check(&open(&disk, NEVER));
}

#[test]
fn a_record_has_its_history_through_removal_and_imports() {
    let db = open(&MemoryDisk::new(), NEVER);
    written(&db);
    let history = |record: &RecordKey, before, limit| {
        let found = db.history(record, before, limit).unwrap();
        found
            .iter()
            .map(|commit| commit.revision)
            .collect::<Vec<u64>>()
    };
    assert_eq!(history(&city("c01"), None, 100), [9, 8, 7, 6, 4, 2, 1]);
    assert_eq!(history(&city("c01"), None, 2), [9, 8]);
    assert_eq!(history(&city("c01"), Some(8), 2), [7, 6]);
    assert_eq!(history(&city("c05"), None, 100), [8, 1]);
    assert_eq!(history(&city("nobody"), None, 100), [0; 0]);
    let person = ontology(SDL).type_named("Person").unwrap();
    assert_eq!(
        history(&RecordKey::Node((person, "q".into())), None, 100),
        [10, 1]
    );
}

#[test]
fn differences_say_what_was_and_what_is() {
    let db = open(&MemoryDisk::new(), NEVER);
    written(&db);
    let code = |state: Option<&State>| state.map(|state| state.values[1].clone());
    let changes = db.difference(2, 5, |_| true).unwrap();
    let keys: Vec<&str> = changes.nodes.iter().map(|node| &*node.key).collect();
    assert_eq!(keys, ["c01", "c02", "new"]);
    let before = changes.nodes[0].before.as_ref().map(|was| &was.state);
    assert_eq!(code(before), Some(Value::Str("x".into())));
    assert_eq!(
        code(changes.nodes[0].state.as_ref()),
        Some(Value::Str("z".into()))
    );
    let back = db.difference(5, 2, |_| true).unwrap();
    assert_eq!(
        code(back.nodes[0].state.as_ref()),
        Some(Value::Str("x".into()))
    );
    assert!(back.nodes[2].state.is_none());
    let all = db.difference(0, 10, |_| true).unwrap();
    let now = db.snapshot();
    let node = now.ontology().node();
    assert_eq!(all.nodes.len(), now.count(node), "from nothing");
    for (from, to) in [(1, 10), (7, 8), (3, 9), (6, 7), (9, 10), (5, 5)] {
        let changes = db.difference(from, to, |_| true).unwrap();
        let mut graph = Snapshot::clone(&db.at(from).unwrap());
        graph.advance(&changes).unwrap();
        let (found, expected) = (contents(&graph).1, contents(&db.at(to).unwrap()).1);
        assert_eq!(found, expected, "{from} to {to}");
        graph.retreat(&changes).unwrap();
        assert_eq!(
            contents(&graph).1,
            contents(&db.at(from).unwrap()).1,
            "{from} to {to}"
        );
    }
}
