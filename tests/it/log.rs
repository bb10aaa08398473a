//! Are small imports kept as records of the log, whatever happens, and does the log give way to a
//! checkpoint in time?

use crate::db::{SDL, contents, folder, ontology, paths};
use guitu::db::{Bounds, Db, DbError, Next, verify};
use guitu::exchange::{ImportError, import};
use guitu::graph::{Builder, ChangeSet, Commit as GraphCommit, Snapshot};
use guitu::store::memory::{self, Crash, MemoryDisk};
use guitu::store::{
    Checkpoint, CheckpointWriter, Commit, Copied, EachCommit, Kept, Options, Revision, Revisions,
    Store, StoreError, Verified,
};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

type Contents = (u64, Vec<(PathBuf, String)>);

/// Files with enough records that a few are less than a tenth.
fn base() -> TempDir {
    let cities: String = (0..60).map(|n| format!("c{n:02},City {n}\n")).collect();
    let people: String = (0..30).map(|n| format!("p{n:02},P,c{n:02}\n")).collect();
    folder(&[
        ("City.csv", &format!("key,name:en\n{cities}")),
        ("Person.csv", &format!("key,name,home\n{people}")),
    ])
}

/// A few cities: new, renamed, with another size, in another language.
fn few(round: usize) -> TempDir {
    let text = format!(
        "key,name:en,name:zh,code,size\nc{round:02},Renamed {round},城{round},x{round},LARGE\nn{round},New,,y{round},SMALL\n"
    );
    folder(&[("City.csv", &text)])
}

/// Someone who moves: an edge goes, another comes, one changes nothing.
fn moving(round: usize) -> TempDir {
    let text = format!("key,name,home\np{round:02},P,c5{round}\nq{round},Q,c00\n");
    folder(&[("Person.csv", &text)])
}

/// One large import, then small ones.
fn script() -> Vec<TempDir> {
    let small = (1..4).flat_map(|round| [few(round), moving(round)]);
    std::iter::once(base()).chain(small).collect()
}

/// The graph after each import of a script, the empty one first.
fn states(script: &[TempDir]) -> Vec<Contents> {
    let graph = Arc::new(Snapshot::empty(ontology(SDL)));
    let mut states = vec![contents(&graph)];
    let db = Db::in_memory(Snapshot::empty(ontology(SDL))).unwrap();
    for files in script {
        import(&db, &paths(files), false, &()).unwrap();
        // From the whole, so that nothing of the log is in what is expected.
        states.push(contents(&db.snapshot().compact().unwrap()));
    }
    states
}

fn open(disk: &MemoryDisk, bounds: Bounds) -> Result<Db, DbError> {
    Db::bounded(memory::open(disk)?, ontology(SDL), bounds)
}

fn checkpoint(store: &dyn Store) -> u64 {
    store.checkpoint().unwrap().unwrap().revision()
}

const NEVER: Bounds = Bounds {
    bytes: u64::MAX,
    records: u64::MAX,
};
const SOON: Bounds = Bounds {
    bytes: u64::MAX,
    records: 7,
};

#[test]
fn a_small_import_is_a_record_of_the_log() {
    let script = script();
    let states = states(&script);
    let data = tempfile::tempdir().unwrap();
    let directory = data.path().join("data");
    let options = Options::default();
    let db = Db::open(&directory, ontology(SDL), &options).unwrap();
    for (files, state) in script.iter().zip(&states[1..]) {
        let before = db.snapshot();
        let kept = contents(&before);
        import(&db, &paths(files), false, &()).unwrap();
        assert_eq!(contents(&db.snapshot()), *state);
        assert_eq!(contents(&before), kept, "a reader keeps what it has");
    }
    assert!(db.snapshot().has_overlay());
    drop(db);
    let store = guitu::store::open(&directory, &options).unwrap();
    assert_eq!((checkpoint(&*store), store.revision()), (1, 7));
    drop(store);
    let report = verify(&directory, &options).unwrap();
    assert_eq!(report.wrong, [""; 0]);
    assert_eq!((report.store.commits, report.revision), (7, 7));
    let db = Db::open_as_stored(&directory, &options).unwrap();
    assert_eq!(contents(&db.snapshot()), states[7]);
    import(&db, &paths(&few(9)), false, &()).unwrap();
    assert_eq!(db.snapshot().revision(), 8);
}

