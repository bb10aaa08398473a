//! What is wrong with a text, where, and what would be accepted? Reports for people, like a
//! compiler's. Not for: deciding what is wrong (`sdl`).

use std::fmt;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Everything that is wrong with an ontology, in the order of its text; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, without a position.
    pub message: String,
    /// Where: first the place to mend, then what it clashes with.
    pub places: Vec<Place>,
    /// What would be accepted.
    pub help: Option<String>,
}

/// A stretch of text within one line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file's name as it was given, or `built in`.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// In characters, at least 1.
    pub length: usize,
    /// The whole line.
    pub source: String,
    /// What to say about it; may be empty.
    pub label: String,
}

impl Place {
    /// The place of a byte range of a text; a range over several lines is cut at the first.
    pub fn new(file: &str, text: &str, range: std::ops::Range<usize>, label: String) -> Self {
        let start = floor_boundary(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = &text[start..];
        let line_end = start + rest.find('\n').unwrap_or(rest.len());
        let end = floor_boundary(text, range.end).clamp(start, line_end);
        let stretch = text[start..end].trim_end();
        Self {
            file: file.to_owned(),
            line: text[..start].matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            length: stretch.chars().count().max(1),
            source: text[line_start..line_end].trim_end().to_owned(),
            label,
        }
    }

    /// The line of carets that stands under the source line, with the label.
    fn carets(&self, mark: &str) -> String {
        let before: String = self.source.chars().take(self.column - 1).collect();
        let under = self.source.chars().skip(self.column - 1).take(self.length);
        let width: usize = under.map(|c| c.width().unwrap_or(0)).sum();
        let pad = " ".repeat(untabbed(&before).width());
        format!("{pad}{} {}", mark.repeat(width.max(1)), self.label)
            .trim_end()
            .to_owned()
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

fn untabbed(line: &str) -> String {
    line.replace('\t', "    ")
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.message)?;
        let widest = self.places.iter().map(|place| place.line).max();
        let gutter = widest.map_or(1, |line| line.to_string().len());
        let mut rest = self.places.as_slice();
        while let Some(first) = rest.first() {
            let same_file = rest.iter().take_while(|place| place.file == first.file);
            let (here, later) = rest.split_at(same_file.count());
            let arrow = if rest.len() == self.places.len() {
                "-->"
            } else {
                ":::"
            };
            write_snippet(f, gutter, arrow, here)?;
            rest = later;
        }
        match &self.help {
            Some(help) => writeln!(f, "{0:gutter$} |\n{0:gutter$} = help: {help}", ""),
            None => Ok(()),
        }
    }
}

/// Writes the places of one file, each under its line, lines in order.
fn write_snippet(
    f: &mut fmt::Formatter<'_>,
    gutter: usize,
    arrow: &str,
    places: &[Place],
) -> fmt::Result {
    let first = &places[0];
    writeln!(
        f,
        "{:gutter$}{arrow} {}:{}:{}",
        "", first.file, first.line, first.column
    )?;
    writeln!(f, "{:gutter$} |", "")?;
    let mut sorted: Vec<&Place> = places.iter().collect();
    sorted.sort_by_key(|place| (place.line, place.column));
    let mut last_line = 0;
    for place in sorted {
        if last_line != 0 && place.line > last_line + 1 {
            writeln!(f, "{:gutter$} ...", "")?;
        }
        if place.line != last_line {
            writeln!(f, "{:gutter$} | {}", place.line, untabbed(&place.source))?;
        }
        let mark = if std::ptr::eq(place, first) { "^" } else { "-" };
        writeln!(f, "{:gutter$} | {}", "", place.carets(mark))?;
        last_line = place.line;
    }
    Ok(())
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.0 {
            writeln!(f, "{diagnostic}")?;
        }
        match self.0.len() {
            1 => write!(f, "1 error"),
            many => write!(f, "{many} errors"),
        }
    }
}

impl std::error::Error for Diagnostics {}
