//! How do rows become edges? Not for: nodes (`load`).

use super::ends::find_node;
use super::load::{Loader, note};
use super::origin::Origin;
use super::row::Row;
use crate::change::{Violation, check_pair};
use crate::graph::{Draft, Edge, EdgeDraft, Node, Reference};
use crate::ontology::{Direction, Field, Ontology, Relation, RelationshipId, TypeId};
use crate::value::Value;

/// A node while the graph is being built.
type End = (TypeId, Draft);

/// A field that takes one edge at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToOne {
    of: TypeId,
    direction: Direction,
    target: TypeId,
}

/// The to-one fields of concrete types, by relationship type.
pub(super) fn to_one_fields(ontology: &Ontology) -> Vec<Vec<ToOne>> {
    let mut fields = vec![Vec::new(); ontology.relationships.len()];
    for of in ontology.concrete_ids() {
        for field in &ontology.node_type(of).fields {
            if let Field::Relation(Relation {
                relationship,
                direction,
                target,
                many: false,
                ..
            }) = *field
            {
                fields[relationship.0 as usize].push(ToOne {
                    of,
                    direction,
                    target,
                });
            }
        }
    }
    fields
}

/// Those of a record's references that are for one of its relationship fields, or for all of it.
fn for_field(references: &[Reference], name: &str) -> Vec<Reference> {
    let mut kept: Vec<Reference> = Vec::new();
    for reference in references {
        let fields = reference.fields.as_ref();
        let reference = Reference {
            fields: None,
            ..reference.clone()
        };
        let is_for = fields.is_none_or(|fields| fields.iter().any(|field| &**field == name));
        if is_for && !kept.contains(&reference) {
            kept.push(reference);
        }
    }
    kept
}