#[test]
fn a_log_over_its_bounds_gives_way_to_a_checkpoint() {
    let script = script();
    let states = states(&script);
    let sizes = Bounds {
        bytes: 200,
        records: u64::MAX,
    };
    for bounds in [SOON, sizes] {
        let disk = MemoryDisk::new();
        let db = open(&disk, bounds).unwrap();
        let mut compact = 0;
        for (files, state) in script.iter().zip(&states[1..]) {
            import(&db, &paths(files), false, &()).unwrap();
            db.settle();
            assert_eq!(contents(&db.snapshot()), *state);
            compact += u64::from(!db.snapshot().has_overlay());
        }
        drop(db);
        let store = memory::open(&disk).unwrap();
        assert!(checkpoint(&*store) > 1, "no checkpoint was written");
        assert!((2..7).contains(&compact), "{compact}");
        drop(store);
        assert_eq!(contents(&open(&disk, NEVER).unwrap().snapshot()), states[7]);
    }
}

#[test]
fn a_log_that_is_found_over_its_bounds_gives_way_too() {
    let (script, disk) = (script(), MemoryDisk::new());
    let db = open(&disk, NEVER).unwrap();
    for files in &script {
        import(&db, &paths(files), false, &()).unwrap();
    }
    drop(db);
    drop(open(&disk, SOON).unwrap());
    assert_eq!(checkpoint(&*memory::open(&disk).unwrap()), 7);
    let db = open(&disk, SOON).unwrap();
    assert_eq!(contents(&db.snapshot()), states(&script)[7]);
}

#[test]
fn a_crash_at_any_moment_leaves_a_prefix_with_all_that_was_acknowledged() {
    let script = script();
    let states = states(&script);
    for life in 0.. {
        let disk = MemoryDisk::new();
        disk.die_after(life);
        let mut acknowledged = 0;
        let all = (|| {
            let db = open(&disk, SOON)?;
            for files in &script {
                import(&db, &paths(files), false, &())?;
                acknowledged += 1;
                db.settle();
            }
            Ok::<(), ImportError>(())
        })();
        for kept in 0..=disk.pending().min(6) {
            let disk = disk.fork();
            disk.crash(Crash {
                kept,
                torn: kept % 2 == 1,
                witness: kept % 2 == 0,
            });
            let context = format!("life {life}, kept {kept}");
            let db = open(&disk, NEVER).unwrap_or_else(|error| panic!("{context}: {error}"));
            let found = contents(&db.snapshot());
            let state = states.iter().position(|state| *state == found);
            let state = state.unwrap_or_else(|| panic!("{context}: {found:?}"));
            assert!(state >= acknowledged, "{context}: lost a commit");
            let listed: Vec<u64> = db
                .commits(0)
                .map(|commit| commit.unwrap().revision)
                .collect();
            assert_eq!(listed, (1..=state as u64).collect::<Vec<_>>(), "{context}");
            for (revision, expected) in states.iter().enumerate().take(state) {
                let past = db.at(revision as u64).unwrap();
                assert_eq!(contents(&past), *expected, "{context}: at {revision}");
            }
            if let Some(files) = script.get(state) {
                import(&db, &paths(files), false, &()).unwrap();
                assert_eq!(contents(&db.snapshot()), states[state + 1], "{context}");
            }
        }
        if all.is_ok() && disk.operations() < life {
            assert!(life > 50, "the disk died never");
            return;
        }
    }
}

/// Rings, and waits for an answer.
type Bell = (Sender<()>, Receiver<()>);

/// A store whose next checkpoint waits until it is let go.
struct Gate {
    store: Box<dyn Store>,
    /// Says that a checkpoint is about to begin, then waits for the word to go.
    next: Arc<Mutex<Option<Bell>>>,
}

impl Store for Gate {
    fn revision(&self) -> Revision {
        self.store.revision()
    }

    fn oldest(&self) -> Revision {
        self.store.oldest()
    }

    fn append(&self, commits: &[Commit<'_>]) -> Result<(), StoreError> {
        self.store.append(commits)
    }

    fn replay(&self, after: Revision, each: &mut EachCommit<'_>) -> Result<(), StoreError> {
        self.store.replay(after, each)
    }

    fn read(&self, all: Revisions, each: &mut EachCommit<'_>) -> Result<(), StoreError> {
        self.store.read(all, each)
    }

    fn checkpoints(&self) -> Vec<Kept> {
        self.store.checkpoints()
    }

    fn checkpoint_of(&self, revision: Revision) -> Result<Option<Checkpoint>, StoreError> {
        self.store.checkpoint_of(revision)
    }

    fn checkpoint(&self) -> Result<Option<Checkpoint>, StoreError> {
        self.store.checkpoint()
    }

    fn begin_checkpoint(&self, revision: Revision) -> Result<CheckpointWriter<'_>, StoreError> {
        let next = self.next.lock().unwrap().take();
        if let Some((begun, go)) = next {
            begun.send(()).unwrap();
            go.recv().unwrap();
        }
        self.store.begin_checkpoint(revision)
    }

