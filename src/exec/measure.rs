//! What do the values of many records amount to? Not for: which records, or how they are grouped
//! (`group`).

use super::filter::all;
use super::test::passes_all;
use super::{Item, Run, Stop};
use crate::plan::{Aggregated, Measure, SortBy, Statistic};
use crate::value::Cell;

/// The values of some records, without those that are missing.
pub(super) struct Values<'a>(Vec<Cell<'a>>);

impl<'a> Run<'a> {
    /// What a value of each record is, where it is not missing.
    pub(super) fn values(&self, items: &[Item], of: &SortBy) -> Result<Values<'a>, Stop> {
        self.budget.spend(items.len() as u64)?;
        let mut values = Vec::with_capacity(items.len());
        let mut take = |value: Cell<'a>| {
            if !value.is_null() {
                values.push(value);
            }
        };
        match of {
            SortBy::Property(at) => self.properties(at, items, take),
            _ => items
                .iter()
                .try_for_each(|item| self.value(of, *item).map(&mut take))?,
        }
        Ok(Values(values))
    }

    /// A measure of some records. A sum of integers beyond 64 bits is a float.
    pub(super) fn measure(&self, items: &[Item], measure: &Measure) -> Result<Cell<'a>, Stop> {
        let mut values = self.values(items, &measure.of)?;
        self.statistic(&mut values, measure.statistic)
    }

    /// A statistic of values, which it may put in another order.
    pub(super) fn statistic(
        &self,
        values: &mut Values<'a>,
        statistic: Statistic,
    ) -> Result<Cell<'a>, Stop> {
        if matches!(statistic, Statistic::Median | Statistic::DistinctCount) {
            self.budget.sorted(values.0.len())?;
        }
        Ok(values.statistic(statistic))
    }

    /// Whether some records together fulfil a condition; unknown where a measure is missing.
    pub(super) fn fulfil(
        &self,
        items: &[Item],
        condition: &Aggregated,
    ) -> Result<Option<bool>, Stop> {
        self.fulfil_counted(items.len(), items, condition)
    }

    /// As [`Run::fulfil`], of so many records, which need be given only if they are measured.
    pub(super) fn fulfil_counted(
        &self,
        count: usize,
        items: &[Item],
        condition: &Aggregated,
    ) -> Result<Option<bool>, Stop> {
        let each = |condition: &Aggregated| self.fulfil_counted(count, items, condition);
        match condition {
            Aggregated::And(conditions) => all(conditions.iter().map(each)),
            Aggregated::Or(conditions) => {
                let none = all(conditions.iter().map(|c| Ok(each(c)?.map(|truth| !truth))))?;
                Ok(none.map(|none| !none))
            }
            Aggregated::Not(condition) => Ok(each(condition)?.map(|truth| !truth)),
            Aggregated::Count(tests) => Ok(passes_all(Cell::Int(count as i64), tests)),
            Aggregated::Measure(measure, tests) => {
                Ok(passes_all(self.measure(items, measure)?, tests))
            }
        }
    }
}

