//! How is a record written as JSON? As the line of a data file that makes it again, also a record of
//! which only the change is known. Not for: whole files (`exchange`).

use super::change_set::{Citation, EdgeChange, NodeChange, State};
use crate::ontology::{Ontology, Property, RelationshipId, TypeId};
use crate::value::{Cell, NodeId, Scalar};
use std::borrow::Cow;
use std::fmt;

/// A record as a line of a data file, to be displayed.
pub struct Line<'a> {
    /// What may exist.
    pub ontology: &'a Ontology,
    /// Which record it is.
    pub of: LineOf<'a>,
    /// The values of its properties, in order.
    pub values: Vec<Cell<'a>>,
    /// Where it is taken from.
    pub references: Cow<'a, [Citation]>,
}

/// Which record a line is about.
#[derive(Clone, Copy, Debug)]
pub enum LineOf<'a> {
    /// A node, by concrete type and key.
    Node(TypeId, &'a str),
    /// An edge, by concrete types and keys of its source and target.
    Edge(RelationshipId, (TypeId, &'a str), (TypeId, &'a str)),
}

impl<'a> LineOf<'a> {
    fn name(self, ontology: &Ontology) -> &str {
        match self {
            Self::Node(of, _) => &ontology.node_type(of).name,
            Self::Edge(of, ..) => &ontology.relationship(of).name,
        }
    }

    fn properties(self, ontology: &Ontology) -> &[Property] {
        match self {
            Self::Node(of, _) => &ontology.node_type(of).properties,
            Self::Edge(of, ..) => &ontology.relationship(of).properties,
        }
    }

    /// The names of the members that say which record it is, and their texts.
    pub fn identity(self, ontology: &Ontology) -> Vec<(&'static str, Cow<'a, str>)> {
        match self {
            Self::Node(_, key) => vec![("key", key.into())],
            Self::Edge(of, source, target) => {
                let declared = ontology.relationship(of);
                vec![
                    ("source", end(ontology, source, declared.source)),
                    ("target", end(ontology, target, declared.target)),
                ]
            }
        }
    }
}

/// How a node is written where a type is expected.
fn end<'a>(ontology: &Ontology, (of, key): (TypeId, &'a str), expected: TypeId) -> Cow<'a, str> {
    if ontology.is_concrete(expected) {
        return key.into();
    }
    let type_name = &ontology.node_type(of).name;
    NodeId { type_name, key }.to_string().into()
}

impl<'a> Line<'a> {
    /// A record in a state that it had.
    fn of_state(ontology: &'a Ontology, of: LineOf<'a>, state: &'a State) -> Self {
        Self {
            ontology,
            of,
            values: state.values.iter().map(|value| value.as_cell()).collect(),
            references: Cow::Borrowed(&state.references),
        }
    }
}

impl NodeChange {
    /// The node in a state that it had.
    pub fn line<'a>(&'a self, ontology: &'a Ontology, state: &'a State) -> Line<'a> {
        Line::of_state(ontology, LineOf::Node(self.of, &self.key), state)
    }
}

impl EdgeChange {
    /// The edge in a state that it had.
    pub fn line<'a>(&'a self, ontology: &'a Ontology, state: &'a State) -> Line<'a> {
        let end = |(of, key): &'a (TypeId, Box<str>)| (*of, &**key);
        let of = LineOf::Edge(self.of, end(&self.source), end(&self.target));
        Line::of_state(ontology, of, state)
    }
}

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ontology, of, .. } = *self;
        write!(f, "{{\"type\":{}", text(of.name(ontology)))?;
        for (name, value) in of.identity(ontology) {
            write!(f, ",\"{name}\":{}", text(&value))?;
        }
        for (property, cell) in of.properties(ontology).iter().zip(&self.values) {
            if !cell.is_null() {
                let value = json(ontology, property.scalar, *cell);
                write!(f, ",{}:{value}", text(&property.name))?;
            }
        }
        if !self.references.is_empty() {
            let items: Vec<String> = self.references.iter().map(citation).collect();
            write!(f, ",\"references\":[{}]", items.join(","))?;
        }
        f.write_str("}")
    }
}

/// A JSON string.
pub fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A value of a property as JSON.
pub fn json(ontology: &Ontology, scalar: Scalar, cell: Cell<'_>) -> String {
    let printed = |cell| ontology.print_scalar(scalar, cell).unwrap_or_default();
    match cell {
        Cell::List(items) => {
            let items = items.iter().map(|item| json(ontology, scalar, item));
            format!("[{}]", items.collect::<Vec<_>>().join(","))
        }
        Cell::Texts(texts) => {
            let texts = texts.iter();
            let texts = texts.map(|(tag, t)| format!("{}:{}", text(tag), text(t)));
            format!("{{{}}}", texts.collect::<Vec<_>>().join(","))
        }
        Cell::Point(point) => {
            let (latitude, longitude) = (point.latitude, point.longitude);
            format!("{{\"latitude\":{latitude:?},\"longitude\":{longitude:?}}}")
        }
        Cell::Int(_) if scalar != Scalar::BigInt => printed(cell),
        Cell::Bool(_) | Cell::Float(_) | Cell::Json(_) => printed(cell),
        _ => text(&printed(cell)),
    }
}

fn citation(citation: &Citation) -> String {
    let mut members = vec![format!("\"source\":{}", text(&citation.source))];
    if let Some(locator) = &citation.locator {
        members.push(format!("\"locator\":{}", text(locator)));
    }
    if let Some(fields) = &citation.fields {
        let fields: Vec<String> = fields.iter().map(|field| text(field)).collect();
        members.push(format!("\"fields\":[{}]", fields.join(",")));
    }
    if let Some(note) = &citation.note {
        members.push(format!("\"note\":{}", text(note)));
    }
    format!("{{{}}}", members.join(","))
}
