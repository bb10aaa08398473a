//! Is everything that is kept still what was written?
//!
//! Reads all of it and collects what is wrong instead of stopping at the first; but a
//! walk that lost its way ends there. Not for repair.

use std::io::{self, Read};

use super::{Records, log, root};
use crate::store::shelf::Shelves;
use crate::store::{Checkpoint, StoreError, Verified};

pub(super) fn verify<S: Shelves>(records: &Records<S>) -> Result<Verified, StoreError> {
    let mut seen = Verified::default();
    verify_root(records, &mut seen);
    verify_log(records, &mut seen);
    verify_checkpoint(records, &mut seen);
    Ok(seen)
}

fn verify_root<S: Shelves>(records: &Records<S>, seen: &mut Verified) {
    let known = records.durable().clone();
    seen.bytes += known
        .root
        .values
        .values()
        .map(|v| v.len() as u64)
        .sum::<u64>();
    match root::find(records.shelves.main(), records.shelves.id()) {
        // A root that was replaced meanwhile is not damaged.
        Ok(found) if found.version >= known.version => {}
        Ok(_) => seen.damage.push("the root on disk is not whole".into()),
        Err(error) => seen.damage.push(error.to_string()),
    }
}

fn verify_log<S: Shelves>(records: &Records<S>, seen: &mut Verified) {
    let (oldest, last) = {
        let durable = records.durable();
        (durable.oldest(), durable.revision)
    };
    let (mut commits, mut bytes) = (0, 0);
    let main = records.shelves.main();
    let walked = log::walk_to(
        main,
        records.shelves.id(),
        oldest,
        last,
        &mut |_, payload| {
            commits += 1;
            bytes += payload.len() as u64;
            Ok(())
        },
    );
    if let Err(error) = walked {
        seen.damage.push(error.to_string());
    }
    seen.commits += commits;
    seen.bytes += bytes;
}

fn verify_checkpoint<S: Shelves>(records: &Records<S>, seen: &mut Verified) {
    let root = records.durable().root.clone();
    for superblock in root.checkpoints() {
        match records.open_checkpoint(superblock) {
            Ok(checkpoint) => verify_sections(&checkpoint, seen),
            Err(error) => seen.damage.push(error.to_string()),
        }
    }
}

fn verify_sections(checkpoint: &Checkpoint, seen: &mut Verified) {
    for section in checkpoint.sections() {
        match read_all(checkpoint, &section.name) {
            Ok(bytes) => seen.bytes += bytes,
            Err(error) => seen.damage.push(error.to_string()),
        }
        seen.sections += 1;
    }
    match checkpoint.strays() {
        Ok(0) => {}
        Ok(strays) => seen.damage.push(format!(
            "the checkpoint holds {strays} chunks of no section"
        )),
        Err(error) => seen.damage.push(error.to_string()),
    }
}

fn read_all(checkpoint: &Checkpoint, name: &str) -> Result<u64, Box<dyn std::error::Error>> {
    let mut reader = checkpoint.read(name)?;
    Ok(io::copy(&mut reader.by_ref(), &mut io::sink())?)
}
