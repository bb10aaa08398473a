//! Is a language tag well-formed? Not for: whether the language is registered.

use super::Violation;

/// Checks that a tag is well-formed by BCP 47: `zh`, `zh-Hant`, `en-GB`, `x-private`.
///
/// # Errors
/// What is wrong with the tag.
pub fn check_language(tag: &str) -> Result<(), Violation> {
    if is_well_formed(tag) {
        return Ok(());
    }
    let wrong = format!("`{tag}` is no language tag");
    Err(Violation::new(wrong).hint("write a BCP 47 tag such as zh, en or zh-Hant"))
}

/// Language, up to three extended languages, script, region, variants, extensions, private use; the
/// irregular grandfathered tags of 1995 are not accepted.
fn is_well_formed(tag: &str) -> bool {
    let mut parts = tag.split('-').peekable();
    if tag.split('-').any(|part| !is_part(part)) {
        return false;
    }
    let Some(first) = parts.next() else {
        return false;
    };
    if first.eq_ignore_ascii_case("x") {
        return parts.next().is_some();
    }
    if !is_alpha(first, 2..=8) {
        return false;
    }
    if first.len() <= 3 {
        for _ in 0..3 {
            parts.next_if(|part| is_alpha(part, 3..=3));
        }
    }
    parts.next_if(|part| is_alpha(part, 4..=4));
    parts.next_if(|part| is_alpha(part, 2..=2) || is_digits(part, 3));
    while parts.next_if(|part| is_variant(part)).is_some() {}
    is_extensions(parts)
}

/// Zero or more `singleton-part-part…`; after `x` anything.
fn is_extensions<'a>(mut parts: std::iter::Peekable<impl Iterator<Item = &'a str>>) -> bool {
    while let Some(singleton) = parts.next() {
        if singleton.len() != 1 {
            return false;
        }
        if singleton.eq_ignore_ascii_case("x") {
            return parts.next().is_some();
        }
        if parts.next_if(|part| part.len() >= 2).is_none() {
            return false;
        }
        while parts.next_if(|part| part.len() >= 2).is_some() {}
    }
    true
}

fn is_part(part: &str) -> bool {
    (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_alpha(part: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphabetic())
}

fn is_digits(part: &str, length: usize) -> bool {
    part.len() == length && part.bytes().all(|b| b.is_ascii_digit())
}

fn is_variant(part: &str) -> bool {
    part.len() >= 5 || part.len() == 4 && part.as_bytes()[0].is_ascii_digit()
}
