//! How is a value written in JSON? Not for: objects and lists of records.

use super::ink::Ink;
use crate::ontology::Ontology;
use crate::value::{Cell, Date, Period};
use std::io::Write;

/// A string with its quotes and escapes.
pub(super) fn push_string(out: &mut Ink, text: &str) {
    out.push(b'"');
    push_text(out, text);
    out.push(b'"');
}

/// A string with its escapes, without its quotes.
pub(super) fn push_text(out: &mut Ink, text: &str) {
    if is_plain(text.as_bytes()) {
        out.put(text.as_bytes());
    } else {
        push_escaped(out, text.as_bytes());
    }
}

/// Whether no byte needs an escape. Eight bytes at a time: a subtraction borrows from the highest
/// bit of each byte that is below 0x20, a quote or a backslash.
fn is_plain(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::MAX / 255;
    let (words, rest) = bytes.as_chunks::<8>();
    let is_plain_word = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit);
        let (quote, backslash) = (word ^ (ONES * 0x22), word ^ (ONES * 0x5c));
        let found = below(word, 0x20) | below(quote, 1) | below(backslash, 1);
        found & !word & (ONES * 0x80) == 0
    };
    words.iter().all(is_plain_word) && !rest.iter().any(|byte| needs_escape(*byte))
}

fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn push_escaped(out: &mut Ink, bytes: &[u8]) {
    for byte in bytes {
        if needs_escape(*byte) {
            push_escape(out, *byte);
        } else {
            out.push(*byte);
        }
    }
}

fn push_escape(out: &mut Ink, byte: u8) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            out.put(b"\\u00");
            out.push(b"0123456789abcdef"[usize::from(byte >> 4)]);
            out.push(b"0123456789abcdef"[usize::from(byte & 15)]);
            return;
        }
    };
    out.put(&[b'\\', short]);
}

/// How a property's values are written beyond their kind.
#[derive(Clone, Copy)]
pub(super) struct Form<'o> {
    pub(super) ontology: &'o Ontology,
    /// Whether integers are strings.
    pub(super) big: bool,
    /// The enum of enum values.
    pub(super) of_enum: Option<u16>,
}

/// A value; null if there is none.
pub(super) fn push_cell(out: &mut Ink, cell: Cell<'_>, form: Form<'_>) {
    match cell {
        Cell::Null => out.put(b"null"),
        Cell::Bool(true) => out.put(b"true"),
        Cell::Bool(false) => out.put(b"false"),
        Cell::Int(v) if form.big => push_quoted(out, v),
        Cell::Int(v) => out.put_integer(v),
        Cell::Float(v) => push_float(out, v),
        Cell::Str(v) => push_string(out, v),
        Cell::Date(v) => push_date(out, v),
        Cell::DateTime(v) => push_quoted(out, v),
        Cell::Period(v) => push_period(out, v),
        Cell::Point(v) => {
            out.put(b"{\"latitude\":");
            push_float(out, v.latitude);
            out.put(b",\"longitude\":");
            push_float(out, v.longitude);
            out.push(b'}');
        }
        Cell::Json(v) => out.put(v.as_bytes()),
        Cell::Enum(v) => push_enum(out, v, form),
        Cell::List(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                push_cell(out, item, form);
            }
            out.push(b']');
        }
        Cell::Texts(texts) => match texts.iter().next() {
            Some((_, text)) => push_string(out, text),
            None => out.put(b"null"),
        },
    }
}

/// A float in the fewest digits that tell it from others. A number of hundredths with up to ten digits
/// is that: no other decimal as short lies so near.
#[inline]
pub(super) fn push_float(out: &mut Ink, value: f64) {
    let hundredths = (value * 100.0 + 0.5) as u64;
    let whole = value as i64;
    if whole as f64 == value && value.abs() < 1e15 {
        // A whole number is written without a fraction, as JavaScript does.
        out.put_integer(whole);
    } else if (1.0..1e8).contains(&value) && hundredths as f64 / 100.0 == value {
        push_hundredths(out, hundredths);
    } else {
        out.put(zmij::Buffer::new().format(value).as_bytes());
    }
}

#[inline]
fn push_hundredths(out: &mut Ink, hundredths: u64) {
    out.put_number(hundredths / 100);
    let (tenth, hundredth) = ((hundredths / 10 % 10) as u8, (hundredths % 10) as u8);
    let len = if hundredth == 0 { 2 } else { 3 };
    out.put_start(&[b'.', b'0' + tenth, b'0' + hundredth], len);
}

#[inline]
pub(super) fn push_date(out: &mut Ink, date: Date) {
    out.push(b'"');
    push_days(out, date);
    out.push(b'"');
}

#[inline]
fn push_days(out: &mut Ink, date: Date) {
    let (text, len) = date.ascii();
    out.put_start(&text, len);
}

pub(super) fn push_period(out: &mut Ink, period: Period) {
    let side = |out: &mut Ink, date: Option<Date>| match date {
        Some(date) => push_days(out, date),
        None => out.put(b".."),
    };
    out.push(b'"');
    side(out, period.start);
    out.push(b'/');
    side(out, period.end);
    out.push(b'"');
}

fn push_quoted(out: &mut Ink, value: impl std::fmt::Display) {
    out.push(b'"');
    // Writing to memory cannot fail.
    let _ = write!(out, "{value}");
    out.push(b'"');
}

fn push_enum(out: &mut Ink, value: u16, form: Form<'_>) {
    let of = form
        .of_enum
        .and_then(|at| form.ontology.enums.get(usize::from(at)));
    match of.and_then(|of| of.values.get(usize::from(value))) {
        Some(value) => push_string(out, &value.name),
        None => out.put(b"null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_wherever_they_need_it() {
        for special in ["\"", "\\", "\n", "\u{1}", "\u{1f}", " ", "普", "\u{7f}"] {
            for at in 0..20 {
                let text = format!("{}{special}{}", "a".repeat(at), "é".repeat(19 - at));
                let mut out = Ink::new(0);
                push_string(&mut out, &text);
                let out = out.into_bytes();
                assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
            }
        }
    }

    #[test]
    fn floats_have_the_fewest_digits() {
        let numbers = (0..20_000_u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20);
        let cents = (0..40_000).chain(numbers.map(|n| n % 10_000_000_000));
        for cents in cents {
            let value = cents as f64 / 100.0;
            for value in [
                value,
                -value,
                value.next_up(),
                value.next_down(),
                value / 10.0,
            ] {
                let mut out = Ink::new(0);
                push_float(&mut out, value);
                let expected = match value as i64 {
                    whole if whole as f64 == value => whole.to_string(),
                    _ => zmij::Buffer::new().format(value).to_owned(),
                };
                assert_eq!(String::from_utf8_lossy(&out.into_bytes()), expected);
            }
        }
    }
}
