//! Which records come first in an order that needs no sorting? From a cursor on, until there are
//! enough. Not for: orders for which all matches must be known (`window`).

use super::rows::Page;
use super::window::Wanted;
use super::{Item, Run, Stop};
use crate::graph::{Edge, Node};
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{Access, Collection, Cursor, Start, Walk, Window};
use crate::value::{Cell, EdgeId, NodeId, Value};
use std::cmp::Ordering;

/// Records one after the other.
type Items<'s> = Box<dyn Iterator<Item = Result<Item, Stop>> + 's>;

/// Nodes one after the other.
type Nodes<'s> = Box<dyn Iterator<Item = Node> + 's>;

/// A page and what is known about it.
type Found = (Vec<Item>, Page);

/// The records of a root field in order.
#[derive(Clone, Copy)]
struct Order<'c> {
    edges: Option<RelationshipId>,
    collection: &'c Collection,
    wanted: Wanted,
}

impl<'a> Run<'a> {
    /// The part that a window shows, if it can be had without reading all.
    pub(super) fn walked(
        &self,
        edges: Option<RelationshipId>,
        collection: &Collection,
        wanted: Wanted,
    ) -> Result<Option<Found>, Stop> {
        let Window {
            first,
            last,
            after,
            before,
            ..
        } = &collection.window;
        let bounded = first.is_some() || last.is_some() || after.is_some() || before.is_some();
        // Between two cursors, which may stand the wrong way round, all is looked at.
        let between = after.is_some() && before.is_some();
        if collection.walk == Walk::Sort || !bounded || between || wanted.all {
            return Ok(None);
        }
        let total = match (wanted.total, self.whole_count(edges, collection)) {
            (false, _) => 0,
            (true, Some(total)) => total,
            (true, None) => return Ok(None),
        };
        let order = Order {
            edges,
            collection,
            wanted,
        };
        let (items, page) = if let Some(found) = self.first_of_all(order)? {
            found
        } else if first.is_none() && last.is_some() {
            self.last_page(order)?
        } else {
            self.first_page(order)?
        };
        Ok(Some((items, Page { total, ..page })))
    }

    /// How many records there are, if nothing filters them.
    pub(super) fn whole_count(
        &self,
        edges: Option<RelationshipId>,
        collection: &Collection,
    ) -> Option<u64> {
        if let Some(edges) = edges {
            let whole = collection.filter.is_none();
            return whole.then(|| self.snapshot.edge_count(edges) as u64);
        }
        let mut starts = collection.starts.iter();
        // A filter that an access implies is not tested again.
        let is_whole =
            |start: &Start| start.filter.is_none() && matches!(start.access, Access::All);
        let whole = starts.all(is_whole);
        let starts = collection.starts.iter();
        whole.then(|| starts.map(|s| self.snapshot.count(s.of) as u64).sum())
    }

    /// The first page by id, where nothing is filtered or left out.
    fn first_of_all(&self, order: Order<'_>) -> Result<Option<Found>, Stop> {
        let Order { collection, .. } = order;
        let by_id = Walk::ById { descending: false };
        let first = match &collection.window {
            Window {
                first: Some(first),
                last: None,
                after: None,
                before: None,
                offset: 0,
            } if collection.walk == by_id => *first,
            _ => return Ok(None),
        };
        let Some(total) = self.whole_count(order.edges, collection) else {
            return Ok(None);
        };
        if order.edges.is_some() {
            return Ok(None);
        }
        let next = total > first as u64;
        let count = first.min(total as usize);
        self.budget.candidates(count + usize::from(next))?;
        let mut items = Vec::with_capacity(count);
        for start in &collection.starts {
            let nodes = self.snapshot.nodes(start.of).take(count - items.len());
            items.extend(nodes.map(Item::Node));
        }
        let previous = false;
        let total = 0;
        Ok(Some((
            items,
            Page {
                total,
                next,
                previous,
            },
        )))
    }

    fn first_page(&self, order: Order<'_>) -> Result<Found, Stop> {
        let window = &order.collection.window;
        let (mut items, mut page) = (Vec::new(), Page::default());
        let mut skip = window.offset;
        let mut passed = window.after.is_none();
        for item in self.matching(order, window.after.as_ref(), false)? {
            let item = item?;
            passed = passed || self.place(order, item, window.after.as_ref())?.is_gt();
            if !passed || skip > 0 {
                skip -= usize::from(passed);
                page.previous = true;
                continue;
            }
            let ended =
                window.before.is_some() && self.place(order, item, window.before.as_ref())?.is_ge();
            if ended || window.first.is_some_and(|first| items.len() >= first) {
                page.next = true;
                break;
            }
            items.push(item);
        }
        if let Some(extra) = window.last.and_then(|last| items.len().checked_sub(last)) {
            page.previous |= extra > 0;
            items.drain(..extra);
        }
        if order.wanted.previous && !page.previous && window.after.is_some() {
            page.previous = self.is_any(order, window.after.as_ref(), true)?;
        }
        Ok((items, page))
    }

