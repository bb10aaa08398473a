//! Where is an answer written? Into bytes with room beyond them, so that short pieces are copied in
//! whole words and cut. Not for: what is written.

use std::io;

/// Room that is always left: so many bytes can be copied at once, however few of them count.
pub(super) const ROOM: usize = 32;

/// Bytes that grow at their end.
pub(super) struct Ink {
    /// What was written, then zeros or leftovers.
    bytes: Vec<u8>,
    len: usize,
}

impl Ink {
    /// Nothing yet, with room for so many bytes.
    pub(super) fn new(size: usize) -> Self {
        Self {
            bytes: vec![0; size + ROOM],
            len: 0,
        }
    }

    /// How many bytes were written.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// What was written.
    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.truncate(self.len);
        self.bytes
    }

    /// Forgets what was written from a place on.
    pub(super) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Ends an object whose entries, a comma before each, were written from `start` on.
    #[inline]
    pub(super) fn close_object(&mut self, start: usize) {
        if start == self.len {
            self.push(b'{');
        } else {
            self.bytes[start] = b'{';
        }
        self.push(b'}');
    }

    /// The place for so many bytes and [`ROOM`] more.
    #[inline]
    fn room(&mut self, count: usize) -> &mut [u8] {
        if self.bytes.len() - self.len < count + ROOM {
            self.grow(count);
        }
        &mut self.bytes[self.len..]
    }

    #[cold]
    fn grow(&mut self, count: usize) {
        let least = self.len + count + ROOM;
        self.bytes.resize(least.max(self.bytes.len() * 2), 0);
    }

    /// Appends a byte.
    #[inline]
    pub(super) fn push(&mut self, byte: u8) {
        self.room(1)[0] = byte;
        self.len += 1;
    }

    /// Appends bytes.
    #[inline]
    pub(super) fn put(&mut self, bytes: &[u8]) {
        copy(self.room(bytes.len()), bytes);
        self.len += bytes.len();
    }

    /// Appends the first `len` of some bytes. Cheaper than [`Ink::put`].
    #[inline]
    pub(super) fn put_start<const N: usize>(&mut self, bytes: &[u8; N], len: usize) {
        const { assert!(N <= ROOM) };
        self.room(0)[..N].copy_from_slice(bytes);
        self.len += len.min(N);
    }

    /// Appends the first `len` of some bytes in quotes; cheapest where there are more.
    #[inline]
    pub(super) fn put_quoted(&mut self, bytes: &[u8], len: usize) {
        let room = self.room(len + 2);
        room[0] = b'"';
        match (bytes.first_chunk::<ROOM>(), room.get_mut(1..=ROOM)) {
            (Some(chunk), Some(place)) if len <= ROOM => place.copy_from_slice(chunk),
            _ => copy(&mut room[1..], &bytes[..len]),
        }
        room[1 + len] = b'"';
        self.len += len + 2;
    }

    /// Appends a number in decimal.
    #[inline]
    pub(super) fn put_number(&mut self, number: u64) {
        match u32::try_from(number) {
            Ok(small) if small < 100_000_000 => {
                let digits = if small == 0 { 1 } else { small.ilog10() + 1 };
                let ascii = eight_digits(small) >> (8 * (8 - digits));
                self.put_start(&ascii.to_le_bytes(), digits as usize);
            }
            _ => self.put(itoa::Buffer::new().format(number).as_bytes()),
        }
    }

    /// Appends a number in decimal.
    #[inline]
    pub(super) fn put_integer(&mut self, number: i64) {
        if number < 0 {
            self.push(b'-');
        }
        self.put_number(number.unsigned_abs());
    }
}

impl io::Write for Ink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The eight decimal digits of a number below 10⁸ in ASCII, the first in the lowest byte: halves,
/// then quarters, then eighths of the word are divided at once.
#[inline]
fn eight_digits(number: u32) -> u64 {
    let number = u64::from(number);
    let halves = (number / 10_000) | (number % 10_000) << 32;
    let hundreds = ((halves * 10_486) >> 20) & 0x7f_0000_007f;
    let quarters = hundreds | (halves - hundreds * 100) << 16;
    let tens = ((quarters * 103) >> 10) & 0x000f_000f_000f_000f;
    let digits = tens | (quarters - tens * 10) << 8;
    digits | 0x3030_3030_3030_3030
}

/// Copies bytes to the start of a place that has [`ROOM`] more; short ones in two words that overlap.
#[inline]
fn copy(place: &mut [u8], bytes: &[u8]) {
    let len = bytes.len();
    if let (true, Some(first), Some(last)) = (len <= 32, first::<16>(bytes), last::<16>(bytes)) {
        place[..16].copy_from_slice(first);
        place[len - 16..len].copy_from_slice(last);
    } else if let (true, Some(first), Some(last)) = (len < 16, first::<8>(bytes), last::<8>(bytes))
    {
        place[..8].copy_from_slice(first);
        place[len - 8..len].copy_from_slice(last);
    } else if let (true, Some(first), Some(last)) = (len < 8, first::<4>(bytes), last::<4>(bytes)) {
        place[..4].copy_from_slice(first);
        place[len - 4..len].copy_from_slice(last);
    } else {
        place[..len].copy_from_slice(bytes);
    }
}

#[inline]
fn first<const N: usize>(bytes: &[u8]) -> Option<&[u8; N]> {
    bytes.first_chunk()
}

#[inline]
fn last<const N: usize>(bytes: &[u8]) -> Option<&[u8; N]> {
    bytes.last_chunk()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_follow_each_other() {
        let text: Vec<u8> = (0..120).map(|at| b'a' + at % 26).collect();
        let (mut ink, mut all) = (Ink::new(0), Vec::new());
        for len in 0..80 {
            ink.put(&text[..len]);
            ink.put_quoted(&text[..len], len);
            ink.put_quoted(&text, len);
            all.extend_from_slice(&text[..len]);
            (0..2).for_each(|_| all.extend([b"\"", &text[..len], b"\""].concat()));
        }
        assert_eq!(ink.into_bytes(), all);
    }

    #[test]
    fn numbers_of_any_length() {
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power / 7 * 3]);
        let ends = [0, i64::MIN, i64::MAX, i64::from(u32::MAX)];
        for number in around.chain(ends).flat_map(|n| [n, n.wrapping_neg()]) {
            let mut ink = Ink::new(0);
            ink.put_integer(number);
            assert_eq!(ink.into_bytes(), number.to_string().into_bytes());
        }
    }

    #[test]
    fn what_is_forgotten_is_overwritten() {
        let mut ink = Ink::new(0);
        ink.put(b"one,two");
        ink.truncate(3);
        ink.push(b'!');
        assert_eq!(ink.into_bytes(), b"one!");
    }
}
