//! How are the records of a snapshot named? Not for: how ids are written (`value`).

use super::snapshot::{Edge, Node, Snapshot};
use crate::ontology::{Ontology, Property};
use crate::value::{Cell, EdgeId, NodeId};

impl Snapshot {
    /// A node's id, `Type:key`.
    pub fn id(&self, node: Node) -> String {
        let id = NodeId {
            type_name: &self.ontology().node_type(node.of).name,
            key: self.key(node),
        };
        id.to_string()
    }

    /// The value of a node's label property, else its key.
    pub fn label(&self, node: Node) -> Cell<'_> {
        let label = self.ontology().node_type(node.of).label;
        match label.map(|at| self.cell(node, at)) {
            Some(cell) if !cell.is_null() => cell,
            _ => Cell::Str(self.key(node)),
        }
    }

    /// The node of an id; none also if there is no such type.
    pub fn node_of_id(&self, id: &str) -> Option<Node> {
        let id = NodeId::parse(id)?;
        let of = self.ontology().type_named(id.type_name)?;
        let of = Some(of).filter(|of| self.ontology().is_concrete(*of))?;
        self.node(of, id.key)
    }

    /// An edge's id.
    pub fn edge_id(&self, edge: Edge) -> EdgeId {
        let segment = self.segment(edge.segment);
        let relationship = self.ontology().relationship(segment.relationship);
        let (source, target) = self.ends(edge);
        let unique = relationship.unique.iter().map(|property| {
            let declared = &relationship.properties[*property];
            text(self.ontology(), declared, self.edge_cell(edge, *property))
        });
        EdgeId {
            type_name: relationship.name.clone(),
            source: self.id(source),
            target: self.id(target),
            unique: unique.collect(),
        }
    }

    /// The edge of an id. Cost: the edges between the two nodes.
    pub fn edge_of_id(&self, id: &EdgeId) -> Option<Edge> {
        let of = self.ontology().relationship_named(&id.type_name)?;
        let (source, target) = (self.node_of_id(&id.source)?, self.node_of_id(&id.target)?);
        let segment = self.segment_between(of, source.of, target.of)?;
        let parallel = self.between(self.segment(segment), source.row, target.row);
        let mut edges = parallel.map(|(_, at)| Edge { segment, at });
        edges.find(|edge| self.edge_id(*edge).unique == id.unique)
    }
}

/// A value as it stands in an edge's id; empty for none.
pub fn text(ontology: &Ontology, property: &Property, cell: Cell<'_>) -> String {
    match cell {
        Cell::List(items) => {
            let items = items.iter().map(|item| text(ontology, property, item));
            items.collect::<Vec<_>>().join("|")
        }
        Cell::Texts(texts) => {
            let texts = texts
                .iter()
                .map(|(language, text)| format!("{language}={text}"));
            texts.collect::<Vec<_>>().join("|")
        }
        _ => {
            let printed = ontology.print_scalar(property.scalar, cell);
            printed.unwrap_or_default()
        }
    }
}
