//! Where does each token of a document begin and end? A scan that never fails: what is no token
//! passes as one of a single byte, or of all that is not ASCII, for the parser to refuse. Not for what a token means.

use std::ops::Range;

/// A byte order mark.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The tokens of a text, as ranges of bytes.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            at: 0,
        }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        self.skip_ignored();
        let start = self.at;
        let byte = *self.bytes.get(start)?;
        match byte {
            b'"' => self.skip_string(),
            b'0'..=b'9' | b'-' => self.skip_while(|b| matches!(b, b'.' | b'+' | b'-') || word(b)),
            b'.' => self.skip_while(|b| b == b'.'),
            _ if word(byte) => self.skip_while(word),
            0x80.. => self.skip_while(|b| !b.is_ascii()),
            _ => self.at += 1,
        }
        self.at = self.at.min(self.bytes.len());
        Some(start..self.at)
    }
}

impl Tokens<'_> {
    /// White space, commas, byte order marks and comments.
    fn skip_ignored(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => self.at += 1,
                0xEF if self.bytes[self.at..].starts_with(MARK) => self.at += MARK.len(),
                b'#' => self.skip_while(|b| b != b'\n' && b != b'\r'),
                _ => return,
            }
        }
    }

    fn skip_while(&mut self, accept: impl Fn(u8) -> bool) {
        let rest = &self.bytes[self.at..];
        self.at += rest.iter().take_while(|b| accept(**b)).count();
    }

    fn skip_string(&mut self) {
        if self.bytes[self.at..].starts_with(b"\"\"\"") {
            self.at += 3;
            self.skip_block();
        } else {
            self.at += 1;
            self.skip_line_string();
        }
    }

    /// A string ends at its quote or, unterminated, with its line.
    fn skip_line_string(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let escape = byte == b'\\' && !self.bytes[self.at + 1..].starts_with(b"\n");
            self.at += if escape { 2 } else { 1 };
            if matches!(byte, b'"' | b'\n' | b'\r') {
                return;
            }
        }
    }

    fn skip_block(&mut self) {
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"\\\"\"\"") {
                self.at += 4;
            } else if rest.starts_with(b"\"\"\"") {
                self.at += 3;
                return;
            } else {
                self.at += 1;
            }
        }
    }
}

/// Whether names consist of it.
pub(super) fn word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}
