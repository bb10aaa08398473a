//! Which nodes have this value, prefix or range? Not for: words within texts (`search`).

use super::cells::{Cells, Data};
use super::column::Contents;
use super::table::Table;
use crate::ontology::{NodeType, Ontology, TypeId};
use crate::value::{Cell, Value};
use std::cmp::Ordering;
use std::ops::Bound;

/// Positions of values in order of the values, then positions: of the column itself, of a list's
/// items, or of each language's column. Nulls are left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Permutation {
    pub(crate) parts: Vec<Vec<u32>>,
}

impl Permutation {
    /// Sorts the values of a column. Cost: n log n.
    pub(crate) fn new(cells: &Cells) -> Self {
        let parts = parts_of(cells).into_iter().map(sorted).collect();
        Self { parts }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.parts.iter().map(|part| part.capacity() * 4).sum()
    }
}

/// Whether a property has an index: if it is searched, or in a unique set of its type or of an
/// interface.
pub(crate) fn is_indexed(ontology: &Ontology, of: &NodeType, property: usize) -> bool {
    let declared = &of.properties[property];
    let in_set = |of: &NodeType, at: usize| of.unique.iter().any(|set| set.contains(&at));
    let in_interface = |interface: &TypeId| {
        let interface = ontology.node_type(*interface);
        let at = interface.property(&declared.name);
        at.is_some_and(|at| interface.properties[at].unique || in_set(interface, at))
    };
    let by_itself = declared.search || declared.unique || in_set(of, property);
    by_itself || of.interfaces.iter().any(in_interface)
}

/// The columns in which values are looked up.
pub(crate) fn parts_of(cells: &Cells) -> Vec<&Cells> {
    match &cells.data {
        Data::Texts(texts) => texts.columns.iter().collect(),
        Data::List(_, items) => vec![&**items],
        _ => vec![cells],
    }
}

fn sorted(cells: &Cells) -> Vec<u32> {
    let cell = |at: u32| cells.cell(at as usize);
    let positions = || (0..cells.len as u32).filter(|at| cells.has(*at as usize));
    let skip = common_prefix(positions().map(cell));
    let mut keyed: Vec<(u64, u32)> = positions().map(|at| (rough(cell(at), skip), at)).collect();
    keyed.sort_unstable_by(|a, b| {
        let fine = || cell(a.1).order(cell(b.1)).then(a.1.cmp(&b.1));
        a.0.cmp(&b.0).then_with(fine)
    });
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// How many bytes all strings begin with; 0 for other values.
fn common_prefix<'a>(mut cells: impl Iterator<Item = Cell<'a>>) -> usize {
    let Some(Cell::Str(first)) = cells.next() else {
        return 0;
    };
    let mut common = first.as_bytes();
    for cell in cells {
        let Cell::Str(text) = cell else { return 0 };
        if !text.as_bytes().starts_with(common) {
            let pairs = common.iter().zip(text.as_bytes());
            common = &common[..pairs.take_while(|(a, b)| a == b).count()];
        }
    }
    common.len()
}

/// A number that is never greater for a lower value, so that most comparisons end with it; of
/// strings the bytes after those that all begin with.
fn rough(cell: Cell<'_>, skip: usize) -> u64 {
    match cell {
        Cell::Str(text) => {
            let rest = text.as_bytes().get(skip..).unwrap_or_default();
            let mut bytes = [0; 8];
            let len = rest.len().min(8);
            bytes[..len].copy_from_slice(&rest[..len]);
            u64::from_be_bytes(bytes)
        }
        Cell::Int(value) => (value as u64) ^ (1 << 63),
        Cell::DateTime(value) => (value.0 as u64) ^ (1 << 63),
        _ => 0,
    }
}

/// The values of a property in order.
#[derive(Clone, Copy, Debug)]
pub struct Index<'a> {
    base: Option<(&'a Cells, &'a Permutation)>,
    /// Changed and added records, and their entries in order of the values.
    over: Option<(&'a Contents, &'a [(u32, u32)])>,
    property: usize,
}

