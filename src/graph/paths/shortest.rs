//! Which are the shortest paths between two nodes? Not for: edges with weights, nor for paths that
//! must have a length (`simple`).
//!
//! Bidirectional breadth-first search (Pohl, *Bi-directional Search*, 1971), a whole level at a time
//! on the side that has fewer edges to look at, so that nodes with very many are met, not left. Before
//! a level is written down, it is looked over for nodes that the other side has met. When the sides
//! first meet, every shortest path crosses the last level; from there the nodes on shortest paths are
//! marked back to the start, so that a walk from the start in the order of ids never goes astray.
//! What leads from a node with very many edges to one of few nodes is looked up, not swept over.

use super::marks::{Depths, Seen};
use super::path::Path;
use super::walk::walk;
use super::web::{Guide, Web};
use crate::graph::Node;

/// One side of the search.
struct Side {
    forward: bool,
    depths: Depths,
    /// The nodes by depth.
    levels: Vec<Vec<Node>>,
    depth: u32,
}

/// How the sides met.
struct Met {
    /// The nodes in the middle, of the deepest level of both sides.
    middle: Vec<Node>,
}

/// The shortest paths from one node to another in the order of ids, up to so many, and whether there
/// are more. No path is longer than `longest`.
///
/// # Errors
/// When the guide stops it.
pub fn shortest<G: Guide>(
    web: &Web<'_>,
    (start, end): (Node, Node),
    longest: usize,
    count: usize,
    guide: &G,
) -> Result<(Vec<Path>, bool), G::Stop> {
    let mut sides = [Side::new(web, start, true), Side::new(web, end, false)];
    if start == end {
        return Ok((Vec::new(), false));
    }
    let Some(met) = meet(web, &mut sides, longest, guide)? else {
        return Ok((Vec::new(), false));
    };
    let [out, back] = sides;
    let on = mark(web, &out, &met, guide)?;
    let length = out.depth + back.depth;
    walk(start, length.into(), count, |node, so_far| {
        let next = so_far as u32 + 1;
        let mut steps = Vec::new();
        let mut step = |node, _, edge| steps.push((node, edge, u128::from(next)));
        if next <= out.depth {
            let wanted = |number| out.depths.at(number) == Some(next) && on.seen.has(number);
            let layer = &on.layers[next as usize];
            web.among((node, true), layer, wanted, guide, &mut step)?;
        } else {
            let left = length - next;
            let (wanted, layer) = (
                |at| back.depths.at(at) == Some(left),
                &back.levels[left as usize],
            );
            web.among((node, true), layer, wanted, guide, &mut step)?;
        }
        steps.sort_by(|a, b| web.snapshot.order_steps((a.0, a.1), (b.0, b.1)));
        Ok(steps)
    })
}

impl Side {
    fn new(web: &Web<'_>, node: Node, forward: bool) -> Self {
        let mut depths = Depths::new(web.bound());
        depths.insert(web.number(node), 0);
        Self {
            forward,
            depths,
            levels: vec![vec![node]],
            depth: 0,
        }
    }

    /// The nodes of the deepest level.
    fn front(&self) -> &[Node] {
        self.levels.last().map_or(&[], |level| level)
    }

    /// Goes one level deeper; the nodes of the new level that the other side has met. If there are
    /// any, no others are of use, so these are looked for first.
    fn deepen<G: Guide>(
        &mut self,
        web: &Web<'_>,
        other: &Self,
        guide: &G,
    ) -> Result<Vec<Node>, G::Stop> {
        let mut met = Vec::new();
        self.depth += 1;
        let (level, depth, depths) = (self.levels.last(), self.depth, &mut self.depths);
        let level = level.map_or(&[][..], |level| level);
        for node in level {
            let here = (*node, self.forward);
            let is_met = |number| other.depths.at(number).is_some();
            web.among(here, other.front(), is_met, guide, |found, number, _| {
                if depths.insert(number, depth) {
                    met.push(found);
                }
            })?;
        }
        let mut next = Vec::new();
        if met.is_empty() {
            for node in level {
                web.sweep(*node, self.forward, guide, |found, number| {
                    if depths.insert(number, depth) {
                        next.push(found);
                    }
                })?;
            }
        }
        self.levels.push(next);
        Ok(met)
    }
}

/// Deepens the cheaper side until they meet.
fn meet<G: Guide>(
    web: &Web<'_>,
    [out, back]: &mut [Side; 2],
    longest: usize,
    guide: &G,
) -> Result<Option<Met>, G::Stop> {
    while ((out.depth + back.depth) as usize) < longest {
        if out.front().is_empty() || back.front().is_empty() {
            break;
        }
        let middle = match is_cheaper(web, out, back) {
            true => out.deepen(web, back, guide)?,
            false => back.deepen(web, out, guide)?,
        };
        if !middle.is_empty() {
            return Ok(Some(Met { middle }));
        }
    }
    Ok(None)
}

/// Whether a side has no more edges to look at than the other: those of the shorter front are counted
/// first, of the other's only as many.
fn is_cheaper(web: &Web<'_>, a: &Side, b: &Side) -> bool {
    if a.front().len() > b.front().len() {
        let of_b = web.degrees(b.front(), b.forward, usize::MAX);
        return web.degrees(a.front(), a.forward, of_b) <= of_b;
    }
    let of_a = web.degrees(a.front(), a.forward, usize::MAX);
    of_a <= web.degrees(b.front(), b.forward, of_a)
}

/// Nodes on shortest paths.
struct On {
    seen: Seen,
    /// The same by depth.
    layers: Vec<Vec<Node>>,
}

/// The nodes on shortest paths from the middle back to the start.
fn mark<G: Guide>(web: &Web<'_>, out: &Side, met: &Met, guide: &G) -> Result<On, G::Stop> {
    let mut on = On {
        seen: Seen::new(web.bound()),
        layers: vec![Vec::new(); out.depth as usize + 1],
    };
    let mut layer = met.middle.clone();
    layer.iter().for_each(|node| {
        on.seen.insert(web.number(*node));
    });
    for depth in (0..out.depth).rev() {
        let mut before = Vec::new();
        if depth > 0 {
            let wanted = |number| out.depths.at(number) == Some(depth);
            for node in &layer {
                let level = &out.levels[depth as usize];
                web.among((*node, false), level, wanted, guide, |found, number, _| {
                    if on.seen.insert(number) {
                        before.push(found);
                    }
                })?;
            }
        }
        on.layers[depth as usize + 1] = std::mem::replace(&mut layer, before);
    }
    Ok(on)
}
