//! Why does a data directory not open, or not take a change? Not for: errors in data files.

use crate::graph::ReadError;
use crate::store::StoreError;
use std::fmt;

/// What is wrong, for the person who runs the server.
#[derive(Clone, Debug)]
pub enum DbError {
    /// The store refuses.
    Store(StoreError),
    /// What is stored does not fit the ontology: each thing that does not.
    Unfit(Vec<String>),
    /// What is stored makes no graph.
    Damaged(ReadError),
    /// The stored ontology cannot be read, or the log holds what this program does not know.
    Unreadable(String),
    /// Nothing was written into the directory yet.
    Empty,
    /// There is no such revision, or it is no longer kept.
    NoRevision {
        /// The one asked for.
        asked: u64,
        /// The oldest that is kept.
        oldest: u64,
        /// The latest.
        latest: u64,
    },
    /// What there was at a time is no longer kept.
    NoMoment {
        /// The oldest revision that is kept.
        oldest: u64,
    },
    /// Too many writes wait.
    Busy,
    /// The graph is being closed.
    Closed,
    /// The program failed while it made the write: a bug.
    Panicked,
}

impl From<StoreError> for DbError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ReadError> for DbError {
    fn from(error: ReadError) -> Self {
        match error.unfit {
            true => Self::Unfit(vec![error.what]),
            false => Self::Damaged(error),
        }
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Unfit(misfits) => write_misfits(f, misfits),
            Self::Damaged(error) => write!(
                f,
                "the data directory is damaged: {error}. Nothing was opened. Restore it from a backup, or move it away and import again"
            ),
            Self::Unreadable(what) => {
                write!(
                    f,
                    "the data directory cannot be read: {what}. Use a newer guitu"
                )
            }
            Self::NoRevision { asked, oldest, .. } if asked < oldest => write!(
                f,
                "revision {asked} is no longer kept: the oldest that can be read is {oldest}"
            ),
            Self::NoMoment { oldest } => write!(
                f,
                "what there was at that time is no longer kept: the oldest revision that can be read is {oldest}"
            ),
            Self::NoRevision {
                asked,
                oldest,
                latest,
            } => write!(
                f,
                "there is no revision {asked}: {oldest} to {latest} can be read"
            ),
            Self::Busy => f.write_str("too many writes wait: write again in a moment"),
            Self::Closed => f.write_str("the graph is being closed: nothing is written any more"),
            Self::Panicked => f.write_str("the write failed inside; nothing of it was written"),
            Self::Empty => f.write_str(
                "the data directory is empty: name the ontology, and import data into it first",
            ),
        }
    }
}

fn write_misfits(f: &mut fmt::Formatter<'_>, misfits: &[String]) -> fmt::Result {
    f.write_str("the stored data do not fit the ontology:")?;
    misfits
        .iter()
        .try_for_each(|misfit| write!(f, "\n  {misfit}"))?;
    f.write_str("\nNothing was changed. Change the ontology back, or export under the old one, edit, and import into a new directory")
}

impl std::error::Error for DbError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Store(error) => Some(error),
            Self::Damaged(error) => Some(error),
            _ => None,
        }
    }
}
