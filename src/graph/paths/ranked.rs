//! Which are the cheapest paths, one after the other? Not for: the first one alone (`least`).
//!
//! Yen's algorithm (*Finding the K Shortest Loopless Paths in a Network*, 1971) as Lawler (1972) and
//! Murty (1968) put it: the paths that are left are parted into sets that begin in the same way, but
//! not with some edges after that; of each set the cheapest is known. Parallel edges make different
//! paths.

use super::least::least;
use super::path::Path;
use super::query::Query;
use super::web::{Guide, Web};
use crate::graph::{Edge, Node, Snapshot};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

/// The cheapest path of a set of paths.
struct Candidate<'a> {
    path: Path,
    /// With how many edges of it all paths of the set begin.
    shared: usize,
    /// Which edges none has after them.
    barred: Vec<Edge>,
    snapshot: &'a Snapshot,
}

/// Where paths may lead, and how far.
#[derive(Clone, Copy)]
pub struct Goal<'g> {
    /// Where they end.
    pub ends: &'g [Node],
    /// How many edges they may have.
    pub longest: usize,
    /// What they may cost, one for each edge included.
    pub most: u128,
}

/// Calls for the paths from some nodes to others, each pair of different ones, in their order, until
/// it breaks.
///
/// # Errors
/// When the guide stops it.
pub fn ranked<G: Guide>(
    web: &Web<'_>,
    starts: &[Node],
    goal: Goal<'_>,
    guide: &G,
    mut each: impl FnMut(&Path) -> ControlFlow<()>,
) -> Result<(), G::Stop> {
    let mut sets = BinaryHeap::new();
    for start in starts {
        let root = Path {
            nodes: vec![*start],
            edges: Vec::new(),
            cost: 0,
        };
        sets.extend(cheapest(web, &root, 0, Vec::new(), goal, guide)?);
    }
    while let Some(Candidate {
        path,
        shared,
        mut barred,
        ..
    }) = sets.pop()
    {
        if each(&path).is_break() {
            break;
        }
        for at in shared..=path.len() {
            barred.extend(path.edges.get(at));
            let barred = std::mem::take(&mut barred);
            sets.extend(cheapest(web, &path, at, barred, goal, guide)?);
        }
    }
    Ok(())
}

/// The cheapest path that begins as another does, but not with some edges after that.
fn cheapest<'a, G: Guide>(
    web: &Web<'a>,
    path: &Path,
    shared: usize,
    barred: Vec<Edge>,
    goal: Goal<'_>,
    guide: &G,
) -> Result<Option<Candidate<'a>>, G::Stop> {
    let (before, from) = (&path.nodes[..shared], path.nodes[shared]);
    let edges = &path.edges[..shared];
    let mut cost = 0_u128;
    for edge in edges {
        cost = cost.saturating_add(guide.cost(*edge)?).saturating_add(1);
    }
    let without: FxHashSet<u32> = before.iter().map(|node| web.number(*node)).collect();
    let Some(most) = goal.most.checked_sub(cost) else {
        return Ok(None);
    };
    let query = Query {
        from,
        ends: goal.ends,
        without: &without,
        not_first: &barred,
        longest: goal.longest.saturating_sub(shared),
        most,
    };
    let rest = least(web, &query, guide)?;
    Ok(rest.map(|rest| Candidate {
        path: Path {
            nodes: before.iter().copied().chain(rest.nodes).collect(),
            edges: edges.iter().copied().chain(rest.edges).collect(),
            cost: cost.saturating_add(rest.cost),
        },
        shared,
        barred,
        snapshot: web.snapshot,
    }))
}

impl Ord for Candidate<'_> {
    /// The cheapest is the greatest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.path.order(&self.path, self.snapshot)
    }
}

impl PartialOrd for Candidate<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate<'_> {}
