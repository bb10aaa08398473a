//! What do all matches of a connection amount to? Aggregates and groups, for each page's matches. Not
//! for: the measures (`measure`) and which group a record is in (`keys`).

use super::keys::{Found, KeyCell, Keys};
use super::order::SortCell;
use super::rows::{Rows, StepRows};
use super::window::Wanted;
use super::{Item, Run, Stop};
use crate::plan::{
    Aggregate, Call, Connection, GroupBy, GroupSortBy, Grouping, KeyValue, MeasuredValue, Shape,
    Slot, SortBy,
};
use crate::value::{Cell, Value};
use std::cmp::Ordering;

/// So many records are put in their groups at once.
const BATCH: usize = 1024;

/// What the matches of a connection's pages amount to.
#[derive(Debug, Default)]
pub struct Summaries {
    /// For each aggregate of the connection the figures of each page's matches.
    pub aggregates: Vec<Figures>,
    /// For each `groupBy` of the connection the groups of each page's matches.
    pub groups: Vec<GroupedRows>,
}

/// Figures about some sets of records: of each set those that the aggregate lists.
#[derive(Debug, Default)]
pub struct Figures {
    /// The number of each set's records.
    pub counts: Vec<u64>,
    /// The figures of each set, one after the other.
    pub values: Vec<Value>,
}

/// What a `groupBy` gives.
#[derive(Debug)]
pub enum GroupedRows {
    /// Groups.
    Groups(Box<Groups>),
    /// The arguments of this slot are wrong.
    Failed(Slot),
}

/// The groups of all pages.
#[derive(Debug, Default)]
pub struct Groups {
    /// Where each page's groups start, and where the last one's end.
    pub offsets: Vec<u32>,
    /// The values of each group's key, one after the other.
    pub keys: Vec<Value>,
    /// The number of each group's records.
    pub counts: Vec<u64>,
    /// For each aggregate of a group the figures of each group.
    pub aggregates: Vec<Figures>,
    /// For each place where records are shown those of each group.
    pub records: Vec<StepRows>,
}

/// Summaries in the making.
pub(super) struct Summing<'c> {
    connection: &'c Connection,
    /// The values that each aggregate measures, and those that each group's do.
    values: Vec<Vec<SortBy>>,
    of_groups: Vec<Vec<Vec<SortBy>>>,
    done: Summaries,
}

/// Records in their groups.
struct Grouped<'f, 'a> {
    keys: Keys<'f, 'a>,
    counts: Vec<u64>,
    /// Where each group's records start; empty if only their number matters.
    starts: Vec<u32>,
    items: Vec<Item>,
}

impl<'c> Summing<'c> {
    /// The summaries that a connection asks for, of no page yet.
    pub(super) fn new(run: &Run<'_>, connection: &'c Connection) -> Self {
        let values = |aggregates: &[Aggregate]| -> Vec<Vec<SortBy>> {
            let each = |aggregate: &Aggregate| {
                let values = aggregate.values.iter();
                values.map(|value| run.source(value)).collect()
            };
            aggregates.iter().map(each).collect()
        };
        let groups = connection.groups.iter().map(|by| run.no_groups(by));
        Self {
            values: values(&connection.aggregates),
            of_groups: connection
                .groups
                .iter()
                .map(|by| values(&by.aggregates))
                .collect(),
            done: Summaries {
                aggregates: none_of(&connection.aggregates),
                groups: groups.collect(),
            },
            connection,
        }
    }

    /// Adds a page's matches.
    pub(super) fn add(&mut self, run: &Run<'_>, items: &[Item]) -> Result<(), Stop> {
        let aggregates = self.connection.aggregates.iter().zip(&self.values);
        for ((aggregate, values), figures) in aggregates.zip(&mut self.done.aggregates) {
            run.figure(aggregate, values, (items.len(), items), figures)?;
        }
        let groups = self.connection.groups.iter().zip(&self.of_groups);
        for ((by, values), rows) in groups.zip(&mut self.done.groups) {
            if let (GroupedRows::Groups(groups), Some(Call::Grouping(grouping))) =
                (rows, run.calls.get(by.slot))
            {
                run.group(by, grouping, values, items, groups)?;
            }
        }
        Ok(())
    }

    /// The summaries with what the records that they show lead to.
    pub(super) fn finish(mut self, run: &Run<'_>) -> Result<Summaries, Stop> {
        for (by, rows) in self.connection.groups.iter().zip(&mut self.done.groups) {
            let GroupedRows::Groups(groups) = rows else {
                continue;
            };
            for ((_, shape), records) in by.records.iter().zip(&mut groups.records) {
                if let StepRows::Groups { rows, .. } = records {
                    let items = std::mem::take(&mut rows.items);
                    *rows = match shape {
                        Shape::Nodes(shape) => run.node_rows(items, shape)?,
                        Shape::Edges(shape) => run.edge_rows(items, shape)?,
                    };
                }
            }
        }
        Ok(self.done)
    }
}

fn none_of(aggregates: &[Aggregate]) -> Vec<Figures> {
    aggregates.iter().map(|_| Figures::default()).collect()
}

