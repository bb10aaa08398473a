//! How much may the arguments of one request hold? Everything that binding makes of them is counted
//! here, for all fields together: a variable of a megabyte can be given to two thousand fields. Not
//! for: what running them costs (`exec`).

use super::Wrong;
use crate::api::error::excerpt;
use crate::api::input::Input;
use regex::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;
use std::cell::{Cell, RefCell};

/// How many conditions, values and sort keys all arguments may have; 64 bytes of a text count as one
/// more, and a condition on an interface counts for each of its types.
const PARTS: usize = 300_000;

/// The same of what is to be written.
const WRITTEN: usize = 10_000_000;

/// How many different regular expressions there may be.
const REGEXES: usize = 50;

/// How long one may be, in bytes: reading it takes a hundred times as much.
const PATTERN: usize = 10_000;

/// How large a compiled regular expression may be, in bytes.
const REGEX_SIZE: usize = 1 << 20;

/// How much memory matching one may use beside, in bytes.
const MATCHING_SIZE: usize = 256 << 10;

/// How many keys an order may have.
const SORT_KEYS: usize = 20;

/// How many languages may be named at one place.
const LANGUAGES: usize = 100;

/// What to do when there is too much.
pub(in crate::api) const HINT: &str = "give shorter lists, or ask in several requests";

/// What the arguments hold so far.
pub(in crate::api) struct Bounds {
    most: usize,
    parts: Cell<usize>,
    regexes: RefCell<FxHashMap<(String, bool), Regex>>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            most: PARTS,
            parts: Cell::default(),
            regexes: RefCell::default(),
        }
    }
}

impl Bounds {
    /// The bounds of a mutation.
    pub(in crate::api) fn of_writing() -> Self {
        Self {
            most: WRITTEN,
            ..Self::default()
        }
    }

    /// Counts so many conditions or values.
    pub(super) fn parts(&self, count: usize) -> Result<(), Wrong> {
        let parts = self.parts.get().saturating_add(count);
        self.parts.set(parts);
        at_most("argument parts", self.most, parts)
    }

    /// Counts a text.
    pub(super) fn text(&self, input: Option<&Input>) -> Result<(), Wrong> {
        let length = input.and_then(Input::as_str).map_or(0, str::len);
        self.parts(1 + length / 64)
    }

    /// Counts the texts of a list.
    pub(super) fn texts(&self, input: Option<&Input>) -> Result<(), Wrong> {
        let mut items = input.and_then(Input::as_list).unwrap_or_default().iter();
        items.try_for_each(|item| self.text(Some(item)))
    }

    /// Counts the languages of a list.
    pub(super) fn languages(&self, input: Option<&Input>) -> Result<(), Wrong> {
        let count = input.and_then(Input::as_list).map_or(0, <[_]>::len);
        at_most("languages", LANGUAGES, count)?;
        self.texts(input)
    }

    /// Counts the keys of an order.
    pub(super) fn sort_keys(&self, count: usize) -> Result<(), Wrong> {
        at_most("sort keys", SORT_KEYS, count)?;
        self.parts(count)
    }

    /// A compiled regular expression, made once.
    pub(super) fn regex(&self, pattern: &str, fold: bool) -> Result<Regex, Wrong> {
        let key = (pattern.to_owned(), fold);
        let mut regexes = self.regexes.borrow_mut();
        if let Some(known) = regexes.get(&key) {
            return Ok(known.clone());
        }
        at_most("regular expressions", REGEXES, regexes.len() + 1)?;
        let regex = compile(pattern, fold)?;
        regexes.insert(key, regex.clone());
        Ok(regex)
    }
}

fn at_most(limit: &'static str, most: usize, count: usize) -> Result<(), Wrong> {
    if count <= most {
        return Ok(());
    }
    Err(Wrong {
        exceeds: Some((limit, most)),
        ..Wrong::new("too much")
    })
}

fn compile(pattern: &str, fold: bool) -> Result<Regex, Wrong> {
    at_most("bytes of a regular expression", PATTERN, pattern.len())?;
    let built = RegexBuilder::new(pattern)
        .case_insensitive(fold)
        .size_limit(REGEX_SIZE)
        .dfa_size_limit(MATCHING_SIZE)
        .nest_limit(50)
        .build();
    built.map_err(|error| {
        let told = match error {
            regex::Error::CompiledTooBig(_) => {
                format!("compiled it takes more than {REGEX_SIZE} bytes")
            }
            other => other.to_string(),
        };
        Wrong::new(format!(
            "`{}` is no regular expression: {}",
            excerpt(pattern, 100),
            told.lines().last().unwrap_or_default()
        ))
        .hint("the syntax is that of the Rust crate regex, without look-around and back-references")
    })
}
