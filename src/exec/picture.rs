//! Which nodes and edges does an answer show? What its selection leads to, each once, as files of
//! graphs take it. Not for: finding the records (`look_up`, `steps`), or the files (`exchange`).

use super::{GraphRows, Item, Pages, RootRows, Rows, Run, StepRows, Stop};
use crate::graph::{Edge, Node, Snapshot};
use crate::ontology::RelationshipId;
use crate::plan::{Connection, Hop, NodeShape, Root, RootField, Step, StepKind};
use rustc_hash::FxHashSet;
use std::ops::ControlFlow;

/// Nodes, and edges between them, each once, in the order in which they are met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The nodes; both ends of every edge are among them.
    pub nodes: Vec<Node>,
    /// The edges.
    pub edges: Vec<Edge>,
}

impl Picture {
    /// Everything, in the order of ids.
    pub fn whole(snapshot: &Snapshot) -> Self {
        let ontology = snapshot.ontology();
        let nodes = ontology.concrete_ids().flat_map(|of| snapshot.nodes(of));
        let types = (0..ontology.relationships.len()).map(|at| RelationshipId(at as u16));
        let segments = types.flat_map(|of| snapshot.segments(of).iter().copied());
        let edges = segments.flat_map(|id| snapshot.edges(id));
        Self {
            nodes: nodes.collect(),
            edges: edges.collect(),
        }
    }
}

/// What can be drawn of a root field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// These nodes and edges.
    Picture(Picture),
    /// Nothing: its arguments, or those of a field below it, are wrong.
    Wrong,
    /// Nothing: it gives no records.
    Nothing,
}

impl Run<'_> {
    /// What a root field shows. Cost: a unit for each record, and for each link of those whose
    /// neighbours are listed.
    ///
    /// # Errors
    /// If the budget is used up.
    pub fn picture(&self, root: &Root, rows: &RootRows) -> Result<Shown, Stop> {
        let mut sketch = Sketch::new(self);
        match (&root.field, rows) {
            (_, RootRows::Failed(_) | RootRows::Wrong { .. }) => sketch.wrong = true,
            (RootField::Node(_, shape) | RootField::Nodes(_, shape), _)
            | (RootField::NodesById(shape), _) => sketch.records(rows, &shape.steps)?,
            (RootField::Edge(_, shape) | RootField::Edges(_, shape), _) => {
                sketch.records(rows, &shape.steps)?;
            }
            (
                RootField::NodesConnection(_, connection)
                | RootField::EdgesConnection(_, connection),
                RootRows::Connection(pages),
            ) => sketch.pages(connection, pages)?,
            (RootField::Graph(shape), RootRows::Graph(rows)) => {
                let nodes = shape.nodes.iter().map(|shape| &*shape.steps);
                let edges = shape.edges.iter().map(|shape| &*shape.steps);
                sketch.graph(rows, nodes, edges)?;
            }
            _ => return Ok(Shown::Nothing),
        }
        Ok(match sketch.wrong {
            true => Shown::Wrong,
            false => Shown::Picture(sketch.picture),
        })
    }
}

/// A picture that is being drawn.
struct Sketch<'r, 'a> {
    run: &'r Run<'a>,
    picture: Picture,
    nodes: FxHashSet<Node>,
    edges: FxHashSet<Edge>,
    wrong: bool,
}

impl<'r, 'a> Sketch<'r, 'a> {
    fn new(run: &'r Run<'a>) -> Self {
        Self {
            run,
            picture: Picture::default(),
            nodes: FxHashSet::default(),
            edges: FxHashSet::default(),
            wrong: false,
        }
    }

    fn item(&mut self, item: Item) -> Result<(), Stop> {
        self.run.budget.spend(1)?;
        if let Some(node) = item.node() {
            self.node(node);
        }
        if let Some(edge) = item.edge() {
            self.edge(edge);
        }
        Ok(())
    }

    fn node(&mut self, node: Node) {
        if self.nodes.insert(node) {
            self.picture.nodes.push(node);
        }
    }

    fn edge(&mut self, edge: Edge) {
        if self.edges.insert(edge) {
            let (source, target) = self.run.snapshot.ends(edge);
            self.node(source);
            self.node(target);
            self.picture.edges.push(edge);
        }
    }

