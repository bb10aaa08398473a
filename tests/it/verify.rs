//! Does `verify` read what opening does not?

use crate::db::{SDL, ontology};
use crate::writer::add;
use guitu::db::{Bounds, Db, verify};
use guitu::store::{self, Commit, Options, Store};
use std::path::Path;

const OPTIONS: Options = Options { free_space_mark: 0 };
const AT_ONCE: Bounds = Bounds {
    bytes: 0,
    records: 0,
};

/// Three commits, and a checkpoint of the third.
fn make(path: &Path) {
    let store = store::open(path, &OPTIONS).unwrap();
    let db = Db::bounded(store, ontology(SDL), AT_ONCE).unwrap();
    for key in ["a", "b", "c"] {
        add(&db, &[key]).wait().unwrap();
        db.settle();
    }
}

/// The same with another record in the place of one.
fn copy(from: &dyn Store, to: &dyn Store, harmed: u64, record: &[u8]) {
    let copied = from.read(1..=3, &mut |revision, payload| {
        let payload = match revision == harmed {
            true => record,
            false => payload,
        };
        to.append(&[Commit { revision, payload }])
    });
    copied.unwrap();
    let checkpoint = from.checkpoint().unwrap().unwrap();
    assert_eq!(checkpoint.revision(), 3);
    let mut writer = to.begin_checkpoint(3).unwrap();
    for section in checkpoint.sections() {
        let mut bytes = checkpoint.read(&section.name).unwrap();
        let section = writer.section(&section.name).unwrap();
        std::io::copy(&mut bytes, section).unwrap();
    }
    writer.finish().unwrap();
}

#[test]
fn a_record_of_the_past_that_makes_no_sense_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let sound = folder.path().join("sound");
    make(&sound);
    assert_eq!(
        verify(&sound, &OPTIONS).unwrap().wrong,
        Vec::<String>::new()
    );
    let sound = store::open(&sound, &OPTIONS).unwrap();
    let mut first = Vec::new();
    let read = sound.read(1..=1, &mut |_, payload| {
        first = payload.to_vec();
        Ok(())
    });
    read.unwrap();
    let records = [
        ("noise", &b"noise"[..]),
        ("cut", &first[..first.len() - 1]),
        ("other", &first),
    ];
    for (name, record) in records {
        let path = folder.path().join(name);
        let harmed = store::open(&path, &OPTIONS).unwrap();
        copy(&*sound, &*harmed, 2, record);
        drop(harmed);
        drop(Db::open(&path, ontology(SDL), &OPTIONS).unwrap());
        let wrong = verify(&path, &OPTIONS).unwrap().wrong;
        assert!(
            wrong[0].starts_with("commit 2 in the log: "),
            "{name}: {wrong:?}"
        );
        assert_eq!(wrong.len(), 1);
    }
}
