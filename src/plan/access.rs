//! Where does a search start? Not for: running it (`exec`).
//!
//! Every condition that must hold may offer a way to all records that can match it; the one that is
//! estimated to touch the fewest wins against reading the whole type. The filter is checked again on
//! what it yields, so an offer may yield too much, but never too little.

use super::call::{Collection, SortBy, SortKey, Start, Walk};
use super::filter::{
    Comparison, Field, Filter, Hop, Leg, Links, NodeFilter, Quantifier, Reach, Test, TextMatch,
};
use super::measure::{Aggregated, Measure, Statistic};
use crate::ontology::{Direction, TypeId};
use crate::search::Pattern;
use crate::value::{Date, Value};
use std::ops::Bound;
use std::sync::Arc;

/// Where the search for records starts.
#[derive(Clone, Debug, Default)]
pub enum Access {
    /// At every record.
    #[default]
    All,
    /// At the records with these keys.
    Keys(Arc<[Value]>),
    /// At the records with these ids.
    Ids(Arc<[Value]>),
    /// At what an index says.
    Index {
        /// The property, by position.
        property: usize,
        /// What to look up.
        probe: Probe,
    },
    /// At what the full-text index says.
    Search(Arc<Pattern>),
    /// At the neighbours of what these starts find, along the step.
    Neighbours(Hop, Vec<Start>),
    /// At the closure of what these starts find, along the step.
    Closure(Hop, Vec<Start>),
    /// At edges whose source (`Out`) or target (`In`) these starts find.
    Ends(Direction, Vec<Start>),
    /// At the edges with these ids.
    EdgeIds(Arc<[Value]>),
    /// At all of these.
    Union(Vec<Access>),
}

/// What to look up in an ordered index.
#[derive(Clone, Debug)]
pub enum Probe {
    /// Any of these values.
    Equal(Arc<[Value]>),
    /// Texts that start so.
    Prefix(Box<str>),
    /// Values between two bounds.
    Range(Bound<Value>, Bound<Value>),
}

/// What planning knows of the data.
pub trait Statistics {
    /// Number of nodes of a concrete type.
    fn count(&self, of: TypeId) -> usize;
    /// Number of entries that an index has for a probe; `None` without an index.
    fn entries(&self, of: TypeId, property: usize, probe: &Probe) -> Option<usize>;
    /// About how many nodes of a concrete type the full-text index finds.
    fn matches(&self, of: TypeId, pattern: &Pattern) -> usize;
    /// Number of edges on a leg of a step.
    fn edges(&self, hop: &Hop, leg: Leg) -> usize;
    /// Number of edges on a step from the nodes that a start finds, where that is soon counted.
    fn edges_from(&self, start: &Start, hop: &Hop) -> Option<usize>;
}

/// An offer: where to start and how many records that touches, by estimate.
type Offer = (Access, f64);

/// Gives every search of a collection its start.
pub fn choose(collection: &mut Collection, statistics: &dyn Statistics) {
    settle_all(&mut collection.starts, statistics);
    if let Some(filter) = &collection.filter
        && let Some((access, _)) = edges_offer(filter, statistics)
    {
        collection.access = access;
    }
    collection.walk = walk(collection, statistics);
}

/// Gives each start its access.
pub fn settle_all(starts: &mut [Start], statistics: &dyn Statistics) {
    for start in starts {
        settle(start, statistics);
    }
}

/// How to come by the records in their order.
fn walk(collection: &Collection, statistics: &dyn Statistics) -> Walk {
    let one = match &collection.starts[..] {
        [start] => Some(start),
        _ => None,
    };
    let [key] = &collection.sort[..] else {
        let unsorted = collection.sort.is_empty();
        return if unsorted {
            Walk::ById { descending: false }
        } else {
            Walk::Sort
        };
    };
    let descending = key.descending;
    match (&key.by, one) {
        (SortBy::Id, _) if !collection.starts.is_empty() => Walk::ById { descending },
        (SortBy::Key, Some(_)) => Walk::ById { descending },
        (SortBy::Property(at), Some(start)) => by_index(start, key, at, statistics),
        _ => Walk::Sort,
    }
}

fn by_index(
    start: &Start,
    key: &SortKey,
    at: &[(Option<TypeId>, usize)],
    statistics: &dyn Statistics,
) -> Walk {
    let every = Probe::Range(Bound::Unbounded, Bound::Unbounded);
    match (at, &start.access) {
        ([(_, property)], Access::All)
            if !key.nulls_first && statistics.entries(start.of, *property, &every).is_some() =>
        {
            Walk::ByIndex {
                property: *property,
                descending: key.descending,
            }
        }
        _ => Walk::Sort,
    }
}

