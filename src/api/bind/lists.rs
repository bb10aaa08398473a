//! Which records does a list or connection show? Not for: its part of them (`page`).

use super::{Binder, Given, Wrong};
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{Collection, Filter, Hop, Start};

impl Binder<'_> {
    /// Nodes of a type or interface, from the root.
    pub(super) fn nodes(&self, of: TypeId, given: Given<'_>) -> Result<Collection, Wrong> {
        let filter = given
            .value("where")
            .map(|input| self.node_filter(of, input))
            .transpose();
        let filter = filter.map_err(|w| w.inside("where"))?;
        let filter = |of| filter.as_ref().and_then(|filter| filter.of(of).cloned());
        let starts = self.in_order(of).into_iter();
        let starts = starts.map(|of| Start {
            of,
            filter: filter(of),
            access: Default::default(),
        });
        let sort = self.node_sort(of, given.value("sort"))?;
        let mark = self.mark(given, &sort);
        let window = self.window(given, &sort, mark)?;
        Ok(Collection {
            mark,
            starts: starts.collect(),
            sort,
            window,
            ..Collection::default()
        })
    }

    /// Edges of a relationship type, from the root.
    pub(super) fn edges(&self, of: RelationshipId, given: Given<'_>) -> Result<Collection, Wrong> {
        let filter = given
            .value("where")
            .map(|input| self.edge_where(of, input))
            .transpose();
        let filter = filter.map_err(|w| w.inside("where"))?;
        let sort = self.edge_sort(of, given.value("sort"))?;
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

    /// Neighbours or members of a closure.
    pub(super) fn members(&self, to: TypeId, given: Given<'_>) -> Result<Collection, Wrong> {
        let filter = given
            .value("where")
            .map(|input| self.node_filter(to, input).map(Filter::Node))
            .transpose();
        let filter = filter.map_err(|w| w.inside("where"))?;
        let sort = self.node_sort(to, given.value("sort"))?;
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

    /// The links of a step.
    pub(super) fn links(
        &self,
        hop: &Hop,
        to: TypeId,
        given: Given<'_>,
    ) -> Result<Collection, Wrong> {
        let of = hop.relationship;
        let filter = given
            .value("where")
            .map(|input| self.link_where(of, to, input))
            .transpose();
        let filter = filter.map_err(|w| w.inside("where"))?;
        let sort = self.link_sort(of, to, given.value("sort"))?;
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
        self.bounds.texts(given.value("types"))?;
        let named: Option<Vec<TypeId>> = given.value("types").map(|types| {
            super::texts(Some(types))
                .iter()
                .filter_map(|name| self.ontology.type_named(name))
                .collect()
        });
        let wanted = |of: &TypeId| {
            named.as_ref().is_none_or(|named| {
                named
                    .iter()
                    .any(|type_id| self.ontology.belongs(*of, *type_id))
            })
        };
        let starts = self
            .in_order(self.ontology.node())
            .into_iter()
            .filter(wanted);
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

    /// The concrete types of a type in the order of their nodes' ids.
    fn in_order(&self, of: TypeId) -> Vec<TypeId> {
        let mut members = self.ontology.node_type(of).members.clone();
        members.sort_by_key(|of| format!("{}:", self.ontology.node_type(*of).name));
        members
    }
}
