//! Why is a mutation refused, and where in it? Not for: finding that out.

use super::{Part, Violation};
use std::fmt;

/// How many refusals are told; more are counted.
const TOLD: usize = 100;

/// What kind of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// What was given makes no sense, whatever the graph holds.
    BadInput,
    /// A record that was named does not exist.
    NotFound,
    /// A record that is to be created exists.
    Exists,
    /// A record has changed since it was read.
    Conflict,
    /// A rule of the ontology would be broken.
    Constraint,
    /// Whoever asks may not do this.
    Forbidden,
    /// The program contradicts itself: a bug.
    Internal,
}

/// One reason, with the place in the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What kind.
    pub code: Code,
    /// From the root field's response key down to the input field.
    pub path: Vec<Part>,
    /// What is wrong.
    pub message: String,
    /// What would be accepted.
    pub hint: Option<String>,
}

/// All reasons: the first hundred, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// The first of them.
    pub first: Vec<Refusal>,
    /// All of them.
    pub count: usize,
    /// How often anything was refused, the same once more too.
    pub(super) tries: usize,
}

impl Refusals {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Notes a reason with its place.
    pub fn note(&mut self, code: Code, path: Vec<Part>, violation: Violation) {
        self.add(code, || path, violation);
    }

    /// Notes a reason, unless the same has been told; the violation's field is the last step of the
    /// path.
    pub(super) fn add(
        &mut self,
        code: Code,
        path: impl FnOnce() -> Vec<Part>,
        violation: Violation,
    ) {
        self.tries += 1;
        if self.first.len() >= TOLD {
            self.count += 1;
            return;
        }
        let mut path = path();
        path.extend(violation.field.as_deref().map(Part::from));
        let refusal = Refusal {
            code,
            path,
            message: violation.message,
            hint: violation.hint,
        };
        if !self.first.contains(&refusal) {
            self.count += 1;
            self.first.push(refusal);
        }
    }

    /// Says of which record those are, from one on, that depend on what it was before.
    pub(super) fn name(&mut self, from: usize, id: &dyn Fn() -> String) {
        let depends = |refusal: &&mut Refusal| {
            let argument = refusal.path.get(1);
            let all = ["increment", "add", "remove"].map(Part::from);
            argument.is_some_and(|argument| all.contains(argument))
        };
        for refusal in self.first.iter_mut().skip(from).filter(depends) {
            refusal.message = format!("{}: {}", id(), refusal.message);
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.path.iter().enumerate() {
            match part {
                Part::Name(name) if at == 0 => write!(f, "{name}")?,
                Part::Name(name) => write!(f, ".{name}")?,
                Part::At(at) => write!(f, "[{at}]")?,
            }
        }
        write!(f, ": {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, refusal) in self.first.iter().enumerate() {
            let line = if at == 0 { "" } else { "\n" };
            write!(f, "{line}{refusal}")?;
        }
        match self.count - self.first.len() {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for Refusals {}
