//! What did a mutation write, and what is it to write to? Not for: writing it (`change`).

use super::candidates::Sink;
use super::rows::{RootRows, StepRows};
use super::{Item, Run, Stop};
use crate::change::{EdgeKey, Outcome};
use crate::graph::{Edge, Node};
use crate::ontology::RelationshipId;
use crate::plan::{Collection, Filter, Hop, MutationShape, Start};
use std::ops::ControlFlow;

/// The records that a root field of a mutation wrote, as far as they are still there.
#[derive(Debug, Default)]
pub struct MutationRows {
    /// The records.
    pub items: Vec<Item>,
    /// For each node shape, or edge shape, the rows of its steps.
    pub steps: Vec<Vec<StepRows>>,
}

impl Run<'_> {
    /// The nodes that some starts find, in the order of ids.
    ///
    /// # Errors
    /// If the budget is used up.
    pub fn nodes(&self, starts: &[Start]) -> Result<Vec<Node>, Stop> {
        let mut nodes = Vec::new();
        let _ = self.each_node(starts, &mut |item| {
            nodes.extend(item.node());
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(nodes)
    }

    /// The edges of a relationship type that match, in the order of ids.
    ///
    /// # Errors
    /// If the budget is used up.
    pub fn edges(&self, of: RelationshipId, which: &Collection) -> Result<Vec<Edge>, Stop> {
        let mut edges = Vec::new();
        let sink: Sink<'_> = &mut |item| {
            edges.extend(item.edge());
            Ok(ControlFlow::Continue(()))
        };
        let _ = self.each_edge(of, &which.access, which.filter.as_ref(), sink)?;
        Ok(edges)
    }

    /// The edges of a node along a step that match, in the order of the other nodes' ids.
    ///
    /// # Errors
    /// If the budget is used up.
    pub fn edges_along(
        &self,
        hop: &Hop,
        node: Node,
        filter: Option<&Filter>,
    ) -> Result<Vec<Edge>, Stop> {
        let mut edges = Vec::new();
        let _ = self.each_neighbour(hop, node, &mut |link| {
            if self.accepts(filter, link)? {
                edges.extend(link.edge());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(edges)
    }

    /// The records of an outcome that are still there, with what is selected of them.
    pub(super) fn written(
        &self,
        outcome: &Outcome,
        shape: &MutationShape,
    ) -> Result<RootRows, Stop> {
        let mut rows = MutationRows::default();
        if shape.nodes.is_empty() && shape.edges.is_empty() {
            return Ok(RootRows::Mutation(Box::default()));
        }
        self.budget
            .entries(outcome.nodes.len() + outcome.edges.len())?;
        let nodes = outcome.nodes.iter();
        let nodes = nodes.filter_map(|(of, key)| self.snapshot.node(*of, key));
        let edges = outcome.edges.iter().filter_map(|key| self.edge_of(key));
        rows.items.extend(nodes.map(Item::Node));
        rows.items.extend(edges.map(Item::Edge));
        self.budget.hold(rows.items.len())?;
        for shape in &shape.nodes {
            rows.steps.push(self.steps(&rows.items, &shape.steps)?);
        }
        for shape in &shape.edges {
            rows.steps.push(self.steps(&rows.items, &shape.steps)?);
        }
        Ok(RootRows::Mutation(Box::new(rows)))
    }

    fn edge_of(&self, key: &EdgeKey) -> Option<Edge> {
        let source = self.snapshot.node(key.source.0, &key.source.1)?;
        let target = self.snapshot.node(key.target.0, &key.target.1)?;
        self.snapshot.edge(key.of, source, target, &key.unique)
    }
}