    fn last_page(&self, order: Order<'_>) -> Result<Found, Stop> {
        let window = &order.collection.window;
        let (mut items, mut page) = (Vec::new(), Page::default());
        let mut passed = window.before.is_none();
        for item in self.matching(order, window.before.as_ref(), true)? {
            let item = item?;
            passed = passed || self.place(order, item, window.before.as_ref())?.is_lt();
            if !passed {
                page.next = true;
                continue;
            }
            let ended =
                window.after.is_some() && self.place(order, item, window.after.as_ref())?.is_le();
            if ended || window.last.is_some_and(|last| items.len() >= last) {
                page.previous = true;
                break;
            }
            items.push(item);
        }
        items.reverse();
        if order.wanted.next && !page.next && window.before.is_some() {
            page.next = self.is_any(order, window.before.as_ref(), false)?;
        }
        Ok((items, page))
    }

    /// Whether any record stands at a cursor or on one side of it.
    fn is_any(&self, order: Order<'_>, at: Option<&Cursor>, back: bool) -> Result<bool, Stop> {
        for item in self.matching(order, at, back)? {
            let place = self.place(order, item?, at)?;
            if place.is_eq() || place.is_lt() == back {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Where a record stands to a cursor; equal without one.
    fn place(
        &self,
        order: Order<'_>,
        item: Item,
        cursor: Option<&Cursor>,
    ) -> Result<Ordering, Stop> {
        let Some(cursor) = cursor else {
            return Ok(Ordering::Equal);
        };
        let keys = &order.collection.sort;
        let mut row = Vec::with_capacity(keys.len());
        self.sort_row(item, keys, &mut row)?;
        Ok(self.order_to_cursor(&row, item, cursor, keys))
    }

    /// The matches in the order asked for or against it, from about a cursor on.
    fn matching<'s>(
        &'s self,
        order: Order<'s>,
        from: Option<&'s Cursor>,
        back: bool,
    ) -> Result<Items<'s>, Stop> {
        let Order {
            edges, collection, ..
        } = order;
        if let Some(edges) = edges {
            let items = self.edges_from(edges, &collection.access, from, back)?;
            let filter = collection.filter.as_ref();
            return Ok(self.kept(items, move |item| self.accepts(filter, item)));
        }
        match collection.walk {
            Walk::ByIndex {
                property,
                descending,
            } => Ok(self.by_index(&collection.starts, property, descending, from, back)),
            Walk::ById { descending } => self.by_id(&collection.starts, from, back != descending),
            Walk::Sort => Ok(Box::new(std::iter::empty())),
        }
    }

    /// Those records that pass a test.
    fn kept<'s>(
        &'s self,
        items: impl Iterator<Item = Result<Item, Stop>> + 's,
        passes: impl Fn(Item) -> Result<bool, Stop> + 's,
    ) -> Items<'s> {
        let kept = move |item: Result<Item, Stop>| -> Result<Option<Item>, Stop> {
            let item = item?;
            self.budget.candidate()?;
            Ok(passes(item)?.then_some(item))
        };
        Box::new(items.filter_map(move |item| kept(item).transpose()))
    }

    /// Nodes by id, from that of a cursor on.
    fn by_id<'s>(
        &'s self,
        starts: &'s [Start],
        from: Option<&Cursor>,
        back: bool,
    ) -> Result<Items<'s>, Stop> {
        let mut parts = Vec::new();
        for start in starts {
            if let Some(key) = self.key_in(start.of, from.map(|cursor| &*cursor.id), back) {
                let nodes = self.nodes_of(start, key, back)?;
                let items = nodes.map(|node| Ok(Item::Node(node)));
                let filter = start.filter.as_deref();
                parts.push(self.kept(items, move |item| self.accepts(filter, item)));
            }
        }
        if back {
            parts.reverse();
        }
        Ok(Box::new(parts.into_iter().flatten()))
    }

    /// From which key on the nodes of a type follow an id, if any do; none: all of them.
    fn key_in<'i>(&self, of: TypeId, id: Option<&'i str>, back: bool) -> Option<Option<&'i str>> {
        let Some(id) = id.and_then(NodeId::parse) else {
            return Some(None);
        };
        // Types stand in the order of their names with the colon of the ids.
        let name = &self.snapshot.ontology().node_type(of).name;
        match format!("{name}:").cmp(&format!("{}:", id.type_name)) {
            Ordering::Equal => Some(Some(id.key)),
            Ordering::Less if back => Some(None),
            Ordering::Greater if !back => Some(None),
            _ => None,
        }
    }

    /// The nodes of a start by id, from a key on.
    fn nodes_of(&self, start: &Start, key: Option<&str>, back: bool) -> Result<Nodes<'a>, Stop> {
        if matches!(start.access, Access::All) {
            return Ok(self.all_of(start.of, key, back));
        }
        let mut nodes = self.gathered(start)?;
        if back {
            nodes.reverse();
        }
        let is_before = |node: &Node| {
            let order = key.map(|key| self.snapshot.key(*node).cmp(key));
            order
                == Some(if back {
                    Ordering::Greater
                } else {
                    Ordering::Less
                })
        };
        let skip = nodes.partition_point(is_before);
        Ok(Box::new(nodes.into_iter().skip(skip)))
    }

    /// All nodes of a type by id, from a key on.
    fn all_of(&self, of: TypeId, key: Option<&str>, back: bool) -> Nodes<'a> {
        let snapshot = self.snapshot;
        match (key, back) {
            (None, false) => Box::new(snapshot.nodes(of)),
            (None, true) => Box::new(snapshot.nodes(of).rev()),
            (Some(key), false) => Box::new(snapshot.nodes_from(of, key)),
            (Some(key), true) => Box::new(snapshot.nodes_to(of, key).rev()),
        }
    }

    /// Nodes by the values of an index, then those without a value by id; from a cursor on.
    fn by_index<'s>(
        &'s self,
        starts: &'s [Start],
        property: usize,
        descending: bool,
        from: Option<&'s Cursor>,
        back: bool,
    ) -> Items<'s> {
        let Some(start) = starts.first() else {
            return Box::new(std::iter::empty());
        };
        let filter = start.filter.as_deref();
        let value = from.and_then(|cursor| cursor.values.first());
        let among_nulls = value == Some(&Value::Null);
        let key = from.and_then(|cursor| NodeId::parse(&cursor.id));
        let key = key.filter(|_| among_nulls).map(|id| id.key);
        let nulls = self.all_of(start.of, key, back);
        let nulls = self.kept(nulls.map(|node| Ok(Item::Node(node))), move |item| {
            let is_null = |node| self.snapshot.cell(node, property).is_null();
            Ok(item.node().is_some_and(is_null) && self.accepts(filter, item)?)
        });
        let at = value.filter(|_| !among_nulls).map(Value::as_cell);
        let valued = self.valued(start.of, property, at, (descending != back, back));
        let valued = self.kept(valued, move |item| self.accepts(filter, item));
        match (back, among_nulls) {
            (false, true) => nulls,
            (false, false) => Box::new(valued.chain(nulls)),
            (true, false) if value.is_some() => valued,
            (true, _) => Box::new(nulls.chain(valued)),
        }
    }

    /// The nodes of an index from a value on, those of equal value in the order of ids (`back`:
    /// against it).
    fn valued<'s>(
        &'s self,
        of: TypeId,
        property: usize,
        from: Option<Cell<'_>>,
        (descending, back): (bool, bool),
    ) -> impl Iterator<Item = Result<Item, Stop>> + 's {
        let snapshot = self.snapshot;
        let index = snapshot.index(of, property);
        let rows = index.map(|index| index.in_order(from, descending));
        let mut nodes = rows
            .into_iter()
            .flatten()
            .map(move |row| Node { of, row })
            .peekable();
        let runs = std::iter::from_fn(move || {
            let mut run = vec![nodes.next()?];
            let value = snapshot.cell(run[0], property);
            let equal = |node: &Node| snapshot.cell(*node, property).order(value).is_eq();
            while let Some(next) = nodes.next_if(equal) {
                run.push(next);
            }
            run.sort_unstable_by(|a, b| snapshot.order(*a, *b));
            if back {
                run.reverse();
            }
            let spent = self.budget.entries(run.len());
            let items = run
                .into_iter()
                .map(move |node| spent.map(|()| Item::Node(node)));
            Some(items)
        });
        runs.flatten()
    }

    /// Edges by id, from those of the source of a cursor on.
    fn edges_from<'s>(
        &'s self,
        of: RelationshipId,
        access: &Access,
        from: Option<&Cursor>,
        back: bool,
    ) -> Result<Items<'s>, Stop> {
        if !matches!(access, Access::All) {
            let mut edges = self.gathered_edges(of, access)?;
            if back {
                edges.reverse();
            }
            return Ok(Box::new(edges.into_iter().map(|edge| Ok(Item::Edge(edge)))));
        }
        let id = from.and_then(|cursor| EdgeId::parse(&cursor.id));
        let id = id.as_ref().map(|id| &*id.source);
        let segments = self.snapshot.segments(of).iter();
        let mut sources: Vec<TypeId> = segments.map(|s| self.snapshot.segment(*s).source).collect();
        sources.dedup();
        if back {
            sources.reverse();
        }
        let parts = sources.into_iter().filter_map(|source| {
            let key = self.key_in(source, id, back)?;
            Some(self.all_of(source, key, back))
        });
        let nodes = parts.collect::<Vec<_>>().into_iter().flatten();
        Ok(Box::new(
            nodes.flat_map(move |node| self.edges_of(of, node, back)),
        ))
    }

    /// The edges of a source by id.
    fn edges_of(&self, of: RelationshipId, node: Node, back: bool) -> Vec<Result<Item, Stop>> {
        let mut edges = Vec::new();
        for id in self.snapshot.segments(of) {
            let neighbours = self.snapshot.neighbours(*id, node, true);
            edges.extend(neighbours.map(|(_, at)| Ok(Item::Edge(Edge { segment: *id, at }))));
        }
        if back {
            edges.reverse();
        }
        match self.budget.spend(1 + edges.len() as u64) {
            Ok(()) => edges,
            Err(stop) => vec![Err(stop)],
        }
    }
}
