//! How much may a run do, and what did it do? Not for: limits on documents (`api`).

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How many units of work pass between two looks at the clock.
const STRIDE: u64 = 4096;

/// What a run may spend: records touched, records held at once, and time.
pub struct Budget<'a> {
    cost: u64,
    records: u64,
    deadline: Instant,
    cancel: &'a AtomicBool,
    spent: Cell<u64>,
    held: Cell<u64>,
    next_look: Cell<u64>,
    candidates: Cell<u64>,
    entries: Cell<u64>,
    edges: Cell<u64>,
    sorted: Cell<u64>,
}

/// Why a run stopped early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It touched more records than this.
    Cost(u64),
    /// Its rows have more places than this.
    Records(u64),
    /// Its time is over.
    Time,
    /// Nobody waits for it any more.
    Cancelled,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Candidates tested against a filter or taken as they are.
    pub candidates: u64,
    /// Index entries and keys looked up.
    pub entries: u64,
    /// Edges followed.
    pub edges: u64,
    /// Records sorted.
    pub sorted: u64,
}

impl<'a> Budget<'a> {
    /// So many records touched and held, until then, unless cancelled.
    pub fn new(cost: u64, records: u64, deadline: Instant, cancel: &'a AtomicBool) -> Self {
        Self {
            cost,
            records,
            deadline,
            cancel,
            spent: Cell::new(0),
            held: Cell::new(0),
            next_look: Cell::new(STRIDE),
            candidates: Cell::new(0),
            entries: Cell::new(0),
            edges: Cell::new(0),
            sorted: Cell::new(0),
        }
    }

    /// What was done so far.
    pub fn work(&self) -> Work {
        Work {
            candidates: self.candidates.get(),
            entries: self.entries.get(),
            edges: self.edges.get(),
            sorted: self.sorted.get(),
        }
    }

    /// Spends so many units.
    ///
    /// # Errors
    /// If the budget is used up.
    #[inline]
    pub fn spend(&self, units: u64) -> Result<(), Stop> {
        let spent = self.spent.get() + units;
        self.spent.set(spent);
        if spent > self.cost {
            return Err(Stop::Cost(self.cost));
        }
        if spent < self.next_look.get() {
            return Ok(());
        }
        self.next_look.set(spent + STRIDE);
        self.look()
    }

    /// Takes so many places in the rows, each of up to 24 bytes.
    ///
    /// # Errors
    /// If there would be too many.
    #[inline]
    pub(super) fn hold(&self, places: usize) -> Result<(), Stop> {
        let held = self.held.get() + places as u64;
        self.held.set(held);
        if held > self.records {
            return Err(Stop::Records(self.records));
        }
        Ok(())
    }

    /// Looks at the clock and at whether anybody still waits.
    ///
    /// # Errors
    /// If not, or if it is too late.
    pub fn look(&self) -> Result<(), Stop> {
        if self.cancel.load(Ordering::Relaxed) {
            Err(Stop::Cancelled)
        } else if Instant::now() >= self.deadline {
            Err(Stop::Time)
        } else {
            Ok(())
        }
    }

    pub(super) fn candidate(&self) -> Result<(), Stop> {
        self.candidates(1)
    }

    pub(super) fn candidates(&self, count: usize) -> Result<(), Stop> {
        self.count(&self.candidates, count as u64)
    }

    pub(super) fn entries(&self, count: usize) -> Result<(), Stop> {
        self.count(&self.entries, count as u64)
    }

    pub(super) fn edge(&self) -> Result<(), Stop> {
        self.edges(1)
    }

    pub(super) fn edges(&self, count: usize) -> Result<(), Stop> {
        self.count(&self.edges, count as u64)
    }

    /// Counts edges that are looked at in passing, for fewer units than they are.
    #[inline]
    pub(super) fn swept(&self, edges: usize, units: usize) -> Result<(), Stop> {
        self.edges.set(self.edges.get() + edges as u64);
        self.spend(units as u64)
    }

    pub(super) fn sorted(&self, count: usize) -> Result<(), Stop> {
        self.count(&self.sorted, count as u64)
    }

    #[inline]
    fn count(&self, counter: &Cell<u64>, units: u64) -> Result<(), Stop> {
        counter.set(counter.get() + units);
        self.spend(units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later() -> Instant {
        Instant::now() + std::time::Duration::from_secs(3_600)
    }

    #[test]
    fn ends_with_the_first_unit_too_many() {
        let cancel = AtomicBool::new(false);
        let budget = Budget::new(10, u64::MAX, later(), &cancel);
        assert_eq!(budget.spend(10), Ok(()));
        assert_eq!(budget.spend(1), Err(Stop::Cost(10)));
    }

    #[test]
    fn sees_within_a_stride_that_nobody_waits() {
        let cancel = AtomicBool::new(false);
        let budget = Budget::new(u64::MAX, u64::MAX, later(), &cancel);
        assert_eq!(budget.spend(STRIDE), Ok(()));
        cancel.store(true, Ordering::Relaxed);
        let stopped = (0..=STRIDE).find_map(|_| budget.candidate().err());
        assert_eq!(stopped, Some(Stop::Cancelled));
    }

    #[test]
    fn sees_within_a_stride_that_the_time_is_over() {
        let cancel = AtomicBool::new(false);
        let budget = Budget::new(u64::MAX, u64::MAX, Instant::now(), &cancel);
        let stopped = (0..=STRIDE).find_map(|_| budget.edge().err());
        assert_eq!(stopped, Some(Stop::Time));
    }
}
