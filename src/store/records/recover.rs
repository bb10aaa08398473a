//! What is still there after a crash, and is it all that was acknowledged?
//!
//! Reads every named value and every commit after the checkpoint, removes what an
//! unfinished write left behind, and compares with the witness. Whatever is missing
//! or contradictory is an error; nothing is guessed.

use std::sync::{Arc, Mutex};

use super::{CHECKPOINT, Durable, FORMAT, Records, Writer, log, named};
use crate::store::StoreError;
use crate::store::checkpoint::Superblock;
use crate::store::shelf::Shelves;
use crate::store::witness::Witness;

/// The value of [`FORMAT`].
const VERSION: &[u8] = b"1";

impl<S: Shelves> Records<S> {
    /// Writes the first value of a new store; before it returns, the store is not
    /// there yet.
    pub(crate) fn create(shelves: &S) -> Result<(), StoreError> {
        named::put(shelves.main(), shelves.id(), FORMAT, 1, VERSION)?;
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
        };
        records.sweep()?;
        records.shelves.main().sync()?;
        records.shelves.testify(witness, true)?;
        Ok(records)
    }
}

fn recover<S: Shelves>(shelves: &S) -> Result<Durable, StoreError> {
    let main = shelves.main();
    let found = named::find(main, shelves.id())?;
    let witness = shelves.witness()?;
    check_values(&found, witness)?;
    let current = read_superblock(shelves, &found)?;
    let base = current.as_ref().map_or(0, |current| current.revision);
    let walk = log::walk(main, shelves.id(), base, &mut |_, _| Ok(()))?;
    if walk.last < witness.revision {
        return Err(StoreError::damaged(
            "the log",
            format!(
                "it ends with commit {}, but commit {} was acknowledged",
                walk.last, witness.revision
            ),
        ));
    }
    if let Some(tail) = walk.tail {
        log::remove(main, tail, tail)?;
    }
    found.stale.iter().try_for_each(|key| main.remove(key))?;
    Ok(Durable {
        revision: walk.last,
        version: found.version,
        names: Arc::new(found.names),
        current: current.map(Arc::new),
    })
}

fn check_values(found: &named::Found, witness: Witness) -> Result<(), StoreError> {
    if found.version < witness.version {
        return Err(StoreError::damaged(
            "the named values",
            format!(
                "the newest is version {}, but version {} was acknowledged",
                found.version, witness.version
            ),
        ));
    }
    if !found.names.contains_key(FORMAT) {
        return Err(StoreError::damaged(
            "the named values",
            "the one that every store has is missing",
        ));
    }
    Ok(())
}

fn read_superblock<S: Shelves>(
    shelves: &S,
    found: &named::Found,
) -> Result<Option<Superblock>, StoreError> {
    let Some(&version) = found.names.get(CHECKPOINT) else {
        return Ok(None);
    };
    let bytes = named::take(shelves.main(), shelves.id(), CHECKPOINT, version)?;
    let superblock: Superblock = serde_json::from_slice(&bytes)
        .map_err(|error| StoreError::damaged("the superblock", error.to_string()))?;
    if !shelves.generations()?.contains(&superblock.generation) {
        let place = format!("checkpoint {}", superblock.generation);
        return Err(StoreError::damaged(place, "is missing"));
    }
    Ok(Some(superblock))
}
