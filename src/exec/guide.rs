//! Which edges may a search follow, what do they cost, and how long may it go on? Not for: the search
//! (`graph::paths`).

use super::{Item, Run, Stop};
use crate::graph::Edge;
use crate::graph::paths::{Guide, Rule};
use crate::plan::Follow;

/// How many edges in passing cost as much as one record that is looked at.
const SWEPT: usize = 4;

/// Guides a search by the arguments of its field, within the budget of its run.
pub(super) struct Guided<'a> {
    run: &'a Run<'a>,
    follow: &'a [Follow],
}

/// Why a search ends early.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Halt {
    /// The budget is used up.
    Stop(Stop),
}

impl Halt {
    pub(super) fn into_stop(self) -> Stop {
        match self {
            Self::Stop(stop) => stop,
        }
    }
}

impl<'a> Guided<'a> {
    pub(super) fn new(run: &'a Run<'a>, follow: &'a [Follow]) -> Self {
        Self { run, follow }
    }

    /// The rules of the search; a rule's condition is its place.
    pub(super) fn rules(&self) -> Vec<Rule> {
        let rules = self.follow.iter().enumerate();
        rules
            .map(|(at, follow)| Rule {
                relationship: follow.relationship,
                along: follow.along,
                condition: follow.filter.as_ref().map(|_| at),
            })
            .collect()
    }
}

impl Guide for Guided<'_> {
    type Stop = Halt;

    #[inline]
    fn touch(&self, edges: usize) -> Result<(), Halt> {
        let swept = self.run.budget.swept(edges, edges.div_ceil(SWEPT));
        swept.map_err(Halt::Stop)
    }

    fn admits(&self, condition: usize, edge: Edge) -> Result<bool, Halt> {
        let filter = self.follow[condition].filter.as_ref();
        let accepted = self.run.accepts(filter, Item::Edge(edge));
        accepted.map_err(Halt::Stop)
    }
}
