//! Which of many rows have something changed? Not for: rows that nearly all have.

use std::sync::Arc;

const BITS: usize = 6;
const WIDTH: usize = 1 << BITS;

type Leaf<T> = [Option<T>; WIDTH];
type Page<T> = [Option<Arc<Leaf<T>>>; WIDTH];

/// A sparse array that shares what is the same with its clones: a change of one entry copies two
/// small pages and a root of one pointer for each 4,096 rows. An absent page tells at once that
/// none of its rows has an entry.
#[derive(Clone, Debug)]
pub(crate) struct Pages<T> {
    root: Arc<Vec<Option<Arc<Page<T>>>>>,
    len: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self {
            root: Arc::default(),
            len: 0,
        }
    }
}

impl<T: Clone> Pages<T> {
    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The entry of a row.
    #[inline]
    pub(crate) fn at(&self, row: u32) -> Option<&T> {
        let row = row as usize;
        let page = self.root.get(row >> (2 * BITS))?.as_ref()?;
        let leaf = page[row >> BITS & (WIDTH - 1)].as_ref()?;
        leaf[row & (WIDTH - 1)].as_ref()
    }

    /// Puts an entry in place of the one that the row had.
    pub(crate) fn put(&mut self, row: u32, entry: T) {
        let row = row as usize;
        let root = Arc::make_mut(&mut self.root);
        if root.len() <= row >> (2 * BITS) {
            root.resize(1 + (row >> (2 * BITS)), None);
        }
        let page = root[row >> (2 * BITS)].get_or_insert_with(|| Arc::new([const { None }; WIDTH]));
        let leaf = Arc::make_mut(page)[row >> BITS & (WIDTH - 1)]
            .get_or_insert_with(|| Arc::new([const { None }; WIDTH]));
        let entry = Arc::make_mut(leaf)[row & (WIDTH - 1)].replace(entry);
        self.len += usize::from(entry.is_none());
    }

    /// All entries with their rows, in order of the rows.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        let pages = self.root.iter().enumerate();
        let leaves = pages.flat_map(|(i, page)| {
            let leaves = page.iter().flat_map(|page| page.iter().enumerate());
            leaves.map(move |(j, leaf)| (i << BITS | j, leaf))
        });
        leaves.flat_map(|(i, leaf)| {
            let entries = leaf.iter().flat_map(|leaf| leaf.iter().enumerate());
            entries.filter_map(move |(j, entry)| Some(((i << BITS | j) as u32, entry.as_ref()?)))
        })
    }
}
