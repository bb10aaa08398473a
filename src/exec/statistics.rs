//! What does planning learn of a snapshot? Counts, never values.

use super::candidates::bound;
use super::links::segment;
use crate::graph::Snapshot;
use crate::ontology::TypeId;
use crate::plan::{Hop, Leg, Probe, Statistics};

impl Statistics for Snapshot {
    fn count(&self, of: TypeId) -> usize {
        Snapshot::count(self, of)
    }

    fn entries(&self, of: TypeId, property: usize, probe: &Probe) -> Option<usize> {
        let index = self.index(of, property)?;
        Some(match probe {
            Probe::Equal(values) => values
                .iter()
                .map(|value| index.equal(value.as_cell()).len())
                .sum(),
            Probe::Prefix(prefix) => index.prefix(prefix).len(),
            Probe::Range(low, high) => index.range(bound(low), bound(high)).len(),
        })
    }

    fn edges(&self, hop: &Hop, leg: Leg) -> usize {
        segment(self, hop, leg).map_or(0, |(_, segment)| segment.len())
    }
}
