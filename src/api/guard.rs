//! Is this text safe to give to a parser? One pass over the bytes that bounds brackets and
//! tokens, so that no parser behind it can run out of stack or memory. Not for whether the text
//! is GraphQL: malformed text may pass, and the parser says what is wrong with it.

use super::error::GraphqlError;
use super::limits::{Limits, exceeded};
use super::tokens::Tokens;

/// Fails when the brackets of the text nest too deep or it has too many tokens.
pub fn check_text(text: &str, limits: &Limits) -> Result<(), GraphqlError> {
    let mut open = Brackets::default();
    for (count, token) in Tokens::of(text).enumerate() {
        if count == limits.tokens {
            let hint = "pass long lists and objects as variables";
            return Err(exceeded("tokens", limits.tokens, hint));
        }
        open.pass(text.as_bytes()[token.start]);
        if open.0.len() > limits.nesting {
            let hint = "nest fewer lists, objects and selections";
            return Err(exceeded("nesting", limits.nesting, hint));
        }
    }
    Ok(())
}

/// Brackets that are open. A closing one that does not fit is ignored, so that no mixture of them
/// looks flatter here than it is to a parser that recovers from errors.
#[derive(Default)]
struct Brackets(Vec<u8>);

impl Brackets {
    fn pass(&mut self, token: u8) {
        match token {
            b'{' | b'[' | b'(' => self.0.push(token),
            b'}' => self.close(b'{'),
            b']' => self.close(b'['),
            b')' => self.close(b'('),
            _ => {}
        }
    }

    fn close(&mut self, bracket: u8) {
        if self.0.last() == Some(&bracket) {
            self.0.pop();
        }
    }
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
