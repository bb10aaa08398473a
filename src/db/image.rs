//! How does a whole graph go into a store and come out again, with the ontology that it was written
//! under? Not for: single changes.

use super::log::{self, Logged};
use super::{DbError, defaults};
use crate::graph::check::constraints;
use crate::graph::{ReadError, SectionSink, SectionSource, Snapshot};
use crate::ontology::{Ontology, Records, RelationshipId, Stored, TypeId, check_compatible};
use crate::store::{Checkpoint, CheckpointWriter, SectionReader, Store, StoreError};
use crate::value::Cell;
use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The section that holds the ontology's SDL.
const ONTOLOGY: &str = "ontology";

/// Opens the graph that a store keeps, as of its last commit, under an ontology that may have
/// changed; what is stored is then stored anew under it. Also says what the log holds.
pub(super) fn open(
    store: &dyn Store,
    ontology: Arc<Ontology>,
) -> Result<(Snapshot, Logged), DbError> {
    let Some(stored) = stored_ontology(store)? else {
        refuse_log(store)?;
        return Ok((Snapshot::empty(ontology), Logged::default()));
    };
    if stored.sdl == ontology.sdl {
        return load(store, ontology);
    }
    let (graph, logged) = load(store, Arc::new(stored))?;
    check_compatible(graph.ontology(), &ontology, &StoredGraph(&graph)).map_err(DbError::Unfit)?;
    if logged != Logged::default() {
        // What the log says, it says under the ontology that it was written under.
        save(store, &graph)?;
    }
    drop(graph);
    let graph = translate(store, ontology)?;
    save(store, &graph)?;
    Ok((graph, Logged::default()))
}

/// The graph that a store keeps, under the ontology that it was last written under.
pub(super) fn load(
    store: &dyn Store,
    ontology: Arc<Ontology>,
) -> Result<(Snapshot, Logged), DbError> {
    let mut graph = read(store, ontology)?;
    let logged = log::replay(store, &mut graph)?;
    Ok((graph, logged))
}

/// The graph of the checkpoint.
fn read(store: &dyn Store, ontology: Arc<Ontology>) -> Result<Snapshot, DbError> {
    let checkpoint = store.checkpoint()?.ok_or(DbError::Empty)?;
    Ok(Snapshot::read_sections(ontology, &Image(checkpoint))?)
}

/// The graph of a checkpoint of the past under the present ontology, with the defaults that it asks
/// for.
pub(super) fn past(
    store: &dyn Store,
    revision: u64,
    ontology: Arc<Ontology>,
) -> Result<Snapshot, DbError> {
    let checkpoint = store.checkpoint_of(revision)?.ok_or(DbError::Empty)?;
    let is_same = read_sdl(&checkpoint)? == ontology.sdl;
    let graph = Snapshot::read_sections(ontology, &Image(checkpoint))?;
    match is_same {
        true => Ok(graph),
        false => defaults::fill(graph),
    }
}

/// The graph of the checkpoint under another ontology, with the defaults that it asks for.
fn translate(store: &dyn Store, ontology: Arc<Ontology>) -> Result<Snapshot, DbError> {
    let snapshot = defaults::fill(read(store, ontology)?)?;
    let wrong = constraints(&snapshot);
    if wrong.is_empty() {
        return Ok(snapshot);
    }
    let shown = wrong
        .first
        .iter()
        .take(20)
        .map(|violation| violation.message.clone());
    let more = (wrong.count > 20).then(|| format!("and {} more", wrong.count - 20));
    Err(DbError::Unfit(shown.chain(more).collect()))
}

/// The ontology under which a store was last written; none if nothing was written.
pub(super) fn stored_ontology(store: &dyn Store) -> Result<Option<Ontology>, DbError> {
    let checkpoint = store.checkpoint()?;
    checkpoint
        .map(|checkpoint| parse(&read_sdl(&checkpoint)?))
        .transpose()
}

/// Keeps a graph and its ontology as a checkpoint: durable when this returns, all of it or nothing.
pub(super) fn save(store: &dyn Store, graph: &Snapshot) -> Result<(), DbError> {
    save_unless(store, graph, &AtomicBool::new(false))
}

/// The same, but left between two sections as soon as it is said to be.
pub(super) fn save_unless(
    store: &dyn Store,
    graph: &Snapshot,
    stop: &AtomicBool,
) -> Result<(), DbError> {
    write(store, graph, stop)?.finish()?;
    Ok(())
}

/// The same as a commit, with the payload of its record.
pub(super) fn commit(store: &dyn Store, graph: &Snapshot, payload: &[u8]) -> Result<(), DbError> {
    write(store, graph, &AtomicBool::new(false))?.commit(payload)?;
    Ok(())
}

