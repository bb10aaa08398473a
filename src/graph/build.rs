//! How do drafts become a graph? Nodes here, edges in `merge`. Not for: collecting the drafts
//! (`builder`).

use super::builder::{Builder, Draft, EdgeDraft, NodeDrafts};
use super::cells::Cells;
use super::column::Records;
use super::index::{Permutation, is_indexed};
use super::merge::{Origins, Segments, finish_edges};
use super::references::Interner;
use super::segment::Segment;
use super::snapshot::{Edge, Node, SegmentId, Snapshot};
use super::strings::Strings;
use super::table::{Table, TableBase};
use super::texts::TextIndex;
use crate::ontology::{NodeType, Ontology, Property, TypeId};
use crate::value::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// A finished graph and what became of the drafts.
#[derive(Debug)]
pub struct Built {
    /// The graph.
    pub snapshot: Snapshot,
    /// What happened to nodes that were named.
    pub nodes: Counts,
    /// What happened to edges that were named.
    pub edges: Counts,
    /// Drafts of edges that say the same edge as one before them, each behind that one.
    pub repeats: Vec<(EdgeDraft, EdgeDraft)>,
    /// Edges of the graph before that were removed; the same edges may have been given anew.
    pub(crate) removed: FxHashMap<SegmentId, FxHashSet<u32>>,
    orders: Vec<Order>,
    origins: Vec<Origins>,
}

/// What happened to records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// They are new.
    pub created: usize,
    /// They existed, and something has changed.
    pub updated: usize,
    /// They existed as they were given.
    pub unchanged: usize,
    /// They existed and do no longer.
    pub removed: usize,
}

/// Which drafts of one concrete type became which rows; none: each its own.
#[derive(Debug, Default)]
pub(crate) struct Order {
    /// By row.
    drafts: Option<Vec<u32>>,
    /// By draft.
    rows: Option<Vec<u32>>,
}

impl Order {
    fn new(drafts: Vec<u32>, count: usize) -> Self {
        let mut rows = vec![u32::MAX; count];
        for (row, draft) in (0..).zip(&drafts) {
            rows[*draft as usize] = row;
        }
        Self {
            drafts: Some(drafts),
            rows: Some(rows),
        }
    }

    /// The row of a draft.
    #[inline]
    pub(crate) fn row(&self, draft: u32) -> u32 {
        match &self.rows {
            None => draft,
            Some(rows) => rows[draft as usize],
        }
    }

    /// The row of a draft that may be gone.
    fn kept(&self, draft: u32) -> Option<u32> {
        let row = self.row(draft);
        (row != u32::MAX).then_some(row)
    }

    /// The draft of a row.
    fn draft(&self, row: u32) -> u32 {
        match &self.drafts {
            None => row,
            Some(drafts) => drafts[row as usize],
        }
    }

    /// Whether some node has another row than before.
    pub(crate) fn has_moved(&self) -> bool {
        self.rows.is_some()
    }
}

impl Built {
    /// Whether anything differs from the graph that the builder started with.
    pub fn has_changed(&self) -> bool {
        self.changed() > 0
    }

    /// The node that a draft became.
    pub fn node(&self, of: TypeId, draft: Draft) -> Node {
        let row = self.orders[of.0 as usize].row(draft.0);
        Node { of, row }
    }

    /// The draft that became a node.
    pub fn node_draft(&self, node: Node) -> Draft {
        Draft(self.orders[node.of.0 as usize].draft(node.row))
    }

    /// The last draft that became an edge; none if it existed and was not named.
    pub fn edge_draft(&self, edge: Edge) -> Option<EdgeDraft> {
        let origins = self.origins.get(edge.segment.0 as usize)?;
        let at = *origins.drafts.get(edge.at as usize)?;
        let pair = origins.pair;
        (at != u32::MAX).then_some(EdgeDraft { pair, at })
    }
}

impl Builder {
    /// Makes the graph. Records that have changed are marked with `revision`; if none has, the
    /// graph keeps the revision that it had. Cost: about a microsecond for each record of the types
    /// concerned; what is not concerned is shared with the graph before.
    ///
    /// # Errors
    /// If there are more nodes of a type, or edges between two types, than 32 bits can count.
    pub fn finish(mut self, revision: u64) -> Result<Built, String> {
        self.check_size()?;
        self.intern_changed();
        let ontology = self.snapshot.ontology.clone();
        let mut nodes = Counts::default();
        let mut orders = Vec::new();
        for (at, of) in ontology.concrete_ids().enumerate() {
            let drafts = &mut self.nodes[at];
            let (order, counts) = finish_nodes(drafts, (&ontology, of), &self.interner, revision);
            nodes.add(counts);
            orders.push(order);
        }
        let Segments {
            segments,
            origins,
            counts: edges,
            repeats,
        } = finish_edges(&mut self, &orders, revision);
        let sources = &orders[Ontology::SOURCE.0 as usize];
        let lists = self.interner.lists.moved(|row| sources.kept(row));
        let mut snapshot = Snapshot {
            tables: self.nodes.into_iter().map(|drafts| drafts.table).collect(),
            lists: Arc::new(lists),
            ..self.snapshot
        };
        snapshot.arrange(segments);
        let mut built = Built {
            snapshot,
            nodes,
            edges,
            repeats,
            removed: self.removed,
            orders,
            origins,
        };
        if built.has_changed() {
            built.snapshot.revision = revision;
        }
        Ok(built)
    }

    /// Gives the references of changed records codes.
    fn intern_changed(&mut self) {
        let tables = self.snapshot.tables.iter().filter_map(Table::contents);
        let segments = self.snapshot.segments.iter();
        for contents in tables.chain(segments.filter_map(Segment::contents)) {
            for content in contents.iter().filter_map(|(_, content)| content.as_ref()) {
                self.interner.code(&content.references);
            }
        }
    }

