//! How do several items stand in one CSV cell? Not for: what the items are (`cell`, `references`).

use crate::change::Violation;
use std::borrow::Cow;

/// The characters that a backslash makes literal.
const ESCAPED: &[char] = &['\\', '|', '#', '@', '+'];

/// Splits a cell at every `|` that has no backslash before it. The items keep their escapes.
pub(super) fn split_items(cell: &str) -> impl Iterator<Item = &str> {
    split(cell, '|')
}

/// Splits at every occurrence of a character that has no backslash before it.
pub(super) fn split(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let current = rest?;
        let Some(position) = find(current, at) else {
            return rest.take();
        };
        rest = Some(&current[position + 1..]);
        Some(&current[..position])
    })
}

/// The first occurrence of a character that has no backslash before it.
pub(super) fn find(text: &str, at: char) -> Option<usize> {
    let mut escaped = false;
    let found = text.char_indices().find(|(_, c)| {
        let hit = *c == at && !escaped;
        escaped = *c == '\\' && !escaped;
        hit
    });
    found.map(|(position, _)| position)
}

/// Removes the backslashes of escapes.
///
/// # Errors
/// A backslash before a character that needs none.
pub(super) fn unescape(item: &str) -> Result<Cow<'_, str>, Violation> {
    if !item.contains('\\') {
        return Ok(Cow::Borrowed(item));
    }
    let mut text = String::with_capacity(item.len());
    let mut chars = item.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(next)) if ESCAPED.contains(&next) => {
                text.push(next);
                chars.next();
            }
            ('\\', _) => return Err(wrong_escape(item)),
            _ => text.push(c),
        }
    }
    Ok(Cow::Owned(text))
}

fn wrong_escape(item: &str) -> Violation {
    Violation::new(format!("`{item}` has a backslash that escapes nothing"))
        .hint(r"in a list write \| for | and \\ for \")
}

/// Writes an item so that [`split`] and [`unescape`] give it back; `also` are characters to escape
/// besides `|` and `\`.
pub(super) fn escape(item: &str, also: &[char]) -> String {
    let mut text = String::with_capacity(item.len());
    for c in item.chars() {
        if c == '|' || c == '\\' || also.contains(&c) {
            text.push('\\');
        }
        text.push(c);
    }
    text
}
