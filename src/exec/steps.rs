//! Where do records lead? Each step once for all records of a batch. Not for: the roots (`look_up`).

use super::prefix::Prefix;
use super::rows::{Page, Pages, Rows, StepRows};
use super::summary::Summing;
use super::window::{Wanted, collector, enough};
use super::{Item, Run, Stop};
use crate::graph::Node;
use crate::ontology::Direction;
use crate::plan::{
    Call, Collection, Connection, EdgeShape, NodeShape, Reach, Slot, Step, StepKind,
};
use std::ops::ControlFlow;

impl Run<'_> {
    /// The records with what the steps of a node shape lead to.
    pub(super) fn node_rows(&self, items: Vec<Item>, shape: &NodeShape) -> Result<Rows, Stop> {
        let steps = self.steps(&items, &shape.steps)?;
        Ok(Rows { items, steps })
    }

    /// The records with what the steps of an edge shape lead to.
    pub(super) fn edge_rows(&self, items: Vec<Item>, shape: &EdgeShape) -> Result<Rows, Stop> {
        let steps = self.steps(&items, &shape.steps)?;
        Ok(Rows { items, steps })
    }

    /// What some steps lead to from some records.
    pub(super) fn steps(&self, items: &[Item], steps: &[Step]) -> Result<Vec<StepRows>, Stop> {
        steps.iter().map(|step| self.step(items, step)).collect()
    }

    fn step(&self, items: &[Item], step: &Step) -> Result<StepRows, Stop> {
        if let Some(slot) = step.slot
            && matches!(self.calls[slot], Call::Failed { .. })
        {
            return Ok(StepRows::Failed(slot));
        }
        match &step.kind {
            StepKind::One { hop, shape, .. } => self.groups(items, shape, |item, group| {
                let Some(node) = item.node() else {
                    return Ok(());
                };
                let _ = self.each_neighbour(hop, node, &mut |link| {
                    group.extend(link.node().map(Item::Node));
                    Ok(ControlFlow::Break(()))
                })?;
                Ok(())
            }),
            StepKind::List(hop, shape) => {
                self.lists(items, &Reach::Hop(hop.clone()), step.slot, shape)
            }
            StepKind::Closure(hop, target, shape) => self.lists(
                items,
                &Reach::Closure(hop.clone(), *target),
                step.slot,
                shape,
            ),
            StepKind::Connection(hop, connection) => {
                self.pages(items, &Reach::Hop(hop.clone()), step.slot, connection)
            }
            StepKind::ClosureConnection(hop, target, connection) => self.pages(
                items,
                &Reach::Closure(hop.clone(), *target),
                step.slot,
                connection,
            ),
            StepKind::Source(shape) => self.ends(items, Direction::Out, shape),
            StepKind::Target(shape) => self.ends(items, Direction::In, shape),
            StepKind::ReferenceSources(shape) => self.groups(items, shape, |item, group| {
                let references = self.references(record(item)).iter();
                self.budget.spend(references.len() as u64)?;
                group.extend(references.map(|reference| Item::Node(reference.source)));
                Ok(())
            }),
            StepKind::CitedBy(connection) => self.citing(items, step.slot, connection),
        }
    }

    fn groups(
        &self,
        items: &[Item],
        shape: &NodeShape,
        mut each: impl FnMut(Item, &mut Vec<Item>) -> Result<(), Stop>,
    ) -> Result<StepRows, Stop> {
        let mut offsets = Vec::with_capacity(items.len() + 1);
        let mut found = Vec::with_capacity(items.len());
        offsets.push(0);
        for item in items {
            let before = found.len();
            each(*item, &mut found)?;
            self.budget.hold(1 + found.len() - before)?;
            offsets.push(found.len() as u32);
        }
        Ok(StepRows::Groups {
            offsets,
            rows: self.node_rows(found, shape)?,
        })
    }

    fn ends(&self, items: &[Item], end: Direction, shape: &NodeShape) -> Result<StepRows, Stop> {
        self.groups(items, shape, |item, group| {
            self.budget.spend(1)?;
            group.extend(item.edge().map(|edge| Item::Node(self.end(edge, end))));
            Ok(())
        })
    }

    fn lists(
        &self,
        items: &[Item],
        reach: &Reach,
        slot: Option<Slot>,
        shape: &NodeShape,
    ) -> Result<StepRows, Stop> {
        let collection = self.collection(slot);
        let prefix = Prefix::of(reach, collection);
        self.groups(items, shape, |item, group| {
            let Some(node) = item.node() else {
                return Ok(());
            };
            if let Some(prefix) = prefix {
                return self.first_neighbours(prefix, node, group);
            }
            let found = self.matching_links(reach, node, true, collection)?;
            match collection {
                Some(collection) => group.extend(self.window(found, collection, Wanted::LIST)?.0),
                None => group.extend(found),
            }
            Ok(())
        })
    }

    fn collection(&self, slot: Option<Slot>) -> Option<&Collection> {
        match self.calls.get(slot?) {
            Some(Call::Collection(collection)) => Some(collection),
            _ => None,
        }
    }

    fn matching_links(
        &self,
        reach: &Reach,
        node: Node,
        distinct: bool,
        collection: Option<&Collection>,
    ) -> Result<Vec<Item>, Stop> {
        let mut items = self.links(reach, node, distinct)?;
        if let Some(filter) = collection.and_then(|collection| collection.filter.as_ref()) {
            let mut kept = 0;
            for at in 0..items.len() {
                items[kept] = items[at];
                kept += usize::from(self.accepts(Some(filter), items[at])?);
            }
            items.truncate(kept);
        }
        Ok(items)
    }

    fn pages(
        &self,
        items: &[Item],
        reach: &Reach,
        slot: Option<Slot>,
        connection: &Connection,
    ) -> Result<StepRows, Stop> {
        let collection = self.collection(slot);
        let prefix = Prefix::of(reach, collection);
        let filtered = collection.is_some_and(|collection| collection.filter.is_some());
        self.paged(items, connection, collection, |item, wanted, shown| {
            let Some(node) = item.node() else {
                return Ok(Matches::All(Vec::new()));
            };
            if wanted.is_total()
                && !filtered
                && let Some(number) = self.degree_along(reach, false, node)?
            {
                return Ok(Matches::Shown(Page::of(number as u64)));
            }
            if let Some(prefix) = prefix.filter(|_| !wanted.all) {
                let page = self.first_links(prefix, node, wanted, shown)?;
                return Ok(Matches::Shown(page));
            }
            let found = self.matching_links(reach, node, false, collection)?;
            Ok(Matches::All(found))
        })
    }

    fn citing(
        &self,
        items: &[Item],
        slot: Option<Slot>,
        connection: &Connection,
    ) -> Result<StepRows, Stop> {
        let none = Collection::default();
        let collection = self.collection(slot).unwrap_or(&none);
        self.paged(items, connection, Some(collection), |item, wanted, _| {
            let mut found = Vec::new();
            let mut collect = collector(&mut found, enough(collection, wanted));
            let _ = self.each_node(&collection.starts, &mut |candidate| {
                let references = self.references(candidate).iter();
                self.budget.spend(references.len() as u64)?;
                let mut cited = references.map(|reference| Item::Node(reference.source));
                if cited.any(|source| source == item) {
                    collect(candidate)
                } else {
                    Ok(ControlFlow::Continue(()))
                }
            })?;
            drop(collect);
            Ok(Matches::All(found))
        })
    }

    fn paged(
        &self,
        items: &[Item],
        connection: &Connection,
        collection: Option<&Collection>,
        mut matches: impl FnMut(Item, Wanted, &mut Vec<Item>) -> Result<Matches, Stop>,
    ) -> Result<StepRows, Stop> {
        let none = Collection::default();
        let (wanted, collection) = (Wanted::of(connection), collection.unwrap_or(&none));
        let mut summing = wanted.all.then(|| Summing::new(self, connection));
        let mut pages = Pages {
            offsets: Vec::with_capacity(items.len() + 1),
            pages: Vec::with_capacity(items.len()),
            items: Vec::with_capacity(items.len()),
            ..Pages::default()
        };
        pages.offsets.push(0);
        for item in items {
            let before = pages.items.len();
            let page = match matches(*item, wanted, &mut pages.items)? {
                Matches::Shown(page) => page,
                Matches::All(found) => {
                    if let Some(summing) = &mut summing {
                        summing.add(self, &found)?;
                    }
                    let (found, page) = self.window(found, collection, wanted)?;
                    pages.items.extend(found);
                    page
                }
            };
            self.budget.hold(1 + pages.items.len() - before)?;
            pages.offsets.push(pages.items.len() as u32);
            pages.pages.push(page);
        }
        if let Some(summing) = summing {
            pages.summaries = summing.finish(self)?;
        }
        Ok(StepRows::Pages(Box::new(self.fill(pages, connection)?)))
    }

    /// Follows the steps of a connection's shapes.
    pub(super) fn fill(&self, mut pages: Pages, connection: &Connection) -> Result<Pages, Stop> {
        let nodes = connection
            .nodes
            .iter()
            .map(|shape| self.steps(&pages.items, &shape.steps));
        pages.nodes = nodes.collect::<Result<_, _>>()?;
        let edges: Vec<Item> = pages.items.iter().map(|item| record(*item)).collect();
        let steps = connection
            .edges
            .iter()
            .map(|shape| self.steps(&edges, &shape.steps));
        pages.edges = steps.collect::<Result<_, _>>()?;
        Ok(pages)
    }
}

/// What a connection finds for one parent.
enum Matches {
    /// All or enough of them, of which a part is to be shown.
    All(Vec<Item>),
    /// That part is taken already.
    Shown(Page),
}

/// The edge of a link by itself; other records as they are.
fn record(item: Item) -> Item {
    match item {
        Item::Link(edge, _) => Item::Edge(edge),
        other => other,
    }
}
