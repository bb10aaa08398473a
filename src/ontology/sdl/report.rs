//! Where are violations collected until all are known? Not for: how they are shown (`diagnostics`).

use crate::ontology::{Diagnostic, Diagnostics, Place};
use apollo_compiler::ast::Type;
use apollo_compiler::parser::{FileId, SourceSpan};
use apollo_compiler::{Name, Node};
use std::ops::Range;

/// A byte range of the ontology's text or of the built-in declarations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Span {
    file: Option<FileId>,
    start: usize,
    end: usize,
    /// Whether the brackets and `!` of a type around it are meant too.
    whole_type: bool,
}

/// What has a position.
pub(super) trait Located {
    fn span(&self) -> Span;
}

impl Located for Name {
    fn span(&self) -> Span {
        self.location().into()
    }
}

impl<T: ?Sized> Located for Node<T> {
    fn span(&self) -> Span {
        self.location().into()
    }
}

impl Located for Type {
    fn span(&self) -> Span {
        Span {
            whole_type: true,
            ..self.inner_named_type().span()
        }
    }
}

impl From<Option<SourceSpan>> for Span {
    fn from(span: Option<SourceSpan>) -> Self {
        Self {
            file: span.map(|span| span.file_id()),
            start: span.map_or(0, |span| span.offset()),
            end: span.map_or(0, |span| span.end_offset()),
            whole_type: false,
        }
    }
}

/// The violations found so far.
pub(super) struct Report<'a> {
    file_name: &'a str,
    sdl: &'a str,
    built_in: BuiltIn,
    /// Whether parts of the text could not be read, so that absence proves nothing.
    partial: bool,
    drafts: Vec<Draft>,
}

/// A violation, before its positions are looked up.
pub(super) struct Draft {
    message: String,
    labels: Vec<(Span, String)>,
    help: Option<String>,
    /// The name of what it says is not there, or in which something is not there.
    absent: Option<String>,
}

impl Draft {
    /// Says where it is, or what it clashes with; a position in the built-in declarations too.
    pub fn at(&mut self, span: Span, label: impl Into<String>) -> &mut Self {
        self.labels.push((span, label.into()));
        self
    }

    /// Says what would be accepted.
    pub fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = Some(help.into());
        self
    }

    /// Marks that it rests on something that is not there, which a syntax error may explain.
    pub fn absent(&mut self, name: &str) -> &mut Self {
        self.absent = Some(name.to_owned());
        self
    }
}

impl<'a> Report<'a> {
    pub fn new(file_name: &'a str, sdl: &'a str, built_in: BuiltIn) -> Self {
        Self {
            file_name,
            sdl,
            built_in,
            partial: false,
            drafts: Vec::new(),
        }
    }

    /// Begins a violation.
    pub fn error(&mut self, message: impl Into<String>) -> &mut Draft {
        let at = self.drafts.len();
        self.drafts.push(Draft {
            message: message.into(),
            labels: Vec::new(),
            help: None,
            absent: None,
        });
        &mut self.drafts[at]
    }

    /// Notes that the text was read only in part.
    pub fn mark_partial(&mut self) {
        self.partial = true;
    }

    /// Whether a draft may rest on a part of the text that could not be read.
    fn is_doubtful(&self, draft: &Draft) -> bool {
        let Some(name) = draft.absent.as_ref().filter(|_| self.partial) else {
            return false;
        };
        let words: Vec<&str> = self.sdl.split_whitespace().collect();
        let kinds = ["type", "interface", "enum"];
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let head = |word: &str| word.split(|c| !is_name(c)).next() == Some(name.as_str());
        let declared = |pair: &[&str]| kinds.contains(&pair[0]) && head(pair[1]);
        words.windows(2).any(declared)
    }

    /// All violations in the order of the text, or none.
    pub fn finish(self) -> Result<(), Diagnostics> {
        let kept = self.drafts.iter().filter(|draft| !self.is_doubtful(draft));
        let mut found: Vec<Diagnostic> = kept.map(|draft| self.diagnostic(draft)).collect();
        found.sort_by_key(|d| d.places.first().map(|place| (place.line, place.column)));
        found.dedup();
        if found.is_empty() {
            Ok(())
        } else {
            Err(Diagnostics(found))
        }
    }

    fn diagnostic(&self, draft: &Draft) -> Diagnostic {
        let places = draft.labels.iter().map(|(span, label)| {
            let (file, text) = self.text(*span);
            Place::new(file, text, range(text, *span), label.clone())
        });
        Diagnostic {
            message: draft.message.clone(),
            places: places.collect(),
            help: draft.help.clone(),
        }
    }

    /// The file that a span is in: its name and text.
    fn text(&self, span: Span) -> (&'a str, &'a str) {
        if self.built_in.holds(span) {
            ("built in", self.built_in.sdl)
        } else {
            (self.file_name, self.sdl)
        }
    }

    /// Whether the text was read only in part.
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// Whether a span is in the built-in declarations.
    pub fn is_built_in(&self, span: Span) -> bool {
        self.built_in.holds(span)
    }

    /// The text of a span.
    pub fn excerpt(&self, span: Span) -> &'a str {
        let (_, text) = self.text(span);
        text.get(span.start..span.end).unwrap_or("").trim()
    }
}

/// The byte range of a span in its text.
fn range(text: &str, span: Span) -> Range<usize> {
    let range = span.start.min(text.len())..span.end.min(text.len());
    if !span.whole_type {
        return range;
    }
    let before = text[..range.start].trim_end_matches(['[', ' ']);
    let opened = &text[before.len()..range.start];
    let after = text[range.end..].trim_start_matches(['!', ']', ' ']);
    let start = range.start - opened.trim_start().len();
    start..text[..text.len() - after.len()].trim_end().len()
}

/// The built-in declarations and the file that the parser knows them by.
pub(super) struct BuiltIn {
    pub sdl: &'static str,
    pub file: Option<FileId>,
}

impl BuiltIn {
    /// Whether a span is among them.
    pub fn holds(&self, span: Span) -> bool {
        span.file.is_some() && self.file == span.file
    }
}
