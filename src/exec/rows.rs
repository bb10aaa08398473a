//! What comes out of a run? Records in groups, one for each parent. Not for: their bytes (`api`).

use super::{ChangesRows, Item, MetricsRows, MutationRows, Summaries};
use crate::plan::{Cursor, Slot};
use crate::search::Match;
use std::ops::Range;

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
    /// A part of the graph.
    Graph(Box<GraphRows>),
    /// What was measured of a part of the graph.
    Metrics(Box<MetricsRows>),
    /// What a mutation wrote.
    Mutation(Box<MutationRows>),
    /// Records of commits.
    Changes(Box<ChangesRows>),
    /// The arguments of this slot are wrong.
    Failed(Slot),
    /// The data do not fit the arguments of this slot, for people: what, and what to do.
    Wrong {
        /// Whose arguments.
        slot: Slot,
        /// What does not fit.
        message: String,
        /// What to do.
        hint: String,
    },
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
    /// What all matches amount to, of which a page shows a part.
    pub summaries: Summaries,
    /// Of a search: how each record matches.
    pub hits: Vec<Hit>,
}

/// How a node matches a search.
#[derive(Clone, Debug)]
pub struct Hit {
    /// How its best text matches.
    pub found: Match,
    /// How many edges it has.
    pub degree: u64,
    /// The property of the text, by position.
    pub property: usize,
    /// The text.
    pub text: Box<str>,
    /// Its place in the order.
    pub cursor: Cursor,
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

/// A part of the graph: nodes and edges, each once.
#[derive(Debug, Default)]
pub struct GraphRows {
    /// Whether anything was left out for a limit.
    pub truncated: bool,
    /// The nodes; none if they are only counted.
    pub nodes: Vec<Item>,
    /// The edges; none if nothing of them is asked for.
    pub edges: Vec<Item>,
    /// Paths or levels.
    pub parts: Vec<Part>,
    /// The places in `nodes` of the parts' nodes.
    pub node_places: Vec<u32>,
    /// The places in `edges` of the parts' edges.
    pub edge_places: Vec<u32>,
    /// For each node shape the rows of its steps.
    pub node_steps: Vec<Vec<StepRows>>,
    /// For each edge shape the rows of its steps.
    pub edge_steps: Vec<Vec<StepRows>>,
}

/// A path or a level.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// How many edges a path has; how many steps away a level is.
    pub size: usize,
    /// What a path costs.
    pub cost: f64,
    /// Which of the node places are its.
    pub nodes: Range<usize>,
    /// Which of the edge places are its.
    pub edges: Range<usize>,
}

impl Page {
    /// A page of which only the number of all records is asked.
    pub(super) fn of(total: u64) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }
}
