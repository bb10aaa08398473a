//! What is asked of commits and of the past? Not for: its arguments (`bind`).

use super::collect::Merged;
use super::slots::SlotKind;
use super::{Apart, Lowered, Lowering, Sets};
use crate::api::error::{ErrorCode, GraphqlError};
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{
    Action, ChangesOutput, ChangesShape, EventOutput, Keyed, Root, RootField, Selection,
};
use apollo_compiler::executable::SelectionSet;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// Which records a subscription is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Watched {
    /// `changes`: those that its arguments name.
    Any,
    /// `countyChanged`
    Nodes(TypeId),
    /// `returnRouteChanged`
    Edges(RelationshipId),
}

impl<'a> Lowering<'a> {
    /// The root field of a subscription; validation has seen to it that there is one.
    pub(super) fn subscription_roots(
        &self,
        set: &'a SelectionSet,
    ) -> Result<Vec<Keyed<Root>>, GraphqlError> {
        let fields = self.all_fields(&[set]);
        let [field] = fields.as_slice() else {
            let message = "a subscription asks for exactly one field";
            return Err(GraphqlError::new(ErrorCode::BadUserInput, message));
        };
        let of = self.watched(field.name());
        let of = of.ok_or_else(|| self.unknown(field.name()))?;
        let shape = self.changes(field.sets(), of)?;
        let root = Root {
            name: field.name().into(),
            slot: self.slot(SlotKind::Watch(of), field.fields[0])?,
            field: RootField::Changes(Arc::new(shape)),
        };
        Ok(vec![Keyed::new(field.key, root)])
    }

    fn watched(&self, name: &str) -> Option<Watched> {
        if name == "changes" {
            return Some(Watched::Any);
        }
        let types = (0..self.ontology.types.len() as u16).map(TypeId);
        let mut types = types.filter(|id| *id != self.ontology.node());
        let named = |id: &TypeId| self.ontology.node_type(*id).names().changed() == name;
        let mut edges = (0..self.ontology.relationships.len() as u16).map(RelationshipId);
        let edge = |id: &RelationshipId| self.ontology.relationship(*id).names().changed() == name;
        let nodes = types.find(named).map(Watched::Nodes);
        nodes.or_else(|| edges.find(edge).map(Watched::Edges))
    }

    /// A field that is answered apart, over a graph of its own: `at`, `history` or `diff`.
    pub(super) fn apart(&self, field: &Merged<'a>) -> Result<RootField, GraphqlError> {
        let own = Lowering {
            slots: RefCell::default(),
            shapes: RefCell::default(),
            arguments: RefCell::default(),
            aparts: RefCell::default(),
            ..*self
        };
        let roots = match field.name() {
            "at" => {
                let roots = own.roots_of(&field.sets())?;
                let is_schema =
                    |root: &Keyed<Root>| matches!(root.what.field, RootField::Introspection);
                if roots.iter().any(is_schema) {
                    let message = "the schema has no past";
                    let error = GraphqlError::new(ErrorCode::BadUserInput, message);
                    return Err(error.hint("ask for `__schema` at the root of the operation"));
                }
                roots
            }
            _ => {
                let shape = own.changes(field.sets(), Watched::Any)?;
                vec![Keyed::new(
                    field.key,
                    Root {
                        name: field.name().into(),
                        slot: own.slot(SlotKind::Plain, field.fields[0])?,
                        field: RootField::Changes(Arc::new(shape)),
                    },
                )]
            }
        };
        let mut aparts = self.aparts.borrow_mut();
        aparts.push(Apart {
            key: field.key.into(),
            lowered: Arc::new(own.finish_with(roots)),
        });
        Ok(RootField::Apart(aparts.len() - 1))
    }

    /// What was lowered, with these roots.
    pub(super) fn finish_with(self, roots: Vec<Keyed<Root>>) -> Lowered {
        Lowered {
            selection: Selection { roots },
            slots: self.slots.into_inner(),
            aparts: self.aparts.into_inner(),
            size: AtomicUsize::new(0),
        }
    }

    /// What is selected of commits.
    fn changes(&self, sets: Sets<'a>, of: Watched) -> Result<ChangesShape, GraphqlError> {
        let mut shape = ChangesShape {
            name: type_name(&sets),
            ..ChangesShape::default()
        };
        for each in self.all_fields(&sets) {
            let events = |shape: &mut _| self.events(&each, of, shape);
            let output = match each.name() {
                "__typename" => ChangesOutput::Typename,
                "revision" | "to" => ChangesOutput::Revision,
                "from" => ChangesOutput::From,
                "at" => ChangesOutput::At,
                "actor" => ChangesOutput::Actor,
                "message" => ChangesOutput::Message,
                "events" => ChangesOutput::Events(None, events(&mut shape)?),
                "added" => ChangesOutput::Events(Some(Action::Created), events(&mut shape)?),
                "removed" => ChangesOutput::Events(Some(Action::Deleted), events(&mut shape)?),
                "changed" => ChangesOutput::Events(Some(Action::Updated), events(&mut shape)?),
                _ => ChangesOutput::Only(self.event(&each, of, &mut shape)?),
            };
            shape.outputs.push(Keyed::new(each.key, output));
        }
        Ok(shape)
    }

    fn events(
        &self,
        field: &Merged<'a>,
        of: Watched,
        shape: &mut ChangesShape,
    ) -> Result<Vec<Keyed<EventOutput>>, GraphqlError> {
        let sets = field.sets();
        shape.event_name = type_name(&sets);
        let fields = self.all_fields(&sets);
        let outputs = fields.iter().map(|each| {
            let output = self.event(each, of, shape)?;
            Ok(Keyed::new(each.key, output))
        });
        outputs.collect()
    }

    fn event(
        &self,
        field: &Merged<'a>,
        of: Watched,
        shape: &mut ChangesShape,
    ) -> Result<EventOutput, GraphqlError> {
        Ok(match field.name() {
            "__typename" => EventOutput::Typename,
            "action" => EventOutput::Action,
            "id" => EventOutput::Id,
            "node" => {
                let of = match of {
                    Watched::Nodes(of) => of,
                    _ => self.ontology.node(),
                };
                shape.nodes.push(self.node_shape(of, field.sets())?);
                EventOutput::Node(shape.nodes.len() - 1)
            }
            "relationship" => {
                let of = match of {
                    Watched::Edges(of) => Some(of),
                    _ => None,
                };
                shape.edges.push(self.edge_shape(of, field.sets())?);
                EventOutput::Relationship(shape.edges.len() - 1)
            }
            "before" => EventOutput::Before,
            "after" => EventOutput::After,
            name => return Err(self.unknown(name)),
        })
    }
}

fn type_name(sets: &Sets<'_>) -> Box<str> {
    sets.first().map_or("", |set| set.ty.as_str()).into()
}
