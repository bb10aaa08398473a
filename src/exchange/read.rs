//! What graph do these files make, laid on one that exists? Not for: keeping it (`db`).

use super::discover::{DataFile, discover};
use super::load::Loader;
use super::origin::{Origin, Origins};
use super::problem::{Place, Problem, Problems};
use super::progress::Progress;
use super::stream::stream;
use crate::change::{Kind, Offender, Rules, Violation, check_set_rules};
use crate::graph::{Built, Snapshot};
use crate::ontology::Ontology;
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
        self.problems = {
            let problems = std::mem::take(&mut self.problems);
            problems.into_result().map(|()| Problems::default())?
        };
        progress.phase("building");
        let builder = std::mem::replace(
            &mut self.builder,
            crate::graph::Builder::new(self.rules.ontology().clone()),
        );
        let built = builder.finish(revision);
        let built = built.map_err(|wrong| only(Place::stored(), Violation::new(wrong)))?;
        progress.phase("checking");
        self.check_repeats(&built);
        self.check_records(&built);
        let mut report =
            |offenders: &[Offender], violation| self.report_offender(&built, offenders, violation);
        check_set_rules(&built.snapshot, &mut report);
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

    /// Checks each record of the files by itself.
    fn check_records(&mut self, built: &Built) {
        let graph = &built.snapshot;
        let ontology = self.rules.ontology().clone();
        for of in ontology.concrete_ids() {
            if !self.has_rules(Kind::Node(of)) {
                continue;
            }
            for node in graph.nodes(of) {
                let draft = built.node_draft(node).0 as usize;
                let origin = self.nodes[of.0 as usize]
                    .get(draft)
                    .copied()
                    .unwrap_or_default();
                let cited = graph.references(node).len();
                self.check_record(Kind::Node(of), origin, cited, |at| {
                    graph.cell(node, at).is_null()
                });
            }
        }
        for (id, segment) in graph.all_segments() {
            let kind = Kind::Edge(segment.relationship);
            if !self.has_rules(kind) {
                continue;
            }
            for edge in graph.edges(id) {
                let origin = built.edge_draft(edge).map_or(Origin::default(), |d| {
                    self.edges[d.pair as usize][d.at as usize]
                });
                let cited = graph.edge_references(edge).len();
                self.check_record(kind, origin, cited, |at| {
                    graph.edge_cell(edge, at).is_null()
                });
            }
        }
    }

    /// Whether records of a kind can lack something.
    fn has_rules(&self, kind: Kind) -> bool {
        let ontology = self.rules.ontology();
        let mut properties = kind.properties(ontology).iter();
        ontology.cited || properties.any(|property| property.required && !property.list)
    }

    fn check_record(
        &mut self,
        kind: Kind,
        origin: Origin,
        cited: usize,
        is_null: impl Fn(usize) -> bool,
    ) {
        if origin == Origin::default() {
            return;
        }
        let checks = [
            self.rules.check_required(kind, is_null),
            self.rules.check_cited(kind, cited),
        ];
        for violation in checks.into_iter().filter_map(Result::err) {
            self.report(origin, violation);
        }
    }

    /// Reports a violation at the latest of the records that take part in it.
    fn report_offender(&mut self, built: &Built, offenders: &[Offender], violation: Violation) {
        let origins = offenders.iter().map(|offender| match offender {
            Offender::Node(node) => {
                let draft = built.node_draft(*node).0 as usize;
                self.nodes[node.of.0 as usize]
                    .get(draft)
                    .copied()
                    .unwrap_or_default()
            }
            Offender::Edge(edge) => built.edge_draft(*edge).map_or(Origin::default(), |d| {
                self.edges[d.pair as usize][d.at as usize]
            }),
        });
        let origin = origins
            .max_by_key(|origin| origin.line())
            .unwrap_or_default();
        self.report(origin, violation);
    }
}
