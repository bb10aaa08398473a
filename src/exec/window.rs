//! Which part of the matches is asked for? Relay's algorithm: cursors, then `first`, then `last`. Not
//! for: finding the matches (`candidates`).

use super::order::{SortCell, order_rows};
use super::rows::Page;
use super::{Item, Run, Stop};
use crate::plan::{Collection, Connection, SortKey, Window};
use std::ops::{ControlFlow, Range};

/// What must be known of the whole beside the part.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    /// How many there are in all.
    pub(super) total: bool,
    /// Whether the part itself is needed, or what lies before and after it.
    pub(super) rows: bool,
    /// Whether there are any after the part.
    pub(super) next: bool,
    /// Whether there are any before the part.
    pub(super) previous: bool,
    /// Whether all matches are needed, to aggregate or group them.
    pub(super) all: bool,
}

impl Wanted {
    pub(super) fn of(connection: &Connection) -> Self {
        Self {
            total: connection.counts,
            rows: connection.rows || connection.next || connection.previous,
            next: connection.next,
            previous: connection.previous,
            all: !connection.groups.is_empty()
                || connection.aggregates.iter().any(|a| a.figures > 0),
        }
    }

    /// Whether only the number of all is asked.
    pub(super) fn is_total(&self) -> bool {
        self.total && !self.rows && !self.all
    }

    pub(super) const LIST: Self = Self {
        total: false,
        rows: true,
        next: false,
        previous: false,
        all: false,
    };
}

/// How many matches in the order of ids are enough, if a prefix of them is.
pub(super) fn enough(collection: &Collection, wanted: Wanted) -> Option<usize> {
    let Window {
        first,
        last,
        after,
        before,
        offset,
    } = &collection.window;
    let prefix =
        collection.sort.is_empty() && last.is_none() && after.is_none() && before.is_none();
    if !prefix || wanted.total || wanted.all {
        return None;
    }
    first.map(|first| first.saturating_add(*offset).saturating_add(1))
}

/// Collects up to so many records.
pub(super) fn collector(
    items: &mut Vec<Item>,
    enough: Option<usize>,
) -> impl FnMut(Item) -> Result<ControlFlow<()>, Stop> {
    move |item| {
        items.push(item);
        let full = enough.is_some_and(|enough| items.len() >= enough);
        Ok(if full {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    }
}

impl Run<'_> {
    /// The part of the matches (in the order of ids) that a window shows, in the order asked for.
    pub(super) fn window(
        &self,
        items: Vec<Item>,
        collection: &Collection,
        wanted: Wanted,
    ) -> Result<(Vec<Item>, Page), Stop> {
        let total = items.len();
        let window = &collection.window;
        if !wanted.rows {
            return Ok((
                Vec::new(),
                Page {
                    total: total as u64,
                    ..Page::default()
                },
            ));
        }
        let mut items = self.sorted(items, &collection.sort, window)?;
        let range = self.range(&items, &collection.sort, window)?;
        let page = Page {
            total: total as u64,
            next: range.end < total,
            previous: range.start > 0,
        };
        items.truncate(range.end);
        items.drain(..range.start);
        Ok((items, page))
    }

    fn sorted(
        &self,
        items: Vec<Item>,
        keys: &[SortKey],
        window: &Window,
    ) -> Result<Vec<Item>, Stop> {
        if keys.is_empty() || items.len() < 2 {
            return Ok(items);
        }
        self.budget.sorted(items.len())?;
        let width = keys.len();
        let mut cells = Vec::with_capacity(items.len() * width);
        for item in &items {
            self.budget.spend(width as u64)?;
            self.sort_row(*item, keys, &mut cells)?;
        }
        let row = |at: u32| &cells[at as usize * width..(at as usize + 1) * width];
        let order = |a: &u32, b: &u32| order_rows(row(*a), row(*b), keys).then(a.cmp(b));
        let mut places: Vec<u32> = (0..items.len() as u32).collect();
        match top(window) {
            Some(top) if top < places.len() => {
                places.select_nth_unstable_by(top, order);
                places[..top].sort_unstable_by(order);
            }
            _ => places.sort_unstable_by(order),
        }
        Ok(places.into_iter().map(|at| items[at as usize]).collect())
    }

    fn range(
        &self,
        items: &[Item],
        keys: &[SortKey],
        window: &Window,
    ) -> Result<Range<usize>, Stop> {
        let mut range = 0..items.len();
        if let Some(after) = &window.after {
            range.start = self.split(items, keys, |run, row, item| {
                run.order_to_cursor(row, item, after, keys).is_le()
            })?;
        }
        if let Some(before) = &window.before {
            range.end = self.split(items, keys, |run, row, item| {
                run.order_to_cursor(row, item, before, keys).is_lt()
            })?;
        }
        range.end = range.end.max(range.start);
        range.start = range.start.saturating_add(window.offset).min(range.end);
        if let Some(first) = window.first {
            range.end = range.end.min(range.start.saturating_add(first));
        }
        if let Some(last) = window.last {
            range.start = range.start.max(range.end.saturating_sub(last));
        }
        Ok(range)
    }

    /// The first record of which a condition, true of a prefix, is not true.
    fn split<'s>(
        &'s self,
        items: &[Item],
        keys: &[SortKey],
        is_before: impl Fn(&Self, &[SortCell<'s>], Item) -> bool,
    ) -> Result<usize, Stop> {
        let (mut low, mut high) = (0, items.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let mut row = Vec::with_capacity(keys.len());
            self.sort_row(items[middle], keys, &mut row)?;
            if is_before(self, &row, items[middle]) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        Ok(low)
    }
}

/// How many of the order's start a window can show, if it shows only that.
fn top(window: &Window) -> Option<usize> {
    let from_start = window.last.is_none() && window.after.is_none() && window.before.is_none();
    from_start.then_some(window.first?.saturating_add(window.offset))
}
