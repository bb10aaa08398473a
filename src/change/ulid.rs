//! Which key does a new node get that was given none? Not for: keys that people choose.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM: u128 = (1 << 80) - 1;

/// The last ULID of this process.
static LAST: Mutex<u128> = Mutex::new(0);

/// A ULID: 26 digits, of which ten say the millisecond. Each is greater than the one before it in
/// this process, so that nodes that are created one after the other are in this order.
pub(super) fn ulid() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |since| since.as_millis()) << 80;
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    *last = if now > *last & !RANDOM {
        now | random()
    } else {
        last.wrapping_add(1)
    };
    print(*last)
}

/// 79 random bits; the highest of 80 is free for those that follow in the same millisecond.
fn random() -> u128 {
    let bits = || u128::from(RandomState::new().hash_one(0));
    (bits() << 64 | bits()) & (RANDOM >> 1)
}

fn print(ulid: u128) -> String {
    let digit = |at: u32| DIGITS[(ulid >> (5 * at)) as usize & 31] as char;
    (0..26).rev().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ulids_ascend_and_are_different() {
        let some: Vec<String> = (0..1000).map(|_| ulid()).collect();
        assert!(some.is_sorted_by(|a, b| a < b));
        assert!(
            some.iter()
                .all(|one| one.len() == 26 && one < &"8".to_owned())
        );
        assert_eq!(print(u128::MAX), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    }
}
