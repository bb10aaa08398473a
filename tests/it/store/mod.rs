//! Is what was acknowledged still there, and is nothing else?
//!
//! [`Script`] drives a store through commits, checkpoints, imports and named values,
//! all of them functions of their number, and remembers what was acknowledged;
//! [`check`] says whether a store holds just that, give or take the step that was
//! under way.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod backup;
mod crash;
mod damage;
mod directory;
mod kill;

use std::io::Read;

use guitu::store::{Commit, Revision, Store, StoreError};

/// What has been asked of a store, and what it has acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub revision: Revision,
    pub checkpoint: Revision,
    pub meta: u64,
    /// The log holds the commits after this one.
    pub oldest: Revision,
}

/// One step of a script.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Appends so many commits at once.
    Append(u64),
    /// Writes a checkpoint of the last commit.
    Checkpoint,
    /// Writes a checkpoint that is itself a commit.
    Import,
    /// Begins a checkpoint and drops it.
    Abandon,
    /// Replaces the named value.
    Meta,
    /// Lets go of half of what is before the checkpoint.
    Forget,
}

impl Step {
    /// What a store in the state `before` may hold after this step.
    pub fn after(self, before: Progress) -> Progress {
        let Progress {
            revision,
            checkpoint,
            meta,
            oldest,
        } = before;
        match self {
            Step::Append(count) => Progress {
                revision: revision + count,
                ..before
            },
            Step::Checkpoint => Progress {
                checkpoint: revision,
                ..before
            },
            Step::Import => Progress {
                revision: revision + 1,
                checkpoint: revision + 1,
                oldest: revision + 1,
                meta,
            },
            Step::Abandon => Progress {
                checkpoint,
                ..before
            },
            Step::Meta => Progress {
                meta: meta + 1,
                ..before
            },
            Step::Forget => Progress {
                oldest: oldest.midpoint(checkpoint + 1),
                ..before
            },
        }
    }

    /// Takes the step on a store in the state `before`.
    pub fn take(self, store: &dyn Store, before: Progress) -> Result<(), StoreError> {
        let after = self.after(before);
        match self {
            Step::Append(_) => append(store, before.revision + 1, after.revision),
            Step::Checkpoint | Step::Import => {
                let mut writer = store.begin_checkpoint(after.checkpoint)?;
                for (name, bytes) in sections(after.checkpoint) {
                    let out = writer.section(name)?;
                    out.write_all(&bytes).map_err(store_error)?;
                }
                writer.finish()
            }
            Step::Abandon => {
                let mut writer = store.begin_checkpoint(before.revision)?;
                let out = writer.section("lost")?;
                out.write_all(&noise(0, 100_000)).map_err(store_error)
            }
            Step::Meta => store.set_meta("name", &value(after.meta)),
            Step::Forget => store.forget(after.oldest).map(drop),
        }
    }
}

fn append(store: &dyn Store, first: Revision, last: Revision) -> Result<(), StoreError> {
    let payloads: Vec<(Revision, Vec<u8>)> = (first..=last).map(|r| (r, payload(r))).collect();
    let commit = |(revision, payload)| Commit { revision, payload };
    let commits: Vec<Commit<'_>> = payloads.iter().map(|(r, p)| commit((*r, p))).collect();
    store.append(&commits)
}

fn store_error(error: std::io::Error) -> StoreError {
    StoreError::Io {
        doing: "write a section".into(),
        source: error,
    }
}

/// Fixed bytes that do not compress; the first eight are the seed.
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 8);
    let mut word = seed;
    while bytes.len() < length {
        bytes.extend_from_slice(&word.to_le_bytes());
        word = (word ^ (word >> 31))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(1);
    }
    bytes.truncate(length);
    bytes
}

/// The payload of a commit: most are short, some empty, some longer than a record.
pub fn payload(revision: Revision) -> Vec<u8> {
    let length = [300, 0, 33_000, 20, 1_000, 5, 70_000, 2_000][(revision % 8) as usize];
    noise(revision, length)
}

/// The named value, as set for the `number`th time.
pub fn value(number: u64) -> Vec<u8> {
    let length = [20, 40_000, 8][(number % 3) as usize];
    noise(number, length)
}

/// The sections of a checkpoint.
pub fn sections(revision: Revision) -> [(&'static str, Vec<u8>); 4] {
    [
        ("empty", Vec::new()),
        ("small", noise(revision, 100)),
        ("dense", noise(revision + 7, 20_000)),
        ("sparse", vec![revision as u8; 20_000]),
    ]
}

/// Everything that a store holds, as far as the tests put it there, or an error.
pub fn read(store: &dyn Store) -> Result<Progress, String> {
    let mut progress = Progress {
        revision: store.revision(),
        oldest: store.oldest(),
        ..Progress::default()
    };
    if let Some(checkpoint) = store.checkpoint().map_err(|e| e.to_string())? {
        progress.checkpoint = checkpoint.revision();
        for (name, expected) in sections(checkpoint.revision()) {
            let mut bytes = Vec::new();
            let mut reader = checkpoint.read(name).map_err(|e| e.to_string())?;
            reader.read_to_end(&mut bytes).map_err(|e| e.to_string())?;
            assert!(bytes == expected, "section {name} differs");
        }
    }
    let before = store
        .checkpoints()
        .into_iter()
        .find(|kept| kept.revision < progress.oldest);
    assert_eq!(before, None, "a checkpoint is left of what was let go");
    let mut last = progress.oldest;
    let replayed = store.replay(last, &mut |revision, bytes| {
        last += 1;
        assert_eq!(revision, last, "a commit is missing");
        assert!(bytes == payload(revision), "commit {revision} differs");
        Ok(())
    });
    replayed.map_err(|e| e.to_string())?;
    assert_eq!(last.max(progress.checkpoint), progress.revision);
    if let Some(bytes) = store.meta("name").map_err(|e| e.to_string())? {
        let number = bytes.first_chunk().map(|first| u64::from_le_bytes(*first));
        progress.meta = number.unwrap_or(0);
        assert!(bytes == value(progress.meta), "the named value differs");
    }
    Ok(progress)
}

/// Panics unless the store holds `known`, or `known` and all of what `asked` adds.
pub fn check(store: &dyn Store, known: Progress, asked: Progress, context: &str) -> Progress {
    let found = read(store).unwrap_or_else(|error| panic!("{context}: {error}"));
    assert!(
        (known.revision..=asked.revision).contains(&found.revision),
        "{context}: {found:?} is not between {known:?} and {asked:?}"
    );
    assert!(
        [known.checkpoint, asked.checkpoint].contains(&found.checkpoint)
            && [known.meta, asked.meta].contains(&found.meta)
            && [known.oldest, asked.oldest].contains(&found.oldest),
        "{context}: {found:?} is neither {known:?} nor {asked:?}"
    );
    let seen = store.verify().map(|seen| seen.damage);
    assert!(
        matches!(&seen, Ok(damage) if damage.is_empty()),
        "{context}: {seen:?}"
    );
    found
}