impl<'a> Run<'a> {
    /// The value that is measured.
    fn source(&self, value: &MeasuredValue) -> SortBy {
        let languages = value.languages.and_then(|slot| match &self.calls[slot] {
            Call::Languages(languages) => Some(languages.clone()),
            _ => None,
        });
        value.of.value(value.places.clone(), languages, value.edge)
    }

    fn figure(
        &self,
        aggregate: &Aggregate,
        values: &[SortBy],
        (count, items): (usize, &[Item]),
        figures: &mut Figures,
    ) -> Result<(), Stop> {
        self.budget.hold(1 + aggregate.figures)?;
        figures.counts.push(count as u64);
        for (value, of) in aggregate.values.iter().zip(values) {
            let mut found = self.values(items, of)?;
            for statistic in &value.statistics {
                let figure = self.statistic(&mut found, *statistic)?;
                figures.values.push(figure.to_value());
            }
        }
        Ok(())
    }

    fn no_groups(&self, by: &GroupBy) -> GroupedRows {
        if !matches!(self.calls[by.slot], Call::Grouping(_)) {
            return GroupedRows::Failed(by.slot);
        }
        let records = by.records.iter().map(|(slot, _)| match &self.calls[*slot] {
            Call::Collection(_) => StepRows::Groups {
                offsets: vec![0],
                rows: Rows::default(),
            },
            _ => StepRows::Failed(*slot),
        });
        GroupedRows::Groups(Box::new(Groups {
            offsets: vec![0],
            aggregates: none_of(&by.aggregates),
            records: records.collect(),
            ..Groups::default()
        }))
    }

    /// Adds the groups of a page's matches.
    fn group(
        &self,
        by: &GroupBy,
        grouping: &Grouping,
        values: &[Vec<SortBy>],
        items: &[Item],
        groups: &mut Groups,
    ) -> Result<(), Stop> {
        let grouped = self.grouped(by, grouping, items)?;
        let shown = self.shown(grouping, &grouped)?;
        let mut key = Vec::with_capacity(grouping.width);
        for number in &shown {
            self.budget.hold(2 + grouping.width)?;
            let (count, items) = grouped.group(*number);
            key.clear();
            grouped.keys.values(*number, &mut key);
            groups
                .keys
                .extend(key.iter().map(|cell| cell.to_value(self)));
            groups.counts.push(count as u64);
            let aggregates = by.aggregates.iter().zip(values);
            for ((aggregate, values), figures) in aggregates.zip(&mut groups.aggregates) {
                self.figure(aggregate, values, (count, items), figures)?;
            }
            for ((slot, _), records) in by.records.iter().zip(&mut groups.records) {
                self.show(*slot, items, records)?;
            }
        }
        groups.offsets.push(groups.counts.len() as u32);
        Ok(())
    }

