//! Is this text safe to give to a parser? One pass over the bytes that bounds brackets and
//! tokens, so that no parser behind it can run out of stack or memory. Not for whether the text
//! is GraphQL: malformed text may pass, and the parser says what is wrong with it.

use super::error::GraphqlError;
use super::limits::{Limits, exceeded};

/// Fails when the brackets of the text nest too deep or it has too many tokens.
pub fn check_text(text: &str, limits: &Limits) -> Result<(), GraphqlError> {
    let mut scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
    };
    let mut tokens = 0;
    while scan.skip_token() {
        tokens += 1;
        if tokens > limits.tokens {
            let hint = "pass long lists and objects as variables";
            return Err(exceeded("tokens", limits.tokens, hint));
        }
        if scan.open.len() > limits.nesting {
            let hint = "nest fewer lists, objects and selections";
            return Err(exceeded("nesting", limits.nesting, hint));
        }
    }
    Ok(())
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Open brackets. A closing one that does not fit is ignored, so that no mixture of them
    /// looks flatter here than it is to a parser that recovers from errors.
    open: Vec<u8>,
}

impl Scan<'_> {
    /// Moves behind the next token; false at the end.
    fn skip_token(&mut self) -> bool {
        self.skip_ignored();
        let Some(&byte) = self.bytes.get(self.at) else {
            return false;
        };
        match byte {
            b'"' => self.skip_string(),
            b'{' | b'[' | b'(' => self.bracket(|open| open.push(byte)),
            b'}' => self.bracket(|open| close(open, b'{')),
            b']' => self.bracket(|open| close(open, b'[')),
            b')' => self.bracket(|open| close(open, b'(')),
            b'0'..=b'9' | b'-' => self.skip_while(|b| matches!(b, b'.' | b'+' | b'-') || word(b)),
            b'.' => self.skip_while(|b| b == b'.'),
            _ if word(byte) => self.skip_while(word),
            _ => self.at += 1,
        }
        true
    }

    /// White space, commas, byte order marks and comments.
    fn skip_ignored(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => self.at += 1,
                b'#' => self.skip_while(|b| b != b'\n' && b != b'\r'),
                _ => return,
            }
        }
    }

    fn bracket(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut self.open);
        self.at += 1;
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
            self.at += if byte == b'\\' { 2 } else { 1 };
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

fn close(open: &mut Vec<u8>, bracket: u8) {
    if open.last() == Some(&bracket) {
        open.pop();
    }
}

fn word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(nesting: usize, tokens: usize) -> Limits {
        Limits {
            nesting,
            tokens,
            ..Limits::default()
        }
    }

    #[track_caller]
    fn fits(text: &str, nesting: usize, tokens: usize) {
        assert!(check_text(text, &limits(nesting, tokens)).is_ok(), "{text}");
        if nesting > 0 {
            assert!(check_text(text, &limits(nesting - 1, tokens)).is_err());
        }
        assert!(check_text(text, &limits(nesting, tokens - 1)).is_err());
    }

    #[test]
    fn counts_brackets_and_tokens_exactly() {
        fits("{a}", 1, 3);
        fits(
            "query Q($a: [Int!]! = 1) { f(x: {y: [-1.5e+3, $a]}) ...F }",
            4,
            32,
        );
        fits("a\u{feff},,, b\t# [[[[\r\n{}", 1, 4);
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        fits(r#"{ a(s: "[[[ \" [[[") } # {{{{"#, 2, 8);
        fits(r#"{ a(s: """[[[ \""" " "" {{{ \\ """) }"#, 2, 8);
        fits("{ a(s: \"\") b(s: \"\"\"\"\"\") }", 2, 14);
    }

    #[test]
    fn an_unterminated_string_hides_nothing_behind_its_line() {
        fits("{ a(s: \"x\n[[[ ) }", 5, 11);
    }

    #[test]
    fn brackets_that_do_not_fit_close_nothing() {
        let text = "[{]}".repeat(1_000);
        let error = check_text(&text, &Limits::default()).unwrap_err();
        assert_eq!(error.message, "the limit `nesting` of 100 is exceeded");
    }

    #[test]
    fn names_the_limit_of_a_deep_document() {
        let text = format!("{{a(x:{}", "[".repeat(100_000));
        let error = check_text(&text, &Limits::default()).unwrap_err();
        assert_eq!(error.code.as_str(), "LIMIT_EXCEEDED");
    }
}
