//! Which paths have a given number of edges? Not for: the cheapest ones (`ranked`).
//!
//! Depth first, turning back where no end is near enough: the distances to the ends are found first,
//! breadth first from them.

use super::marks::Depths;
use super::path::Path;
use super::web::{Guide, Web};
use crate::graph::{Edge, Node};
use rustc_hash::FxHashSet;
use std::ops::ControlFlow;

/// What is known of a search.
struct Search<'w, 'a, G> {
    web: &'w Web<'a>,
    guide: &'w G,
    /// The number of edges to the nearest end, as far as paths may go.
    far: Depths,
    ends: FxHashSet<Node>,
}

/// Calls for every path from some nodes to others, each pair of different ones, of each number of
/// edges in a range: by the number, then by ids, until it breaks.
///
/// # Errors
/// When the guide stops it.
pub fn simple<G: Guide>(
    web: &Web<'_>,
    (starts, ends): (&[Node], &[Node]),
    lengths: std::ops::RangeInclusive<usize>,
    guide: &G,
    mut each: impl FnMut(&Path) -> ControlFlow<()>,
) -> Result<(), G::Stop> {
    let search = Search {
        web,
        guide,
        far: distances(web, ends, *lengths.end(), guide)?,
        ends: ends.iter().copied().collect(),
    };
    for length in lengths {
        let mut goes_on = false;
        for start in starts {
            match search.of_length(*start, length, &mut each)? {
                ControlFlow::Break(()) => return Ok(()),
                ControlFlow::Continue(cut) => goes_on |= cut,
            }
        }
        if !goes_on {
            break;
        }
    }
    Ok(())
}

/// How many edges it is from each node to an end, up to so many.
fn distances<G: Guide>(
    web: &Web<'_>,
    ends: &[Node],
    most: usize,
    guide: &G,
) -> Result<Depths, G::Stop> {
    let mut far = Depths::new(web.bound());
    let mut front: Vec<Node> = ends.to_vec();
    front.retain(|end| far.insert(web.number(*end), 0));
    let mut depth = 0;
    while !front.is_empty() && (depth as usize) < most {
        depth += 1;
        let mut next = Vec::new();
        for node in front {
            web.each(node, false, guide, |before, number, _| {
                if far.insert(number, depth) {
                    next.push(before);
                }
                Ok(())
            })?;
        }
        front = next;
    }
    Ok(far)
}

impl<G: Guide> Search<'_, '_, G> {
    /// Calls for every path of a length from a node; whether any could be longer.
    fn of_length(
        &self,
        start: Node,
        length: usize,
        each: &mut impl FnMut(&Path) -> ControlFlow<()>,
    ) -> Result<ControlFlow<(), bool>, G::Stop> {
        let mut path = Path {
            nodes: vec![start],
            edges: Vec::new(),
            cost: 0,
        };
        let (mut cut, mut costs) = (false, Vec::new());
        let mut stack = vec![self.steps(&path, length, &mut cut)?.into_iter()];
        while let Some(steps) = stack.last_mut() {
            let Some((node, edge)) = steps.next() else {
                stack.pop();
                self.back(&mut path, &mut costs);
                continue;
            };
            let cost = self.guide.cost(edge)?.saturating_add(1);
            costs.push(cost);
            path.cost = path.cost.saturating_add(cost);
            path.nodes.push(node);
            path.edges.push(edge);
            if path.len() < length {
                stack.push(self.steps(&path, length, &mut cut)?.into_iter());
                continue;
            }
            cut = true;
            if self.ends.contains(&node) && each(&path).is_break() {
                return Ok(ControlFlow::Break(()));
            }
            self.back(&mut path, &mut costs);
        }
        Ok(ControlFlow::Continue(cut))
    }

    /// One step back.
    fn back(&self, path: &mut Path, costs: &mut Vec<u128>) {
        path.nodes.pop();
        path.edges.pop();
        path.cost = path.cost.saturating_sub(costs.pop().unwrap_or(0));
    }

    /// The steps from the end of a path from which an end can be reached in time; notes whether one
    /// could be later.
    fn steps(
        &self,
        path: &Path,
        length: usize,
        cut: &mut bool,
    ) -> Result<Vec<(Node, Edge)>, G::Stop> {
        let Some(last) = path.nodes.last() else {
            return Ok(Vec::new());
        };
        let left = (length - path.len()).saturating_sub(1);
        let mut steps = self.web.steps(*last, self.guide, |number| {
            let far = self.far.at(number).map(|far| far as usize);
            *cut |= far.is_some_and(|far| far > left);
            far.is_some_and(|far| far <= left)
        })?;
        steps.retain(|(node, _)| !path.nodes.contains(node));
        Ok(steps)
    }
}
