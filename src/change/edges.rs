//! How does a transaction create, update and delete edges? Not for: values (`edit`) and nodes.

use super::nodes::defaults;
use super::place::Place;
use super::work::{EdgeKey, NodeKey};
use super::{
    Code, Connect, CreateLinked, EdgeInput, Edit, Kind, Links, Target, Transaction, Violation,
    check_pair, id_of, suggest,
};
use crate::graph::{Edge, Node, State};
use crate::ontology::{
    Direction, Field, Ontology, Relation, RelationshipId, TypeId, names::lower_first,
};
use crate::value::{NodeId, Value};
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// An edge that is to exist: its relationship type, source and target.
type Ends = (RelationshipId, NodeKey, NodeKey);

impl<'a> Transaction<'a> {
    /// Creates an edge that does not exist.
    pub(super) fn create_edge(
        &mut self,
        of: RelationshipId,
        input: &EdgeInput,
        place: Place,
    ) -> Option<EdgeKey> {
        let source = self.one(&input.source, "source", place);
        let target = self.one(&input.target, "target", place);
        let ends = self.oriented((of, source?, target?), place)?;
        let (key, state) = self.new_edge(ends, &input.edit, place);
        if self.work.edge(&key).is_some() {
            self.refuse_again(&key, place);
        } else {
            self.done.relationships_created += 1;
            self.work.put_edge(key.clone(), Some(state), place);
        }
        Some(key)
    }

    /// Refuses an edge that exists.
    fn refuse_again(&mut self, key: &EdgeKey, place: Place) {
        let wrong = format!("{} exists already", key.id(self.ontology()));
        let hint = self.apart(key.of);
        self.refuse(Code::Exists, place, Violation::new(wrong).hint(hint));
    }

    /// How edges of a relationship type are told apart, for people.
    fn apart(&self, of: RelationshipId) -> String {
        let of = self.ontology().relationship(of);
        let names = of.unique.iter().map(|at| of.properties[*at].name.as_str());
        match names.collect::<Vec<_>>().join(" or ") {
            names if names.is_empty() => "update it".to_owned(),
            names => format!("update it, or give another {names}"),
        }
    }

    /// The one node that a target names.
    fn one(&mut self, target: &Target, end: &str, place: Place) -> Option<NodeKey> {
        let here = self.places.under(place, end);
        let mut found = self.resolve(target, here);
        if found.len() > 1 {
            let wrong = format!("{} nodes match, but an edge has one {end}", found.len());
            let wrong = Violation::new(wrong).hint("name one by its id");
            self.refuse(Code::BadInput, here, wrong);
        }
        found.pop()
    }

    /// The nodes that a target names; refuses if there are none.
    fn resolve(&mut self, target: &Target, place: Place) -> Vec<NodeKey> {
        let wrong = match target {
            Target::Nodes(nodes) => {
                let keys = nodes.iter().map(|node| self.work.node_key(*node));
                let keys: Vec<NodeKey> = keys.filter(|key| self.work.has_node(key)).collect();
                if !keys.is_empty() {
                    return keys;
                }
                Violation::new("no node matches").at("where")
            }
            Target::Key(of, key) => {
                let key = (*of, key.clone());
                if self.has_node(&key) {
                    return vec![key];
                }
                missing(&id_of(self.ontology(), &key))
            }
            Target::Id(id) => match self.by_id(id) {
                Ok(key) => return vec![key],
                Err(wrong) => wrong.at("id"),
            },
        };
        self.refuse(Code::NotFound, place, wrong);
        Vec::new()
    }

    fn by_id(&self, id: &str) -> Result<NodeKey, Violation> {
        let Some(NodeId { type_name, key }) = NodeId::parse(id) else {
            let wrong = Violation::new(format!("`{id}` is no id"));
            return Err(wrong.hint("an id is Type:key"));
        };
        let ontology = self.ontology();
        let of = ontology.type_named(type_name);
        let Some(of) = of.filter(|of| ontology.is_concrete(*of)) else {
            let concrete = &ontology.types[..ontology.concrete as usize];
            let hint = suggest(type_name, concrete.iter().map(|of| of.name.as_str()));
            let wrong = Violation::new(format!("there is no node type {type_name}"));
            return Err(Violation { hint, ..wrong });
        };
        let key = (of, Box::from(key));
        match self.has_node(&key) {
            true => Ok(key),
            false => Err(missing(id)),
        }
    }

