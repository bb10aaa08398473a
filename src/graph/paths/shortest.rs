//! Which are the shortest paths between two nodes? Not for: edges with weights, nor for paths that
//! must have a length (`simple`).
//!
//! Bidirectional breadth-first search (Pohl, *Bi-directional Search*, 1971), a whole level at a time
//! on the side that has fewer edges to look at, so that nodes with very many are met, not left. When the sides first meet, every shortest path crosses the last
//! level; from there the nodes on shortest paths are marked back to the start, so that a walk from
//! the start in the order of ids never goes astray.

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
        let steps = web.steps(node, guide, |number| {
            if next <= out.depth {
                out.depths.at(number) == Some(next) && on.has(number)
            } else {
                back.depths.at(number) == Some(length - next)
            }
        })?;
        let steps = steps.into_iter();
        Ok(steps
            .map(|(node, edge)| (node, edge, next.into()))
            .collect())
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

    /// Goes one level deeper; the nodes of the new level that the other side has met. Once there is
    /// one, no others are of use.
    fn deepen<G: Guide>(
        &mut self,
        web: &Web<'_>,
        other: &Depths,
        guide: &G,
    ) -> Result<Vec<Node>, G::Stop> {
        self.depth += 1;
        let (mut next, mut met) = (Vec::new(), Vec::new());
        for node in self.levels.last().into_iter().flatten() {
            web.each(*node, self.forward, guide, |found, number, _| {
                let meets = other.at(number).is_some();
                if (meets || met.is_empty()) && self.depths.insert(number, self.depth) {
                    let list = if meets { &mut met } else { &mut next };
                    list.push(found);
                }
                Ok(())
            })?;
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
        let ahead = web.degrees(out.front(), true, usize::MAX);
        let middle = if ahead <= web.degrees(back.front(), false, ahead) {
            out.deepen(web, &back.depths, guide)?
        } else {
            back.deepen(web, &out.depths, guide)?
        };
        if !middle.is_empty() {
            return Ok(Some(Met { middle }));
        }
    }
    Ok(None)
}

/// The nodes on shortest paths from the middle back to the start.
fn mark<G: Guide>(web: &Web<'_>, out: &Side, met: &Met, guide: &G) -> Result<Seen, G::Stop> {
    let mut on = Seen::new(web.bound());
    let mut layer = met.middle.clone();
    layer.iter().for_each(|node| {
        on.insert(web.number(*node));
    });
    for depth in (1..out.depth).rev() {
        let level = &out.levels[depth as usize];
        let back = web.degrees(&layer, false, usize::MAX);
        let mut before = Vec::new();
        if web.degrees(level, true, back) < back {
            for node in level {
                let leads = web.leads(*node, guide, |number| {
                    on.has(number) && out.depths.at(number) == Some(depth + 1)
                })?;
                if leads && on.insert(web.number(*node)) {
                    before.push(*node);
                }
            }
        } else {
            for node in layer {
                web.each(node, false, guide, |found, number, _| {
                    if out.depths.at(number) == Some(depth) && on.insert(number) {
                        before.push(found);
                    }
                    Ok(())
                })?;
            }
        }
        layer = before;
    }
    Ok(on)
}
