//! How do files get into a data directory? Not for: reading them (`read`), keeping them (`db`).

use super::problem::Problems;
use super::progress::Progress;
use super::read::{Imported, read};
use crate::db::{Db, DbError, Next, Write};
use crate::graph::{About, Counts};
use std::fmt;
use std::path::PathBuf;

/// What an import did, or would do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many files were read.
    pub files: usize,
    /// How many records they hold; relationship fields are not counted.
    pub records: u64,
    /// What happened to nodes.
    pub nodes: Counts,
    /// What happened to edges.
    pub edges: Counts,
    /// The commit that it made, or the latest one if nothing changed.
    pub revision: u64,
    /// Whether anything changed.
    pub changed: bool,
}

/// Why nothing was imported.
#[derive(Debug)]
pub enum ImportError {
    /// The files are wrong.
    Wrong(Problems),
    /// The data directory refuses.
    Db(DbError),
}

/// Adds or updates the records of files and folders, all in one commit, which is durable when this
/// returns; if nothing changes there is none. A dry run does all but the commit. Other writers wait
/// meanwhile, readers do not. Memory: a second graph.
///
/// # Errors
/// Everything that is wrong with the files, or the disk; nothing is imported then.
pub fn import(
    db: &Db,
    paths: &[PathBuf],
    dry_run: bool,
    progress: &dyn Progress,
) -> Result<Summary, ImportError> {
    db.write(|base| {
        let imported = read(base, paths, base.revision() + 1, progress)?;
        let summary = Summary::of(&imported);
        progress.phase("writing");
        let next = (!dry_run).then(|| Next::of(imported.built, base));
        let about = About {
            message: Some("import".into()),
            ..About::default()
        };
        let write = next.flatten().map(|next| Write { next, about });
        Ok((write, summary))
    })
}

impl Summary {
    fn of(imported: &Imported) -> Self {
        Self {
            files: imported.files,
            records: imported.records,
            nodes: imported.built.nodes,
            edges: imported.built.edges,
            revision: imported.built.snapshot.revision(),
            changed: imported.built.has_changed(),
        }
    }
}

impl From<Problems> for ImportError {
    fn from(problems: Problems) -> Self {
        Self::Wrong(problems)
    }
}

impl From<DbError> for ImportError {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wrong(problems) => problems.fmt(f),
            Self::Db(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ImportError {}
