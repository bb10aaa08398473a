//! What do the root fields find? Not for: what hangs on it (`steps`).

use super::rows::{Pages, RootRows};
use super::summary::Summing;
use super::window::{Wanted, collector};
use super::{Item, Run, Stop};
use crate::graph::{Edge, Node};
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{
    Call, Collection, Connection, GraphShape, Key, NodeShape, Root, RootField, Selection, Slot,
};
use crate::value::{EdgeId, NodeId, Value};

impl Run<'_> {
    /// Runs every root field of a selection.
    ///
    /// # Errors
    /// If the budget is used up.
    pub fn run(&self, selection: &Selection) -> Result<Vec<RootRows>, Stop> {
        self.budget.look()?;
        selection
            .roots
            .iter()
            .map(|root| self.root(&root.what))
            .collect()
    }

    fn root(&self, root: &Root) -> Result<RootRows, Stop> {
        let call = match &root.field {
            RootField::Typename(_)
            | RootField::Revision
            | RootField::Ontology(_)
            | RootField::Introspection => return Ok(RootRows::Plain),
            _ => &self.calls[root.slot],
        };
        match (&root.field, call) {
            (RootField::Node(of, shape), Call::LookUp(key)) => {
                let found = self.find_node(*of, key)?.map(Item::Node);
                Ok(RootRows::One(
                    self.node_rows(found.into_iter().collect(), shape)?,
                ))
            }
            (RootField::Edge(of, shape), Call::LookUp(Key::Id(id))) => {
                let found = self.find_edge(*of, id)?.map(Item::Edge);
                Ok(RootRows::One(
                    self.edge_rows(found.into_iter().collect(), shape)?,
                ))
            }
            (RootField::NodesById(shape), Call::Ids(ids)) => self.nodes_by_id(ids, shape),
            (RootField::Nodes(_, shape), Call::Collection(collection)) => {
                let (items, _) = self.find_nodes(collection, Wanted::LIST)?;
                self.budget.hold(items.len())?;
                Ok(RootRows::List(self.node_rows(items, shape)?))
            }
            (RootField::Edges(of, shape), Call::Collection(collection)) => {
                let (items, _) = self.find_edges(*of, collection, Wanted::LIST)?;
                self.budget.hold(items.len())?;
                Ok(RootRows::List(self.edge_rows(items, shape)?))
            }
            (RootField::NodesConnection(_, connection), Call::Collection(collection)) => {
                let wanted = Wanted::of(connection);
                if !wanted.all {
                    return self.page(self.find_nodes(collection, wanted)?, connection);
                }
                let all = self.all_nodes(collection)?;
                self.summed(all, collection, connection)
            }
            (RootField::EdgesConnection(of, connection), Call::Collection(collection)) => {
                let wanted = Wanted::of(connection);
                if !wanted.all {
                    return self.page(self.find_edges(*of, collection, wanted)?, connection);
                }
                let all = self.all_edges(*of, collection)?;
                self.summed(all, collection, connection)
            }
            (RootField::Search(connection), Call::Search(call)) => self.search(call, connection),
            (RootField::Graph(shape), call) => self.part_of_graph(call, shape, root.slot),
            (RootField::Mutation(shape), Call::Mutation(outcome)) => self.written(outcome, shape),
            (RootField::Changes(shape), Call::Told(told)) => self.told(told, shape),
            (RootField::Apart(_), Call::Past(_)) => Ok(RootRows::Plain),
            (RootField::Metrics(shape), Call::Metrics(call)) => self.metrics(call, shape),
            _ => Ok(RootRows::Failed(root.slot)),
        }
    }

    fn part_of_graph(&self, call: &Call, shape: &GraphShape, slot: Slot) -> Result<RootRows, Stop> {
        let found = match call {
            Call::Paths(call) => self.paths(call, shape),
            Call::Neighborhood(call) => self.neighborhood(call, shape),
            Call::Ids(ids) => self.subgraph(ids, shape),
            _ => return Ok(RootRows::Failed(slot)),
        };
        found.or_else(|halt| halt.into_rows(slot))
    }

    /// A page, and what all matches amount to.
    fn summed(
        &self,
        all: Vec<Item>,
        collection: &Collection,
        connection: &Connection,
    ) -> Result<RootRows, Stop> {
        let mut summing = Summing::new(self, connection);
        summing.add(self, &all)?;
        let found = self.window(all, collection, Wanted::of(connection))?;
        let mut rows = self.page(found, connection)?;
        if let RootRows::Connection(pages) = &mut rows {
            pages.summaries = summing.finish(self)?;
        }
        Ok(rows)
    }

    fn page(
        &self,
        (items, page): (Vec<Item>, super::Page),
        connection: &Connection,
    ) -> Result<RootRows, Stop> {
        self.budget.hold(items.len())?;
        let offsets = vec![0, items.len() as u32];
        let pages = Pages {
            offsets,
            pages: vec![page],
            items,
            ..Pages::default()
        };
        Ok(RootRows::Connection(Box::new(
            self.fill(pages, connection)?,
        )))
    }

    fn find_nodes(
        &self,
        collection: &Collection,
        wanted: Wanted,
    ) -> Result<(Vec<Item>, super::Page), Stop> {
        if let Some(total) = self.known_count(collection, wanted) {
            return Ok((
                Vec::new(),
                super::Page {
                    total,
                    ..super::Page::default()
                },
            ));
        }
        if let Some(found) = self.walked(None, collection, wanted)? {
            return Ok(found);
        }
        let items = self.all_nodes(collection)?;
        self.window(items, collection, wanted)
    }

    /// All matches in the order of ids.
    fn all_nodes(&self, collection: &Collection) -> Result<Vec<Item>, Stop> {
        let mut items = Vec::new();
        let _ = self.each_node(&collection.starts, &mut collector(&mut items, None))?;
        Ok(items)
    }

    /// The number of matches, where nothing else is asked and nothing filters.
    fn known_count(&self, collection: &Collection, wanted: Wanted) -> Option<u64> {
        (!wanted.rows)
            .then(|| self.whole_count(None, collection))
            .flatten()
    }

    fn find_edges(
        &self,
        of: RelationshipId,
        collection: &Collection,
        wanted: Wanted,
    ) -> Result<(Vec<Item>, super::Page), Stop> {
        if !wanted.rows && collection.filter.is_none() {
            let total = self.snapshot.edge_count(of) as u64;
            return Ok((
                Vec::new(),
                super::Page {
                    total,
                    ..super::Page::default()
                },
            ));
        }
        if let Some(found) = self.walked(Some(of), collection, wanted)? {
            return Ok(found);
        }
        let items = self.all_edges(of, collection)?;
        self.window(items, collection, wanted)
    }

    /// All matches in the order of ids.
    fn all_edges(&self, of: RelationshipId, collection: &Collection) -> Result<Vec<Item>, Stop> {
        let mut items = Vec::new();
        let mut collect = collector(&mut items, None);
        let (access, filter) = (&collection.access, collection.filter.as_ref());
        let _ = self.each_edge(of, access, filter, &mut collect)?;
        drop(collect);
        Ok(items)
    }

    fn nodes_by_id(&self, ids: &[String], shape: &NodeShape) -> Result<RootRows, Stop> {
        self.budget.hold(ids.len())?;
        let mut items = Vec::new();
        let mut places = Vec::with_capacity(ids.len());
        let node = self.snapshot.ontology().node();
        for id in ids {
            let found = self.node_by_id(node, id)?;
            places.push(found.map(|_| items.len() as u32));
            items.extend(found.map(Item::Node));
        }
        Ok(RootRows::Sparse {
            places,
            rows: self.node_rows(items, shape)?,
        })
    }

    fn find_node(&self, of: TypeId, key: &Key) -> Result<Option<Node>, Stop> {
        match key {
            Key::Id(id) => self.node_by_id(of, id),
            Key::Key(key) => {
                self.budget.entries(1)?;
                Ok(self.snapshot.node(of, key))
            }
            Key::Property(name, value) => self.node_by_property(of, name, value),
        }
    }

    pub(super) fn node_by_id(&self, of: TypeId, id: &str) -> Result<Option<Node>, Stop> {
        self.budget.entries(1)?;
        let ontology = self.snapshot.ontology();
        let Some(id) = NodeId::parse(id) else {
            return Ok(None);
        };
        let found = ontology
            .type_named(id.type_name)
            .filter(|t| ontology.is_concrete(*t) && ontology.belongs(*t, of));
        Ok(found.and_then(|of| self.snapshot.node(of, id.key)))
    }

    fn node_by_property(
        &self,
        of: TypeId,
        name: &str,
        value: &Value,
    ) -> Result<Option<Node>, Stop> {
        let ontology = self.snapshot.ontology();
        for member in &ontology.node_type(of).members {
            self.budget.entries(1)?;
            let Some(at) = ontology.node_type(*member).property(name) else {
                continue;
            };
            let Some(index) = self.snapshot.index(*member, at) else {
                continue;
            };
            if let Some(row) = index.equal(value.as_cell()).iter().next() {
                return Ok(Some(Node { of: *member, row }));
            }
        }
        Ok(None)
    }

    fn find_edge(&self, of: Option<RelationshipId>, id: &str) -> Result<Option<Edge>, Stop> {
        self.budget.entries(1)?;
        let found = EdgeId::parse(id).and_then(|id| self.snapshot.edge_of_id(&id));
        let is_asked = |edge: &Edge| {
            let relationship = self.snapshot.segment(edge.segment).relationship;
            of.is_none_or(|of| of == relationship)
        };
        Ok(found.filter(is_asked))
    }
}