    fn meta(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.meta(name)
    }

    fn backup(&self, to: &mut dyn std::io::Write) -> Result<Copied, StoreError> {
        self.store.backup(to)
    }

    fn forget(&self, up_to: Revision) -> Result<Revision, StoreError> {
        self.store.forget(up_to)
    }

    fn begin_after(&self, revision: Revision) -> Result<(), StoreError> {
        self.store.begin_after(revision)
    }

    fn set_meta(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.store.set_meta(name, value)
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        self.store.verify()
    }
}

/// Runs `meanwhile` while a checkpoint of revision 4 waits in the background.
fn while_renewing(
    script: &[TempDir],
    meanwhile: impl FnOnce(&Db, &dyn Fn()),
) -> (MemoryDisk, Contents) {
    let disk = MemoryDisk::new();
    let next = Arc::default();
    let store = memory::open(&disk).unwrap();
    let gate = Gate {
        store,
        next: Arc::clone(&next),
    };
    let db = Db::bounded(Box::new(gate), ontology(SDL), SOON).unwrap();
    import(&db, &paths(&script[0]), false, &()).unwrap();
    let ((begun, has_begun), (go, may_go)) = (channel(), channel());
    *next.lock().unwrap() = Some((begun, may_go));
    for files in &script[1..4] {
        import(&db, &paths(files), false, &()).unwrap();
    }
    has_begun.recv().unwrap();
    meanwhile(&db, &|| go.send(()).unwrap());
    db.settle();
    let found = contents(&db.snapshot());
    drop(db);
    (disk, found)
}

#[test]
fn commits_go_on_while_the_checkpoint_is_renewed() {
    let script = script();
    let (disk, found) = while_renewing(&script, |db, go| {
        for files in &script[4..6] {
            import(db, &paths(files), false, &()).unwrap();
        }
        go();
        db.settle();
        assert!(db.snapshot().has_overlay(), "what came in meanwhile");
    });
    let states = states(&script);
    assert_eq!(found, states[6]);
    assert_eq!(checkpoint(&*memory::open(&disk).unwrap()), 4);
    assert_eq!(contents(&open(&disk, NEVER).unwrap().snapshot()), states[6]);
}

#[test]
fn a_whole_graph_waits_for_the_checkpoint_and_replaces_it() {
    let script = script();
    let cities: String = (0..90).map(|n| format!("c{n:02},Other {n}\n")).collect();
    let large = folder(&[("City.csv", &format!("key,name:en\n{cities}"))]);
    let (disk, found) = while_renewing(&script, |db, go| {
        std::thread::scope(|scope| {
            scope.spawn(|| import(db, &paths(&large), false, &()).unwrap());
            go();
        });
    });
    let mut short: Vec<TempDir> = script.into_iter().take(4).collect();
    short.push(large);
    let expected = states(&short).pop().unwrap();
    assert_eq!(found, expected);
    let db = open(&disk, NEVER).unwrap();
    assert_eq!(contents(&db.snapshot()), expected);
    assert!(!db.snapshot().has_overlay());
}

#[test]
fn the_first_commit_is_a_checkpoint_however_small() {
    let disk = MemoryDisk::new();
    let db = open(&disk, NEVER).unwrap();
    let mut builder = Builder::new(ontology(SDL));
    let city = ontology(SDL).type_named("City").unwrap();
    builder.node(city, "a");
    let changes = |revision, base: &Snapshot, builder: Builder| {
        builder.finish(revision).unwrap().changes(base)
    };
    let write =
        |changes: ChangeSet| db.write(|_| Ok::<_, DbError>((Some(Next::Changes(changes)), ())));
    write(changes(1, &Snapshot::empty(ontology(SDL)), builder)).unwrap();
    let mut builder = Builder::from_snapshot(&db.snapshot());
    builder.node(city, "b");
    let second = changes(2, &db.snapshot(), builder);
    let wrong = write(ChangeSet {
        revision: 3,
        ..second.clone()
    });
    assert!(
        wrong
            .unwrap_err()
            .to_string()
            .contains("commit is 2, not 3")
    );
    write(second).unwrap();
    let expected = contents(&db.snapshot());
    assert_eq!(expected.0, 2);
    drop(db);
    let store = memory::open(&disk).unwrap();
    assert_eq!((checkpoint(&*store), store.revision()), (1, 2));
    drop(store);
    assert_eq!(contents(&open(&disk, NEVER).unwrap().snapshot()), expected);
}

