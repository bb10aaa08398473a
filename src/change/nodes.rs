//! How does a transaction create, update and delete nodes? Not for: values (`edit`) and edges.

use super::edit::edited;
use super::place::Place;
use super::work::{EdgeKey, NodeKey};
use super::{
    Citation, Code, Edit, Given, Kind, NodeInput, Transaction, Violation, check_field, check_key,
    id_of, suggest, ulid,
};
use crate::graph::{Node, State};
use crate::ontology::{Ontology, Property, TypeId};
use crate::value::Value;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// What a new record consists of before anything is given.
pub(super) fn defaults(properties: &[Property]) -> State {
    let default = |property: &Property| property.default.clone().unwrap_or(Value::Null);
    State {
        values: properties.iter().map(default).collect(),
        references: Box::default(),
    }
}

impl Transaction<'_> {
    /// Creates a node with what is linked to it; its fields stand at `fields`.
    pub(super) fn create_node(
        &mut self,
        of: TypeId,
        input: &NodeInput,
        place: Place,
        fields: Place,
    ) -> NodeKey {
        let key = (of, self.new_key(input.key.as_deref(), place));
        if self.work.has_node(&key) {
            let id = id_of(self.ontology(), &key);
            let wrong = Violation::new(format!("{id} exists already")).at("key");
            let wrong = wrong.hint("give another key, or update or upsert it");
            self.refuse(Code::Exists, place, wrong);
            return key;
        }
        let kind = Kind::Node(of);
        let mut state = defaults(kind.properties(self.ontology()));
        self.edit(kind, &mut state, &input.edit, fields);
        self.work.put_node(key.clone(), Some(state), fields);
        self.done.created += 1;
        self.link(&key, &input.edit.links, fields);
        key
    }

    fn new_key(&mut self, given: Option<&str>, place: Place) -> Box<str> {
        let Some(key) = given else {
            return ulid::ulid().into();
        };
        match check_key(key) {
            Ok(()) => key.into(),
            Err(wrong) => {
                self.refuse(Code::BadInput, place, wrong.at("key"));
                ulid::ulid().into()
            }
        }
    }

    /// Edits a node that exists, all but the edges that go; tells whether it, or an edge of it, is
    /// another now.
    pub(super) fn update_node(&mut self, key: &NodeKey, edit: &Edit, fields: Place) -> bool {
        let Some(before) = self.work.node(key) else {
            return false;
        };
        let mut state = before.clone();
        let told = self.refusals.first.len();
        let wrong = self.edit(Kind::Node(key.0), &mut state, edit, fields);
        let ontology = self.ontology();
        self.refusals.name(told, &|| id_of(ontology, key));
        let changed = state != before;
        if changed || wrong || !edit.links.is_empty() {
            self.work.put_node(key.clone(), Some(state), fields);
        }
        self.link(key, &edit.links, fields) || changed
    }

    /// Applies an edit to a record's state, all but its links; refuses what may not be and leaves it
    /// as it was. Tells whether something was refused.
    pub(super) fn edit(
        &mut self,
        kind: Kind,
        state: &mut State,
        edit: &Edit,
        fields: Place,
    ) -> bool {
        let tries = self.refusals.tries;
        let rules = self.rules;
        for (argument, property, value) in edited(rules.ontology(), kind, state, edit) {
            let checked = value.and_then(|value| {
                rules
                    .check_value(kind, property, &value)
                    .map(|()| state.values[property] = value)
            });
            if let Err(wrong) = checked {
                let unread = |(at, given): &(usize, Given)| {
                    *at == property && matches!(given, Given::Wrong(_))
                };
                let code = match edit.set.iter().any(unread) {
                    true => Code::BadInput,
                    false => Code::Constraint,
                };
                let name = &kind.properties(rules.ontology())[property].name;
                self.faulty.insert((fields, name.as_str().into()));
                let here = argument.map(|argument| self.places.beside(fields, argument));
                self.refuse(code, here.unwrap_or(fields), wrong.at(name));
            }
        }
        if let Some(references) = &edit.references {
            let mut kept = self.cited(kind, references, fields);
            // Those that whoever writes may not see are none of theirs.
            let is_hidden =
                |cited: &&Citation| self.hides_node(&(Ontology::SOURCE, cited.source.clone()));
            kept.extend(state.references.iter().filter(is_hidden).cloned());
            state.references = kept.into();
        }
        self.refusals.tries > tries
    }

    /// The references that may be.
    fn cited(&mut self, kind: Kind, references: &[Citation], fields: Place) -> Vec<Citation> {
        let list = self.places.under(fields, "references");
        let mut kept = Vec::with_capacity(references.len());
        for (at, citation) in references.iter().enumerate() {
            let here = self.places.under(list, at);
            let named = citation.fields.as_deref().unwrap_or_default();
            let unknown = named
                .iter()
                .find_map(|field| check_field(self.ontology(), kind, field).err());
            if let Some(wrong) = unknown {
                self.refuse(Code::BadInput, here, wrong.at("fields"));
            } else if self.check_source(&citation.source, here) {
                kept.push(citation.clone());
            }
        }
        if kept.len() < references.len() {
            self.faulty.insert((fields, "references".into()));
        }
        kept
    }

    /// Whether a source exists; refuses if not.
    pub(super) fn check_source(&mut self, source: &str, place: Place) -> bool {
        let key = (Ontology::SOURCE, Box::from(source));
        if self.has_node(&key) {
            return true;
        }
        let graph = self.shown();
        let few = graph.count(Ontology::SOURCE) <= 1000;
        let nodes = graph.nodes(Ontology::SOURCE).filter(|_| few);
        let hint = suggest(source, nodes.map(|node| graph.key(node)));
        let wrong = Violation::new(format!("there is no source `{source}`")).at("source");
        let hint = hint
            .unwrap_or_else(|| "create the source first, in the same operation if wished".into());
        self.refuse(Code::NotFound, place, wrong.hint(hint));
        false
    }

    /// Removes nodes of the working graph; with `cascade` their edges too, and references to them.
    pub(super) fn delete_nodes(&mut self, nodes: &[Node], cascade: bool, place: Place) {
        self.uncite(nodes, cascade, place);
        for node in nodes {
            let key = self.work.node_key(*node);
            if !self.work.has_node(&key) {
                continue;
            }
            let edges = self.edges_of(*node);
            match (cascade, edges.is_empty()) {
                (false, false) => {
                    let shown = edges.iter().filter(|edge| !self.hides_edge(edge));
                    let wrong = tied(&id_of(self.ontology(), &key), self.ontology(), shown);
                    self.refuse(Code::Constraint, place, wrong);
                }
                _ => {
                    edges.iter().for_each(|edge| self.remove_edge(edge, place));
                    self.work.put_node(key.clone(), None, place);
                    self.done.deleted += 1;
                }
            }
            self.done.nodes.push(key);
            if !self.goes_on() {
                break;
            }
        }
    }

    /// Takes the references to sources that are to go out of whatever cites them; without `cascade`
    /// refuses if there are any. Costs a look at every record if a source is among the nodes.
    fn uncite(&mut self, nodes: &[Node], cascade: bool, place: Place) {
        let sources = nodes.iter().filter(|node| node.of == Ontology::SOURCE);
        let sources: FxHashSet<u32> = sources.map(|node| node.row).collect();
        if sources.is_empty() {
            return;
        }
        let gone: FxHashSet<Box<str>> = sources
            .iter()
            .map(|row| {
                let of = Ontology::SOURCE;
                self.work.graph().key(Node { of, row: *row }).into()
            })
            .collect();
        let (nodes_citing, edges_citing) = self.work.graph().citing(&sources);
        let deleted: FxHashSet<Node> = nodes.iter().copied().collect();
        let nodes_citing = nodes_citing
            .into_iter()
            .filter(|node| !deleted.contains(node));
        let nodes_citing: Vec<NodeKey> =
            nodes_citing.map(|node| self.work.node_key(node)).collect();
        if !cascade && nodes_citing.len() + edges_citing.len() > 0 {
            let nodes = nodes_citing.iter().filter(|key| !self.hides_node(key));
            let edges = edges_citing.iter().map(|edge| self.work.edge_key(*edge));
            let edges = edges.filter(|key| !self.hides_edge(key));
            let wrong = match nodes.count() + edges.count() {
                0 => "something cites what is to be deleted".to_owned(),
                1 => "1 record cites what is to be deleted".to_owned(),
                count => format!("{count} records cite what is to be deleted"),
            };
            let hint =
                "delete with cascade: true, which takes these references out, or change them first";
            return self.refuse(Code::Constraint, place, Violation::new(wrong).hint(hint));
        }
        let without = |mut state: State| {
            let kept = state
                .references
                .iter()
                .filter(|cited| !gone.contains(&cited.source));
            state.references = kept.cloned().collect();
            state
        };
        for key in nodes_citing {
            let state = self.work.node(&key).map(without);
            self.work.put_node(key, state, place);
        }
        for edge in edges_citing {
            let key = self.work.edge_key(edge);
            let state = self.work.edge(&key).map(without);
            self.work.put_edge(key, state, place);
        }
    }
}

/// That a node has edges still, and which of them are seen.
fn tied<'a>(id: &str, ontology: &Ontology, edges: impl Iterator<Item = &'a EdgeKey>) -> Violation {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in edges {
        *counts
            .entry(&ontology.relationship(edge.of).name)
            .or_default() += 1;
    }
    let shown: Vec<String> = counts
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    let wrong = match shown.is_empty() {
        true => format!("{id} still has edges"),
        false => format!("{id} still has edges: {}", shown.join(", ")),
    };
    Violation::new(wrong)
        .hint("delete with cascade: true, which removes them too, or remove them first")
}
