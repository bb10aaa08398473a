//! How is an index built? Texts row by row; then all terms in order. Not for: which terms a text has
//! (`terms`).

use super::fold::Folded;
use super::index::Index;
use super::postings::{Postings, push};
use super::terms;
use hashbrown::HashTable;
use std::hash::BuildHasher;
use std::ops::Range;

/// Collects the terms of rows. Memory: about three times that of the index.
#[derive(Default)]
pub struct Builder {
    table: HashTable<u32>,
    /// All terms, one after the other.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    postings: Vec<Postings>,
    folded: Folded,
    term: Vec<u8>,
}

fn hash_of(term: &[u8]) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(term)
}

fn span(ends: &[usize], at: u32) -> Range<usize> {
    let at = at as usize;
    at.checked_sub(1).map_or(0, |before| ends[before])..ends[at]
}

impl Builder {
    /// Adds a text of a row; rows come in increasing order.
    pub fn add(&mut self, row: u32, text: &str) {
        let mut term = std::mem::take(&mut self.term);
        let mut folded = std::mem::take(&mut self.folded);
        folded.fill(text);
        terms::each(&folded, &mut term, &mut |term| self.post(term, row));
        (self.term, self.folded) = (term, folded);
    }

    fn post(&mut self, term: &[u8], row: u32) {
        let (bytes, ends) = (&self.bytes, &self.ends);
        let own = |at: &u32| &bytes[span(ends, *at)] == term;
        let at = match self.table.find(hash_of(term), own) {
            Some(at) => *at,
            None => self.intern(term),
        };
        self.postings[at as usize].add(row);
    }

    fn intern(&mut self, term: &[u8]) -> u32 {
        let at = self.ends.len() as u32;
        self.bytes.extend_from_slice(term);
        self.ends.push(self.bytes.len());
        self.postings.push(Postings::default());
        let (bytes, ends) = (&self.bytes, &self.ends);
        let hash = |at: &u32| hash_of(&bytes[span(ends, *at)]);
        self.table.insert_unique(hash_of(term), at, hash);
        at
    }

    /// The index over all that was added, for `rows` rows, of fields that are named so.
    ///
    /// # Errors
    /// None that is known.
    pub fn finish(self, rows: u32, fields: &str) -> Result<Index, String> {
        let term = |at: u32| &self.bytes[span(&self.ends, at)];
        let mut order: Vec<u32> = (0..self.ends.len() as u32).collect();
        order.sort_unstable_by(|a, b| term(*a).cmp(term(*b)));
        let mut lists = Vec::new();
        let mut dictionary = fst::MapBuilder::memory();
        for at in order {
            let own = &self.postings[at as usize];
            let value = match own.count {
                1 => u64::from(own.first) << 1 | 1,
                _ => {
                    let place = (lists.len() as u64) << 1;
                    push(&mut lists, own.count);
                    push(&mut lists, own.first);
                    lists.extend_from_slice(&own.rest);
                    place
                }
            };
            dictionary
                .insert(term(at), value)
                .map_err(|e| e.to_string())?;
        }
        let dictionary = dictionary.into_inner().map_err(|e| e.to_string())?;
        Index::new(rows, fields, dictionary, lists)
    }
}
