//! Which nodes of one concrete type are there, in which order? Not for: their edges (`segment`).

use super::changed_texts::ChangedTexts;
use super::column::{Column, Contents, Records};
use super::index::Permutation;
use super::pages::Pages;
use super::strings::Strings;
use super::texts::TextIndex;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

/// The nodes of one concrete type: a base that never changes, and what has changed since.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) base: Arc<TableBase>,
    pub(crate) over: Option<Arc<TableOver>>,
}

/// Nodes in order of their keys.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct TableBase {
    pub(crate) keys: Strings,
    pub(crate) records: Records,
    /// By property; none where there is no index.
    pub(crate) indexes: Vec<Option<Permutation>>,
    pub(crate) texts: TextIndex,
}

/// What has changed since the base was built.
#[derive(Clone, Debug, Default)]
pub(crate) struct TableOver {
    pub(crate) contents: Contents,
    /// Keys of added rows, which follow those of the base.
    pub(crate) keys: Pages<Arc<str>>,
    /// Live added rows in order of their keys.
    pub(crate) added: Arc<Vec<Added>>,
    /// The first row that was never used.
    pub(crate) next: u32,
    /// How many rows of the base are removed.
    pub(crate) removed: usize,
    /// By property: languages that the base has not.
    pub(crate) extra: Vec<Vec<Box<str>>>,
    /// By property: index entries of changed and added rows, as (row, item), in order of the values.
    pub(crate) entries: Vec<Arc<Vec<(u32, u32)>>>,
    /// Of types with texts that are searched for.
    pub(crate) texts: ChangedTexts,
}

/// An added row and its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Added {
    /// It stands before this row of the base.
    pub(crate) before: u32,
    pub(crate) row: u32,
}

impl Table {
    /// How many nodes there are.
    pub(crate) fn count(&self) -> usize {
        let base = self.base.keys.len();
        match &self.over {
            None => base,
            Some(over) => base - over.removed + over.added.len(),
        }
    }

    /// How many rows were ever used; every row is below.
    pub(crate) fn rows(&self) -> usize {
        match &self.over {
            None => self.base.keys.len(),
            Some(over) => over.next as usize,
        }
    }

    /// The key of a row; empty for a row that there is not.
    pub(crate) fn key(&self, row: u32) -> &str {
        if (row as usize) < self.base.keys.len() {
            return self.base.keys.at(row as usize);
        }
        let added = self.over.as_ref().and_then(|over| over.keys.at(row));
        added.map_or("", |key| key)
    }

    /// The row of a key.
    pub(crate) fn find(&self, key: &str) -> Option<u32> {
        let keys = &self.base.keys;
        let at = keys.lower_bound(key);
        if at < keys.len() && keys.at(at) == key && self.is_live(at as u32) {
            return Some(at as u32);
        }
        let over = self.over.as_ref()?;
        let at = over.added.partition_point(|a| self.key(a.row) < key);
        let row = over.added.get(at)?.row;
        (self.key(row) == key).then_some(row)
    }

    /// Whether a row's node exists.
    pub(crate) fn is_live(&self, row: u32) -> bool {
        match self.over.as_ref().and_then(|over| over.contents.at(row)) {
            None => (row as usize) < self.base.keys.len(),
            Some(content) => content.is_some(),
        }
    }

    /// Compares two rows by their keys.
    #[inline]
    pub(crate) fn order(&self, a: u32, b: u32) -> Ordering {
        if self.over.is_none() || (a.max(b) as usize) < self.base.keys.len() {
            a.cmp(&b)
        } else {
            self.key(a).cmp(self.key(b))
        }
    }

    /// The live rows in order of their keys.
    pub(crate) fn iter(&self) -> Rows<'_> {
        Rows {
            base: 0..self.base.keys.len() as u32,
            added: self.over.as_ref().map_or(&[], |over| &over.added),
            over: self.over.as_deref().map(|over| &over.contents),
        }
    }

    /// The live rows from the first whose key is not below `key`, in order of their keys.
    pub(crate) fn iter_from(&self, key: &str) -> Rows<'_> {
        let mut rows = self.iter();
        rows.base.start = self.base.keys.lower_bound(key) as u32;
        let skip = rows.added.partition_point(|a| self.key(a.row) < key);
        rows.added = &rows.added[skip..];
        rows
    }

    /// The live rows up to the last whose key is not above `key`, in order of their keys.
    pub(crate) fn iter_to(&self, key: &str) -> Rows<'_> {
        let mut rows = self.iter();
        let keys = &self.base.keys;
        let end = keys.lower_bound(key);
        let is_there = end < keys.len() && keys.at(end) == key;
        rows.base.end = (end + usize::from(is_there)) as u32;
        let keep = rows.added.partition_point(|a| self.key(a.row) <= key);
        rows.added = &rows.added[..keep];
        rows
    }

    /// What has changed since the base was built.
    pub(crate) fn contents(&self) -> Option<&Contents> {
        self.over.as_ref().map(|over| &over.contents)
    }

    /// The values of a property.
    pub(crate) fn column(&self, property: usize) -> Column<'_> {
        let base = self.base.records.columns.get(property);
        let over = self.over.as_deref();
        let extra = over.and_then(|over| over.extra.get(property));
        Column {
            base: base.and_then(Option::as_ref),
            over: over.map(|over| &over.contents),
            extra: extra.map_or(&[], |extra| extra),
            property,
        }
    }
}

/// Live rows of a table in order of their keys.
#[derive(Clone, Debug)]
pub(crate) struct Rows<'a> {
    base: Range<u32>,
    added: &'a [Added],
    over: Option<&'a Contents>,
}

impl Rows<'_> {
    fn is_removed(&self, row: u32) -> bool {
        let content = self.over.and_then(|over| over.at(row));
        matches!(content, Some(None))
    }
}

impl Iterator for Rows<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        loop {
            if let Some((first, rest)) = self.added.split_first()
                && first.before <= self.base.start
            {
                self.added = rest;
                return Some(first.row);
            }
            let row = self.base.next()?;
            if !self.is_removed(row) {
                return Some(row);
            }
        }
    }

    fn nth(&mut self, n: usize) -> Option<u32> {
        if self.over.is_none() {
            return self.base.nth(n);
        }
        (0..n).try_for_each(|_| self.next().map(drop))?;
        self.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let most = self.base.len() + self.added.len();
        let least = if self.over.is_none() {
            most
        } else {
            self.added.len()
        };
        (least, Some(most))
    }
}

impl DoubleEndedIterator for Rows<'_> {
    fn next_back(&mut self) -> Option<u32> {
        loop {
            if let Some((last, rest)) = self.added.split_last()
                && last.before >= self.base.end
            {
                self.added = rest;
                return Some(last.row);
            }
            let row = self.base.next_back()?;
            if !self.is_removed(row) {
                return Some(row);
            }
        }
    }
}

impl TableBase {
    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let indexes: usize = self.indexes.iter().flatten().map(Permutation::bytes).sum();
        self.keys.bytes() + self.records.bytes() + indexes
    }
}
