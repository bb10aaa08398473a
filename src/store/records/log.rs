//! Which commits does the log hold, and is each of them whole?
//!
//! Keys are `L`, revision, piece. Revisions follow each other without a gap. Only the
//! very end may be incomplete: a commit that was being written and never acknowledged.

use super::pieces::{Assembly, Pieces, split_key};
use crate::store::frame::Kind;
use crate::store::shelf::Shelf;
use crate::store::{Commit, EachCommit, Revision, StoreError};

/// What a walk over the log found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Walk {
    /// The last whole commit.
    pub last: Revision,
    /// A commit at the very end that is not whole.
    pub tail: Option<Revision>,
}

/// Puts one commit, without syncing.
pub(super) fn put(shelf: &dyn Shelf, store: u32, commit: &Commit<'_>) -> Result<(), StoreError> {
    Pieces {
        kind: Kind::Log,
        store,
        sequence: commit.revision,
        prefix: &prefix(commit.revision),
    }
    .put(shelf, commit.payload)
}

/// Visits every commit after `after`, in order, checking all of it.
pub(super) fn walk(
    shelf: &dyn Shelf,
    store: u32,
    after: Revision,
    each: &mut EachCommit<'_>,
) -> Result<Walk, StoreError> {
    let mut walker = Walker::new(store, after);
    shelf.scan(&prefix(after + 1), b"M", &mut |key, value| {
        walker.step(key, value, each)?;
        Ok(true)
    })?;
    Ok(Walk {
        last: walker.last,
        tail: walker.open.map(|open| open.sequence),
    })
}

/// Visits the commits after `after` up to `last`, all of which must be there.
pub(super) fn walk_to(
    shelf: &dyn Shelf,
    store: u32,
    after: Revision,
    last: Revision,
    each: &mut EachCommit<'_>,
) -> Result<(), StoreError> {
    let mut walker = Walker::new(store, after);
    shelf.scan(&prefix(after + 1), &prefix(last + 1), &mut |key, value| {
        walker.step(key, value, each)?;
        Ok(true)
    })?;
    match walker {
        Walker {
            broken: Some(error),
            ..
        } => Err(error),
        Walker { last: end, .. } if end != last => Err(StoreError::damaged(
            "the log",
            format!("commit {} is missing or incomplete", end + 1),
        )),
        _ => Ok(()),
    }
}

struct Walker {
    store: u32,
    last: Revision,
    open: Option<Assembly>,
    /// Why the record before could not be read: forgiven only at the very end.
    broken: Option<StoreError>,
}

impl Walker {
    fn new(store: u32, after: Revision) -> Self {
        Walker {
            store,
            last: after,
            open: None,
            broken: None,
        }
    }

    fn step(
        &mut self,
        key: &[u8],
        value: &[u8],
        each: &mut EachCommit<'_>,
    ) -> Result<(), StoreError> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        let Some((b"L", revision, _)) = split_key(key) else {
            return Err(damaged(key, "is not a key of the log"));
        };
        if revision != self.last + 1 {
            return Err(damaged(
                key,
                format!("commit {} is missing before it", self.last + 1),
            ));
        }
        let open = self
            .open
            .get_or_insert_with(|| Assembly::new(Kind::Log, self.store, revision));
        match open.add(key, value) {
            Ok(true) => {
                each(revision, open.bytes())?;
                self.last = revision;
                self.open = None;
            }
            Ok(false) => {}
            Err(error) => self.broken = Some(error),
        }
        Ok(())
    }
}

/// Removes the pieces of a commit that is not whole, the last first: so what a crash
/// leaves of it is still the beginning of a commit.
pub(super) fn remove_tail(shelf: &dyn Shelf, revision: Revision) -> Result<(), StoreError> {
    let mut keys = Vec::new();
    shelf.scan(&prefix(revision), &prefix(revision + 1), &mut |key, _| {
        keys.push(key.to_vec());
        Ok(true)
    })?;
    keys.iter().rev().try_for_each(|key| shelf.remove(key))
}

/// Removes every record of the commits up to `to`.
pub(super) fn remove_up_to(shelf: &dyn Shelf, to: Revision) -> Result<(), StoreError> {
    const AT_ONCE: usize = 4096;
    loop {
        let mut keys = Vec::new();
        shelf.scan(&prefix(0), &prefix(to + 1), &mut |key, _| {
            keys.push(key.to_vec());
            Ok(keys.len() < AT_ONCE)
        })?;
        for key in &keys {
            shelf.remove(key)?;
        }
        if keys.is_empty() {
            return Ok(());
        }
        shelf.sync()?;
    }
}

fn prefix(revision: Revision) -> Vec<u8> {
    [b"L", &revision.to_be_bytes()[..]].concat()
}

fn damaged(key: &[u8], what: impl Into<String>) -> StoreError {
    StoreError::damaged(format!("record {}", key.escape_ascii()), what)
}
