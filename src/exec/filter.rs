//! Does a record match a filter? Not for: finding records that may (`candidates`).

use super::links::segment;
use super::test::{compares, passes, passes_all, passes_in};
use super::{Item, Run, Stop};
use crate::graph::{Edge, Node, Reference};
use crate::ontology::Direction;
use crate::plan::{
    Collection, Field, Filter, Hop, NodeFilter, Operand, Quantifier, Reach, ReferenceFilter, Start,
    Test,
};
use crate::value::{Cell, ListCells};
use std::ops::ControlFlow;

/// True, false or unknown.
type Truth = Option<bool>;

/// All of them: false if one is, else unknown if one is.
pub(super) fn all(truths: impl Iterator<Item = Result<Truth, Stop>>) -> Result<Truth, Stop> {
    let mut result = Some(true);
    for truth in truths {
        match truth? {
            Some(false) => return Ok(Some(false)),
            None => result = None,
            Some(true) => {}
        }
    }
    Ok(result)
}

fn any(truths: impl Iterator<Item = Result<Truth, Stop>>) -> Result<Truth, Stop> {
    Ok(all(truths.map(|truth| truth.map(not)))?.map(|none| !none))
}

fn not(truth: Truth) -> Truth {
    truth.map(|truth| !truth)
}

impl<'a> Run<'a> {
    /// Whether a filter, if any, is true of a record.
    #[inline]
    pub(super) fn accepts(&self, filter: Option<&Filter>, item: Item) -> Result<bool, Stop> {
        match (filter, item) {
            (None, _) => Ok(true),
            (Some(Filter::Node(nodes)), Item::Node(node) | Item::Link(_, node)) => {
                self.is_one_of(nodes, node)
            }
            (Some(filter), _) => self.is_true(filter, item),
        }
    }

    /// Whether a record is one that a list would have, were it asked for all; the list's own start is
    /// not used, and must not have been chosen.
    ///
    /// # Errors
    /// If the budget is used up.
    pub fn belongs(&self, list: &Collection, item: Item) -> Result<bool, Stop> {
        match item {
            Item::Node(node) => {
                let start = list.starts.iter().find(|start| start.of == node.of);
                start.map_or(Ok(false), |s| self.accepts(s.filter.as_deref(), item))
            }
            _ => self.accepts(list.filter.as_ref(), item),
        }
    }

