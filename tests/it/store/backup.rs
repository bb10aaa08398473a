//! Does a backup hold all that was kept, and is one that is not whole refused?

use std::io::Read;

use guitu::store::memory::{self, MemoryDisk};
use guitu::store::{Copied, Store, StoreError, check_backup, restore};

use super::{Progress, Step, payload, read, sections};

/// A store with a past: a first state without a record, one with a record, others of the log.
fn make(steps: &[Step]) -> (Box<dyn Store>, Progress) {
    let store = memory::open(&MemoryDisk::new()).unwrap();
    let mut known = Progress::default();
    for step in steps {
        step.take(&*store, known).unwrap();
        known = step.after(known);
    }
    (store, known)
}

const PAST: &[Step] = &[
    Step::Append(3),
    Step::Meta,
    Step::Import,
    Step::Append(30),
    Step::Checkpoint,
    Step::Append(12),
    Step::Meta,
];

/// A checkpoint that is a commit with a record.
fn commit_whole(store: &dyn Store) {
    let revision = store.revision() + 1;
    let mut writer = store.begin_checkpoint(revision).unwrap();
    for (name, bytes) in sections(revision) {
        writer.section(name).unwrap().write_all(&bytes).unwrap();
    }
    writer.commit(&payload(revision)).unwrap();
}

fn backup(store: &dyn Store) -> (Vec<u8>, Copied) {
    let mut bytes = Vec::new();
    let copied = store.backup(&mut bytes).unwrap();
    assert_eq!(copied.bytes, bytes.len() as u64);
    (bytes, copied)
}

fn restored(bytes: &[u8]) -> Result<(MemoryDisk, Copied), StoreError> {
    let disk = MemoryDisk::new();
    let copied = restore(&*memory::open(&disk)?, &mut &bytes[..])?;
    Ok((disk, copied))
}

/// A checkpoint: its revision, whether it is a commit, its sections.
type State = (u64, bool, Vec<Vec<u8>>);

/// Every checkpoint, and every record.
fn all(store: &dyn Store) -> (Vec<State>, Vec<(u64, Vec<u8>)>) {
    let mut states = Vec::new();
    for kept in store.checkpoints() {
        let checkpoint = store.checkpoint_of(kept.revision).unwrap().unwrap();
        let read = checkpoint.sections().iter().map(|section| {
            let mut bytes = Vec::new();
            let mut reader = checkpoint.read(&section.name).unwrap();
            reader.read_to_end(&mut bytes).unwrap();
            bytes
        });
        states.push((kept.revision, kept.whole, read.collect()));
    }
    let mut records = Vec::new();
    let kept = store.replay(store.oldest(), &mut |revision, record| {
        records.push((revision, record.to_vec()));
        Ok(())
    });
    kept.unwrap();
    (states, records)
}

#[test]
fn everything_comes_back() {
    let (store, known) = make(PAST);
    commit_whole(&*store);
    commit_whole(&*store);
    super::append(&*store, 49, 60).unwrap();
    let (bytes, copied) = backup(&*store);
    let counts = (copied.revision, copied.oldest, copied.commits);
    assert_eq!(counts, (60, 4, 56));
    assert_eq!(check_backup(&mut &bytes[..]).unwrap(), copied);
    let (disk, again) = restored(&bytes).unwrap();
    assert_eq!(again, copied);
    let twin = memory::open(&disk).unwrap();
    assert_eq!(read(&*twin).unwrap().meta, known.meta);
    assert_eq!(twin.verify().unwrap().damage, Vec::<String>::new());
    assert_eq!((twin.revision(), twin.oldest()), (60, 4));
    assert!(store.checkpoints().len() >= 4, "{:?}", store.checkpoints());
    assert!(all(&*twin) == all(&*store));
    assert!(backup(&*twin).0 == bytes, "and so on");
}

#[test]
fn an_empty_store_has_a_backup_too() {
    let (store, _) = make(&[]);
    let (bytes, copied) = backup(&*store);
    assert_eq!((copied.revision, copied.checkpoints), (0, 0));
    let (disk, _) = restored(&bytes).unwrap();
    assert_eq!(memory::open(&disk).unwrap().revision(), 0);
}

#[test]
fn a_store_with_something_in_it_is_not_restored_into() {
    let (store, known) = make(PAST);
    let (bytes, _) = backup(&*store);
    let refused = restore(&*store, &mut &bytes[..]).unwrap_err();
    assert!(refused.to_string().contains("new store"), "{refused}");
    assert_eq!(read(&*store).unwrap(), known);
}

/// Whatever is wrong, it is told as such, by both who read backups.
#[track_caller]
fn refused(bytes: &[u8], says: &str, at: usize) {
    let checked = check_backup(&mut &bytes[..]).unwrap_err();
    assert!(
        matches!(checked, StoreError::Backup { .. }),
        "{at}: {checked:?}"
    );
    let told = checked.to_string();
    assert!(told.contains(says), "{at}: {told}");
    assert!(
        matches!(restored(bytes), Err(StoreError::Backup { .. })),
        "{at}"
    );
}

#[test]
fn a_damaged_backup_is_refused_wherever_the_damage_is() {
    let (store, _) = make(&[Step::Append(2), Step::Import, Step::Append(6), Step::Meta]);
    let (whole, _) = backup(&*store);
    for at in places(whole.len()) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        refused(&bytes, "no whole backup", at);
    }
}

#[test]
fn a_backup_that_is_cut_off_is_refused() {
    let (store, _) = make(&[Step::Append(2), Step::Import, Step::Append(6), Step::Meta]);
    let (whole, _) = backup(&*store);
    for at in places(whole.len()) {
        refused(&whole[..at], "cut off", at);
    }
    let more = [&whole[..], b"x"].concat();
    refused(&more, "follows its end mark", more.len());
}

/// Every byte of the first and last thousand, and many between.
fn places(length: usize) -> impl Iterator<Item = usize> {
    (0..length).filter(move |at| *at < 1000 || length - at < 1000 || at % 251 == 0)
}

#[test]
fn frames_that_are_swapped_or_repeated_are_refused() {
    let (store, _) = make(&[Step::Append(1), Step::Import, Step::Append(5)]);
    let (whole, _) = backup(&*store);
    let mut starts = vec![12];
    while let Some(&start) = starts.last().filter(|start| **start < whole.len()) {
        let stored = u32::from_le_bytes(whole[start + 2..start + 6].try_into().unwrap());
        starts.push(start + 14 + stored as usize);
    }
    for three in starts.windows(3) {
        let [a, b, c] = [three[0], three[1], three[2]];
        let (head, first, second, rest) = (&whole[..a], &whole[a..b], &whole[b..c], &whole[c..]);
        refused(&[head, second, first, rest].concat(), "checksum", a);
        refused(&[head, first, first, second, rest].concat(), "checksum", a);
        refused(&[head, second, rest].concat(), "checksum", a);
    }
}
