//! Which document says so? Not for: the sources themselves, which are nodes.

use super::snapshot::{Edge, Node, Snapshot};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// Where a record is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    /// The node of the built-in type `Source`.
    pub source: Node,
    /// Where in the source.
    pub locator: Option<Box<str>>,
    /// For which fields; none: for the record as a whole.
    pub fields: Option<Box<[Box<str>]>>,
    /// A remark.
    pub note: Option<Box<str>>,
}

impl Snapshot {
    /// The nodes and edges that cite one of some sources, named by their rows. Cost: a look at every
    /// record.
    pub fn citing(&self, sources: &FxHashSet<u32>) -> (Vec<Node>, Vec<Edge>) {
        let cites = |references: &[Reference]| {
            let mut cited = references.iter();
            cited.any(|reference| sources.contains(&reference.source.row))
        };
        let nodes = self.ontology.concrete_ids().flat_map(|of| self.nodes(of));
        let edges = self.all_segments().flat_map(|(id, _)| self.edges(id));
        let nodes = nodes.filter(|node| cites(self.references(*node)));
        let edges = edges.filter(|edge| cites(self.edge_references(*edge)));
        (nodes.collect(), edges.collect())
    }
}

/// Distinct lists of references; a record holds the position of its list. The first is empty.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReferenceLists(Vec<Arc<[Reference]>>);

impl Default for ReferenceLists {
    fn default() -> Self {
        Self(vec![Arc::new([])])
    }
}

impl ReferenceLists {
    /// From stored lists, of which the first is empty.
    pub(crate) fn new(lists: Vec<Arc<[Reference]>>) -> Self {
        Self(lists)
    }

    /// The list of a code; empty for a code that there is not.
    pub(crate) fn at(&self, code: i64) -> &[Reference] {
        self.0.get(code as usize).map_or(&[], |list| list)
    }

    /// How many lists there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// All lists by code.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<[Reference]>> {
        self.0.iter()
    }

    /// The same lists without the references that fail a test.
    pub(crate) fn filtered(&self, passes: &dyn Fn(&Reference) -> bool) -> Self {
        let lists = self.0.iter().map(|list| match list.iter().all(passes) {
            true => list.clone(),
            false => list.iter().filter(|each| passes(each)).cloned().collect(),
        });
        Self(lists.collect())
    }

    /// The same lists with every source's row replaced. A source that is gone has none: no record
    /// cites it any more, and the lists that did keep their codes without it.
    pub(crate) fn moved(&self, row: impl Fn(u32) -> Option<u32>) -> Self {
        let mut lists = self.clone();
        for list in &mut lists.0 {
            let moved = list.iter().filter_map(|reference| {
                let mut moved = reference.clone();
                moved.source.row = row(reference.source.row)?;
                Some(moved)
            });
            *list = moved.collect();
        }
        lists
    }
}

/// Gives equal lists of references the same code.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    pub(crate) lists: ReferenceLists,
    codes: FxHashMap<Arc<[Reference]>, i64>,
    last: i64,
}

impl Interner {
    /// Goes on from lists that have codes already.
    pub(crate) fn new(lists: ReferenceLists) -> Self {
        let codes = lists.iter().cloned().zip(0..).collect();
        Self {
            lists,
            codes,
            last: 0,
        }
    }

    /// The code of one list with what another has besides.
    pub(crate) fn union(&mut self, first: i64, second: i64) -> i64 {
        let mut list = self.lists.at(first).to_vec();
        for reference in self.lists.at(second) {
            if !list.contains(reference) {
                list.push(reference.clone());
            }
        }
        self.code(&list)
    }

    /// The code of a list that was interned.
    pub(crate) fn find(&self, list: &[Reference]) -> Option<i64> {
        self.codes.get(list).copied()
    }

    /// The code of a list.
    pub(crate) fn code(&mut self, list: &[Reference]) -> i64 {
        if self.lists.at(self.last) == list {
            return self.last;
        }
        self.last = self.codes.get(list).copied().unwrap_or_else(|| {
            let code = self.lists.0.len() as i64;
            let list: Arc<[Reference]> = list.into();
            self.lists.0.push(list.clone());
            self.codes.insert(list, code);
            code
        });
        self.last
    }
}
