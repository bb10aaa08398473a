//! What is asked of nodes? One list of outputs for each concrete type, and the steps that they need.
//! Not for: edges (`edges`) and pages (`connection`).

use super::collect::Merged;
use super::slots::SlotKind;
use super::{Lowering, Sets};
use crate::api::error::GraphqlError;
use crate::ontology::{
    Closure, Direction, Field, Ontology, Property, Relation, RelationshipId, TypeId, names,
};
use crate::plan::{Hop, Keyed, NodeShape, ReferenceOutput, Step, StepKind, What};
use crate::value::Scalar;
use std::sync::Arc;

/// What a field with a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    One(RelationshipId, Direction, TypeId, bool),
    List(RelationshipId, Direction, TypeId),
    Connection(RelationshipId, Direction, TypeId),
    Closure(RelationshipId, Direction, TypeId),
    ClosureConnection(RelationshipId, Direction, TypeId),
    Sources,
    CitedBy,
    Source(TypeId),
    Target(TypeId),
}

/// A step that several types share, as long as its types are not all known.
pub(super) struct Draft<'a> {
    way: Way,
    places: Vec<usize>,
    field: Merged<'a>,
    from: Vec<TypeId>,
}

/// The steps of a shape as they are found.
#[derive(Default)]
pub(super) struct Drafts<'a>(Vec<Draft<'a>>);

impl<'a> Drafts<'a> {
    /// The position of a step, which types that select it in the same words share.
    pub(super) fn step(&mut self, way: Way, field: &Merged<'a>, from: Option<TypeId>) -> usize {
        let places = field.places();
        let known = self
            .0
            .iter()
            .position(|draft| draft.way == way && draft.places == places);
        let at = known.unwrap_or_else(|| {
            let field = Merged {
                key: field.key,
                fields: field.fields.clone(),
            };
            self.0.push(Draft {
                way,
                places,
                field,
                from: Vec::new(),
            });
            self.0.len() - 1
        });
        self.0[at].from.extend(from);
        at
    }
}

impl<'a> Lowering<'a> {
    /// The shape of nodes of a type or interface.
    pub(super) fn node_shape(
        &self,
        of: TypeId,
        sets: Sets<'a>,
    ) -> Result<Arc<NodeShape>, GraphqlError> {
        let places = sets
            .iter()
            .map(|set| std::ptr::from_ref(*set) as usize)
            .collect();
        let key = (of, places);
        if let Some(known) = self.shapes.borrow().get(&key) {
            return Ok(known.clone());
        }
        let mut drafts = Drafts::default();
        let mut by_type = Vec::new();
        for member in &self.ontology.node_type(of).members {
            let meets = |name: &str| {
                self.ontology
                    .type_named(name)
                    .is_some_and(|t| self.ontology.belongs(*member, t))
            };
            let fields = self.fields(&sets, &meets);
            let outputs = fields.iter().map(|field| {
                Ok(Keyed::new(
                    field.key,
                    self.output(*member, field, &mut drafts)?,
                ))
            });
            by_type.push((
                *member,
                outputs.collect::<Result<Arc<[_]>, GraphqlError>>()?,
            ));
        }
        let shape = Arc::new(NodeShape {
            by_type,
            steps: self.steps(drafts)?,
        });
        self.shapes.borrow_mut().insert(key, shape.clone());
        Ok(shape)
    }

    fn output(
        &self,
        of: TypeId,
        field: &Merged<'a>,
        drafts: &mut Drafts<'a>,
    ) -> Result<What, GraphqlError> {
        Ok(match field.name() {
            "__typename" => What::Typename,
            "id" => What::Id,
            "key" => What::Key,
            "label" => What::Label(self.slot(SlotKind::Languages, field.fields[0])?),
            "revision" => What::Revision,
            "references" => self.references(field, Some(of), drafts),
            "degree" => What::Degree(self.names(field)),
            "citedBy" if of == Ontology::SOURCE => {
                What::Step(drafts.step(Way::CitedBy, field, Some(of)))
            }
            name => match self.declared(of, name) {
                Some((field_of, form)) => {
                    self.declared_output(of, field_of, form, field, drafts)?
                }
                None => return Err(self.unknown(name)),
            },
        })
    }

    /// The declared field that a name stands for, itself or in another form.
    fn declared(&self, of: TypeId, name: &str) -> Option<(&'a Field, Form)> {
        let of = self.ontology.node_type(of);
        of.fields.iter().find_map(|field| {
            let plain = field.name(of);
            let other = match field {
                Field::Property(_) => (names::texts_field(plain), Form::Texts),
                _ => (names::connection_field(plain), Form::Connection),
            };
            match name {
                name if name == plain => Some((field, Form::Plain)),
                name if name == other.0 => Some((field, other.1)),
                _ => None,
            }
        })
    }

    fn declared_output(
        &self,
        of: TypeId,
        declared: &Field,
        form: Form,
        field: &Merged<'a>,
        drafts: &mut Drafts<'a>,
    ) -> Result<What, GraphqlError> {
        Ok(match declared {
            Field::Property(at) => {
                let property = &self.ontology.node_type(of).properties[*at];
                return self.property(*at, property, form == Form::Texts, field);
            }
            Field::Relation(relation) => {
                What::Step(drafts.step(relation_way(relation, form), field, Some(of)))
            }
            Field::Closure(closure) => {
                What::Step(drafts.step(closure_way(closure, form), field, Some(of)))
            }
        })
    }

