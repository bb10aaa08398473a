//! As which characters is a text searched? Lower case, half width, without accents and punctuation,
//! Han characters in their simplified form. Not for: what is found in them (`matching`).

use super::han::{is_han, simplified};

/// A text as it is searched: Han characters one by one, words of other scripts with one space
/// between two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Folded {
    /// With simplified characters.
    pub(super) chars: Vec<char>,
    /// The same with the characters that were written.
    pub(super) written: Vec<char>,
}

impl Folded {
    /// A text, folded.
    pub(super) fn new(text: &str) -> Self {
        let mut folded = Self::default();
        folded.fill(text);
        folded
    }

    /// Becomes the folded form of a text.
    pub(super) fn fill(&mut self, text: &str) {
        self.chars.clear();
        self.written.clear();
        let mut apart = false;
        for char in text.chars() {
            let char = half_width(char);
            if char.is_ascii_alphanumeric() {
                self.letter(char.to_ascii_lowercase(), apart);
            } else if is_han(char) {
                self.push(simplified(char), char);
            } else if !char.is_ascii() && char.is_alphanumeric() {
                self.letter(plain(char), apart);
            } else if is_within_words(char) {
                continue;
            } else {
                apart = true;
                continue;
            }
            apart = false;
        }
    }

    /// A letter of a word, which begins with it if something stood before it.
    fn letter(&mut self, letter: char, apart: bool) {
        if apart && self.chars.last().is_some_and(|last| is_letter(*last)) {
            self.push(' ', ' ');
        }
        self.push(letter, letter);
    }

    fn push(&mut self, char: char, written: char) {
        self.chars.push(char);
        self.written.push(written);
    }

    /// The runs of Han characters, as positions.
    pub(super) fn han_runs(&self) -> impl Iterator<Item = (usize, &[char])> {
        runs(&self.chars, |char| is_han(*char))
    }

    /// The words of other scripts, in order.
    pub(super) fn words(&self) -> impl Iterator<Item = &[char]> {
        runs(&self.chars, |char| is_letter(*char)).map(|(_, word)| word)
    }
}

/// The longest runs of characters of a kind, with their positions.
fn runs<'a>(
    chars: &'a [char],
    is_kind: impl Fn(&char) -> bool + Copy + 'a,
) -> impl Iterator<Item = (usize, &'a [char])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += chars[at..].iter().take_while(|char| !is_kind(char)).count();
        let length = chars[at..].iter().take_while(|char| is_kind(char)).count();
        let run = (at, &chars[at..at + length]);
        at += length;
        (length > 0).then_some(run)
    })
}

/// Whether a folded character is part of a word that is not written in Han characters.
pub(super) fn is_letter(char: char) -> bool {
    char != ' ' && !is_han(char)
}

/// Apostrophes and combining accents, which do not part words.
fn is_within_words(char: char) -> bool {
    matches!(char, '\'' | '’' | 'ʼ' | '\u{300}'..='\u{36f}')
}

fn half_width(char: char) -> char {
    match char {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(char) - 0xfee0).unwrap_or(char),
        '\u{3000}' => ' ',
        _ => char,
    }
}

/// Lower case without its accent.
fn plain(char: char) -> char {
    let lower = char.to_lowercase().next().unwrap_or(char);
    let accented = ACCENTS
        .iter()
        .find(|(_, accented)| accented.contains(lower));
    accented.map_or(lower, |(plain, _)| *plain)
}

/// Letters and what they are without their accents, those of pinyin included.
const ACCENTS: &[(char, &str)] = &[
    ('a', "àáâãäåāăąǎȁȃạảấầẩẫậắằẳẵặ"),
    ('c', "çćĉċč"),
    ('d', "ďđð"),
    ('e', "èéêëēĕėęěẹẻẽếềểễệ"),
    ('g', "ĝğġģǧ"),
    ('h', "ĥħ"),
    ('i', "ìíîïĩīĭįıǐịỉ"),
    ('j', "ĵ"),
    ('k', "ķ"),
    ('l', "ĺļľŀł"),
    ('n', "ñńņňŋǹ"),
    ('o', "òóôõöøōŏőơǒọỏốồổỗộớờởỡợ"),
    ('r', "ŕŗř"),
    ('s', "śŝşšș"),
    ('t', "ţťŧț"),
    ('u', "ùúûüũūŭůűųưǔǖǘǚǜụủứừửữự"),
    ('w', "ŵ"),
    ('y', "ýÿŷỳỵỷỹ"),
    ('z', "źżž"),
];
