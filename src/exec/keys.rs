//! In which groups are records? Every value of a key is numbered once, and so is every combination
//! of them: each step and each value for a batch of records at once; what is read at a neighbour is
//! read once for each neighbour. Not for: what is shown of groups (`summary`).

use super::order::SortCell;
use super::{Item, Run, Stop};
use crate::graph::Node;
use crate::ontology::{Direction, TypeId};
use crate::plan::{GroupField, GroupWay, GroupedBy, KeyValue, Reach};
use crate::value::{Cell, Value};
use hashbrown::HashTable;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHasher};
use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash, Hasher};

/// A value of a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum KeyCell<'a> {
    /// A stored value.
    Cell(Cell<'a>),
    /// A node's id.
    Node(Node),
    /// A node's type.
    Type(TypeId),
}

/// The combinations of values of some fields, numbered as they are found.
pub(super) struct Keys<'f, 'a> {
    fields: Vec<Numbers<'f, 'a>>,
    /// For each combination the number of each field; of one field they are those of the field.
    rows: Vec<u32>,
    known: HashTable<u32>,
    count: u32,
}

/// The values of one field, numbered as they are found.
enum Numbers<'f, 'a> {
    Value {
        of: &'f KeyValue,
        values: Vec<KeyCell<'a>>,
        known: HashTable<u32>,
    },
    Through {
        way: &'f GroupWay,
        keys: Box<Keys<'f, 'a>>,
        ends: Ends,
    },
}

/// The single nodes that a step has led to so far, each looked at once.
#[derive(Default)]
struct Ends {
    /// By type and row.
    places: FxHashMap<u64, u32>,
    /// The numbers of the node at each place.
    found: Found,
}

/// Numbers of some records, of each record in order and once.
#[derive(Default)]
pub(super) struct Found {
    numbers: Vec<u32>,
    /// Where those of each record end.
    ends: Vec<u32>,
}

impl Found {
    fn with_capacity(records: usize) -> Self {
        Self {
            numbers: Vec::with_capacity(records),
            ends: Vec::with_capacity(records),
        }
    }

    /// The numbers of all records.
    pub(super) fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// The numbers of a record.
    pub(super) fn of(&self, record: usize) -> &[u32] {
        let start = record.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[start as usize..self.ends[record] as usize]
    }

    /// Ends a record's numbers, which were pushed in any order and perhaps again.
    fn end(&mut self) {
        let start = self.ends.last().map_or(0, |end| *end as usize);
        if self.numbers.len() - start > 1 {
            self.numbers[start..].sort_unstable();
            let mut kept = start + 1;
            for at in start + 1..self.numbers.len() {
                if self.numbers[at] != self.numbers[kept - 1] {
                    self.numbers[kept] = self.numbers[at];
                    kept += 1;
                }
            }
            self.numbers.truncate(kept);
        }
        self.ends.push(self.numbers.len() as u32);
    }

    /// Appends further records.
    pub(super) fn append(&mut self, more: &Self) {
        let before = self.numbers.len() as u32;
        self.numbers.extend_from_slice(&more.numbers);
        self.ends.extend(more.ends.iter().map(|end| before + end));
    }
}

impl<'f, 'a> Keys<'f, 'a> {
    /// No combination of these fields yet.
    pub(super) fn new(fields: &'f [GroupField]) -> Self {
        let numbers = |field: &'f GroupField| match &field.by {
            GroupedBy::Value { of, .. } => Numbers::Value {
                of,
                values: Vec::new(),
                known: HashTable::new(),
            },
            GroupedBy::Through(way, fields) => Numbers::Through {
                way,
                keys: Box::new(Keys::new(fields)),
                ends: Ends::default(),
            },
        };
        Self {
            fields: fields.iter().map(numbers).collect(),
            rows: Vec::new(),
            known: HashTable::new(),
            count: 0,
        }
    }

    /// How many combinations there are.
    pub(super) fn len(&self) -> usize {
        match &self.fields[..] {
            [only] => only.len(),
            _ => self.count as usize,
        }
    }

    /// The numbers of records' combinations; of no record that of nulls.
    pub(super) fn of(&mut self, run: &Run<'a>, records: &[Option<Item>]) -> Result<Found, Stop> {
        if let [only] = &mut self.fields[..] {
            return only.of(run, records);
        }
        let fields = self.fields.iter_mut();
        let fields: Vec<Found> = fields
            .map(|field| field.of(run, records))
            .collect::<Result<_, _>>()?;
        let mut found = Found::with_capacity(records.len());
        for record in 0..records.len() {
            let alternatives: Vec<&[u32]> = fields.iter().map(|field| field.of(record)).collect();
            self.combine(run, &alternatives, &mut found.numbers)?;
            found.end();
        }
        Ok(found)
    }

    /// Every combination of a record's alternatives.
    fn combine(
        &mut self,
        run: &Run<'a>,
        alternatives: &[&[u32]],
        numbers: &mut Vec<u32>,
    ) -> Result<(), Stop> {
        let width = alternatives.len();
        let (mut row, mut places) = (vec![0; width], vec![0; width]);
        loop {
            run.budget.spend(1)?;
            for at in 0..width {
                row[at] = alternatives[at][places[at]];
            }
            numbers.push(self.number(run, &row)?);
            let next = (0..width)
                .rev()
                .find(|at| places[*at] + 1 < alternatives[*at].len());
            let Some(next) = next else { return Ok(()) };
            places[next] += 1;
            places[next + 1..].fill(0);
        }
    }

    fn number(&mut self, run: &Run<'a>, row: &[u32]) -> Result<u32, Stop> {
        let (width, rows) = (row.len(), &mut self.rows);
        let of = |number: u32| {
            let start = number as usize * width;
            start..start + width
        };
        let hash = FxBuildHasher.hash_one(row);
        let found = self.known.find(hash, |number| rows[of(*number)] == *row);
        if let Some(number) = found {
            return Ok(*number);
        }
        run.budget.hold(1 + width)?;
        let number = self.count;
        self.count += 1;
        rows.extend_from_slice(row);
        let rehash = |number: &u32| FxBuildHasher.hash_one(&rows[of(*number)]);
        self.known.insert_unique(hash, number, rehash);
        Ok(number)
    }

    /// The values of a combination.
    pub(super) fn values(&self, number: u32, values: &mut Vec<KeyCell<'a>>) {
        let width = self.fields.len();
        for (at, field) in self.fields.iter().enumerate() {
            let number = match width {
                1 => number,
                _ => self.rows[number as usize * width + at],
            };
            match field {
                Numbers::Value { values: own, .. } => values.push(own[number as usize]),
                Numbers::Through { keys, .. } => keys.values(number, values),
            }
        }
    }
}

