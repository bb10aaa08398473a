//! What does planning learn of a snapshot? Counts, never values.

use super::candidates::bound;
use super::links::segment;
use crate::graph::Snapshot;
use crate::ontology::{Direction, TypeId};
use crate::plan::{Access, Hop, Leg, Probe, Start, Statistics};

/// How many of many values are looked up for an estimate.
const SAMPLE: usize = 64;

/// Of how many nodes the edges are counted for an estimate.
const COUNTED: usize = 8;

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

    fn edges_from(&self, start: &Start, hop: &Hop) -> Option<usize> {
        let Access::Index {
            property,
            probe: Probe::Equal(values),
        } = &start.access
        else {
            return None;
        };
        let index = self.index(start.of, *property)?;
        let [value] = &values[..] else { return None };
        let found = index.equal(value.as_cell());
        if found.len() > COUNTED {
            return None;
        }
        let legs = hop.legs.iter().filter(|leg| leg.from == start.of);
        let segments = legs.filter_map(|leg| Some((leg, segment(self, hop, *leg)?.1)));
        let edges = segments.map(|(leg, segment)| {
            let degree = |row| match leg.direction {
                Direction::Out => segment.out_degree(row),
                Direction::In => segment.in_degree(row),
            };
            found.iter().map(degree).sum::<usize>()
        });
        Some(edges.sum())
    }
}
