//! Is a text read so? Pinyin in full, its initials, pinyin with a typo; by any reading of each
//! character. Not for: words that are spelled (`matching`).

use super::fold::Folded;
use super::matching::{Extent, Kind, Match};
use super::pattern::Sound;
use super::readings::readings;
use super::typo::{State, Typo};

/// A run of Han characters in a text.
struct Run<'t> {
    chars: &'t [char],
    /// Whether the text begins with it.
    is_first: bool,
    /// Whether it is all of the text.
    is_whole: bool,
}

impl Run<'_> {
    /// How much of the text so many characters from a start are.
    fn extent(&self, start: usize, count: usize) -> Extent {
        match (start, self.is_first) {
            (0, _) if self.is_whole && count == self.chars.len() => Extent::Whole,
            (0, true) => Extent::Start,
            _ => Extent::Inside,
        }
    }
}

fn runs(text: &Folded) -> impl Iterator<Item = Run<'_>> {
    text.han_runs().map(|(at, chars)| Run {
        chars,
        is_first: at == 0,
        is_whole: chars.len() == text.chars.len(),
    })
}

/// How much of a text is read as the letters; the last syllable may go on. One syllable is only
/// found where a run of Han characters begins.
pub(super) fn pinyin(sound: &Sound, text: &Folded) -> Option<Match> {
    let found = runs(text).flat_map(|run| {
        let starts = 0..run.chars.len();
        let best = starts.filter_map(move |start| {
            let rest = &run.chars[start..];
            let least = if start == 0 { 1 } else { 2 };
            let found = spell(sound, 0, rest, 0)?;
            let is_enough = found.0 >= least;
            let whole = if found.1 { found.0 } else { 0 };
            is_enough.then(|| run.extent(start, whole))
        });
        best.min()
    });
    found.min().map(|extent| Match::new(Kind::Pinyin, extent))
}

/// Reads letters from a place on as characters: how many characters, the most if there are several
/// ways, and whether the last one is read in full.
fn spell(sound: &Sound, at: usize, chars: &[char], count: usize) -> Option<(usize, bool)> {
    let rest = &sound.letters[at..];
    if rest.is_empty() {
        return Some((count, true));
    }
    let (first, others) = chars.split_first()?;
    let ways = readings(*first).filter_map(|reading| {
        let end = at + reading.len().min(rest.len());
        if sound.breaks_within(at, end) {
            None
        } else if rest.starts_with(reading) {
            spell(sound, end, others, count + 1)
        } else {
            reading.starts_with(rest).then_some((count + 1, false))
        }
    });
    ways.max()
}

/// How much of a text has these letters as the initials of its syllables.
pub(super) fn initials(sound: &Sound, text: &Folded) -> Option<Match> {
    let letters = sound.letters.as_bytes();
    let has = |run: &Run<'_>| {
        let long_enough = run.chars.len() >= letters.len();
        let mut pairs = run.chars.iter().zip(letters);
        let begins = |char: char, letter: u8| readings(char).any(|r| r.as_bytes()[0] == letter);
        long_enough && pairs.all(|(char, letter)| begins(*char, *letter))
    };
    let found = runs(text)
        .filter(has)
        .map(|run| run.extent(0, letters.len()));
    found.min().map(|extent| Match::new(Kind::Initials, extent))
}

/// How much of a text is read as the letters with one typo, from where a run of Han characters
/// begins.
pub(super) fn typo(sound: &Sound, text: &Folded) -> Option<Match> {
    let typo = sound.typo.as_ref()?;
    let found = runs(text).filter_map(|run| {
        let count = longest(typo, typo.start(), run.chars, 0)?;
        Some(run.extent(0, count))
    });
    let extent = found.min()?;
    Some(Match {
        distance: 1,
        ..Match::new(Kind::Fuzzy, extent)
    })
}

/// The most characters that are read as a mistyped word.
fn longest(typo: &Typo, state: State, chars: &[char], count: usize) -> Option<usize> {
    let own = typo.count(state).filter(|_| count > 0).map(|_| count);
    let Some((first, rest)) = chars.split_first() else {
        return own;
    };
    let further = readings(*first).filter_map(|reading| {
        let state = reading
            .bytes()
            .fold(state, |state, letter| typo.step(state, letter));
        typo.is_open(state)
            .then(|| longest(typo, state, rest, count + 1))?
    });
    further.max().max(own)
}