    /// The output of a stored property; `texts`: all its languages.
    pub(super) fn property(
        &self,
        at: usize,
        property: &Property,
        texts: bool,
        field: &Merged<'a>,
    ) -> Result<What, GraphqlError> {
        let required = property.required;
        if texts {
            let which = |name: &str| match name {
                "lang" => Some(true),
                "value" => Some(false),
                _ => None,
            };
            let fields = self.all_fields(&field.sets());
            let fields = fields
                .iter()
                .map(|each| Keyed::new(each.key, which(each.name())));
            return Ok(What::Texts {
                at,
                fields: fields.collect(),
            });
        }
        if property.localized {
            let slot = self.slot(SlotKind::Languages, field.fields[0])?;
            return Ok(What::Text { at, required, slot });
        }
        let of_enum = match property.scalar {
            Scalar::Enum(at) => Some(at),
            _ => None,
        };
        Ok(What::Property {
            at,
            required,
            list: property.list,
            big: property.scalar == Scalar::BigInt,
            of_enum,
        })
    }

    /// The output `references` of any record.
    pub(super) fn references(
        &self,
        field: &Merged<'a>,
        of: Option<TypeId>,
        drafts: &mut Drafts<'a>,
    ) -> What {
        let outputs = self.all_fields(&field.sets()).into_iter().map(|each| {
            let output = match each.name() {
                "source" => ReferenceOutput::Source(drafts.step(Way::Sources, &each, of)),
                "locator" => ReferenceOutput::Locator,
                "fields" => ReferenceOutput::Fields,
                "note" => ReferenceOutput::Note,
                _ => ReferenceOutput::Typename,
            };
            Keyed::new(each.key, output)
        });
        What::References(outputs.collect())
    }

    fn names(&self, field: &Merged<'a>) -> Vec<Keyed<Box<str>>> {
        let fields = self.all_fields(&field.sets());
        fields
            .iter()
            .map(|each| Keyed::new(each.key, each.name().into()))
            .collect()
    }

    pub(super) fn steps(&self, drafts: Drafts<'a>) -> Result<Vec<Step>, GraphqlError> {
        drafts
            .0
            .into_iter()
            .map(|draft| self.finish(draft))
            .collect()
    }

    fn finish(&self, draft: Draft<'a>) -> Result<Step, GraphqlError> {
        let field = draft.field.fields[0];
        let (slot, kind) = self.step_kind(&draft)?;
        let slot = slot.map(|kind| self.slot(kind, field)).transpose()?;
        Ok(Step {
            name: field.name.as_str().into(),
            slot,
            kind,
        })
    }

    /// What a step does, and what arguments it takes, if any.
    fn step_kind(&self, draft: &Draft<'a>) -> Result<(Option<SlotKind>, StepKind), GraphqlError> {
        let sets = draft.field.sets();
        let (ontology, from) = (self.ontology, |of| draft.from.contains(&of));
        let hop = |r, direction, to| Hop::new(ontology, r, direction, from, to);
        let every = |r, direction| Hop::new(ontology, r, direction, |_| true, ontology.node());
        let shape = |of| self.node_shape(of, sets.clone());
        Ok(match draft.way {
            Way::One(r, d, to, required) => {
                let (hop, shape) = (hop(r, d, to), shape(to)?);
                (
                    None,
                    StepKind::One {
                        hop,
                        required,
                        shape,
                    },
                )
            }
            Way::List(r, d, to) => {
                let kind = StepKind::List(hop(r, d, to), shape(to)?);
                (Some(SlotKind::Members(to)), kind)
            }
            Way::Connection(r, d, to) => {
                let hop = hop(r, d, to);
                let kind = StepKind::Connection(hop.clone(), self.links_connection(r, to, sets)?);
                (Some(SlotKind::Links(hop, to)), kind)
            }
            Way::Closure(r, d, to) => {
                let kind = StepKind::Closure(every(r, d), to, shape(to)?);
                (Some(SlotKind::Members(to)), kind)
            }
            Way::ClosureConnection(r, d, to) => {
                let connection = self.nodes_connection(to, sets)?;
                let kind = StepKind::ClosureConnection(every(r, d), to, connection);
                (Some(SlotKind::Members(to)), kind)
            }
            Way::Sources => (None, StepKind::ReferenceSources(shape(Ontology::SOURCE)?)),
            Way::CitedBy => {
                let connection = self.nodes_connection(ontology.node(), sets)?;
                (Some(SlotKind::CitedBy), StepKind::CitedBy(connection))
            }
            Way::Source(of) => (None, StepKind::Source(shape(of)?)),
            Way::Target(of) => (None, StepKind::Target(shape(of)?)),
        })
    }
}

/// In which form a declared field is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Texts,
    Connection,
}

fn relation_way(relation: &Relation, form: Form) -> Way {
    let Relation {
        relationship,
        direction,
        target,
        many,
        required,
        ..
    } = relation;
    match (form, many) {
        (Form::Connection, _) => Way::Connection(*relationship, *direction, *target),
        (_, true) => Way::List(*relationship, *direction, *target),
        (_, false) => Way::One(*relationship, *direction, *target, *required),
    }
}

fn closure_way(closure: &Closure, form: Form) -> Way {
    let Closure {
        relationship,
        direction,
        target,
        ..
    } = closure;
    match form {
        Form::Connection => Way::ClosureConnection(*relationship, *direction, *target),
        _ => Way::Closure(*relationship, *direction, *target),
    }
}
