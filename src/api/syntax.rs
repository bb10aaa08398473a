//! Where does apollo-parser not keep the grammar? It drops an argument or a field of an object
//! without `:`, and refuses the descriptions of operations that the specification of 2025 allows.
//! The first is refused here, the second blanked out. Not for anything that the parser checks.

use std::borrow::Cow;
use std::ops::Range;

use super::error::{ErrorCode, GraphqlError, Location, excerpt};
use super::tokens::{Tokens, word};

/// The text as apollo-parser takes it, of the same length, with all places where they were.
pub(super) fn check_syntax(text: &str) -> Result<Cow<'_, str>, GraphqlError> {
    let mut reader = Reader {
        text,
        open: Vec::new(),
        last: 0..0,
        string: None,
        descriptions: Vec::new(),
    };
    for token in Tokens::of(text) {
        reader.pass(token)?;
    }
    let mut out = Cow::Borrowed(text);
    for description in reader.descriptions {
        let blank = blank(&text[description.clone()]);
        out.to_mut().replace_range(description, &blank);
    }
    Ok(out)
}

/// White space of the same length and with the same lines.
fn blank(text: &str) -> String {
    let space = |byte: u8| {
        if matches!(byte, b'\n' | b'\r') {
            byte as char
        } else {
            ' '
        }
    };
    text.bytes().map(space).collect()
}

/// What an open bracket holds, and what comes next in it.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Selection,
    List,
    /// Arguments, an object, or definitions of variables; the latter begin with `$`.
    Entries(Next),
}

#[derive(Clone, Copy, PartialEq)]
enum Next {
    Name,
    Colon,
    Value,
    VariableName,
    /// In definitions of variables the parser checks all.
    Anything,
}

struct Reader<'a> {
    text: &'a str,
    open: Vec<Open>,
    last: Range<usize>,
    /// A string that may turn out to be a description.
    string: Option<Range<usize>>,
    descriptions: Vec<Range<usize>>,
}

impl Reader<'_> {
    fn pass(&mut self, token: Range<usize>) -> Result<(), GraphqlError> {
        let first = self.text.as_bytes()[token.start];
        self.describe(first, &token);
        if let Some(Open::Entries(next)) = self.open.last_mut() {
            if *next == Next::Colon && first != b':' {
                return Err(self.no_colon(token));
            }
            *next = follow(*next, first);
        }
        match first {
            b'{' | b'[' | b'(' => self.enter(first),
            b'}' | b']' | b')' => drop(self.open.pop()),
            _ => {}
        }
        self.last = token;
        Ok(())
    }

    fn enter(&mut self, bracket: u8) {
        let in_values = self.open.iter().any(|open| *open != Open::Selection);
        self.open.push(match bracket {
            b'[' => Open::List,
            b'{' if !in_values => Open::Selection,
            _ => Open::Entries(Next::Name),
        });
    }

    /// A string before an operation or a fragment, or before the definition of a variable where
    /// it is no default, is a description.
    fn describe(&mut self, first: u8, token: &Range<usize>) {
        if let Some(string) = self.string.take() {
            let word = &self.text[token.clone()];
            let keyword = matches!(word, "query" | "mutation" | "subscription" | "fragment");
            if (self.open.is_empty() && keyword) || (!self.open.is_empty() && first == b'$') {
                self.descriptions.push(string);
            }
        }
        let place = match self.open.as_slice() {
            [] => true,
            [Open::Entries(Next::Name)] => self.text.as_bytes().get(self.last.start) == Some(&b'('),
            [Open::Entries(Next::Anything)] => {
                self.text.as_bytes().get(self.last.start) != Some(&b'=')
            }
            _ => false,
        };
        if first == b'"' && place {
            self.string = Some(token.clone());
        }
    }

    fn no_colon(&self, token: Range<usize>) -> GraphqlError {
        let name = excerpt(&self.text[self.last.clone()], 40);
        let found = excerpt(&self.text[token.clone()], 40);
        let message = format!("expected `:` and a value after `{name}`, found `{found}`");
        GraphqlError::new(ErrorCode::ParseFailed, message).at(Some(place(self.text, token.start)))
    }
}

/// What comes after a token, as far as it matters for colons.
fn follow(next: Next, first: u8) -> Next {
    match (next, first) {
        (Next::Anything, _) | (Next::Name, b'$') => Next::Anything,
        (Next::Name, _) if word(first) && !first.is_ascii_digit() => Next::Colon,
        (Next::Colon, _) => Next::Value,
        (Next::Value, b'$') => Next::VariableName,
        _ => Next::Name,
    }
}

/// The line and column of a byte; lines end with a line feed, a carriage return or both.
fn place(text: &str, at: usize) -> Location {
    let before = text[..at].replace("\r\n", "\n").replace('\r', "\n");
    let line = before.rsplit('\n').next().unwrap_or_default();
    Location {
        line: before.matches('\n').count() + 1,
        column: line.chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, message: &str, line: usize, column: usize) {
        let error = check_syntax(text).unwrap_err();
        assert_eq!(error.message, message);
        assert_eq!(error.locations, [Location { line, column }]);
    }

    #[test]
    fn names_of_arguments_and_fields_need_a_value() {
        let told = "expected `:` and a value after `b`, found `)`";
        refused("{ a(b) }", told, 1, 6);
        let told = "expected `:` and a value after `d`, found `e`";
        refused("{ a(b: {c: $d,\r\n d e: 1}) }", told, 2, 4);
        let told = "expected `:` and a value after `c`, found `}`";
        refused("query($a: X = {b: [{c}]}) { a }", told, 1, 22);
        let told = "expected `:` and a value after `c`, found `d`";
        refused("query($a: X @x(b: \"普\", c d: 1)) { a }", told, 1, 26);
    }

    #[test]
    fn cuts_no_character_in_two() {
        let told = "expected `:` and a value after `b`, found `普宁`";
        refused("{ a(b普宁: 1) }", told, 1, 6);
        let told = "expected `:` and a value after `b`, found `：`";
        refused("{ a(b\u{feff}：1) }", told, 1, 7);
    }

    #[test]
    fn leaves_what_is_right() {
        for text in [
            "query Q($a: Int = 1, $b: [X!]! @x(y: 1)) @z(a: $b) { a(b: $a, c: [{d: e}, []]) { f } }",
            "{ a: b(c: \"d\", e: -1.5, f: $g, h: true) ...X @y(z: {}) }",
            "{ a(b: {c: {d: {e: f}}}) { g { h } } }",
        ] {
            assert_eq!(check_syntax(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn blanks_descriptions() {
        let text = "\"q\" query Q(\"a\" $a: X = \"d\", \"\"\"b\n\"\"\" $b: X) { a(b: \"c\") } \"f\" fragment F on X { a }";
        let left = "    query Q(    $a: X = \"d\",     \n    $b: X) { a(b: \"c\") }     fragment F on X { a }";
        assert_eq!(check_syntax(text).as_deref(), Ok(left));
        let shorthand = "\"q\" { a }";
        assert_eq!(check_syntax(shorthand).as_deref(), Ok(shorthand));
    }
}
