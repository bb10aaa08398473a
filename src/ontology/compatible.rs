//! Does what is stored under an older ontology fit a newer one? Not for: converting it (`db`), or
//! the rules over several records, `@unique` and to-one fields (`change`).

use super::{Ontology, Property, RelationshipId, TypeId};
use crate::value::{Cell, Scalar};
use regex::Regex;

/// Which records: all of a node type or all of a relationship type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// The nodes of a concrete type.
    Nodes(TypeId),
    /// The edges of a relationship type.
    Edges(RelationshipId),
}

/// What is stored, by the ids of the older ontology.
pub trait Stored {
    /// How many records there are.
    fn count(&self, of: Records) -> u64;

    /// How many edges join two concrete types.
    fn count_between(&self, of: RelationshipId, source: TypeId, target: TypeId) -> u64;

    /// Hands the value of a property in every record to `each`, nulls too.
    fn each_value(&self, of: Records, property: usize, each: &mut dyn FnMut(Cell<'_>));

    /// How many nodes and edges have no references.
    fn count_uncited(&self) -> u64;
}

/// Checks that stored data fit a newer ontology: whatever is added fits, and whatever is removed
/// or narrowed fits as long as no record is against it. Reads the values of changed properties only.
///
/// # Errors
/// For people: each thing that does not fit, with how many records it concerns and what would do.
pub fn check_compatible(
    old: &Ontology,
    new: &Ontology,
    stored: &dyn Stored,
) -> Result<(), Vec<String>> {
    let mut check = Check {
        old,
        new,
        stored,
        misfits: Vec::new(),
    };
    for id in old.concrete_ids() {
        check.node_type(id);
    }
    for at in 0..old.relationships.len() {
        check.relationship(RelationshipId(at as u16));
    }
    check.citations();
    if check.misfits.is_empty() {
        Ok(())
    } else {
        Err(check.misfits)
    }
}

struct Check<'a> {
    old: &'a Ontology,
    new: &'a Ontology,
    stored: &'a dyn Stored,
    misfits: Vec<String>,
}

impl Check<'_> {
    fn node_type(&mut self, id: TypeId) {
        let before = self.old.node_type(id);
        let count = self.stored.count(Records::Nodes(id));
        if count == 0 {
            return;
        }
        let now = self.new.type_named(&before.name);
        let Some(now) = now.filter(|now| self.new.is_concrete(*now)) else {
            self.misfits.push(format!(
                "the node type `{0}` is gone, but the data hold {1} of it: declare it again, or delete them \
                 under the older ontology first",
                before.name,
                many(count, "node")
            ));
            return;
        };
        let now = &self.new.node_type(now).properties;
        self.properties(Records::Nodes(id), &before.name, &before.properties, now);
    }

    fn relationship(&mut self, id: RelationshipId) {
        let before = self.old.relationship(id);
        let name = &before.name;
        let count = self.stored.count(Records::Edges(id));
        if count == 0 {
            return;
        }
        let edges = many(count, "edge");
        let Some(now) = self.new.relationship_named(name) else {
            self.misfits.push(format!(
                "the relationship type `{name}` is gone, but the data hold {edges} of it: declare it again, \
                 or delete them under the older ontology first"
            ));
            return;
        };
        let now = self.new.relationship(now);
        if now.symmetric != before.symmetric {
            self.misfits.push(format!(
                "`{name}` has `symmetric: {}`, but the data hold {edges} with `symmetric: {}`",
                now.symmetric, before.symmetric
            ));
        }
        self.identity(id);
        self.pairs(id);
        self.properties(
            Records::Edges(id),
            name,
            &before.properties,
            &now.properties,
        );
    }

    /// Edges must stay apart.
    fn identity(&mut self, id: RelationshipId) {
        let before = self.old.relationship(id);
        let Some(now) = self.new.relationship_named(&before.name) else {
            return;
        };
        let now = self.new.relationship(now);
        let kept = now.unique.iter().map(|at| &now.properties[*at].name);
        let kept: Vec<&String> = kept.collect();
        let unique = before.unique.iter().map(|at| &before.properties[*at].name);
        for property in unique.filter(|name| !kept.contains(name)) {
            self.misfits.push(format!(
                "the edges of `{}` are told apart by `{property}`, which is no longer `@unique`",
                before.name
            ));
        }
    }

