//! What does planning learn of a snapshot? Counts, never values.

use super::candidates::bound;
use super::links::segment;
use crate::graph::{Matches, Snapshot};
use crate::ontology::{Direction, TypeId};
use crate::plan::{Access, Hop, Leg, Probe, Start, Statistics};
use crate::search::Pattern;
use crate::value::Value;
use std::cell::RefCell;
use std::rc::Rc;

/// How many of many values are looked up for an estimate.
const SAMPLE: usize = 64;

/// Of how many nodes the edges are counted for an estimate.
const COUNTED: usize = 8;

/// What planning asks of one snapshot. Planning asks again and again for the same few values: what an
/// index has for them is looked up once.
pub struct Estimates<'a> {
    snapshot: &'a Snapshot,
    known: RefCell<Vec<Known<'a>>>,
}

/// What the index of a property of a type has for a value.
struct Known<'a> {
    of: TypeId,
    property: usize,
    value: Value,
    found: Rc<Matches<'a>>,
}

impl<'a> Estimates<'a> {
    /// Of a snapshot; nothing is looked up yet.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            known: RefCell::default(),
        }
    }

    fn equal(&self, of: TypeId, property: usize, value: &Value) -> Option<Rc<Matches<'a>>> {
        let is_same = |known: &&Known<'_>| {
            (known.of, known.property) == (of, property) && known.value == *value
        };
        if let Some(known) = self.known.borrow().iter().find(is_same) {
            return Some(known.found.clone());
        }
        let found = self.snapshot.index(of, property)?.equal(value.as_cell());
        let found = Rc::new(found);
        let mut known = self.known.borrow_mut();
        if known.len() < SAMPLE {
            known.push(Known {
                of,
                property,
                value: value.clone(),
                found: found.clone(),
            });
        }
        Some(found)
    }
}

impl Statistics for Estimates<'_> {
    fn count(&self, of: TypeId) -> usize {
        self.snapshot.count(of)
    }

    fn entries(&self, of: TypeId, property: usize, probe: &Probe) -> Option<usize> {
        let index = self.snapshot.index(of, property)?;
        Some(match probe {
            Probe::Equal(values) if values.len() == 1 => {
                self.equal(of, property, &values[0])?.len().max(1)
            }
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

    fn matches(&self, of: TypeId, pattern: &Pattern) -> usize {
        self.snapshot.search_estimate(of, pattern)
    }

    fn edges(&self, hop: &Hop, leg: Leg) -> usize {
        segment(self.snapshot, hop, leg).map_or(0, |(_, segment)| segment.len())
    }

    fn edges_from(&self, start: &Start, hop: &Hop) -> Option<usize> {
        let Access::Index {
            property,
            probe: Probe::Equal(values),
        } = &start.access
        else {
            return None;
        };
        let [value] = &values[..] else { return None };
        let found = self.equal(start.of, *property, value)?;
        if found.len() > COUNTED {
            return None;
        }
        let legs = hop.legs.iter().filter(|leg| leg.from == start.of);
        let segments = legs.filter_map(|leg| Some((leg, segment(self.snapshot, hop, *leg)?.1)));
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
