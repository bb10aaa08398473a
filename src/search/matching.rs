//! Does a text match a pattern, and how? The one judge, by which everything is found and ranked. Not
//! for: finding texts that may match (`find`).

use super::fold::Folded;
use super::pattern::{Latin, Part, Pattern, Word};
use super::sounds;

/// How a text matches, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is what was typed.
    Exact,
    /// It begins with what was typed.
    Prefix,
    /// Its words or characters have what was typed.
    Word,
    /// It is read so in pinyin.
    Pinyin,
    /// The syllables of its pinyin begin so.
    Initials,
    /// It is so in the other form of Han characters, simplified or traditional.
    Variant,
    /// It is so but for a typo.
    Fuzzy,
}

/// How much of a text matches, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Its beginning.
    Start,
    /// Something within.
    Inside,
}

/// A match, in the order of matches: by how, by how much, by typos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Match {
    /// How.
    pub kind: Kind,
    /// How much of the text.
    pub extent: Extent,
    /// How many typos.
    pub distance: u8,
}

/// Room for the text that is looked at, to be used again.
#[derive(Debug, Default)]
pub struct Scratch(Folded);

impl Match {
    /// A number that is less for better matches, up to [`Match::WORST`]; typos are not in it.
    pub fn level(self) -> u8 {
        self.kind as u8 * 3 + self.extent as u8
    }

    /// The greatest level.
    pub const WORST: u8 = Kind::Fuzzy as u8 * 3 + Extent::Inside as u8;

    pub(super) fn new(kind: Kind, extent: Extent) -> Self {
        Self {
            kind,
            extent,
            distance: 0,
        }
    }
}

impl Kind {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "EXACT",
            Self::Prefix => "PREFIX",
            Self::Word => "WORD",
            Self::Pinyin => "PINYIN",
            Self::Initials => "INITIALS",
            Self::Variant => "VARIANT",
            Self::Fuzzy => "FUZZY",
        }
    }
}

impl Pattern {
    /// How a text matches; none if it does not. Cost: about as the text is long.
    pub fn find_in(&self, text: &str, scratch: &mut Scratch) -> Option<Match> {
        self.find_better(text, scratch, None)
    }

    /// How a text matches, if it does better than another one.
    pub fn find_better(
        &self,
        text: &str,
        scratch: &mut Scratch,
        than: Option<Match>,
    ) -> Option<Match> {
        let folded = &mut scratch.0;
        folded.fill(text);
        let is_spelled = than.is_some_and(|than| than.kind <= Kind::Word);
        let by_sound = || (!is_spelled).then(|| self.sounded(folded)).flatten();
        let found = self.spelled(folded).or_else(by_sound);
        found.filter(|found| than.is_none_or(|than| *found < than))
    }

    /// Matches by its sound, or with typos, or each part in its own way.
    fn sounded(&self, text: &Folded) -> Option<Match> {
        let one = |part: &Part| part.written(text).or_else(|| part.sounded(text));
        match &self.parts[..] {
            [] => None,
            [part] => part.sounded(text),
            parts => parts
                .iter()
                .try_fold(Match::new(Kind::Exact, Extent::Inside), |all, part| {
                    let own = one(part)?;
                    Some(Match {
                        kind: all.kind.max(own.kind),
                        distance: all.distance + own.distance,
                        ..all
                    })
                }),
        }
    }

    /// Whether a text matches.
    pub fn is_in(&self, text: &str, scratch: &mut Scratch) -> bool {
        self.find_in(text, scratch).is_some()
    }

