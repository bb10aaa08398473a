//! Which records does a list or connection show? Not for: its part of them (`page`).

use super::{Binder, Given, Wrong};
use crate::api::input::Input;
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{Collection, Filter, Hop, SortKey, Start};

impl Binder<'_> {
    /// Nodes of a type or interface, from the root.
    pub(super) fn nodes(&self, of: TypeId, given: Given<'_>) -> Result<Collection, Wrong> {
        let starts = self.starts(of, given.value("where"));
        let starts = starts.map_err(|w| w.inside("where"))?;
        let sort = self.node_sort(of, given.value("sort"))?;
        let mark = self.mark(given, &sort);
        let window = self.window(given, &sort, mark)?;
        Ok(Collection {
            mark,
            starts,
            sort,
            window,
            ..Collection::default()
        })
    }

    /// Where to find the nodes of a type that match, if there is a condition, in the order of ids.
    pub(super) fn starts(&self, of: TypeId, filter: Option<&Input>) -> Result<Vec<Start>, Wrong> {
        let filter = filter
            .map(|input| self.node_filter(of, input))
            .transpose()?;
        let filter = |of| filter.as_ref().and_then(|filter| filter.of(of).cloned());
        let starts = self.in_order(of).into_iter();
        let starts = starts.map(|of| Start {
            of,
            filter: filter(of),
            access: Default::default(),
        });
        Ok(starts.collect())
    }

    /// Edges of a relationship type, from the root.
    pub(super) fn edges(&self, of: RelationshipId, given: Given<'_>) -> Result<Collection, Wrong> {
        let condition = |input: &Input| self.edge_where(of, input);
        self.filtered(given, condition, |sort| self.edge_sort(of, sort))
    }

    /// Neighbours or members of a closure.
    pub(super) fn members(&self, to: TypeId, given: Given<'_>) -> Result<Collection, Wrong> {
        let condition = |input: &Input| self.node_filter(to, input).map(Filter::Node);
        self.filtered(given, condition, |sort| self.node_sort(to, sort))
    }

    /// The links of a step.
    pub(super) fn links(
        &self,
        hop: &Hop,
        to: TypeId,
        given: Given<'_>,
    ) -> Result<Collection, Wrong> {
        let of = hop.relationship;
        let condition = |input: &Input| self.link_where(of, to, input);
        self.filtered(given, condition, |sort| self.link_sort(of, to, sort))
    }

    /// What `where`, `sort` and the window leave of a field's records.
    fn filtered(
        &self,
        given: Given<'_>,
        condition: impl FnOnce(&Input) -> Result<Filter, Wrong>,
        order: impl FnOnce(Option<&Input>) -> Result<Vec<SortKey>, Wrong>,
    ) -> Result<Collection, Wrong> {
        let filter = given.value("where").map(condition).transpose();
        let filter = filter.map_err(|w| w.inside("where"))?;
        let sort = order(given.value("sort"))?;
        let mark = self.mark(given, &sort);
        let window = self.window(given, &sort, mark)?;
        Ok(Collection {
            mark,
            filter,
            sort,
            window,
            ..Collection::default()
        })
    }

    /// What cites a source.
    pub(super) fn cited_by(&self, given: Given<'_>) -> Result<Collection, Wrong> {
        let starts = self.named_types(given)?.into_iter();
        let starts = starts
            .map(|of| Start {
                of,
                filter: None,
                access: Default::default(),
            })
            .collect();
        Ok(Collection {
            starts,
            window: self.window(given, &[], 0)?,
            ..Collection::default()
        })
    }

    /// The concrete types that `types` names, or all, in the order of their nodes' ids.
    pub(super) fn named_types(&self, given: Given<'_>) -> Result<Vec<TypeId>, Wrong> {
        let mut all = self.in_order(self.ontology.node());
        if let Some(named) = self.concrete(given.value("types"))? {
            all.retain(|of| named.contains(of));
        }
        Ok(all)
    }

    /// The concrete types of a type in the order of their nodes' ids.
    fn in_order(&self, of: TypeId) -> Vec<TypeId> {
        let mut members = self.ontology.node_type(of).members.clone();
        members.sort_by_key(|of| format!("{}:", self.ontology.node_type(*of).name));
        members
    }
}
