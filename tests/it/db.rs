//! Does a data directory keep whole graphs, whatever happens while it is written?

use crate::searches::agree;
use guitu::db::{Db, DbError, verify};
use guitu::exchange::{ImportError, check, import};
use guitu::graph::Snapshot;
use guitu::ontology::Ontology;
use guitu::store::memory::{self, Crash, MemoryDisk};
use guitu::store::{Options, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

pub(crate) const SDL: &str = "
type City @node { name: String! @localized @search  code: String @unique  size: Size  founded: Date }
type Person @node { name: String!  home: City @relationship(type: \"HOME\", direction: OUT) }
enum Size { SMALL LARGE }
";

pub(crate) fn ontology(sdl: &str) -> Arc<Ontology> {
    Arc::new(Ontology::parse("schema.graphql", sdl).unwrap_or_else(|wrong| panic!("{wrong}")))
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn seed() -> TempDir {
    folder(&[
        (
            "City.csv",
            "key,name:en,code,size,founded\na,A,1,SMALL,1999\nb,B,2,LARGE,1999-12\n",
        ),
        ("Person.csv", "key,name,home\np,P,a\nq,Q,b\n"),
    ])
}

pub(crate) fn paths(folder: &TempDir) -> Vec<PathBuf> {
    vec![folder.path().to_owned()]
}

fn open(directory: &Path) -> Result<Db, DbError> {
    Db::open(directory, ontology(SDL), &Options::default())
}

/// All that is in a graph: its revision and its files. Search must find what is in it.
pub(crate) fn contents(graph: &Snapshot) -> (u64, Vec<(PathBuf, String)>) {
    agree(graph);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    guitu::exchange::export(graph, &out).unwrap();
    let entries = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<(PathBuf, String)> = entries
        .map(|path| {
            (
                path.file_name().unwrap().into(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    files.sort();
    (graph.revision(), files)
}

#[test]
fn an_import_is_one_commit_and_outlives_the_process() {
    let data = tempfile::tempdir().unwrap();
    let (directory, seed) = (data.path().join("data"), seed());
    let db = open(&directory).unwrap();
    assert!(db.is_new());
    let before = db.snapshot();
    let dry = import(&db, &paths(&seed), true, &()).unwrap();
    assert_eq!((dry.nodes.created, db.snapshot().revision()), (4, 0));
    let done = import(&db, &paths(&seed), false, &()).unwrap();
    assert_eq!(
        (
            done.records,
            done.nodes.created,
            done.edges.created,
            done.revision
        ),
        (4, 4, 2, 1)
    );
    let again = import(&db, &paths(&seed), false, &()).unwrap();
    assert_eq!(
        (again.changed, again.revision, again.nodes.unchanged),
        (false, 1, 4)
    );
    assert_eq!(
        before.count(ontology(SDL).node()),
        0,
        "a reader keeps what it has"
    );
    assert!(matches!(
        open(&directory),
        Err(DbError::Store(StoreError::Locked { .. }))
    ));
    let expected = contents(&db.snapshot());
    drop(db);
    assert_eq!(contents(&open(&directory).unwrap().snapshot()), expected);
    let stored = Db::open_as_stored(&directory, &Options::default()).unwrap();
    assert_eq!(contents(&stored.snapshot()), expected);
    drop(stored);
    let report = verify(&directory, &Options::default()).unwrap();
    assert_eq!(
        (
            report.wrong.len(),
            report.revision,
            report.nodes,
            report.edges
        ),
        (0, 1, 4, 2)
    );
}

#[test]
fn wrong_files_change_nothing() {
    let db = Db::in_memory(Snapshot::empty(ontology(SDL))).unwrap();
    let seed = seed();
    import(&db, &paths(&seed), false, &()).unwrap();
    let before = contents(&db.snapshot());
    let wrong = folder(&[("City.csv", "key,name:en,code\nc,C,3\nd,D,3\n")]);
    let error = import(&db, &paths(&wrong), false, &()).unwrap_err();
    assert!(
        matches!(&error, ImportError::Wrong(problems) if problems.count() == 1),
        "{error}"
    );
    assert_eq!(contents(&db.snapshot()), before);
}

#[test]
fn a_kill_at_any_moment_leaves_the_graph_before_or_after() {
    let update = folder(&[("City.csv", "key,name:en\na,New\nc,C\n")]);
    let seed = seed();
    let (first, second) = (paths(&seed), paths(&update));
    let expected = |count: usize| {
        let db = Db::in_memory(Snapshot::empty(ontology(SDL))).unwrap();
        [&first, &second].into_iter().take(count).for_each(|paths| {
            import(&db, paths, false, &()).unwrap();
        });
        contents(&db.snapshot())
    };
    let expected = [expected(0), expected(1), expected(2)];
    for life in 0.. {
        let disk = MemoryDisk::new();
        disk.die_after(life);
        let mut acknowledged = 0;
        let all = (|| {
            let store = memory::open(&disk).map_err(DbError::Store)?;
            let db = Db::over(store, ontology(SDL))?;
            import(&db, &first, false, &())?;
            acknowledged = 1;
            import(&db, &second, false, &())?;
            acknowledged = 2;
            Ok::<(), ImportError>(())
        })();
        for kept in 0..=disk.pending().min(4) {
            let disk = disk.fork();
            disk.crash(Crash {
                kept,
                torn: kept % 2 == 1,
                witness: kept % 2 == 0,
            });
            let db = Db::over(memory::open(&disk).unwrap(), ontology(SDL)).unwrap();
            let found = contents(&db.snapshot());
            let state = expected.iter().position(|state| *state == found);
            let state = state.unwrap_or_else(|| panic!("life {life}, kept {kept}: {found:?}"));
            assert!(
                state >= acknowledged,
                "life {life}, kept {kept}: lost a commit"
            );
            assert_eq!(
                db.is_new(),
                state == 0,
                "what was not committed is seeded again"
            );
            import(&db, &first[..1 - state.min(1)], false, &()).unwrap();
            assert!(!db.is_new());
        }
        if all.is_ok() {
            assert!(life > 10, "the disk died never");
            return;
        }
    }
}

#[test]
fn a_failing_disk_leaves_what_there_is_and_takes_no_more() {
    let disk = MemoryDisk::new();
    let db = Db::over(memory::open(&disk).unwrap(), ontology(SDL)).unwrap();
    let seed = seed();
    import(&db, &paths(&seed), false, &()).unwrap();
    let before = contents(&db.snapshot());
    disk.fill(true);
    let update = folder(&[("City.csv", "key,name:en\na,New\n")]);
    let error = import(&db, &paths(&update), false, &()).unwrap_err();
    assert!(matches!(error, ImportError::Db(_)), "{error}");
    assert_eq!(contents(&db.snapshot()), before);
}

/// What is said when data written under [`SDL`] are opened under another ontology.
fn reopen(sdl: &str) -> Result<Db, DbError> {
    let disk = MemoryDisk::new();
    let db = Db::over(memory::open(&disk).unwrap(), ontology(SDL)).unwrap();
    let seed = seed();
    import(&db, &paths(&seed), false, &()).unwrap();
    drop(db);
    let changed = Db::over(memory::open(&disk).unwrap(), ontology(sdl));
    if let Ok(db) = &changed {
        assert_eq!(db.snapshot().ontology().sdl, sdl);
        assert_eq!(db.snapshot().revision(), 1);
        let stored = memory::open(&disk).unwrap().checkpoint().unwrap().unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stored.read("ontology").unwrap(), &mut text).unwrap();
        assert_eq!(text, sdl, "the new ontology is stored");
    }
    changed
}

#[test]
fn additions_to_the_ontology_open() {
    let sdl = SDL
        .replace("code: String", "motto: String  code: String")
        .replace(
            "enum Size { SMALL LARGE }",
            "enum Size { TINY LARGE SMALL }",
        )
        .replace(
            "type City",
            "type Village @node { name: String! }\ntype City",
        );
    let db = reopen(&sdl).unwrap();
    let files = contents(&db.snapshot()).1;
    assert_eq!(
        files[0].1,
        "key,name:en,code,size,founded\na,A,1,SMALL,1999\nb,B,2,LARGE,1999-12\n"
    );
}

#[test]
fn what_is_required_and_has_a_default_is_filled_in() {
    let sdl = SDL
        .replace(
            "code: String",
            "rank: Int! @default(value: 7)  code: String",
        )
        .replace("direction: OUT)", "direction: OUT, properties: \"Living\")")
        + "type Living @relationshipProperties { kind: String! @unique @default(value: \"flat\")  note: String }";
    let db = reopen(&sdl).unwrap();
    let files: String = contents(&db.snapshot())
        .1
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert!(
        files.contains("a,A,7,1,SMALL,1999\nb,B,7,2,LARGE,1999-12\n"),
        "{files}"
    );
    assert_eq!(files.matches("flat").count(), 2, "{files}");
    assert_eq!(db.snapshot().revision(), 1);
}

#[test]
fn an_ontology_that_does_not_fit_is_refused_with_what_does_not() {
    let cases = [
        ("code: String @unique", "", "code"),
        ("code: String @unique", "code: Int", "code"),
        ("SMALL LARGE", "LARGE", "size"),
        (
            "name: String!  home",
            "name: String! @pattern(regex: \"P\")  home",
            "name",
        ),
        ("founded: Date", "founded: Date  mayor: String!", "mayor"),
        (
            "home: City @relationship(type: \"HOME\", direction: OUT)",
            "",
            "HOME",
        ),
    ];
    for (from, to, named) in cases {
        match reopen(&SDL.replace(from, to)) {
            Err(DbError::Unfit(misfits)) => {
                assert!(
                    misfits.iter().any(|misfit| misfit.contains(named)),
                    "{to}: {misfits:?}"
                );
            }
            Err(error) => panic!("{to}: {error}"),
            Ok(_) => panic!("{to}: opened"),
        }
    }
}

#[test]
fn checking_and_importing_agree() {
    let seed = seed();
    let checked = check(ontology(SDL), &paths(&seed), &()).unwrap();
    let db = Db::in_memory(Snapshot::empty(ontology(SDL))).unwrap();
    import(&db, &paths(&seed), false, &()).unwrap();
    assert_eq!(contents(&checked.built.snapshot), contents(&db.snapshot()));
}

#[test]
fn any_damage_is_refused_in_words() {
    let disk = MemoryDisk::new();
    let db = Db::over(memory::open(&disk).unwrap(), ontology(SDL)).unwrap();
    let seed = seed();
    import(&db, &paths(&seed), false, &()).unwrap();
    drop(db);
    let (mut records, mut twice) = (0, Vec::new());
    disk.fork().damage(&mut |_, key, value| {
        // The record of a checkpoint that is a commit also stands in the root.
        twice.extend(key.starts_with(b"L").then_some(records));
        records += 1;
        Some(value.to_vec())
    });
    assert_eq!(twice.len(), 1);
    for damaged in 0..records {
        for lose in [true, false] {
            let disk = disk.fork();
            let mut at = 0;
            disk.damage(&mut |_, _, value| {
                at += 1;
                let mut value = value.to_vec();
                if at - 1 == damaged {
                    let middle = value.len() / 2;
                    value[middle] ^= 1;
                    return Some(value).filter(|_| !lose);
                }
                Some(value)
            });
            let opened = memory::open(&disk).map_err(DbError::Store);
            match opened.and_then(|store| Db::over(store, ontology(SDL))) {
                Ok(db) if twice.contains(&damaged) => {
                    let commits: Vec<_> = db.commits(0).map(Result::unwrap).collect();
                    assert_eq!((commits.len(), commits[0].revision), (1, 1), "mended");
                }
                Ok(_) => panic!("record {damaged}, lost {lose}: opened"),
                Err(error) => {
                    let said = error.to_string();
                    assert_eq!(
                        said.matches("the data directory is damaged").count(),
                        1,
                        "{said}"
                    );
                }
            }
        }
    }
}
