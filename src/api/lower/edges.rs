//! What is asked of edges? Not for: the nodes at their ends (`nodes`).

use super::collect::Merged;
use super::nodes::{Drafts, Way};
use super::{Lowering, Sets};
use crate::api::error::GraphqlError;
use crate::ontology::RelationshipId;
use crate::plan::{EdgeShape, Keyed, What};
use std::sync::Arc;

impl<'a> Lowering<'a> {
    /// The shape of edges of a relationship type, or of any.
    pub(super) fn edge_shape(
        &self,
        of: Option<RelationshipId>,
        sets: Sets<'a>,
    ) -> Result<Arc<EdgeShape>, GraphqlError> {
        let all = (0..self.ontology.relationships.len() as u16).map(RelationshipId);
        let mut drafts = Drafts::default();
        let mut by_type = Vec::new();
        for member in all.filter(|id| of.is_none_or(|of| of == *id)) {
            let name = &self.ontology.relationship(member).type_name;
            let fields = self.fields(&sets, &|condition| {
                condition == "Relationship" || condition == name
            });
            let outputs = fields
                .iter()
                .map(|f| Ok(Keyed::new(f.key, self.edge_output(member, f, &mut drafts)?)));
            by_type.push((member, outputs.collect::<Result<Arc<[_]>, GraphqlError>>()?));
        }
        Ok(Arc::new(EdgeShape {
            by_type,
            steps: self.steps(drafts)?,
        }))
    }

    fn edge_output(
        &self,
        of: RelationshipId,
        field: &Merged<'a>,
        drafts: &mut Drafts<'a>,
    ) -> Result<What, GraphqlError> {
        let declared = self.ontology.relationship(of);
        Ok(match field.name() {
            "__typename" => What::Typename,
            "id" => What::Id,
            "type" => What::RelationshipType,
            "source" => What::Step(drafts.step(Way::Source(declared.source), field, None)),
            "target" => What::Step(drafts.step(Way::Target(declared.target), field, None)),
            "references" => self.references(field, None, drafts),
            name => {
                let at = |name: &str| declared.property(name);
                let texts = || {
                    let mut all = declared.properties.iter();
                    all.position(|p| crate::ontology::names::texts_field(&p.name) == name)
                };
                let found = at(name)
                    .map(|at| (at, false))
                    .or_else(|| texts().map(|at| (at, true)));
                let Some((at, texts)) = found else {
                    return Err(self.unknown(name));
                };
                self.property(at, &declared.properties[at], texts, field)?
            }
        })
    }
}
