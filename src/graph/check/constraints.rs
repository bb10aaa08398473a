//! Does the graph as a whole keep the rules of its ontology?

use super::{Record, Violated, Violations};
use crate::graph::column::Column;
use crate::graph::ids::text;
use crate::graph::snapshot::{Edge, Node, SegmentId, Snapshot};
use crate::ontology::{Direction, Field, Ontology, Property, Relation, TypeId};
use std::cmp::Ordering;

pub(super) fn check(snapshot: &Snapshot, violations: &mut Violations) {
    for of in snapshot.ontology().concrete_ids() {
        let declared = snapshot.ontology().node_type(of);
        for set in &declared.unique {
            unique(snapshot, of, set, violations);
        }
        required(snapshot, of, violations);
        for field in &declared.fields {
            if let Field::Relation(relation) = field
                && !relation.many
            {
                single(snapshot, of, relation, violations);
            }
        }
    }
    for of in snapshot.ontology().concrete..snapshot.ontology().types.len() as u16 {
        super::across::check(snapshot, TypeId(of), violations);
    }
    for (id, _) in snapshot.all_segments() {
        edge_required(snapshot, id, violations);
    }
    if snapshot.ontology().cited {
        cited(snapshot, violations);
    }
}

/// No two nodes may share the values of a set; those that lack one of them are left out.
fn unique(snapshot: &Snapshot, of: TypeId, set: &[usize], violations: &mut Violations) {
    let columns: Vec<Column<'_>> = set.iter().map(|p| snapshot.column(of, *p)).collect();
    let value = |row: u32, at: usize| columns[at].cell(row);
    let complete = |row: &u32| (0..set.len()).all(|at| !value(*row, at).is_null());
    let order = |a: u32, b: u32| {
        let mut orders = (0..set.len()).map(|at| value(a, at).order(value(b, at)));
        orders.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    };
    let mut rows = match set {
        [single] => sorted_rows(snapshot, of, *single),
        _ => snapshot.nodes(of).map(|node| node.row).collect(),
    };
    rows.retain(complete);
    if !rows.is_sorted_by(|a, b| order(*a, *b).is_le()) {
        rows.sort_by(|a, b| order(*a, *b));
    }
    let kind = Violated::Unique(of, set.to_vec());
    for pair in rows.windows(2) {
        if order(pair[0], pair[1]).is_eq() {
            let nodes = [pair[0], pair[1]].map(|row| Node { of, row });
            violations.add(&kind, &nodes.map(Record::Node), || {
                shared(snapshot, nodes, set)
            });
        }
    }
}

/// The rows in order of a property's values, if an index has them so, else in any order.
fn sorted_rows(snapshot: &Snapshot, of: TypeId, property: usize) -> Vec<u32> {
    let all = || snapshot.nodes(of).map(|node| node.row).collect();
    let declared = &snapshot.ontology().node_type(of).properties[property];
    let single = !declared.list && !declared.localized;
    let index = snapshot.index(of, property).filter(|_| single);
    index.map_or_else(all, |index| index.all().iter().collect())
}

fn shared(snapshot: &Snapshot, nodes: [Node; 2], set: &[usize]) -> String {
    let ontology = snapshot.ontology();
    let properties = &ontology.node_type(nodes[0].of).properties;
    let values = set.iter().map(|p| {
        let value = text(ontology, &properties[*p], snapshot.cell(nodes[0], *p));
        format!("`{}` {value}", properties[*p].name)
    });
    let values = values.collect::<Vec<_>>().join(" and ");
    let [a, b] = nodes.map(|node| snapshot.id(node));
    format!("{a} and {b} have the same {values}, which must be unique")
}

fn is_demanded(property: &Property) -> bool {
    property.required && !property.list
}

fn required(snapshot: &Snapshot, of: TypeId, violations: &mut Violations) {
    for (at, property) in snapshot
        .ontology()
        .node_type(of)
        .properties
        .iter()
        .enumerate()
    {
        let column = snapshot.column(of, at);
        if !is_demanded(property) || column.is_full() {
            continue;
        }
        let kind = Violated::Required(of, at);
        for node in snapshot
            .nodes(of)
            .filter(|node| column.cell(node.row).is_null())
        {
            violations.add(&kind, &[Record::Node(node)], || {
                format!(
                    "{} has no `{}`, which is required",
                    snapshot.id(node),
                    property.name
                )
            });
        }
    }
}

