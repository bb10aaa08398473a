//! How does a small commit become a new snapshot? Nodes here, edges in `apply_edge`. Not for: many
//! records at once (`builder`).

use super::change_set::{ChangeSet, Citation, EdgeChange, NodeChange, State, Was};
use super::column::{Content, Records, tags};
use super::index::{is_indexed, item};
use super::links::Links;
use super::references::Reference;
use super::snapshot::{Node, SegmentId, Snapshot};
use super::table::{Added, Table, TableOver};
use crate::ontology::{NodeType, Ontology};
use crate::value::{Cell, Value};
use std::sync::Arc;

impl Snapshot {
    /// The graph after a commit. Shares all that is the same; costs microseconds for each changed
    /// record, and more the more records have changed since the last [`Snapshot::compact`].
    ///
    /// # Errors
    /// If the commit does not follow this snapshot: an end of an edge, or a source of a reference,
    /// does not exist.
    pub fn apply(&self, changes: &ChangeSet) -> Result<Self, String> {
        let mut next = self.clone();
        next.advance(changes)?;
        Ok(next)
    }

    /// Becomes the graph after a commit. Cheaper than [`Snapshot::apply`] for many commits in a row,
    /// since nothing is kept of the graphs between.
    ///
    /// # Errors
    /// As [`Snapshot::apply`]; the graph is then of no use.
    pub fn advance(&mut self, changes: &ChangeSet) -> Result<(), String> {
        let since = changes.revision;
        let nodes = changes.nodes.iter().map(|change| (change, since));
        let edges = changes.edges.iter().map(|change| (change, since));
        self.turn(since, nodes, edges)
    }

    /// Becomes the graph before a commit, which is the last of this one: each record is what it was,
    /// since when it was that. Costs as much as [`Snapshot::advance`].
    ///
    /// # Errors
    /// If the commit is not the last of this graph; it is then of no use.
    pub fn retreat(&mut self, changes: &ChangeSet) -> Result<(), String> {
        if changes.revision != self.revision {
            let (found, wanted) = (changes.revision, self.revision);
            return Err(format!("the last commit is {wanted}, not {found}"));
        }
        let since = |was: &Option<Box<Was>>| was.as_ref().map_or(0, |was| was.changed);
        let state = |was: &Option<Box<Was>>| was.as_ref().map(|was| was.state.clone());
        let nodes = changes.nodes.iter().map(|change| NodeChange {
            state: state(&change.before),
            before: None,
            key: change.key.clone(),
            ..*change
        });
        let edges = changes.edges.iter().map(|change| EdgeChange {
            state: state(&change.before),
            before: None,
            ..change.clone()
        });
        let (nodes, edges): (Vec<_>, Vec<_>) = (nodes.collect(), edges.collect());
        let nodes_since = changes.nodes.iter().map(|change| since(&change.before));
        let edges_since = changes.edges.iter().map(|change| since(&change.before));
        let revision = changes.revision - 1;
        self.turn(
            revision,
            nodes.iter().zip(nodes_since),
            edges.iter().zip(edges_since),
        )
    }

    /// Puts records in place of those that there are, each with the commit that changed it last.
    fn turn<'c>(
        &mut self,
        revision: u64,
        nodes: impl Iterator<Item = (&'c NodeChange, u64)>,
        edges: impl Iterator<Item = (&'c EdgeChange, u64)>,
    ) -> Result<(), String> {
        self.revision = revision;
        let (kept, removed): (Vec<_>, Vec<_>) =
            nodes.partition(|(change, _)| change.state.is_some());
        // Whatever cites a source finds it, another source too.
        for (change, _) in &kept {
            if change.of == Ontology::SOURCE {
                self.row(change);
            }
        }
        for (change, since) in kept {
            self.put_node(change, since)?;
        }
        let mut links = Links::default();
        for (change, since) in edges {
            self.put_edge(change, since, &mut links)?;
        }
        self.link(links)?;
        self.remove_nodes(&removed)
    }

    /// How many records have changed since the bases were built: when they are many, it is time to
    /// [`Snapshot::compact`].
    pub fn changes(&self) -> usize {
        let tables = self.tables.iter().filter_map(Table::contents);
        let segments = self.segments.iter().filter_map(|s| s.contents());
        tables.chain(segments).map(|contents| contents.len()).sum()
    }

    fn put_node(&mut self, change: &NodeChange, revision: u64) -> Result<(), String> {
        let Some(state) = &change.state else {
            return Ok(());
        };
        let content = Arc::new(self.content(state, revision)?);
        let row = self.row(change);
        let ontology = self.ontology.clone();
        let declared = ontology.node_type(change.of);
        let table = &mut self.tables[change.of.0 as usize];
        table.replace(&ontology, declared, row, Some(content));
        Ok(())
    }

    /// The row of a node, made if there is none.
    fn row(&mut self, change: &NodeChange) -> u32 {
        let table = &mut self.tables[change.of.0 as usize];
        let row = table.find(&change.key);
        row.unwrap_or_else(|| table.add(&change.key))
    }

    /// A state with its sources found.
    pub(super) fn content(&self, state: &State, revision: u64) -> Result<Content, String> {
        let references = state
            .references
            .iter()
            .map(|citation| self.reference(citation));
        Ok(Content {
            values: state.values.clone(),
            references: references.collect::<Result<_, _>>()?,
            changed: revision,
        })
    }

    fn reference(&self, citation: &Citation) -> Result<Reference, String> {
        let source = self.node(Ontology::SOURCE, &citation.source);
        let missing = || {
            format!(
                "a reference names the source {}, which is not there",
                citation.source
            )
        };
        Ok(Reference {
            source: source.ok_or_else(missing)?,
            locator: citation.locator.clone(),
            fields: citation.fields.clone(),
            note: citation.note.clone(),
        })
    }

    /// Removes nodes with all their edges.
    fn remove_nodes(&mut self, removed: &[(&NodeChange, u64)]) -> Result<(), String> {
        let nodes = removed
            .iter()
            .filter_map(|(change, _)| self.node(change.of, &change.key));
        let nodes: Vec<Node> = nodes.collect();
        let mut links = Links::default();
        for id in (0..self.segments.len() as u16).map(SegmentId) {
            for (node, along) in nodes
                .iter()
                .flat_map(|node| [(*node, true), (*node, false)])
            {
                let edges = self.neighbours(id, node, along).map(|(_, at)| at);
                for at in edges.collect::<Vec<u32>>() {
                    self.remove_edge(id, at, &mut links);
                }
            }
        }
        self.link(links)?;
        let ontology = self.ontology.clone();
        for node in nodes {
            let declared = ontology.node_type(node.of);
            self.tables[node.of.0 as usize].remove(&ontology, declared, node.row);
        }
        Ok(())
    }
}

impl Table {
    pub(super) fn over_mut(&mut self) -> &mut TableOver {
        let next = self.base.keys.len() as u32;
        let over = self.over.get_or_insert_with(|| {
            Arc::new(TableOver {
                next,
                ..TableOver::default()
            })
        });
        Arc::make_mut(over)
    }

