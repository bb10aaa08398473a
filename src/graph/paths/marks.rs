//! Which nodes has a search met? A small table first, so that a search that meets few touches little
//! memory in a graph of any size; then an array. Not for: the order in which they are met.

use crate::graph::bits::Bits;

/// How many numbers the smallest table has room for.
const SMALL: usize = 64;

/// A hash table of numbers with a value each, at most half full (linear probing, Knuth, TAOCP 6.4).
#[derive(Clone, Debug)]
struct Table {
    /// One more than the number, and its value; 0: free.
    slots: Vec<(u32, u32)>,
    len: usize,
}

impl Table {
    fn new() -> Self {
        Self {
            slots: vec![(0, 0); SMALL],
            len: 0,
        }
    }

    /// The place of a number, or where it belongs.
    #[inline]
    fn place(&self, number: u32) -> usize {
        let mask = self.slots.len() - 1;
        let hash = u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let mut at = hash as usize & mask;
        while self.slots[at].0 != 0 && self.slots[at].0 != number + 1 {
            at = (at + 1) & mask;
        }
        at
    }

    #[inline]
    fn at(&self, number: u32) -> Option<u32> {
        let (key, value) = self.slots[self.place(number)];
        (key != 0).then_some(value)
    }

    /// Puts a number in; whether it is new.
    #[inline]
    fn put(&mut self, number: u32, value: u32) -> bool {
        let at = self.place(number);
        if self.slots[at].0 != 0 {
            return false;
        }
        self.slots[at] = (number + 1, value);
        self.len += 1;
        if self.len * 2 > self.slots.len() {
            self.grow();
        }
        true
    }

    #[cold]
    fn grow(&mut self) {
        self.widen(self.slots.len() * 4);
    }

    /// Makes room for so many numbers more.
    fn reserve(&mut self, more: usize) {
        let wanted = ((self.len + more) * 2).next_power_of_two();
        if wanted > self.slots.len() {
            self.widen(wanted);
        }
    }

    fn widen(&mut self, slots: usize) {
        let room = vec![(0, 0); slots];
        for (key, value) in std::mem::replace(&mut self.slots, room) {
            if key != 0 {
                let at = self.place(key - 1);
                self.slots[at] = (key, value);
            }
        }
    }

    fn entries(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let taken = self.slots.iter().filter(|(key, _)| *key != 0);
        taken.map(|(key, value)| (key - 1, *value))
    }
}

/// A set of numbers.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    few: Table,
    many: Option<Bits>,
    bound: u32,
}

impl Seen {
    /// None of the numbers below a bound.
    pub(super) fn new(bound: u32) -> Self {
        Self {
            few: Table::new(),
            many: None,
            bound,
        }
    }

    /// Puts a number in; whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, number: u32) -> bool {
        match &mut self.many {
            Some(bits) => bits.mark(number as usize),
            None => self.insert_few(number),
        }
    }

    fn insert_few(&mut self, number: u32) -> bool {
        let is_new = self.few.put(number, 0);
        // Bits are an eighth of a byte each, entries 16 bytes and more.
        if self.few.len > SMALL / 2 && self.few.len * 128 > self.bound as usize {
            let mut bits = Bits::filled(self.bound as usize, false);
            self.few
                .entries()
                .for_each(|(number, _)| bits.set(number as usize));
            self.many = Some(bits);
        }
        is_new
    }

    #[inline]
    pub(super) fn has(&self, number: u32) -> bool {
        match &self.many {
            Some(bits) => bits.at(number as usize),
            None => self.few.at(number).is_some(),
        }
    }
}

/// What most numbers fall through that are not among some: 32 bits and one place for each of these
/// (Bloom, *Space/Time Trade-offs in Hash Coding with Allowable Errors*, 1970).
#[derive(Clone, Debug)]
pub(super) struct Sieve {
    words: Vec<u64>,
    shift: u32,
}

impl Sieve {
    /// Through which these numbers do not fall.
    pub(super) fn new(numbers: impl ExactSizeIterator<Item = u32>) -> Self {
        let words = (numbers.len() / 2 + 1).next_power_of_two();
        let mut sieve = Self {
            words: vec![0; words],
            shift: u64::BITS - 6 - words.trailing_zeros(),
        };
        numbers.for_each(|number| {
            let (word, bit) = sieve.place(number);
            sieve.words[word] |= bit;
        });
        sieve
    }

    #[inline]
    fn place(&self, number: u32) -> (usize, u64) {
        let hash = u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> self.shift;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    /// Whether a number may be one of them.
    #[inline]
    pub(super) fn keeps(&self, number: u32) -> bool {
        let (word, bit) = self.place(number);
        self.words[word] & bit != 0
    }
}

/// Numbers with a depth each.
#[derive(Clone, Debug)]
pub(super) struct Depths {
    few: Table,
    /// One more than the depth.
    many: Vec<u32>,
    bound: u32,
}

impl Depths {
    /// None of the numbers below a bound.
    pub(super) fn new(bound: u32) -> Self {
        Self {
            few: Table::new(),
            many: Vec::new(),
            bound,
        }
    }

    #[inline]
    pub(super) fn at(&self, number: u32) -> Option<u32> {
        if self.many.is_empty() {
            self.few.at(number)
        } else {
            self.many[number as usize].checked_sub(1)
        }
    }

    /// Puts a number in that is not there yet; whether it is new.
    #[inline]
    pub(super) fn insert(&mut self, number: u32, depth: u32) -> bool {
        if self.many.is_empty() {
            return self.insert_few(number, depth);
        }
        let slot = &mut self.many[number as usize];
        let is_new = *slot == 0;
        if is_new {
            *slot = depth + 1;
        }
        is_new
    }

    /// Makes room for up to so many numbers more.
    pub(super) fn reserve(&mut self, more: usize) {
        if self.many.is_empty() {
            self.few.reserve(more.min(self.bound as usize / 8));
        }
    }

    fn insert_few(&mut self, number: u32, depth: u32) -> bool {
        let is_new = self.few.put(number, depth);
        if self.few.len > SMALL / 2 && self.few.len * 8 > self.bound as usize {
            self.many = vec![0; self.bound as usize];
            let many = &mut self.many;
            self.few
                .entries()
                .for_each(|(number, depth)| many[number as usize] = depth + 1);
        }
        is_new
    }
}
