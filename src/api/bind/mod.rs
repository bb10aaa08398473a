//! What do the arguments of a request mean? Values of slots → [`Call`]s, with every id, operator and
//! literal understood. Not for: their GraphQL types, which are already right (`input`).

mod bounds;
mod changes;
mod compare;
mod filter;
mod graph;
mod groups;
mod links;
mod lists;
mod measures;
mod metrics;
mod page;
mod search;
mod sort;
mod tests_of;
mod values;
mod writing;

pub(super) use bounds::{Bounds, HINT};
pub(super) use page::encode_cursor;
pub(super) use writing::{Scribe, Why};

use super::error::GraphqlError;
use super::input::{Input, Variables};
use super::limits::exceeded;
use super::lower::{Slot, SlotKind};
use crate::exec::Estimates;
use crate::graph::Snapshot;
use crate::ontology::{Ontology, TypeId};
use crate::plan::{Call, Collection, Key, NodeFilter, choose};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::sync::Arc;

/// What binding reads.
pub(super) struct Binder<'a> {
    ontology: &'a Ontology,
    statistics: Estimates<'a>,
    /// Languages in the order in which texts are given if a field names none.
    languages: &'a Arc<[String]>,
    /// Whether searches may start anywhere but at all records.
    optimize: bool,
    /// Filters by the place of their input and their type, as an interface's serve all its types.
    filters: RefCell<FxHashMap<(usize, TypeId), Arc<NodeFilter>>>,
    /// How much all arguments may still hold.
    bounds: Bounds,
}

/// What is wrong with an argument, for people.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wrong {
    /// Where, from the inside out.
    place: Vec<String>,
    message: String,
    hint: Option<String>,
    /// Of what there is too much, and how much there may be: then the whole request is refused.
    exceeds: Option<(&'static str, usize)>,
}

impl Wrong {
    fn new(message: impl Into<String>) -> Self {
        Self {
            place: Vec::new(),
            message: message.into(),
            hint: None,
            exceeds: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    fn inside(mut self, place: impl Into<String>) -> Self {
        self.place.push(place.into());
        self
    }

    fn into_call(mut self) -> Call {
        self.place.reverse();
        let place = self.place.join(".");
        let message = if place.is_empty() {
            self.message
        } else {
            format!("{place}: {}", self.message)
        };
        Call::Failed {
            message,
            hint: self.hint,
        }
    }
}

/// The arguments of a field by name.
#[derive(Clone, Copy)]
struct Given<'i>(&'i [(Arc<str>, Input)]);

impl<'i> Given<'i> {
    /// A value; an explicit `null` counts as not given.
    fn value(self, name: &str) -> Option<&'i Input> {
        self.0
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }
}

