//! Which edges may a search follow, what do they cost, and how long may it go on? Not for: the search
//! (`graph::paths`).

use super::rows::RootRows;
use super::{Item, Run, Stop};
use crate::graph::paths::{Guide, Rule};
use crate::graph::{Edge, Snapshot};
use crate::plan::{Follow, Slot};
use crate::value::Cell;

/// How many edges in passing cost as much as one record that is looked at.
const SWEPT: usize = 4;

/// Costs are counted in billionths, so that equal sums of decimal fractions are equal.
const UNIT: f64 = 1e9;

/// The bits of a path's cost that count its edges.
const EDGES: u32 = 32;

/// The greatest weight: sums of it are exact.
const HEAVIEST: f64 = 1e15;

/// Guides a search by the arguments of its field, within the budget of its run.
pub(super) struct Guided<'a> {
    run: &'a Run<'a>,
    follow: &'a [Follow],
    /// For each relationship type the property that says what an edge costs; empty: edges are counted.
    weights: &'a [Option<usize>],
}

/// Why a search ends early.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Halt {
    /// The budget is used up.
    Stop(Stop),
    /// The data do not fit what is asked, for people: what, and what to do.
    Wrong {
        /// What does not fit.
        message: String,
        /// What to do.
        hint: String,
    },
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl Halt {
    /// What becomes of the field with these arguments.
    pub(super) fn into_rows(self, slot: Slot) -> Result<RootRows, Stop> {
        match self {
            Self::Stop(stop) => Err(stop),
            Self::Wrong { message, hint } => Ok(RootRows::Wrong {
                slot,
                message,
                hint,
            }),
        }
    }
}

impl<'a> Guided<'a> {
    pub(super) fn new(
        run: &'a Run<'a>,
        follow: &'a [Follow],
        weights: &'a [Option<usize>],
    ) -> Self {
        Self {
            run,
            follow,
            weights,
        }
    }

    /// The graph that is searched.
    pub(super) fn snapshot(&self) -> &'a Snapshot {
        self.run.snapshot
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

    /// The weight of an edge: 1 if its type has none.
    fn weight(&self, edge: Edge) -> Result<f64, Halt> {
        let of = self.snapshot().segment(edge.segment).relationship;
        let Some(property) = self.weights[usize::from(of.0)] else {
            return Ok(1.0);
        };
        let told = match self.snapshot().edge_cell(edge, property) {
            Cell::Int(weight) if weight >= 0 => {
                return self.bearable(edge, property, weight as f64);
            }
            Cell::Float(weight) if weight >= 0.0 => return self.bearable(edge, property, weight),
            Cell::Int(weight) => format!("the weight {weight}"),
            Cell::Float(weight) => format!("the weight {weight}"),
            _ => "no weight".to_owned(),
        };
        Err(self.wrong(edge, property, &told))
    }

    fn bearable(&self, edge: Edge, property: usize, weight: f64) -> Result<f64, Halt> {
        match weight <= HEAVIEST {
            true => Ok(weight),
            false => Err(self.wrong(edge, property, &format!("the weight {weight}"))),
        }
    }

    #[cold]
    fn wrong(&self, edge: Edge, property: usize, told: &str) -> Halt {
        let of = self.snapshot().segment(edge.segment).relationship;
        let of = self.snapshot().ontology().relationship(of);
        let (id, name) = (self.snapshot().edge_id(edge), &of.properties[property].name);
        let (kind, field) = (&of.name, of.names().single());
        Halt::Wrong {
            message: format!("weight: the relationship {id} has {told} in `{name}`"),
            hint: format!(
                "a weight is a number from 0 to {HEAVIEST:e}; leave others out with follow: \
                 [{{type: {kind}, where: {{{field}: {{{name}: {{gte: 0}}}}}}}}]"
            ),
        }
    }
}

/// What a path costs, for people.
pub(super) fn price(cost: u128, weighted: bool) -> f64 {
    if weighted {
        (cost >> EDGES) as f64 / UNIT
    } else {
        cost as f64
    }
}

/// What a path costs, by which it is as good as another.
pub(super) fn rank(cost: u128, weighted: bool) -> u128 {
    if weighted { cost >> EDGES } else { cost }
}

impl Guide for Guided<'_> {
    type Stop = Halt;

    #[inline]
    fn touch(&self, edges: usize) -> Result<(), Halt> {
        Ok(self.run.budget.swept(edges, edges.div_ceil(SWEPT))?)
    }

    fn admits(&self, condition: usize, edge: Edge) -> Result<bool, Halt> {
        let filter = self.follow[condition].filter.as_ref();
        Ok(self.run.accepts(filter, Item::Edge(edge))?)
    }

    fn cost(&self, edge: Edge) -> Result<u128, Halt> {
        if self.weights.is_empty() {
            return Ok(0);
        }
        let weight = self.weight(edge)?;
        let whole = weight.trunc() as u128 * UNIT as u128;
        let part = (weight.fract() * UNIT).round() as u128;
        Ok((whole + part) << EDGES)
    }
}
