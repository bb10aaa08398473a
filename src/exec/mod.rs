//! How is a plan run? Over one snapshot, in batches of records, within a budget.
//!
//! A selection and its calls go in, [`Rows`] come out: which records, how they hang together. Not
//! for: the bytes of an answer (`api`), or choosing a way (`plan`).

mod budget;
mod candidates;
mod changes;
mod drawing;
mod filter;
mod guide;
mod item;
mod keys;
mod links;
mod look_up;
mod measure;
mod metrics;
mod mutation;
mod neighborhood;
mod order;
mod paths;
mod picture;
mod prefix;
mod rows;
mod search;
mod statistics;
mod steps;
mod summary;
mod test;
mod together;
mod walk;
mod window;

pub use budget::{Budget, Stop, Work};
pub use changes::ChangesRows;
pub use item::Item;
pub use metrics::{DivisionRows, GroupRows, Kept, MetricsPart, MetricsRows, RankingRows};
pub use mutation::MutationRows;
pub use order::{SortCell, cursor_of};
pub use picture::{Picture, Shown};
pub use rows::{GraphRows, Hit, Page, Pages, Part, RootRows, Rows, StepRows};
pub use statistics::Estimates;
pub use summary::{Figures, GroupedRows, Groups, Summaries};

use crate::graph::Snapshot;
use crate::plan::Call;

/// One run: what it reads, with which arguments, how much it may do.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// The data.
    pub snapshot: &'a Snapshot,
    /// The arguments of the selection's slots.
    pub calls: &'a [Call],
    /// How much the run may do.
    pub budget: &'a Budget<'a>,
    /// What earlier runs have computed.
    pub kept: &'a Kept,
}
