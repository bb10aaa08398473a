//! Which rows may match a pattern? Way by way, from the best matches to the worst. Not for: whether
//! they do (`matching`).

use super::index::Index;
use super::matching::Kind;
use super::pattern::{Latin, Part, Pattern, Sound, Word};
use super::readings::beginning_with;
use super::terms::{HAN, INITIALS, MORE, PAIR, START, WORD};
use super::typo::{State, Typo};
use fst::{Automaton, IntoStreamer, Streamer};

/// A way to come by rows: what it finds is all that can match as well as it says or better, but
/// for what ways before it find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By what was typed.
    Spelling,
    /// By pinyin.
    Pinyin,
    /// By the initials of pinyin.
    Initials,
    /// By what was typed with a typo.
    Typos,
}

impl Way {
    /// All ways, from the best to the worst.
    pub const ALL: [Self; 4] = [Self::Spelling, Self::Pinyin, Self::Initials, Self::Typos];

    /// Up to which kind all matches are found by this way and those before.
    pub fn up_to(self) -> Kind {
        match self {
            Self::Spelling => Kind::Word,
            Self::Pinyin => Kind::Pinyin,
            Self::Initials => Kind::Variant,
            Self::Typos => Kind::Fuzzy,
        }
    }
}

/// Rows that may match: all of these lists must have a row; each is a union.
type Lists = Vec<Vec<u64>>;

/// As many rows of a list are read in the time in which one is judged by its texts.
const JUDGED: usize = 256;

impl Index {
    /// The rows that may match a pattern by a way, in increasing order, each once. A pattern of
    /// several parts finds all by its first way.
    pub fn rows_by(&self, pattern: &Pattern, way: Way) -> Vec<u32> {
        match (&pattern.parts[..], way) {
            ([part], way) => self.union(&self.part(part, way)),
            ([], _) | (_, Way::Pinyin | Way::Initials | Way::Typos) => Vec::new(),
            (parts, Way::Spelling) => {
                let parts = parts.iter().map(|part| self.any_way(part));
                let parts = parts.map(|ways| (self.most(&ways), ways)).collect();
                self.common(parts, |ways| self.union(ways))
            }
        }
    }