    /// Edges must still be allowed between what they join.
    fn pairs(&mut self, id: RelationshipId) {
        let before = self.old.relationship(id);
        let Some(now) = self.new.relationship_named(&before.name) else {
            return;
        };
        let name_of = |id: TypeId| self.old.node_type(id).name.clone();
        let new_id = |name: &str| self.new.type_named(name);
        for (source, target) in &before.pairs {
            let (from, to) = (name_of(*source), name_of(*target));
            let (Some(new_source), Some(new_target)) = (new_id(&from), new_id(&to)) else {
                continue; // the nodes themselves do not fit
            };
            let pairs = &self.new.relationship(now).pairs;
            if pairs.contains(&(new_source, new_target)) {
                continue;
            }
            let count = self.stored.count_between(id, *source, *target);
            if count > 0 {
                self.misfits.push(format!(
                    "`{}` no longer joins `{from}` to `{to}`, as it does in {}",
                    before.name,
                    many(count, "stored edge")
                ));
            }
        }
    }

    fn properties(&mut self, of: Records, owner: &str, before: &[Property], now: &[Property]) {
        for (at, property) in before.iter().enumerate() {
            let place = format!("{owner}.{}", property.name);
            match now.iter().find(|it| it.name == property.name) {
                None => self.removed(of, at, &place),
                Some(it) if self.is_same(property, it) => {}
                Some(it) => self.changed(of, at, &place, property, it),
            }
        }
        let count = self.stored.count(of);
        let is_new = |it: &&Property| before.iter().all(|property| property.name != it.name);
        for it in now.iter().filter(is_new).filter(|it| must_be_given(it)) {
            self.misfits.push(format!(
                "`{owner}.{0}` is new and required, so {1} would lack it: give it @default, \
                 or leave out the `!`",
                it.name,
                many(count, noun(of))
            ));
        }
    }

    fn removed(&mut self, of: Records, property: usize, place: &str) {
        let count = self.count_values(of, property, |cell| cell.is_null());
        if count > 0 {
            self.misfits.push(format!(
                "`{place}` is gone, but set in {}: declare it again, or clear it under \
                 the older ontology first",
                many(count, noun(of))
            ));
        }
    }

    fn changed(&mut self, of: Records, at: usize, place: &str, before: &Property, now: &Property) {
        let (was, is) = (self.old.type_text(before), self.new.type_text(now));
        if self.is_other_kind(before, now) {
            let count = self.count_values(of, at, |cell| cell.is_null());
            if count > 0 {
                self.misfits.push(format!(
                    "`{place}` was {was} and is {is}, but set as the former in {}",
                    many(count, noun(of))
                ));
            }
            return;
        }
        if must_be_given(now) {
            let count = self.count_values(of, at, |cell| !cell.is_null());
            if count > 0 {
                self.misfits.push(format!(
                    "`{place}` is required now, but unset in {}: give it @default, or \
                     leave out the `!`",
                    many(count, noun(of))
                ));
            }
        }
        let rules = ValueRules::new(self.old, self.new, before, now);
        let count = self.count_values(of, at, |cell| rules.fit(cell));
        if count > 0 {
            self.misfits.push(format!(
                "`{place}` is {is} with narrower rules now, broken by the values of {}",
                many(count, noun(of))
            ));
        }
    }

