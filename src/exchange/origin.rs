//! Which line of which file is a record from? Not for: the records.

use super::problem::Place;
use std::path::Path;
use std::sync::Arc;

/// The bit that marks an edge given by a relationship field of a node.
const OF_FIELD: u32 = 1 << 31;

/// A file and a line in one number: a line counted over all files. 0: not from a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin(u32);

/// The files of a run, each with the lines that it takes.
#[derive(Debug)]
pub(super) struct Origins {
    /// By number of the file: its path and the count before its first line, once it was entered.
    files: Vec<(Arc<Path>, Option<u32>)>,
    /// The greatest count so far.
    last: u32,
}

impl Origin {
    /// The same place, for an edge given by a relationship field of a node.
    pub(super) fn of_field(self) -> Self {
        Self(self.0 | OF_FIELD)
    }

    pub(super) fn is_of_field(self) -> bool {
        self.0 & OF_FIELD != 0
    }

    /// The line counted over all files.
    pub(super) fn line(self) -> u32 {
        self.0 & !OF_FIELD
    }
}

impl Origins {
    pub(super) fn new(files: impl Iterator<Item = Arc<Path>>) -> Self {
        Self {
            files: files.map(|path| (path, None)).collect(),
            last: 0,
        }
    }

    /// The origin of a line of a file. Files are read one after the other, each to its last line
    /// before the next begins. Beyond two billion lines
    /// in all, lines have no origin.
    pub(super) fn of(&mut self, file: usize, line: u32) -> Origin {
        let before = *self.files[file].1.get_or_insert(self.last);
        let count = before
            .checked_add(line)
            .filter(|count| *count < OF_FIELD)
            .unwrap_or(0);
        self.last = self.last.max(count);
        Origin(count)
    }

    /// Whether an origin lies in a file.
    pub(super) fn is_in(&self, origin: Origin, file: usize) -> bool {
        self.number(origin) == Some(file)
    }

    /// Whether two origins lie in the same file.
    pub(super) fn are_together(&self, a: Origin, b: Origin) -> bool {
        self.number(a).is_some_and(|file| self.is_in(b, file))
    }

    fn number(&self, origin: Origin) -> Option<usize> {
        let entered = self.files.iter().enumerate();
        entered
            .filter_map(|(at, (_, before))| Some(((*before)?, at)))
            .filter(|(before, _)| *before < origin.line())
            .max()
            .map(|(_, at)| at)
    }

    /// The place of an origin; none for a record that is not from a file.
    pub(super) fn place(&self, origin: Origin) -> Option<Place> {
        let (file, before) = &self.files[self.number(origin)?];
        let line = origin.line() - before.unwrap_or(0);
        Some(Place {
            file: file.clone(),
            line: Some(line),
        })
    }
}