    /// All rows that may match a pattern.
    pub fn rows_of(&self, pattern: &Pattern) -> Vec<u32> {
        let mut rows: Vec<u32> = Vec::new();
        for way in Way::ALL {
            rows.extend(self.rows_by(pattern, way));
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// About how many rows may match.
    pub fn estimate(&self, pattern: &Pattern) -> usize {
        let parts = pattern.parts.iter();
        let most = parts.map(|part| self.most(&self.any_way(part)));
        most.min().unwrap_or(0)
    }

    /// How many rows some ways find at most.
    fn most(&self, ways: &[Lists]) -> usize {
        let least = |lists: &Lists| lists.iter().map(|list| self.total(list)).min();
        ways.iter().filter_map(least).sum()
    }

    /// What some parts have in common, of which each finds so many rows at most: from the fewest on. A
    /// part with very many is not asked where few are left, which are judged anyway.
    fn common<T>(&self, mut parts: Vec<(usize, T)>, rows_of: impl Fn(&T) -> Vec<u32>) -> Vec<u32> {
        parts.sort_by_key(|(most, _)| *most);
        let mut parts = parts.into_iter();
        let mut found = parts
            .next()
            .map_or_else(Vec::new, |(_, part)| rows_of(&part));
        for (most, part) in parts {
            if found.len() * JUDGED < most {
                break;
            }
            found = both(&found, &rows_of(&part));
        }
        found
    }

    fn any_way(&self, part: &Part) -> Vec<Lists> {
        let ways = Way::ALL.iter();
        ways.flat_map(|way| self.part(part, *way)).collect()
    }

    fn part(&self, part: &Part, way: Way) -> Vec<Lists> {
        match (part, way) {
            (Part::Han(han), Way::Spelling) => vec![self.han(&han.chars)],
            (Part::Han(_), _) => Vec::new(),
            (Part::Latin(latin), Way::Spelling) => vec![self.words(latin, false)],
            (Part::Latin(latin), Way::Typos) => {
                let sound = latin.sound.as_ref().and_then(|sound| sound.typo.as_ref());
                let sound = sound.map(|typo| vec![self.near(typo, START, true)]);
                let has_typo = latin.words.iter().any(|word| word.typo.is_some());
                let words = has_typo.then(|| self.words(latin, true));
                words.into_iter().chain(sound).collect()
            }
            (Part::Latin(latin), _) => match (&latin.sound, way) {
                (Some(sound), Way::Pinyin) => self.pinyin(sound),
                (Some(sound), Way::Initials) if latin.words.len() == 1 => {
                    vec![vec![self.initials(&sound.letters)]]
                }
                _ => Vec::new(),
            },
        }
    }

    fn exact(&self, kind: u8, term: &str) -> Vec<u64> {
        let value = self.terms.get([&[kind], term.as_bytes()].concat());
        value.into_iter().collect()
    }

    fn starting(&self, kind: u8, term: &str) -> Vec<u64> {
        self.beginning_with(&[&[kind], term.as_bytes()].concat())
    }

    fn han(&self, chars: &[char]) -> Lists {
        let pair = |pair: &[char]| self.exact(HAN, &pair.iter().collect::<String>());
        match chars {
            [one] => vec![self.starting(HAN, &one.to_string())],
            _ => chars.windows(2).map(pair).collect(),
        }
    }

    fn words(&self, latin: &Latin, with_typos: bool) -> Lists {
        let mut all = Lists::new();
        for (at, Word { chars, typo }) in latin.words.iter().enumerate() {
            let text: String = chars.iter().collect();
            let mut found = match latin.is_last && at + 1 == latin.words.len() {
                true => self.starting(WORD, &text),
                false => self.exact(WORD, &text),
            };
            if let Some(typo) = typo.as_ref().filter(|_| with_typos) {
                found.extend(self.near(typo, WORD, false));
            }
            // Where one word is not, the others need not be looked up.
            if found.is_empty() {
                return vec![found];
            }
            all.push(found);
        }
        all
    }

    fn initials(&self, letters: &str) -> Vec<u64> {
        let mut found = self.starting(INITIALS, letters);
        for end in 1..letters.len() {
            let shorter = [&letters.as_bytes()[..end], &[MORE]].concat();
            let value = self.terms.get([&[INITIALS], &shorter[..]].concat());
            found.extend(value);
        }
        found
    }

    /// For each way to read the first syllables of the letters, the pairs that they make.
    fn pinyin(&self, sound: &Sound) -> Vec<Lists> {
        let letters = &*sound.letters;
        let is_one = sound.breaks.len() == 1 && !beginning_with(letters).is_empty();
        let mut all = Vec::new();
        if is_one {
            all.push(vec![self.starting(START, letters)]);
        }
        for (first, rest) in syllables(sound, 0) {
            for (second, end) in syllables(sound, rest) {
                let pair = self.exact(PAIR, &format!("{first} {second}"));
                if end == letters.len() || pair.is_empty() {
                    continue;
                }
                for third in next(sound, end) {
                    all.push(vec![pair.clone(), self.next_pair(second, third)]);
                }
            }
            if let Some(tail) = tail(sound, rest) {
                all.push(vec![self.starting(PAIR, &format!("{first} {tail}"))]);
            }
        }
        all
    }

    fn next_pair(&self, second: &str, third: Next<'_>) -> Vec<u64> {
        match third {
            Next::Whole(third) => self.exact(PAIR, &format!("{second} {third}")),
            Next::Begun(third) => self.starting(PAIR, &format!("{second} {third}")),
        }
    }

    /// The terms of a kind that are a word with a typo; of sounds also those that begin so.
    fn near(&self, typo: &Typo, kind: u8, is_sound: bool) -> Vec<u64> {
        let near = Near {
            typo,
            kind,
            is_sound,
        };
        let mut found = Vec::new();
        let mut terms = self.terms.search(near).into_stream();
        while let Some((_, value)) = terms.next() {
            found.push(value);
        }
        found
    }

    /// The rows that all lists of one of some ways have, but for very long ones.
    fn union(&self, ways: &[Lists]) -> Vec<u32> {
        let mut rows = Vec::new();
        for lists in ways {
            let lists = lists.iter().map(|list| (self.total(list), list));
            rows.extend(self.common(lists.collect(), |list| self.merged(list)));
        }
        if ways.len() > 1 {
            rows.sort_unstable();
            rows.dedup();
        }
        rows
    }

    fn total(&self, lists: &[u64]) -> usize {
        lists.iter().map(|list| self.count(*list)).sum()
    }

    /// The rows that one of some lists has, in increasing order: through a bitmap if they are many.
    fn merged(&self, lists: &[u64]) -> Vec<u32> {
        let total = self.total(lists);
        if lists.len() > 1 && total > self.rows as usize / 256 {
            return self.marked(lists);
        }
        let mut rows = Vec::with_capacity(total);
        lists
            .iter()
            .for_each(|list| self.each(*list, |row| rows.push(row)));
        if lists.len() > 1 {
            rows.sort_unstable();
            rows.dedup();
        }
        rows
    }

    fn marked(&self, lists: &[u64]) -> Vec<u32> {
        let mut words = vec![0u64; (self.rows as usize).div_ceil(64)];
        let mut mark = |row: u32| {
            if let Some(word) = words.get_mut(row as usize / 64) {
                *word |= 1 << (row % 64);
            }
        };
        lists.iter().for_each(|list| self.each(*list, &mut mark));
        let mut rows = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                rows.push(at as u32 * 64 + left.trailing_zeros());
                left &= left - 1;
            }
        }
        rows
    }
}