impl<'a> Numbers<'_, 'a> {
    fn len(&self) -> usize {
        match self {
            Self::Value { values, .. } => values.len(),
            Self::Through { keys, .. } => keys.len(),
        }
    }

    /// The numbers of records' values.
    fn of(&mut self, run: &Run<'a>, records: &[Option<Item>]) -> Result<Found, Stop> {
        let (way, keys, ends) = match self {
            Self::Value { of, values, known } => {
                return numbers_of(run, of, records, values, known);
            }
            Self::Through { way, keys, ends } => (way, keys, ends),
        };
        let each = |of: &dyn Fn(Item) -> Option<Item>| -> Vec<Option<Item>> {
            records.iter().map(|record| record.and_then(of)).collect()
        };
        let nodes = match way {
            GroupWay::Node => return keys.of(run, &each(&|item| item.node().map(Item::Node))),
            GroupWay::Edge => return keys.of(run, &each(&|item| item.edge().map(Item::Edge))),
            GroupWay::Many(reach) => return at_many(run, reach, records, keys),
            GroupWay::One(reach) => run.other_ends(reach.hop(), records)?,
            GroupWay::Source => ends_of(run, records, Direction::Out),
            GroupWay::Target => ends_of(run, records, Direction::In),
        };
        ends.numbers(run, &nodes, keys)
    }
}

/// One end of each edge.
fn ends_of(run: &Run<'_>, records: &[Option<Item>], end: Direction) -> Vec<Option<Node>> {
    let edges = records.iter().map(|record| record.and_then(Item::edge));
    let ends = edges.map(|edge| edge.map(|edge| run.end(edge, end)));
    ends.collect()
}

impl Ends {
    /// The numbers at nodes that many records may lead to: each is looked at once.
    fn numbers<'a>(
        &mut self,
        run: &Run<'a>,
        nodes: &[Option<Node>],
        keys: &mut Keys<'_, 'a>,
    ) -> Result<Found, Stop> {
        let (mut fresh, mut places) = (Vec::new(), Vec::with_capacity(nodes.len()));
        for node in nodes {
            let key = node.map_or(u64::MAX, |node| {
                u64::from(node.of.0) << 32 | u64::from(node.row)
            });
            let next = self.places.len() as u32;
            let place = *self.places.entry(key).or_insert(next);
            if place == next {
                fresh.push(node.map(Item::Node));
            }
            places.push(place);
        }
        if !fresh.is_empty() {
            let found = keys.of(run, &fresh)?;
            run.budget.hold(fresh.len() + found.numbers.len())?;
            self.found.append(&found);
        }
        let mut found = Found::with_capacity(nodes.len());
        for place in places {
            let numbers = self.found.of(place as usize).iter();
            numbers.for_each(|number| found.numbers.push(*number));
            found.ends.push(found.numbers.len() as u32);
        }
        Ok(found)
    }
}

