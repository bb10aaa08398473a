//! Many records in, one graph out, how? Not for: small changes (`change_set`), nor for whether the
//! records are allowed (`check`).

use super::drafts::{Drafts, merged};
use super::references::{Interner, Reference};
use super::snapshot::{Edge, SegmentId, Snapshot};
use super::strings::{Strings, hash_of};
use super::table::Table;
use crate::ontology::{Ontology, RelationshipId, TypeId};
use crate::value::{Cell, Value};
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;
use std::sync::Arc;

/// A node while a graph is being built: a number in its concrete type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Draft(pub u32);

/// An edge while a graph is being built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EdgeDraft {
    pub(crate) pair: u16,
    pub(crate) at: u32,
}

/// Collects nodes and edges for a new graph, on top of one that exists.
#[derive(Debug)]
pub struct Builder {
    pub(crate) snapshot: Snapshot,
    /// By concrete type.
    pub(crate) nodes: Vec<NodeDrafts>,
    pub(crate) edges: Vec<EdgeDrafts>,
    pairs: FxHashMap<(RelationshipId, TypeId, TypeId), u16>,
    pub(crate) interner: Interner,
    /// Edges that exist and shall not, by segment.
    pub(crate) removed: FxHashMap<SegmentId, FxHashSet<u32>>,
}

/// Nodes of one concrete type.
#[derive(Debug)]
pub(crate) struct NodeDrafts {
    /// The nodes that exist: the drafts below [`Table::rows`].
    pub(crate) table: Table,
    pub(crate) keys: Strings,
    by_key: OnceCell<HashTable<u32>>,
    pub(crate) drafts: Drafts,
    /// Existing nodes that were named.
    pub(crate) named: super::bits::Bits,
}

/// New edges of one relationship type between two concrete types.
#[derive(Debug)]
pub(crate) struct EdgeDrafts {
    pub(crate) relationship: RelationshipId,
    pub(crate) source: TypeId,
    pub(crate) target: TypeId,
    pub(crate) existing: Option<SegmentId>,
    pub(crate) ends: Vec<(u32, u32)>,
    pub(crate) drafts: Drafts,
}

impl NodeDrafts {
    /// The first draft that is new.
    pub(crate) fn first(&self) -> u32 {
        self.table.rows() as u32
    }

    /// The key of a draft.
    pub(crate) fn key(&self, draft: u32) -> &str {
        match draft.checked_sub(self.first()) {
            Some(position) => self.keys.at(position as usize),
            None => self.table.key(draft),
        }
    }

    fn by_key(&self) -> &HashTable<u32> {
        self.by_key.get_or_init(|| {
            let mut by_key = HashTable::with_capacity(self.table.count());
            let hash = |row: &u32| hash_of(self.table.key(*row));
            for row in self.table.iter() {
                by_key.insert_unique(hash(&row), row, hash);
            }
            by_key
        })
    }

    fn find(&self, key: &str) -> Option<u32> {
        let same = |draft: &u32| self.key(*draft) == key;
        self.by_key().find(hash_of(key), same).copied()
    }

    fn add(&mut self, key: &str) -> u32 {
        let draft = self.first() + self.keys.len() as u32;
        self.keys.push(key);
        let mut by_key = self.by_key.take().unwrap_or_default();
        by_key.insert_unique(hash_of(key), draft, |draft| hash_of(self.key(*draft)));
        self.by_key = by_key.into();
        draft
    }
}

impl Builder {
    /// Starts with nothing.
    pub fn new(ontology: Arc<Ontology>) -> Self {
        Self::from_snapshot(&Snapshot::empty(ontology))
    }

    /// Starts with all that exists, without copying it.
    pub fn from_snapshot(snapshot: &Snapshot) -> Self {
        let ontology = &snapshot.ontology;
        let drafts = |(table, of): (&Table, TypeId)| NodeDrafts {
            table: table.clone(),
            keys: Strings::default(),
            by_key: OnceCell::new(),
            drafts: Drafts::new(&ontology.node_type(of).properties, table.rows() as u32),
            named: super::bits::Bits::default(),
        };
        let tables = snapshot.tables.iter().zip(ontology.concrete_ids());
        Self {
            nodes: tables.map(drafts).collect(),
            edges: Vec::new(),
            pairs: FxHashMap::default(),
            interner: Interner::new((*snapshot.lists).clone()),
            removed: FxHashMap::default(),
            snapshot: snapshot.clone(),
        }
    }

    fn of(&self, of: TypeId) -> &NodeDrafts {
        &self.nodes[of.0 as usize]
    }

    /// The node of a concrete type and key, and whether it is new.
    pub fn node(&mut self, of: TypeId, key: &str) -> (Draft, bool) {
        let drafts = &mut self.nodes[of.0 as usize];
        match drafts.find(key) {
            Some(draft) => {
                if draft < drafts.first() {
                    drafts.named.set(draft as usize);
                }
                (Draft(draft), false)
            }
            None => (Draft(drafts.add(key)), true),
        }
    }

    /// The node of a concrete type and key, if there is one.
    pub fn find(&self, of: TypeId, key: &str) -> Option<Draft> {
        self.of(of).find(key).map(Draft)
    }

