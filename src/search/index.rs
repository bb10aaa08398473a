//! What does an index consist of? A dictionary of terms, and for each the rows that have it. Not for:
//! which terms a pattern looks up (`find`).

use super::postings::take;
use fst::{IntoStreamer, Map, Streamer};

/// The version of the terms and of the form of an index: one of another version is built anew.
pub const VERSION: u32 = 1;

/// Says which rows may match a pattern. Never changes.
pub struct Index {
    pub(super) rows: u32,
    fields: Box<str>,
    /// Terms, each with its only row and a bit, or with the place of its rows in `lists`.
    pub(super) terms: Map<Vec<u8>>,
    lists: Vec<u8>,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut debug = f.debug_struct("Index");
        debug
            .field("rows", &self.rows)
            .field("terms", &self.terms.len());
        debug.finish_non_exhaustive()
    }
}

impl Index {
    /// Of its parts, as [`Index::parts`] gives them.
    ///
    /// # Errors
    /// If the dictionary is none.
    pub fn new(rows: u32, fields: &str, terms: Vec<u8>, lists: Vec<u8>) -> Result<Self, String> {
        Ok(Self {
            rows,
            fields: fields.into(),
            terms: Map::new(terms).map_err(|error| error.to_string())?,
            lists,
        })
    }

    /// The bytes of the dictionary and of the lists of rows.
    pub fn parts(&self) -> (&[u8], &[u8]) {
        (self.terms.as_fst().as_bytes(), &self.lists)
    }

    /// How many rows it is about.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Which fields it is about, as they were named when it was built.
    pub fn fields(&self) -> &str {
        &self.fields
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        self.terms.as_fst().as_bytes().len() + self.lists.len()
    }

    /// The lists of the terms that begin so.
    pub(super) fn beginning_with(&self, start: &[u8]) -> Vec<u64> {
        let mut found = Vec::new();
        let mut terms = self.terms.range().ge(start).into_stream();
        while let Some((term, value)) = terms.next() {
            if !term.starts_with(start) {
                break;
            }
            found.push(value);
        }
        found
    }

    /// How many rows a list has.
    pub(super) fn count(&self, list: u64) -> usize {
        match list & 1 {
            1 => 1,
            _ => take(&mut self.list(list)) as usize,
        }
    }

    fn list(&self, list: u64) -> &[u8] {
        self.lists.get((list >> 1) as usize..).unwrap_or_default()
    }

    /// Calls for each row of a list, in increasing order.
    #[inline]
    pub(super) fn each(&self, list: u64, mut each: impl FnMut(u32)) {
        if list & 1 == 1 {
            return each((list >> 1) as u32);
        }
        let mut bytes = self.list(list);
        let count = take(&mut bytes);
        let mut row = 0u32;
        for _ in 0..count {
            row = row.wrapping_add(take(&mut bytes));
            each(row);
        }
    }
}