/// At each neighbour; where there is none, at none.
fn at_many<'a>(
    run: &Run<'a>,
    reach: &Reach,
    records: &[Option<Item>],
    keys: &mut Keys<'_, 'a>,
) -> Result<Found, Stop> {
    let mut found = Found::with_capacity(records.len());
    for record in records {
        let mut links: Vec<Option<Item>> = match record.and_then(Item::node) {
            Some(node) => run
                .links(reach, node, true)?
                .into_iter()
                .map(Some)
                .collect(),
            None => Vec::new(),
        };
        if links.is_empty() {
            links.push(None);
        }
        found.numbers.extend(keys.of(run, &links)?.numbers);
        found.end();
    }
    Ok(found)
}

/// The numbers of values that are read of records.
fn numbers_of<'a>(
    run: &Run<'a>,
    of: &KeyValue,
    records: &[Option<Item>],
    values: &mut Vec<KeyCell<'a>>,
    known: &mut HashTable<u32>,
) -> Result<Found, Stop> {
    run.budget.spend(records.len() as u64)?;
    let mut found = Found::with_capacity(records.len());
    for record in records {
        each_value(run, of, *record, &mut |cell| {
            found.numbers.push(number_of(run, cell, values, known)?);
            Ok(())
        })?;
        found.end();
    }
    Ok(found)
}

/// Calls for each value that a record has; for null if it has none.
fn each_value<'a>(
    run: &Run<'a>,
    of: &KeyValue,
    item: Option<Item>,
    each: &mut dyn FnMut(KeyCell<'a>) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let Some(item) = item else {
        return each(KeyCell::Cell(Cell::Null));
    };
    match (of, item.node()) {
        (KeyValue::Id, Some(node)) => each(KeyCell::Node(node)),
        (KeyValue::Typename, Some(node)) => each(KeyCell::Type(node.of)),
        (KeyValue::Id | KeyValue::Typename, None) => each(KeyCell::Cell(Cell::Null)),
        (KeyValue::Single(by, precision), _) => {
            each(KeyCell::Cell(run.value(by, item)?.truncate(*precision)))
        }
        (KeyValue::Items(by, precision), _) => match run.value(by, item)? {
            Cell::List(items) if !items.is_empty() => {
                run.budget.spend(items.len() as u64)?;
                let mut items = items.iter();
                items.try_for_each(|item| each(KeyCell::Cell(item.truncate(*precision))))
            }
            _ => each(KeyCell::Cell(Cell::Null)),
        },
    }
}

fn number_of<'a>(
    run: &Run<'a>,
    cell: KeyCell<'a>,
    values: &mut Vec<KeyCell<'a>>,
    known: &mut HashTable<u32>,
) -> Result<u32, Stop> {
    let same = |number: &u32| values[*number as usize].is(cell);
    let hash = cell.hash();
    if let Some(number) = known.find(hash, same) {
        return Ok(*number);
    }
    run.budget.hold(1)?;
    let number = values.len() as u32;
    values.push(cell);
    known.insert_unique(hash, number, |number| values[*number as usize].hash());
    Ok(number)
}

impl<'a> KeyCell<'a> {
    /// What it is in an answer.
    pub(super) fn to_value(self, run: &Run<'_>) -> Value {
        match self {
            Self::Cell(cell) => cell.to_value(),
            Self::Node(node) => Value::Str(run.snapshot.id(node).into()),
            Self::Type(of) => Value::Str(type_name(run, of).into()),
        }
    }

    /// What it sorts by.
    pub(super) fn sort_cell(self, run: &Run<'a>, chinese: bool) -> SortCell<'a> {
        match self {
            Self::Cell(cell) => SortCell::of(cell, chinese),
            Self::Node(node) => SortCell::of_text(run.snapshot.id(node)),
            Self::Type(of) => SortCell::of(Cell::Str(type_name(run, of)), false),
        }
    }

    /// The order of a field's values where it does not matter, so that answers repeat; nulls last.
    pub(super) fn order(self, other: Self, run: &Run<'_>) -> Ordering {
        match (self, other) {
            (Self::Cell(a), Self::Cell(b)) => a.is_null().cmp(&b.is_null()).then(a.order(b)),
            (Self::Node(a), Self::Node(b)) => run.snapshot.order(a, b),
            (Self::Type(a), Self::Type(b)) => run.snapshot.rank(a).cmp(&run.snapshot.rank(b)),
            (a, b) => matches!(a, Self::Cell(_)).cmp(&matches!(b, Self::Cell(_))),
        }
    }

    fn is(self, other: Self) -> bool {
        match (self, other) {
            (Self::Cell(a), Self::Cell(b)) => a.order(b).is_eq(),
            (Self::Node(a), Self::Node(b)) => a == b,
            (Self::Type(a), Self::Type(b)) => a == b,
            _ => false,
        }
    }

    fn hash(self) -> u64 {
        let mut hasher = FxHasher::default();
        match self {
            Self::Node(node) => node.hash(&mut hasher),
            Self::Type(of) => of.hash(&mut hasher),
            Self::Cell(cell) => cell.feed(&mut hasher),
        }
        hasher.finish()
    }
}

fn type_name<'a>(run: &Run<'a>, of: TypeId) -> &'a str {
    &run.snapshot.ontology().node_type(of).name
}
