//! In which order do records stand? By sort keys, then by id. Not for: which part of them is asked
//! (`window`).

use super::{Item, Run, Stop};
use crate::graph::Edge;
use crate::ontology::{Direction, TypeId};
use crate::plan::{Cursor, SortBy, SortKey};
use crate::value::{Cell, EdgeId, Value, pinyin_key};
use std::cmp::Ordering;

/// A value to sort by.
#[derive(Clone, Debug)]
pub struct SortCell<'a> {
    value: SortValue<'a>,
    /// The collation key of Chinese text.
    pinyin: Option<String>,
}

/// A value of a record, or one that had to be made.
#[derive(Clone, Debug)]
enum SortValue<'a> {
    Cell(Cell<'a>),
    Text(String),
}

impl SortValue<'_> {
    const NULL: Self = Self::Cell(Cell::Null);

    fn cell(&self) -> Cell<'_> {
        match self {
            Self::Cell(cell) => *cell,
            Self::Text(text) => Cell::Str(text),
        }
    }
}

impl<'a> SortCell<'a> {
    fn new(value: SortValue<'a>, key: &SortKey) -> Self {
        Self::collated(value, key.by.is_chinese())
    }

    /// A value; Chinese text stands in the order of pinyin.
    pub(super) fn of(cell: Cell<'a>, chinese: bool) -> Self {
        Self::collated(SortValue::Cell(cell), chinese)
    }

    /// A text that had to be made.
    pub(super) fn of_text(text: String) -> Self {
        Self::collated(SortValue::Text(text), false)
    }

    fn collated(value: SortValue<'a>, chinese: bool) -> Self {
        let pinyin = match value.cell() {
            Cell::Str(text) if chinese => Some(pinyin_key(text)),
            _ => None,
        };
        Self { value, pinyin }
    }

    fn order(&self, other: &Self, key: &SortKey) -> Ordering {
        self.turned(other, key.descending, key.nulls_first)
    }

    /// Compares as a key with this turn does.
    pub(super) fn turned(&self, other: &Self, descending: bool, nulls_first: bool) -> Ordering {
        let (a, b) = (self.value.cell(), other.value.cell());
        match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) if nulls_first => Ordering::Less,
            (true, false) => Ordering::Greater,
            (false, true) if nulls_first => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => {
                let order = self.pinyin.cmp(&other.pinyin).then_with(|| a.order(b));
                if descending { order.reverse() } else { order }
            }
        }
    }
}

