//! What is still there after a crash, and is it all that was acknowledged?
//!
//! Reads the root and every commit after the checkpoint, removes what an
//! unfinished write left behind, and compares with the witness. Whatever is missing
//! or contradictory is an error; nothing is guessed.

use std::sync::{Arc, Mutex, RwLock};

use super::root::{self, Found, Root};
use super::{Durable, Records, Writer, log};
use crate::store::StoreError;
use crate::store::shelf::Shelves;
use crate::store::witness::Witness;

impl<S: Shelves> Records<S> {
    /// Writes the first root of a new store; before it returns, the store is not
    /// there yet.
    pub(crate) fn create(shelves: &S) -> Result<(), StoreError> {
        root::put(shelves.main(), shelves.id(), 1, &Root::default())?;
        shelves.main().sync()?;
        let first = Witness {
            revision: 0,
            version: 1,
        };
        shelves.testify(first, true)
    }

    /// Opens the store on these shelves and removes what a crash left behind.
    pub(crate) fn open(shelves: S) -> Result<Self, StoreError> {
        let durable = recover(&shelves)?;
        let witness = durable.witness();
        let records = Records {
            shelves,
            writer: Mutex::new(Writer { stopped: None }),
            durable: Mutex::new(durable),
            generation: Mutex::new(None),
            past: RwLock::new(()),
        };
        records.sweep()?;
        let root = records.durable().root.clone();
        records.put_commit(&root)?;
        records.shelves.main().sync()?;
        records.shelves.testify(witness, true)?;
        Ok(records)
    }
}

fn recover<S: Shelves>(shelves: &S) -> Result<Durable, StoreError> {
    let main = shelves.main();
    let witness = shelves.witness()?;
    let mut found = root::find(main, shelves.id())?;
    let root = check_root(shelves, &mut found, witness)?;
    let base = root.checkpoint.as_ref().map_or(root.oldest, |c| c.revision);
    let mut logged = root.checkpoint.as_ref().map_or(0, |c| c.logged);
    let walk = log::walk(main, shelves.id(), base, &mut |_, payload| {
        logged += payload.len() as u64;
        Ok(())
    })?;
    if walk.last < witness.revision {
        let what = format!(
            "it ends with commit {}, but commit {} was acknowledged",
            walk.last, witness.revision
        );
        return Err(StoreError::damaged("the log", what));
    }
    if let Some(tail) = walk.tail {
        log::remove_tail(main, tail)?;
    }
    found.stale.iter().try_for_each(|key| main.remove(key))?;
    Ok(Durable {
        revision: walk.last,
        logged,
        version: found.version,
        root: Arc::new(root),
    })
}

fn check_root<S: Shelves>(
    shelves: &S,
    found: &mut Found,
    witness: Witness,
) -> Result<Root, StoreError> {
    let (version, known) = (found.version, witness.version);
    if version < known || found.root.is_none() {
        let what = format!("is version {version}, but {known} was acknowledged");
        let broken = found.broken.take();
        return Err(broken.unwrap_or_else(|| StoreError::damaged("the root", what)));
    }
    let root = found.root.take().unwrap_or_default();
    let there = shelves.generations()?;
    let missing = root
        .checkpoints()
        .find(|kept| !there.contains(&kept.generation));
    match missing.map(|kept| format!("checkpoint {}", kept.generation)) {
        Some(place) => Err(StoreError::damaged(place, "is missing")),
        None => Ok(root),
    }
}
