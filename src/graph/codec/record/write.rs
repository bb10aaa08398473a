//! How does a commit become bytes? Not for: reading them (`read`).

use super::{VERSION, changed, fits, tag};
use crate::graph::{
    About, ChangeSet, Changed, Citation, Commit, EdgeChange, NodeChange, State, Was,
};
use crate::ontology::{Ontology, Property, TypeId};
use crate::value::{Scalar, Value};
use rustc_hash::FxHashMap;

impl Commit {
    /// The payload of the commit's record in the log. Cost: below a microsecond for each record.
    ///
    /// # Errors
    /// If it says what the ontology cannot hold, so that it could not be read again.
    pub fn encode(&self, ontology: &Ontology) -> Result<Vec<u8>, String> {
        let mut head = Output::new(ontology);
        head.about(self.revision, &self.about);
        let mut record = head.bytes;
        match &self.changed {
            Changed::Graph(totals) => {
                record.push(changed::GRAPH);
                let mut put = |number| put_number(&mut record, number);
                totals.numbers().into_iter().for_each(&mut put);
            }
            Changed::Records(changes) => {
                record.push(changed::RECORDS);
                put_records(&mut record, changes, ontology)?;
            }
        }
        Ok(record)
    }
}

fn put_records(
    record: &mut Vec<u8>,
    changes: &ChangeSet,
    ontology: &Ontology,
) -> Result<(), String> {
    let mut body = Output::new(ontology);
    body.length(changes.nodes.len());
    let mut nodes = changes.nodes.iter();
    nodes.try_for_each(|change| body.node(change))?;
    body.length(changes.edges.len());
    let mut edges = changes.edges.iter();
    edges.try_for_each(|change| body.edge(change))?;
    put_number(record, body.order.len() as u64);
    body.order.iter().for_each(|name| put_text(record, name));
    record.extend(body.bytes);
    Ok(())
}

/// What follows the names, and the names that it uses.
struct Output<'a> {
    ontology: &'a Ontology,
    names: FxHashMap<&'a str, u64>,
    order: Vec<&'a str>,
    bytes: Vec<u8>,
}

/// Seven bits in each byte, the lowest first; the eighth says that more follow.
fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_number(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}

impl<'a> Output<'a> {
    fn new(ontology: &'a Ontology) -> Self {
        Self {
            ontology,
            names: FxHashMap::default(),
            order: Vec::new(),
            bytes: Vec::new(),
        }
    }

    fn about(&mut self, revision: u64, about: &About) {
        self.bytes.push(VERSION);
        put_number(&mut self.bytes, revision);
        self.bytes.extend(about.at.to_le_bytes());
        self.optional(about.actor.as_deref());
        self.optional(about.message.as_deref());
        self.length(about.references.len());
        about.references.iter().for_each(|cited| self.cited(cited));
    }

    fn length(&mut self, length: usize) {
        put_number(&mut self.bytes, length as u64);
    }

    fn text(&mut self, text: &str) {
        put_text(&mut self.bytes, text);
    }

