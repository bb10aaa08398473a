//! How does one stored value prove that it is the one that was written there?
//!
//! Every value in a shelf is one frame: a header of 32 bytes and at most
//! [`PAYLOAD_MAX`] bytes of payload. The checksum covers the key too, so that a value
//! under another key, of another store or another sequence never passes. Not for
//! putting payloads together again: that is `records`.

use crate::store::StoreError;

/// The longest frame. sled moves larger values into files that it never syncs.
pub(crate) const FRAME_MAX: usize = 32 << 10;
/// Bytes before the payload.
pub(crate) const HEADER: usize = 32;
/// The most payload of one frame.
pub(crate) const PAYLOAD_MAX: usize = FRAME_MAX - HEADER;
/// The version of this layout, in every frame.
const VERSION: u8 = 1;
/// Flag: the payload is an LZ4 block.
pub(crate) const COMPRESSED: u16 = 1;

/// What a frame belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// A piece of a commit; the sequence is its revision.
    Log = b'L',
    /// A piece of a named value; the sequence is its version.
    Meta = b'M',
    /// A chunk of a checkpoint section; the sequence is the generation.
    Chunk = b'C',
}

/// The header of a frame, without checksum and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// What it belongs to.
    pub kind: Kind,
    /// [`COMPRESSED`] or 0.
    pub flags: u16,
    /// The first bytes of the store's id.
    pub store: u32,
    /// Which piece or chunk this is, from 0.
    pub index: u32,
    /// How many pieces there are; for a chunk, the number of its section.
    pub count: u32,
    /// Bytes of payload before compression.
    pub length: u32,
    /// Revision, version or generation.
    pub sequence: u64,
}

impl Frame {
    /// The frame's bytes, to be stored under `key`.
    pub(crate) fn encode(&self, key: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER + payload.len());
        out.extend_from_slice(&[0; 4]);
        out.push(self.kind as u8);
        out.push(VERSION);
        out.extend_from_slice(&self.flags.to_le_bytes());
        out.extend_from_slice(&self.store.to_le_bytes());
        out.extend_from_slice(&self.index.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&self.sequence.to_le_bytes());
        out.extend_from_slice(payload);
        let crc = checksum(key, &out[4..]);
        out[..4].copy_from_slice(&crc.to_le_bytes());
        out
    }

    /// Checks the bytes found under `key`; the header and the payload.
    pub(crate) fn decode<'a>(key: &[u8], bytes: &'a [u8]) -> Result<(Frame, &'a [u8]), StoreError> {
        let Some((header, payload)) = bytes.split_at_checked(HEADER) else {
            return Err(bad(key, format!("is cut off after {} bytes", bytes.len())));
        };
        if u32_at(header, 0) != checksum(key, &bytes[4..]) {
            return Err(bad(key, "has a wrong checksum"));
        }
        if header[5] != VERSION {
            return Err(bad(
                key,
                format!("has version {}, not {VERSION}", header[5]),
            ));
        }
        let kind = match header[4] {
            b'L' => Kind::Log,
            b'M' => Kind::Meta,
            b'C' => Kind::Chunk,
            other => return Err(bad(key, format!("is of unknown kind {other}"))),
        };
        let frame = Frame {
            kind,
            flags: u16::from_le_bytes([header[6], header[7]]),
            store: u32_at(header, 8),
            index: u32_at(header, 12),
            count: u32_at(header, 16),
            length: u32_at(header, 20),
            sequence: u64::from(u32_at(header, 24)) | u64::from(u32_at(header, 28)) << 32,
        };
        Ok((frame, payload))
    }
}

fn checksum(key: &[u8], rest: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(rest);
    hasher.finalize()
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn bad(key: &[u8], what: impl Into<String>) -> StoreError {
    StoreError::damaged(format!("record {}", key.escape_ascii()), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame {
            kind: Kind::Log,
            flags: 0,
            store: 0xdead_beef,
            index: 3,
            count: 9,
            length: 5,
            sequence: 0x0102_0304_0506_0708,
        }
    }

    #[test]
    fn a_frame_comes_back_as_written() {
        let bytes = frame().encode(b"key", b"hello");
        assert_eq!(bytes.len(), HEADER + 5);
        assert_eq!(
            Frame::decode(b"key", &bytes).unwrap(),
            (frame(), &b"hello"[..])
        );
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_seen() {
        let bytes = frame().encode(b"key", b"hello");
        for bit in 0..bytes.len() * 8 {
            let mut bad = bytes.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(Frame::decode(b"key", &bad).is_err(), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(
                Frame::decode(b"key", &bytes[..length]).is_err(),
                "cut at {length}"
            );
        }
    }

    #[test]
    fn a_frame_under_another_key_is_refused() {
        let bytes = frame().encode(b"key", b"hello");
        assert!(Frame::decode(b"kez", &bytes).is_err());
    }
}
