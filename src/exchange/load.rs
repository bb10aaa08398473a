//! How do rows become drafts of a graph? Not for: reading rows (`stream`), nor for rules over the
//! finished graph (`change`).

use super::ends::{find_node, missing};
use super::load_edges::{ToOne, to_one_fields};
use super::origin::{Origin, Origins};
use super::problem::{Place, Problem, Problems};
use super::row::{Pass, Row, RowReference};
use super::stream::Batch;
use crate::change::{Kind, Rules, Violation, check_key};
use crate::graph::{Builder, Draft, Node, Reference, Snapshot};
use crate::ontology::{Ontology, TypeId};
use crate::value::{Cell, Value};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Lays rows on a graph that is being built.
pub(super) struct Loader<'a> {
    pub(super) rules: &'a Rules,
    pub(super) builder: Builder,
    pub(super) origins: Origins,
    pub(super) problems: Problems,
    /// By concrete type and draft.
    pub(super) nodes: Vec<Vec<Origin>>,
    /// By edge draft.
    pub(super) edges: Vec<Vec<Origin>>,
    pub(super) records: u64,
    /// The graph before.
    pub(super) base: &'a Snapshot,
    pub(super) to_one: Vec<Vec<ToOne>>,
    /// Sources that are cited but were not given so far, and where they are first cited.
    awaited: FxHashMap<Draft, (Origin, Box<str>)>,
    /// The references looked up last.
    last: Option<(Arc<[RowReference]>, Vec<Reference>)>,
    file: usize,
    nodes_are_read: bool,
}

impl<'a> Loader<'a> {
    pub(super) fn new(rules: &'a Rules, base: &'a Snapshot, origins: Origins) -> Self {
        Self {
            rules,
            builder: Builder::from_snapshot(base),
            origins,
            problems: Problems::default(),
            nodes: vec![Vec::new(); rules.ontology().concrete as usize],
            edges: Vec::new(),
            records: 0,
            base,
            to_one: to_one_fields(rules.ontology()),
            awaited: FxHashMap::default(),
            last: None,
            file: 0,
            nodes_are_read: false,
        }
    }

    /// Lays a batch on the graph.
    pub(super) fn load(&mut self, batch: &mut Batch) {
        self.file = batch.file;
        self.problems.append(&mut batch.problems);
        let pass = batch.pass;
        if pass == Pass::Edges {
            self.end_nodes();
        }
        for row in batch.rows() {
            let origin = self.origins.of(self.file, row.line);
            let loaded = match (row.kind, pass) {
                (Kind::Node(of), Pass::Nodes) => self.load_node(of, row, origin),
                (Kind::Node(of), Pass::Edges) => self.load_ends(of, row, origin),
                (Kind::Edge(of), _) => self.load_edge(of, row, origin),
            };
            if let Err(violation) = loaded {
                self.report(origin, violation);
            }
        }
        if let Some(lines) = batch.lines {
            self.origins.of(self.file, lines);
        }
    }

    pub(super) fn report(&mut self, origin: Origin, violation: Violation) {
        let place = self.origins.place(origin);
        self.problems
            .add(Problem::new(place.unwrap_or_else(Place::stored), violation));
    }

    /// Reports the sources that are cited but given nowhere. To be called after all nodes.
    pub(super) fn end_nodes(&mut self) {
        self.nodes_are_read = true;
        let mut awaited: Vec<_> = self.awaited.drain().map(|(_, cited)| cited).collect();
        awaited.sort_unstable();
        for (origin, key) in awaited {
            let wrong = missing(self.rules.ontology(), &self.builder, Ontology::SOURCE, &key);
            self.report(origin, wrong.at("references"));
        }
    }

    fn load_node(&mut self, of: TypeId, row: &Row, origin: Origin) -> Result<(), Violation> {
        check_key(&row.key).map_err(|violation| violation.at("key"))?;
        let (draft, _) = self.builder.node(of, &row.key);
        self.records += 1;
        let before = self.note_node(of, draft, origin);
        if self.origins.is_in(before, self.file) {
            return Err(self.twice(of, &row.key, before));
        }
        if of == Ontology::SOURCE {
            self.awaited.remove(&draft);
        }
        for (property, value) in &row.values {
            self.set(of, draft, *property, value, before)?;
        }
        for (property, language) in &row.cleared {
            self.clear_text(of, draft, *property, language);
        }
        self.cite(row, origin, |builder, references| {
            builder.add_references(of, draft, references);
        })
    }

