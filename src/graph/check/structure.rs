//! Do the parts of the graph agree with each other?

use super::Violations;
use crate::graph::index::{Permutation, is_indexed, parts_of};
use crate::graph::segment::Segment;
use crate::graph::snapshot::{Edge, SegmentId, Snapshot};
use crate::graph::table::TableBase;
use crate::ontology::{NodeType, Ontology, TypeId};
use std::cmp::Ordering;

pub(super) fn check(snapshot: &Snapshot, violations: &mut Violations) {
    for of in snapshot.ontology().concrete_ids() {
        table(snapshot, of, violations);
    }
    for (id, segment) in snapshot.all_segments() {
        pair(snapshot, segment, violations);
        edges(snapshot, id, violations);
        order(snapshot, id, violations);
    }
}

fn table(snapshot: &Snapshot, of: TypeId, violations: &mut Violations) {
    let declared = snapshot.ontology().node_type(of);
    let mut damage = |what: String| violations.damage(format!("{}: {what}", declared.name));
    let keys = || snapshot.nodes(of).map(|node| snapshot.key(node));
    if !keys().zip(keys().skip(1)).all(|(a, b)| a < b) {
        damage("keys are not in order or not unique".into());
    }
    let found = |key: &str| snapshot.node(of, key).map(|node| snapshot.key(node)) == Some(key);
    if !keys().all(found) {
        damage("a node is not found by its key".into());
    }
    if keys().count() != snapshot.count(of) {
        damage("the count of nodes is wrong".into());
    }
    let base = &snapshot.table(of).base;
    for property in 0..declared.properties.len() {
        if !index_is_right(snapshot.ontology(), base, declared, property) {
            let name = &declared.properties[property].name;
            damage(format!("the index of `{name}` is wrong"));
        }
    }
}

fn index_is_right(
    ontology: &Ontology,
    base: &TableBase,
    declared: &NodeType,
    property: usize,
) -> bool {
    let cells = base.records.columns.get(property).and_then(Option::as_ref);
    let index = base.indexes.get(property).and_then(Option::as_ref);
    match (cells, index) {
        (Some(cells), Some(index)) => {
            let parts = parts_of(cells);
            let pairs = || parts.iter().zip(&index.parts);
            parts.len() == index.parts.len() && pairs().all(|(part, order)| is_sorted(part, order))
        }
        (None, index) => index.is_none_or(|index| *index == Permutation::default()),
        (Some(_), None) => !is_indexed(ontology, declared, property),
    }
}

/// Whether positions are all that have a value, in order of the values, then their own.
fn is_sorted(cells: &crate::graph::cells::Cells, order: &[u32]) -> bool {
    let all = (0..cells.len).filter(|at| cells.has(*at)).count();
    let before = |a: &u32, b: &u32| {
        let (x, y) = (cells.cell(*a as usize), cells.cell(*b as usize));
        x.order(y).then(a.cmp(b)).is_lt()
    };
    order.len() == all
        && order.is_sorted_by(before)
        && order.iter().all(|at| cells.has(*at as usize))
}

/// A segment's types must be allowed by the ontology.
fn pair(snapshot: &Snapshot, segment: &Segment, violations: &mut Violations) {
    let ontology = snapshot.ontology();
    let relationship = ontology.relationship(segment.relationship);
    let (source, target) = (segment.source, segment.target);
    let is_allowed = relationship.pairs.iter().any(|pair| {
        *pair == (source, target) || relationship.symmetric && *pair == (target, source)
    });
    if !is_allowed {
        let [source, target] = [source, target].map(|of| &ontology.node_type(of).name);
        let name = &relationship.name;
        violations.damage(format!(
            "{name} joins {source} and {target}, which it may not"
        ));
    }
}

/// Every edge is seen from both ends, and both ends exist.
fn edges(snapshot: &Snapshot, id: SegmentId, violations: &mut Violations) {
    let segment = snapshot.segment(id);
    let name = &snapshot.ontology().relationship(segment.relationship).name;
    let mut counts = [0, 0];
    let mut right = true;
    for node in snapshot.nodes(segment.source) {
        for (target, at) in segment.out(node.row) {
            counts[0] += 1;
            right = right && segment.is_live(at) && segment.ends(at) == (node.row, target);
        }
    }
    for node in snapshot.nodes(segment.target) {
        for (source, at) in segment.into(node.row) {
            counts[1] += 1;
            right = right && segment.is_live(at) && segment.ends(at) == (source, node.row);
        }
    }
    if !right || counts != [segment.len(); 2] {
        violations.damage(format!("{name}: the two directions of its edges disagree"));
    }
}

/// Neighbours are in order of ids, parallel edges in order of unique properties and different.
fn order(snapshot: &Snapshot, id: SegmentId, violations: &mut Violations) {
    let segment = snapshot.segment(id);
    let relationship = snapshot.ontology().relationship(segment.relationship);
    let target = snapshot.table(segment.target);
    let by_unique = |a: u32, b: u32| {
        let cell = |at, property| snapshot.edge_cell(Edge { segment: id, at }, property);
        let unique = relationship.unique.iter();
        let mut orders = unique.map(|p| cell(a, *p).order(cell(b, *p)));
        orders.find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    };
    let before = |a: (u32, u32), b: (u32, u32)| {
        target
            .order(a.0, b.0)
            .then_with(|| by_unique(a.1, b.1))
            .is_lt()
    };
    let sorted = |row: u32| segment.out(row).is_sorted_by(|a, b| before(*a, *b));
    if !snapshot.nodes(segment.source).all(|node| sorted(node.row)) {
        let name = &relationship.name;
        violations.damage(format!("{name}: edges are not in order or not different"));
    }
}