    /// A new row for a key that has none.
    fn add(&mut self, key: &str) -> u32 {
        let before = self.base.keys.lower_bound(key) as u32;
        let added = self.over.as_ref().map_or(&[][..], |over| &over.added);
        let place = added.partition_point(|added| self.key(added.row) < key);
        let over = self.over_mut();
        let row = over.next;
        over.next += 1;
        over.keys.put(row, key.into());
        Arc::make_mut(&mut over.added).insert(place, Added { before, row });
        row
    }

    /// Puts a row's content in place of what it had.
    fn replace(
        &mut self,
        ontology: &Ontology,
        of: &NodeType,
        row: u32,
        content: Option<Arc<Content>>,
    ) {
        let base = self.base.clone();
        let over = self.over_mut();
        let old = over.contents.at(row).cloned().flatten();
        let value = |content: &Option<Arc<Content>>, property: usize| {
            let values = content.as_ref().map(|content| &content.values);
            values.and_then(|values| values.get(property)).cloned()
        };
        let differs = |at: &usize| value(&old, *at) != value(&content, *at);
        let indexed = (0..of.properties.len()).filter(|at| is_indexed(ontology, of, *at));
        let indexed: Vec<usize> = indexed.filter(differs).collect();
        for at in &indexed {
            over.index(*at, row, value(&old, *at).as_ref(), false);
        }
        over.contents.put(row, content.clone());
        for at in &indexed {
            over.index(*at, row, value(&content, *at).as_ref(), true);
        }
        if let Some(content) = &content {
            if of.is_searched() {
                over.texts.add(row, &over.contents);
            }
            add_languages(&base.records, &mut over.extra, content);
        }
    }

    pub(super) fn remove(&mut self, ontology: &Ontology, of: &NodeType, row: u32) {
        self.replace(ontology, of, row, None);
        let base = self.base.keys.len() as u32;
        let over = self.over_mut();
        if row < base {
            over.removed += 1;
        } else {
            Arc::make_mut(&mut over.added).retain(|added| added.row != row);
        }
    }
}

/// How many entries of a value are put into an index one by one: each moves all behind it.
const ONE_BY_ONE: usize = 32;

impl TableOver {
    /// Puts the entries of a row's value into an index of changed rows, or takes them out; the
    /// value must be that in `contents`.
    fn index(&mut self, property: usize, row: u32, value: Option<&Value>, put: bool) {
        if self.entries.len() <= property {
            self.entries.resize(property + 1, Arc::default());
        }
        let entries = Arc::make_mut(&mut self.entries[property]);
        let items = items(value);
        if items.len() > ONE_BY_ONE {
            match put {
                true => entries.extend(items.iter().map(|(number, _)| (row, *number))),
                false => entries.retain(|(other, _)| *other != row),
            }
            let cell = |entry| item(&self.contents, property, entry);
            // What was there is in order already, and sorted in one pass.
            return entries.sort_by(|a, b| cell(*a).order(cell(*b)).then(a.cmp(b)));
        }
        for (number, cell) in items {
            let entry = (row, number);
            let place = entries.partition_point(|other| {
                let order = item(&self.contents, property, *other).order(cell);
                order.then(other.cmp(&entry)).is_lt()
            });
            if put {
                entries.insert(place, entry);
            } else if entries.get(place) == Some(&entry) {
                entries.remove(place);
            }
        }
    }
}

/// The parts of a value that an index has, with their positions.
fn items(value: Option<&Value>) -> Vec<(u32, Cell<'_>)> {
    let cells: Vec<Cell<'_>> = match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::List(items)) => items.iter().map(Value::as_cell).collect(),
        Some(Value::Texts(texts)) => texts.iter().map(|(_, text)| Cell::Str(text)).collect(),
        Some(value) => vec![value.as_cell()],
    };
    (0..).zip(cells).collect()
}

/// Remembers languages that the base has not.
pub(super) fn add_languages(records: &Records, extra: &mut Vec<Vec<Box<str>>>, content: &Content) {
    for (property, value) in content.values.iter().enumerate() {
        let Value::Texts(texts) = value else { continue };
        let base = records.columns.get(property).and_then(Option::as_ref);
        let known = base.map_or(&[][..], tags);
        if extra.len() <= property {
            extra.resize(property + 1, Vec::new());
        }
        for (language, _) in texts {
            if !known.contains(language) && !extra[property].contains(language) {
                extra[property].push(language.clone());
            }
        }
    }
}