    /// The records in their groups.
    fn grouped<'f>(
        &self,
        by: &GroupBy,
        grouping: &'f Grouping,
        items: &[Item],
    ) -> Result<Grouped<'f, 'a>, Stop> {
        let mut keys = Keys::new(&grouping.fields);
        let kept = needs_records(by, grouping);
        let (mut counts, mut members) = (Vec::new(), Found::default());
        for batch in items.chunks(BATCH) {
            let batch: Vec<Option<Item>> = batch.iter().copied().map(Some).collect();
            let found = keys.of(self, &batch)?;
            counts.resize(keys.len(), 0);
            for number in found.numbers() {
                counts[*number as usize] += 1;
            }
            if kept {
                self.budget.hold(found.numbers().len())?;
                members.append(&found);
            }
        }
        let (starts, items) = match kept {
            true => in_groups(&counts, &members, items),
            false => Default::default(),
        };
        Ok(Grouped {
            keys,
            counts,
            starts,
            items,
        })
    }

    /// The groups that are shown, in order.
    fn shown(&self, grouping: &Grouping, grouped: &Grouped<'_, 'a>) -> Result<Vec<u32>, Stop> {
        let mut shown = Vec::with_capacity(grouped.counts.len());
        for number in 0..grouped.counts.len() as u32 {
            let (count, items) = grouped.group(number);
            let is_shown = match &grouping.having {
                Some(having) => self.fulfil_counted(count, items, having)? == Some(true),
                None => true,
            };
            if is_shown {
                shown.push(number);
            }
        }
        self.sort_groups(grouping, grouped, &mut shown)?;
        shown.truncate(grouping.first.unwrap_or(usize::MAX));
        Ok(shown)
    }

    fn sort_groups(
        &self,
        grouping: &Grouping,
        grouped: &Grouped<'_, 'a>,
        shown: &mut Vec<u32>,
    ) -> Result<(), Stop> {
        self.budget.sorted(shown.len())?;
        let (width, values) = (grouping.width, grouping.values());
        let mut keys = Vec::with_capacity(shown.len() * width);
        let mut cells = Vec::with_capacity(shown.len() * width.max(grouping.sort.len()));
        for number in shown.iter() {
            grouped.keys.values(*number, &mut keys);
            let key = &keys[keys.len() - width..];
            self.sort_cells(grouping, &values, grouped.group(*number), key, &mut cells)?;
        }
        let sorted_by = cells.len() / shown.len().max(1);
        let by_key = |a: usize, b: usize| {
            let key = |at: usize| keys[at * width..][..width].iter();
            let mut orders = key(a).zip(key(b)).map(|(a, b)| a.order(*b, self));
            orders
                .find(|order| order.is_ne())
                .unwrap_or(Ordering::Equal)
        };
        let row = |at: usize| &cells[at * sorted_by..][..sorted_by];
        let mut order: Vec<usize> = (0..shown.len()).collect();
        order.sort_unstable_by(|a, b| {
            order_groups(grouping, row(*a), row(*b)).then_with(|| by_key(*a, *b))
        });
        *shown = order.into_iter().map(|at| shown[at]).collect();
        Ok(())
    }

    /// What a group sorts by; without a `sort` its key.
    fn sort_cells(
        &self,
        grouping: &Grouping,
        values: &[&KeyValue],
        (count, items): (usize, &[Item]),
        key: &[KeyCell<'a>],
        cells: &mut Vec<SortCell<'a>>,
    ) -> Result<(), Stop> {
        let of_key = |at: usize| key[at].sort_cell(self, values[at].is_chinese());
        if grouping.sort.is_empty() {
            cells.extend((0..key.len()).map(of_key));
        }
        for sort in &grouping.sort {
            cells.push(match &sort.by {
                GroupSortBy::Count => SortCell::of(Cell::Int(count as i64), false),
                GroupSortBy::Key(at) => of_key(*at),
                GroupSortBy::Measure(measure) => {
                    let chinese = measure.of.is_chinese();
                    SortCell::of(self.measure(items, measure)?, chinese)
                }
            });
        }
        Ok(())
    }

    /// The records of a group that are shown.
    fn show(&self, slot: Slot, items: &[Item], records: &mut StepRows) -> Result<(), Stop> {
        let (Call::Collection(collection), StepRows::Groups { offsets, rows }) =
            (&self.calls[slot], records)
        else {
            return Ok(());
        };
        let mut found: Vec<Item> = Vec::with_capacity(items.len());
        for item in items.iter().map(|item| by_itself(*item)) {
            // The links of a group are in the order of their nodes.
            if found.last() != Some(&item) && self.accepts(collection.filter.as_ref(), item)? {
                found.push(item);
            }
        }
        let (found, _) = self.window(found, collection, Wanted::LIST)?;
        self.budget.hold(1 + found.len())?;
        rows.items.extend(found);
        offsets.push(rows.items.len() as u32);
        Ok(())
    }
}

impl Grouped<'_, '_> {
    /// How many records a group has, and which, if they are kept.
    fn group(&self, number: u32) -> (usize, &[Item]) {
        let at = number as usize;
        let items = match self.starts.get(at..at + 2) {
            Some([start, end]) => &self.items[*start as usize..*end as usize],
            _ => &[],
        };
        (self.counts[at] as usize, items)
    }
}

/// Whether more than the number of each group's records matters.
fn needs_records(by: &GroupBy, grouping: &Grouping) -> bool {
    let measured = |by: &GroupSortBy| matches!(by, GroupSortBy::Measure(_));
    !by.records.is_empty()
        || by.aggregates.iter().any(|aggregate| aggregate.figures > 0)
        || grouping
            .having
            .as_ref()
            .is_some_and(|having| having.measures())
        || grouping.sort.iter().any(|key| measured(&key.by))
}

/// Records by group, in their order; nothing if there are none.
fn in_groups(counts: &[u64], members: &Found, items: &[Item]) -> (Vec<u32>, Vec<Item>) {
    let Some(any) = items.first() else {
        return (Vec::new(), Vec::new());
    };
    let mut starts = Vec::with_capacity(counts.len() + 1);
    let mut start = 0;
    for count in counts {
        starts.push(start);
        start += *count as u32;
    }
    starts.push(start);
    let (mut next, mut grouped) = (starts.clone(), vec![*any; members.numbers().len()]);
    for (record, item) in items.iter().enumerate() {
        for number in members.of(record) {
            let place = &mut next[*number as usize];
            grouped[*place as usize] = *item;
            *place += 1;
        }
    }
    (starts, grouped)
}

/// The record as a list shows it: of a link the node.
fn by_itself(item: Item) -> Item {
    match item {
        Item::Link(_, node) => Item::Node(node),
        other => other,
    }
}

fn order_groups(grouping: &Grouping, a: &[SortCell<'_>], b: &[SortCell<'_>]) -> Ordering {
    let turn = |at: usize| {
        let key = grouping.sort.get(at);
        key.map_or((false, false), |key| (key.descending, key.nulls_first))
    };
    let mut orders = a.iter().zip(b).enumerate().map(|(at, (a, b))| {
        let (descending, nulls_first) = turn(at);
        a.turned(b, descending, nulls_first)
    });
    orders
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}
