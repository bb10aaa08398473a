//! How long did something take, each time that it happened? Counted in classes, as a histogram is told.
//! Not for: single times (the log, traces).

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const BOUNDS: usize = 13;

/// Counts times as they happen. Cost: two additions.
#[derive(Default)]
pub(super) struct Stopwatch {
    classes: [AtomicU64; BOUNDS + 1],
    nanoseconds: AtomicU64,
}

/// How often something took how long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// How many took at most each of [`Times::BOUNDS`], and more than the one before; last, how many
    /// took longer.
    pub classes: [u64; BOUNDS + 1],
    /// How long all took together.
    pub sum: Duration,
}

impl Times {
    /// Upper bounds of the classes, in seconds.
    pub const BOUNDS: [f64; BOUNDS] = [
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0,
    ];
}

impl Stopwatch {
    pub(super) fn took(&self, time: Duration) {
        let seconds = time.as_secs_f64();
        let class = Times::BOUNDS.partition_point(|bound| *bound < seconds);
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    pub(super) fn times(&self) -> Times {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Times {
            classes: self.classes.each_ref().map(of),
            sum: Duration::from_nanos(of(&self.nanoseconds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_time_is_in_the_class_that_it_just_reaches() {
        let watch = Stopwatch::default();
        for micros in [0, 100, 101, 5_000_000, 5_000_001, u64::MAX] {
            watch.took(Duration::from_micros(micros.min(1 << 40)));
        }
        let times = watch.times();
        let mut classes = [0; BOUNDS + 1];
        (classes[0], classes[1], classes[BOUNDS - 1], classes[BOUNDS]) = (2, 1, 1, 2);
        assert_eq!(times.classes, classes);
        assert!(times.sum > Duration::from_secs(10));
    }
}
