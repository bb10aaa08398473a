//! What is around some nodes? Breadth first, a node once at its smallest depth. Not for: the edges
//! among what is found (`among`).

use super::marks::Seen;
use super::web::{Guide, Way, Web};
use crate::graph::{Edge, Node};

/// How far and how many.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How many steps from the starts.
    pub depth: usize,
    /// How many further nodes one node leads to at most.
    pub per_node: Option<usize>,
    /// How many nodes in all, the starts too.
    pub limit: usize,
}

/// What is around some nodes.
#[derive(Clone, Debug, Default)]
pub struct Around {
    /// The nodes as they were found: by depth, and within one by the node that leads to them, the
    /// relationship type, the direction, their ids.
    pub nodes: Vec<Node>,
    /// For each depth, from 0, where its nodes end.
    pub ends: Vec<usize>,
    /// Whether anything was left out for a limit.
    pub truncated: bool,
}

/// A search as it goes.
struct Search<'w, 'a, G> {
    web: &'w Web<'a>,
    guide: &'w G,
    bounds: Bounds,
    seen: Seen,
    found: Around,
}

/// What is around the starts. Cost: the edges of all nodes but those of the last depth; a bit for
/// each node of the graph if many are found.
///
/// # Errors
/// When the guide stops it.
pub fn neighborhood<G: Guide>(
    web: &Web<'_>,
    starts: &[Node],
    bounds: Bounds,
    guide: &G,
) -> Result<Around, G::Stop> {
    let mut search = Search {
        web,
        guide,
        bounds,
        seen: Seen::new(web.bound()),
        found: Around::default(),
    };
    for start in starts {
        if search.seen.insert(web.number(*start)) && !search.take(*start) {
            break;
        }
    }
    search.run()?;
    Ok(search.found)
}

impl<G: Guide> Search<'_, '_, G> {
    /// Takes a node in, if there may be more.
    #[inline]
    fn take(&mut self, node: Node) -> bool {
        let fits = self.found.nodes.len() < self.bounds.limit;
        if fits {
            self.found.nodes.push(node);
        } else {
            self.found.truncated = true;
        }
        fits
    }

    fn is_full(&self) -> bool {
        self.found.truncated && self.found.nodes.len() >= self.bounds.limit
    }

    fn run(&mut self) -> Result<(), G::Stop> {
        let mut from = 0;
        for _ in 0..self.bounds.depth {
            let to = self.found.nodes.len();
            self.found.ends.push(to);
            for at in from..to {
                if self.is_full() {
                    break;
                }
                self.expand(self.found.nodes[at])?;
            }
            from = to;
            if from == self.found.nodes.len() {
                return Ok(());
            }
        }
        self.found.ends.push(self.found.nodes.len());
        Ok(())
    }

    fn expand(&mut self, node: Node) -> Result<(), G::Stop> {
        let web = self.web;
        let mut left = self.bounds.per_node.unwrap_or(usize::MAX);
        for way in web.ways(node, true) {
            let go_on = match (way.condition, self.bounds.per_node) {
                (None, None) => self.sweep(node, way)?,
                _ => self.pick(node, way, &mut left)?,
            };
            if !go_on {
                break;
            }
        }
        Ok(())
    }

    /// Takes all neighbours on a way; whether there may be more.
    fn sweep(&mut self, node: Node, way: &Way<'_>) -> Result<bool, G::Stop> {
        let rows = way.neighbours(node.row).rows();
        self.guide.touch(rows.len())?;
        for row in rows {
            let next = Node {
                of: way.to,
                row: *row,
            };
            if self.seen.insert(self.web.number(next)) && !self.take(next) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Takes the neighbours on a way that the guide admits, up to so many; whether there may be more.
    fn pick(&mut self, node: Node, way: &Way<'_>, left: &mut usize) -> Result<bool, G::Stop> {
        let neighbours = way.neighbours(node.row);
        self.guide.touch(neighbours.len())?;
        for (row, at) in neighbours {
            let (next, segment) = (Node { of: way.to, row }, way.segment);
            let number = self.web.number(next);
            if self.seen.has(number) || !self.admits(way, Edge { segment, at })? {
                continue;
            }
            if *left == 0 {
                self.found.truncated = true;
                return Ok(false);
            }
            *left -= 1;
            self.seen.insert(number);
            if !self.take(next) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn admits(&self, way: &Way<'_>, edge: Edge) -> Result<bool, G::Stop> {
        way.condition
            .map_or(Ok(true), |condition| self.guide.admits(condition, edge))
    }
}