/// What two lists in increasing order have in common; the first should be the shorter.
fn both(short: &[u32], long: &[u32]) -> Vec<u32> {
    let (short, mut long) = if short.len() <= long.len() {
        (short, long)
    } else {
        (long, short)
    };
    let mut found = Vec::with_capacity(short.len());
    for row in short {
        let mut step = 1;
        while step < long.len() && long[step] < *row {
            step *= 2;
        }
        let within = &long[..long.len().min(step + 1)];
        long = &long[within.partition_point(|other| other < row)..];
        if long.first() == Some(row) {
            found.push(*row);
        }
    }
    found
}

/// A syllable that follows.
#[derive(Clone, Copy)]
enum Next<'s> {
    Whole(&'s str),
    Begun(&'s str),
}

/// The syllables that can stand at a place, and where each ends.
fn syllables(sound: &Sound, at: usize) -> impl Iterator<Item = (&str, usize)> {
    let rest = &sound.letters[at..];
    let ends = (1..=rest.len().min(6)).map(move |length| at + length);
    ends.filter_map(move |end| {
        let own = &sound.letters[at..end];
        let all = super::readings::syllables();
        let is_one = all.binary_search_by(|s| (**s).cmp(own)).is_ok();
        (is_one && !sound.breaks_within(at, end)).then_some((own, end))
    })
}

/// The rest of the letters, if it begins a syllable.
fn tail(sound: &Sound, at: usize) -> Option<&str> {
    let rest = &sound.letters[at..];
    let is_one = !rest.is_empty() && !sound.breaks_within(at, sound.letters.len());
    (is_one && !beginning_with(rest).is_empty()).then_some(rest)
}

/// What can follow at a place: whole syllables, or the rest as the beginning of one.
fn next(sound: &Sound, at: usize) -> impl Iterator<Item = Next<'_>> {
    let whole = syllables(sound, at).filter(|(_, end)| *end < sound.letters.len());
    let whole = whole.map(|(syllable, _)| Next::Whole(syllable));
    whole.chain(tail(sound, at).map(Next::Begun))
}

/// The terms of a kind that are near to a word.
struct Near<'t> {
    typo: &'t Typo,
    kind: u8,
    is_sound: bool,
}

/// Where the walk through the dictionary is.
#[derive(Clone, Copy)]
enum At {
    Start,
    Nowhere,
    /// After some letters; whether the last one was a space.
    In(State, bool),
    /// After a syllable that is all that was typed.
    Done,
}

impl Automaton for Near<'_> {
    type State = At;

    fn start(&self) -> At {
        At::Start
    }

    fn is_match(&self, at: &At) -> bool {
        match at {
            // A run of two characters or more may go on with what is missing.
            At::In(state, false) if self.is_sound => self.typo.is_open(*state),
            At::In(state, _) => self.typo.count(*state).is_some(),
            At::Done => true,
            At::Start | At::Nowhere => false,
        }
    }

    fn can_match(&self, at: &At) -> bool {
        match at {
            At::Start | At::Done => true,
            At::Nowhere => false,
            At::In(state, _) => self.typo.is_open(*state),
        }
    }

    fn accept(&self, at: &At, byte: u8) -> At {
        match at {
            At::Start if byte == self.kind => At::In(self.typo.start(), false),
            At::In(state, _) if self.is_sound && byte == b' ' => match self.typo.count(*state) {
                Some(_) => At::Done,
                None => At::In(*state, true),
            },
            At::Done => At::Done,
            At::In(state, _) => At::In(self.typo.step(*state, byte), false),
            _ => At::Nowhere,
        }
    }
}
