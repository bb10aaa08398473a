//! Is everything in a data directory as it was written, and right? Not for: mending it.

use super::{DbError, image};
use crate::change::{Kind, Rules, explain};
use crate::graph::check::check;
use crate::graph::{Commit, Snapshot};
use crate::ontology::Ontology;
use crate::store::{self, Options, Store, Verified};
use crate::value::Value;
use std::path::Path;
use std::sync::Arc;

/// How much is told of what is wrong with a graph.
const SHOWN: usize = 100;

/// What was read, and what is wrong.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What the store read.
    pub store: Verified,
    /// The latest commit.
    pub revision: u64,
    /// How many nodes there are.
    pub nodes: u64,
    /// How many edges there are.
    pub edges: u64,
    /// Commits of the past that are sound, but do not fit the present ontology.
    pub unfit: u64,
    /// What is wrong with bytes or with the graph, the first hundred; empty when all is well.
    pub wrong: Vec<String>,
}

/// Reads a whole data directory: every checksum, every commit in the log, the structure of the graph, each value and each
/// rule of the ontology that is stored with it. Changes nothing.
///
/// # Errors
/// A directory that cannot be opened at all.
pub fn verify(directory: &Path, options: &Options) -> Result<Report, DbError> {
    verify_store(store::open(directory, options)?)
}

/// Verifies what a store keeps.
pub(super) fn verify_store(store: Box<dyn Store>) -> Result<Report, DbError> {
    let mut report = Report {
        store: store.verify()?,
        ..Report::default()
    };
    report.wrong.clone_from(&report.store.damage);
    if !report.wrong.is_empty() {
        return Ok(report);
    }
    let Some(ontology) = image::stored_ontology(&*store)? else {
        return Ok(report);
    };
    verify_commits(&*store, &ontology, &mut report)?;
    match image::load(&*store, Arc::new(ontology)) {
        Ok((graph, _)) => verify_graph(&graph, &mut report),
        Err(error) => report.wrong.push(error.to_string()),
    }
    Ok(report)
}

/// Understands every commit that is kept, also those that opening does not read.
fn verify_commits(
    store: &dyn Store,
    ontology: &Ontology,
    report: &mut Report,
) -> Result<(), DbError> {
    store.replay(store.oldest(), &mut |revision, payload| {
        let wrong = match Commit::decode(payload, ontology) {
            Ok(commit) if commit.revision == revision => return Ok(()),
            Ok(commit) => format!("it says that it is commit {}", commit.revision),
            Err(error) if error.unfit => {
                report.unfit += 1;
                return Ok(());
            }
            Err(error) => error.what,
        };
        if report.wrong.len() < SHOWN {
            let place = format!("commit {revision} in the log");
            report.wrong.push(format!("{place}: {wrong}"));
        }
        Ok(())
    })?;
    Ok(())
}

fn verify_graph(graph: &Snapshot, report: &mut Report) {
    let ontology = graph.ontology();
    report.revision = graph.revision();
    report.nodes = graph.count(ontology.node()) as u64;
    report.edges = graph
        .all_segments()
        .map(|(_, segment)| segment.len() as u64)
        .sum();
    let found = check(graph);
    let said = found.first.iter().map(|wrong| explain(ontology, wrong));
    let said = said.map(|violation| violation.to_string());
    report.wrong.extend(said.take(SHOWN));
    verify_values(graph, report);
}

/// Checks every value against its property.
fn verify_values(graph: &Snapshot, report: &mut Report) {
    let rules = match Rules::new(graph.ontology().clone()) {
        Ok(rules) => rules,
        Err(violation) => return report.wrong.push(violation.to_string()),
    };
    let mut verify = |kind: Kind, id: &dyn Fn() -> String, value: &dyn Fn(usize) -> Value| {
        for at in 0..kind.properties(graph.ontology()).len() {
            let checked = rules.check_value(kind, at, &value(at));
            if let Err(violation) = checked
                && report.wrong.len() < SHOWN
            {
                report.wrong.push(format!("{}: {violation}", id()));
            }
        }
    };
    for of in graph.ontology().concrete_ids() {
        for node in graph.nodes(of) {
            verify(Kind::Node(of), &|| graph.id(node), &|at| {
                graph.cell(node, at).to_value()
            });
        }
    }
    for (id, segment) in graph.all_segments() {
        for edge in graph.edges(id) {
            let kind = Kind::Edge(segment.relationship);
            verify(kind, &|| graph.edge_id(edge).to_string(), &|at| {
                graph.edge_cell(edge, at).to_value()
            });
        }
    }
}
