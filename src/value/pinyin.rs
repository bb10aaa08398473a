//! In which order does Chinese text stand? Not for: search by pinyin (`search`).

use pinyin::ToPinyin;
use std::cmp::Ordering;

/// The key by which a text sorts in Chinese: each character's first reading with its tone, other
/// characters as they are; equal readings by the text itself.
pub fn pinyin_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len() * 2);
    for (char, reading) in text.chars().zip(text.to_pinyin()) {
        match reading {
            Some(reading) => {
                key.push_str(reading.with_tone_num_end());
                key.push(' ');
            }
            None => key.push(char),
        }
    }
    key
}

/// Compares two texts in a language: by pinyin in `zh` (and `zh-…`), else by code point.
pub fn cmp_text(language: &str, a: &str, b: &str) -> Ordering {
    if language == "zh" || language.starts_with("zh-") {
        pinyin_key(a).cmp(&pinyin_key(b)).then_with(|| a.cmp(b))
    } else {
        a.cmp(b)
    }
}