/// How many records are few.
const FEW: f64 = 64.0;

/// Where to find all nodes that a filter matches, if an index says that they are few.
pub fn few(by_type: &[(TypeId, Arc<Filter>)], statistics: &dyn Statistics) -> Option<Vec<Start>> {
    let mut left = FEW;
    let starts = by_type.iter().map(|(of, filter)| {
        let (access, estimate) = offer(filter, *of, statistics)?;
        left -= estimate;
        let start = Start {
            of: *of,
            filter: Some(filter.clone()),
            access,
        };
        (left >= 0.0).then_some(start)
    });
    starts.collect()
}

/// Gives a start its access and estimates how many nodes it touches.
fn settle(start: &mut Start, statistics: &dyn Statistics) -> f64 {
    let whole = statistics.count(start.of) as f64;
    let Some(filter) = &start.filter else {
        return whole;
    };
    let parts = conjuncts(filter);
    let offers = parts.iter().enumerate().filter_map(|(at, part)| {
        let (access, estimate) = offer(part, start.of, statistics)?;
        Some((at, access, estimate))
    });
    match offers.min_by(|a, b| a.2.total_cmp(&b.2)) {
        Some((at, access, estimate)) if estimate < whole => {
            start.access = access;
            if is_implied(&parts[at]) {
                start.filter = all_but(parts, at).map(Arc::new);
            }
            estimate
        }
        _ => whole,
    }
}

/// The conditions that must all hold.
fn conjuncts(filter: &Filter) -> &[Filter] {
    match filter {
        Filter::And(all) => all,
        one => std::slice::from_ref(one),
    }
}

/// Whether all that a start finds by a condition fulfils it: the way back from a neighbour that
/// matches is the way to one.
fn is_implied(condition: &Filter) -> bool {
    match condition {
        Filter::Many {
            reach: Reach::Hop(_),
            link,
            quantifier: Quantifier::Some,
            ..
        } => matches!(**link, Filter::Node(_)),
        _ => false,
    }
}

/// What is left to test when one of some conditions needs no test.
fn all_but(conditions: &[Filter], done: usize) -> Option<Filter> {
    let others = conditions.iter().enumerate().filter(|(at, _)| *at != done);
    let others: Vec<Filter> = others.map(|(_, filter)| filter.clone()).collect();
    (!others.is_empty()).then_some(Filter::And(others))
}

fn offer(filter: &Filter, of: TypeId, statistics: &dyn Statistics) -> Option<Offer> {
    match filter {
        Filter::Known(false) => Some((Access::Union(Vec::new()), 0.0)),
        Filter::And(all) => least(all.iter().filter_map(|each| offer(each, of, statistics))),
        Filter::Or(any) => union(any.iter().map(|each| offer(each, of, statistics))),
        Filter::Test(Field::Key, test) => named(test, Access::Keys),
        Filter::Test(Field::Id, test) => named(test, Access::Ids),
        Filter::Test(Field::Property { .. }, Test::Search(pattern)) => {
            let estimate = statistics.matches(of, pattern) as f64;
            Some((Access::Search(pattern.clone()), estimate))
        }
        Filter::Test(Field::Property { at, .. }, test) => indexed(of, *at, test, statistics),
        Filter::One(hop, nodes) => reverse(hop, nodes, of, statistics),
        Filter::Many {
            reach,
            link,
            quantifier,
            ..
        } if needs_one(quantifier) => through(reach, link, of, statistics),
        Filter::Together(links, condition) => together(links, condition, of, statistics),
        _ => None,
    }
}

/// Where links must be that together fulfil a condition: one that holds only where there is a link,
/// or a value, is found from the links that are meant; a least or greatest value is that of a link.
fn together(
    links: &Links,
    condition: &Aggregated,
    of: TypeId,
    statistics: &dyn Statistics,
) -> Option<Offer> {
    let each = |condition| together(links, condition, of, statistics);
    let meant = |filter| through(&links.reach, filter, of, statistics);
    match condition {
        Aggregated::And(all) => least(all.iter().filter_map(each)),
        Aggregated::Or(any) => union(any.iter().map(each)),
        Aggregated::Not(_) => None,
        Aggregated::Count(tests) => {
            let needs_one = tests.iter().any(above_zero);
            links
                .filter
                .as_deref()
                .filter(|_| needs_one)
                .and_then(meant)
        }
        Aggregated::Measure(measure, tests) => {
            let needs_one = match measure.statistic {
                Statistic::DistinctCount => tests.iter().any(above_zero),
                _ => !tests.iter().all(|test| matches!(test, Test::IsNull(true))),
            };
            let extreme = extreme(measure, tests);
            let filters = links.filter.as_deref().into_iter().chain(extreme.as_ref());
            least(filters.filter(|_| needs_one).filter_map(meant))
        }
    }
}