impl Loader<'_> {
    /// Lays an edge on the graph.
    pub(super) fn load_edge(
        &mut self,
        of: RelationshipId,
        row: &Row,
        origin: Origin,
    ) -> Result<(), Violation> {
        let ontology = self.rules.ontology().clone();
        let relationship = ontology.relationship(of);
        let find = |of, text: &str, name| {
            find_node(&ontology, &self.builder, of, text).map_err(|wrong| wrong.at(name))
        };
        let source = find(relationship.source, &row.source, "source");
        let target = find(relationship.target, &row.target, "target");
        let (source, target) = self.both(source, target, origin)?;
        let edge = self.join(of, source, target, origin)?;
        if !row.cleared.is_empty() {
            self.replace(of, (source, target), edge, row);
        }
        for (property, value) in &row.values {
            self.builder.set_edge(edge, *property, value.as_cell());
        }
        self.give_defaults(of, edge, row);
        self.records += 1;
        self.cite(row, origin, |builder, references| {
            builder.edge_references(edge, references)
        })
    }

    /// Puts a draft with all that a stored edge says, save the texts that a row clears, in the place
    /// of that edge: a text in one language cannot be taken from an edge that stays.
    fn replace(&mut self, of: RelationshipId, ends: (End, End), edge: EdgeDraft, row: &Row) {
        let Some(stored) = self.stored(of, ends, row) else {
            return;
        };
        let base = self.base;
        for property in 0..base.ontology().relationship(of).properties.len() {
            let mut value = base.edge_cell(stored, property).to_value();
            if let Value::Texts(texts) = &mut value {
                let is_cleared = |tag: &str| {
                    let mut cleared = row.cleared.iter();
                    cleared.any(|(at, language)| *at == property && **language == *tag)
                };
                texts.retain(|(tag, _)| !is_cleared(tag));
            }
            if !matches!(&value, Value::Null) && value != Value::Texts(Vec::new()) {
                self.builder.set_edge(edge, property, value.as_cell());
            }
        }
        self.builder
            .edge_references(edge, base.edge_references(stored));
        self.builder.remove_edge(stored);
    }

    /// The stored edge that a row is about, if there is one.
    fn stored(&self, of: RelationshipId, (a, b): (End, End), row: &Row) -> Option<Edge> {
        let node = |(of, draft): End| {
            let row = draft.0;
            ((row as usize) < self.base.rows(of)).then_some(Node { of, row })
        };
        let relationship = self.base.ontology().relationship(of);
        let value = |at: &usize| {
            let given = row.values.iter().find(|(property, _)| property == at);
            let default = relationship.properties[*at].default.as_ref();
            given
                .map(|(_, value)| value)
                .or(default)
                .cloned()
                .unwrap_or(Value::Null)
        };
        let unique: Vec<Value> = relationship.unique.iter().map(value).collect();
        self.base.edge(of, node(a)?, node(b)?, &unique)
    }

    /// Gives the properties that tell edges apart their default values where a row has none; the
    /// others get theirs if the edge turns out to be new.
    fn give_defaults(&mut self, of: RelationshipId, edge: EdgeDraft, row: &Row) {
        let relationship = self.rules.ontology().relationship(of);
        for at in &relationship.unique {
            let default = relationship.properties[*at].default.as_ref();
            if let Some(default) =
                default.filter(|_| row.values.iter().all(|(given, _)| given != at))
            {
                self.builder.set_edge(edge, *at, default.as_cell());
            }
        }
    }

    /// Both ends, or the error of the target with that of the source already reported.
    fn both(
        &mut self,
        source: Result<End, Violation>,
        target: Result<End, Violation>,
        origin: Origin,
    ) -> Result<(End, End), Violation> {
        match (source, target) {
            (Ok(source), Ok(target)) => Ok((source, target)),
            (Err(source), Err(target)) => {
                self.report(origin, source);
                Err(target)
            }
            (Err(wrong), _) | (_, Err(wrong)) => Err(wrong),
        }
    }

    /// Lays the edges of a node's relationship fields on the graph.
    pub(super) fn load_ends(
        &mut self,
        of: TypeId,
        row: &Row,
        origin: Origin,
    ) -> Result<(), Violation> {
        let Some(draft) = self.builder.find(of, &row.key) else {
            return Ok(());
        };
        let ontology = self.rules.ontology().clone();
        for (field, ends) in &row.ends {
            let Field::Relation(relation) = &ontology.node_type(of).fields[*field] else {
                continue;
            };
            let loaded = self.load_field(relation, (of, draft), ends.as_deref(), row, origin);
            if let Err(violation) = loaded {
                self.report(origin, violation.at(&relation.name));
            }
        }
        Ok(())
    }

    fn load_field(
        &mut self,
        relation: &Relation,
        node: End,
        ends: Option<&[String]>,
        row: &Row,
        origin: Origin,
    ) -> Result<(), Violation> {
        let Some(ends) = ends else {
            self.remove(
                relation.relationship,
                node,
                relation.direction,
                relation.target,
                None,
            );
            return Ok(());
        };
        if !relation.many && ends.len() > 1 {
            let wrong = Violation::new(format!("takes one node, not {}", ends.len()));
            return Err(wrong.hint(r"write \| for a plain |"));
        }
        for end in ends {
            let ontology = self.rules.ontology();
            let other = find_node(ontology, &self.builder, relation.target, end)?;
            let (source, target) = match relation.direction {
                Direction::Out => (node, other),
                Direction::In => (other, node),
            };
            let edge = self.join(relation.relationship, source, target, origin.of_field())?;
            self.cite(row, origin, |builder, references| {
                builder.edge_references(edge, &for_field(references, &relation.name));
            })?;
        }
        Ok(())
    }

    /// Makes an edge, in place of one that is stored where only one may be.
    fn join(
        &mut self,
        of: RelationshipId,
        source: End,
        target: End,
        origin: Origin,
    ) -> Result<EdgeDraft, Violation> {
        let ontology = self.rules.ontology().clone();
        check_pair(&ontology, ontology.relationship(of), source.0, target.0)?;
        for at in 0..self.to_one[of.0 as usize].len() {
            let ToOne {
                of: seen_from,
                direction,
                target: seen,
            } = self.to_one[of.0 as usize][at];
            let (node, other) = match direction {
                Direction::Out => (source, target),
                Direction::In => (target, source),
            };
            if node.0 == seen_from && ontology.belongs(other.0, seen) {
                self.remove(of, node, direction, seen, Some(other));
            }
        }
        let edge = self.builder.edge(of, source, target);
        let pair = edge.pair as usize;
        if pair >= self.edges.len() {
            self.edges.resize(pair + 1, Vec::new());
        }
        note(&mut self.edges[pair], edge.at as usize, origin);
        Ok(edge)
    }

    /// Removes the stored edges that a field of a node sees, save those to `kept`.
    fn remove(
        &mut self,
        of: RelationshipId,
        (node_of, draft): End,
        direction: Direction,
        seen: TypeId,
        kept: Option<End>,
    ) {
        if draft.0 as usize >= self.base.rows(node_of) {
            return;
        }
        let node = Node {
            of: node_of,
            row: draft.0,
        };
        let along = direction == Direction::Out;
        let ontology = self.base.ontology();
        for id in self.base.segments(of) {
            let segment = self.base.segment(*id);
            let other = if along {
                segment.target
            } else {
                segment.source
            };
            if !ontology.belongs(other, seen) {
                continue;
            }
            for (row, at) in self.base.neighbours(*id, node, along) {
                if kept != Some((other, Draft(row))) {
                    self.builder.remove_edge(Edge { segment: *id, at });
                }
            }
        }
    }
}
