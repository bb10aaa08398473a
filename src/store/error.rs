//! What can go wrong with durable bytes, in words for the person who runs the server?
//!
//! Each variant says what is wrong and what can be done. Not for errors about the
//! meaning of the bytes: the store does not know it.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why the store refused. `Display` says what is wrong, where, and what to do.
#[derive(Debug)]
pub enum StoreError {
    /// Another process works in this data directory.
    Locked {
        /// The data directory.
        path: PathBuf,
        /// The process that holds it, where known.
        pid: Option<u32>,
    },
    /// The directory holds something that is not a Guitu data directory.
    Foreign {
        /// The directory.
        path: PathBuf,
        /// What was found instead.
        found: String,
    },
    /// The directory was written in a newer format than this program knows.
    Newer {
        /// The data directory.
        path: PathBuf,
        /// The format version found.
        found: u32,
        /// The newest format version that this program reads.
        known: u32,
    },
    /// The directory was written in a format of before the first release, which this
    /// program no longer reads.
    Older {
        /// The data directory.
        path: PathBuf,
        /// The format version found.
        found: u32,
        /// The format version that this program reads.
        known: u32,
    },
    /// Stored bytes are missing or not what was written.
    Damaged {
        /// Which file or record.
        place: String,
        /// What is wrong with it.
        what: String,
    },
    /// The disk is so full that a further write could end badly.
    Full {
        /// Bytes free now.
        free: u64,
        /// Bytes that must stay free.
        mark: u64,
    },
    /// An earlier write failed; the store takes no more until it is reopened.
    Stopped {
        /// The earlier failure.
        cause: String,
    },
    /// The caller asked for something that cannot be: a bug above this room,
    /// or a revision that is no longer kept.
    Refused {
        /// What was asked and what would be accepted.
        why: String,
    },
    /// A backup that is damaged, or not whole.
    Backup {
        /// What is wrong with it.
        what: String,
    },
    /// The operating system failed.
    Io {
        /// What was being done.
        doing: String,
        /// Its error.
        source: io::Error,
    },
}

impl StoreError {
    /// A [`StoreError::Damaged`] at `place`.
    pub(crate) fn damaged(place: impl Into<String>, what: impl Into<String>) -> Self {
        StoreError::Damaged {
            place: place.into(),
            what: what.into(),
        }
    }

    /// A [`StoreError::Refused`].
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        StoreError::Refused { why: why.into() }
    }

    /// The store's own error within one of reading or writing, if it is one.
    pub(crate) fn within(error: io::Error) -> Self {
        match error.downcast::<StoreError>() {
            Ok(error) => error,
            Err(source) => StoreError::Io {
                doing: "checkpoint".to_owned(),
                source,
            },
        }
    }

    /// For `map_err`: wraps an operating system error with what was being done.
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| StoreError::Io { doing, source }
    }
}

impl Clone for StoreError {
    /// The same for another who asked; of an error of the operating system kind and words.
    fn clone(&self) -> Self {
        match self {
            StoreError::Locked { path, pid } => StoreError::Locked {
                path: path.clone(),
                pid: *pid,
            },
            StoreError::Foreign { path, found } => StoreError::Foreign {
                path: path.clone(),
                found: found.clone(),
            },
            StoreError::Newer { path, found, known } => StoreError::Newer {
                path: path.clone(),
                found: *found,
                known: *known,
            },
            StoreError::Older { path, found, known } => StoreError::Older {
                path: path.clone(),
                found: *found,
                known: *known,
            },
            StoreError::Damaged { place, what } => StoreError::damaged(place, what),
            StoreError::Full { free, mark } => StoreError::Full {
                free: *free,
                mark: *mark,
            },
            StoreError::Stopped { cause } => StoreError::Stopped {
                cause: cause.clone(),
            },
            StoreError::Refused { why } => StoreError::refused(why),
            StoreError::Backup { what } => StoreError::Backup { what: what.clone() },
            StoreError::Io { doing, source } => StoreError::Io {
                doing: doing.clone(),
                source: io::Error::new(source.kind(), source.to_string()),
            },
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Locked { path, pid } => write_locked(f, path, *pid),
            StoreError::Foreign { path, found } => write!(
                f,
                "{} is not a Guitu data directory: {found}. Name another directory, new or empty, with --data",
                path.display()
            ),
            StoreError::Newer { path, found, known } => write!(
                f,
                "{} was written in format {found}; this program reads formats up to {known}. Use a newer guitu",
                path.display()
            ),
            StoreError::Older { path, found, known } => write!(
                f,
                "{} was written in format {found}, of before the first release; this program reads format {known}. Export it with the guitu that wrote it, and import into a new directory",
                path.display()
            ),
            StoreError::Damaged { place, what } => write!(
                f,
                "the data directory is damaged: {place}: {what}. Nothing was opened. Restore the whole directory from a backup, or move it away and import again"
            ),
            StoreError::Full { free, mark } => write!(
                f,
                "the disk is almost full: {free} bytes are free, {mark} must stay free. The write was refused and reading goes on; free some space and write again"
            ),
            StoreError::Stopped { cause } => write!(
                f,
                "writing stopped after a failure ({cause}); reading goes on. Mend the cause and restart: everything acknowledged is kept"
            ),
            StoreError::Refused { why } => f.write_str(why),
            StoreError::Backup { what } => write!(
                f,
                "this is no whole backup: {what}. Nothing of it is used; take another one"
            ),
            StoreError::Io { doing, source } => write!(f, "{doing}: {source}"),
        }
    }
}

fn write_locked(
    f: &mut fmt::Formatter<'_>,
    path: &std::path::Path,
    pid: Option<u32>,
) -> fmt::Result {
    write!(f, "{} is in use by another process", path.display())?;
    if let Some(pid) = pid {
        write!(f, " (pid {pid})")?;
    }
    f.write_str(". Stop it, or name another directory with --data")
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