impl<'a> Binder<'a> {
    /// Binds for a snapshot and the languages of a request.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        languages: &'a Arc<[String]>,
        optimize: bool,
    ) -> Self {
        Self {
            ontology: snapshot.ontology(),
            statistics: Estimates::new(snapshot),
            languages,
            optimize,
            filters: RefCell::default(),
            bounds: Bounds::default(),
        }
    }

    /// The same within bounds that others have used before.
    pub(super) fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// Gives a collection the place where its search starts.
    fn choose(&self, collection: &mut Collection) {
        if self.optimize {
            choose(collection, &self.statistics);
        }
    }

    /// The calls of an operation's slots.
    ///
    /// # Errors
    /// When a variable does not fit where it is used, or the arguments hold too much; other mistakes
    /// fail their field only.
    pub(super) fn calls(
        &self,
        slots: &[Slot],
        variables: &Variables,
    ) -> Result<Vec<Call>, GraphqlError> {
        slots
            .iter()
            .map(|slot| self.call(slot, variables))
            .collect()
    }

    fn call(&self, slot: &Slot, variables: &Variables) -> Result<Call, GraphqlError> {
        let values = slot.arguments.evaluate(variables);
        let values = values.map_err(|error| error.at(slot.location))?;
        // Places of inputs are only comparable while these values live.
        self.filters.borrow_mut().clear();
        match self.bound(&slot.kind, Given(&values)) {
            Ok(call) => Ok(call),
            Err(wrong) => match wrong.exceeds {
                Some((limit, most)) => Err(exceeded(limit, most, bounds::HINT).at(slot.location)),
                None => Ok(wrong.into_call()),
            },
        }
    }

    fn bound(&self, kind: &SlotKind, given: Given<'_>) -> Result<Call, Wrong> {
        let mut collection = match kind {
            SlotKind::Plain | SlotKind::Mutation(_) => return Ok(Call::Ids(Vec::new())),
            SlotKind::Node(of) => return self.look_up(*of, given).map(Call::LookUp),
            SlotKind::Edge => {
                self.bounds.text(given.value("id"))?;
                return Ok(Call::LookUp(Key::Id(text(given.value("id")))));
            }
            SlotKind::Ids => {
                self.bounds.texts(given.value("ids"))?;
                return Ok(Call::Ids(texts(given.value("ids"))));
            }
            SlotKind::Past => return self.past(given).map(|call| Call::Past(call.into())),
            SlotKind::Watch(of) => {
                return self.watch(*of, given).map(|call| Call::Watch(call.into()));
            }
            SlotKind::Search => return self.search(given).map(|call| Call::Search(call.into())),
            SlotKind::Paths => return self.paths(given).map(|call| Call::Paths(call.into())),
            SlotKind::Neighborhood => {
                let call = self.neighborhood(given)?;
                return Ok(Call::Neighborhood(call.into()));
            }
            SlotKind::Subgraph => {
                self.bounds.texts(given.value("nodes"))?;
                return Ok(Call::Ids(texts(given.value("nodes"))));
            }
            SlotKind::Metrics => return self.metrics(given).map(|call| Call::Metrics(call.into())),
            SlotKind::Ranking => return self.ranking(given),
            SlotKind::Components => return Ok(self.components(given)),
            SlotKind::Communities => return Ok(self.communities(given)),
            SlotKind::First => return metrics::first(given).map(Call::First),
            SlotKind::Groups(of) => {
                let grouping = self.grouping(*of, given)?;
                return Ok(Call::Grouping(Box::new(grouping)));
            }
            SlotKind::Languages => return self.languages_of(given).map(Call::Languages),
            SlotKind::Nodes(of) => self.nodes(*of, given)?,
            SlotKind::Edges(of) => self.edges(*of, given)?,
            SlotKind::Members(of) => self.members(*of, given)?,
            SlotKind::Links(hop, to) => self.links(hop, *to, given)?,
            SlotKind::CitedBy => self.cited_by(given)?,
        };
        self.choose(&mut collection);
        Ok(Call::Collection(Box::new(collection)))
    }

    fn look_up(&self, of: TypeId, given: Given<'_>) -> Result<Key, Wrong> {
        let mut named = given.0.iter().filter(|(_, value)| !value.is_null());
        let (Some((name, value)), None) = (named.next(), named.next()) else {
            return Err(Wrong::new("exactly one argument must name the record")
                .hint("give `id`, `key` or one unique field"));
        };
        self.bounds.text(Some(value))?;
        match &**name {
            "id" => Ok(Key::Id(text(Some(value)))),
            "key" => Ok(Key::Key(text(Some(value)))),
            name => {
                let of = self.ontology.node_type(of);
                let property = of.property(name).map(|at| &of.properties[at]);
                let scalar =
                    property.map_or(crate::value::Scalar::String, |property| property.scalar);
                Ok(Key::Property(
                    name.to_owned(),
                    self.value(scalar, value).map_err(|w| w.inside(name))?,
                ))
            }
        }
    }

    /// The languages asked for, or else the request's.
    fn languages_of(&self, given: Given<'_>) -> Result<Arc<[String]>, Wrong> {
        let asked = given.value("lang");
        self.bounds.languages(asked)?;
        Ok(match asked {
            Some(_) => texts(asked).into(),
            None => self.languages.clone(),
        })
    }
}

fn text(input: Option<&Input>) -> String {
    input.and_then(Input::as_str).unwrap_or_default().to_owned()
}

fn texts(input: Option<&Input>) -> Vec<String> {
    let items = input.and_then(Input::as_list).unwrap_or_default();
    items.iter().map(|item| text(Some(item))).collect()
}
