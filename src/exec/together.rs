//! What do the links of a record say when they are taken together? Their number, their measures. Not
//! for: what each of them must match (`filter`), or how values are measured (`measure`).

use super::links::segment;
use super::test::passes_all;
use super::{Item, Run, Stop};
use crate::graph::Node;
use crate::ontology::Direction;
use crate::plan::{Aggregated, Hop, Leg, Links, Measure, Reach};
use crate::value::Cell;

impl<'a> Run<'a> {
    /// Whether the links of a record together fulfil a condition; unknown where a measure is missing.
    pub(super) fn together(
        &self,
        links: &Links,
        condition: &Aggregated,
        item: Item,
    ) -> Result<Option<bool>, Stop> {
        let Some(node) = item.node() else {
            return Ok(Some(false));
        };
        if let Some(tests) = counts(condition) {
            let count = Cell::Int(self.count_links(links, node)?);
            let passes = |tests: &&[_]| passes_all(count, tests) == Some(true);
            return Ok(Some(tests.iter().all(passes)));
        }
        self.fulfil(&self.meant(links, node)?, condition)
    }

    /// How many links of a record are meant.
    pub(super) fn count_of(&self, links: &Links, item: Item) -> Result<Cell<'a>, Stop> {
        match item.node() {
            Some(node) => Ok(Cell::Int(self.count_links(links, node)?)),
            None => Ok(Cell::Null),
        }
    }

    /// A measure of those links of a record that are meant.
    pub(super) fn measure_of(
        &self,
        links: &Links,
        measure: &Measure,
        item: Item,
    ) -> Result<Cell<'a>, Stop> {
        match item.node() {
            Some(node) => self.measure(&self.meant(links, node)?, measure),
            None => Ok(Cell::Null),
        }
    }

    fn count_links(&self, links: &Links, node: Node) -> Result<i64, Stop> {
        if links.filter.is_none()
            && let Some(degree) = self.degree_along(&links.reach, links.distinct, node)?
        {
            return Ok(degree);
        }
        Ok(self.meant(links, node)?.len() as i64)
    }

    /// The links of a node that are meant.
    fn meant(&self, links: &Links, node: Node) -> Result<Vec<Item>, Stop> {
        let found = self.found_links(&links.reach, node, links.distinct)?;
        let Some(filter) = links.filter.as_deref() else {
            return Ok(found);
        };
        let mut meant = Vec::with_capacity(found.len());
        for link in found {
            if self.accepts(Some(filter), link)? {
                meant.push(link);
            }
        }
        Ok(meant)
    }

    /// How many links a node has, where no edge must be followed to know it: not of closures, nor of
    /// neighbours that parallel edges may lead to.
    pub(super) fn degree_along(
        &self,
        reach: &Reach,
        distinct: bool,
        node: Node,
    ) -> Result<Option<i64>, Stop> {
        let Reach::Hop(hop) = reach else {
            return Ok(None);
        };
        let declared = self.snapshot.ontology().relationship(hop.relationship);
        if distinct && !declared.unique.is_empty() {
            return Ok(None);
        }
        let mut degree = 0;
        for leg in hop.legs.iter().filter(|leg| leg.from == node.of) {
            degree += self.degree_on(hop, *leg, node)?;
        }
        Ok(Some(degree as i64))
    }

    /// The number of links on a leg; a loop on both legs of a symmetric step counts on one.
    fn degree_on(&self, hop: &Hop, leg: Leg, node: Node) -> Result<usize, Stop> {
        self.budget.entries(1)?;
        let Some((_, segment)) = segment(self.snapshot, hop, leg) else {
            return Ok(0);
        };
        if leg.direction == Direction::Out {
            return Ok(segment.out_degree(node.row));
        }
        let neighbours = segment.into(node.row);
        if !leg.symmetric || leg.from != leg.to {
            return Ok(neighbours.rows().len());
        }
        self.budget.spend(neighbours.rows().len() as u64)?;
        let others = neighbours.rows().iter().filter(|row| **row != node.row);
        Ok(others.count())
    }
}

/// The tests of a condition that is about numbers only.
fn counts(condition: &Aggregated) -> Option<Vec<&[crate::plan::Test]>> {
    match condition {
        Aggregated::Count(tests) => Some(vec![tests]),
        Aggregated::And(all) => {
            let each = all.iter().map(counts).collect::<Option<Vec<_>>>()?;
            Some(each.concat())
        }
        _ => None,
    }
}
