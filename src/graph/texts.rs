//! Which nodes may have a text that is searched for? The full-text index of a type's base, made when
//! it is first needed, and the nodes that have changed since. Not for: whether a text matches
//! (`search`), or whole values (`index`).

use super::snapshot::Snapshot;
use super::table::{TableBase, TableOver};
use crate::ontology::{NodeType, TypeId};
use crate::search::{Builder, Index, Pattern, Way};
use std::sync::{Arc, OnceLock};

/// The index of a base's texts; none if it could not be made: then every row may match.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextIndex(OnceLock<Option<Arc<Index>>>);

/// An index is made of what it belongs to, so that two never differ by it.
impl PartialEq for TextIndex {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl TextIndex {
    /// One that was stored.
    pub(crate) fn stored(index: Index) -> Self {
        Self(OnceLock::from(Some(Arc::new(index))))
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        let index = self.0.get().and_then(Option::as_ref);
        index.map_or(0, |index| index.bytes())
    }
}

/// How an index names the properties that it is about.
pub(crate) fn fields(of: &NodeType) -> String {
    let names: Vec<&str> = of.searched().map(|at| &*of.properties[at].name).collect();
    names.join(",")
}

impl TableBase {
    /// The index of its texts; made now if it was not yet.
    pub(crate) fn texts(&self, of: &NodeType) -> Option<&Arc<Index>> {
        self.texts.0.get_or_init(|| self.index_texts(of)).as_ref()
    }

    fn index_texts(&self, of: &NodeType) -> Option<Arc<Index>> {
        let mut builder = Builder::default();
        let columns = of
            .searched()
            .filter_map(|at| self.records.columns.get(at)?.as_ref());
        let columns: Vec<_> = columns.collect();
        for row in 0..self.keys.len() {
            for column in &columns {
                let cell = column.cell(row);
                cell.each_text(&mut |text| builder.add(row as u32, text));
            }
        }
        match builder.finish(self.keys.len() as u32, &fields(of)) {
            Ok(index) => Some(Arc::new(index)),
            Err(why) => {
                tracing::error!("no full-text index of {}: {why}", of.name);
                None
            }
        }
    }
}

impl TableOver {
    /// The changed rows that are there and may match, each once.
    fn searched_by(&self, of: &NodeType, pattern: &Pattern, way: Way) -> Vec<u32> {
        let mut rows = self.texts.rows_by(of, pattern, way);
        rows.retain(|row| matches!(self.contents.at(*row), Some(Some(_))));
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

impl Snapshot {
    /// The rows of a concrete type that may match a pattern by a way, in no order, each once. Those
    /// that have changed of late are found by the first way. Cost: of the terms looked up and the
    /// rows found; the first time that of making the index.
    pub fn searched_by(&self, of: TypeId, pattern: &Pattern, way: Way) -> Vec<u32> {
        let (table, declared) = (self.table(of), self.ontology.node_type(of));
        if !declared.is_searched() || pattern.is_empty() {
            return Vec::new();
        }
        let is_first = Way::ALL.first() == Some(&way);
        let Some(index) = table.base.texts(declared) else {
            let all = is_first.then(|| table.iter());
            return all.into_iter().flatten().collect();
        };
        let mut rows = index.rows_by(pattern, way);
        if let Some(over) = &table.over {
            rows.retain(|row| over.contents.at(*row).is_none());
            rows.extend(over.searched_by(declared, pattern, way));
        }
        rows
    }

    /// About how many rows of a concrete type may match a pattern.
    pub fn search_estimate(&self, of: TypeId, pattern: &Pattern) -> usize {
        let (table, declared) = (self.table(of), self.ontology.node_type(of));
        let index = table.base.texts(declared);
        let known = index.map_or(table.count(), |index| index.estimate(pattern));
        let over = table.over.as_ref();
        known + over.map_or(0, |over| over.texts.estimate(pattern))
    }

    /// Makes the full-text indexes that are not made yet.
    pub fn index_texts(&self) {
        for of in self
            .ontology
            .concrete_ids()
            .filter(|of| self.ontology.node_type(*of).is_searched())
        {
            self.table(of).base.texts(self.ontology.node_type(of));
        }
    }

    /// Bytes on the heap that the full-text indexes take.
    pub fn text_bytes(&self) -> usize {
        self.tables
            .iter()
            .map(|table| table.base.texts.bytes())
            .sum()
    }
}
