//! Which characters are Han, and what is the simplified form of each? Not for: their readings
//! (`readings`).

use hanconv::RawDictionary;
use std::sync::LazyLock;

/// Whether a character stands for itself in search: Han characters, and kana, which have no reading.
pub(super) fn is_han(char: char) -> bool {
    char >= '\u{3005}'
        && matches!(char,
        '\u{3005}' | '\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}')
}

const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

/// Simplified forms by character, of the two blocks that have nearly all.
static FORMS: LazyLock<Box<[char]>> = LazyLock::new(|| {
    let own = (FIRST..=LAST).map(|code| char::from_u32(code).unwrap_or_default());
    let mut forms: Box<[char]> = own.collect();
    for (written, simple) in RawDictionary::TSCharacters.iter() {
        let written = written.chars().next().and_then(place);
        if let (Some(at), Some(simple)) = (written, simple.chars().next()) {
            forms[at] = simple;
        }
    }
    forms
});

fn place(char: char) -> Option<usize> {
    let code = u32::from(char);
    (FIRST..=LAST)
        .contains(&code)
        .then(|| (code - FIRST) as usize)
}

/// The simplified form of a character; the character itself if it has no other.
pub(super) fn simplified(char: char) -> char {
    place(char).map_or(char, |at| FORMS[at])
}
