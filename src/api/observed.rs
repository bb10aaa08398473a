//! What can be told of the engine's work at a moment? Not for: how it is told (`server::metrics`).

use super::service::{Measure, Observation};
use crate::db::{Times, Written};
use std::time::{SystemTime, UNIX_EPOCH};

/// Something that only grows.
pub(super) fn total(name: &'static str, help: &'static str, value: f64) -> Observation {
    let measure = Measure::Total(value);
    Observation {
        name,
        help,
        measure,
    }
}

/// Something that goes up and down.
pub(super) fn level(name: &'static str, help: &'static str, value: f64) -> Observation {
    let measure = Measure::Level(value);
    Observation {
        name,
        help,
        measure,
    }
}

/// How long something took, each time.
fn times(name: &'static str, help: &'static str, times: &Times) -> Observation {
    let bounds = Times::BOUNDS.into_iter().chain([f64::INFINITY]);
    Observation {
        name,
        help,
        measure: Measure::Spread {
            sum: times.sum.as_secs_f64(),
            classes: bounds.zip(times.classes).collect(),
        },
    }
}

/// What the writer has done.
pub(super) fn of_writer(written: &Written) -> Vec<Observation> {
    let last = written.last as f64 / 1000.0;
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(last, |since| since.as_secs_f64());
    vec![
        total(
            "commits",
            "Commits made since the start",
            written.commits as f64,
        ),
        times(
            "flush_duration_seconds",
            "Flushes of commits to the disk; those at the same time share one",
            &written.flushes,
        ),
        times(
            "commit_duration_seconds",
            "Commits, from when they were asked for until they were answered",
            &written.answers,
        ),
        level(
            "oldest_revision",
            "The oldest revision that can be read",
            written.oldest as f64,
        ),
        level("write_queue", "Writes that wait", written.waiting as f64),
        level(
            "last_commit_timestamp_seconds",
            "When the last commit was made, in seconds since 1970",
            last,
        ),
        level(
            "snapshot_age_seconds",
            "Time since the last commit that readers see",
            (now - last).max(0.0),
        ),
        level(
            "log_bytes",
            "Bytes of the commits after the checkpoint",
            written.log_bytes as f64,
        ),
        level(
            "checkpoints",
            "Checkpoints kept, those of the past included",
            written.checkpoints as f64,
        ),
        level(
            "checkpoint_bytes",
            "Bytes of these checkpoints, uncompressed",
            written.checkpoint_bytes as f64,
        ),
    ]
}