/// What one of some links matches whose least or greatest value passes tests.
fn extreme(measure: &Measure, tests: &[Test]) -> Option<Filter> {
    let (Statistic::Min | Statistic::Max, SortBy::Property(at)) = (measure.statistic, &measure.of)
    else {
        return None;
    };
    let filter = |at: usize| {
        let field = Field::Property {
            at,
            or_empty: false,
            languages: None,
        };
        let tests = tests
            .iter()
            .map(|test| Filter::Test(field.clone(), test.clone()));
        Arc::new(Filter::And(tests.collect()))
    };
    let by_type = at.iter().filter_map(|(of, at)| Some(((*of)?, filter(*at))));
    Some(Filter::Node(Arc::new(NodeFilter {
        by_type: by_type.collect(),
        ..NodeFilter::default()
    })))
}

fn least(offers: impl Iterator<Item = Offer>) -> Option<Offer> {
    offers.min_by(|a, b| a.1.total_cmp(&b.1))
}

fn union(offers: impl Iterator<Item = Option<Offer>>) -> Option<Offer> {
    let offers = offers.collect::<Option<Vec<_>>>()?;
    let estimate = offers.iter().map(|(_, estimate)| estimate).sum();
    Some((
        Access::Union(offers.into_iter().map(|(access, _)| access).collect()),
        estimate,
    ))
}

/// Whether a quantifier can hold only where at least one link matches.
fn needs_one(quantifier: &Quantifier) -> bool {
    match quantifier {
        Quantifier::Some | Quantifier::Single => true,
        Quantifier::Count(tests) => tests.iter().any(above_zero),
        Quantifier::All | Quantifier::None => false,
    }
}

/// Whether a test of a number passes only above 0.
fn above_zero(test: &Test) -> bool {
    match test {
        Test::Equal(Value::Int(n)) | Test::Compare(Comparison::Gte, Value::Int(n)) => *n > 0,
        Test::Compare(Comparison::Gt, Value::Int(n)) => *n >= 0,
        _ => false,
    }
}

/// The records of some keys or ids.
fn named(test: &Test, access: fn(Arc<[Value]>) -> Access) -> Option<Offer> {
    let names: Arc<[Value]> = match test {
        Test::Equal(value) => [value.clone()].into(),
        Test::In(values) => values.clone(),
        _ => return None,
    };
    let estimate = names.len() as f64;
    Some((access(names), estimate))
}

fn indexed(of: TypeId, property: usize, test: &Test, statistics: &dyn Statistics) -> Option<Offer> {
    let probe = probe(test)?;
    let estimate = statistics.entries(of, property, &probe)? as f64;
    Some((Access::Index { property, probe }, estimate))
}

/// The probe that finds every value that passes a test; JSON is not found by its text.
fn probe(test: &Test) -> Option<Probe> {
    match any_probe(test)? {
        Probe::Equal(values) if matches!(values.first(), Some(Value::Json(_))) => None,
        probe => Some(probe),
    }
}

fn any_probe(test: &Test) -> Option<Probe> {
    use Bound::{Excluded, Included, Unbounded};
    Some(match test {
        Test::Equal(value) | Test::Includes(value) => Probe::Equal([value.clone()].into()),
        Test::In(values) | Test::IncludesAny(values) => Probe::Equal(values.clone()),
        Test::IncludesAll(values) => Probe::Equal([values.first()?.clone()].into()),
        Test::Text(TextMatch::StartsWith, text) => Probe::Prefix(text.clone()),
        Test::Compare(Comparison::Lt, Value::Date(date)) => {
            Probe::Range(Unbounded, Excluded(whole(*date)))
        }
        Test::Compare(Comparison::Lte, Value::Date(date)) => {
            Probe::Range(Unbounded, Included(last(*date)))
        }
        Test::Compare(Comparison::Gt | Comparison::Gte, Value::Date(date)) => {
            Probe::Range(Included(first(*date)), Unbounded)
        }
        Test::Compare(Comparison::Lt, value) => Probe::Range(Unbounded, Excluded(value.clone())),
        Test::Compare(Comparison::Lte, value) => Probe::Range(Unbounded, Included(value.clone())),
        Test::Compare(Comparison::Gt, value) => Probe::Range(Excluded(value.clone()), Unbounded),
        Test::Compare(Comparison::Gte, value) => Probe::Range(Included(value.clone()), Unbounded),
        _ => return None,
    })
}

