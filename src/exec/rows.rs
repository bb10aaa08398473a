//! What comes out of a run? Records in groups, one for each parent. Not for: their bytes (`api`).

use super::Item;
use crate::plan::Slot;

/// The rows of one root field.
#[derive(Debug)]
pub enum RootRows {
    /// A field that needs none.
    Plain,
    /// One record or none.
    One(Rows),
    /// Records in order.
    List(Rows),
    /// Records by position; null where there is none.
    Sparse {
        /// For each position the record's place in the rows.
        places: Vec<Option<u32>>,
        /// The records.
        rows: Rows,
    },
    /// A page.
    Connection(Box<Pages>),
    /// The arguments of this slot are wrong.
    Failed(Slot),
}

/// Records, and what the steps of their shape lead to.
#[derive(Debug, Default)]
pub struct Rows {
    /// The records in order.
    pub items: Vec<Item>,
    /// For each step of the shape.
    pub steps: Vec<StepRows>,
}

/// What a step leads to, for all parents at once.
#[derive(Debug)]
pub enum StepRows {
    /// The group of parent `i` is `offsets[i]..offsets[i + 1]` of the rows.
    Groups {
        /// Where each group starts, and where the last one ends.
        offsets: Vec<u32>,
        /// The records of all groups.
        rows: Rows,
    },
    /// A page for each parent.
    Pages(Box<Pages>),
    /// The arguments of this slot are wrong.
    Failed(Slot),
}

/// Pages of links or records, one for each parent.
#[derive(Debug, Default)]
pub struct Pages {
    /// Where each page's records start, and where the last one's end.
    pub offsets: Vec<u32>,
    /// About each page.
    pub pages: Vec<Page>,
    /// The records of all pages.
    pub items: Vec<Item>,
    /// For each node shape of the connection the rows of its steps.
    pub nodes: Vec<Vec<StepRows>>,
    /// For each edge shape of the connection the rows of its steps.
    pub edges: Vec<Vec<StepRows>>,
}

/// About a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many records there are in all; 0 if not asked for.
    pub total: u64,
    /// Whether there are records after it; false if not asked for.
    pub next: bool,
    /// Whether there are records before it; false if not asked for.
    pub previous: bool,
}
