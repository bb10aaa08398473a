//! How do many strings lie in one piece of memory? Not for: nulls (`column`).

use hashbrown::HashTable;
use std::hash::BuildHasher;

/// A hash of a string, the same within one run of the program.
pub(crate) fn hash_of(text: &str) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(text)
}

/// Where each string ends; as narrow as the total length allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// Up to 4 GiB of text.
    Narrow(Vec<u32>),
    /// More.
    Wide(Vec<u64>),
}

impl Ends {
    fn push(&mut self, end: usize) {
        match self {
            Self::Narrow(ends) => match u32::try_from(end) {
                Ok(end) => ends.push(end),
                Err(_) => {
                    let mut wide: Vec<u64> = ends.iter().map(|e| u64::from(*e)).collect();
                    wide.push(end as u64);
                    *self = Self::Wide(wide);
                }
            },
            Self::Wide(ends) => ends.push(end as u64),
        }
    }

    fn at(&self, position: usize) -> usize {
        match self {
            Self::Narrow(ends) => ends[position] as usize,
            Self::Wide(ends) => ends[position] as usize,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Narrow(ends) => ends.len(),
            Self::Wide(ends) => ends.len(),
        }
    }

    fn shrink(&mut self) {
        match self {
            Self::Narrow(ends) => ends.shrink_to_fit(),
            Self::Wide(ends) => ends.shrink_to_fit(),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Narrow(ends) => ends.capacity() * 4,
            Self::Wide(ends) => ends.capacity() * 8,
        }
    }
}

/// Strings one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Strings {
    text: String,
    ends: Ends,
    escaped: bool,
}

impl Default for Strings {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: Ends::Narrow(Vec::new()),
            escaped: false,
        }
    }
}

impl Strings {
    /// From stored parts; `None` if the ends are not monotone, not at characters' boundaries or do
    /// not end where the text ends.
    pub(crate) fn from_parts(text: String, ends: Ends) -> Option<Self> {
        let mut last = 0;
        for position in 0..ends.len() {
            let end = ends.at(position);
            if end < last || !text.is_char_boundary(end) {
                return None;
            }
            last = end;
        }
        let escaped = text.bytes().any(needs_escape);
        (last == text.len()).then_some(Self {
            text,
            ends,
            escaped,
        })
    }

    /// All text in one piece.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where each string ends.
    pub(crate) fn ends(&self) -> &Ends {
        &self.ends
    }

    /// The number of strings.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The string at a position, which must be below [`Strings::len`].
    pub(crate) fn at(&self, position: usize) -> &str {
        let start = match position {
            0 => 0,
            _ => self.ends.at(position - 1),
        };
        &self.text[start..self.ends.at(position)]
    }

    /// Appends a string.
    pub(crate) fn push(&mut self, text: &str) {
        self.escaped = self.escaped || text.bytes().any(needs_escape);
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// The bytes from where a string starts to the end of all, and how many of them are its own.
    #[inline]
    pub(crate) fn bytes_from(&self, position: usize) -> (&[u8], usize) {
        let start = match position {
            0 => 0,
            _ => self.ends.at(position - 1),
        };
        (
            &self.text.as_bytes()[start..],
            self.ends.at(position) - start,
        )
    }

    /// Whether no string needs escaping in JSON.
    pub(crate) fn is_plain(&self) -> bool {
        !self.escaped
    }

    /// The first position whose string is not below `text`, if the strings are sorted.
    pub(crate) fn lower_bound(&self, text: &str) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.at(middle) < text {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Gives unused capacity back.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink();
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity() + self.ends.bytes()
    }
}

/// Whether a byte cannot stand in a JSON string as it is.
fn needs_escape(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Distinct strings, each with a code.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    /// The strings by code.
    pub(crate) strings: Strings,
    codes: HashTable<u32>,
}

impl Dictionary {
    /// The code of a string, if it has one.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let same = |code: &u32| self.strings.at(*code as usize) == text;
        self.codes.find(hash_of(text), same).copied()
    }

    /// The code of a string, and whether it is new.
    pub(crate) fn insert(&mut self, text: &str) -> (u32, bool) {
        if let Some(code) = self.find(text) {
            return (code, false);
        }
        let code = self.strings.len() as u32;
        self.strings.push(text);
        let strings = &self.strings;
        let rehash = |code: &u32| hash_of(strings.at(*code as usize));
        self.codes.insert_unique(hash_of(text), code, rehash);
        (code, true)
    }
}
