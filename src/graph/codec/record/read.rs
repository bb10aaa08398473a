//! How do bytes become a commit? Not for: applying it (`apply`).

use super::super::ReadError;
use super::super::bytes::Wrong;
use super::input::Input;
use super::{VERSION, changed, fits};
use crate::graph::{
    About, ChangeSet, Changed, Citation, Commit, EdgeChange, NodeChange, State, Totals, Was,
};
use crate::ontology::{Ontology, Property, Relationship, TypeId};
use crate::value::Value;

impl Commit {
    /// Reads the payload of a record in the log, which may have been written under an ontology with
    /// fewer types, properties and enum values.
    ///
    /// # Errors
    /// If the bytes are damaged or of an unknown version, or what they say does not fit the ontology.
    pub fn decode(bytes: &[u8], ontology: &Ontology) -> Result<Self, ReadError> {
        read(bytes, ontology).map_err(record_error)
    }

    /// Reads revision and [`About`] only, whatever the ontology is.
    ///
    /// # Errors
    /// If the bytes are damaged or of an unknown version.
    pub fn decode_about(bytes: &[u8]) -> Result<(u64, About), ReadError> {
        about(&mut Input::new(bytes)).map_err(record_error)
    }
}

fn record_error(Wrong { what, unfit }: Wrong) -> ReadError {
    ReadError {
        place: "a record of the log".to_owned(),
        what,
        unfit,
    }
}

fn read(bytes: &[u8], ontology: &Ontology) -> Result<Commit, Wrong> {
    let mut input = Input::new(bytes);
    let (revision, about) = about(&mut input)?;
    let kind = input.byte()?;
    let mut reading = Reading { input, ontology };
    let changed = match kind {
        changed::RECORDS => Changed::Records(reading.records(revision)?),
        changed::GRAPH => Changed::Graph(reading.totals()?),
        other => return Err(format!("{other} is no kind of commit").into()),
    };
    match reading.input.is_empty() {
        true => Ok(Commit {
            revision,
            about,
            changed,
        }),
        false => Err("there is more in it than there should be".into()),
    }
}

fn about(input: &mut Input<'_>) -> Result<(u64, About), Wrong> {
    match input.byte()? {
        VERSION => {}
        other => {
            let wrong = format!("version {other} is unknown: this is version {VERSION}");
            return Err(wrong.into());
        }
    }
    let revision = input.number()?;
    let about = About {
        at: input.instant()?,
        actor: input.optional()?,
        message: input.optional()?,
        references: {
            let count = input.length()?;
            let cited = (0..count).map(|_| cited(input));
            cited.collect::<Result<_, _>>()?
        },
    };
    Ok((revision, about))
}

struct Reading<'a> {
    input: Input<'a>,
    ontology: &'a Ontology,
}

impl<'a> Reading<'a> {
    fn records(&mut self, revision: u64) -> Result<ChangeSet, Wrong> {
        self.input.names()?;
        Ok(ChangeSet {
            revision,
            nodes: self.list(Reading::node)?,
            edges: self.list(Reading::edge)?,
        })
    }

    fn totals(&mut self) -> Result<Totals, Wrong> {
        let mut numbers = [0; 6];
        for number in &mut numbers {
            *number = self.input.number()?;
        }
        Ok(Totals::of(numbers))
    }

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
            references: self.list(|reading| cited(&mut reading.input))?.into(),
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
}

fn cited(input: &mut Input<'_>) -> Result<Citation, Wrong> {
    let source = input.text()?.into();
    let (locator, note) = (input.optional()?, input.optional()?);
    let mut fields = None;
    if input.is_there()? {
        let count = input.length()?;
        let names = (0..count).map(|_| input.text().map(Box::from));
        fields = Some(names.collect::<Result<_, _>>()?);
    }
    Ok(Citation {
        source,
        locator,
        fields,
        note,
    })
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
