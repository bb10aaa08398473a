//! Which are the shortest paths between two nodes? Not for: edges with weights, nor for paths that
//! must have a length (`simple`).
//!
//! Bidirectional breadth-first search (Pohl, *Bi-directional Search*, 1971), a whole level at a time
//! on the side that costs less, so that nodes with very many edges are met, not left. Where nodes
//! lead is found out once, and of the dearer side only as far as it takes to know that it is. Before
//! a level is written down, it is looked over for nodes that the other side has met. When the sides
//! first meet, every shortest path crosses the last level; from there the nodes on shortest paths are
//! marked back to the start, so that a walk from the start in the order of ids never goes astray.
//! What leads from a node with very many edges to one of few nodes is looked up, not swept over.

use super::marks::{Depths, Seen, Sieve};
use super::path::Path;
use super::walk::walk;
use super::web::{Fan, Guide, Web};
use crate::graph::Node;

/// As many edges are looked at in the time in which it is found out where a node leads.
const LOOKED_UP: usize = 16;

/// Of so many fans the memory is waited for at once.
const AHEAD: usize = 32;

/// Room for where so many nodes lead, from the start.
const SOME: usize = 64;

/// One side of the search.
struct Side<'w, 'a> {
    web: &'w Web<'a>,
    forward: bool,
    depths: Depths,
    /// The nodes by depth.
    levels: Vec<Vec<Node>>,
    depth: u32,
    /// Where the nodes of the deepest level lead, as far as it is known.
    fans: Vec<Fan<'w, 'a>>,
    /// Of how many of its nodes it is known.
    known: usize,
    /// How many edges these have together.
    edges: usize,
    /// The nodes of the deepest level, once the other side asks for them.
    sieve: Option<Sieve>,
}

/// How the sides met.
#[derive(Default)]
struct Met {
    /// The nodes in the middle, of the deepest level of both sides.
    middle: Vec<Node>,
    /// Those before them, if the forward side met the other.
    before: Vec<Node>,
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
    let Some(met) = meet(&mut sides, longest, guide)? else {
        return Ok((Vec::new(), false));
    };
    let [out, back] = sides;
    let on = mark(&out, met, guide)?;
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

impl<'w, 'a> Side<'w, 'a> {
    fn new(web: &'w Web<'a>, node: Node, forward: bool) -> Self {
        let mut depths = Depths::new(web.bound());
        depths.insert(web.number(node), 0);
        Self {
            web,
            forward,
            depths,
            levels: vec![vec![node]],
            depth: 0,
            fans: Vec::with_capacity(SOME),
            known: 0,
            edges: 0,
            sieve: None,
        }
    }

    /// The nodes of the deepest level.
    fn front(&self) -> &[Node] {
        self.levels.last().map_or(&[], |level| level)
    }

    /// What it costs to go one level deeper, in edges; enough is enough. If it is not more than that,
    /// it is known of all nodes where they lead.
    fn cost(&mut self, enough: usize) -> usize {
        let front = self.levels.last().map_or(&[][..], |level| level);
        let nodes = front.len() * LOOKED_UP;
        while let Some(node) = front.get(self.known)
            && nodes + self.edges <= enough
        {
            self.known += 1;
            for fan in self.web.fans(*node, self.forward) {
                self.edges += fan.len();
                self.fans.push(fan);
            }
        }
        nodes + self.edges
    }

    /// Goes one level deeper, where it is known of all nodes where they lead; how the other side is
    /// met. If it is, no other nodes are of use, so this is looked for first.
    fn deepen<G: Guide>(&mut self, other: &mut Self, guide: &G) -> Result<Met, G::Stop> {
        self.depth += 1;
        let met = self.meet(other, guide)?;
        if met.middle.is_empty() {
            self.grow(guide)?;
        }
        Ok(met)
    }

    /// The nodes of the new level that the other side has met.
    fn meet<G: Guide>(&mut self, other: &mut Self, guide: &G) -> Result<Met, G::Stop> {
        let (web, depth, depths) = (self.web, self.depth, &mut self.depths);
        let front = other.levels.last().map_or(&[][..], |level| level);
        let sieve = || Sieve::new(front.iter().map(|node| web.number(*node)));
        let sieve = other.sieve.get_or_insert_with(sieve);
        let is_met = |number| sieve.keeps(number) && other.depths.at(number).is_some();
        let mut met = Met::default();
        for fans in self.fans.chunks(AHEAD) {
            fans.iter().for_each(Fan::fetch);
            for fan in fans {
                web.meet(fan, front, is_met, guide, |found, number, _| {
                    if depths.insert(number, depth) {
                        met.middle.push(found);
                    }
                    if self.forward && met.before.last() != Some(&fan.node) {
                        met.before.push(fan.node);
                    }
                })?;
            }
        }
        Ok(met)
    }

    /// Writes the new level down.
    fn grow<G: Guide>(&mut self, guide: &G) -> Result<(), G::Stop> {
        let mut next = Vec::with_capacity(self.edges);
        let (depth, depths) = (self.depth, &mut self.depths);
        depths.reserve(self.edges);
        for fan in self.fans.drain(..) {
            fan.sweep(guide, |found, number| {
                if depths.insert(number, depth) {
                    next.push(found);
                }
            })?;
        }
        self.levels.push(next);
        (self.known, self.edges, self.sieve) = (0, 0, None);
        Ok(())
    }
}

/// Deepens the cheaper side until they meet.
fn meet<G: Guide>(
    [out, back]: &mut [Side<'_, '_>; 2],
    longest: usize,
    guide: &G,
) -> Result<Option<Met>, G::Stop> {
    while ((out.depth + back.depth) as usize) < longest {
        if out.front().is_empty() || back.front().is_empty() {
            break;
        }
        let met = match is_cheaper(out, back) {
            true => out.deepen(back, guide)?,
            false => back.deepen(out, guide)?,
        };
        if !met.middle.is_empty() {
            return Ok(Some(met));
        }
    }
    Ok(None)
}

/// Whether a side costs no more than the other: of the shorter front it is found out first.
fn is_cheaper(a: &mut Side<'_, '_>, b: &mut Side<'_, '_>) -> bool {
    if a.front().len() > b.front().len() {
        let of_b = b.cost(usize::MAX);
        return a.cost(of_b) <= of_b;
    }
    let of_a = a.cost(usize::MAX);
    of_a <= b.cost(of_a)
}

/// Nodes on shortest paths.
struct On {
    seen: Seen,
    /// The same by depth.
    layers: Vec<Vec<Node>>,
}

/// The nodes on shortest paths from the middle back to the start.
fn mark<G: Guide>(out: &Side<'_, '_>, met: Met, guide: &G) -> Result<On, G::Stop> {
    let web = out.web;
    let mut on = On {
        seen: Seen::new(web.bound()),
        layers: vec![Vec::new(); out.depth as usize + 1],
    };
    let (mut layer, mut known) = (met.middle, met.before);
    layer.iter().for_each(|node| {
        on.seen.insert(web.number(*node));
    });
    for depth in (0..out.depth).rev() {
        let mut before = std::mem::take(&mut known);
        before.retain(|node| on.seen.insert(web.number(*node)));
        if depth > 0 && before.is_empty() {
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
