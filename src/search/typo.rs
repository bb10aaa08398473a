//! Is a word another word with one typo? One letter more, less or other, or two swapped. Not for:
//! which words are asked (`find`, `matching`).

/// The most letters of a word in which a typo is looked for.
const LONGEST: usize = 62;
/// The fewest.
const SHORTEST: usize = 5;

/// A word that may have one typo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typo(Box<[u8]>);

/// How far a typo's word is matched by the letters read so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// How many letters are matched, if all were right.
    right: Option<u8>,
    /// The positions that are reached with one typo, as bits.
    wrong: u64,
    /// The first of two letters that may be swapped, of which the second was read.
    swapped: Option<u8>,
}

impl Typo {
    /// A word long enough to be forgiven a typo.
    pub(super) fn new(word: &str) -> Option<Self> {
        let fits = (SHORTEST..=LONGEST).contains(&word.len());
        let is_latin = word.bytes().all(|b| b.is_ascii_lowercase());
        (fits && is_latin).then(|| Self(word.as_bytes().into()))
    }

    /// Nothing read.
    pub(super) fn start(&self) -> State {
        State {
            right: Some(0),
            wrong: 0,
            swapped: None,
        }
    }

    /// After one more letter.
    pub(super) fn step(&self, state: State, letter: u8) -> State {
        let is = |at: usize| self.0.get(at) == Some(&letter);
        let mut next = State {
            right: None,
            wrong: 0,
            swapped: None,
        };
        for at in 0..self.0.len() {
            if state.wrong >> at & 1 == 1 && is(at) {
                next.wrong |= 1 << (at + 1);
            }
        }
        if let Some(at) = state.swapped.filter(|at| is(usize::from(*at))) {
            next.wrong |= 1 << (at + 2);
        }
        let Some(right) = state.right else {
            return next;
        };
        let at = usize::from(right);
        // One letter too many, or another one.
        next.wrong |= 1 << at;
        if at < self.0.len() {
            next.wrong |= 1 << (at + 1);
        }
        if is(at + 1) {
            next.wrong |= 1 << (at + 2);
            next.swapped = Some(right);
        }
        next.right = is(at).then_some(right + 1);
        next
    }

    /// Whether more letters can make a match.
    pub(super) fn is_open(&self, state: State) -> bool {
        state.right.is_some() || state.wrong != 0 || state.swapped.is_some()
    }

    /// How many typos there are if nothing follows; none: more than one.
    pub(super) fn count(&self, state: State) -> Option<u8> {
        let length = self.0.len();
        match state.right.map(usize::from) {
            Some(right) if right == length => Some(0),
            Some(right) if right + 1 == length => Some(1),
            _ => (state.wrong >> length & 1 == 1).then_some(1),
        }
    }

    /// How many typos a word has; none: more than one.
    pub(super) fn of(&self, word: &[char]) -> Option<u8> {
        let mut state = self.start();
        for char in word {
            let letter = u8::try_from(*char).ok().filter(u8::is_ascii)?;
            state = self.step(state, letter);
            if !self.is_open(state) {
                return None;
            }
        }
        self.count(state)
    }
}
