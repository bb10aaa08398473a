//! One bit per row, how? Not for: sets of few rows among many.

/// A growable sequence of bits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// `len` bits that are all the same.
    pub(crate) fn filled(len: usize, bit: bool) -> Self {
        let mut words = vec![if bit { u64::MAX } else { 0 }; len.div_ceil(64)];
        if let (true, Some(last)) = (bit && !len.is_multiple_of(64), words.last_mut()) {
            *last = (1 << (len % 64)) - 1;
        }
        Self { words, len }
    }

    /// From stored words; `None` if they are not as many as `len` needs or bits beyond it are set.
    pub(crate) fn from_words(words: Vec<u64>, len: usize) -> Option<Self> {
        let rest = len % 64;
        let clean = rest == 0 || words.last().is_none_or(|last| last >> rest == 0);
        (words.len() == len.div_ceil(64) && clean).then_some(Self { words, len })
    }

    /// The bits in words, the first in the lowest bit.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// The number of bits.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The bit at a position; false beyond the end.
    pub(crate) fn at(&self, position: usize) -> bool {
        self.words
            .get(position / 64)
            .is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    /// Appends a bit.
    pub(crate) fn push(&mut self, bit: bool) {
        if self.len.is_multiple_of(64) {
            self.words.push(0);
        }
        if let Some(last) = self.words.last_mut() {
            *last |= u64::from(bit) << (self.len % 64);
        }
        self.len += 1;
    }

    /// Sets the bit at a position, growing with zeros as needed.
    pub(crate) fn set(&mut self, position: usize) {
        if position >= self.len {
            self.len = position + 1;
            self.words.resize(self.len.div_ceil(64), 0);
        }
        self.words[position / 64] |= 1 << (position % 64);
    }

    /// Sets a bit that is there; whether it was not set.
    #[inline]
    pub(crate) fn mark(&mut self, position: usize) -> bool {
        let (word, bit) = (&mut self.words[position / 64], 1 << (position % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Clears the bit at a position; whether it was set.
    pub(crate) fn clear(&mut self, position: usize) -> bool {
        let was_set = self.at(position);
        if was_set {
            self.words[position / 64] &= !(1 << (position % 64));
        }
        was_set
    }

    /// How many bits are set.
    pub(crate) fn ones(&self) -> usize {
        self.words.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// Gives unused capacity back.
    pub(crate) fn shrink(&mut self) {
        self.words.shrink_to_fit();
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
}
