//! What would a mutation do? Its operations, in order, over a graph of its own. Not for: making it
//! durable (`db`), nor the rules over several records (`judge`).

use super::place::{Place, Places};
use super::work::{EdgeKey, NodeKey, Work};
use super::{Code, EdgeInput, Edit, NodeInput, Operation, Part, Refusals, Rules, Violation, judge};
use crate::graph::{ChangeSet, Citation, Edge, Node, Snapshot};
use crate::ontology::{Ontology, RelationshipId, TypeId};
use rustc_hash::FxHashSet;

/// Operations that become one commit, or nothing.
pub struct Transaction<'a> {
    pub(super) rules: &'a Rules,
    pub(super) work: Work,
    pub(super) places: Places,
    pub(super) refusals: Refusals,
    /// Fields that were refused, by the place of their record, so that they are not also missed.
    pub(super) faulty: FxHashSet<(Place, Box<str>)>,
    outcomes: Vec<Outcome>,
    /// The graph before the operation that is running, and as much of it as may be seen; none: all.
    seen: Option<(Snapshot, Snapshot)>,
    /// What the operation that is running has done so far.
    pub(super) done: Outcome,
    /// Asked before each record whether to go on.
    watch: &'a dyn Fn() -> bool,
}

/// What one operation did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The nodes that it was asked for (not those created along with them), in the order of the
    /// request; deleted ones too.
    pub nodes: Vec<NodeKey>,
    /// The edges that it was asked for, likewise.
    pub edges: Vec<EdgeKey>,
    /// How many records of its kind (nodes, or edges) it created; nodes that it created along with
    /// others count too.
    pub created: usize,
    /// How many of those asked for it changed; one that was so already does not count.
    pub updated: usize,
    /// How many records of its kind it removed.
    pub deleted: usize,
    /// How many edges it created.
    pub relationships_created: usize,
    /// How many edges it removed.
    pub relationships_deleted: usize,
}

/// A transaction that may be committed.
#[derive(Clone, Debug)]
pub struct Checked {
    /// All that changes, with what it was before; empty if nothing does.
    pub changes: ChangeSet,
    /// The graph with it.
    pub graph: Snapshot,
    /// What each operation did.
    pub outcomes: Vec<Outcome>,
}

impl<'a> Transaction<'a> {
    /// Begins with a graph as it is; its next commit is the revision of what this makes.
    pub fn new(rules: &'a Rules, base: &Snapshot) -> Self {
        Self {
            rules,
            work: Work::new(base),
            places: Places::default(),
            refusals: Refusals::default(),
            faulty: FxHashSet::default(),
            outcomes: Vec::new(),
            seen: None,
            done: Outcome::default(),
            watch: &|| true,
        }
    }

    /// The same, but it is asked for each record whether to go on. If not, it is left half done, for
    /// whoever runs it to throw away.
    #[must_use]
    pub fn watched(self, watch: &'a dyn Fn() -> bool) -> Self {
        Self { watch, ..self }
    }

    /// Whether to go on with the next record.
    pub(super) fn goes_on(&self) -> bool {
        (self.watch)()
    }

    /// The graph as it is after the operations so far, for the `where` of the next one.
    pub fn graph(&mut self) -> &Snapshot {
        self.settle();
        self.work.graph()
    }

    /// Tells as much of [`Transaction::graph`] as whoever writes may see: what is not in it cannot be
    /// named by the next operation.
    pub fn see(&mut self, seen: Snapshot) {
        self.seen = Some((self.graph().clone(), seen));
    }

    /// Whether there is a node that whoever writes may name.
    pub(super) fn has_node(&self, key: &NodeKey) -> bool {
        !self.hides_node(key) && self.work.has_node(key)
    }

    /// Whether there was a node that whoever writes may not see.
    pub(super) fn hides_node(&self, (of, key): &NodeKey) -> bool {
        let has = |graph: &Snapshot| graph.node(*of, key).is_some();
        let seen = self.seen.as_ref();
        seen.is_some_and(|(all, seen)| has(all) && !has(seen))
    }

    /// Whether there was an edge that whoever writes may not see.
    pub(super) fn hides_edge(&self, key: &EdgeKey) -> bool {
        let seen = self.seen.as_ref();
        seen.is_some_and(|(all, seen)| key.find(all).is_some() && key.find(seen).is_none())
    }

    /// The graph as whoever writes sees it, for hints.
    pub(super) fn shown(&self) -> &Snapshot {
        let seen = self.seen.as_ref().map(|(_, seen)| seen);
        seen.unwrap_or_else(|| self.work.graph())
    }

    /// What each operation has done so far.
    pub fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    /// Runs a root field; `name` is its response key. What is wrong is kept for
    /// [`Transaction::finish`], and the rest goes on, so that all of it is told at once.
    pub fn run(&mut self, name: &str, operation: &Operation) {
        self.settle();
        let place = self.places.root(name);
        match operation {
            Operation::CreateNodes { of, input } => self.create_nodes(*of, input, place),
            Operation::UpdateNodes {
                nodes,
                edit,
                if_revision,
            } => self.update_nodes(nodes, edit, *if_revision, place),
            Operation::UpsertNodes { of, input } => self.upsert_nodes(*of, input, place),
            Operation::DeleteNodes { nodes, cascade } => self.delete_nodes(nodes, *cascade, place),
            Operation::CreateEdges { of, input } => self.create_edges(*of, input, place),
            Operation::UpdateEdges {
                edges,
                edit,
                if_revision,
            } => self.update_edges(edges, edit, *if_revision, place),
            Operation::DeleteEdges { edges } => self.delete_edges(edges, place),
        }
        self.outcomes.push(std::mem::take(&mut self.done));
    }

