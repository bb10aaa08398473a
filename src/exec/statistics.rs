//! What does planning learn of a snapshot? Counts, never values.

use super::candidates::bound;
use super::links::segment;
use crate::graph::Snapshot;
use crate::ontology::TypeId;
use crate::plan::{Hop, Leg, Probe, Statistics};

/// How many of many values are looked up for an estimate.
const SAMPLE: usize = 64;

impl Statistics for Snapshot {
    fn count(&self, of: TypeId) -> usize {
        Snapshot::count(self, of)
    }

    fn entries(&self, of: TypeId, property: usize, probe: &Probe) -> Option<usize> {
        let index = self.index(of, property)?;
        Some(match probe {
            Probe::Equal(values) => {
                let asked = values.iter().take(SAMPLE);
                let found: usize = asked.map(|v| index.equal(v.as_cell()).len()).sum();
                let rest = values.len().saturating_sub(SAMPLE);
                // Looking a value up costs as much as an entry.
                (found + rest * found / SAMPLE).max(values.len())
            }
            Probe::Prefix(prefix) => index.prefix(prefix).len(),
            Probe::Range(low, high) => index.range(bound(low), bound(high)).len(),
        })
    }

    fn edges(&self, hop: &Hop, leg: Leg) -> usize {
        segment(self, hop, leg).map_or(0, |(_, segment)| segment.len())
    }
}
