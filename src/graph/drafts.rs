//! What has been said about records while a graph is being built? Not for: the finished graph.

use super::cells::Cells;
use super::ints::Series;
use crate::ontology::Property;
use crate::value::{Cell, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;

/// Values given to records: new ones by their number from `first` on, older ones as exceptions.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    /// The first draft that is new.
    first: u32,
    /// By property.
    pub(crate) columns: Vec<DraftColumn>,
    /// Codes of lists of references; -1 where none were given.
    references: Series,
    references_again: FxHashMap<u32, i64>,
}

/// The values given of one property.
#[derive(Debug)]
pub(crate) struct DraftColumn {
    /// Values of new drafts by number; null where none was given.
    cells: Cells,
    /// Values given to older drafts, or a second time, or given as null.
    again: Cells,
    moved: FxHashMap<u32, u32>,
}

impl Drafts {
    /// Nothing given yet; drafts below `first` are older.
    pub(crate) fn new(properties: &[Property], first: u32) -> Self {
        let column = |property| DraftColumn {
            cells: Cells::new(property),
            again: Cells::new(property),
            moved: FxHashMap::default(),
        };
        Self {
            first,
            columns: properties.iter().map(column).collect(),
            ..Self::default()
        }
    }

    /// The value given of a property, null included.
    pub(crate) fn given(&self, draft: u32, property: usize) -> Option<Cell<'_>> {
        self.columns.get(property)?.given(draft, self.first)
    }

    /// Gives a value, in place of one given before.
    pub(crate) fn set(&mut self, draft: u32, property: usize, cell: Cell<'_>) {
        if let Some(column) = self.columns.get_mut(property) {
            column.set(draft, self.first, cell);
        }
    }

    /// Gives a list of references by its code.
    pub(crate) fn cite(&mut self, draft: u32, code: i64) {
        match draft.checked_sub(self.first) {
            Some(position) if position as usize >= self.references.len() => {
                let missing = position as usize - self.references.len();
                (0..missing).for_each(|_| self.references.push(-1));
                self.references.push(code);
            }
            _ => drop(self.references_again.insert(draft, code)),
        }
    }

    /// The code of the list of references given.
    pub(crate) fn cited(&self, draft: u32) -> Option<i64> {
        if let Some(code) = self.references_again.get(&draft) {
            return Some(*code);
        }
        let position = draft.checked_sub(self.first)? as usize;
        let code = (position < self.references.len()).then(|| self.references.at(position));
        code.filter(|code| *code >= 0)
    }

    /// The older drafts to which something was given.
    pub(crate) fn older(&self) -> FxHashSet<u32> {
        let moved = self.columns.iter().flat_map(|c| c.moved.keys());
        let all = moved.chain(self.references_again.keys()).copied();
        all.filter(|draft| *draft < self.first).collect()
    }

    /// Whether any draft was given a value of a property.
    pub(crate) fn has(&self, property: usize) -> bool {
        let column = self.columns.get(property);
        column.is_some_and(|c| c.cells.len + c.again.len > 0)
    }

    /// Forgets a property's values.
    pub(crate) fn drop_column(&mut self, property: usize) {
        if let Some(column) = self.columns.get_mut(property) {
            column.cells = column.cells.emptied();
            column.again = column.again.emptied();
            column.moved = FxHashMap::default();
        }
    }
}

impl DraftColumn {
    fn given(&self, draft: u32, first: u32) -> Option<Cell<'_>> {
        if !self.moved.is_empty()
            && let Some(position) = self.moved.get(&draft)
        {
            return Some(self.again.cell(*position as usize));
        }
        let cell = self.cells.cell(draft.checked_sub(first)? as usize);
        (!cell.is_null()).then_some(cell)
    }

    fn set(&mut self, draft: u32, first: u32, cell: Cell<'_>) {
        match draft.checked_sub(first) {
            Some(position) if position as usize >= self.cells.len && !cell.is_null() => {
                self.cells.push_nulls(position as usize - self.cells.len);
                self.cells.push(cell);
            }
            _ => {
                self.moved.insert(draft, self.again.len as u32);
                self.again.push(cell);
            }
        }
    }
}

/// Localized texts with later ones laid over earlier ones, language by language.
pub(crate) fn merged(earlier: Cell<'_>, later: Cell<'_>) -> Value {
    let (Cell::Texts(old), Cell::Texts(new)) = (earlier, later) else {
        return later.to_value();
    };
    let all: BTreeMap<&str, &str> = old.iter().chain(new.iter()).collect();
    Value::Texts(all.into_iter().map(|(l, t)| (l.into(), t.into())).collect())
}
