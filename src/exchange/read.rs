//! What graph do these files make, laid on one that exists? Not for: keeping it (`db`).

use super::discover::{DataFile, discover};
use super::load::Loader;
use super::origin::{Origin, Origins};
use super::problem::{Place, Problem, Problems};
use super::progress::Progress;
use super::stream::stream;
use crate::change::{Rules, Violation, explain};
use crate::graph::check::{Record, constraints};
use crate::graph::{Built, Snapshot};
use crate::ontology::Ontology;
use std::collections::HashSet;
use std::path::PathBuf;

/// What files made of a graph.
#[derive(Debug)]
pub struct Imported {
    /// The graph, and what became of the records.
    pub built: Built,
    /// How many files were read.
    pub files: usize,
    /// How many records they hold.
    pub records: u64,
}

/// Reads files and folders on top of a graph, whose ontology holds. Nothing is written anywhere.
/// Records that change get `revision`. Memory: the new graph and some megabytes.
///
/// # Errors
/// Everything that is wrong.
pub fn read(
    base: &Snapshot,
    paths: &[PathBuf],
    revision: u64,
    progress: &dyn Progress,
) -> Result<Imported, Problems> {
    let mut problems = Problems::default();
    let rules =
        Rules::new(base.ontology().clone()).map_err(|wrong| only(Place::stored(), wrong))?;
    let files = discover(base.ontology(), paths, &mut problems);
    let origins = Origins::new(files.iter().map(|file| file.path.clone()));
    let mut loader = Loader::new(&rules, base, origins);
    loader.problems.append(&mut problems);
    load(&mut loader, &files, progress);
    loader.finish(files.len(), revision, progress)
}

/// Reads files and folders as [`read`] does on an empty graph.
///
/// # Errors
/// Everything that is wrong.
pub fn check(
    ontology: std::sync::Arc<Ontology>,
    paths: &[PathBuf],
    progress: &dyn Progress,
) -> Result<Imported, Problems> {
    read(&Snapshot::empty(ontology), paths, 1, progress)
}

fn only(place: Place, violation: Violation) -> Problems {
    let mut problems = Problems::default();
    problems.add(Problem::new(place, violation));
    problems
}

fn load(loader: &mut Loader<'_>, files: &[DataFile], progress: &dyn Progress) {
    let mut total: u64 = files.iter().map(|file| file.length).sum();
    let mut read = 0;
    progress.phase("reading");
    progress.total(total);
    stream(loader.rules, files, |batch| {
        loader.load(batch);
        read += batch.bytes;
        if batch.again > 0 {
            total += batch.again;
            progress.total(total);
        }
        progress.read(read, loader.records);
    });
    loader.end_nodes();
}

impl Loader<'_> {
    /// Builds the graph and checks it.
    fn finish(
        mut self,
        files: usize,
        revision: u64,
        progress: &dyn Progress,
    ) -> Result<Imported, Problems> {
        progress.phase("building");
        let builder = std::mem::replace(
            &mut self.builder,
            crate::graph::Builder::new(self.rules.ontology().clone()),
        );
        let built = builder.finish(revision);
        let built = built.map_err(|wrong| only(Place::stored(), Violation::new(wrong)))?;
        progress.phase("checking");
        let known = self.problems.places();
        self.check_repeats(&built);
        self.check_graph(&built, &known);
        let records = self.records;
        self.problems.into_result().map(|()| Imported {
            built,
            files,
            records,
        })
    }

    /// Reports edges that one file gives twice.
    fn check_repeats(&mut self, built: &Built) {
        for (earlier, later) in &built.repeats {
            let origin =
                |edge: &crate::graph::EdgeDraft| self.edges[edge.pair as usize][edge.at as usize];
            let (earlier, later) = (origin(earlier), origin(later));
            if earlier.is_of_field()
                || later.is_of_field()
                || !self.origins.are_together(earlier, later)
            {
                continue;
            }
            let line = self
                .origins
                .place(earlier)
                .and_then(|place| place.line)
                .unwrap_or(0);
            let wrong = Violation::new(format!("the edge is already given in line {line}"));
            self.report(
                later,
                wrong.hint(
                    "give an edge once in a file; @unique properties tell parallel edges apart",
                ),
            );
        }
    }

    /// Checks the graph as a whole; reports each violation at the latest of its records, but not
    /// what may follow from an error of the same row or from a record that is not in the files.
    fn check_graph(&mut self, built: &Built, known: &HashSet<Place>) {
        let wrong = constraints(&built.snapshot);
        for violation in &wrong.first {
            let origins = violation
                .records
                .iter()
                .map(|record| self.origin(built, *record));
            let origin = origins
                .max_by_key(|origin| origin.line())
                .unwrap_or_default();
            let place = self.origins.place(origin);
            let follows = place.is_none_or(|place| known.contains(&place));
            if known.is_empty() || !follows {
                self.report(origin, explain(self.rules.ontology(), violation));
            }
        }
        self.problems
            .count_more((wrong.count - wrong.first.len()) as u64);
    }

    fn origin(&self, built: &Built, record: Record) -> Origin {
        let origin = match record {
            Record::Node(node) => {
                let draft = built.node_draft(node).0 as usize;
                self.nodes[node.of.0 as usize].get(draft)
            }
            Record::Edge(edge) => built
                .edge_draft(edge)
                .and_then(|draft| self.edges[draft.pair as usize].get(draft.at as usize)),
        };
        origin.copied().unwrap_or_default()
    }
}
