//! What do the root fields of a mutation ask for? Not for: what their records consist of (`nodes`,
//! `edges`).

use super::Lowering;
use super::collect::Merged;
use super::slots::SlotKind;
use crate::api::error::GraphqlError;
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{Keyed, MutationOutput, MutationShape, Root, RootField};
use apollo_compiler::executable::SelectionSet;
use std::sync::Arc;

/// What a root field of a mutation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::api) enum Verb {
    /// `commit`
    Commit,
    /// `createCounties`
    CreateNodes(TypeId),
    /// `updateCounties`
    UpdateNodes(TypeId),
    /// `upsertCounties`
    UpsertNodes(TypeId),
    /// `deleteCounties`
    DeleteNodes(TypeId),
    /// `createReturnRoutes`
    CreateEdges(RelationshipId),
    /// `updateReturnRoutes`
    UpdateEdges(RelationshipId),
    /// `deleteReturnRoutes`
    DeleteEdges(RelationshipId),
}

impl<'a> Lowering<'a> {
    pub(super) fn mutation_roots(
        &self,
        set: &'a SelectionSet,
    ) -> Result<Vec<Keyed<Root>>, GraphqlError> {
        let fields = self.all_fields(&[set]);
        fields
            .iter()
            .map(|field| Ok(Keyed::new(field.key, self.mutation_root(field)?)))
            .collect()
    }

    fn mutation_root(&self, field: &Merged<'a>) -> Result<Root, GraphqlError> {
        let (kind, what) = match field.name() {
            "__typename" => (SlotKind::Plain, RootField::Typename("Mutation")),
            name => {
                let verb = self.verb(name).ok_or_else(|| self.unknown(name))?;
                let shape = self.mutation_shape(verb, field)?;
                (
                    SlotKind::Mutation(verb),
                    RootField::Mutation(Arc::new(shape)),
                )
            }
        };
        Ok(Root {
            name: field.name().into(),
            slot: self.slot(kind, field.fields[0])?,
            field: what,
        })
    }

    fn verb(&self, name: &str) -> Option<Verb> {
        if name == "commit" {
            return Some(Verb::Commit);
        }
        let of_nodes = self.ontology.concrete_ids().find_map(|id| {
            let names = self.ontology.node_type(id).names();
            let verbs = [
                (names.create(), Verb::CreateNodes(id)),
                (names.update(), Verb::UpdateNodes(id)),
                (names.upsert(), Verb::UpsertNodes(id)),
                (names.delete(), Verb::DeleteNodes(id)),
            ];
            verbs.into_iter().find(|(own, _)| own == name)
        });
        let mut edges = (0..self.ontology.relationships.len() as u16).map(RelationshipId);
        let of_edges = || {
            edges.find_map(|id| {
                let names = self.ontology.relationship(id).names();
                let verbs = [
                    (names.create(), Verb::CreateEdges(id)),
                    (names.update(), Verb::UpdateEdges(id)),
                    (names.delete(), Verb::DeleteEdges(id)),
                ];
                verbs.into_iter().find(|(own, _)| own == name)
            })
        };
        of_nodes.or_else(of_edges).map(|(_, verb)| verb)
    }

    fn mutation_shape(
        &self,
        verb: Verb,
        field: &Merged<'a>,
    ) -> Result<MutationShape, GraphqlError> {
        let sets = field.sets();
        let mut shape = MutationShape {
            name: sets.first().map_or("", |set| set.ty.as_str()).into(),
            ..MutationShape::default()
        };
        for each in self.all_fields(&sets) {
            let output = match each.name() {
                "__typename" => MutationOutput::Typename,
                "created" => MutationOutput::Created,
                "updated" => MutationOutput::Updated,
                "deleted" => MutationOutput::Deleted,
                "relationshipsCreated" => MutationOutput::RelationshipsCreated,
                "relationshipsDeleted" => MutationOutput::RelationshipsDeleted,
                "revision" => MutationOutput::Revision,
                _ => self.records(verb, &each, &mut shape)?,
            };
            shape.outputs.push(Keyed::new(each.key, output));
        }
        Ok(shape)
    }

    /// The records that were written.
    fn records(
        &self,
        verb: Verb,
        field: &Merged<'a>,
        shape: &mut MutationShape,
    ) -> Result<MutationOutput, GraphqlError> {
        Ok(match verb {
            Verb::CreateNodes(of)
            | Verb::UpdateNodes(of)
            | Verb::UpsertNodes(of)
            | Verb::DeleteNodes(of) => {
                shape.nodes.push(self.node_shape(of, field.sets())?);
                MutationOutput::Nodes(shape.nodes.len() - 1)
            }
            Verb::CreateEdges(of) | Verb::UpdateEdges(of) | Verb::DeleteEdges(of) => {
                shape.edges.push(self.edge_shape(Some(of), field.sets())?);
                MutationOutput::Edges(shape.edges.len() - 1)
            }
            Verb::Commit => return Err(self.unknown(field.name())),
        })
    }
}