/// The least date (by start, then end) that starts with this one.
fn first(date: Date) -> Value {
    Value::Date(Date::from_bits(date.start() << 2).unwrap_or(date))
}

/// The greatest date that starts on the first day of this one.
fn whole(date: Date) -> Value {
    Value::Date(date)
}

/// A date that no date sorts after which ends with this one: its last day, as a year if need be.
fn last(date: Date) -> Value {
    Value::Date(
        Date::from_bits((date.end() << 2) | 2)
            .or_else(|| Date::from_bits(date.end() << 2))
            .unwrap_or(date),
    )
}

fn starts(nodes: &NodeFilter, among: impl Fn(TypeId) -> bool) -> Vec<Start> {
    let wanted = nodes.by_type.iter().filter(|(of, _)| among(*of));
    wanted
        .map(|(of, filter)| Start {
            of: *of,
            filter: Some(filter.clone()),
            access: Access::All,
        })
        .collect()
}

/// From the nodes at the other end of a step back to this one.
fn reverse(
    hop: &Hop,
    nodes: &NodeFilter,
    of: TypeId,
    statistics: &dyn Statistics,
) -> Option<Offer> {
    let back = hop.back_to(of);
    let mut starts = starts(nodes, |to| back.legs.iter().any(|leg| leg.from == to));
    let mut estimate = 0.0;
    for start in &mut starts {
        let found = settle(start, statistics);
        estimate += found + edges_from(start, found, &back, statistics);
    }
    Some((Access::Neighbours(back, starts), estimate))
}

/// How many edges lead on from so many nodes of a start: counted, else their share of all.
fn edges_from(start: &Start, found: f64, hop: &Hop, statistics: &dyn Statistics) -> f64 {
    if let Some(counted) = statistics.edges_from(start, hop) {
        return counted as f64;
    }
    let whole = statistics.count(start.of).max(1) as f64;
    let legs = hop.legs.iter().filter(|leg| leg.from == start.of);
    let edges: usize = legs.map(|leg| statistics.edges(hop, *leg)).sum();
    found * edges as f64 / whole
}

/// From the nodes that a link must have back to where the link starts.
fn through(reach: &Reach, link: &Filter, of: TypeId, statistics: &dyn Statistics) -> Option<Offer> {
    match link {
        Filter::And(all) => least(
            all.iter()
                .filter_map(|each| through(reach, each, of, statistics)),
        ),
        Filter::Or(any) => union(any.iter().map(|each| through(reach, each, of, statistics))),
        Filter::Node(nodes) => match reach {
            Reach::Hop(hop) => reverse(hop, nodes, of, statistics),
            Reach::Closure(hop, _) => reverse_closure(hop, nodes, statistics),
        },
        _ => None,
    }
}

/// From the nodes of a closure back; how much is below them is not known, so a share is assumed.
fn reverse_closure(hop: &Hop, nodes: &NodeFilter, statistics: &dyn Statistics) -> Option<Offer> {
    let mut starts = starts(nodes, |_| true);
    let mut estimate = 0.0;
    for start in &mut starts {
        let share = settle(start, statistics) / statistics.count(start.of).max(1) as f64;
        let below: usize = hop.legs.iter().map(|leg| statistics.edges(hop, *leg)).sum();
        estimate += share.min(1.0) * below as f64;
    }
    Some((Access::Closure(hop.back(), starts), estimate))
}

/// Where a search for edges starts: at the end whose nodes are fewest, if any is filtered.
fn edges_offer(filter: &Filter, statistics: &dyn Statistics) -> Option<Offer> {
    match filter {
        Filter::And(all) => least(all.iter().filter_map(|each| edges_offer(each, statistics))),
        Filter::Or(any) => union(any.iter().map(|each| edges_offer(each, statistics))),
        Filter::Test(Field::Id, test) => named(test, Access::EdgeIds),
        Filter::Ends {
            source,
            target,
            symmetric,
        } => {
            let sides = [(Direction::Out, source), (Direction::In, target)];
            let offers = sides.into_iter().filter_map(|(side, nodes)| {
                let nodes = nodes.as_deref()?;
                if !symmetric {
                    return end_offer(side, nodes, statistics);
                }
                let ends = [Direction::Out, Direction::In];
                union(
                    ends.into_iter()
                        .map(|end| end_offer(end, nodes, statistics)),
                )
            });
            least(offers)
        }
        _ => None,
    }
}

fn end_offer(side: Direction, nodes: &NodeFilter, statistics: &dyn Statistics) -> Option<Offer> {
    let mut starts = starts(nodes, |_| true);
    let estimate = starts
        .iter_mut()
        .map(|start| settle(start, statistics))
        .sum();
    Some((Access::Ends(side, starts), estimate))
}
