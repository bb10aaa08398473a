//! Which changes match, and what hangs on the records that changed? As of this run's snapshot. Not for:
//! finding commits (`db`).

use super::rows::RootRows;
use super::{Item, Run, StepRows, Stop};
use crate::change::EdgeKey;
use crate::graph::ChangeSet;
use crate::plan::{ChangesShape, Event, Told, WatchCall};

/// The records of commits that are told, each where it is told.
#[derive(Debug, Default)]
pub struct ChangesRows {
    /// The nodes that are there.
    pub nodes: Vec<Item>,
    /// The edges that are there.
    pub edges: Vec<Item>,
    /// For each event of all commits its record's place in `nodes` or `edges`.
    pub places: Vec<Option<u32>>,
    /// For each node shape the rows of its steps.
    pub node_steps: Vec<Vec<StepRows>>,
    /// For each edge shape the rows of its steps.
    pub edge_steps: Vec<Vec<StepRows>>,
}

impl Run<'_> {
    /// Whether a record of a change, as it is in this run's snapshot, is one that is watched.
    ///
    /// # Errors
    /// If the budget is used up.
    pub fn is_watched(
        &self,
        call: &WatchCall,
        changes: &ChangeSet,
        event: Event,
    ) -> Result<bool, Stop> {
        self.budget.entries(1)?;
        let Some(item) = self.record_of(changes, event) else {
            return Ok(false);
        };
        let filter = match item {
            Item::Node(node) => {
                let mut starts = call.starts.iter();
                let start = starts.find(|start| start.of == node.of);
                start.and_then(|start| start.filter.as_deref())
            }
            _ => call.filter.as_ref(),
        };
        self.accepts(filter, item)
    }

    fn record_of(&self, changes: &ChangeSet, event: Event) -> Option<Item> {
        match event {
            Event::Node(at) => {
                let change = &changes.nodes[at];
                let node = self.snapshot.node(change.of, &change.key);
                node.map(Item::Node)
            }
            Event::Edge(at) => {
                let key = EdgeKey::of(&changes.edges[at]);
                key.find(self.snapshot).map(Item::Edge)
            }
        }
    }

    /// What is selected of the records of commits.
    pub(super) fn told(&self, told: &Told, shape: &ChangesShape) -> Result<RootRows, Stop> {
        let mut rows = ChangesRows::default();
        for (commit, events) in &told.commits {
            let Some(changes) = commit.records() else {
                continue;
            };
            self.budget.entries(events.len())?;
            self.budget.hold(2 * events.len())?;
            for event in events {
                rows.add(shape, || self.record_of(changes, *event));
            }
        }
        let steps = shape.nodes.iter();
        let steps = steps.map(|of| self.steps(&rows.nodes, &of.steps));
        rows.node_steps = steps.collect::<Result<_, _>>()?;
        let steps = shape.edges.iter();
        let steps = steps.map(|of| self.steps(&rows.edges, &of.steps));
        rows.edge_steps = steps.collect::<Result<_, _>>()?;
        Ok(RootRows::Changes(Box::new(rows)))
    }
}

impl ChangesRows {
    /// Adds a record, if it is there and its like is selected.
    fn add(&mut self, shape: &ChangesShape, find: impl FnOnce() -> Option<Item>) {
        let selected = !shape.nodes.is_empty() || !shape.edges.is_empty();
        let place = selected.then(find).flatten().map(|item| {
            let all = match item {
                Item::Node(_) => &mut self.nodes,
                _ => &mut self.edges,
            };
            all.push(item);
            all.len() as u32 - 1
        });
        self.places.push(place);
    }
}