/// Compares two rows of sort values.
pub(super) fn order_rows(a: &[SortCell<'_>], b: &[SortCell<'_>], keys: &[SortKey]) -> Ordering {
    let mut orders = keys
        .iter()
        .zip(a.iter().zip(b))
        .map(|(key, (a, b))| a.order(b, key));
    orders
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// The cursor of a record in an order.
///
/// # Errors
/// If the budget is used up.
pub fn cursor_of(run: &Run<'_>, item: Item, keys: &[SortKey]) -> Result<Cursor, Stop> {
    let mut values = Vec::with_capacity(keys.len());
    for key in keys {
        values.push(run.sort_value(&key.by, item)?.cell().to_value());
    }
    if let Some(edge) = item.edge() {
        values.extend(run.unique_values(edge));
    }
    Ok(Cursor {
        values,
        id: run.item_id(item),
    })
}

impl<'a> Run<'a> {
    /// The sort values of a record.
    pub(super) fn sort_row(
        &self,
        item: Item,
        keys: &[SortKey],
        row: &mut Vec<SortCell<'a>>,
    ) -> Result<(), Stop> {
        for key in keys {
            row.push(SortCell::new(self.sort_value(&key.by, item)?, key));
        }
        Ok(())
    }

    /// A value of a record that is stored or counted, so not an id.
    pub(super) fn value(&self, by: &SortBy, item: Item) -> Result<Cell<'a>, Stop> {
        if let SortBy::Property(at) = by {
            return Ok(self.property(at, item));
        }
        Ok(match self.sort_value(by, item)? {
            SortValue::Cell(cell) => cell,
            SortValue::Text(_) => Cell::Null,
        })
    }

    fn sort_value(&self, by: &SortBy, item: Item) -> Result<SortValue<'a>, Stop> {
        Ok(SortValue::Cell(match by {
            SortBy::Id => return Ok(SortValue::Text(self.item_id(item))),
            SortBy::Key => item
                .node()
                .map_or(Cell::Null, |node| Cell::Str(self.snapshot.key(node))),
            SortBy::Property(at) => self.property(at, item),
            SortBy::Text {
                at,
                languages,
                strict,
            } => text_in(self.property(at, item), languages, *strict),
            SortBy::Label(languages) => match item.node() {
                Some(node) => text_in(self.label(node), languages, false),
                None => Cell::Null,
            },
            SortBy::Through(hop, by) => {
                return self.value_of(by, self.other_end(hop, item)?.map(Item::Node));
            }
            SortBy::Count(links) => self.count_of(links, item)?,
            SortBy::Measure(links, measure) => self.measure_of(links, measure, item)?,
            SortBy::Node(by) => return self.value_of(by, item.node().map(Item::Node)),
            SortBy::Edge(by) => return self.value_of(by, item.edge().map(Item::Edge)),
            SortBy::Source(by) => return self.value_of(by, self.end_of(item, Direction::Out)),
            SortBy::Target(by) => return self.value_of(by, self.end_of(item, Direction::In)),
        }))
    }

    fn value_of(&self, by: &SortBy, item: Option<Item>) -> Result<SortValue<'a>, Stop> {
        item.map_or(Ok(SortValue::NULL), |item| self.sort_value(by, item))
    }

    fn end_of(&self, item: Item, end: Direction) -> Option<Item> {
        item.edge().map(|edge| Item::Node(self.end(edge, end)))
    }

    fn property(&self, at: &[(Option<TypeId>, usize)], item: Item) -> Cell<'a> {
        match item {
            Item::Edge(edge) => at
                .first()
                .map_or(Cell::Null, |(_, at)| self.snapshot.edge_cell(edge, *at)),
            Item::Node(node) | Item::Link(_, node) => {
                let found = at.iter().find(|(of, _)| *of == Some(node.of));
                found.map_or(Cell::Null, |(_, at)| self.snapshot.cell(node, *at))
            }
        }
    }

    /// Calls for a property of each record; its column is looked for once for each type.
    pub(super) fn properties(
        &self,
        at: &[(Option<TypeId>, usize)],
        items: &[Item],
        mut each: impl FnMut(Cell<'a>),
    ) {
        let (mut of, mut column) = (None, None);
        for item in items {
            let Some(node) = item.node() else {
                each(self.property(at, *item));
                continue;
            };
            if of != Some(node.of) {
                of = Some(node.of);
                let found = at.iter().find(|(wanted, _)| *wanted == of);
                column = found.map(|(_, at)| self.snapshot.column(node.of, *at));
            }
            each(column.map_or(Cell::Null, |column| column.cell(node.row)));
        }
    }

    fn item_id(&self, item: Item) -> String {
        match item {
            Item::Node(node) => self.snapshot.id(node),
            Item::Edge(edge) | Item::Link(edge, _) => self.snapshot.edge_id(edge).to_string(),
        }
    }

    fn unique_values(&self, edge: Edge) -> impl Iterator<Item = Value> {
        let relationship = self.snapshot.segment(edge.segment).relationship;
        let unique = &self.snapshot.ontology().relationship(relationship).unique;
        unique
            .iter()
            .map(move |at| self.snapshot.edge_cell(edge, *at).to_value())
    }

    /// What edges are ordered by: their ends' ids, then their unique values.
    pub(super) fn edge_order_key(&self, edge: Edge) -> EdgeOrder {
        let (source, target) = self.snapshot.ends(edge);
        EdgeOrder(
            self.snapshot.id(source),
            self.snapshot.id(target),
            self.unique_values(edge).collect(),
        )
    }

    /// Compares two records of one kind by id.
    pub(super) fn order_by_id(&self, a: Item, b: Item) -> Ordering {
        match (a, b) {
            (Item::Node(a), Item::Node(b)) => self.snapshot.order(a, b),
            _ => match (a.edge(), b.edge()) {
                (Some(a), Some(b)) => self.edge_order_key(a).cmp(&self.edge_order_key(b)),
                (a, b) => a.is_some().cmp(&b.is_some()),
            },
        }
    }

    /// Where a record stands to a cursor in an order.
    pub(super) fn order_to_cursor(
        &self,
        row: &[SortCell<'a>],
        item: Item,
        cursor: &Cursor,
        keys: &[SortKey],
    ) -> Ordering {
        let cells: Vec<SortCell<'_>> = keys
            .iter()
            .zip(&cursor.values)
            .map(|(key, value)| SortCell::new(SortValue::Cell(value.as_cell()), key))
            .collect();
        order_rows(row, &cells, keys).then_with(|| match item {
            Item::Node(node) => self.snapshot.id(node).as_str().cmp(&cursor.id),
            Item::Edge(edge) | Item::Link(edge, _) => {
                let unique = cursor.values.get(keys.len()..).unwrap_or_default().to_vec();
                let place =
                    EdgeId::parse(&cursor.id).map(|id| EdgeOrder(id.source, id.target, unique));
                Some(self.edge_order_key(edge)).cmp(&place)
            }
        })
    }
}

/// The order of edges.
#[derive(Debug, PartialEq)]
pub(super) struct EdgeOrder(String, String, Vec<Value>);

impl Eq for EdgeOrder {}

impl PartialOrd for EdgeOrder {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EdgeOrder {
    fn cmp(&self, other: &Self) -> Ordering {
        let values = || {
            let mut orders = self
                .2
                .iter()
                .zip(&other.2)
                .map(|(a, b)| a.as_cell().order(b.as_cell()));
            orders
                .find(|order| order.is_ne())
                .unwrap_or_else(|| self.2.len().cmp(&other.2.len()))
        };
        self.0
            .cmp(&other.0)
            .then_with(|| self.1.cmp(&other.1))
            .then_with(values)
    }
}

fn text_in<'a>(cell: Cell<'a>, languages: &[String], strict: bool) -> Cell<'a> {
    let Cell::Texts(texts) = cell else {
        return cell;
    };
    let text = if strict {
        languages
            .iter()
            .find_map(|language| texts.in_language(language))
    } else {
        texts.first_of(languages)
    };
    text.map_or(Cell::Null, Cell::Str)
}