impl<'a> Index<'a> {
    pub(crate) fn of(table: &'a Table, property: usize) -> Self {
        let base = table.base.records.columns.get(property);
        let base = base.and_then(Option::as_ref);
        let permutation = table.base.indexes.get(property).and_then(Option::as_ref);
        let over = table.over.as_deref().map(|over| {
            let entries = over.entries.get(property);
            (&over.contents, entries.map_or(&[][..], |entries| entries))
        });
        Self {
            base: base.zip(permutation),
            over,
            property,
        }
    }

    /// The rows that have a value (of a list or localized text: one of theirs).
    pub fn equal(self, value: Cell<'_>) -> Matches<'a> {
        self.matches(|cell| cell.order(value))
    }

    /// The rows that have a string that starts with a prefix.
    pub fn prefix(self, prefix: &str) -> Matches<'a> {
        self.matches(|cell| match cell {
            Cell::Str(text) if text.starts_with(prefix) => Ordering::Equal,
            Cell::Str(text) => text.cmp(prefix),
            other => other.order(Cell::Str(prefix)),
        })
    }

    /// The rows that have a value in a range of the total order ([`Cell::order`]).
    pub fn range(self, lower: Bound<Cell<'_>>, upper: Bound<Cell<'_>>) -> Matches<'a> {
        let below = |cell: Cell<'_>| match lower {
            Bound::Included(lower) => cell.order(lower).is_lt(),
            Bound::Excluded(lower) => cell.order(lower).is_le(),
            Bound::Unbounded => false,
        };
        let above = |cell: Cell<'_>| match upper {
            Bound::Included(upper) => cell.order(upper).is_gt(),
            Bound::Excluded(upper) => cell.order(upper).is_ge(),
            Bound::Unbounded => false,
        };
        self.matches(|cell| match cell {
            cell if below(cell) => Ordering::Less,
            cell if above(cell) => Ordering::Greater,
            _ => Ordering::Equal,
        })
    }

    /// The rows that have a value.
    pub fn all(self) -> Matches<'a> {
        self.matches(|_| Ordering::Equal)
    }

    /// The rows in order of their values, from the first that is not before `from`; of a property
    /// with one value at most. Rows of equal value come in any order.
    pub fn in_order(
        self,
        from: Option<Cell<'_>>,
        descending: bool,
    ) -> impl Iterator<Item = u32> + 'a {
        let found = match from {
            Some(from) if descending => self.range(Bound::Unbounded, Bound::Included(from)),
            Some(from) => self.range(Bound::Included(from), Bound::Unbounded),
            None => self.all(),
        };
        let base = found.parts.first().copied().unwrap_or_default();
        let over = found.over;
        let base = base.iter().copied();
        let base = base.filter(move |row| over.is_none_or(|over| over.at(*row).is_none()));
        let entries = found.entries.iter().copied();
        Merged {
            index: self,
            base: turned(base, descending),
            entries: turned(entries, descending),
            descending,
        }
    }

    /// The value of an unchanged row.
    fn base_cell(&self, row: u32) -> Cell<'a> {
        self.base
            .map_or(Cell::Null, |(cells, _)| cells.cell(row as usize))
    }

    /// The rows whose value lies where `place` says equal; it must be monotone in the value.
    fn matches(self, place: impl Fn(Cell<'_>) -> Ordering) -> Matches<'a> {
        let parts = self.base.into_iter().flat_map(|(cells, permutation)| {
            let parts = parts_of(cells).into_iter().zip(&permutation.parts);
            parts.map(|(part, entries)| {
                let at = |entry: &u32| place(part.cell(*entry as usize));
                let start = entries.partition_point(|entry| at(entry).is_lt());
                prefix(&entries[start..], |entry| at(entry).is_eq())
            })
        });
        Matches {
            parts: parts.collect(),
            list: self.base.and_then(|(cells, _)| list_ends(cells)),
            over: self.over.map(|(contents, _)| contents),
            entries: self.changed(place),
        }
    }

    fn changed(self, place: impl Fn(Cell<'_>) -> Ordering) -> &'a [(u32, u32)] {
        let Some((contents, entries)) = self.over else {
            return &[];
        };
        let at = |entry: &(u32, u32)| place(item(contents, self.property, *entry));
        let start = entries.partition_point(|entry| at(entry).is_lt());
        prefix(&entries[start..], |entry| at(entry).is_eq())
    }
}

/// The first entries, of which alone something holds. Cost: the logarithm of their number.
fn prefix<T>(entries: &[T], holds: impl Fn(&T) -> bool) -> &[T] {
    let mut bound = 1;
    while entries.get(bound - 1).is_some_and(&holds) {
        bound *= 2;
    }
    let within = &entries[..bound.min(entries.len())];
    &within[..within.partition_point(holds)]
}

type Turned<'a, T> = std::iter::Peekable<Box<dyn Iterator<Item = T> + 'a>>;

fn turned<'a, T>(items: impl DoubleEndedIterator<Item = T> + 'a, backwards: bool) -> Turned<'a, T> {
    let items: Box<dyn Iterator<Item = T>> = if backwards {
        Box::new(items.rev())
    } else {
        Box::new(items)
    };
    items.peekable()
}

/// Unchanged and changed rows together in order of their values.
struct Merged<'a> {
    index: Index<'a>,
    base: Turned<'a, u32>,
    entries: Turned<'a, (u32, u32)>,
    descending: bool,
}