    /// How many records have a value that does not fit.
    fn count_values(&self, of: Records, property: usize, fits: impl Fn(Cell<'_>) -> bool) -> u64 {
        let mut count = 0;
        self.stored
            .each_value(of, property, &mut |cell| count += u64::from(!fits(cell)));
        count
    }

    fn citations(&mut self) {
        if !self.new.cited || self.old.cited {
            return;
        }
        let count = self.stored.count_uncited();
        if count > 0 {
            self.misfits.push(format!(
                "`@cited` wants references on every record: {} without any",
                many(count, "stored record")
            ));
        }
    }

    /// Whether values of one need no look to fit the other.
    fn is_same(&self, before: &Property, now: &Property) -> bool {
        let enums = match (before.scalar, now.scalar) {
            (Scalar::Enum(a), Scalar::Enum(b)) => {
                enum_names(self.old, a) == enum_names(self.new, b)
            }
            (before, now) => before == now,
        };
        enums
            && (before.list, before.localized) == (now.list, now.localized)
            && (before.min, before.max, &before.pattern) == (now.min, now.max, &now.pattern)
            && (before.required || !must_be_given(now))
    }

    /// Whether values are stored in another way.
    fn is_other_kind(&self, before: &Property, now: &Property) -> bool {
        let kind = |scalar| match scalar {
            Scalar::Id => Scalar::String,
            Scalar::BigInt => Scalar::Int,
            Scalar::Enum(_) => Scalar::Enum(0),
            other => other,
        };
        kind(before.scalar) != kind(now.scalar)
            || (before.list, before.localized) != (now.list, now.localized)
    }
}

/// What a value must keep to under the newer ontology.
struct ValueRules<'a> {
    now: &'a Property,
    pattern: Option<Regex>,
    /// Of an enum: whether each older value is still there.
    values: Vec<bool>,
}

impl<'a> ValueRules<'a> {
    fn new(old: &Ontology, new: &Ontology, before: &Property, now: &'a Property) -> Self {
        let values = match (before.scalar, now.scalar) {
            (Scalar::Enum(a), Scalar::Enum(b)) => {
                let kept = enum_names(new, b);
                enum_names(old, a)
                    .iter()
                    .map(|name| kept.contains(name))
                    .collect()
            }
            _ => Vec::new(),
        };
        let pattern = now.pattern.as_ref();
        let pattern = pattern.and_then(|it| Regex::new(&format!("^(?:{it})$")).ok());
        Self {
            now,
            pattern,
            values,
        }
    }

    fn fit(&self, cell: Cell<'_>) -> bool {
        match cell {
            Cell::List(items) => items.iter().all(|item| self.fit(item)),
            Cell::Texts(texts) => texts.iter().all(|(_, text)| self.matches(text)),
            Cell::Str(text) => self.matches(text),
            Cell::Enum(at) => self.values.get(at as usize).copied().unwrap_or(false),
            Cell::Int(it) if self.now.scalar == Scalar::Int && i32::try_from(it).is_err() => false,
            Cell::Int(it) => self.in_range(it as f64),
            Cell::Float(it) => self.in_range(it),
            _ => true,
        }
    }

    fn matches(&self, text: &str) -> bool {
        self.pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(text))
    }

    fn in_range(&self, number: f64) -> bool {
        self.now.min.is_none_or(|min| number >= min) && self.now.max.is_none_or(|max| number <= max)
    }
}

impl Ontology {
    /// A property's type as SDL writes it: `[RouteScope!]!`, `String! @localized`.
    pub fn type_text(&self, property: &Property) -> String {
        let scalar = self.scalar_name(property.scalar);
        let item = if property.list {
            format!("[{scalar}!]")
        } else {
            scalar.to_owned()
        };
        let required = if property.required { "!" } else { "" };
        let localized = if property.localized {
            " @localized"
        } else {
            ""
        };
        format!("{item}{required}{localized}")
    }
}

/// Whether a record without a value is against the rules; an unset list reads as empty.
fn must_be_given(property: &Property) -> bool {
    property.required && !property.list && property.default.is_none()
}

fn enum_names(ontology: &Ontology, at: u16) -> Vec<&str> {
    let values = ontology.enums[at as usize].values.iter();
    values.map(|value| value.name.as_str()).collect()
}

fn noun(of: Records) -> &'static str {
    match of {
        Records::Nodes(_) => "node",
        Records::Edges(_) => "edge",
    }
}

/// A count with its noun.
fn many(count: u64, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests;