fn edge_required(snapshot: &Snapshot, id: SegmentId, violations: &mut Violations) {
    let segment = snapshot.segment(id);
    let relationship = snapshot.ontology().relationship(segment.relationship);
    for (at, property) in relationship.properties.iter().enumerate() {
        let column = segment.column(at);
        if !is_demanded(property) || column.is_full() {
            continue;
        }
        let kind = Violated::EdgeRequired(segment.relationship, at);
        for edge in snapshot
            .edges(id)
            .filter(|edge| column.cell(edge.at).is_null())
        {
            violations.add(&kind, &[Record::Edge(edge)], || {
                let id = snapshot.edge_id(edge);
                format!("{id} has no `{}`, which is required", property.name)
            });
        }
    }
}

/// A single-valued field sees at most one edge, a required one exactly one.
fn single(snapshot: &Snapshot, of: TypeId, relation: &Relation, violations: &mut Violations) {
    let ways = ways(snapshot, of, relation);
    let (several, none) = (
        Violated::Single(of, relation.name.clone()),
        Violated::Missing(of, relation.name.clone()),
    );
    for node in snapshot.nodes(of) {
        let degree = ways
            .iter()
            .map(|(id, along)| snapshot.neighbours(*id, node, *along).len());
        let degree: usize = degree.sum();
        if degree <= 1 && (degree == 1 || !relation.required) {
            continue;
        }
        let edges = edges(snapshot, node, &ways);
        let name = &relation.name;
        let id = || snapshot.id(node);
        match edges.len() {
            0 if relation.required => violations.add(&none, &[Record::Node(node)], || {
                format!("{} has no `{name}`, which is required", id())
            }),
            0 | 1 => {}
            count => {
                let edges = edges.into_iter().map(Record::Edge);
                let records: Vec<Record> = [Record::Node(node)].into_iter().chain(edges).collect();
                violations.add(&several, &records, || {
                    format!("{} has {count} edges as `{name}`, which takes one", id())
                });
            }
        }
    }
}

/// The segments that a field of a concrete type sees, and whether along their edges.
fn ways(snapshot: &Snapshot, of: TypeId, relation: &Relation) -> Vec<(SegmentId, bool)> {
    let ontology: &Ontology = snapshot.ontology();
    let both = ontology.relationship(relation.relationship).symmetric;
    let mut ways = Vec::new();
    for id in snapshot.segments(relation.relationship) {
        let segment = snapshot.segment(*id);
        let sees = |direction: Direction, from: TypeId, to: TypeId| {
            (both || relation.direction == direction)
                && from == of
                && ontology.belongs(to, relation.target)
        };
        if sees(Direction::Out, segment.source, segment.target) {
            ways.push((*id, true));
        }
        if sees(Direction::In, segment.target, segment.source) {
            ways.push((*id, false));
        }
    }
    ways
}

/// The edges seen, each once.
fn edges(snapshot: &Snapshot, node: Node, ways: &[(SegmentId, bool)]) -> Vec<Edge> {
    let all = ways.iter().flat_map(|(segment, along)| {
        let neighbours = snapshot.neighbours(*segment, node, *along);
        neighbours.map(|(_, at)| Edge {
            segment: *segment,
            at,
        })
    });
    let mut all: Vec<Edge> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Every record but the sources themselves has references.
fn cited(snapshot: &Snapshot, violations: &mut Violations) {
    let types = snapshot
        .ontology()
        .concrete_ids()
        .filter(|of| *of != Ontology::SOURCE);
    let nodes = types.flat_map(|of| snapshot.nodes(of));
    for node in nodes.filter(|node| snapshot.references(*node).is_empty()) {
        violations.add(&Violated::Cited, &[Record::Node(node)], || {
            format!(
                "{} has no references, which every record must have",
                snapshot.id(node)
            )
        });
    }
    let segments = snapshot.all_segments();
    let edges = segments.flat_map(|(id, _)| snapshot.edges(id));
    for edge in edges.filter(|edge| snapshot.edge_references(*edge).is_empty()) {
        violations.add(&Violated::Cited, &[Record::Edge(edge)], || {
            let id = snapshot.edge_id(edge);
            format!("{id} has no references, which every record must have")
        });
    }
}
