//! By which terms is a text found? One byte that names the kind, then:
//!
//! - `w` a word;
//! - `h` two Han characters that follow each other, or the last one of a run;
//! - `p` the readings of two characters that follow each other, with a space between;
//! - `s` the same of the two with which a run begins, or the reading of one that no other
//!   with a reading follows, and a space;
//! - `i` the initials of a run's beginning, and `+` if the run goes on.
//!
//! Each reading makes a term. Not for: which terms a pattern looks up (`find`).

use super::fold::Folded;
use super::readings::readings;

pub(super) const WORD: u8 = b'w';
pub(super) const HAN: u8 = b'h';
pub(super) const PAIR: u8 = b'p';
pub(super) const START: u8 = b's';
pub(super) const INITIALS: u8 = b'i';
/// Ends initials that go on in the text.
pub(super) const MORE: u8 = b'+';

/// The most terms of initials that a run has.
const MOST: usize = 12;
/// The most initials that a term has.
const LONGEST: usize = 6;

/// Calls for each term of a text; for some more than once.
pub(super) fn each(text: &Folded, term: &mut Vec<u8>, each: &mut dyn FnMut(&[u8])) {
    for word in text.words() {
        begin(term, WORD);
        word.iter().for_each(|char| push(term, *char));
        each(term);
    }
    for (_, run) in text.han_runs() {
        for at in 0..run.len() {
            begin(term, HAN);
            run[at..].iter().take(2).for_each(|char| push(term, *char));
            each(term);
        }
        pairs(run, START, term, each);
        (0..run.len() - 1).for_each(|at| pairs(&run[at..], PAIR, term, each));
        initials(run, each);
    }
}

fn begin(term: &mut Vec<u8>, kind: u8) {
    term.clear();
    term.push(kind);
}

fn push(term: &mut Vec<u8>, char: char) {
    term.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

/// The readings of the first two characters of a run, or of its only one.
fn pairs(run: &[char], kind: u8, term: &mut Vec<u8>, each: &mut dyn FnMut(&[u8])) {
    for first in readings(run[0]) {
        begin(term, kind);
        term.extend_from_slice(first.as_bytes());
        term.push(b' ');
        let mut next = run[1..]
            .iter()
            .take(1)
            .flat_map(|next| readings(*next))
            .peekable();
        if next.peek().is_none() {
            each(term);
        }
        let length = term.len();
        for second in next {
            term.truncate(length);
            term.extend_from_slice(second.as_bytes());
            each(term);
        }
    }
}

/// The initials of a run, as many as there are few ways to read.
fn initials(run: &[char], each: &mut dyn FnMut(&[u8])) {
    let mut all = vec![vec![INITIALS]];
    let mut count = 0;
    for char in run.iter().take(LONGEST) {
        let mut letters: Vec<u8> = readings(*char).map(|r| r.as_bytes()[0]).collect();
        letters.sort_unstable();
        letters.dedup();
        if letters.is_empty() || all.len() * letters.len() > MOST {
            break;
        }
        let longer = all.iter().flat_map(|term| {
            let letters = letters.iter();
            letters.map(move |letter| [&term[..], &[*letter]].concat())
        });
        all = longer.collect();
        count += 1;
    }
    for mut term in all.into_iter().filter(|_| count > 0) {
        term.extend((count < run.len()).then_some(MORE));
        each(&term);
    }
}
