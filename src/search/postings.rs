//! In how few bytes can rows be listed? Differences of seven bits a byte. Not for: what the rows are.

/// Appends a number, small ones in few bytes.
pub(super) fn push(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front; 0 where there is none.
pub(super) fn take(bytes: &mut &[u8]) -> u32 {
    let (mut number, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u32::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    number
}

/// Rows in increasing order, being collected.
#[derive(Clone, Debug, Default)]
pub(super) struct Postings {
    /// How many there are.
    pub(super) count: u32,
    /// The first one.
    pub(super) first: u32,
    last: u32,
    /// The differences of the others.
    pub(super) rest: Vec<u8>,
}

impl Postings {
    /// Adds a row that is not below the last one; the last one again is not added.
    pub(super) fn add(&mut self, row: u32) {
        match self.count {
            0 => self.first = row,
            _ if self.last == row => return,
            _ => push(&mut self.rest, row - self.last),
        }
        self.last = row;
        self.count += 1;
    }
}
