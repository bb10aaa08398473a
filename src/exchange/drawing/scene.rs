//! What does every format know of a drawing? Its records, what they are called, and their columns.
//! Not for: how they are written.

use super::columns::Columns;
use crate::change::Kind;
use crate::exchange::record::{Record, Used, Which};
use crate::exec::Picture;
use crate::graph::Snapshot;
use crate::ontology::{NodeType, Ontology, Relationship};
use crate::value::Cell;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A drawing, ready to be written.
pub(super) struct Scene {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) picture: Picture,
    languages: Arc<[String]>,
    /// The kinds of nodes in it and what they use, and their columns.
    pub(super) nodes: Columns,
    /// The same of the edges.
    pub(super) edges: Columns,
    /// Whether no edge has a direction.
    pub(super) undirected: bool,
}

impl Scene {
    pub(super) fn new(snapshot: Arc<Snapshot>, picture: Picture, languages: Arc<[String]>) -> Self {
        let ontology = snapshot.ontology();
        let nodes = (0..picture.nodes.len()).map(|at| node(&snapshot, &picture, at));
        let nodes = used(ontology, nodes);
        let edges = (0..picture.edges.len()).map(|at| edge(&snapshot, &picture, at));
        let edges = used(ontology, edges);
        let symmetric = |kind: &Kind| match kind {
            Kind::Edge(of) => ontology.relationship(*of).symmetric,
            Kind::Node(_) => false,
        };
        let undirected = !edges.is_empty() && edges.keys().all(symmetric);
        let told = |kind| symmetric(&kind) && !undirected;
        Self {
            nodes: Columns::new(ontology, nodes, |_| false),
            edges: Columns::new(ontology, edges, told),
            undirected,
            snapshot: snapshot.clone(),
            picture,
            languages,
        }
    }

    pub(super) fn ontology(&self) -> &Ontology {
        self.snapshot.ontology()
    }

    /// The node of a position.
    pub(super) fn node(&self, at: usize) -> Record<'_> {
        node(&self.snapshot, &self.picture, at)
    }

    /// The edge of a position.
    pub(super) fn edge(&self, at: usize) -> Record<'_> {
        edge(&self.snapshot, &self.picture, at)
    }

    /// The ids of an edge's ends.
    pub(super) fn ends(&self, at: usize) -> (String, String) {
        let (source, target) = self.snapshot.ends(self.picture.edges[at]);
        (self.snapshot.id(source), self.snapshot.id(target))
    }

    /// What a node is called.
    pub(super) fn label(&self, at: usize) -> Cow<'_, str> {
        let node = self.picture.nodes[at];
        let declared = self.ontology().node_type(node.of);
        match self.snapshot.label(node) {
            Cell::Str(text) => text.into(),
            Cell::Texts(texts) => texts.first_of(&self.languages).unwrap_or_default().into(),
            cell => {
                let scalar = declared.label.map(|at| declared.properties[at].scalar);
                let printed = scalar.and_then(|scalar| self.ontology().print_scalar(scalar, cell));
                printed.unwrap_or_default().into()
            }
        }
    }
}

fn node<'a>(graph: &'a Snapshot, picture: &Picture, at: usize) -> Record<'a> {
    let node = picture.nodes[at];
    Record {
        graph,
        kind: Kind::Node(node.of),
        which: Which::Node(node),
    }
}

fn edge<'a>(graph: &'a Snapshot, picture: &Picture, at: usize) -> Record<'a> {
    let edge = picture.edges[at];
    let (source, target) = graph.ends(edge);
    Record {
        graph,
        kind: Kind::Edge(graph.segment(edge.segment).relationship),
        which: Which::Edge(edge, source, target),
    }
}

fn used<'a>(
    ontology: &Ontology,
    records: impl Iterator<Item = Record<'a>>,
) -> BTreeMap<Kind, Used> {
    let mut used = BTreeMap::new();
    for record in records {
        let of = used.entry(record.kind);
        of.or_insert_with(|| Used::new(ontology, record.kind))
            .see(record);
    }
    used
}

impl Record<'_> {
    /// Its id in the API.
    pub(super) fn id(&self) -> String {
        match self.which {
            Which::Node(node) => self.graph.id(node),
            Which::Edge(edge, ..) => self.graph.edge_id(edge).to_string(),
        }
    }

    /// Its node type, if it is a node.
    pub(super) fn node_type(&self) -> Option<&NodeType> {
        match self.kind {
            Kind::Node(of) => Some(self.graph.ontology().node_type(of)),
            Kind::Edge(_) => None,
        }
    }

    /// Its relationship type, if it is an edge.
    pub(super) fn relationship(&self) -> Option<&Relationship> {
        match self.kind {
            Kind::Edge(of) => Some(self.graph.ontology().relationship(of)),
            Kind::Node(_) => None,
        }
    }

    /// The name of its type.
    pub(super) fn type_name(&self) -> &str {
        self.kind.name(self.graph.ontology())
    }
}
