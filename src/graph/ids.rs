//! How are the records of a snapshot named? Not for: how ids are written (`value`).

use super::change_set::{EdgeChange, NodeChange};
use super::snapshot::{Edge, Node, Snapshot};
use crate::ontology::{Ontology, Property, TypeId};
use crate::value::{Cell, Date, DateTime, EdgeId, NodeId, Period, Point, Scalar, Value};

impl Snapshot {
    /// A node's id, `Type:key`.
    pub fn id(&self, node: Node) -> String {
        id_of(self.ontology(), (node.of, self.key(node)))
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

impl NodeChange {
    /// The node's id.
    pub fn id(&self, ontology: &Ontology) -> String {
        id_of(ontology, (self.of, &self.key))
    }
}

impl EdgeChange {
    /// The edge's id.
    pub fn id(&self, ontology: &Ontology) -> EdgeId {
        let relationship = ontology.relationship(self.of);
        let unique = relationship.unique.iter().zip(&self.unique);
        let unique = unique.map(|(property, value)| {
            let declared = &relationship.properties[*property];
            text(ontology, declared, value.as_cell())
        });
        EdgeId {
            type_name: relationship.name.clone(),
            source: id_of(ontology, (self.source.0, &self.source.1)),
            target: id_of(ontology, (self.target.0, &self.target.1)),
            unique: unique.collect(),
        }
    }
}

fn id_of(ontology: &Ontology, (of, key): (TypeId, &str)) -> String {
    let type_name = &ontology.node_type(of).name;
    NodeId { type_name, key }.to_string()
}

/// The value that stands so in an edge's id; none also of those that cannot be told from it: of lists
/// and of texts in languages.
pub fn parse_text(ontology: &Ontology, property: &Property, text: &str) -> Option<Value> {
    let is_single = !property.list && !property.localized;
    Some(match property.scalar {
        _ if !is_single => return None,
        _ if text.is_empty() => Value::Null,
        Scalar::Id | Scalar::String => Value::Str(text.into()),
        Scalar::Int | Scalar::BigInt => Value::Int(text.parse().ok()?),
        Scalar::Float => Value::Float(text.parse().ok()?),
        Scalar::Boolean => Value::Bool(text.parse().ok()?),
        Scalar::Date => Value::Date(Date::parse(text).ok()?),
        Scalar::DateTime => Value::DateTime(DateTime::parse(text).ok()?),
        Scalar::Period => Value::Period(Period::parse_or_date(text).ok()?),
        Scalar::Json => Value::Json(text.into()),
        Scalar::Enum(at) => Value::Enum(ontology.enums.get(at as usize)?.value(text)?),
        Scalar::Point => {
            let (latitude, longitude) = text.split_once(',')?;
            let point = Point::new(latitude.parse().ok()?, longitude.parse().ok()?);
            Value::Point(point.ok()?)
        }
    })
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
