//! Which results does an answer show? Not for: computing them.

use super::{Measured, Sample};
use crate::exec::rows::{RootRows, Rows, StepRows};
use crate::exec::{Item, Run, Stop};
use crate::plan::{
    Call, DivisionShape, GroupsShape, MetricsCall, MetricsOutput, MetricsShape, NodeShape,
    RankingShape, Slot,
};

/// The rows of `graphMetrics`.
#[derive(Debug, Default)]
pub struct MetricsRows {
    /// How many nodes are measured.
    pub nodes: usize,
    /// How many edges are among them.
    pub edges: usize,
    /// The share of pairs that an edge joins.
    pub density: f64,
    /// From how many nodes rankings by paths look.
    pub sample: usize,
    /// One for each ranking and division selected, in their order.
    pub parts: Vec<MetricsPart>,
}

/// A ranking or a division.
#[derive(Debug)]
pub enum MetricsPart {
    /// The first places of a ranking.
    Ranking(RankingRows),
    /// Components or communities.
    Division(DivisionRows),
    /// The arguments of this slot are wrong.
    Failed(Slot),
}

/// The first places of a ranking.
#[derive(Debug)]
pub struct RankingRows {
    /// Their values.
    pub values: Vec<f64>,
    /// Whether the values are estimates.
    pub sampled: bool,
    /// For each shape the nodes.
    pub nodes: Vec<Rows>,
}

/// Components or communities.
#[derive(Debug)]
pub struct DivisionRows {
    /// How many there are.
    pub count: usize,
    /// How much denser than chance they are, of communities.
    pub modularity: Option<f64>,
    /// For each shape the first groups, or the slot whose arguments are wrong.
    pub groups: Vec<Result<GroupRows, Slot>>,
}

/// The first groups.
#[derive(Debug)]
pub struct GroupRows {
    /// Their sizes.
    pub sizes: Vec<usize>,
    /// For each shape their first nodes.
    pub nodes: Vec<StepRows>,
}

impl Run<'_> {
    /// Measures a part of the graph.
    pub(in crate::exec) fn metrics(
        &self,
        call: &MetricsCall,
        shape: &MetricsShape,
    ) -> Result<RootRows, Stop> {
        let outputs = shape.outputs.iter().map(|output| &output.what);
        let mut needed = outputs.clone();
        if needed.all(|output| matches!(output, MetricsOutput::Typename)) {
            return Ok(RootRows::Metrics(Box::default()));
        }
        let measured = Measured::new(self, call)?;
        let parts = outputs.filter_map(|output| match output {
            MetricsOutput::Ranking(shape) => Some(measured.ranking(shape)),
            MetricsOutput::Division(shape) => Some(measured.division(shape)),
            _ => None,
        });
        let network = &measured.network;
        Ok(RootRows::Metrics(Box::new(MetricsRows {
            parts: parts.collect::<Result<_, _>>()?,
            nodes: network.len(),
            edges: network.edges(),
            density: network.density(),
            sample: Sample::of(network).size,
        })))
    }

    /// How many are asked for.
    fn first(&self, slot: Slot) -> Result<usize, Slot> {
        match self.calls.get(slot) {
            Some(Call::First(first)) => Ok(*first),
            _ => Err(slot),
        }
    }
}

impl Measured<'_> {
    fn ranking(&self, shape: &RankingShape) -> Result<MetricsPart, Stop> {
        let Some(Call::Ranking(by, first)) = self.run.calls.get(shape.slot) else {
            return Ok(MetricsPart::Failed(shape.slot));
        };
        let ranked = self.ranked(*by)?;
        let places = &ranked.places[..ranked.places.len().min(*first)];
        let items = places.iter().map(|(number, _)| self.node(*number));
        let nodes = self.rows(&items.collect::<Vec<_>>(), &shape.nodes)?;
        Ok(MetricsPart::Ranking(RankingRows {
            values: places.iter().map(|(_, value)| *value).collect(),
            sampled: ranked.sampled,
            nodes,
        }))
    }

    fn rows(
        &self,
        items: &[Item],
        shapes: &[std::sync::Arc<NodeShape>],
    ) -> Result<Vec<Rows>, Stop> {
        let rows = shapes.iter().map(|shape| {
            self.run.budget.hold(items.len())?;
            self.run.node_rows(items.to_vec(), shape)
        });
        rows.collect()
    }

    fn division(&self, shape: &DivisionShape) -> Result<MetricsPart, Stop> {
        let Some(Call::Division(by)) = self.run.calls.get(shape.slot) else {
            return Ok(MetricsPart::Failed(shape.slot));
        };
        let divided = self.divided(*by)?;
        let lists = shape.groups.iter().map(|shape| {
            let first = match self.run.first(shape.slot) {
                Ok(first) => first.min(divided.groups().len()),
                Err(slot) => return Ok(Err(slot)),
            };
            let groups: Vec<&[u32]> = (0..first).map(|at| divided.groups().group(at)).collect();
            self.groups(&groups, shape).map(Ok)
        });
        Ok(MetricsPart::Division(DivisionRows {
            groups: lists.collect::<Result<_, _>>()?,
            count: divided.groups().len(),
            modularity: divided.modularity(),
        }))
    }

    fn groups(&self, groups: &[&[u32]], shape: &GroupsShape) -> Result<GroupRows, Stop> {
        self.run.budget.hold(groups.len())?;
        let nodes = shape.nodes.iter().map(|(slot, shape)| {
            let Ok(first) = self.run.first(*slot) else {
                return Ok(StepRows::Failed(*slot));
            };
            let (mut offsets, mut items) = (vec![0], Vec::new());
            for group in groups {
                let shown = &group[..group.len().min(first)];
                self.run.budget.hold(1 + shown.len())?;
                items.extend(shown.iter().map(|number| self.node(*number)));
                offsets.push(items.len() as u32);
            }
            let rows = self.run.node_rows(items, shape)?;
            Ok(StepRows::Groups { offsets, rows })
        });
        Ok(GroupRows {
            nodes: nodes.collect::<Result<_, _>>()?,
            sizes: groups.iter().map(|group| group.len()).collect(),
        })
    }
}
