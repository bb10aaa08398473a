//! How is a graph copied while it is written, and how does it come back? Not for: the form of the file
//! (`store::backup`).

use super::verify::{Report, verify};
use super::{Db, DbError};
use crate::store::{self, Copied, Options, StoreError};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

impl Db {
    /// Writes everything that is kept, with its whole history, as of now: what [`restore`] reads.
    /// Readers and writers go on. Memory: some chunks; time: that of reading the data directory.
    ///
    /// # Errors
    /// Damage, or what cannot be written.
    pub fn backup(&self, to: &mut dyn Write) -> Result<Copied, DbError> {
        Ok(self.shared.store.backup(to)?)
    }
}

/// Writes everything that a data directory keeps, in which no other process works.
///
/// # Errors
/// As [`Db::backup`], and a directory that cannot be opened.
pub fn backup(directory: &Path, options: &Options, to: &mut dyn Write) -> Result<Copied, DbError> {
    Ok(store::open(directory, options)?.backup(to)?)
}

/// Makes a data directory of a backup, all of it or nothing: it is written beside, verified as
/// [`verify`] does, and only then gets its name. The directory must be new or empty.
///
/// # Errors
/// A backup that is damaged or not whole, a directory that is not empty, or a full disk.
pub fn restore(from: &mut dyn Read, to: &Path, options: &Options) -> Result<Report, DbError> {
    refuse_taken(to)?;
    let beside = beside(to)?;
    clear(&beside)?;
    let restored = restore_into(from, &beside, options).and_then(|report| {
        let renamed = fs::rename(&beside, to).and_then(|()| sync_parent(to));
        renamed.map_err(StoreError::io(format!("name {}", to.display())))?;
        Ok(report)
    });
    if restored.is_err() && beside.exists() {
        // What went wrong before is what is told.
        let _ = fs::remove_dir_all(&beside);
    }
    restored
}

fn restore_into(from: &mut dyn Read, beside: &Path, options: &Options) -> Result<Report, DbError> {
    let store = store::open(beside, options)?;
    store::restore(&*store, from)?;
    drop(store);
    let report = verify(beside, options)?;
    match report.wrong.is_empty() {
        true => Ok(report),
        false => Err(StoreError::Backup {
            what: format!("what it holds is not right: {}", report.wrong.join("; ")),
        }
        .into()),
    }
}

/// Nothing that is there is overwritten.
fn refuse_taken(to: &Path) -> Result<(), DbError> {
    let taken = match fs::read_dir(to) {
        Ok(mut names) => names.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(_) => true,
    };
    match taken {
        false => Ok(()),
        true => Err(refused(format!(
            "{} is not empty. A backup is restored into a new directory: name another with --data",
            to.display()
        ))),
    }
}

fn refused(why: String) -> DbError {
    StoreError::Refused { why }.into()
}

/// Where a directory grows until it is whole.
fn beside(to: &Path) -> Result<PathBuf, DbError> {
    let name = to.file_name().ok_or_else(|| {
        refused(format!(
            "{} names no directory that could be made",
            to.display()
        ))
    })?;
    let mut name = name.to_owned();
    name.push(".restoring");
    Ok(to.with_file_name(name))
}

/// Removes what an interrupted restoring left, unless another one is under way.
fn clear(beside: &Path) -> Result<(), DbError> {
    if let Ok(lock) = File::open(beside.join("lock"))
        && lock.try_lock().is_err()
    {
        return Err(refused(format!(
            "{} is being restored by another process",
            beside.display()
        )));
    }
    match fs::remove_dir_all(beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(StoreError::io(format!("remove {}", beside.display()))(error).into())
        }
        _ => Ok(()),
    }
}

fn sync_parent(of: &Path) -> io::Result<()> {
    let parent = of.parent().filter(|path| !path.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}
