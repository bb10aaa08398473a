//! Which of the nodes that have changed since the base was built may have a text that is searched for?
//! Those that changed last are named one by one, the others lie in layers, each of which gets an index
//! when search first needs it. Not for: the base (`texts`).

use super::column::{Content, Contents};
use super::texts::fields;
use crate::ontology::NodeType;
use crate::search::{Builder, Index, Pattern, Way};
use std::sync::{Arc, OnceLock};

/// So many changes make a layer: as many are judged one by one or indexed in a few milliseconds.
const LAYER: usize = if cfg!(test) { 3 } else { 1024 };

/// The changed nodes of a type by their rows: what they are now, and perhaps what they were before.
#[derive(Clone, Debug, Default)]
pub(crate) struct ChangedTexts {
    layers: Vec<Arc<Layer>>,
    /// Changed since the last layer was made, each as often as it did.
    recent: Vec<u32>,
}

/// Some changed nodes as they were when the layer was made.
#[derive(Debug)]
struct Layer {
    changed: Vec<(u32, Arc<Content>)>,
    /// Of positions in `changed`. None in it if it could not be made: then each may match.
    index: OnceLock<Option<Index>>,
}

impl ChangedTexts {
    /// A row has changed; `contents` has it already.
    pub(crate) fn add(&mut self, row: u32, contents: &Contents) {
        self.recent.push(row);
        if self.recent.len() < LAYER {
            return;
        }
        let mut rows = std::mem::take(&mut self.recent);
        rows.sort_unstable();
        rows.dedup();
        let content = |row: u32| Some((row, contents.at(row)?.clone()?));
        self.layers.push(Arc::new(Layer {
            changed: rows.into_iter().filter_map(content).collect(),
            index: OnceLock::new(),
        }));
    }

    /// The rows that may match a pattern by a way, in no order, some more than once. Those without an
    /// index are found by the first way, which makes one index that is missing.
    pub(crate) fn rows_by(&self, of: &NodeType, pattern: &Pattern, way: Way) -> Vec<u32> {
        let is_first = Way::ALL.first() == Some(&way);
        let mut rows = Vec::new();
        if is_first {
            rows.extend(&self.recent);
            let missing = self.layers.iter().find(|layer| layer.index.get().is_none());
            missing.map(|layer| layer.index.get_or_init(|| layer.indexed(of)));
        }
        for layer in &self.layers {
            match layer.index.get() {
                Some(Some(index)) => {
                    let found = index.rows_by(pattern, way).into_iter();
                    rows.extend(found.filter_map(|at| Some(layer.changed.get(at as usize)?.0)));
                }
                _ if is_first => rows.extend(layer.changed.iter().map(|(row, _)| row)),
                _ => {}
            }
        }
        rows
    }

    /// About how many rows may match a pattern.
    pub(crate) fn estimate(&self, pattern: &Pattern) -> usize {
        let of = |layer: &Arc<Layer>| match layer.index.get() {
            Some(Some(index)) => index.estimate(pattern),
            _ => layer.changed.len(),
        };
        self.recent.len() + self.layers.iter().map(of).sum::<usize>()
    }
}

impl Layer {
    fn indexed(&self, of: &NodeType) -> Option<Index> {
        let mut builder = Builder::default();
        for (at, (_, content)) in (0..).zip(&self.changed) {
            for value in of.searched().filter_map(|at| content.values.get(at)) {
                let mut add = |text: &str| builder.add(at, text);
                value.as_cell().each_text(&mut add);
            }
        }
        let index = builder.finish(self.changed.len() as u32, &fields(of));
        index
            .inspect_err(|why| tracing::error!("no full-text index of changed {}: {why}", of.name))
            .ok()
    }
}
