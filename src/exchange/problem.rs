//! What is wrong with which place of which file? Not for: why a value is wrong (`change`).

use crate::change::Violation;
use std::collections::HashSet;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A place in a data file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file or folder.
    pub file: Arc<Path>,
    /// The line in which the record begins, from 1; none: the file as a whole.
    pub line: Option<u32>,
}

/// One error in data files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// The column or field, if one is to blame.
    pub column: Option<String>,
    /// What is wrong, with the offending text.
    pub message: String,
    /// What would be accepted.
    pub hint: Option<String>,
}

/// All errors of a run: the first hundred, and how many there are.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    shown: Vec<Problem>,
    count: u64,
}

impl Place {
    /// What is in the graph already, from no file of this run.
    pub fn stored() -> Self {
        Self {
            file: Path::new("the stored graph").into(),
            line: None,
        }
    }
}

impl Problem {
    /// A violation at a place.
    pub fn new(place: Place, violation: Violation) -> Self {
        Self {
            place,
            column: violation.field,
            message: violation.message,
            hint: violation.hint,
        }
    }
}

impl Problems {
    /// How many errors are kept; the others are counted.
    pub const SHOWN: usize = 100;

    /// Adds an error.
    pub fn add(&mut self, problem: Problem) {
        self.count += 1;
        if self.shown.len() < Self::SHOWN {
            self.shown.push(problem);
        }
    }

    /// Counts errors that are not kept.
    pub fn count_more(&mut self, more: u64) {
        self.count += more;
    }

    /// Adds all errors of another collection.
    pub fn append(&mut self, other: &mut Self) {
        self.count += other.count - other.shown.len() as u64;
        other.count = 0;
        other.shown.drain(..).for_each(|problem| self.add(problem));
    }

    /// The places of those that are kept.
    pub(super) fn places(&self) -> HashSet<Place> {
        let places = self.shown.iter().map(|problem| problem.place.clone());
        places.collect()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// How many there are, shown or not.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The first hundred that were found.
    pub fn shown(&self) -> &[Problem] {
        &self.shown
    }

    /// Nothing if there is no error.
    ///
    /// # Errors
    /// Itself, in order of the files and lines.
    pub fn into_result(mut self) -> Result<(), Self> {
        self.shown
            .sort_by(|a, b| (&a.place.file, a.place.line).cmp(&(&b.place.file, b.place.line)));
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        if let Some(column) = &self.column {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.shown {
            writeln!(f, "{problem}")?;
        }
        let more = self.count - self.shown.len() as u64;
        if more > 0 {
            writeln!(f, "and {more} more")?;
        }
        write!(f, "{} in total; nothing was imported", plural(self.count))
    }
}

impl std::error::Error for Problems {}

fn plural(count: u64) -> String {
    match count {
        1 => "1 error".to_owned(),
        _ => format!("{count} errors"),
    }
}
