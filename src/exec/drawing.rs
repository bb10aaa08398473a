//! How are nodes and edges put together, ready to draw? Each once, with what hangs on it, however
//! many paths lead through it. Not for: finding them (`paths`, `neighborhood`).

use super::rows::{GraphRows, Part, RootRows};
use super::{Item, Run, Stop};
use crate::graph::paths::Path;
use crate::graph::{Edge, Node};
use crate::plan::GraphShape;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Things in the order in which they are first met, each once.
struct Once<T> {
    all: Vec<T>,
    places: FxHashMap<T, u32>,
}

impl<T: Copy + Eq + Hash> Once<T> {
    fn new() -> Self {
        Self {
            all: Vec::new(),
            places: FxHashMap::default(),
        }
    }

    fn place(&mut self, thing: T) -> u32 {
        let next = self.all.len() as u32;
        let place = *self.places.entry(thing).or_insert(next);
        if place == next {
            self.all.push(thing);
        }
        place
    }
}

impl Run<'_> {
    /// Paths with their prices.
    pub(super) fn drawn_paths(
        &self,
        paths: &[Path],
        truncated: bool,
        price: impl Fn(&Path) -> f64,
        shape: &GraphShape,
    ) -> Result<RootRows, Stop> {
        let (mut nodes, mut edges) = (Once::new(), Once::new());
        let mut rows = GraphRows {
            truncated,
            ..GraphRows::default()
        };
        for path in paths {
            self.budget.hold(path.nodes.len() + path.edges.len())?;
            let (from_node, from_edge) = (rows.node_places.len(), rows.edge_places.len());
            rows.node_places
                .extend(path.nodes.iter().map(|node| nodes.place(*node)));
            rows.edge_places
                .extend(path.edges.iter().map(|edge| edges.place(*edge)));
            rows.parts.push(Part {
                size: path.len(),
                cost: price(path),
                nodes: from_node..rows.node_places.len(),
                edges: from_edge..rows.edge_places.len(),
            });
        }
        self.drawn(rows, &nodes.all, &edges.all, shape)
    }

    /// Nodes and edges, each once, with what hangs on them.
    pub(super) fn drawn(
        &self,
        mut rows: GraphRows,
        nodes: &[Node],
        edges: &[Edge],
        shape: &GraphShape,
    ) -> Result<RootRows, Stop> {
        if !shape.nodes.is_empty() {
            self.budget.hold(nodes.len())?;
            rows.nodes = nodes.iter().map(|node| Item::Node(*node)).collect();
        }
        if !shape.edges.is_empty() {
            self.budget.hold(edges.len())?;
            rows.edges = edges.iter().map(|edge| Item::Edge(*edge)).collect();
        }
        let steps = shape
            .nodes
            .iter()
            .map(|of| self.steps(&rows.nodes, &of.steps));
        rows.node_steps = steps.collect::<Result<_, _>>()?;
        let steps = shape
            .edges
            .iter()
            .map(|of| self.steps(&rows.edges, &of.steps));
        rows.edge_steps = steps.collect::<Result<_, _>>()?;
        Ok(RootRows::Graph(Box::new(rows)))
    }
}
