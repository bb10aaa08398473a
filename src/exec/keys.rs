//! In which groups is a record? Every value of a key is numbered once, and so is every combination
//! of them; what is read at a neighbour is read once for each neighbour. Not for: what is shown of
//! groups (`summary`).

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
    /// For each combination the number of each field.
    rows: Vec<u32>,
    known: HashTable<u32>,
    count: u32,
    /// The alternatives of each field, while a record is looked at.
    found: Vec<Vec<u32>>,
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
        /// The numbers of the one node that a step leads to.
        one: FxHashMap<Node, Box<[u32]>>,
    },
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
                one: FxHashMap::default(),
            },
        };
        Self {
            fields: fields.iter().map(numbers).collect(),
            rows: Vec::new(),
            known: HashTable::new(),
            count: 0,
            found: vec![Vec::new(); fields.len()],
        }
    }

    /// How many combinations there are.
    pub(super) fn len(&self) -> usize {
        self.count as usize
    }

    /// The numbers of a record's combinations, each once; of no record that of nulls.
    pub(super) fn of(
        &mut self,
        run: &Run<'a>,
        item: Option<Item>,
        numbers: &mut Vec<u32>,
    ) -> Result<(), Stop> {
        for (field, found) in self.fields.iter_mut().zip(&mut self.found) {
            found.clear();
            field.of(run, item, found)?;
        }
        if let [only] = &self.found[..]
            && let [number] = only[..]
            && number < self.count
            && self.rows[number as usize] == number
        {
            // The one field's numbers are those of the combinations.
            numbers.push(number);
            return Ok(());
        }
        self.combine(run, numbers)
    }

    /// Every combination of the alternatives found.
    fn combine(&mut self, run: &Run<'a>, numbers: &mut Vec<u32>) -> Result<(), Stop> {
        let width = self.fields.len();
        let mut row: Vec<u32> = vec![0; width];
        let mut places = vec![0; width];
        loop {
            run.budget.spend(1)?;
            for at in 0..width {
                row[at] = self.found[at][places[at]];
            }
            numbers.push(self.number(run, &row)?);
            let next = (0..width)
                .rev()
                .find(|at| places[*at] + 1 < self.found[*at].len());
            let Some(next) = next else { return Ok(()) };
            places[next] += 1;
            places[next + 1..].fill(0);
        }
    }

    fn number(&mut self, run: &Run<'a>, row: &[u32]) -> Result<u32, Stop> {
        let (width, rows) = (row.len(), &mut self.rows);
        let at = |rows: &[u32], number: u32| {
            let start = number as usize * width;
            rows[start..start + width].to_vec()
        };
        let hash = FxBuildHasher.hash_one(row);
        let same = |number: &u32| {
            let start = *number as usize * width;
            rows[start..start + width] == *row
        };
        if let Some(number) = self.known.find(hash, same) {
            return Ok(*number);
        }
        run.budget.hold(1 + width)?;
        let number = self.count;
        self.count += 1;
        rows.extend_from_slice(row);
        let rehash = |number: &u32| FxBuildHasher.hash_one(&at(rows, *number)[..]);
        self.known.insert_unique(hash, number, rehash);
        Ok(number)
    }

    /// The values of a combination.
    pub(super) fn values(&self, number: u32, values: &mut Vec<KeyCell<'a>>) {
        let width = self.fields.len();
        let start = number as usize * width;
        let row = &self.rows[start..start + width];
        for (field, number) in self.fields.iter().zip(row) {
            match field {
                Numbers::Value { values: own, .. } => values.push(own[*number as usize]),
                Numbers::Through { keys, .. } => keys.values(*number, values),
            }
        }
    }
}

impl<'a> Numbers<'_, 'a> {
    /// The numbers of a record's values, each once.
    fn of(&mut self, run: &Run<'a>, item: Option<Item>, found: &mut Vec<u32>) -> Result<(), Stop> {
        match self {
            Self::Value { of, values, known } => {
                let mut number = |cell| number_of(run, cell, values, known);
                run.budget.spend(1)?;
                each_value(run, of, item, &mut |cell| {
                    found.push(number(cell)?);
                    Ok(())
                })?;
            }
            Self::Through { way, keys, one } => match (way, item) {
                (GroupWay::One(reach), Some(item)) => {
                    let next = run.other_end(reach.hop(), item)?;
                    return at_one(run, next, keys, one, found);
                }
                (GroupWay::Many(reach), Some(item)) => at_many(run, reach, item, keys, found)?,
                (GroupWay::Node, _) => {
                    keys.of(run, item.and_then(Item::node).map(Item::Node), found)?;
                }
                (GroupWay::Edge, _) => {
                    keys.of(run, item.and_then(Item::edge).map(Item::Edge), found)?;
                }
                (GroupWay::Source, _) => {
                    let next = end_of(run, item, Direction::Out);
                    return at_one(run, next, keys, one, found);
                }
                (GroupWay::Target, _) => {
                    let next = end_of(run, item, Direction::In);
                    return at_one(run, next, keys, one, found);
                }
                (_, None) => keys.of(run, None, found)?,
            },
        }
        if found.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
        Ok(())
    }
}

fn end_of(run: &Run<'_>, item: Option<Item>, end: Direction) -> Option<Node> {
    let edge = item.and_then(Item::edge);
    edge.map(|edge| run.end(edge, end))
}

/// At a node that many records may lead to: looked at once.
fn at_one<'a>(
    run: &Run<'a>,
    node: Option<Node>,
    keys: &mut Keys<'_, 'a>,
    one: &mut FxHashMap<Node, Box<[u32]>>,
    found: &mut Vec<u32>,
) -> Result<(), Stop> {
    let Some(node) = node else {
        return keys.of(run, None, found);
    };
    if let Some(known) = one.get(&node) {
        found.extend_from_slice(known);
        return Ok(());
    }
    keys.of(run, Some(Item::Node(node)), found)?;
    run.budget.hold(1 + found.len())?;
    one.insert(node, found.as_slice().into());
    Ok(())
}

/// At each neighbour; where there is none, at none.
fn at_many<'a>(
    run: &Run<'a>,
    reach: &Reach,
    item: Item,
    keys: &mut Keys<'_, 'a>,
    found: &mut Vec<u32>,
) -> Result<(), Stop> {
    let links = match item.node() {
        Some(node) => run.links(reach, node, true)?,
        None => Vec::new(),
    };
    if links.is_empty() {
        return keys.of(run, None, found);
    }
    links
        .into_iter()
        .try_for_each(|link| keys.of(run, Some(link), found))
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