    fn check_size(&self) -> Result<(), String> {
        let most = u32::MAX as usize / 2;
        let nodes = self.nodes.iter().map(|n| n.table.rows() + n.keys.len());
        let edges = self.edges.iter().map(|e| e.ends.len());
        match nodes.chain(edges).max().unwrap_or(0) {
            count if count < most => Ok(()),
            count => Err(format!(
                "{count} records of one kind are too many: {most} are possible"
            )),
        }
    }
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.removed += other.removed;
    }
}

/// Brings a type's drafts into its table.
fn finish_nodes(
    drafts: &mut NodeDrafts,
    (ontology, of): (&Ontology, TypeId),
    interner: &Interner,
    revision: u64,
) -> (Order, Counts) {
    let of = ontology.node_type(of);
    let named = drafts.named.ones();
    let changed = changed_nodes(drafts, of, interner);
    let counts = Counts {
        created: drafts.keys.len(),
        updated: changed.len(),
        unchanged: named.saturating_sub(changed.len()),
        removed: 0,
    };
    let moved = drafts.keys.len() > 0 || drafts.table.over.is_some();
    if !moved && changed.is_empty() {
        return (Order::default(), counts);
    }
    let rows = in_order(drafts);
    let mut base = TableBase {
        keys: Strings::default(),
        records: records(drafts, &rows, &changed, interner, revision),
        indexes: Vec::new(),
        texts: TextIndex::default(),
    };
    rows.iter()
        .for_each(|draft| base.keys.push(drafts.key(*draft)));
    base.keys.shrink();
    for (property, declared) in of.properties.iter().enumerate() {
        let column = node_column(drafts, property, declared, &rows);
        let index = || column.as_ref().map(Permutation::new).unwrap_or_default();
        base.indexes
            .push(is_indexed(ontology, of, property).then(index));
        base.records.columns.push(column);
    }
    let order = match moved {
        true => Order::new(rows, drafts.first() as usize + drafts.keys.len()),
        false => Order::default(),
    };
    drafts.table = Table {
        base: Arc::new(base),
        over: None,
    };
    (order, counts)
}

/// The existing nodes that differ from what they were.
fn changed_nodes(drafts: &NodeDrafts, of: &NodeType, interner: &Interner) -> FxHashSet<u32> {
    let mut older = drafts.drafts.older();
    let differs = |draft: u32| {
        let mut properties = 0..of.properties.len();
        let value = properties.any(|property| {
            let given = drafts.drafts.given(draft, property);
            let current = drafts.table.column(property).cell(draft);
            given.is_some_and(|given| given.order(current).is_ne())
        });
        let code = drafts.drafts.cited(draft);
        value || code.is_some_and(|code| code != existing_code(drafts, interner, draft))
    };
    older.retain(|draft| differs(*draft));
    older
}

fn existing_code(drafts: &NodeDrafts, interner: &Interner, draft: u32) -> i64 {
    let records = &drafts.table.base.records;
    match draft < drafts.first() {
        true => records.code(drafts.table.contents(), interner, draft),
        false => 0,
    }
}

/// All drafts that exist, in order of their keys.
fn in_order(drafts: &NodeDrafts) -> Vec<u32> {
    let first = drafts.first();
    let mut added: Vec<u32> = (first..first + drafts.keys.len() as u32).collect();
    let is_sorted = added.is_sorted_by(|a, b| drafts.key(*a) < drafts.key(*b));
    if !is_sorted {
        added.sort_unstable_by(|a, b| drafts.key(*a).cmp(drafts.key(*b)));
    }
    let mut all = Vec::with_capacity(drafts.table.count() + added.len());
    let mut added = added.into_iter().peekable();
    for row in drafts.table.iter() {
        while let Some(draft) = added.next_if(|draft| drafts.key(*draft) < drafts.table.key(row)) {
            all.push(draft);
        }
        all.push(row);
    }
    all.extend(added);
    all
}

/// References and revisions, without columns.
fn records(
    drafts: &NodeDrafts,
    rows: &[u32],
    changed: &FxHashSet<u32>,
    interner: &Interner,
    revision: u64,
) -> Records {
    let mut records = Records::default();
    let (existing, first) = (&drafts.table, drafts.first());
    for draft in rows {
        let is_new = *draft >= first || changed.contains(draft);
        let revision = match is_new {
            true => revision,
            false => existing.base.records.changed(existing.contents(), *draft),
        };
        records.changed.push(revision as i64);
        let code = drafts.drafts.cited(*draft);
        let code = code.unwrap_or_else(|| existing_code(drafts, interner, *draft));
        records.references.push(code);
    }
    records.changed.shrink();
    records.references.shrink();
    records
}

fn node_column(
    drafts: &mut NodeDrafts,
    property: usize,
    declared: &Property,
    rows: &[u32],
) -> Option<Cells> {
    let mut cells = Cells::new(declared);
    let (existing, first) = (drafts.table.column(property), drafts.first());
    let default = declared.default.as_ref().map(Value::as_cell);
    if default.is_none() && !drafts.drafts.has(property) && existing.is_empty() {
        return None;
    }
    let mut all_null = true;
    for draft in rows {
        let given = drafts.drafts.given(*draft, property);
        let default = default.filter(|_| *draft >= first);
        let cell = given.or(default);
        let cell = cell.unwrap_or_else(|| existing.cell(*draft));
        all_null = all_null && cell.is_null();
        cells.push(cell);
    }
    drafts.drafts.drop_column(property);
    cells.pack();
    (!all_null).then_some(cells)
}