fn write<'a>(
    store: &'a dyn Store,
    graph: &Snapshot,
    stop: &AtomicBool,
) -> Result<CheckpointWriter<'a>, DbError> {
    let writer = store.begin_checkpoint(graph.revision())?;
    let sdl = graph.ontology().sdl.as_bytes();
    let mut sink = Sink { writer, stop };
    let written = sink
        .section(ONTOLOGY)
        .and_then(|section| section.write_all(sdl))
        .and_then(|()| graph.write_sections(&mut sink));
    written.map_err(StoreError::within)?;
    Ok(sink.writer)
}

fn parse(sdl: &str) -> Result<Ontology, DbError> {
    let wrong = |wrong| DbError::Unreadable(format!("its ontology is not understood: {wrong}"));
    Ontology::parse("stored schema.graphql", sdl).map_err(wrong)
}

fn read_sdl(checkpoint: &Checkpoint) -> Result<String, DbError> {
    let mut sdl = String::new();
    checkpoint
        .read(ONTOLOGY)?
        .read_to_string(&mut sdl)
        .map_err(StoreError::within)?;
    Ok(sdl)
}

/// Refuses commits in the log without a checkpoint before them: the first commit is one.
fn refuse_log(store: &dyn Store) -> Result<(), DbError> {
    match store.revision() {
        0 => Ok(()),
        revision => Err(DbError::Damaged(ReadError {
            place: "the log".to_owned(),
            what: format!("it holds {revision} commits, and no checkpoint is before them"),
            unfit: false,
        })),
    }
}

/// A checkpoint as it is written, as long as it is not to be left.
struct Sink<'a, 'b> {
    writer: CheckpointWriter<'a>,
    stop: &'b AtomicBool,
}

impl SectionSink for Sink<'_, '_> {
    fn section(&mut self, name: &str) -> io::Result<&mut dyn Write> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(io::Error::other("it is not to be finished")),
            false => self.writer.section(name).map_err(io::Error::other),
        }
    }
}

/// A checkpoint as the sections of a graph.
struct Image(Checkpoint);

impl SectionSource for Image {
    fn sections(&self) -> Vec<(String, u64)> {
        let sections = self.0.sections().iter();
        let of_graph = sections.filter(|section| section.name != ONTOLOGY);
        of_graph
            .map(|section| (section.name.clone(), section.bytes))
            .collect()
    }

    fn read(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        let reader = self
            .0
            .read(name)
            .map_err(|error| plain(io::Error::other(error)))?;
        Ok(Box::new(Section(reader)))
    }
}

/// A section whose errors say what is damaged, without the advice that [`DbError`] gives.
struct Section(SectionReader);

impl Read for Section {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(plain)
    }
}

fn plain(error: io::Error) -> io::Error {
    match StoreError::within(error) {
        StoreError::Damaged { place, what } => {
            io::Error::new(io::ErrorKind::InvalidData, format!("{place}: {what}"))
        }
        error => io::Error::other(error),
    }
}

/// A graph as what the check of a changed ontology asks about.
struct StoredGraph<'a>(&'a Snapshot);

impl Stored for StoredGraph<'_> {
    fn count(&self, of: Records) -> u64 {
        let count = match of {
            Records::Nodes(of) => self.0.count(of),
            Records::Edges(of) => self.0.edge_count(of),
        };
        count as u64
    }

    fn count_between(&self, of: RelationshipId, source: TypeId, target: TypeId) -> u64 {
        let segment = self.0.segment_between(of, source, target);
        segment.map_or(0, |id| self.0.segment(id).len() as u64)
    }

    fn each_value(&self, of: Records, property: usize, each: &mut dyn FnMut(Cell<'_>)) {
        match of {
            Records::Nodes(of) => {
                self.0
                    .nodes(of)
                    .for_each(|node| each(self.0.cell(node, property)));
            }
            Records::Edges(of) => {
                let edges = self.0.segments(of).iter().flat_map(|id| self.0.edges(*id));
                edges.for_each(|edge| each(self.0.edge_cell(edge, property)));
            }
        }
    }

    fn count_uncited(&self) -> u64 {
        let types = self
            .0
            .ontology()
            .concrete_ids()
            .filter(|of| *of != Ontology::SOURCE);
        let nodes = types.flat_map(|of| self.0.nodes(of));
        let nodes = nodes
            .filter(|node| self.0.references(*node).is_empty())
            .count();
        let edges = self.0.all_segments().flat_map(|(id, _)| self.0.edges(id));
        let edges = edges
            .filter(|edge| self.0.edge_references(*edge).is_empty())
            .count();
        (nodes + edges) as u64
    }
}
