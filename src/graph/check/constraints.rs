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
pub(super) fn unique(snapshot: &Snapshot, of: TypeId, set: &[usize], violations: &mut Violations) {
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
    for pair in rows.windows(2) {
        if order(pair[0], pair[1]).is_eq() {
            let nodes = [pair[0], pair[1]].map(|row| Node { of, row });
            shared(snapshot, nodes, set, violations);
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

/// That two nodes of a type share the values of a set.
pub(super) fn shared(
    snapshot: &Snapshot,
    nodes: [Node; 2],
    set: &[usize],
    violations: &mut Violations,
) {
    let kind = Violated::Unique(nodes[0].of, set.to_vec());
    violations.add(&kind, &nodes.map(Record::Node), || {
        let ontology = snapshot.ontology();
        let properties = &ontology.node_type(nodes[0].of).properties;
        let values = set.iter().map(|p| {
            let value = text(ontology, &properties[*p], snapshot.cell(nodes[0], *p));
            format!("`{}` {value}", properties[*p].name)
        });
        let values = values.collect::<Vec<_>>().join(" and ");
        let [a, b] = nodes.map(|node| snapshot.id(node));
        format!("{a} and {b} have the same {values}, which must be unique")
    });
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
        for node in snapshot
            .nodes(of)
            .filter(|node| column.cell(node.row).is_null())
        {
            lacks(snapshot, node, at, violations);
        }
    }
}

/// That a node has no value of a required property.
fn lacks(snapshot: &Snapshot, node: Node, at: usize, violations: &mut Violations) {
    let kind = Violated::Required(node.of, at);
    violations.add(&kind, &[Record::Node(node)], || {
        let name = &snapshot.ontology().node_type(node.of).properties[at].name;
        format!("{} has no `{name}`, which is required", snapshot.id(node))
    });
}

/// One node must have all required properties.
pub(super) fn node_required(snapshot: &Snapshot, node: Node, violations: &mut Violations) {
    let properties = &snapshot.ontology().node_type(node.of).properties;
    for (at, property) in properties.iter().enumerate() {
        if is_demanded(property) && snapshot.cell(node, at).is_null() {
            lacks(snapshot, node, at, violations);
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
        for edge in snapshot
            .edges(id)
            .filter(|edge| column.cell(edge.at).is_null())
        {
            edge_lacks(snapshot, edge, at, violations);
        }
    }
}

/// That an edge has no value of a required property.
fn edge_lacks(snapshot: &Snapshot, edge: Edge, at: usize, violations: &mut Violations) {
    let of = snapshot.segment(edge.segment).relationship;
    let kind = Violated::EdgeRequired(of, at);
    violations.add(&kind, &[Record::Edge(edge)], || {
        let name = &snapshot.ontology().relationship(of).properties[at].name;
        let id = snapshot.edge_id(edge);
        format!("{id} has no `{name}`, which is required")
    });
}

/// One edge must have all required properties.
pub(super) fn one_edge_required(snapshot: &Snapshot, edge: Edge, violations: &mut Violations) {
    let of = snapshot.segment(edge.segment).relationship;
    let properties = &snapshot.ontology().relationship(of).properties;
    for (at, property) in properties.iter().enumerate() {
        if is_demanded(property) && snapshot.edge_cell(edge, at).is_null() {
            edge_lacks(snapshot, edge, at, violations);
        }
    }
}

/// A single-valued field sees at most one edge, a required one exactly one.
fn single(snapshot: &Snapshot, of: TypeId, relation: &Relation, violations: &mut Violations) {
    let ways = ways(snapshot, of, relation);
    for node in snapshot.nodes(of) {
        count(snapshot, node, (relation, &ways), violations);
    }
}

/// The same of one node.
pub(super) fn node_single(
    snapshot: &Snapshot,
    node: Node,
    relation: &Relation,
    violations: &mut Violations,
) {
    let ways = ways(snapshot, node.of, relation);
    count(snapshot, node, (relation, &ways), violations);
}

fn count(
    snapshot: &Snapshot,
    node: Node,
    (relation, ways): (&Relation, &[(SegmentId, bool)]),
    violations: &mut Violations,
) {
    let degree = ways
        .iter()
        .map(|(id, along)| snapshot.neighbours(*id, node, *along).len());
    let degree: usize = degree.sum();
    if degree <= 1 && (degree == 1 || !relation.required) {
        return;
    }
    let edges = edges(snapshot, node, ways);
    let name = &relation.name;
    let id = || snapshot.id(node);
    match edges.len() {
        0 if relation.required => {
            let none = Violated::Missing(node.of, name.clone());
            violations.add(&none, &[Record::Node(node)], || {
                format!("{} has no `{name}`, which is required", id())
            });
        }
        0 | 1 => {}
        count => {
            let several = Violated::Single(node.of, name.clone());
            let records = edges.iter().map(|edge| Record::Edge(*edge));
            let records: Vec<Record> = [Record::Node(node)].into_iter().chain(records).collect();
            violations.add(&several, &records, || {
                let shown = shown(snapshot, &edges);
                format!(
                    "{} has {count} edges as `{name}`, which takes one: {shown}",
                    id()
                )
            });
        }
    }
}

/// The first edges, for people.
fn shown(snapshot: &Snapshot, edges: &[Edge]) -> String {
    const SHOWN: usize = 3;
    let ids = edges
        .iter()
        .take(SHOWN)
        .map(|edge| snapshot.edge_id(*edge).to_string());
    let more = (edges.len() > SHOWN).then(|| format!("{} more", edges.len() - SHOWN));
    ids.chain(more).collect::<Vec<_>>().join(", ")
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
    let types = snapshot.ontology().concrete_ids();
    for node in types.flat_map(|of| snapshot.nodes(of)) {
        node_cited(snapshot, node, violations);
    }
    let segments = snapshot.all_segments();
    for edge in segments.flat_map(|(id, _)| snapshot.edges(id)) {
        edge_cited(snapshot, edge, violations);
    }
}

/// One node, unless it is a source, has references.
pub(super) fn node_cited(snapshot: &Snapshot, node: Node, violations: &mut Violations) {
    if node.of != Ontology::SOURCE && snapshot.references(node).is_empty() {
        violations.add(&Violated::Cited, &[Record::Node(node)], || {
            let id = snapshot.id(node);
            format!("{id} has no references, which every record must have")
        });
    }
}

/// One edge has references.
pub(super) fn edge_cited(snapshot: &Snapshot, edge: Edge, violations: &mut Violations) {
    if snapshot.edge_references(edge).is_empty() {
        violations.add(&Violated::Cited, &[Record::Edge(edge)], || {
            let id = snapshot.edge_id(edge);
            format!("{id} has no references, which every record must have")
        });
    }
}
