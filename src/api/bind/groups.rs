//! By what does `groupBy` group, and which groups does it show? Not for: grouping (`exec`).

use super::filter::declared;
use super::page::count;
use super::sort::{Direction, only, turn};
use super::values::null;
use super::{Binder, Given, Wrong};
use crate::api::input::Input;
use crate::ontology::{Closure, Field as Declared, Property, Relation, RelationshipId, TypeId};
use crate::plan::{
    Aggregated, GroupField, GroupSort, GroupSortBy, GroupWay, GroupedBy, Grouping, Hop, KeyValue,
    Places, Reach, SortBy, Subject, Written,
};
use crate::value::{Precision, Scalar};

impl Binder<'_> {
    /// The arguments of `groupBy` over such records.
    pub(super) fn grouping(&self, of: Subject, given: Given<'_>) -> Result<Grouping, Wrong> {
        let mut width = 0;
        let fields = match given.value("fields") {
            Some(fields) => self.group_fields(of, fields, &mut width),
            None => Ok(Vec::new()),
        };
        let fields = fields.map_err(|w| w.inside("fields"))?;
        let having = given.value("having").map(|input| self.having(of, input));
        let having = having.transpose().map_err(|w| w.inside("having"))?;
        let sort = self.group_sort(of, &fields, given.value("sort"));
        Ok(Grouping {
            width,
            having,
            sort: sort.map_err(|w| w.inside("sort"))?,
            first: count(given, "first")?,
            fields,
        })
    }

    fn group_fields(
        &self,
        of: Subject,
        input: &Input,
        at: &mut usize,
    ) -> Result<Vec<GroupField>, Wrong> {
        let mut fields = Vec::new();
        for (name, value) in input.as_object().ok_or_else(null)? {
            // A field that is `false` or null is not grouped by.
            if value.is_null() || value.as_bool() == Some(false) {
                continue;
            }
            self.bounds.parts(1)?;
            let by = match of {
                Subject::Nodes(of) => self.grouped_node(of, name, value, at),
                Subject::Edges(of) => self.grouped_edge(of, name, value, at),
                Subject::Links(of, to) => self.grouped_link(of, to, name, value, at),
            };
            fields.push(GroupField {
                name: (**name).into(),
                by: by.map_err(|w| w.inside(&**name))?,
            });
        }
        Ok(fields)
    }

    fn further(
        &self,
        way: GroupWay,
        to: Subject,
        value: &Input,
        at: &mut usize,
    ) -> Result<GroupedBy, Wrong> {
        Ok(GroupedBy::Through(way, self.group_fields(to, value, at)?))
    }

    fn grouped_link(
        &self,
        of: RelationshipId,
        to: TypeId,
        name: &str,
        value: &Input,
        at: &mut usize,
    ) -> Result<GroupedBy, Wrong> {
        match name {
            "node" => self.further(GroupWay::Node, Subject::Nodes(to), value, at),
            _ => self.further(GroupWay::Edge, Subject::Edges(of), value, at),
        }
    }

    fn grouped_edge(
        &self,
        of: RelationshipId,
        name: &str,
        value: &Input,
        at: &mut usize,
    ) -> Result<GroupedBy, Wrong> {
        let edge = self.ontology.relationship(of);
        match name {
            "source" => self.further(GroupWay::Source, Subject::Nodes(edge.source), value, at),
            "target" => self.further(GroupWay::Target, Subject::Nodes(edge.target), value, at),
            _ => self.grouped_property(Subject::Edges(of), name, value, at),
        }
    }

    fn grouped_node(
        &self,
        of: TypeId,
        name: &str,
        value: &Input,
        at: &mut usize,
    ) -> Result<GroupedBy, Wrong> {
        let whole = |by| KeyValue::Single(by, Precision::Day);
        let built_in = match name {
            "id" => Some(KeyValue::Id),
            "typename" => Some(KeyValue::Typename),
            "key" => Some(whole(SortBy::Key)),
            "label" => Some(whole(SortBy::Label(self.languages.clone()))),
            _ => None,
        };
        if let Some(of) = built_in {
            return Ok(placed(of, Written::default(), at));
        }
        match declared(self.ontology.node_type(of), name) {
            Some((Declared::Relation(relation), false)) => {
                let to = Subject::Nodes(relation.target);
                self.further(self.along(of, relation), to, value, at)
            }
            Some((Declared::Closure(closure), false)) => {
                let to = Subject::Nodes(closure.target);
                self.further(self.along_closure(closure), to, value, at)
            }
            _ => self.grouped_property(Subject::Nodes(of), name, value, at),
        }
    }

    fn along(&self, of: TypeId, relation: &Relation) -> GroupWay {
        let members = &self.ontology.node_type(of).members;
        let reach = Reach::Hop(Hop::new(
            self.ontology,
            relation.relationship,
            relation.direction,
            |from| members.contains(&from),
            relation.target,
        ));
        if relation.many {
            GroupWay::Many(reach)
        } else {
            GroupWay::One(reach)
        }
    }

    fn along_closure(&self, closure: &Closure) -> GroupWay {
        let (of, direction) = (closure.relationship, closure.direction);
        let node = self.ontology.node();
        let hop = Hop::new(self.ontology, of, direction, |_| true, node);
        GroupWay::Many(Reach::Closure(hop, closure.target))
    }

    fn grouped_property(
        &self,
        of: Subject,
        name: &str,
        value: &Input,
        at: &mut usize,
    ) -> Result<GroupedBy, Wrong> {
        let found = of.property(self.ontology, false, name);
        let (places, property) = found.ok_or_else(|| Wrong::new("no such field"))?;
        let written = Written::of(property.scalar);
        let value = self.key_value(of, places, property, value);
        Ok(placed(value, written, at))
    }

    fn key_value(
        &self,
        of: Subject,
        places: Places,
        property: &Property,
        value: &Input,
    ) -> KeyValue {
        let languages = property.localized.then(|| self.languages.clone());
        let by = of.value(places, languages, false);
        if property.list {
            return KeyValue::Items(by, precision(value));
        }
        KeyValue::Single(by, precision(value))
    }

    /// Which groups are shown.
    fn having(&self, of: Subject, input: &Input) -> Result<Aggregated, Wrong> {
        let fields = input.as_object().ok_or_else(null)?;
        self.bounds.parts(1 + fields.len())?;
        let each = |input: &Input| -> Result<Vec<Aggregated>, Wrong> {
            let items = input.as_list().ok_or_else(null)?.iter().enumerate();
            let each = |(at, item): (usize, &Input)| {
                let found = self.having(of, item);
                found.map_err(|w| w.inside(at.to_string()))
            };
            items.map(each).collect()
        };
        let all = fields.iter().map(|(name, value)| {
            let found = match &**name {
                "AND" => each(value).map(Aggregated::And),
                "OR" => each(value).map(Aggregated::Or),
                "NOT" => self
                    .having(of, value)
                    .map(|not| Aggregated::Not(Box::new(not))),
                "count" => self.tests(Scalar::Int, value).map(Aggregated::Count),
                _ => self.aggregated(of, value),
            };
            found.map_err(|w| w.inside(&**name))
        });
        all.collect::<Result<_, _>>().map(Aggregated::And)
    }

    fn group_sort(
        &self,
        of: Subject,
        fields: &[GroupField],
        input: Option<&Input>,
    ) -> Result<Vec<GroupSort>, Wrong> {
        let items = input.and_then(Input::as_list).unwrap_or_default();
        self.bounds.sort_keys(items.len())?;
        let keys = items.iter().enumerate().map(|(at, item)| {
            let found = self.group_sort_key(of, fields, item);
            let (by, (descending, nulls_first)) = found.map_err(|w| w.inside(at.to_string()))?;
            Ok(GroupSort {
                by,
                descending,
                nulls_first,
            })
        });
        keys.collect()
    }

    fn group_sort_key(
        &self,
        of: Subject,
        fields: &[GroupField],
        item: &Input,
    ) -> Result<(GroupSortBy, Direction), Wrong> {
        let (name, value) = only(item)?;
        let found = match name {
            "count" => return Ok((GroupSortBy::Count, turn(value))),
            "key" => key_position(fields, value).map(|(at, d)| (GroupSortBy::Key(at), d)),
            _ => only(value).and_then(|(side, key)| {
                let (measure, direction) = self
                    .measure_key(of, side == "edge", key)
                    .map_err(|w| w.inside(side))?;
                Ok((GroupSortBy::Measure(measure), direction))
            }),
        };
        found.map_err(|w| w.inside(name))
    }
}

/// The next value of a key.
fn placed(of: KeyValue, written: Written, at: &mut usize) -> GroupedBy {
    let place = *at;
    *at += 1;
    GroupedBy::Value {
        at: place,
        of,
        written,
    }
}

fn precision(value: &Input) -> Precision {
    match value.as_str() {
        Some("YEAR") => Precision::Year,
        Some("MONTH") => Precision::Month,
        _ => Precision::Day,
    }
}

/// The position in the key that a sort key means, and its turn.
fn key_position(fields: &[GroupField], key: &Input) -> Result<(usize, Direction), Wrong> {
    let (name, value) = only(key)?;
    let found = fields.iter().find(|field| &*field.name == name);
    let found = match found.map(|field| &field.by) {
        Some(GroupedBy::Value { at, .. }) => Ok((*at, turn(value))),
        Some(GroupedBy::Through(_, fields)) => key_position(fields, value),
        None => Err(Wrong::new("the groups have no such key").hint("name it in `fields` too")),
    };
    found.map_err(|w| w.inside(name))
}
