//! Do the records of a graph fit together? `@unique`, and how many edges a field may see.
//!
//! Not for: records looked at by themselves (`rules`).

use super::Violation;
use crate::graph::{Edge, Node, Snapshot};
use crate::ontology::{Direction, Field, NodeType, Relation, TypeId};
use crate::value::Cell;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// A record that breaks a rule together with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offender {
    /// A node.
    Node(Node),
    /// An edge.
    Edge(Edge),
}

/// Checks the rules over several records on a whole graph; reports each violation with the records
/// that take part in it. Cost: about 100 ns for each node of a type that has such rules.
pub fn check_set_rules(graph: &Snapshot, report: &mut dyn FnMut(&[Offender], Violation)) {
    let ontology = graph.ontology();
    for (at, of) in ontology.types.iter().enumerate() {
        for set in &of.unique {
            check_unique(graph, TypeId(at as u16), of, set, report);
        }
    }
    for of in ontology.concrete_ids() {
        for field in &ontology.node_type(of).fields {
            match field {
                Field::Relation(relation) if !relation.many => {
                    check_count(graph, of, relation, report);
                }
                _ => {}
            }
        }
    }
}

/// Checks that no two nodes of a type or interface share the values of a set of properties; a node
/// that lacks one of them is not compared.
fn check_unique(
    graph: &Snapshot,
    id: TypeId,
    of: &NodeType,
    set: &[usize],
    report: &mut dyn FnMut(&[Offender], Violation),
) {
    let ontology = graph.ontology();
    let names: Vec<&str> = set
        .iter()
        .map(|at| of.properties[*at].name.as_str())
        .collect();
    // An interface of which the rule is inherited by its only type needs no second look.
    if !ontology.is_concrete(id) && of.members.len() < 2 {
        return;
    }
    let mut seen: HashTable<(Node, u16)> = HashTable::new();
    let columns: Vec<Vec<usize>> = of
        .members
        .iter()
        .map(|m| columns(ontology.node_type(*m), &names))
        .collect();
    for (member, positions) in (0u16..).zip(&columns) {
        if positions.len() < names.len() {
            continue;
        }
        for node in graph.nodes(of.members[member as usize]) {
            let values = |node, member: u16| {
                let columns: &Vec<usize> = &columns[member as usize];
                columns.iter().map(move |at| graph.cell(node, *at))
            };
            if values(node, member).any(Cell::is_null) {
                continue;
            }
            let same = |(other, of): &(Node, u16)| {
                let mut pairs = values(*other, *of).zip(values(node, member));
                pairs.all(|(a, b)| a.order(b).is_eq())
            };
            let hash = hash(values(node, member));
            match seen.find(hash, same) {
                Some((other, _)) => report(
                    &[Offender::Node(node), Offender::Node(*other)],
                    shared(graph, node, *other, &names),
                ),
                None => {
                    let rehash = |(node, of): &(Node, u16)| self::hash(values(*node, *of));
                    seen.insert_unique(hash, (node, member), rehash);
                }
            }
        }
    }
}

fn columns(of: &NodeType, names: &[&str]) -> Vec<usize> {
    names.iter().filter_map(|name| of.property(name)).collect()
}

fn hash<'a>(cells: impl Iterator<Item = Cell<'a>>) -> u64 {
    let mut hasher = FxHasher::default();
    cells.for_each(|cell| feed(cell, &mut hasher));
    hasher.finish()
}

fn feed(cell: Cell<'_>, hasher: &mut FxHasher) {
    match cell {
        Cell::Null => 0.hash(hasher),
        Cell::Bool(v) => v.hash(hasher),
        Cell::Int(v) => v.hash(hasher),
        Cell::Float(v) => v.to_bits().hash(hasher),
        Cell::Str(v) | Cell::Json(v) => v.hash(hasher),
        Cell::Date(v) => v.hash(hasher),
        Cell::DateTime(v) => v.hash(hasher),
        Cell::Period(v) => v.to_bits().hash(hasher),
        Cell::Point(v) => (v.latitude.to_bits(), v.longitude.to_bits()).hash(hasher),
        Cell::Enum(v) => v.hash(hasher),
        Cell::List(items) => items.iter().for_each(|item| feed(item, hasher)),
        Cell::Texts(texts) => texts.iter().for_each(|text| text.hash(hasher)),
    }
}

fn shared(graph: &Snapshot, node: Node, other: Node, names: &[&str]) -> Violation {
    let (id, other) = (graph.id(node), graph.id(other));
    let verb = if names.len() == 1 {
        "is"
    } else {
        "are together"
    };
    Violation::new(format!(
        "`{id}` has the same value as `{other}`, but {} {verb} @unique",
        names.join(", ")
    ))
    .at(names.join(", "))
    .hint("give each record its own value, or join the two records")
}

/// Checks that a field sees one edge at most, and one at least if it is required.
fn check_count(
    graph: &Snapshot,
    of: TypeId,
    relation: &Relation,
    report: &mut dyn FnMut(&[Offender], Violation),
) {
    if graph.edge_count(relation.relationship) == 0 && !relation.required {
        return;
    }
    for node in graph.nodes(of) {
        let seen = seen(graph, node, relation);
        match seen[..] {
            [_] => {}
            [] if !relation.required => {}
            [] => report(&[Offender::Node(node)], lacking(graph, node, relation)),
            _ => {
                let edges: Vec<Offender> =
                    seen.iter().map(|(edge, _)| Offender::Edge(*edge)).collect();
                report(&edges, too_many(graph, node, relation, &seen));
            }
        }
    }
}

/// The edges that a field of a node sees, with the nodes at their other ends.
fn seen(graph: &Snapshot, node: Node, relation: &Relation) -> Vec<(Edge, Node)> {
    let ontology = graph.ontology();
    let symmetric = ontology.relationship(relation.relationship).symmetric;
    let mut seen = Vec::new();
    for id in graph.segments(relation.relationship) {
        let segment = graph.segment(*id);
        for along in [true, false] {
            let (own, other) = match along {
                true => (segment.source, segment.target),
                false => (segment.target, segment.source),
            };
            let wanted = symmetric || along == (relation.direction == Direction::Out);
            if !wanted || own != node.of || !ontology.belongs(other, relation.target) {
                continue;
            }
            let loops = |row: u32| symmetric && !along && Node { of: other, row } == node;
            let edges = graph
                .neighbours(*id, node, along)
                .filter(|(row, _)| !loops(*row));
            seen.extend(
                edges.map(|(row, at)| (Edge { segment: *id, at }, Node { of: other, row })),
            );
        }
    }
    seen
}

fn lacking(graph: &Snapshot, node: Node, relation: &Relation) -> Violation {
    let target = &graph.ontology().node_type(relation.target).name;
    Violation::new(format!(
        "`{}` has none, but one is required",
        graph.id(node)
    ))
    .at(&relation.name)
    .hint(format!("give the key of a {target}"))
}

fn too_many(graph: &Snapshot, node: Node, relation: &Relation, seen: &[(Edge, Node)]) -> Violation {
    let others: Vec<String> = seen
        .iter()
        .take(5)
        .map(|(_, other)| format!("`{}`", graph.id(*other)))
        .collect();
    let (count, others) = (seen.len(), others.join(", "));
    Violation::new(format!(
        "`{}` has {count}, but one at most is allowed: {others}",
        graph.id(node)
    ))
    .at(&relation.name)
    .hint("keep one of the edges")
}
