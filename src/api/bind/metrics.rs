//! Which part of the graph is measured, and how? The arguments of `graphMetrics` and of what is below
//! it. Not for: `follow`, which other fields take too (`graph`).

use super::page::count;
use super::{Binder, Given, Wrong, text, texts};
use crate::api::input::Input;
use crate::plan::{Call, Division, MetricsCall, NodeRef, RankingBy};

impl Binder<'_> {
    pub(super) fn metrics(&self, given: Given<'_>) -> Result<MetricsCall, Wrong> {
        self.bounds.texts(given.value("nodes"))?;
        let types = self.concrete(given.value("types"))?;
        Ok(MetricsCall {
            key: format!("{:?}", given.0).into(),
            types: types.unwrap_or_else(|| self.ontology.concrete_ids().collect()),
            nodes: self.measured_nodes(given)?,
            follow: self.follow(given)?,
        })
    }

    /// The nodes that are named by `nodes` or by `of`; none if neither is given.
    fn measured_nodes(&self, given: Given<'_>) -> Result<Option<Vec<NodeRef>>, Wrong> {
        let ids = given.value("nodes").map(|ids| texts(Some(ids)));
        let of = given
            .value("of")
            .map(|_| self.node_refs(given))
            .transpose()?;
        let ids = ids.map(|ids| ids.into_iter().map(NodeRef::Id));
        Ok(match (ids, of) {
            (Some(ids), of) => Some(ids.chain(of.unwrap_or_default()).collect()),
            (None, of) => of,
        })
    }

    pub(super) fn ranking(&self, given: Given<'_>) -> Result<Call, Wrong> {
        let by = match text(given.value("by")).as_str() {
            "PAGERANK" => RankingBy::PageRank,
            "BETWEENNESS" => RankingBy::Betweenness,
            "CLOSENESS" => RankingBy::Closeness,
            _ => RankingBy::Degree,
        };
        Ok(Call::Ranking(by, first(given)?))
    }

    pub(super) fn components(&self, given: Given<'_>) -> Call {
        let kind = match text(given.value("kind")).as_str() {
            "STRONG" => Division::Strong,
            _ => Division::Weak,
        };
        Call::Division(kind)
    }

    pub(super) fn communities(&self, given: Given<'_>) -> Call {
        let seed = given.value("seed").and_then(Input::as_int);
        Call::Division(Division::Communities(seed.unwrap_or(0)))
    }
}

/// How many of a list: ten if nothing is said.
pub(super) fn first(given: Given<'_>) -> Result<usize, Wrong> {
    Ok(count(given, "first")?.unwrap_or(10))
}
