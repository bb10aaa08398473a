//! Which order does `sort` mean? Not for: ordering (`exec`).

use super::filter::declared;
use super::values::null;
use super::{Binder, Wrong};
use crate::api::input::Input;
use crate::ontology::{Field as Declared, Property, RelationshipId, TypeId};
use crate::plan::{Filter, Hop, Links, Reach, SortBy, SortKey, Subject};
use std::sync::Arc;

/// Where a property lies in a concrete type, or in an edge.
type At = (Option<TypeId>, usize);

/// A key without its direction.
type By = (SortBy, Direction);

/// How a key is turned: whether descending, whether missing values come first.
pub(super) type Direction = (bool, bool);

impl Binder<'_> {
    /// The keys of nodes of a type or interface.
    pub(super) fn node_sort(
        &self,
        of: TypeId,
        input: Option<&Input>,
    ) -> Result<Vec<SortKey>, Wrong> {
        let members = self.ontology.node_type(of).members.clone();
        self.keys(input, &|key| self.node_key(&members, key))
    }

    /// The keys of edges.
    pub(super) fn edge_sort(
        &self,
        of: RelationshipId,
        input: Option<&Input>,
    ) -> Result<Vec<SortKey>, Wrong> {
        self.keys(input, &|key| self.edge_key(of, key))
    }

    /// The keys of links: by `node` or by `edge`.
    pub(super) fn link_sort(
        &self,
        of: RelationshipId,
        to: TypeId,
        input: Option<&Input>,
    ) -> Result<Vec<SortKey>, Wrong> {
        let members = self.ontology.node_type(to).members.clone();
        self.keys(input, &|key| {
            let (name, value) = only(key)?;
            let (by, direction) = match name {
                "node" => self
                    .node_key(&members, value)
                    .map(|(by, d)| (SortBy::Node(Box::new(by)), d)),
                _ => self
                    .edge_key(of, value)
                    .map(|(by, d)| (SortBy::Edge(Box::new(by)), d)),
            }
            .map_err(|w| w.inside(name))?;
            Ok((by, direction))
        })
    }

    fn keys(
        &self,
        input: Option<&Input>,
        key: &dyn Fn(&Input) -> Result<By, Wrong>,
    ) -> Result<Vec<SortKey>, Wrong> {
        let items = input.and_then(Input::as_list).unwrap_or_default();
        self.bounds.sort_keys(items.len())?;
        let keys = items.iter().enumerate().map(|(at, item)| {
            let (by, (descending, nulls_first)) =
                key(item).map_err(|w| w.inside(at.to_string()).inside("sort"))?;
            Ok(SortKey {
                by,
                descending,
                nulls_first,
            })
        });
        keys.collect()
    }

    fn node_key(&self, of: &[TypeId], key: &Input) -> Result<By, Wrong> {
        let (name, value) = only(key)?;
        let found = match name {
            "id" => Ok((SortBy::Id, turn(value))),
            "key" => Ok((SortBy::Key, turn(value))),
            "label" => Ok((SortBy::Label(self.languages.clone()), turn(value))),
            _ => self.declared_key(of, name, value),
        };
        found.map_err(|w| w.inside(name))
    }

    fn declared_key(&self, of: &[TypeId], name: &str, value: &Input) -> Result<By, Wrong> {
        let first = of
            .iter()
            .find_map(|id| declared(self.ontology.node_type(*id), name));
        match first {
            Some((Declared::Relation(relation), true)) => {
                let (edge, to) = (relation.relationship, relation.target);
                let from = |t| of.contains(&t);
                let hop = Hop::new(self.ontology, edge, relation.direction, from, to);
                let links = Subject::Links(edge, to);
                self.links_key(Reach::Hop(hop), links, value, &|filter| {
                    self.link_where(edge, to, filter)
                })
            }
            Some((Declared::Closure(closure), _)) => {
                let (reach, to) = (self.closure(closure), closure.target);
                self.links_key(reach, Subject::Nodes(to), value, &|filter| {
                    Ok(Filter::Node(self.node_filter(to, filter)?))
                })
            }
            Some((Declared::Relation(_), false)) => {
                let (hop, to) = self.through(of, name)?;
                let (by, direction) = self.node_key(&self.ontology.node_type(to).members, value)?;
                Ok((SortBy::Through(hop, Box::new(by)), direction))
            }
            _ => {
                let at = |name: &str| -> Vec<_> {
                    let with = of
                        .iter()
                        .filter_map(|id| Some((*id, self.ontology.node_type(*id).property(name)?)));
                    with.map(|(id, at)| (Some(id), at)).collect()
                };
                let property =
                    |(id, at): &At| id.map(|id| &self.ontology.node_type(id).properties[*at]);
                self.property_key(name, value, &at, &|places| {
                    places.first().and_then(property)
                })
            }
        }
    }

    fn edge_key(&self, of: RelationshipId, key: &Input) -> Result<By, Wrong> {
        let (name, value) = only(key)?;
        let edge = self.ontology.relationship(of);
        let end = |of: TypeId| self.node_key(&self.ontology.node_type(of).members, value);
        let found = match name {
            "id" => Ok((SortBy::Id, turn(value))),
            "source" => end(edge.source).map(|(by, d)| (SortBy::Source(Box::new(by)), d)),
            "target" => end(edge.target).map(|(by, d)| (SortBy::Target(Box::new(by)), d)),
            _ => {
                let at = |name: &str| {
                    edge.property(name)
                        .map(|at| (None, at))
                        .into_iter()
                        .collect()
                };
                self.property_key(name, value, &at, &|places| {
                    places.first().map(|(_, at)| &edge.properties[*at])
                })
            }
        };
        found.map_err(|w| w.inside(name))
    }

    /// A stored property, or `nameIn: {lang:, order:}` of a localized one.
    fn property_key<'o>(
        &self,
        name: &str,
        value: &Input,
        at: &dyn Fn(&str) -> Vec<At>,
        property: &dyn Fn(&[At]) -> Option<&'o Property>,
    ) -> Result<By, Wrong> {
        let places = at(name);
        if let Some(property) = property(&places) {
            let by = if property.localized {
                SortBy::Text {
                    at: places,
                    languages: self.languages.clone(),
                    strict: false,
                }
            } else {
                SortBy::Property(places)
            };
            return Ok((by, turn(value)));
        }
        let places = name.strip_suffix("In").map(at).unwrap_or_default();
        if places.is_empty() {
            return Err(Wrong::new("no such field"));
        }
        let languages: Arc<[String]> = vec![super::text(value.field("lang"))].into();
        let by = SortBy::Text {
            at: places,
            languages,
            strict: true,
        };
        Ok((by, turn(value.field("order").unwrap_or(&Input::Null))))
    }

    /// By the links that `where` leaves: their number or a measure of them.
    fn links_key(
        &self,
        reach: Reach,
        of: Subject,
        value: &Input,
        condition: &dyn Fn(&Input) -> Result<Filter, Wrong>,
    ) -> Result<By, Wrong> {
        let wanted = value.field("where").filter(|wanted| !wanted.is_null());
        let filter = wanted.map(condition).transpose();
        let links = Links {
            reach,
            filter: filter.map_err(|w| w.inside("where"))?.map(Box::new),
            distinct: false,
        };
        let (part, by) = only(value.field("by").unwrap_or(&Input::Null))?;
        if part == "count" {
            return Ok((SortBy::Count(links), turn(by)));
        }
        let key = self.measure_key(of, part == "edge", by);
        let (measure, direction) = key.map_err(|w| w.inside(part).inside("by"))?;
        Ok((SortBy::Measure(links, Box::new(measure)), direction))
    }
}

/// The one entry of a one-key object.
pub(super) fn only(input: &Input) -> Result<(&str, &Input), Wrong> {
    match input.as_object().and_then(<[_]>::first) {
        Some((_, Input::Null)) | None => Err(null()),
        Some((name, value)) => Ok((name, value)),
    }
}

pub(super) fn turn(order: &Input) -> Direction {
    match order.as_str() {
        Some("DESC") => (true, false),
        Some("ASC_NULLS_FIRST") => (false, true),
        Some("DESC_NULLS_FIRST") => (true, true),
        _ => (false, false),
    }
}