    fn items(&mut self, items: &[Item]) -> Result<(), Stop> {
        items.iter().try_for_each(|item| self.item(*item))
    }

    fn records(&mut self, rows: &RootRows, steps: &[Step]) -> Result<(), Stop> {
        match rows {
            RootRows::One(rows) | RootRows::List(rows) | RootRows::Sparse { rows, .. } => {
                self.rows(rows, steps)
            }
            _ => Ok(()),
        }
    }

    fn rows(&mut self, rows: &Rows, steps: &[Step]) -> Result<(), Stop> {
        self.items(&rows.items)?;
        self.steps(&rows.items, steps, &rows.steps)
    }

    fn graph<'s>(
        &mut self,
        rows: &GraphRows,
        nodes: impl Iterator<Item = &'s [Step]>,
        edges: impl Iterator<Item = &'s [Step]>,
    ) -> Result<(), Stop> {
        self.items(&rows.nodes)?;
        self.items(&rows.edges)?;
        for (steps, below) in nodes.zip(&rows.node_steps) {
            self.steps(&rows.nodes, steps, below)?;
        }
        for (steps, below) in edges.zip(&rows.edge_steps) {
            self.steps(&rows.edges, steps, below)?;
        }
        Ok(())
    }

    fn pages(&mut self, connection: &Connection, pages: &Pages) -> Result<(), Stop> {
        self.items(&pages.items)?;
        for (shape, below) in connection.nodes.iter().zip(&pages.nodes) {
            self.steps(&pages.items, &shape.steps, below)?;
        }
        for (shape, below) in connection.edges.iter().zip(&pages.edges) {
            self.steps(&pages.items, &shape.steps, below)?;
        }
        Ok(())
    }

    fn steps(&mut self, parents: &[Item], steps: &[Step], rows: &[StepRows]) -> Result<(), Stop> {
        let mut both = steps.iter().zip(rows);
        both.try_for_each(|(step, rows)| self.step(parents, &step.kind, rows))
    }

    fn step(&mut self, parents: &[Item], kind: &StepKind, rows: &StepRows) -> Result<(), Stop> {
        match (kind, rows) {
            (_, StepRows::Failed(_)) => self.wrong = true,
            // Who says so is told with each record, and is no part of the drawing.
            (StepKind::ReferenceSources(_), _) => {}
            (
                StepKind::One { hop, shape, .. } | StepKind::List(hop, shape),
                StepRows::Groups { offsets, rows },
            ) => {
                self.rows(rows, &shape.steps)?;
                self.links(parents, hop, offsets, &rows.items)?;
            }
            (
                StepKind::Closure(_, _, shape) | StepKind::Source(shape) | StepKind::Target(shape),
                StepRows::Groups { rows, .. },
            ) => self.below(rows, shape)?,
            (
                StepKind::Connection(_, connection)
                | StepKind::ClosureConnection(_, _, connection)
                | StepKind::CitedBy(connection),
                StepRows::Pages(pages),
            ) => self.pages(connection, pages)?,
            _ => {}
        }
        Ok(())
    }

    fn below(&mut self, rows: &Rows, shape: &NodeShape) -> Result<(), Stop> {
        self.rows(rows, &shape.steps)
    }

    /// The edges along a hop from each parent to the members of its group.
    fn links(
        &mut self,
        parents: &[Item],
        hop: &Hop,
        offsets: &[u32],
        items: &[Item],
    ) -> Result<(), Stop> {
        let run = self.run;
        for (parent, ends) in parents.iter().zip(offsets.windows(2)) {
            let group = &items[ends[0] as usize..ends[1] as usize];
            let Some(node) = parent.node().filter(|_| !group.is_empty()) else {
                continue;
            };
            let group: FxHashSet<Node> = group.iter().filter_map(|item| item.node()).collect();
            let _ = run.each_neighbour(hop, node, &mut |link| {
                if let (Some(edge), Some(other)) = (link.edge(), link.node())
                    && group.contains(&other)
                {
                    self.edge(edge);
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(())
    }
}