    /// Notes where a node is from; gives where it was from before.
    fn note_node(&mut self, of: TypeId, draft: Draft, origin: Origin) -> Origin {
        note(&mut self.nodes[of.0 as usize], draft.0 as usize, origin)
    }

    fn twice(&self, of: TypeId, key: &str, before: Origin) -> Violation {
        let name = &self.rules.ontology().node_type(of).name;
        let place = self.origins.place(before);
        let line = place.and_then(|place| place.line).unwrap_or(0);
        Violation::new(format!("{name} `{key}` is already given in line {line}"))
            .at("key")
            .hint("give a record once in a file")
    }

    /// Gives a node a value, which must not differ from that of another file of this run.
    fn set(
        &mut self,
        of: TypeId,
        draft: Draft,
        property: usize,
        value: &Value,
        before: Origin,
    ) -> Result<(), Violation> {
        if before != Origin::default()
            && let Some(given) = self.builder.given(of, draft, property)
            && differs(given, value.as_cell())
        {
            let name = &self.rules.ontology().node_type(of).properties[property].name;
            let place = self.origins.place(before).unwrap_or_else(Place::stored);
            let wrong = format!("differs from what another file says of this record ({place})");
            return Err(Violation::new(wrong)
                .at(name)
                .hint("give the value once, or the same"));
        }
        self.builder.set(of, draft, property, value.as_cell());
        Ok(())
    }

    /// Removes a localized text in one language.
    fn clear_text(&mut self, of: TypeId, draft: Draft, property: usize, language: &str) {
        let mut value = self.builder.cell(of, draft, property).to_value();
        if let Value::Texts(texts) = &mut value {
            texts.retain(|(tag, _)| &**tag != language);
            self.builder.set(of, draft, property, Cell::Null);
            if !texts.is_empty() {
                self.builder.set(of, draft, property, value.as_cell());
            }
        }
    }

    /// Looks up a row's references and hands them on, if it has any.
    pub(super) fn cite(
        &mut self,
        row: &Row,
        origin: Origin,
        give: impl FnOnce(&mut Builder, &[Reference]),
    ) -> Result<(), Violation> {
        let Some(references) = &row.references else {
            return Ok(());
        };
        let known = self
            .last
            .as_ref()
            .is_some_and(|(last, _)| Arc::ptr_eq(last, references));
        if !known {
            let found = references
                .iter()
                .map(|reference| self.find_source(reference, origin));
            let found: Vec<Reference> = found.collect::<Result<_, _>>()?;
            self.last = Some((references.clone(), found));
        }
        if let Some((_, found)) = &self.last {
            give(&mut self.builder, found);
        }
        Ok(())
    }

    /// The source of a reference; one that may still come is awaited.
    fn find_source(
        &mut self,
        reference: &RowReference,
        origin: Origin,
    ) -> Result<Reference, Violation> {
        let of = Ontology::SOURCE;
        let draft = match find_node(self.rules.ontology(), &self.builder, of, &reference.source) {
            Ok((_, draft)) => draft,
            Err(wrong) if self.nodes_are_read => return Err(wrong.at("references")),
            Err(_) => self.await_source(&reference.source, origin),
        };
        Ok(Reference {
            source: Node { of, row: draft.0 },
            locator: reference.locator.clone(),
            fields: reference.fields.clone(),
            note: reference.note.clone(),
        })
    }

    fn await_source(&mut self, text: &str, origin: Origin) -> Draft {
        let (draft, _) = self.builder.node(Ontology::SOURCE, text);
        self.awaited.insert(draft, (origin, text.into()));
        draft
    }
}

fn differs(given: Cell<'_>, value: Cell<'_>) -> bool {
    match (given, value) {
        (Cell::Texts(given), Cell::Texts(value)) => value
            .iter()
            .any(|(tag, text)| given.in_language(tag).is_some_and(|given| given != text)),
        _ => given.order(value).is_ne(),
    }
}

/// Notes an origin at a position; gives the one that was there.
pub(super) fn note(origins: &mut Vec<Origin>, at: usize, origin: Origin) -> Origin {
    if at >= origins.len() {
        origins.resize(at + 1, Origin::default());
    }
    std::mem::replace(&mut origins[at], origin)
}
