//! Which part of the graph do the arguments of `paths` and `neighborhood` name? Not for: finding it
//! (`exec`).

use super::page::count;
use super::{Binder, Given, Wrong, text, texts};
use crate::api::error::excerpt;
use crate::api::input::Input;
use crate::ontology::{Ontology, Property, RelationshipId, TypeId};
use crate::plan::{
    Filter, Follow, NeighborhoodCall, NodeRef, PathMode, PathsCall, Start, settle_all,
};
use crate::value::Scalar;

impl Binder<'_> {
    pub(super) fn paths(&self, given: Given<'_>) -> Result<PathsCall, Wrong> {
        let mode = match text(given.value("mode")).as_str() {
            "ALL_SHORTEST" => PathMode::AllShortest,
            "K_SHORTEST" => PathMode::KShortest,
            "ALL_SIMPLE" => PathMode::AllSimple,
            _ => PathMode::Shortest,
        };
        let few = matches!(mode, PathMode::Shortest | PathMode::KShortest);
        let longest = count(given, "maxLength")?;
        if mode == PathMode::AllSimple && longest.is_none() {
            let message = "ALL_SIMPLE needs a length at which it ends";
            let hint = "give `maxLength`: of longer ones there are too many";
            return Err(Wrong::new(message).hint(hint).inside("maxLength"));
        }
        Ok(PathsCall {
            from: self.one_ref(given, "from")?,
            to: self.one_ref(given, "to")?,
            follow: self.follow(given)?,
            mode,
            weights: self.weights(given)?,
            shortest: count(given, "minLength")?.unwrap_or(1),
            longest,
            first: count(given, "first")?.unwrap_or(if few { 1 } else { 100 }),
        })
    }

    pub(super) fn neighborhood(&self, given: Given<'_>) -> Result<NeighborhoodCall, Wrong> {
        Ok(NeighborhoodCall {
            of: self.node_refs(given)?,
            depth: count(given, "depth")?.unwrap_or(1),
            follow: self.follow(given)?,
            types: self.concrete(given.value("types"))?,
            per_node: count(given, "limitPerNode")?,
            limit: count(given, "limit")?.unwrap_or(1000),
        })
    }

    fn one_ref(&self, given: Given<'_>, name: &str) -> Result<NodeRef, Wrong> {
        let input = given.value(name).unwrap_or(&Input::Null);
        self.node_ref(input).map_err(|w| w.inside(name))
    }

    /// What the argument `of` refers to.
    pub(super) fn node_refs(&self, given: Given<'_>) -> Result<Vec<NodeRef>, Wrong> {
        let of = given.value("of").and_then(Input::as_list);
        let refs = of.unwrap_or_default().iter().enumerate();
        let refs = refs.map(|(at, input)| {
            let found = self.node_ref(input);
            found.map_err(|w| w.inside(at.to_string()).inside("of"))
        });
        refs.collect()
    }

    /// One node by its id, or all of a type that match.
    fn node_ref(&self, input: &Input) -> Result<NodeRef, Wrong> {
        let fields = input.as_object().unwrap_or_default();
        let Some((name, value)) = fields.first() else {
            return Ok(NodeRef::Found(Vec::new()));
        };
        if &**name == "id" {
            self.bounds.text(Some(value))?;
            return Ok(NodeRef::Id(text(Some(value))));
        }
        let mut types = (0..self.ontology.types.len() as u16).map(TypeId);
        let of = types.find(|id| self.ontology.node_type(*id).names().single() == **name);
        let Some(of) = of else {
            return Err(Wrong::new("no such type").inside(&**name));
        };
        let mut starts = self
            .starts(of, Some(value))
            .map_err(|w| w.inside(&**name))?;
        self.settle(&mut starts);
        Ok(NodeRef::Found(starts))
    }

    pub(super) fn settle(&self, starts: &mut [Start]) {
        if self.optimize {
            settle_all(starts, &self.statistics);
        }
    }

    /// For each relationship type the property that says what an edge costs; empty if none is named.
    fn weights(&self, given: Given<'_>) -> Result<Vec<Option<usize>>, Wrong> {
        let named = given.value("weight").and_then(Input::as_list);
        let named = named.unwrap_or_default();
        self.bounds.parts(named.len())?;
        let mut weights = Vec::new();
        for (at, input) in named.iter().enumerate() {
            let inside = |wrong: Wrong| wrong.inside(at.to_string()).inside("weight");
            let (of, property) = self.weight(input).map_err(inside)?;
            weights.resize(self.ontology.relationships.len(), None);
            let slot = &mut weights[usize::from(of.0)];
            if slot.replace(property).is_some() {
                let name = &self.ontology.relationship(of).name;
                return Err(inside(Wrong::new(format!("{name} has a weight already"))));
            }
        }
        Ok(weights)
    }

    /// A relationship type and one of its properties that is a number.
    fn weight(&self, input: &Input) -> Result<(RelationshipId, usize), Wrong> {
        let (name, property) = (text(input.field("type")), text(input.field("property")));
        self.bounds.text(input.field("property"))?;
        let Some(of) = self.ontology.relationship_named(&name) else {
            return Err(Wrong::new(format!("`{name}` is no type of relationships")));
        };
        let all = &self.ontology.relationship(of).properties;
        let is_number = |p: &Property| {
            !p.list && matches!(p.scalar, Scalar::Int | Scalar::BigInt | Scalar::Float)
        };
        let found = all.iter().position(|p| p.name == property && is_number(p));
        found.map(|at| (of, at)).ok_or_else(|| {
            let numbers = all.iter().filter(|p| is_number(p)).map(|p| &*p.name);
            let numbers = numbers.collect::<Vec<_>>().join(", ");
            let hint = match &*numbers {
                "" => format!("{name} has no number to weigh by"),
                numbers => format!("{name} can be weighed by: {numbers}"),
            };
            let property = excerpt(&property, 100);
            Wrong::new(format!("`{property}` is no number of {name}")).hint(hint)
        })
    }

    /// The concrete types of the types and interfaces that are named, if any are.
    pub(super) fn concrete(&self, types: Option<&Input>) -> Result<Option<Vec<TypeId>>, Wrong> {
        self.bounds.texts(types)?;
        let Some(types) = types else { return Ok(None) };
        let names = texts(Some(types));
        let named = names
            .iter()
            .filter_map(|name| self.ontology.type_named(name));
        let mut concrete: Vec<_> = named
            .flat_map(|of| self.ontology.node_type(of).members.iter().copied())
            .collect();
        concrete.sort_unstable();
        concrete.dedup();
        Ok(Some(concrete))
    }

    /// What may be followed: everything if nothing is said. Each relationship type and direction once.
    pub(super) fn follow(&self, given: Given<'_>) -> Result<Vec<Follow>, Wrong> {
        let Some(rules) = given.value("follow").and_then(Input::as_list) else {
            return Ok(everything(self.ontology));
        };
        self.bounds.parts(rules.len())?;
        let mut all: Vec<Follow> = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            let rules = self.rules(rule);
            for rule in rules.map_err(|w| w.inside(at.to_string()).inside("follow"))? {
                allow(&mut all, rule);
            }
        }
        Ok(all)
    }

    /// One entry of `follow`.
    fn rules(&self, rule: &Input) -> Result<Vec<Follow>, Wrong> {
        let name = text(rule.field("type"));
        let Some(relationship) = self.ontology.relationship_named(&name) else {
            return Err(Wrong::new(format!("`{name}` is no type of relationships")));
        };
        let declared = self.ontology.relationship(relationship);
        let direction = text(rule.field("direction"));
        let directions: &[bool] = match &*direction {
            "OUT" if !declared.symmetric => &[true],
            "IN" if !declared.symmetric => &[false],
            _ => &[true, false],
        };
        let filter = rule.field("where").filter(|input| !input.is_null());
        let filter = filter.map(|input| self.follow_where(relationship, input));
        let filter = filter.transpose().map_err(|w| w.inside("where"))?.flatten();
        let rules = directions.iter().map(|along| Follow {
            relationship,
            along: *along,
            filter: filter.clone(),
        });
        Ok(rules.collect())
    }

    /// The condition on edges of a relationship type, if there is one.
    fn follow_where(&self, of: RelationshipId, input: &Input) -> Result<Option<Filter>, Wrong> {
        let own = self.ontology.relationship(of).names().single();
        let fields = input.as_object().unwrap_or_default();
        if let Some((other, _)) = fields.iter().find(|(name, _)| **name != *own) {
            let message = "the condition is on relationships of another type";
            let hint = format!("write it as {{{own}: {{…}}}}, or follow that type too");
            return Err(Wrong::new(message).hint(hint).inside(&**other));
        }
        let condition = fields.first().map(|(_, value)| self.edge_where(of, value));
        condition.transpose().map_err(|w| w.inside(own))
    }
}

/// Every relationship type, either way.
fn everything(ontology: &Ontology) -> Vec<Follow> {
    let all = 0..ontology.relationships.len() as u16;
    let both = all.flat_map(|at| [true, false].map(|along| (RelationshipId(at), along)));
    both.map(|(relationship, along)| Follow {
        relationship,
        along,
        filter: None,
    })
    .collect()
}

/// Allows what a rule allows beside what is allowed already.
fn allow(all: &mut Vec<Follow>, rule: Follow) {
    let same =
        |other: &&mut Follow| (other.relationship, other.along) == (rule.relationship, rule.along);
    match all.iter_mut().find(same) {
        None => all.push(rule),
        Some(known) => {
            let both = known.filter.take().zip(rule.filter);
            known.filter = both.map(|(a, b)| Filter::Or(vec![a, b]));
        }
    }
}
