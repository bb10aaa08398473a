//! How can a Han character be read? All its readings in pinyin, without tones. Not for: sorting by
//! pinyin (`value`).

use pinyin::ToPinyinMulti;
use std::sync::LazyLock;

/// The syllables of pinyin, and those of each character.
struct Readings {
    /// In order of the alphabet.
    syllables: Vec<Box<str>>,
    /// Where the readings of each character of [`BLOCKS`] end; they begin where those before end.
    ends: Vec<u32>,
    readings: Vec<u16>,
}

/// Where characters with readings are.
const BLOCKS: [(u32, u32); 2] = [(0x3007, 0x9fff), (0x20000, 0x323af)];

static READINGS: LazyLock<Readings> = LazyLock::new(Readings::new);

impl Readings {
    fn new() -> Self {
        let codes = || BLOCKS.into_iter().flat_map(|(first, last)| first..=last);
        let each: Vec<Vec<String>> = codes().map(written).collect();
        let mut syllables: Vec<Box<str>> =
            each.iter().flatten().map(|s| s.as_str().into()).collect();
        syllables.sort_unstable();
        syllables.dedup();
        let (mut ends, mut readings) = (Vec::with_capacity(each.len()), Vec::new());
        for own in &each {
            let found = own
                .iter()
                .filter_map(|s| syllables.binary_search_by(|t| (**t).cmp(s)).ok());
            readings.extend(found.map(|at| at as u16));
            ends.push(readings.len() as u32);
        }
        Self {
            syllables,
            ends,
            readings,
        }
    }
}

/// The readings of a character, each once, most usual first; `ü` is written `v`, or `u` as in
/// passports.
fn written(code: u32) -> Vec<String> {
    let mut all = Vec::new();
    let known = char::from_u32(code).and_then(|char| char.to_pinyin_multi());
    for reading in known.into_iter().flatten() {
        let toned = reading.with_tone_num_end();
        let plain = toned
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .replace('ê', "e");
        let with = |u: &str| plain.replace('ü', u);
        for form in [with("v"), with("u")] {
            let is_spoken = form.contains(['a', 'e', 'i', 'o', 'u', 'v']) && form.is_ascii();
            if is_spoken && !all.contains(&form) {
                all.push(form);
            }
        }
    }
    all
}

fn place(char: char) -> Option<usize> {
    let code = u32::from(char);
    let [(first, last), (second, end)] = BLOCKS;
    match code {
        _ if (first..=last).contains(&code) => Some((code - first) as usize),
        _ if (second..=end).contains(&code) => Some((code - second + last - first + 1) as usize),
        _ => None,
    }
}

/// The readings of a character; none if it has none or is no Han character.
pub(super) fn readings(char: char) -> impl Iterator<Item = &'static str> + Clone {
    let table = &*READINGS;
    let range = place(char).map_or(0..0, |at| {
        let start = at.checked_sub(1).map_or(0, |before| table.ends[before]);
        start as usize..table.ends[at] as usize
    });
    let own = table.readings[range].iter();
    own.map(|at| &*table.syllables[*at as usize])
}

/// All syllables in order of the alphabet.
pub(super) fn syllables() -> &'static [Box<str>] {
    &READINGS.syllables
}

/// The syllables that begin so.
pub(super) fn beginning_with(letters: &str) -> &'static [Box<str>] {
    let all = syllables();
    let start = all.partition_point(|s| **s < *letters);
    let length = all[start..]
        .iter()
        .take_while(|s| s.starts_with(letters))
        .count();
    &all[start..start + length]
}
