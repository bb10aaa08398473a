//! How do bytes become a commit? Not for: applying it (`apply`).

use super::super::ReadError;
use super::super::bytes::Wrong;
use super::input::Input;
use super::{VERSION, fits};
use crate::graph::{ChangeSet, Citation, EdgeChange, NodeChange, State, Was};
use crate::ontology::{Ontology, Property, Relationship, TypeId};
use crate::value::Value;

impl ChangeSet {
    /// Reads the payload of a record in the log, which may have been written under an ontology with
    /// fewer types, properties and enum values.
    ///
    /// # Errors
    /// If the bytes are damaged or of an unknown version, or what they say does not fit the ontology.
    pub fn decode(bytes: &[u8], ontology: &Ontology) -> Result<Self, ReadError> {
        read(Input::new(bytes), ontology).map_err(|Wrong { what, unfit }| ReadError {
            place: "a record of the log".to_owned(),
            what,
            unfit,
        })
    }
}

fn read(mut input: Input<'_>, ontology: &Ontology) -> Result<ChangeSet, Wrong> {
    match input.byte()? {
        VERSION => {}
        other => {
            let wrong = format!("version {other} is unknown: this is version {VERSION}");
            return Err(wrong.into());
        }
    }
    let revision = input.number()?;
    input.names()?;
    let mut reading = Reading { input, ontology };
    let changes = ChangeSet {
        revision,
        nodes: reading.list(Reading::node)?,
        edges: reading.list(Reading::edge)?,
    };
    match reading.input.is_empty() {
        true => Ok(changes),
        false => Err("there is more in it than there should be".into()),
    }
}

struct Reading<'a> {
    input: Input<'a>,
    ontology: &'a Ontology,
}

impl<'a> Reading<'a> {
    fn list<T>(&mut self, one: impl Fn(&mut Self) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
        let count = self.input.length()?;
        (0..count).map(|_| one(self)).collect()
    }

    fn node(&mut self) -> Result<NodeChange, Wrong> {
        let (of, key) = self.end()?;
        let ontology = self.ontology;
        let declared = ontology.node_type(of);
        let states = self.states(&declared.name, &declared.properties);
        let states = states.map_err(|wrong| at(wrong, &format!("{}:{key}", declared.name)));
        let (state, before) = states?;
        Ok(NodeChange {
            of,
            key,
            state,
            before,
        })
    }

    fn edge(&mut self) -> Result<EdgeChange, Wrong> {
        let (ontology, name) = (self.ontology, self.input.name()?);
        let gone = || Wrong::unfit(format!("there is no relationship type {name} any more"));
        let of = ontology.relationship_named(name).ok_or_else(gone)?;
        let (source, target) = (self.end()?, self.end()?);
        let declared = ontology.relationship(of);
        joins(declared, (source.0, target.0), ontology)?;
        let unique = self.unique(declared).map_err(|wrong| at(wrong, name))?;
        let states = self.states(name, &declared.properties);
        let (state, before) = states.map_err(|wrong| at(wrong, name))?;
        Ok(EdgeChange {
            of,
            source,
            target,
            unique,
            state,
            before,
        })
    }

    /// A concrete type and a key.
    fn end(&mut self) -> Result<(TypeId, Box<str>), Wrong> {
        let name = self.input.name()?;
        let of = self.ontology.type_named(name);
        let of = of.filter(|of| self.ontology.is_concrete(*of));
        let gone = || Wrong::unfit(format!("there is no node type {name} any more"));
        Ok((of.ok_or_else(gone)?, self.input.text()?.into()))
    }

    fn unique(&mut self, of: &Relationship) -> Result<Box<[Value]>, Wrong> {
        let mut unique = vec![Value::Null; of.unique.len()];
        for _ in 0..self.input.length()? {
            let (property, value) = self.given(&of.name, &of.properties)?;
            let place = of.unique.iter().position(|at| *at == property);
            let name = &of.properties[property].name;
            let gone = || Wrong::unfit(format!("its {name} is not unique any more"));
            unique[place.ok_or_else(gone)?] = value;
        }
        Ok(unique.into())
    }

    /// What a record is, and what it was.
    fn states(
        &mut self,
        of: &str,
        properties: &[Property],
    ) -> Result<(Option<State>, Option<Box<Was>>), Wrong> {
        let now = self.state(of, properties)?;
        let Some(state) = self.state(of, properties)? else {
            return Ok((now, None));
        };
        let changed = self.input.number()?;
        Ok((now, Some(Box::new(Was { changed, state }))))
    }

    fn state(&mut self, of: &str, properties: &[Property]) -> Result<Option<State>, Wrong> {
        if !self.input.is_there()? {
            return Ok(None);
        }
        let mut values = vec![Value::Null; properties.len()];
        for _ in 0..self.input.length()? {
            let (property, value) = self.given(of, properties)?;
            values[property] = value;
        }
        Ok(Some(State {
            values: values.into(),
            references: self.list(Self::cited)?.into(),
        }))
    }

    /// A property and its value.
    fn given(&mut self, of: &str, properties: &[Property]) -> Result<(usize, Value), Wrong> {
        let name = self.input.name()?;
        let place = properties.iter().position(|property| property.name == name);
        let gone = || Wrong::unfit(format!("there is no property {of}.{name} any more"));
        let place = place.ok_or_else(gone)?;
        let property = &properties[place];
        let value = self.input.value(self.ontology, property);
        let value = value.map_err(|wrong| at(wrong, name))?;
        match fits(property, &value) {
            true => Ok((place, value)),
            false => Err(Wrong::unfit(format!(
                "{name}: it is {value:?}, which the ontology does not allow for {of}"
            ))),
        }
    }

    fn cited(&mut self) -> Result<Citation, Wrong> {
        let source = self.input.text()?.into();
        let (locator, note) = (self.input.optional()?, self.input.optional()?);
        let field = |reading: &mut Self| Ok(reading.input.text()?.into());
        let fields = self.input.is_there()?.then(|| self.list(field));
        Ok(Citation {
            source,
            locator,
            fields: fields.transpose()?.map(Vec::into),
            note,
        })
    }
}

/// Says what something wrong belongs to.
fn at(wrong: Wrong, place: &str) -> Wrong {
    let what = format!("{place}: {}", wrong.what);
    Wrong { what, ..wrong }
}

/// Whether edges may join nodes of these types.
fn joins(
    of: &Relationship,
    (source, target): (TypeId, TypeId),
    ontology: &Ontology,
) -> Result<(), Wrong> {
    let either = of.symmetric && of.pairs.contains(&(target, source));
    if either || of.pairs.contains(&(source, target)) {
        return Ok(());
    }
    let [source, target] = [source, target].map(|of| &ontology.node_type(of).name);
    let what = format!("{} does not join {source} with {target} any more", of.name);
    Err(Wrong::unfit(what))
}
