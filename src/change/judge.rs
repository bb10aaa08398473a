//! Does the graph keep the rules of the ontology after a transaction, and which part of the request
//! broke one? The rules are those of [`crate::graph::check`], for imports and mutations alike. Not
//! for: values looked at by themselves (`rules`).

use super::place::Place;
use super::work::{Touched, edge_key};
use super::{Code, Transaction, explain};
use crate::graph::check::{self, Record, Touch, Violated};
use crate::graph::{ChangeSet, Edge, EdgeChange, Node, NodeChange, Snapshot};

/// Judges what has changed. Cost: microseconds for each changed record.
pub(super) fn judge(transaction: &mut Transaction<'_>, changes: &ChangeSet, graph: &Snapshot) {
    let touch = touch(changes, graph);
    let found = check::check_touched(graph, &touch);
    for wrong in &found.first {
        let mut violation = explain(transaction.ontology(), wrong);
        if let Some(message) = veiled(transaction, graph, wrong) {
            violation.message = message;
        }
        let Some((place, record)) = blamed(transaction, graph, &wrong.records) else {
            // Another record than those that were written: the message names it, and its field.
            violation.field = None;
            let place = untied(transaction, graph, &wrong.records);
            match place {
                Some(place) => transaction.refuse(Code::Constraint, place, violation),
                None => transaction.refuse_at(Code::Constraint, Vec::new(), violation),
            }
            continue;
        };
        let field = violation.field.clone().unwrap_or_default();
        let is_told =
            is_absence(&wrong.kind) && transaction.faulty.contains(&(place, field.into()));
        if !is_one_field(&wrong.kind, record) {
            violation.field = None;
        }
        if !is_told {
            transaction.refuse(Code::Constraint, place, violation);
        }
    }
    let more = found.count - found.first.len();
    transaction.refusals.count += more;
}

/// Whether what is wrong is a field of the record that is to blame.
fn is_one_field(kind: &Violated, record: Record) -> bool {
    match kind {
        Violated::Single(..) => !matches!(record, Record::Edge(_)),
        Violated::Unique(_, set) => set.len() == 1,
        _ => true,
    }
}

/// What is wrong without a word of records that whoever writes may not see, if there are any.
fn veiled(
    transaction: &Transaction<'_>,
    graph: &Snapshot,
    wrong: &check::Violation,
) -> Option<String> {
    let is_hidden = |record: &Record| match *record {
        Record::Node(node) => transaction.hides_node(&(node.of, graph.key(node).into())),
        Record::Edge(edge) => transaction.hides_edge(&edge_key(graph, edge)),
    };
    if !wrong.records.iter().any(is_hidden) {
        return None;
    }
    Some(match &wrong.kind {
        Violated::Unique(of, set) => {
            let properties = &transaction.ontology().node_type(*of).properties;
            let names = set.iter().map(|at| properties[*at].name.as_str());
            let names = names.collect::<Vec<_>>().join("` and `");
            format!("`{names}` must be unique, and another record has the same")
        }
        Violated::Single(_, name) => format!("`{name}` takes one edge, and there is another"),
        _ => "a rule of the ontology would be broken".to_owned(),
    })
}

/// Whether something is missing, which a refused input explains.
fn is_absence(kind: &Violated) -> bool {
    !matches!(kind, Violated::Unique(..) | Violated::Single(..))
}

/// The records of the graph that a commit concerns.
fn touch(changes: &ChangeSet, graph: &Snapshot) -> Touch {
    let find = |(of, key): &(_, Box<str>)| graph.node(*of, key);
    let node = |change: &NodeChange| graph.node(change.of, &change.key);
    let edge = |change: &EdgeChange| {
        let ends = find(&change.source).zip(find(&change.target));
        ends.and_then(|(source, target)| graph.edge(change.of, source, target, &change.unique))
    };
    let is_tie = |change: &&EdgeChange| change.state.is_some() != change.before.is_some();
    let ends = |change: &EdgeChange| {
        let ends = [find(&change.source), find(&change.target)];
        ends.map(|end| end.map(|node| (node, change.of)))
    };
    let tied = changes.edges.iter().filter(is_tie);
    let born = |change: &&NodeChange| change.before.is_none();
    let kept = changes.nodes.iter().filter(|change| change.state.is_some());
    Touch {
        nodes: kept.clone().filter_map(node).collect(),
        born: kept.filter(born).filter_map(node).collect(),
        edges: changes.edges.iter().filter_map(edge).collect(),
        tied: tied.flat_map(ends).flatten().collect(),
    }
}

/// Which of the records was touched last, and where.
fn blamed(
    transaction: &Transaction<'_>,
    graph: &Snapshot,
    records: &[Record],
) -> Option<(Place, Record)> {
    let place = |record: &Record| {
        let touched: Option<&Touched> = match *record {
            Record::Node(node) => touched_node(transaction, graph, node),
            Record::Edge(edge) => touched_edge(transaction, graph, edge),
        };
        Some((touched?.place, *record))
    };
    let places = records.iter().filter_map(place);
    places.max_by_key(|(place, _)| *place)
}

/// Where an edge of the first record, which was not touched itself, was touched.
fn untied(transaction: &Transaction<'_>, graph: &Snapshot, records: &[Record]) -> Option<Place> {
    let Some(Record::Node(node)) = records.first() else {
        return None;
    };
    let key = (node.of, Box::from(graph.key(*node)));
    let edges = transaction.work.edges.iter();
    let tied = edges.filter(|(edge, _)| edge.source == key || edge.target == key);
    tied.map(|(_, touched)| touched.place).max()
}

fn touched_node<'t>(
    transaction: &'t Transaction<'_>,
    graph: &Snapshot,
    node: Node,
) -> Option<&'t Touched> {
    let key = (node.of, Box::from(graph.key(node)));
    transaction.work.nodes.get(&key)
}

fn touched_edge<'t>(
    transaction: &'t Transaction<'_>,
    graph: &Snapshot,
    edge: Edge,
) -> Option<&'t Touched> {
    transaction.work.edges.get(&edge_key(graph, edge))
}