impl<'a> Values<'a> {
    fn statistic(&mut self, statistic: Statistic) -> Cell<'a> {
        let order = |a: &&Cell<'a>, b: &&Cell<'a>| a.order(**b);
        let found = match statistic {
            Statistic::Min => self.0.iter().min_by(order).copied(),
            Statistic::Max => self.0.iter().max_by(order).copied(),
            Statistic::Sum => self.sum(),
            Statistic::Average => self.average().map(Cell::Float),
            Statistic::Median => self.median().map(Cell::Float),
            Statistic::Stddev => self.stddev().map(Cell::Float),
            Statistic::DistinctCount => Some(self.distinct()),
        };
        found.unwrap_or(Cell::Null)
    }

    fn numbers(&self) -> impl Iterator<Item = f64> {
        self.0.iter().map(|value| number(*value))
    }

    fn sum(&self) -> Option<Cell<'a>> {
        match self.0.first()? {
            Cell::Int(_) => {
                let sum = self.whole_sum();
                Some(i64::try_from(sum).map_or(Cell::Float(sum as f64), Cell::Int))
            }
            _ => Some(Cell::Float(self.numbers().sum())),
        }
    }

    fn whole_sum(&self) -> i128 {
        let whole = |value: &Cell<'_>| match value {
            Cell::Int(value) => i128::from(*value),
            _ => 0,
        };
        self.0.iter().map(whole).sum()
    }

    fn average(&self) -> Option<f64> {
        let sum = match self.0.first()? {
            Cell::Int(_) => self.whole_sum() as f64,
            _ => self.numbers().sum(),
        };
        Some(sum / self.0.len() as f64)
    }

    fn median(&mut self) -> Option<f64> {
        let middle = self.0.len().checked_sub(1)? / 2;
        let is_even = self.0.len().is_multiple_of(2);
        let (_, low, above) = self.0.select_nth_unstable_by(middle, |a, b| a.order(*b));
        let low = number(*low);
        let high = above.iter().map(|value| number(*value));
        match high.min_by(f64::total_cmp) {
            // The halves first: their sum cannot be too large.
            Some(high) if is_even => Some(low / 2.0 + high / 2.0),
            _ => Some(low),
        }
    }

    fn stddev(&self) -> Option<f64> {
        let others = self.0.len().checked_sub(1).filter(|others| *others > 0)?;
        let mean = self.average()?;
        let squares: f64 = self.numbers().map(|n| (n - mean) * (n - mean)).sum();
        Some((squares / others as f64).sqrt())
    }

    fn distinct(&mut self) -> Cell<'a> {
        self.0.sort_unstable_by(|a, b| a.order(*b));
        let runs = self.0.chunk_by(|a, b| a.order(*b).is_eq());
        Cell::Int(runs.count() as i64)
    }
}

fn number(value: Cell<'_>) -> f64 {
    match value {
        Cell::Int(value) => value as f64,
        Cell::Float(value) => value,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[Cell<'static>], statistic: Statistic) -> Cell<'static> {
        Values(values.to_vec()).statistic(statistic)
    }

    fn is(found: Cell<'_>, expected: Cell<'_>) {
        assert!(
            found.order(expected).is_eq(),
            "{found:?} is not {expected:?}"
        );
    }

    #[test]
    fn numbers_have_all_statistics() {
        let values = [4, 1, 4, 7].map(Cell::Int);
        is(of(&values, Statistic::Min), Cell::Int(1));
        is(of(&values, Statistic::Max), Cell::Int(7));
        is(of(&values, Statistic::Sum), Cell::Int(16));
        is(of(&values, Statistic::Average), Cell::Float(4.0));
        is(of(&values, Statistic::Median), Cell::Float(4.0));
        is(of(&values, Statistic::Stddev), Cell::Float(6f64.sqrt()));
        is(of(&values, Statistic::DistinctCount), Cell::Int(3));
        is(of(&values[1..3], Statistic::Median), Cell::Float(2.5));
        is(of(&values[1..], Statistic::Median), Cell::Float(4.0));
    }

    #[test]
    fn nothing_has_no_statistic_but_a_count() {
        for (name, statistic) in Statistic::ALL {
            let found = of(&[], statistic);
            match statistic {
                Statistic::DistinctCount => is(found, Cell::Int(0)),
                _ => assert!(found.is_null(), "{name}"),
            }
        }
        assert!(of(&[Cell::Int(1)], Statistic::Stddev).is_null());
    }

    #[test]
    fn a_sum_beyond_64_bits_is_a_float() {
        let values = [i64::MAX, 1].map(Cell::Int);
        is(of(&values, Statistic::Sum), Cell::Float(2f64.powi(63)));
        let values = [i64::MAX, 1, -1].map(Cell::Int);
        is(of(&values, Statistic::Sum), Cell::Int(i64::MAX));
    }
}