    /// As [`Run::matches`], where unknown is as good as false.
    fn is_true(&self, filter: &Filter, item: Item) -> Result<bool, Stop> {
        match filter {
            Filter::And(filters) => {
                for filter in filters {
                    if !self.is_true(filter, item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Node(nodes) => match item.node() {
                Some(node) => self.is_one_of(nodes, node),
                None => Ok(false),
            },
            Filter::One(hop, nodes) => match self.other_end(hop, item)? {
                Some(node) => self.is_one_of(nodes, node),
                None => Ok(false),
            },
            _ => Ok(self.matches(filter, item)? == Some(true)),
        }
    }

    /// Whether a filter is true of a node: looked up where those that match are few.
    #[inline]
    fn is_one_of(&self, nodes: &NodeFilter, node: Node) -> Result<bool, Stop> {
        match self.few(nodes)? {
            Some(found) => Ok(found.binary_search(&node).is_ok()),
            None => Ok(self.node_matches(nodes, node)? == Some(true)),
        }
    }

    /// All nodes that a filter matches, in order, where they are few; found once.
    #[inline]
    fn few<'f>(&self, nodes: &'f NodeFilter) -> Result<Option<&'f [Node]>, Stop> {
        match (&nodes.few, nodes.found.get()) {
            (None, _) => Ok(None),
            (_, Some(found)) => Ok(Some(found)),
            (Some(starts), None) => self.find_few(nodes, starts).map(Some),
        }
    }

    #[cold]
    fn find_few<'f>(&self, nodes: &'f NodeFilter, starts: &[Start]) -> Result<&'f [Node], Stop> {
        let mut found = Vec::new();
        let _ = self.each_node(starts, &mut |item| {
            found.extend(item.node());
            Ok(ControlFlow::Continue(()))
        })?;
        found.sort_unstable();
        Ok(nodes.found.get_or_init(|| found.into()))
    }

    fn matches(&self, filter: &Filter, item: Item) -> Result<Truth, Stop> {
        match filter {
            Filter::Known(truth) => Ok(Some(*truth)),
            Filter::And(filters) => all(filters.iter().map(|f| self.matches(f, item))),
            Filter::Or(filters) => any(filters.iter().map(|f| self.matches(f, item))),
            Filter::Not(filter) => Ok(not(self.matches(filter, item)?)),
            Filter::Test(field, test) => {
                self.budget.spend(1)?;
                Ok(self.tests(field, test, item))
            }
            Filter::One(hop, nodes) => self.one_matches(hop, nodes, item),
            Filter::Absent(hop, wanted) => {
                Ok(Some(self.other_end(hop, item)?.is_none() == *wanted))
            }
            Filter::Many {
                reach,
                link,
                quantifier,
                distinct,
            } => self.many_match(reach, link, quantifier, *distinct, item),
            Filter::Together(links, condition) => self.together(links, condition, item),
            Filter::References(reference, quantifier) => {
                self.references_match(reference, quantifier, item)
            }
            Filter::Compare(left, how, right) => self.compare(left, *how, right, item),
            Filter::Ends {
                source,
                target,
                symmetric,
            } => self.ends_match(source.as_deref(), target.as_deref(), *symmetric, item),
            Filter::Node(nodes) => item
                .node()
                .map_or(Ok(Some(false)), |node| self.node_matches(nodes, node)),
            Filter::Edge(filter) => item.edge().map_or(Ok(Some(false)), |edge| {
                self.matches(filter, Item::Edge(edge))
            }),
        }
    }

    fn node_matches(&self, nodes: &NodeFilter, node: Node) -> Result<Truth, Stop> {
        match nodes.of(node.of) {
            Some(filter) => self.matches(filter, Item::Node(node)),
            None => Ok(Some(false)),
        }
    }

    fn tests(&self, field: &Field, test: &Test, item: Item) -> Truth {
        match field {
            Field::Id => self.with_id(item, |id| passes(Cell::Str(id), test)),
            Field::Key => passes(
                item.node()
                    .map_or(Cell::Null, |n| Cell::Str(self.snapshot.key(n))),
                test,
            ),
            Field::Label(languages) => match item.node() {
                Some(node) => in_languages(self.label(node), languages.as_deref(), test),
                None => None,
            },
            Field::Property { languages, .. } => {
                in_languages(self.cell(field, item), languages.as_deref(), test)
            }
        }
    }

    /// The value of a field, of those that have one without making it.
    fn cell(&self, field: &Field, item: Item) -> Cell<'a> {
        let Field::Property { at, or_empty, .. } = field else {
            return Cell::Null;
        };
        let cell = match item {
            Item::Node(node) | Item::Link(_, node) => self.snapshot.cell(node, *at),
            Item::Edge(edge) => self.snapshot.edge_cell(edge, *at),
        };
        if *or_empty && cell.is_null() {
            Cell::List(ListCells::Values(&[]))
        } else {
            cell
        }
    }

    /// The label property's value, or the key.
    pub fn label(&self, node: Node) -> Cell<'a> {
        self.snapshot.label(node)
    }

    fn with_id<T>(&self, item: Item, then: impl FnOnce(&str) -> T) -> T {
        match item {
            Item::Node(node) => then(&self.snapshot.id(node)),
            Item::Edge(edge) | Item::Link(edge, _) => {
                then(&self.snapshot.edge_id(edge).to_string())
            }
        }
    }

    fn one_matches(&self, hop: &Hop, nodes: &NodeFilter, item: Item) -> Result<Truth, Stop> {
        match self.other_end(hop, item)? {
            Some(other) => self.node_matches(nodes, other),
            None => Ok(Some(false)),
        }
    }

    fn many_match(
        &self,
        reach: &Reach,
        link: &Filter,
        quantifier: &Quantifier,
        distinct: bool,
        item: Item,
    ) -> Result<Truth, Stop> {
        let Some(node) = item.node() else {
            return Ok(Some(false));
        };
        if let (Reach::Hop(hop), Filter::Node(nodes), Quantifier::Some) = (reach, link, quantifier)
            && let Some(few) = self.few(nodes)?
        {
            return self.leads_to(hop, node, few).map(Some);
        }
        if let (Filter::Known(true), Quantifier::Count(tests)) = (link, quantifier)
            && let Some(count) = self.degree_along(reach, distinct, node)?
        {
            return Ok(Some(passes_all(Cell::Int(count), tests) == Some(true)));
        }
        let mut tally = Tally::default();
        let mut last = None;
        let _ = self.each_link(reach, node, &mut |each| {
            if distinct && last == each.node() {
                return Ok(ControlFlow::Continue(()));
            }
            last = each.node();
            let matched = self.is_true(link, each)?;
            Ok(tally.add(matched, quantifier))
        })?;
        Ok(Some(tally.verdict(quantifier)))
    }

    /// Whether a node has one of some nodes, which are in order, as its neighbour.
    fn leads_to(&self, hop: &Hop, node: Node, few: &[Node]) -> Result<bool, Stop> {
        for leg in hop.legs.iter().filter(|leg| leg.from == node.of) {
            let Some((_, segment)) = segment(self.snapshot, hop, *leg) else {
                continue;
            };
            let neighbours = match leg.direction {
                Direction::Out => segment.out(node.row),
                Direction::In => segment.into(node.row),
            };
            let rows = neighbours.rows();
            let is_one = |row: &u32| {
                let (of, row) = (leg.to, *row);
                few.binary_search(&Node { of, row }).is_ok()
            };
            let found = match few {
                [only] if only.of == leg.to => rows.iter().position(|row| *row == only.row),
                _ => rows.iter().position(is_one),
            };
            self.budget.edges(found.map_or(rows.len(), |at| at + 1))?;
            if found.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn references_match(
        &self,
        filter: &ReferenceFilter,
        quantifier: &Quantifier,
        item: Item,
    ) -> Result<Truth, Stop> {
        let mut tally = Tally::default();
        for reference in self.references(item) {
            self.budget.spend(1)?;
            let matched = self.reference_matches(filter, reference)? == Some(true);
            if tally.add(matched, quantifier).is_break() {
                break;
            }
        }
        Ok(Some(tally.verdict(quantifier)))
    }

    /// The references of a record; of a link those of its edge.
    pub fn references(&self, item: Item) -> &'a [Reference] {
        match item {
            Item::Node(node) => self.snapshot.references(node),
            Item::Edge(edge) | Item::Link(edge, _) => self.snapshot.edge_references(edge),
        }
    }

    fn reference_matches(
        &self,
        filter: &ReferenceFilter,
        reference: &Reference,
    ) -> Result<Truth, Stop> {
        let own = [
            filter.source.as_ref().map_or(Ok(Some(true)), |nodes| {
                self.node_matches(nodes, reference.source)
            }),
            Ok(passes_all(
                reference.locator.as_deref().map_or(Cell::Null, Cell::Str),
                &filter.locator,
            )),
            filter.not.as_ref().map_or(Ok(Some(true)), |not_this| {
                self.reference_matches(not_this, reference).map(not)
            }),
            filter.or.as_ref().map_or(Ok(Some(true)), |or| {
                any(or.iter().map(|f| self.reference_matches(f, reference)))
            }),
        ];
        all(own.into_iter().chain(
            filter
                .and
                .iter()
                .map(|f| self.reference_matches(f, reference)),
        ))
    }

    fn ends_match(
        &self,
        source: Option<&NodeFilter>,
        target: Option<&NodeFilter>,
        symmetric: bool,
        item: Item,
    ) -> Result<Truth, Stop> {
        let Some(edge) = item.edge() else {
            return Ok(Some(false));
        };
        let (a, b) = self.snapshot.ends(edge);
        let end = |nodes: Option<&NodeFilter>, node| {
            nodes.map_or(Ok(Some(true)), |f| self.node_matches(f, node))
        };
        let one_way = all([end(source, a), end(target, b)].into_iter())?;
        if symmetric && one_way != Some(true) {
            let other_way = all([end(source, b), end(target, a)].into_iter());
            return any([Ok(one_way), other_way].into_iter());
        }
        Ok(one_way)
    }

    fn compare(
        &self,
        left: &Operand,
        how: crate::plan::Comparison,
        right: &Operand,
        item: Item,
    ) -> Result<Truth, Stop> {
        let (Some((a, left)), Some((b, right))) =
            (self.operand(left, item)?, self.operand(right, item)?)
        else {
            return Ok(None);
        };
        let truth = self.with_value(left, a, |a| {
            self.with_value(right, b, |b| {
                (!a.is_null() && !b.is_null()).then(|| compares(a, how, b))
            })
        });
        Ok(truth)
    }

    /// The record and field that an operand leads to.
    fn operand<'p>(
        &self,
        operand: &'p Operand,
        item: Item,
    ) -> Result<Option<(Item, &'p Field)>, Stop> {
        let mut at = match (operand.end, item.edge()) {
            (Some(end), Some(edge)) => Item::Node(self.end(edge, end)),
            (Some(_), None) => return Ok(None),
            (None, _) => item,
        };
        for hop in &operand.hops {
            match self.other_end(hop, at)? {
                Some(next) => at = Item::Node(next),
                None => return Ok(None),
            }
        }
        let of = match at {
            Item::Node(node) => Some(node.of),
            _ => None,
        };
        let field = operand.fields.iter().find(|(wanted, _)| *wanted == of);
        Ok(field.map(|(_, field)| (at, field)))
    }

    /// One end of an edge: its source (`Out`) or target (`In`).
    pub(super) fn end(&self, edge: Edge, end: Direction) -> Node {
        let (source, target) = self.snapshot.ends(edge);
        if end == Direction::Out {
            source
        } else {
            target
        }
    }

    fn with_value<T>(&self, field: &Field, item: Item, then: impl FnOnce(Cell<'_>) -> T) -> T {
        match field {
            Field::Id => self.with_id(item, |id| then(Cell::Str(id))),
            Field::Key => then(
                item.node()
                    .map_or(Cell::Null, |node| Cell::Str(self.snapshot.key(node))),
            ),
            Field::Label(_) => then(item.node().map_or(Cell::Null, |node| self.label(node))),
            Field::Property { .. } => then(self.cell(field, item)),
        }
    }
}