    /// Checks that an edge may join its ends; of a symmetric one the smaller id becomes the source.
    fn oriented(&mut self, (of, source, target): Ends, place: Place) -> Option<Ends> {
        let ontology = self.ontology();
        let declared = ontology.relationship(of);
        if let Err(wrong) = check_pair(ontology, declared, source.0, target.0) {
            self.refuse(Code::Constraint, place, wrong);
            return None;
        }
        let graph = self.work.graph();
        let types = graph.rank(target.0).cmp(&graph.rank(source.0));
        let turn =
            declared.symmetric && types.then_with(|| target.1.cmp(&source.1)) == Ordering::Less;
        Some(match turn {
            true => (of, target, source),
            false => (of, source, target),
        })
    }

    /// A new edge as it would be.
    fn new_edge(
        &mut self,
        (of, source, target): Ends,
        edit: &Edit,
        fields: Place,
    ) -> (EdgeKey, State) {
        let declared = self.ontology().relationship(of);
        let mut state = defaults(&declared.properties);
        self.edit(Kind::Edge(of), &mut state, edit, fields);
        let unique = declared.unique.iter().map(|at| state.values[*at].clone());
        let key = EdgeKey {
            of,
            source,
            target,
            unique: unique.collect(),
        };
        (key, state)
    }

    /// Edits an edge that exists; tells whether it is another now.
    pub(super) fn update_edge(&mut self, key: &EdgeKey, edit: &Edit, fields: Place) -> bool {
        let Some(before) = self.work.edge(key) else {
            return false;
        };
        let mut state = before.clone();
        let told = self.refusals.first.len();
        let wrong = self.edit(Kind::Edge(key.of), &mut state, edit, fields);
        let ontology = self.ontology();
        let declared = ontology.relationship(key.of);
        for at in &declared.unique {
            if state.values[*at] != before.values[*at] {
                let name = &declared.properties[*at].name;
                let wrong = "tells the edge from parallel ones and never changes";
                let wrong = Violation::new(wrong).at(name);
                let wrong = wrong.hint("create another edge, and delete this one");
                let counted = edit.increment.iter().any(|(property, _)| property == at);
                let here = match counted {
                    true => self.places.beside(fields, "increment"),
                    false => fields,
                };
                self.refuse(Code::Constraint, here, wrong);
                state.values[*at] = before.values[*at].clone();
            }
        }
        self.refusals.name(told, &|| key.id(ontology));
        let changed = state != before;
        if changed || wrong {
            self.work.put_edge(key.clone(), Some(state), fields);
        }
        changed
    }

    /// Removes an edge, if it is still there.
    pub(super) fn remove_edge(&mut self, key: &EdgeKey, place: Place) {
        if self.work.edge(key).is_some() {
            self.work.put_edge(key.clone(), None, place);
            self.done.relationships_deleted += usize::from(!self.hides_edge(key));
        }
    }

    /// The edges of a node of the working graph that are still there, each once.
    pub(super) fn edges_of(&self, node: Node) -> Vec<EdgeKey> {
        let graph = self.work.graph();
        let mut edges = Vec::new();
        for (segment, _) in graph.all_segments() {
            for along in [true, false] {
                let all = graph.neighbours(segment, node, along);
                edges.extend(all.map(|(_, at)| Edge { segment, at }));
            }
        }
        edges.sort_unstable();
        edges.dedup();
        let keys = edges.into_iter().map(|edge| self.work.edge_key(edge));
        keys.filter(|key| self.work.edge(key).is_some()).collect()
    }

    /// Removes the edges that the relationship inputs of nodes of a type disconnect, whose fields stand
    /// at `place`; tells which nodes lost one. Comes before [`Transaction::link`] of any of the nodes,
    /// so that none loses what another was given.
    pub(super) fn unlink(
        &mut self,
        of: TypeId,
        links: &[Links],
        place: Place,
    ) -> FxHashSet<NodeKey> {
        let mut untied = FxHashSet::default();
        for link in links {
            let Some((_, field)) = self.relation(of, link, place) else {
                continue;
            };
            for edge in &link.disconnect {
                let key = self.work.edge_key(*edge);
                self.remove_edge(&key, field);
                untied.extend([key.source, key.target]);
                if !self.goes_on() {
                    return untied;
                }
            }
        }
        untied
    }

    /// The field of a relationship input, and its place.
    fn relation(
        &mut self,
        of: TypeId,
        link: &Links,
        place: Place,
    ) -> Option<(&'a Relation, Place)> {
        let Field::Relation(relation) = self.ontology().node_type(of).fields.get(link.field)?
        else {
            return None;
        };
        Some((relation, self.places.under(place, relation.name.as_str())))
    }

