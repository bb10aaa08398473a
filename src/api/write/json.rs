//! How is a value written in JSON? Not for: objects and lists of records.

use crate::ontology::Ontology;
use crate::value::{Cell, Date};
use std::io::Write;

/// Ends an object whose entries, a comma before each, were written from `start` on.
pub(super) fn close_object(out: &mut Vec<u8>, start: usize) {
    match out.get_mut(start) {
        Some(comma) => *comma = b'{',
        None => out.push(b'{'),
    }
    out.push(b'}');
}

/// A string with its quotes and escapes.
pub(super) fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    if is_plain(text.as_bytes()) {
        out.extend_from_slice(text.as_bytes());
    } else {
        push_escaped(out, text.as_bytes());
    }
    out.push(b'"');
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

fn push_escaped(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        if needs_escape(*byte) {
            push_escape(out, *byte);
        } else {
            out.push(*byte);
        }
    }
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.push(b"0123456789abcdef"[usize::from(byte >> 4)]);
            out.push(b"0123456789abcdef"[usize::from(byte & 15)]);
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
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
pub(super) fn push_cell(out: &mut Vec<u8>, cell: Cell<'_>, form: Form<'_>) {
    match cell {
        Cell::Null => out.extend_from_slice(b"null"),
        Cell::Bool(true) => out.extend_from_slice(b"true"),
        Cell::Bool(false) => out.extend_from_slice(b"false"),
        Cell::Int(v) if form.big => push_quoted(out, v),
        Cell::Int(v) => out.extend_from_slice(itoa::Buffer::new().format(v).as_bytes()),
        Cell::Float(v) => push_float(out, v),
        Cell::Str(v) => push_string(out, v),
        Cell::Date(v) => push_date(out, v),
        Cell::DateTime(v) => push_quoted(out, v),
        Cell::Period(v) => push_quoted(out, v),
        Cell::Point(v) => {
            out.extend_from_slice(b"{\"latitude\":");
            push_float(out, v.latitude);
            out.extend_from_slice(b",\"longitude\":");
            push_float(out, v.longitude);
            out.push(b'}');
        }
        Cell::Json(v) => out.extend_from_slice(v.as_bytes()),
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
            None => out.extend_from_slice(b"null"),
        },
    }
}

/// A number with or without a fraction.
pub(super) fn push_float(out: &mut Vec<u8>, value: f64) {
    // A whole number is written without a fraction, as JavaScript does.
    let whole = value as i64;
    if whole as f64 == value && value.abs() < 1e15 {
        out.extend_from_slice(itoa::Buffer::new().format(whole).as_bytes());
    } else {
        out.extend_from_slice(zmij::Buffer::new().format(value).as_bytes());
    }
}

fn push_date(out: &mut Vec<u8>, date: Date) {
    let (text, len) = date.ascii();
    out.push(b'"');
    out.extend_from_slice(&text);
    out.truncate(out.len() + len - text.len());
    out.push(b'"');
}

fn push_quoted(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    out.push(b'"');
    // Writing to memory cannot fail.
    let _ = write!(out, "{value}");
    out.push(b'"');
}

fn push_enum(out: &mut Vec<u8>, value: u16, form: Form<'_>) {
    let of = form
        .of_enum
        .and_then(|at| form.ontology.enums.get(usize::from(at)));
    match of.and_then(|of| of.values.get(usize::from(value))) {
        Some(value) => push_string(out, &value.name),
        None => out.extend_from_slice(b"null"),
    }
}

#[cfg(test)]
mod tests {
    use super::push_string;

    #[test]
    fn strings_are_escaped_wherever_they_need_it() {
        for special in ["\"", "\\", "\n", "\u{1}", "\u{1f}", " ", "普", "\u{7f}"] {
            for at in 0..20 {
                let text = format!("{}{special}{}", "a".repeat(at), "é".repeat(19 - at));
                let mut out = Vec::new();
                push_string(&mut out, &text);
                assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
            }
        }
    }
}