    /// Matches as it is spelled, in either form of Han characters.
    fn spelled(&self, text: &Folded) -> Option<Match> {
        if self.parts.is_empty() {
            return None;
        }
        if let Some(extent) = extent(&self.whole.written, &text.written) {
            let kind = match extent {
                Extent::Whole => Kind::Exact,
                _ => Kind::Prefix,
            };
            return Some(Match::new(kind, extent));
        }
        let mut parts = self.parts.iter().map(|part| part.written(text));
        let within = parts.try_fold(Kind::Word, |all, part| Some(all.max(part?.kind)));
        let within = within.map(|kind| Match::new(kind, Extent::Inside));
        let at = extent(&self.whole.chars, &text.chars);
        let at = at.map(|at| Match::new(Kind::Variant, at));
        [within, at].into_iter().flatten().min()
    }
}

/// Whether a text is or begins with what is looked for.
fn extent(what: &[char], text: &[char]) -> Option<Extent> {
    text.starts_with(what)
        .then_some(match what.len() == text.len() {
            true => Extent::Whole,
            false => Extent::Start,
        })
}

impl Part {
    /// Matches as it is spelled.
    fn written(&self, text: &Folded) -> Option<Match> {
        let kind = match self {
            Self::Latin(latin) => latin.is_in(text).then_some(Kind::Word)?,
            Self::Han(han) if has(&text.written, &han.written) => Kind::Word,
            Self::Han(han) => has(&text.chars, &han.chars).then_some(Kind::Variant)?,
        };
        Some(Match::new(kind, Extent::Inside))
    }

    /// Matches by its sound, or with typos.
    fn sounded(&self, text: &Folded) -> Option<Match> {
        let Self::Latin(latin) = self else {
            return None;
        };
        let by_sound = latin.sound.as_ref().and_then(|sound| {
            let initials = || sounds::initials(sound, text).filter(|_| latin.words.len() == 1);
            sounds::pinyin(sound, text).or_else(initials)
        });
        by_sound.or_else(|| {
            let typos = latin
                .sound
                .as_ref()
                .and_then(|sound| sounds::typo(sound, text));
            [latin.mistyped(text), typos].into_iter().flatten().min()
        })
    }
}

/// Whether some characters stand together in a text.
fn has(text: &[char], what: &[char]) -> bool {
    text.windows(what.len()).any(|window| window == what)
}

impl Latin {
    /// Whether all words are in a text, each at a place of its own; the last one of a pattern may
    /// go on there.
    fn is_in(&self, text: &Folded) -> bool {
        let mut words = self.words.iter().enumerate();
        words.all(|(at, word)| self.has_word(at, word, text)) && self.has_as_many(text)
    }

    /// Whether a text has words that occur again as often as they were typed.
    fn has_as_many(&self, text: &Folded) -> bool {
        let words = self.words.iter().enumerate();
        words.skip(1).all(|(at, word)| {
            let before = self.words[..at]
                .iter()
                .filter(|own| self.fits(at, word, &own.chars));
            let before = before.count();
            before == 0 || text.words().filter(|own| self.fits(at, word, own)).count() > before
        })
    }

    fn has_word(&self, at: usize, word: &Word, text: &Folded) -> bool {
        text.words().any(|own| self.fits(at, word, own))
    }

    /// Whether a word of a text is the one at a place, or goes on where that may.
    fn fits(&self, at: usize, word: &Word, own: &[char]) -> bool {
        match self.is_last && at + 1 == self.words.len() {
            true => own.starts_with(&word.chars),
            false => *own == *word.chars,
        }
    }

    /// Matches where at least one word has a typo.
    fn mistyped(&self, text: &Folded) -> Option<Match> {
        let mut distance = 0;
        for (at, word) in self.words.iter().enumerate() {
            if self.has_word(at, word, text) {
                continue;
            }
            let typo = word.typo.as_ref()?;
            distance += text.words().filter_map(|own| typo.of(own)).min()?;
        }
        if distance == 0 {
            return None;
        }
        let is_whole = text.words().count() == self.words.len() && text.han_runs().next().is_none();
        let extent = if is_whole {
            Extent::Whole
        } else {
            Extent::Inside
        };
        Some(Match {
            distance,
            ..Match::new(Kind::Fuzzy, extent)
        })
    }
}