#[test]
fn a_full_disk_refuses_a_small_import_and_nothing_else() {
    let disk = MemoryDisk::new();
    let db = open(&disk, NEVER).unwrap();
    let script = script();
    let states = states(&script);
    import(&db, &paths(&script[0]), false, &()).unwrap();
    disk.fill(true);
    let error = import(&db, &paths(&script[1]), false, &()).unwrap_err();
    assert!(matches!(
        error,
        ImportError::Db(DbError::Store(StoreError::Full { .. }))
    ));
    assert_eq!(contents(&db.snapshot()), states[1]);
    disk.fill(false);
    import(&db, &paths(&script[1]), false, &()).unwrap();
    assert_eq!(contents(&db.snapshot()), states[2]);
}

/// Data under [`SDL`] of which some are in the log only.
fn logged() -> (MemoryDisk, Contents) {
    let disk = MemoryDisk::new();
    let db = open(&disk, NEVER).unwrap();
    let script = script();
    for files in &script[..3] {
        import(&db, &paths(files), false, &()).unwrap();
    }
    let found = contents(&db.snapshot());
    (disk, found)
}

#[test]
fn a_changed_ontology_finds_what_the_log_says() {
    let (disk, before) = logged();
    let more = SDL
        .replace("code: String", "motto: String  code: String")
        .replace(
            "enum Size { SMALL LARGE }",
            "enum Size { TINY LARGE SMALL }",
        );
    let db = Db::over(memory::open(&disk).unwrap(), ontology(&more)).unwrap();
    let now = contents(&db.snapshot());
    assert_eq!((now.0, &now.1[0]), (before.0, &before.1[0]));
    import(&db, &paths(&few(7)), false, &()).unwrap();
    let now = contents(&db.snapshot());
    drop(db);
    let db = Db::over(memory::open(&disk).unwrap(), ontology(&more)).unwrap();
    assert_eq!(contents(&db.snapshot()), now);
}

#[test]
fn an_ontology_without_what_only_the_log_holds_is_refused() {
    let cases = [
        ("code: String @unique", "", "code"),
        ("size: Size", "size: String", "size"),
        ("SMALL LARGE", "SMALL", "size"),
        (SDL.lines().nth(2).unwrap(), "", "Person"),
    ];
    for (from, to, named) in cases {
        let (disk, before) = logged();
        let opened = Db::over(
            memory::open(&disk).unwrap(),
            ontology(&SDL.replace(from, to)),
        );
        match opened.map(|_| ()) {
            Err(DbError::Unfit(misfits)) => assert!(
                misfits.iter().any(|misfit| misfit.contains(named)),
                "{misfits:?}"
            ),
            other => panic!("{from}: {other:?}"),
        }
        assert_eq!(contents(&open(&disk, NEVER).unwrap().snapshot()), before);
    }
}

#[test]
fn a_commit_that_makes_no_sense_is_damage_in_words() {
    let changes = |revision| ChangeSet {
        revision,
        ..ChangeSet::default()
    };
    let encoded = |changes: ChangeSet| GraphCommit::from(changes).encode(&ontology(SDL)).unwrap();
    let (_, state) = logged();
    let next = state.0 + 1;
    let mut newer = encoded(changes(next));
    newer[0] = 9;
    let cases = [
        (b"nonsense".to_vec(), "version 110 is unknown"),
        (newer, "version 9 is unknown"),
        (encoded(changes(next + 1)), "it says that it is commit"),
        (Vec::new(), "it ends too early"),
    ];
    for (payload, expected) in cases {
        let (disk, _) = logged();
        let store = memory::open(&disk).unwrap();
        let commit = Commit {
            revision: next,
            payload: &payload,
        };
        store.append(&[commit]).unwrap();
        let said = open(&disk, NEVER).map(|_| ()).unwrap_err().to_string();
        let place = format!("commit {next} in the log: {expected}");
        assert!(said.contains(&place), "{said}");
        assert!(said.starts_with("the data directory is damaged"), "{said}");
    }
}
