//! What of a record goes out? Its values, its references, what identifies it, and which columns the
//! records of a kind need. Not for: how any format writes them.

use super::row::RowReference;
use crate::change::Kind;
use crate::graph::{Edge, Line, LineOf, Node, Reference, SegmentId, Snapshot};
use crate::ontology::{Ontology, Property};
use crate::value::Cell;
use std::collections::BTreeSet;
use std::io;

/// A node or an edge of a graph.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) graph: &'a Snapshot,
    pub(super) kind: Kind,
    pub(super) which: Which,
}

#[derive(Clone, Copy)]
pub(super) enum Which {
    Node(Node),
    Edge(Edge, Node, Node),
}

/// Hands all records of a kind to `each`, in order of their ids.
pub(super) fn records(
    graph: &Snapshot,
    kind: Kind,
    each: &mut dyn FnMut(Record<'_>) -> io::Result<()>,
) -> io::Result<()> {
    match kind {
        Kind::Node(of) => graph.nodes(of).try_for_each(|node| {
            each(Record {
                graph,
                kind,
                which: Which::Node(node),
            })
        }),
        Kind::Edge(of) => graph
            .segments(of)
            .iter()
            .try_for_each(|id| segment_records(graph, kind, *id, each)),
    }
}

fn segment_records(
    graph: &Snapshot,
    kind: Kind,
    id: SegmentId,
    each: &mut dyn FnMut(Record<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let segment = graph.segment(id);
    for source in graph.nodes(segment.source) {
        for (row, at) in segment.out(source.row) {
            let target = Node {
                of: segment.target,
                row,
            };
            let which = Which::Edge(Edge { segment: id, at }, source, target);
            each(Record { graph, kind, which })?;
        }
    }
    Ok(())
}

impl<'a> Record<'a> {
    pub(super) fn ontology(&self) -> &'a Ontology {
        self.graph.ontology()
    }

    pub(super) fn properties(&self) -> &'a [Property] {
        self.kind.properties(self.graph.ontology())
    }

    pub(super) fn cell(&self, property: usize) -> Cell<'a> {
        match self.which {
            Which::Node(node) => self.graph.cell(node, property),
            Which::Edge(edge, ..) => self.graph.edge_cell(edge, property),
        }
    }

    pub(super) fn cited(&self) -> &'a [Reference] {
        match self.which {
            Which::Node(node) => self.graph.references(node),
            Which::Edge(edge, ..) => self.graph.edge_references(edge),
        }
    }

    pub(super) fn references(&self) -> Vec<RowReference> {
        let row = |reference: &Reference| RowReference {
            source: self.graph.key(reference.source).into(),
            locator: reference.locator.clone(),
            fields: reference.fields.clone(),
            note: reference.note.clone(),
        };
        self.cited().iter().map(row).collect()
    }

    /// Which record it is.
    pub(super) fn of(&self) -> LineOf<'a> {
        let end = |node: Node| (node.of, self.graph.key(node));
        match (self.which, self.kind) {
            (Which::Edge(_, source, target), Kind::Edge(of)) => {
                LineOf::Edge(of, end(source), end(target))
            }
            (Which::Node(node) | Which::Edge(_, node, _), _) => {
                LineOf::Node(node.of, self.graph.key(node))
            }
        }
    }

    /// The record as a line of NDJSON.
    pub(super) fn line(&self) -> Line<'a> {
        let properties = 0..self.properties().len();
        Line {
            ontology: self.ontology(),
            of: self.of(),
            values: properties.map(|at| self.cell(at)).collect(),
            references: self.graph.citations(self.cited()).into_vec().into(),
        }
    }
}

/// Which columns the records of a kind need, and whether CSV can hold them.
pub(super) struct Used {
    /// By property: whether any record has a value.
    pub(super) properties: Vec<bool>,
    /// By property: the languages of its texts.
    pub(super) languages: Vec<BTreeSet<Box<str>>>,
    pub(super) references: bool,
    pub(super) fits: bool,
}

impl Used {
    pub(super) fn new(ontology: &Ontology, kind: Kind) -> Self {
        let count = kind.properties(ontology).len();
        Self {
            properties: vec![false; count],
            languages: vec![BTreeSet::new(); count],
            references: false,
            fits: true,
        }
    }

    pub(super) fn see(&mut self, record: Record<'_>) {
        for at in 0..self.properties.len() {
            let cell = record.cell(at);
            self.properties[at] |= !cell.is_null();
            self.fits = self.fits && fits(cell);
            if let Cell::Texts(texts) = cell {
                for (tag, _) in texts.iter() {
                    if !self.languages[at].contains(tag) {
                        self.languages[at].insert(tag.into());
                    }
                }
            }
        }
        let cited = record.cited();
        self.references |= !cited.is_empty();
        self.fits = self.fits && cited.iter().all(reference_fits);
    }
}

fn reference_fits(reference: &Reference) -> bool {
    let empty = reference.locator.as_ref().is_some_and(|l| l.is_empty())
        || reference.fields.as_ref().is_some_and(|f| f.is_empty());
    reference.note.is_none() && !empty
}

/// Whether a CSV cell can hold a value: an empty one would read as none.
fn fits(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Str(text) => !text.is_empty(),
        Cell::List(items) => !items.is_empty() && items.iter().all(fits),
        Cell::Texts(texts) => texts.iter().all(|(_, text)| !text.is_empty()),
        _ => true,
    }
}