    /// Connects and creates what the relationship inputs of a node say, whose fields stand at `place`;
    /// tells whether an edge is new or another now.
    pub(super) fn link(&mut self, node: &NodeKey, links: &[Links], place: Place) -> bool {
        let mut changed = false;
        for link in links {
            let Some((relation, field)) = self.relation(node.0, link, place) else {
                continue;
            };
            let tries = self.refusals.tries;
            for (at, connect) in link.connect.iter().enumerate() {
                let here = self.item(field, "connect", relation, at);
                changed |= self.connect(node, relation, connect, here);
            }
            for (at, create) in link.create.iter().enumerate() {
                let here = self.item(field, "create", relation, at);
                changed |= self.create_linked(node, relation, create, here);
            }
            if self.refusals.tries > tries {
                self.faulty.insert((place, relation.name.as_str().into()));
            }
        }
        changed
    }

    /// A place in a list; a to-one field takes one object instead.
    fn item(&mut self, field: Place, name: &str, relation: &Relation, at: usize) -> Place {
        let list = self.places.under(field, name);
        match relation.many {
            true => self.places.under(list, at),
            false => list,
        }
    }

    fn connect(
        &mut self,
        node: &NodeKey,
        relation: &Relation,
        connect: &Connect,
        place: Place,
    ) -> bool {
        let here = self.places.under(place, "node");
        let mut changed = false;
        for other in self.resolve(&connect.node, here) {
            changed |= self.join(node, relation, other, &connect.edge, place);
            if !self.goes_on() {
                break;
            }
        }
        changed
    }

    fn create_linked(
        &mut self,
        node: &NodeKey,
        relation: &Relation,
        create: &CreateLinked,
        place: Place,
    ) -> bool {
        let mut here = self.places.under(place, "node");
        let ontology = self.ontology();
        if !ontology.is_concrete(relation.target) {
            let name = lower_first(&ontology.node_type(create.of).name);
            here = self.places.under(here, name.as_str());
        }
        let other = self.create_node(create.of, &create.node, here, here);
        self.join(node, relation, other, &create.edge, place)
    }

    /// Makes an edge that a field sees, or updates the one that there is; tells whether it is another
    /// now.
    fn join(
        &mut self,
        node: &NodeKey,
        relation: &Relation,
        other: NodeKey,
        edit: &Edit,
        place: Place,
    ) -> bool {
        let ontology = self.ontology();
        if !ontology.belongs(other.0, relation.target) {
            let target = &ontology.node_type(relation.target).name;
            let wrong = format!("{} is no {target}", id_of(ontology, &other));
            let wrong = Violation::new(wrong).hint(format!("`{}` takes a {target}", relation.name));
            self.refuse(Code::Constraint, place, wrong);
            return false;
        }
        let (source, target) = match relation.direction {
            Direction::Out => (node.clone(), other),
            Direction::In => (other, node.clone()),
        };
        let ends = (relation.relationship, source, target);
        let Some(ends) = self.oriented(ends, place) else {
            return false;
        };
        let fields = self.places.under(place, "edge");
        let key = self.key_given(ends.clone(), edit);
        if self.hides_edge(&key) {
            self.refuse_again(&key, place);
            return false;
        }
        if self.work.edge(&key).is_some() {
            return self.update_edge(&key, edit, fields);
        }
        let (key, state) = self.new_edge(ends, edit, fields);
        self.done.relationships_created += 1;
        self.work.put_edge(key, Some(state), fields);
        true
    }

    /// The key that an edge would have.
    fn key_given(&self, (of, source, target): Ends, edit: &Edit) -> EdgeKey {
        let declared = self.ontology().relationship(of);
        let value = |at: &usize| {
            let given = edit.set.iter().rev().find(|(property, _)| property == at);
            let default = declared.properties[*at].default.clone();
            match given {
                Some((_, super::Given::Value(value))) => value.clone(),
                _ => default.unwrap_or(Value::Null),
            }
        };
        EdgeKey {
            of,
            source,
            target,
            unique: declared.unique.iter().map(value).collect(),
        }
    }
}

fn missing(id: &str) -> Violation {
    Violation::new(format!("there is no {id}"))
        .hint("create it first, in the same operation if wished")
}

impl EdgeKey {
    /// The edge's id, for people and for answers.
    pub fn id(&self, ontology: &Ontology) -> String {
        let declared = ontology.relationship(self.of);
        let unique = declared.unique.iter().zip(&self.unique);
        let unique = unique.map(|(at, value)| {
            crate::graph::id_text(ontology, &declared.properties[*at], value.as_cell())
        });
        let id = crate::value::EdgeId {
            type_name: declared.name.clone(),
            source: id_of(ontology, &self.source),
            target: id_of(ontology, &self.target),
            unique: unique.collect(),
        };
        id.to_string()
    }
}
