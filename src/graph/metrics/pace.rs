//! When does an algorithm ask whether it may go on? Not for: what the answer depends on.

/// Called from time to time with the number of arcs looked at since; an error stops the work.
pub type Tick<'a, E> = &'a dyn Fn(u64) -> Result<(), E>;

/// How many arcs pass between two calls: some tenths of a millisecond.
const STRIDE: u64 = 1 << 16;

/// Counts arcs, and calls once for many.
pub(super) struct Pace<'a, E> {
    tick: Tick<'a, E>,
    looked: u64,
}

impl<'a, E> Pace<'a, E> {
    pub(super) fn new(tick: Tick<'a, E>) -> Self {
        Self { tick, looked: 0 }
    }

    /// So many arcs were looked at.
    #[inline]
    pub(super) fn looked(&mut self, arcs: usize) -> Result<(), E> {
        self.looked += arcs as u64;
        if self.looked < STRIDE {
            return Ok(());
        }
        (self.tick)(std::mem::take(&mut self.looked))
    }

    /// Tells the rest.
    pub(super) fn end(mut self) -> Result<(), E> {
        (self.tick)(std::mem::take(&mut self.looked))
    }
}
