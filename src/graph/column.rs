//! What are the values of one property, whatever was changed since the base was built?
//! Not for: how they lie in memory (`cells`).

use super::cells::{Cells, Data};
use super::ints::Series;
use super::pages::Pages;
use super::references::{Interner, Reference, ReferenceLists};
use crate::value::{Cell, Value};
use std::sync::Arc;

/// What a changed or added record consists of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Content {
    /// One value for each property.
    pub(crate) values: Box<[Value]>,
    pub(crate) references: Arc<[Reference]>,
    pub(crate) changed: u64,
}

/// Changed, added and (as `None`) removed records by row.
pub(crate) type Contents = Pages<Option<Arc<Content>>>;

/// What the records of a base consist of.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Records {
    /// By property; none where no record has a value.
    pub(crate) columns: Vec<Option<Cells>>,
    /// Codes of lists of references.
    pub(crate) references: Series,
    /// Revisions of the last change.
    pub(crate) changed: Series,
}

impl Records {
    /// The revision that last changed a record of this base with an overlay.
    pub(crate) fn changed(&self, over: Option<&Contents>, at: u32) -> u64 {
        match over.and_then(|over| over.at(at)) {
            Some(content) => content.as_ref().map_or(0, |content| content.changed),
            None => self.changed.at(at as usize) as u64,
        }
    }

    /// Where a record of this base with an overlay is taken from.
    pub(crate) fn references<'a>(
        &self,
        over: Option<&'a Contents>,
        lists: &'a ReferenceLists,
        at: u32,
    ) -> &'a [Reference] {
        match over.and_then(|over| over.at(at)) {
            Some(content) => content.as_ref().map_or(&[], |content| &content.references),
            None => lists.at(self.references.at(at as usize)),
        }
    }

    /// The code of the references of a record of this base with an overlay, whose lists are
    /// interned.
    pub(crate) fn code(&self, over: Option<&Contents>, interner: &Interner, at: u32) -> i64 {
        match over.and_then(|over| over.at(at)) {
            Some(content) => {
                let list = content
                    .as_ref()
                    .map_or(&[][..], |content| &content.references);
                interner.find(list).unwrap_or(0)
            }
            None => self.references.at(at as usize),
        }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let columns: usize = self.columns.iter().flatten().map(Cells::bytes).sum();
        columns + self.references.bytes() + self.changed.bytes()
    }
}

/// The values of one property of a node type or of a segment's edges.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    pub(crate) base: Option<&'a Cells>,
    pub(crate) over: Option<&'a Contents>,
    /// Languages that only changed records have.
    pub(crate) extra: &'a [Box<str>],
    pub(crate) property: usize,
}

impl<'a> Column<'a> {
    /// The value of a row (of edges: a position).
    #[inline]
    pub fn cell(self, row: u32) -> Cell<'a> {
        match self.over.and_then(|over| over.at(row)) {
            None => self.base.map_or(Cell::Null, |base| base.cell(row as usize)),
            Some(None) => Cell::Null,
            Some(Some(content)) => content
                .values
                .get(self.property)
                .map_or(Cell::Null, Value::as_cell),
        }
    }

    /// The languages that texts of this column have; empty if it is not localized.
    pub fn languages(self) -> Vec<&'a str> {
        let base = self.base.map_or(&[][..], tags);
        base.iter().chain(self.extra).map(|tag| &**tag).collect()
    }

    /// The text of a row in the first of some languages (positions in [`Column::languages`]) in
    /// which there is one, else in any; of a column that is not localized the string.
    #[inline]
    pub fn text(self, row: u32, languages: &[usize]) -> Option<&'a str> {
        match (self.over.and_then(|over| over.at(row)), self.base) {
            (None, Some(base)) => base_text(base, row as usize, languages),
            _ => self.changed_text(row, languages),
        }
    }

    fn changed_text(self, row: u32, languages: &[usize]) -> Option<&'a str> {
        match self.cell(row) {
            Cell::Str(text) => Some(text),
            Cell::Texts(texts) => {
                let tags = self.languages();
                let asked: Vec<&str> = languages
                    .iter()
                    .filter_map(|l| tags.get(*l).copied())
                    .collect();
                texts.first_of(&asked)
            }
            _ => None,
        }
    }

    /// Whether no row has a value, for sure.
    pub(crate) fn is_empty(self) -> bool {
        self.base.is_none() && self.over.is_none()
    }

    /// Whether every row has a value, for sure.
    pub(crate) fn is_full(self) -> bool {
        self.over.is_none() && self.base.is_some_and(|base| base.valid.is_none())
    }

    /// The values as they were when the base was built, if there were any.
    pub(crate) fn base(self) -> Option<&'a Cells> {
        self.base
    }

    /// The base's columns of strings in the order in which a text is looked for: in some languages
    /// (positions in [`Column::languages`]), then in any; of a column that is not localized itself.
    pub(crate) fn texts(self, languages: &[usize]) -> Box<[&'a Cells]> {
        match self.base.map(|base| (base, &base.data)) {
            Some((_, Data::Texts(texts))) => {
                let asked = languages.iter().filter_map(|l| texts.columns.get(*l));
                asked.chain(&texts.columns).collect()
            }
            base => base.map(|(base, _)| base).into_iter().collect(),
        }
    }
}

/// The languages of a base column.
pub(crate) fn tags(cells: &Cells) -> &[Box<str>] {
    match &cells.data {
        Data::Texts(texts) => &texts.languages,
        _ => &[],
    }
}

#[inline]
fn base_text<'a>(base: &'a Cells, row: usize, languages: &[usize]) -> Option<&'a str> {
    let Data::Texts(texts) = &base.data else {
        return base.str(row);
    };
    let asked = languages.iter().filter_map(|l| texts.columns.get(*l));
    let any = texts.columns.iter();
    asked.chain(any).find_map(|column| column.str(row))
}