    /// A node's key.
    pub fn key(&self, of: TypeId, draft: Draft) -> &str {
        self.of(of).key(draft.0)
    }

    /// How many nodes of a concrete type there are so far.
    pub fn count(&self, of: TypeId) -> usize {
        self.of(of).table.count() + self.of(of).keys.len()
    }

    /// The keys of a concrete type's nodes, those that exist first.
    pub fn keys(&self, of: TypeId) -> impl Iterator<Item = &str> {
        let drafts = self.of(of);
        let existing = drafts.table.iter().map(|row| drafts.table.key(row));
        existing.chain((0..drafts.keys.len()).map(|at| drafts.keys.at(at)))
    }

    /// The value that a node was given, null included; none if it was given none, or the one that it
    /// had.
    pub fn given(&self, of: TypeId, draft: Draft, property: usize) -> Option<Cell<'_>> {
        self.of(of).drafts.given(draft.0, property)
    }

    /// The value that a node has so far.
    pub fn cell(&self, of: TypeId, draft: Draft, property: usize) -> Cell<'_> {
        let drafts = self.of(of);
        let given = drafts.drafts.given(draft.0, property);
        given.unwrap_or_else(|| drafts.table.column(property).cell(draft.0))
    }

    /// Gives a node a value; null clears it; localized texts replace those of the same languages
    /// only.
    pub fn set(&mut self, of: TypeId, draft: Draft, property: usize, value: Cell<'_>) {
        let current = self.cell(of, draft, property);
        if current.is_null() && value.is_null() || current.order(value).is_eq() {
            return;
        }
        let merge = matches!(current, Cell::Texts(_)) && matches!(value, Cell::Texts(_));
        let owned = merge.then(|| merged(current, value));
        let value = owned.as_ref().map_or(value, Value::as_cell);
        let drafts = &mut self.nodes[of.0 as usize].drafts;
        drafts.set(draft.0, property, value);
    }

    /// Says where a node is taken from besides what was given before.
    pub fn add_references(&mut self, of: TypeId, draft: Draft, references: &[Reference]) {
        let mut code = self.interner.code(references);
        let drafts = &mut self.nodes[of.0 as usize].drafts;
        if let Some(given) = drafts.cited(draft.0) {
            code = self.interner.union(given, code);
        }
        drafts.cite(draft.0, code);
    }

    /// Says where a node is taken from, in place of what was said before. The sources' rows are
    /// drafts of the type `Source`.
    pub fn references(&mut self, of: TypeId, draft: Draft, references: &[Reference]) {
        let code = self.interner.code(references);
        self.nodes[of.0 as usize].drafts.cite(draft.0, code);
    }

    /// An edge between two nodes. If in the end there are several between the same nodes with the
    /// same unique properties, they become one: later values win, values not given stay.
    pub fn edge(
        &mut self,
        of: RelationshipId,
        source: (TypeId, Draft),
        target: (TypeId, Draft),
    ) -> EdgeDraft {
        let symmetric = self.snapshot.ontology.relationship(of).symmetric;
        let ranks = &self.snapshot.ranks;
        let rank = |(of, _): (TypeId, Draft)| ranks[of.0 as usize];
        let turn = symmetric && rank(target) < rank(source);
        let (source, target) = if turn {
            (target, source)
        } else {
            (source, target)
        };
        let pair = self.pair(of, source.0, target.0);
        let edges = &mut self.edges[pair as usize];
        edges.ends.push((source.1.0, target.1.0));
        EdgeDraft {
            pair,
            at: edges.ends.len() as u32 - 1,
        }
    }

    /// Removes an edge that existed before; drafts of the same edge make a new one.
    pub fn remove_edge(&mut self, edge: Edge) {
        self.removed
            .entry(edge.segment)
            .or_default()
            .insert(edge.at);
    }

    fn pair(&mut self, of: RelationshipId, source: TypeId, target: TypeId) -> u16 {
        let (edges, snapshot) = (&mut self.edges, &self.snapshot);
        *self.pairs.entry((of, source, target)).or_insert_with(|| {
            let properties = &snapshot.ontology.relationship(of).properties;
            edges.push(EdgeDrafts {
                relationship: of,
                source,
                target,
                existing: snapshot.segment_between(of, source, target),
                ends: Vec::new(),
                drafts: Drafts::new(properties, 0),
            });
            edges.len() as u16 - 1
        })
    }

    /// Gives an edge a value; null clears it; localized texts replace those of the same languages
    /// only.
    pub fn set_edge(&mut self, edge: EdgeDraft, property: usize, value: Cell<'_>) {
        let drafts = &mut self.edges[edge.pair as usize].drafts;
        let given = drafts.given(edge.at, property);
        let owned = given.map(|given| merged(given, value));
        drafts.set(
            edge.at,
            property,
            owned.as_ref().map_or(value, Value::as_cell),
        );
    }

    /// Says where an edge is taken from, in place of what was said before.
    pub fn edge_references(&mut self, edge: EdgeDraft, references: &[Reference]) {
        let code = self.interner.code(references);
        let drafts = &mut self.edges[edge.pair as usize].drafts;
        drafts.cite(edge.at, code);
    }
}
