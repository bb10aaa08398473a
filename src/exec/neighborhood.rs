//! Which neighbourhood or subgraph is asked for? Not for: searching it (`graph::paths`).

use super::guide::{Guided, Halt};
use super::rows::{GraphRows, Part, RootRows};
use super::{Run, Stop};
use crate::graph::paths::{Around, Bounds, Web, among, neighborhood};
use crate::graph::{Edge, Node};
use crate::plan::{GraphShape, NeighborhoodCall, NodeRef};
use std::ops::ControlFlow;

impl Run<'_> {
    /// What is around some nodes.
    pub(super) fn neighborhood(
        &self,
        call: &NeighborhoodCall,
        shape: &GraphShape,
    ) -> Result<RootRows, Halt> {
        let mut starts = Vec::new();
        for of in &call.of {
            self.refer(of, &mut starts)?;
        }
        let guide = Guided::new(self, &call.follow, &[]);
        let rules = guide.rules();
        let web = Web::new(self.snapshot, &rules, call.types.as_deref());
        let bounds = Bounds {
            depth: call.depth,
            per_node: call.per_node,
            limit: call.limit,
        };
        let found = neighborhood(&web, &starts, bounds, &guide)?;
        let edges = if shape.edges.is_empty() {
            Vec::new()
        } else {
            let web = Web::new(self.snapshot, &rules, None);
            among(&web, &found.nodes, &guide)?
        };
        Ok(self.levels(found, &edges, shape)?)
    }

    fn levels(&self, found: Around, edges: &[Edge], shape: &GraphShape) -> Result<RootRows, Stop> {
        let starts = std::iter::once(0).chain(found.ends.iter().copied());
        let levels = starts.zip(&found.ends).enumerate();
        let parts = levels.map(|(depth, (start, end))| Part {
            size: depth,
            nodes: start..*end,
            ..Part::default()
        });
        let rows = GraphRows {
            truncated: found.truncated,
            parts: parts.filter(|part| !part.nodes.is_empty()).collect(),
            node_places: match shape.nodes.is_empty() {
                true => Vec::new(),
                false => (0..found.nodes.len() as u32).collect(),
            },
            ..GraphRows::default()
        };
        self.drawn(rows, &found.nodes, edges, shape)
    }

    /// Some nodes in the order in which they are named, each once, and the edges among them.
    pub(super) fn subgraph(&self, ids: &[String], shape: &GraphShape) -> Result<RootRows, Halt> {
        let mut nodes = Vec::new();
        for id in ids {
            nodes.extend(self.named(id)?);
        }
        let web = Web::whole(self.snapshot);
        let guide = Guided::new(self, &[], &[]);
        let bounds = Bounds {
            depth: 0,
            per_node: None,
            limit: usize::MAX,
        };
        let found = neighborhood(&web, &nodes, bounds, &guide);
        let nodes = found?.nodes;
        let edges = match shape.edges.is_empty() {
            true => Vec::new(),
            false => among(&web, &nodes, &guide)?,
        };
        Ok(self.drawn(GraphRows::default(), &nodes, &edges, shape)?)
    }

    /// The nodes that are referred to, in the order of ids.
    pub(super) fn refer(&self, to: &NodeRef, nodes: &mut Vec<Node>) -> Result<(), Stop> {
        match to {
            NodeRef::Id(id) => nodes.extend(self.named(id)?),
            NodeRef::Found(starts) => {
                let _ = self.each_node(starts, &mut |item| {
                    nodes.extend(item.node());
                    Ok(ControlFlow::Continue(()))
                })?;
            }
        }
        Ok(())
    }

    fn named(&self, id: &str) -> Result<Option<Node>, Stop> {
        self.node_by_id(self.snapshot.ontology().node(), id)
    }
}
