//! Which records does a `where` of nodes, edges or references mean? Not for: single values
//! (`tests_of`) and links (`links`).

use super::values::null;
use super::{Binder, Wrong};
use crate::api::input::Input;
use crate::ontology::{
    Closure, Field as Declared, NodeType, Ontology, Property, Relation, RelationshipId, TypeId,
    names,
};
use crate::plan::{Field, Filter, Hop, NodeFilter, Reach, ReferenceFilter, few};
use crate::value::Scalar;
use std::sync::Arc;

/// What is asked of one field.
type Asked<'i> = (&'i str, &'i Input);

impl Binder<'_> {
    /// A filter of nodes of a type or interface.
    pub(super) fn node_filter(&self, of: TypeId, input: &Input) -> Result<Arc<NodeFilter>, Wrong> {
        let key = (std::ptr::from_ref(input) as usize, of);
        if let Some(known) = self.filters.borrow().get(&key) {
            return Ok(known.clone());
        }
        let members = self.ontology.node_type(of).members.iter();
        let by_type = members.map(|of| Ok((*of, Arc::new(self.node_where(*of, input)?))));
        let by_type = by_type.collect::<Result<Vec<_>, Wrong>>()?;
        let few = self
            .optimize
            .then(|| few(&by_type, &self.statistics))
            .flatten();
        let filter = Arc::new(NodeFilter {
            by_type,
            few,
            ..NodeFilter::default()
        });
        self.filters.borrow_mut().insert(key, filter.clone());
        Ok(filter)
    }

    /// The condition on nodes of a concrete type.
    fn node_where(&self, of: TypeId, input: &Input) -> Result<Filter, Wrong> {
        self.all(
            input,
            &|(name, value)| self.node_condition(of, name, value),
            &|input| self.node_where(of, input),
        )
    }

    /// The condition on edges of a relationship type.
    pub(super) fn edge_where(&self, of: RelationshipId, input: &Input) -> Result<Filter, Wrong> {
        self.all(
            input,
            &|(name, value)| self.edge_condition(of, name, value),
            &|input| self.edge_where(of, input),
        )
    }

    /// All conditions of an object; `AND`, `OR` and `NOT` by themselves.
    pub(super) fn all(
        &self,
        input: &Input,
        condition: &dyn Fn(Asked<'_>) -> Result<Filter, Wrong>,
        whole: &dyn Fn(&Input) -> Result<Filter, Wrong>,
    ) -> Result<Filter, Wrong> {
        let fields = input.as_object().ok_or_else(null)?;
        self.bounds.parts(1 + fields.len())?;
        let each = |input: &Input| -> Result<Vec<Filter>, Wrong> {
            let items = input.as_list().ok_or_else(null)?;
            items
                .iter()
                .enumerate()
                .map(|(at, item)| whole(item).map_err(|w| w.inside(at.to_string())))
                .collect()
        };
        let mut all = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let filter = match &**name {
                "AND" => each(value).map(Filter::And),
                "OR" => each(value).map(Filter::Or),
                "NOT" => whole(value).map(|filter| Filter::Not(Box::new(filter))),
                _ if value.is_null() => Err(null()),
                name => condition((name, value)),
            };
            all.push(filter.map_err(|w| w.inside(&**name))?);
        }
        Ok(match all.len() {
            1 => all.remove(0),
            _ => Filter::And(all),
        })
    }

    fn node_condition(&self, of: TypeId, name: &str, value: &Input) -> Result<Filter, Wrong> {
        match name {
            "id" => self.on_field(Field::Id, Scalar::Id, value),
            "key" => self.on_field(Field::Key, Scalar::String, value),
            "label" => self.on_field(
                Field::Label(self.asked_languages(value)?),
                Scalar::String,
                value,
            ),
            "isNull" => Ok(Filter::Known(value.as_bool() == Some(false))),
            "typename" => self.typename(of, value),
            "on" => self.on_type(of, value),
            "references" => self.references_where(value),
            "compare" => self.comparisons(Some(of), None, value),
            _ => self.declared(of, name, value),
        }
    }

    fn edge_condition(
        &self,
        of: RelationshipId,
        name: &str,
        value: &Input,
    ) -> Result<Filter, Wrong> {
        let declared = self.ontology.relationship(of);
        let end = |of, source: bool| -> Result<Filter, Wrong> {
            let nodes = Some(self.node_filter(of, value)?);
            let (source, target) = if source { (nodes, None) } else { (None, nodes) };
            Ok(Filter::Ends {
                source,
                target,
                symmetric: declared.symmetric,
            })
        };
        match name {
            "id" => self.on_field(Field::Id, Scalar::Id, value),
            "source" => end(declared.source, true),
            "target" => end(declared.target, false),
            "references" => self.references_where(value),
            "compare" => self.comparisons(None, Some(of), value),
            _ => match declared.property(name) {
                Some(at) => self.on_property(at, &declared.properties[at], value),
                None => Err(Wrong::new("no such field")),
            },
        }
    }

    /// All tests of an operator object on a field.
    pub(super) fn on_field(
        &self,
        field: Field,
        scalar: Scalar,
        value: &Input,
    ) -> Result<Filter, Wrong> {
        let mut tests = self.tests(scalar, value)?;
        let one = |test| Filter::Test(field.clone(), test);
        Ok(match tests.len() {
            1 => one(tests.remove(0)),
            _ => Filter::And(tests.into_iter().map(one).collect()),
        })
    }

    fn on_property(&self, at: usize, property: &Property, value: &Input) -> Result<Filter, Wrong> {
        let languages = if property.localized {
            self.asked_languages(value)?
        } else {
            None
        };
        let or_empty = property.list && property.required;
        self.on_field(
            Field::Property {
                at,
                or_empty,
                languages,
            },
            property.scalar,
            value,
        )
    }

    fn declared(&self, of: TypeId, name: &str, value: &Input) -> Result<Filter, Wrong> {
        let node_type = self.ontology.node_type(of);
        match declared(node_type, name) {
            Some((Declared::Property(at), _)) => {
                self.on_property(*at, &node_type.properties[*at], value)
            }
            Some((Declared::Relation(relation), true)) => self.on_connection(of, relation, value),
            Some((Declared::Relation(relation), false)) if relation.many => {
                let reach = Reach::Hop(self.hop(of, relation));
                self.on_many(&reach, relation.target, value)
            }
            Some((Declared::Relation(relation), false)) => self.on_one(of, relation, value),
            Some((Declared::Closure(closure), _)) => {
                self.on_many(&self.closure(closure), closure.target, value)
            }
            None => Err(Wrong::new("no such field")),
        }
    }

    /// The members of a closure field.
    pub(super) fn closure(&self, closure: &Closure) -> Reach {
        let (of, direction) = (closure.relationship, closure.direction);
        let every = |_| true;
        let hop = Hop::new(self.ontology, of, direction, every, self.ontology.node());
        Reach::Closure(hop, closure.target)
    }

    /// The step of a relationship field from a concrete type.
    pub(super) fn hop(&self, of: TypeId, relation: &Relation) -> Hop {
        Hop::new(
            self.ontology,
            relation.relationship,
            relation.direction,
            |from| from == of,
            relation.target,
        )
    }

    /// A to-one field: the target's conditions; `isNull` by itself is about the field.
    fn on_one(&self, of: TypeId, relation: &Relation, value: &Input) -> Result<Filter, Wrong> {
        let hop = self.hop(of, relation);
        let fields = value.as_object().ok_or_else(null)?;
        let is_null = value.field("isNull");
        if is_null.is_some_and(Input::is_null) {
            return Err(null().inside("isNull"));
        }
        let absent = is_null
            .and_then(Input::as_bool)
            .map(|wanted| Filter::Absent(hop.clone(), wanted));
        let alone = fields.iter().all(|(name, _)| &**name == "isNull");
        match absent {
            Some(absent) if alone => Ok(absent),
            Some(absent) => Ok(Filter::And(vec![
                absent,
                Filter::One(hop, self.node_filter(relation.target, value)?),
            ])),
            None => Ok(Filter::One(hop, self.node_filter(relation.target, value)?)),
        }
    }

    fn typename(&self, of: TypeId, value: &Input) -> Result<Filter, Wrong> {
        let belongs = |name: &Input| {
            let named = name
                .as_str()
                .and_then(|name| self.ontology.type_named(name));
            named.is_some_and(|named| self.ontology.belongs(of, named))
        };
        let fields = value.as_object().ok_or_else(null)?;
        let mut all = true;
        for (operator, names) in fields {
            self.bounds.texts(Some(names))?;
            if names.is_null() {
                return Err(null().inside(&**operator));
            }
            all &= match &**operator {
                "eq" => belongs(names),
                "ne" => !belongs(names),
                "in" => names.as_list().unwrap_or_default().iter().any(belongs),
                _ => !names.as_list().unwrap_or_default().iter().any(belongs),
            };
        }
        Ok(Filter::Known(all))
    }

    fn on_type(&self, of: TypeId, value: &Input) -> Result<Filter, Wrong> {
        let whole = |_: &Input| Err(Wrong::new("no such type"));
        self.all(
            value,
            &|(name, value)| {
                let mut all = (0..self.ontology.types.len() as u16).map(TypeId);
                let named = all.find(|id| self.ontology.node_type(*id).names().single() == name);
                match named.filter(|named| self.ontology.belongs(of, *named)) {
                    Some(_) => self.node_where(of, value),
                    None => Ok(Filter::Known(false)),
                }
            },
            &whole,
        )
    }

    fn references_where(&self, value: &Input) -> Result<Filter, Wrong> {
        let fields = value.as_object().ok_or_else(null)?;
        let all = fields.iter().map(|(name, value)| {
            let counted = &**name == "count";
            let wanted = if counted {
                value.field("where")
            } else {
                Some(value)
            };
            let filter = match wanted {
                Some(wanted) => self
                    .reference_where(wanted)
                    .map_err(|w| w.inside(&**name))?,
                None => ReferenceFilter::default(),
            };
            Ok(Filter::References(filter, self.quantifier(name, value)?))
        });
        all.collect::<Result<_, Wrong>>().map(Filter::And)
    }

    fn reference_where(&self, input: &Input) -> Result<ReferenceFilter, Wrong> {
        let mut filter = ReferenceFilter::default();
        let each = |input: &Input| -> Result<Vec<ReferenceFilter>, Wrong> {
            input
                .as_list()
                .ok_or_else(null)?
                .iter()
                .map(|item| self.reference_where(item))
                .collect()
        };
        for (name, value) in input.as_object().ok_or_else(null)? {
            self.bounds.parts(1)?;
            let done = match &**name {
                "AND" => each(value).map(|all| filter.and.extend(all)),
                "OR" => each(value).map(|any| filter.or = Some(any)),
                "NOT" => self
                    .reference_where(value)
                    .map(|not| filter.not = Some(Box::new(not))),
                "source" => self
                    .node_filter(Ontology::SOURCE, value)
                    .map(|nodes| filter.source = Some(nodes)),
                _ => self
                    .tests(Scalar::String, value)
                    .map(|tests| filter.locator = tests),
            };
            done.map_err(|w| w.inside(&**name))?;
        }
        Ok(filter)
    }
}

/// The declared field of a name, and whether the name is that of its connection.
pub(super) fn declared<'o>(of: &'o NodeType, name: &str) -> Option<(&'o Declared, bool)> {
    of.fields.iter().find_map(|field| {
        let plain = field.name(of);
        let connected = || names::connection_field(plain) == name;
        if plain == name {
            Some((field, false))
        } else {
            connected().then_some((field, true))
        }
    })
}
