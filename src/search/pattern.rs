//! What did a person type? Han phrases and Latin words, folded. Not for: matching them (`matching`).

use super::fold::{Folded, is_letter};
use super::han::is_han;
use super::typo::Typo;

/// The most letters in which syllables are looked for.
const MOST_LETTERS: usize = 60;

/// What is searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// What was typed.
    pub(super) typed: Box<str>,
    /// As a whole.
    pub(super) whole: Folded,
    /// Its parts, all of which must be found.
    pub(super) parts: Vec<Part>,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Han characters that stand together.
    Han(Folded),
    /// Words of another script.
    Latin(Latin),
}

/// Words that follow each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Latin {
    /// The words in order.
    pub(super) words: Vec<Word>,
    /// Their letters as pinyin, if they can be.
    pub(super) sound: Option<Sound>,
    /// Whether it ends the pattern, so that its last word may go on.
    pub(super) is_last: bool,
}

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) chars: Box<[char]>,
    /// To find it with a typo, if it is long enough.
    pub(super) typo: Option<Typo>,
}

/// Letters that may be pinyin or initials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sound {
    /// All of them.
    pub(super) letters: Box<str>,
    /// Where words end, so that syllables do too.
    pub(super) breaks: Box<[usize]>,
    /// To find them with a typo, if they are enough.
    pub(super) typo: Option<Typo>,
}

impl Pattern {
    /// What is meant by a text that was typed.
    pub fn new(typed: &str) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for piece in typed.split_whitespace() {
            for run in scripts(&Folded::new(piece)) {
                let is_word = run.chars.first().is_some_and(|char| is_letter(*char));
                match parts.last_mut() {
                    Some(Part::Latin(latin)) if is_word => latin.add(&run),
                    _ if is_word => parts.push(Part::Latin(Latin::default().with(&run))),
                    _ => parts.push(Part::Han(run)),
                }
            }
        }
        for part in &mut parts {
            if let Part::Latin(latin) = part {
                latin.sound = Sound::of(&latin.words);
            }
        }
        if let Some(Part::Latin(last)) = parts.last_mut() {
            last.is_last = true;
        }
        Self {
            typed: typed.into(),
            whole: Folded::new(typed),
            parts,
        }
    }

    /// What was typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Whether nothing can match, since no letter or character was typed.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Latin {
    fn with(mut self, run: &Folded) -> Self {
        self.add(run);
        self
    }

    fn add(&mut self, run: &Folded) {
        let words = run.words().map(|word| Word {
            chars: word.into(),
            typo: Typo::new(&word.iter().collect::<String>()),
        });
        self.words.extend(words);
    }
}

impl Sound {
    fn of(words: &[Word]) -> Option<Self> {
        let (mut letters, mut breaks) = (String::new(), Vec::new());
        for word in words {
            letters.extend(&word.chars);
            breaks.push(letters.len());
        }
        let fits = (2..=MOST_LETTERS).contains(&letters.len());
        let is_latin = letters.bytes().all(|b| b.is_ascii_lowercase());
        (fits && is_latin).then(|| Self {
            typo: Typo::new(&letters),
            letters: letters.into(),
            breaks: breaks.into(),
        })
    }

    /// Whether a word ends between two places.
    pub(super) fn breaks_within(&self, start: usize, end: usize) -> bool {
        self.breaks.iter().any(|at| start < *at && *at < end)
    }
}

/// A folded text in parts, each of Han characters or of words.
fn scripts(text: &Folded) -> Vec<Folded> {
    let mut all: Vec<Folded> = Vec::new();
    for (char, written) in text.chars.iter().zip(&text.written) {
        let goes_on = |last: &&mut Folded| {
            let before = last.chars.last().is_some_and(|before| is_han(*before));
            before == is_han(*char)
        };
        match all.last_mut().filter(goes_on) {
            Some(last) => {
                last.chars.push(*char);
                last.written.push(*written);
            }
            None => all.push(Folded {
                chars: vec![*char],
                written: vec![*written],
            }),
        }
    }
    all
}
