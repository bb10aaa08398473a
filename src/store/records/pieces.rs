//! How does a payload of any length fit into frames of 32 KB, whole or not at all?
//!
//! It is cut into pieces; each says which it is, of how many, and for which sequence.
//! A payload is there when all its pieces are. Not for knowing what a missing piece
//! means: the log and the named values judge that.

use crate::store::StoreError;
use crate::store::frame::{Frame, Kind, PAYLOAD_MAX};
use crate::store::shelf::Shelf;

/// What the pieces of one payload have in common.
#[derive(Clone, Copy)]
pub(super) struct Pieces<'a> {
    /// What the payload is.
    pub kind: Kind,
    /// The tag of the store.
    pub store: u32,
    /// Revision or version.
    pub sequence: u64,
    /// The key without the number of the piece.
    pub prefix: &'a [u8],
}

impl Pieces<'_> {
    /// Puts all pieces of `payload`, in order.
    pub(super) fn put(&self, shelf: &dyn Shelf, payload: &[u8]) -> Result<(), StoreError> {
        let count = u32::try_from(payload.len().div_ceil(PAYLOAD_MAX).max(1))
            .map_err(|_| StoreError::refused("a payload may have at most 128 TB"))?;
        for index in 0..count {
            let start = index as usize * PAYLOAD_MAX;
            let piece = &payload[start..payload.len().min(start + PAYLOAD_MAX)];
            let key = piece_key(self.prefix, index);
            shelf.put(&key, self.frame(index, count, piece).encode(&key, piece))?;
        }
        Ok(())
    }

    fn frame(&self, index: u32, count: u32, piece: &[u8]) -> Frame {
        Frame {
            kind: self.kind,
            flags: 0,
            store: self.store,
            index,
            count,
            length: piece.len() as u32,
            sequence: self.sequence,
        }
    }
}

/// The key of a piece: the prefix, then its number.
pub(super) fn piece_key(prefix: &[u8], index: u32) -> Vec<u8> {
    [prefix, &index.to_be_bytes()].concat()
}

/// Splits a piece's key into its prefix without the sequence, the sequence and the
/// number of the piece.
pub(super) fn split_key(key: &[u8]) -> Option<(&[u8], u64, u32)> {
    let (rest, index) = key.split_last_chunk::<4>()?;
    let (prefix, sequence) = rest.split_last_chunk::<8>()?;
    Some((
        prefix,
        u64::from_be_bytes(*sequence),
        u32::from_be_bytes(*index),
    ))
}

/// Puts the pieces of one payload together again.
pub(super) struct Assembly {
    /// The sequence of the payload.
    pub sequence: u64,
    kind: Kind,
    store: u32,
    count: u32,
    seen: u32,
    payload: Vec<u8>,
}

impl Assembly {
    /// Nothing seen yet of the payload of `sequence`.
    pub(super) fn new(kind: Kind, store: u32, sequence: u64) -> Self {
        Assembly {
            sequence,
            kind,
            store,
            count: 0,
            seen: 0,
            payload: Vec::new(),
        }
    }

    /// Takes the next piece; true when the payload is whole.
    pub(super) fn add(&mut self, key: &[u8], value: &[u8]) -> Result<bool, StoreError> {
        let (frame, payload) = Frame::decode(key, value)?;
        self.check(&frame, payload)
            .map_err(|what| StoreError::damaged(format!("record {}", key.escape_ascii()), what))?;
        self.count = frame.count;
        self.seen += 1;
        self.payload.extend_from_slice(payload);
        Ok(self.is_whole())
    }

    fn check(&self, frame: &Frame, payload: &[u8]) -> Result<(), String> {
        if frame.store != self.store {
            return Err("belongs to another data directory".into());
        }
        if frame.kind != self.kind || frame.sequence != self.sequence {
            return Err("stands in the place of another record".into());
        }
        if frame.index != self.seen || (self.seen > 0 && frame.count != self.count) {
            return Err(format!("piece {} is missing before it", self.seen));
        }
        if frame.length as usize != payload.len() || frame.index >= frame.count {
            return Err("contradicts its own header".into());
        }
        Ok(())
    }

    /// Whether all pieces have been seen.
    pub(super) fn is_whole(&self) -> bool {
        self.seen > 0 && self.seen == self.count
    }

    /// The payload so far.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.payload
    }
}
