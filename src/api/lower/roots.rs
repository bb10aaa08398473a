//! What do the root fields ask for? Not for: what is below them (`nodes`, `edges`, `connection`).

use super::Lowering;
use super::collect::Merged;
use super::slots::SlotKind;
use crate::api::error::GraphqlError;
use crate::ontology::{Ontology, RelationshipId, TypeId};
use crate::plan::{Keyed, Root, RootField, Tree, TreeField};
use apollo_compiler::executable::SelectionSet;
use std::sync::Arc;

/// What a root field's name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Node(TypeId),
    Nodes(TypeId),
    NodesConnection(TypeId),
    Edge(RelationshipId),
    Edges(RelationshipId),
    EdgesConnection(RelationshipId),
}

impl<'a> Lowering<'a> {
    pub(super) fn roots_of(
        &self,
        sets: &[&'a SelectionSet],
    ) -> Result<Vec<Keyed<Root>>, GraphqlError> {
        let fields = self.all_fields(sets);
        fields
            .iter()
            .map(|field| Ok(Keyed::new(field.key, self.root(field)?)))
            .collect()
    }

    fn root(&self, field: &Merged<'a>) -> Result<Root, GraphqlError> {
        let node = self.ontology.node();
        let (kind, what) = match field.name() {
            "__typename" => (SlotKind::Plain, RootField::Typename("Query")),
            "__schema" | "__type" => (SlotKind::Plain, RootField::Introspection),
            "revision" => (SlotKind::Plain, RootField::Revision),
            "ontology" => (
                SlotKind::Plain,
                RootField::Ontology(self.tree(&field.sets())),
            ),
            "node" => (
                SlotKind::Node(node),
                RootField::Node(node, self.node_shape(node, field.sets())?),
            ),
            "nodes" => (
                SlotKind::Ids,
                RootField::NodesById(self.node_shape(node, field.sets())?),
            ),
            "relationship" => (
                SlotKind::Edge,
                RootField::Edge(None, self.edge_shape(None, field.sets())?),
            ),
            "search" => (
                SlotKind::Search,
                RootField::Search(self.nodes_connection(node, field.sets())?),
            ),
            "paths" => (SlotKind::Paths, self.graph(field)?),
            "neighborhood" => (SlotKind::Neighborhood, self.graph(field)?),
            "graphMetrics" => (SlotKind::Metrics, self.metrics(field)?),
            "at" | "history" | "diff" => (SlotKind::Past, self.apart(field)?),
            "subgraph" => (SlotKind::Subgraph, self.graph(field)?),
            name => match named(self.ontology, name) {
                Some(named) => self.collection(named, field)?,
                None => return Err(self.unknown(name)),
            },
        };
        let slot = self.slot(kind, field.fields[0])?;
        Ok(Root {
            name: field.name().into(),
            slot,
            field: what,
        })
    }

    fn collection(
        &self,
        named: Named,
        field: &Merged<'a>,
    ) -> Result<(SlotKind, RootField), GraphqlError> {
        let sets = field.sets();
        Ok(match named {
            Named::Node(of) => (
                SlotKind::Node(of),
                RootField::Node(of, self.node_shape(of, sets)?),
            ),
            Named::Nodes(of) => (
                SlotKind::Nodes(of),
                RootField::Nodes(of, self.node_shape(of, sets)?),
            ),
            Named::NodesConnection(of) => (
                SlotKind::Nodes(of),
                RootField::NodesConnection(of, self.nodes_connection(of, sets)?),
            ),
            Named::Edge(of) => (
                SlotKind::Edge,
                RootField::Edge(Some(of), self.edge_shape(Some(of), sets)?),
            ),
            Named::Edges(of) => (
                SlotKind::Edges(of),
                RootField::Edges(of, self.edge_shape(Some(of), sets)?),
            ),
            Named::EdgesConnection(of) => (
                SlotKind::Edges(of),
                RootField::EdgesConnection(of, self.edges_connection(of, sets)?),
            ),
        })
    }

    fn tree(&self, sets: &[&'a SelectionSet]) -> Arc<Tree> {
        let fields = self.all_fields(sets).into_iter().map(|field| {
            let below = field.sets();
            let leaf = below.iter().all(|set| set.selections.is_empty());
            let tree = (!leaf).then(|| self.tree(&below));
            Keyed::new(
                field.key,
                TreeField {
                    name: field.name().into(),
                    below: tree,
                },
            )
        });
        Arc::new(Tree {
            fields: fields.collect(),
        })
    }
}

fn named(ontology: &Ontology, name: &str) -> Option<Named> {
    let types = (0..ontology.types.len() as u16).map(TypeId);
    let nodes = types.filter(|id| *id != ontology.node()).find_map(|id| {
        let names = ontology.node_type(id).names();
        pick(
            name,
            [names.single(), names.list(), names.list_connection()],
            [
                Named::Node(id),
                Named::Nodes(id),
                Named::NodesConnection(id),
            ],
        )
    });
    nodes.or_else(|| {
        let mut relationships = (0..ontology.relationships.len() as u16).map(RelationshipId);
        relationships.find_map(|id| {
            let names = ontology.relationship(id).names();
            pick(
                name,
                [names.single(), names.list(), names.list_connection()],
                [
                    Named::Edge(id),
                    Named::Edges(id),
                    Named::EdgesConnection(id),
                ],
            )
        })
    })
}

fn pick(name: &str, names: [String; 3], meanings: [Named; 3]) -> Option<Named> {
    names
        .iter()
        .position(|each| each == name)
        .map(|at| meanings[at])
}