fn in_languages(cell: Cell<'_>, languages: Option<&[String]>, test: &Test) -> Truth {
    match (cell, languages) {
        (Cell::Texts(texts), Some(languages)) => passes_in(texts, languages, test),
        _ => passes(cell, test),
    }
}

/// How many matched of how many.
#[derive(Default)]
struct Tally {
    matched: i64,
    missed: i64,
}

impl Tally {
    /// Counts one; breaks when the verdict is certain.
    fn add(&mut self, matched: bool, quantifier: &Quantifier) -> ControlFlow<()> {
        if matched {
            self.matched += 1;
        } else {
            self.missed += 1;
        }
        let certain = match quantifier {
            Quantifier::Some | Quantifier::None => self.matched > 0,
            Quantifier::All => self.missed > 0,
            Quantifier::Single => self.matched > 1,
            Quantifier::Count(_) => false,
        };
        if certain {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn verdict(&self, quantifier: &Quantifier) -> bool {
        match quantifier {
            Quantifier::Some => self.matched > 0,
            Quantifier::None => self.matched == 0,
            Quantifier::All => self.missed == 0,
            Quantifier::Single => self.matched == 1,
            Quantifier::Count(tests) => passes_all(Cell::Int(self.matched), tests) == Some(true),
        }
    }
}