    /// Checks that the sources of the commit's own references exist; `name` is the root field's
    /// response key.
    pub fn cite(&mut self, name: &str, references: &[Citation]) {
        let place = self.places.root(name);
        let list = self.places.under(place, "references");
        for (at, citation) in references.iter().enumerate() {
            let here = self.places.under(list, at);
            self.check_source(&citation.source, here);
        }
    }

    /// Notes something that is wrong for whoever runs the transaction; `path` begins with the root
    /// field's response key.
    pub fn refuse_at(&mut self, code: Code, path: Vec<Part>, violation: Violation) {
        self.refusals.add(code, || path, violation);
    }

    /// Judges the whole by the rules of the ontology. Cost: microseconds for each record touched.
    ///
    /// # Errors
    /// All that is wrong, with the places in the request.
    pub fn finish(mut self) -> Result<Checked, Refusals> {
        match self.work.finish() {
            Err(wrong) => self.bug(wrong),
            Ok((changes, graph)) => {
                judge::judge(&mut self, &changes, &graph);
                if self.refusals.is_empty() {
                    return Ok(Checked {
                        changes,
                        graph,
                        outcomes: self.outcomes,
                    });
                }
            }
        }
        Err(self.refusals)
    }

    pub(super) fn settle(&mut self) {
        if let Err(wrong) = self.work.settle() {
            self.bug(wrong);
        }
    }

    fn bug(&mut self, wrong: String) {
        let path = Vec::new;
        self.refusals
            .add(Code::Internal, path, Violation::new(wrong));
    }

    pub(super) fn ontology(&self) -> &'a Ontology {
        self.rules.ontology()
    }

    pub(super) fn refuse(&mut self, code: Code, place: Place, violation: Violation) {
        let places = &self.places;
        self.refusals.add(code, || places.path(place), violation);
    }

    fn create_nodes(&mut self, of: TypeId, input: &[NodeInput], place: Place) {
        let list = self.places.under(place, "input");
        for (at, node) in input.iter().enumerate() {
            let here = self.places.under(list, at);
            let key = self.create_node(of, node, here, here);
            self.done.nodes.push(key);
            if !self.goes_on() {
                break;
            }
        }
    }

    fn update_nodes(&mut self, nodes: &[Node], edit: &Edit, since: Option<u64>, place: Place) {
        let fields = self.places.under(place, "set");
        let keys: Vec<NodeKey> = nodes.iter().map(|node| self.work.node_key(*node)).collect();
        let of = keys.first().map(|(of, _)| *of);
        let untied = of.map(|of| self.unlink(of, &edit.links, fields));
        let untied = untied.unwrap_or_default();
        for key in keys {
            let changed = self.work.base().node(key.0, &key.1);
            let changed = changed.map_or(0, |node| self.work.base().changed(node));
            let id = || super::id_of(self.rules.ontology(), &key);
            if let Some(conflict) = conflict(since, changed, id) {
                self.refuse(Code::Conflict, place, conflict);
            }
            let changed = self.update_node(&key, edit, fields);
            self.done.updated += usize::from(changed || untied.contains(&key));
            self.done.nodes.push(key);
            if !self.goes_on() {
                break;
            }
        }
    }

    fn upsert_nodes(&mut self, of: TypeId, input: &[NodeInput], place: Place) {
        let list = self.places.under(place, "input");
        for (at, node) in input.iter().enumerate() {
            let here = self.places.under(list, at);
            let key = (of, node.key.clone().unwrap_or_default());
            let set = self.places.under(here, "set");
            let key = if self.has_node(&key) {
                let untied = self.unlink(of, &node.edit.links, set);
                let changed = self.update_node(&key, &node.edit, set);
                self.done.updated += usize::from(changed || !untied.is_empty());
                key
            } else {
                self.create_node(of, node, here, set)
            };
            self.done.nodes.push(key);
            if !self.goes_on() {
                break;
            }
        }
    }

    fn create_edges(&mut self, of: RelationshipId, input: &[EdgeInput], place: Place) {
        let list = self.places.under(place, "input");
        for (at, edge) in input.iter().enumerate() {
            let here = self.places.under(list, at);
            if let Some(key) = self.create_edge(of, edge, here) {
                self.done.edges.push(key);
            }
            if !self.goes_on() {
                break;
            }
        }
        self.done.created = self.done.relationships_created;
    }

    fn update_edges(&mut self, edges: &[Edge], edit: &Edit, since: Option<u64>, place: Place) {
        let fields = self.places.under(place, "set");
        let keys: Vec<EdgeKey> = edges.iter().map(|edge| self.work.edge_key(*edge)).collect();
        for key in keys {
            let changed = self.work.edge_changed_before(&key);
            if let Some(conflict) = conflict(since, changed, || key.id(self.ontology())) {
                self.refuse(Code::Conflict, place, conflict);
            }
            let changed = self.update_edge(&key, edit, fields);
            self.done.updated += usize::from(changed);
            self.done.edges.push(key);
            if !self.goes_on() {
                break;
            }
        }
    }

    fn delete_edges(&mut self, edges: &[Edge], place: Place) {
        for edge in edges {
            let key = self.work.edge_key(*edge);
            self.remove_edge(&key, place);
            self.done.edges.push(key);
            if !self.goes_on() {
                break;
            }
        }
        self.done.deleted = self.done.relationships_deleted;
    }
}

/// That a record was changed after the commit at which it was read.
fn conflict(since: Option<u64>, changed: u64, id: impl Fn() -> String) -> Option<Violation> {
    let since = since.filter(|since| *since < changed)?;
    let wrong = format!(
        "{} was changed by commit {changed}, after revision {since}",
        id()
    );
    let hint = "read it again, and write with the revision that it has then";
    Some(Violation::new(wrong).at("ifRevision").hint(hint))
}
