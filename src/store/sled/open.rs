//! What must be done around opening sled so that nothing is lost or made up?
//!
//! Before: what the page cache holds is made durable (else sled's snapshot could refer
//! to bytes that a power cut takes away), a half-written snapshot is deleted (else sled
//! never opens again), and the files that must be there are. Not for reading records.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use super::guard::guarded;
use super::shelf::SledShelf;
use crate::store::StoreError;
use crate::store::dir;

/// sled's own page cache: small, because everything is read once and kept elsewhere.
const CACHE: u64 = 8 << 20;
/// Bytes of a segment. A leaf holds 16 values of at most 32 KB, and must stay below a
/// quarter of this, because sled moves larger pages into files that it never syncs.
const SEGMENT: usize = 8 << 20;
/// What may be written between two syncs of a sled that must survive a power cut. sled
/// overwrites a segment at the earliest one whole segment after it moved the last page
/// out of it: so that page is durable in its new place by then.
pub(super) const LIVING: usize = SEGMENT / 2;
/// The same for a checkpoint: nothing refers to it before it is whole and synced.
pub(super) const UNBORN: usize = 256 << 20;

/// Makes an empty sled in a new folder.
pub(super) fn create(folder: &Path, most_unsynced: usize) -> Result<SledShelf, StoreError> {
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir(folder).map_err(StoreError::io(format!("create {}", folder.display())))?;
    let shelf = start(folder, most_unsynced)?;
    shelf.sync_data()?;
    sync_file(&folder.join("conf"))?;
    dir::sync_dir(folder)?;
    dir::sync_dir(parent)?;
    Ok(shelf)
}

/// Opens the sled in `folder`, whose files have been checked.
pub(super) fn reopen(folder: &Path, most_unsynced: usize) -> Result<SledShelf, StoreError> {
    sync_file(&folder.join("db"))?;
    remove_half_snapshots(folder)?;
    let shelf = start(folder, most_unsynced)?;
    dir::sync_dir(folder)?;
    Ok(shelf)
}

fn start(folder: &Path, most_unsynced: usize) -> Result<SledShelf, StoreError> {
    let config = sled::Config::new()
        .path(folder)
        .cache_capacity(CACHE)
        .segment_size(SEGMENT)
        .flush_every_ms(None);
    SledShelf::new(open_unlocked(&config, folder)?, folder, most_unsynced)
}

/// Opens sled; where a sled of this process is just being closed on the same files, in
/// another thread, waits for it. Other processes are kept out by our own lock.
fn open_unlocked(config: &sled::Config, folder: &Path) -> Result<sled::Db, StoreError> {
    let mut tries = 0;
    loop {
        match guarded(folder, || config.open()) {
            Err(StoreError::Io { source, .. })
                if source.to_string().contains("could not acquire lock") && tries < 2_000 =>
            {
                tries += 1;
                std::thread::sleep(Duration::from_millis(1));
            }
            opened => return opened,
        }
    }
}

/// Refuses a folder from which a file is missing. `snapshot` is the least number that
/// a `snap.*` must have, 0 if none need be there.
pub(super) fn check_files(folder: &Path, snapshot: u64) -> Result<(), StoreError> {
    for name in ["conf", "db"] {
        let path = folder.join(name);
        let length = fs::metadata(&path).map(|m| m.len()).unwrap_or(0);
        if length == 0 {
            return Err(StoreError::damaged(
                path.display().to_string(),
                "is missing or empty",
            ));
        }
    }
    if newest_snapshot(folder)? < snapshot {
        return Err(StoreError::damaged(
            folder
                .join(format!("snap.{snapshot:016X}"))
                .display()
                .to_string(),
            "is missing",
        ));
    }
    Ok(())
}

/// The number in the name of the newest `snap.*`; 0 if there is none.
pub(super) fn newest_snapshot(folder: &Path) -> Result<u64, StoreError> {
    let names = dir::names(folder)?;
    let number = |name: &String| u64::from_str_radix(name.strip_prefix("snap.")?, 16).ok();
    Ok(names.iter().filter_map(number).max().unwrap_or(0))
}

fn remove_half_snapshots(folder: &Path) -> Result<(), StoreError> {
    for name in dir::names(folder)? {
        if name.starts_with("snap.") && name.ends_with(".generating") {
            let path = folder.join(name);
            fs::remove_file(&path).map_err(StoreError::io(format!("remove {}", path.display())))?;
        }
    }
    Ok(())
}

fn sync_file(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|file| file.sync_data())
        .map_err(StoreError::io(format!("sync {}", path.display())))
}

/// Fails when fewer than `mark` bytes are free on the disk of `path`.
pub(super) fn check_space(path: &Path, mark: u64) -> Result<(), StoreError> {
    let disk = rustix::fs::statvfs(path)
        .map_err(std::io::Error::from)
        .map_err(StoreError::io(format!(
            "look at the disk of {}",
            path.display()
        )))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    match free < mark {
        true => Err(StoreError::Full { free, mark }),
        false => Ok(()),
    }
}
