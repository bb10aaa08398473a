//! Where inside a value does it not fit, and what would? Built while the reader returns, so
//! that values that fit pay nothing for it.

use apollo_compiler::parser::SourceSpan;

/// A value that its type does not accept.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// What is wrong, without the place.
    pub message: String,
    /// What would be accepted.
    pub hint: Option<String>,
    /// The place in the document, when it comes from there.
    pub location: Option<SourceSpan>,
    /// Steps from the inside to the outside.
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Field(Box<str>),
    Index(usize),
}

impl Mismatch {
    /// A mismatch of the value itself.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
            location: None,
            steps: Vec::new(),
        }
    }

    /// A value of the wrong kind.
    pub(super) fn kind(expected: &str, found: &str, accepted: &str) -> Self {
        Self::new(format!("expected {expected}, found {found}"))
            .hint(format!("accepted: {accepted}"))
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Sets the place unless an inner one is known.
    pub(super) fn at(mut self, location: Option<SourceSpan>) -> Self {
        self.location = self.location.or(location);
        self
    }

    pub(super) fn in_field(mut self, name: &str) -> Self {
        self.steps.push(Step::Field(name.into()));
        self
    }

    pub(super) fn in_entry(mut self, index: usize) -> Self {
        self.steps.push(Step::Index(index));
        self
    }

    /// The message with its place: ``variable `$where.name[2]`: expected …``.
    pub fn tell(&self, what: &str, root: &str) -> String {
        let mut path = root.to_owned();
        for step in self.steps.iter().rev() {
            match step {
                Step::Field(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        format!("{what} `{path}`: {}", self.message)
    }
}