    fn optional(&mut self, text: Option<&str>) {
        self.bytes.push(u8::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    fn name(&mut self, name: &'a str) {
        let next = self.order.len() as u64;
        let number = *self.names.entry(name).or_insert(next);
        if number == next {
            self.order.push(name);
        }
        put_number(&mut self.bytes, number);
    }

    fn end(&mut self, (of, key): (TypeId, &str)) {
        let ontology = self.ontology;
        self.name(&ontology.node_type(of).name);
        self.text(key);
    }

    fn node(&mut self, change: &NodeChange) -> Result<(), String> {
        let ontology = self.ontology;
        self.end((change.of, &change.key));
        let of = ontology.node_type(change.of);
        self.state(&of.name, &of.properties, change.state.as_ref())?;
        self.was(&of.name, &of.properties, change.before.as_deref())
    }

    fn edge(&mut self, change: &EdgeChange) -> Result<(), String> {
        let ontology = self.ontology;
        let of = ontology.relationship(change.of);
        self.name(&of.name);
        self.end((change.source.0, &change.source.1));
        self.end((change.target.0, &change.target.1));
        if change.unique.len() != of.unique.len() {
            return Err(format!("an edge {} lacks its unique values", of.name));
        }
        self.length(of.unique.len());
        for (at, value) in of.unique.iter().zip(&change.unique) {
            self.given(&of.name, &of.properties[*at], value)?;
        }
        self.state(&of.name, &of.properties, change.state.as_ref())?;
        self.was(&of.name, &of.properties, change.before.as_deref())
    }

    fn was(
        &mut self,
        of: &str,
        properties: &'a [Property],
        was: Option<&Was>,
    ) -> Result<(), String> {
        self.state(of, properties, was.map(|was| &was.state))?;
        if let Some(was) = was {
            put_number(&mut self.bytes, was.changed);
        }
        Ok(())
    }

    fn state(
        &mut self,
        of: &str,
        properties: &'a [Property],
        state: Option<&State>,
    ) -> Result<(), String> {
        self.bytes.push(u8::from(state.is_some()));
        let Some(state) = state else { return Ok(()) };
        if state.values.len() > properties.len() {
            return Err(format!("a record of {of} has values of no property"));
        }
        let given = properties.iter().zip(&state.values);
        let given = given.filter(|(_, value)| **value != Value::Null);
        self.length(given.clone().count());
        for (property, value) in given {
            self.given(of, property, value)?;
        }
        self.length(state.references.len());
        state.references.iter().for_each(|cited| self.cited(cited));
        Ok(())
    }

    fn cited(&mut self, citation: &Citation) {
        self.text(&citation.source);
        self.optional(citation.locator.as_deref());
        self.optional(citation.note.as_deref());
        self.bytes.push(u8::from(citation.fields.is_some()));
        if let Some(fields) = &citation.fields {
            self.length(fields.len());
            fields.iter().for_each(|field| self.text(field));
        }
    }

    /// A property and its value.
    fn given(&mut self, of: &str, property: &'a Property, value: &Value) -> Result<(), String> {
        let unfit = || format!("{of}.{} cannot be {value:?}", property.name);
        self.name(&property.name);
        let is_done = fits(property, value) && self.value(property.scalar, value);
        is_done.then_some(()).ok_or_else(unfit)
    }

    /// Writes a value; false if it is of an enum and none of its values.
    fn value(&mut self, scalar: Scalar, value: &Value) -> bool {
        match value {
            Value::Null => self.bytes.push(tag::NULL),
            Value::Bool(false) => self.bytes.push(tag::FALSE),
            Value::Bool(true) => self.bytes.push(tag::TRUE),
            Value::Int(int) => self.fixed(tag::INT, &[int.to_le_bytes()]),
            Value::Float(float) => self.fixed(tag::FLOAT, &[float.to_le_bytes()]),
            Value::Str(text) => self.tagged(tag::STR, text),
            Value::Date(date) => self.fixed(tag::DATE, &[date.to_bits().to_le_bytes()]),
            Value::DateTime(at) => self.fixed(tag::DATE_TIME, &[at.0.to_le_bytes()]),
            Value::Period(period) => {
                let (from, to) = period.to_bits();
                self.fixed(tag::PERIOD, &[from.to_le_bytes(), to.to_le_bytes()]);
            }
            Value::Point(point) => {
                let numbers = [point.latitude, point.longitude].map(f64::to_le_bytes);
                self.fixed(tag::POINT, &numbers);
            }
            Value::Json(text) => self.tagged(tag::JSON, text),
            Value::Enum(at) => return self.enum_value(scalar, *at),
            Value::List(items) => {
                self.bytes.push(tag::LIST);
                self.length(items.len());
                return items.iter().all(|item| self.value(scalar, item));
            }
            Value::Texts(texts) => {
                self.bytes.push(tag::TEXTS);
                self.length(texts.len());
                for (language, text) in texts {
                    self.text(language);
                    self.text(text);
                }
            }
        }
        true
    }

    fn fixed<const N: usize>(&mut self, tag: u8, numbers: &[[u8; N]]) {
        self.bytes.push(tag);
        self.bytes.extend(numbers.as_flattened());
    }

    fn tagged(&mut self, tag: u8, text: &str) {
        self.bytes.push(tag);
        self.text(text);
    }

    fn enum_value(&mut self, scalar: Scalar, at: u16) -> bool {
        let ontology = self.ontology;
        let Scalar::Enum(of) = scalar else {
            return false;
        };
        let Some(value) = ontology.enums[of as usize].values.get(at as usize) else {
            return false;
        };
        self.bytes.push(tag::ENUM);
        self.name(&value.name);
        true
    }
}
