//! What is wrong with a file, all at once, for people?

use crate::ontology::nearest;
use std::fmt;
use std::ops::Range;

/// What is wrong with a file: line, column, what, and what would be accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<String>);

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds one problem at a place, as `place` writes it.
    pub fn add(&mut self, place: &str, wrong: impl fmt::Display, hint: impl fmt::Display) {
        self.0.push(format!("{place}: {wrong}\n  {hint}"));
    }

    /// Adds all that is wrong besides.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// This, or what would be right if nothing is wrong.
    ///
    /// # Errors
    /// If anything is wrong.
    pub fn or<T>(self, right: T) -> Result<T, Self> {
        if self.is_empty() {
            Ok(right)
        } else {
            Err(self)
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

/// `file:line:column` of a stretch of a text; columns count characters.
pub(super) fn place(file: &str, text: &str, at: &Range<usize>) -> String {
    let before = text.get(..at.start).unwrap_or_default();
    let line = 1 + before.matches('\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = 1 + before[start..].chars().count();
    format!("{file}:{line}:{column}")
}

/// What would be accepted in place of a name.
pub(super) fn instead<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there is none yet".to_owned(),
        None => format!("there are {}", known.join(", ")),
    }
}