impl Iterator for Merged<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (Some(row), Some(entry)) = (self.base.peek(), self.entries.peek()) else {
            let changed = self.entries.next().map(|(row, _)| row);
            return changed.or_else(|| self.base.next());
        };
        let contents = self.index.over.map(|(contents, _)| contents);
        let changed = contents.map_or(Cell::Null, |c| item(c, self.index.property, *entry));
        let order = self.index.base_cell(*row).order(changed);
        let order = if self.descending {
            order.reverse()
        } else {
            order
        };
        if order.is_gt() {
            self.entries.next().map(|(row, _)| row)
        } else {
            self.base.next()
        }
    }
}

fn list_ends(cells: &Cells) -> Option<&[u32]> {
    match &cells.data {
        Data::List(ends, _) => Some(ends),
        _ => None,
    }
}

/// The value that an index entry of a changed record stands for.
pub(crate) fn item(contents: &Contents, property: usize, (row, item): (u32, u32)) -> Cell<'_> {
    let content = contents.at(row).and_then(Option::as_ref);
    let value = content.and_then(|content| content.values.get(property));
    match value {
        Some(Value::List(items)) => items.get(item as usize).map_or(Cell::Null, Value::as_cell),
        Some(Value::Texts(texts)) => texts
            .get(item as usize)
            .map_or(Cell::Null, |(_, text)| Cell::Str(text)),
        Some(value) => value.as_cell(),
        None => Cell::Null,
    }
}

/// What an index has found.
#[derive(Clone, Debug)]
pub struct Matches<'a> {
    parts: Vec<&'a [u32]>,
    /// Of a list: where each row's items end.
    list: Option<&'a [u32]>,
    over: Option<&'a Contents>,
    entries: &'a [(u32, u32)],
}

impl<'a> Matches<'a> {
    /// How many rows there are at most.
    pub fn len(&self) -> usize {
        let base: usize = self.parts.iter().map(|part| part.len()).sum();
        base + self.entries.len()
    }

    /// Whether there are none for sure.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows, those that have not changed since the base was built first, each half in order of
    /// the values within each language; a row may come again for another language or item.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let list = self.list;
        let row = move |entry: &u32| match list {
            Some(ends) => ends.partition_point(|end| end <= entry) as u32,
            None => *entry,
        };
        let base = self.parts.iter().flat_map(|part| part.iter()).map(row);
        let unchanged = base.filter(|row| self.over.is_none_or(|over| over.at(*row).is_none()));
        unchanged.chain(self.entries.iter().map(|(row, _)| *row))
    }
}
