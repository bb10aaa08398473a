//! How does a graph become files that make the same graph again? Not for: other formats' writing.
//!
//! A node type or relationship type is written as CSV if a cell can hold each of its values, else as
//! NDJSON. Records stand in the order of their ids and columns in that of the ontology, so that the
//! same graph gives the same bytes.

use super::cell::print_cell;
use super::csv::write_record;
use super::references::print_references;
use super::row::RowReference;
use crate::change::Kind;
use crate::graph::{Edge, Node, Reference, SegmentId, Snapshot};
use crate::ontology::{Ontology, Property, RelationshipId, TypeId};
use crate::value::{Cell, Scalar};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// What was exported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// The files, by name, in the order of writing.
    pub files: Vec<String>,
    /// How many nodes.
    pub nodes: u64,
    /// How many edges.
    pub edges: u64,
}

/// Writes the whole graph into a new or empty folder; all files or none.
///
/// # Errors
/// A folder that is not empty, or a failing disk.
pub fn export(graph: &Snapshot, folder: &Path) -> io::Result<Exported> {
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let wrong = "is not empty: name a new or empty folder";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, wrong));
    }
    let partial = partial(folder)?;
    std::fs::create_dir_all(&partial)?;
    let written = write_all(graph, &partial);
    let moved = written.and_then(|done| std::fs::rename(&partial, folder).map(|()| done));
    if moved.is_err() {
        // The first error is the one to tell.
        let _ = std::fs::remove_dir_all(&partial);
    }
    moved
}

/// Where the files are written before they take their place.
fn partial(folder: &Path) -> io::Result<PathBuf> {
    let name = folder
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "names no folder"))?;
    let name = format!(".{}.partial-{}", name.to_string_lossy(), std::process::id());
    Ok(folder.with_file_name(name))
}

fn write_all(graph: &Snapshot, folder: &Path) -> io::Result<Exported> {
    let ontology = graph.ontology();
    let mut done = Exported::default();
    for of in ontology.concrete_ids().filter(|of| graph.count(*of) > 0) {
        done.nodes += graph.count(of) as u64;
        done.files.push(write_kind(graph, Kind::Node(of), folder)?);
    }
    for at in 0..ontology.relationships.len() as u16 {
        let of = RelationshipId(at);
        if graph.edge_count(of) > 0 {
            done.edges += graph.edge_count(of) as u64;
            done.files.push(write_kind(graph, Kind::Edge(of), folder)?);
        }
    }
    Ok(done)
}

/// Writes all records of a kind; gives the file's name.
fn write_kind(graph: &Snapshot, kind: Kind, folder: &Path) -> io::Result<String> {
    let ontology = graph.ontology();
    let mut used = Used::new(ontology, kind);
    records(graph, kind, &mut |record| {
        used.see(record);
        Ok(())
    })?;
    let extension = if used.fits { "csv" } else { "ndjson" };
    let name = format!("{}.{extension}", kind.name(ontology));
    let mut output = BufWriter::new(File::create(folder.join(&name))?);
    if used.fits {
        write_csv(graph, kind, &used, &mut output)?;
    } else {
        records(graph, kind, &mut |record| write_line(record, &mut output))?;
    }
    output.into_inner()?.sync_all()?;
    Ok(name)
}

/// A node or an edge of a graph.
#[derive(Clone, Copy)]
struct Record<'a> {
    graph: &'a Snapshot,
    kind: Kind,
    which: Which,
}

#[derive(Clone, Copy)]
enum Which {
    Node(Node),
    Edge(Edge, Node, Node),
}

/// Hands all records of a kind to `each`, in order of their ids.
fn records(
    graph: &Snapshot,
    kind: Kind,
    each: &mut dyn FnMut(Record<'_>) -> io::Result<()>,
) -> io::Result<()> {
    match kind {
        Kind::Node(of) => graph.nodes(of).try_for_each(|node| {
            each(Record {
                graph,
                kind,
                which: Which::Node(node),
            })
        }),
        Kind::Edge(of) => graph
            .segments(of)
            .iter()
            .try_for_each(|id| segment_records(graph, kind, *id, each)),
    }
}

fn segment_records(
    graph: &Snapshot,
    kind: Kind,
    id: SegmentId,
    each: &mut dyn FnMut(Record<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let segment = graph.segment(id);
    for source in graph.nodes(segment.source) {
        for (row, at) in segment.out(source.row) {
            let target = Node {
                of: segment.target,
                row,
            };
            let which = Which::Edge(Edge { segment: id, at }, source, target);
            each(Record { graph, kind, which })?;
        }
    }
    Ok(())
}

impl<'a> Record<'a> {
    fn ontology(&self) -> &'a Ontology {
        self.graph.ontology()
    }

    fn properties(&self) -> &'a [Property] {
        self.kind.properties(self.graph.ontology())
    }

    fn cell(&self, property: usize) -> Cell<'a> {
        match self.which {
            Which::Node(node) => self.graph.cell(node, property),
            Which::Edge(edge, ..) => self.graph.edge_cell(edge, property),
        }
    }

    fn cited(&self) -> &'a [Reference] {
        match self.which {
            Which::Node(node) => self.graph.references(node),
            Which::Edge(edge, ..) => self.graph.edge_references(edge),
        }
    }

    fn references(&self) -> Vec<RowReference> {
        let row = |reference: &Reference| RowReference {
            source: self.graph.key(reference.source).into(),
            locator: reference.locator.clone(),
            fields: reference.fields.clone(),
            note: reference.note.clone(),
        };
        self.cited().iter().map(row).collect()
    }

    /// The names of the members that say which record it is, and their texts.
    fn identity(&self) -> Vec<(&'static str, String)> {
        match (self.which, self.kind) {
            (Which::Edge(_, source, target), Kind::Edge(of)) => {
                let declared = self.ontology().relationship(of);
                vec![
                    ("source", self.end(source, declared.source)),
                    ("target", self.end(target, declared.target)),
                ]
            }
            (Which::Node(node) | Which::Edge(_, node, _), _) => {
                vec![("key", self.graph.key(node).to_owned())]
            }
        }
    }

    /// How a node is written where a type is expected.
    fn end(&self, node: Node, expected: TypeId) -> String {
        match self.ontology().is_concrete(expected) {
            true => self.graph.key(node).to_owned(),
            false => self.graph.id(node),
        }
    }
}

/// Which columns the records of a kind need, and whether CSV can hold them.
struct Used {
    /// By property: whether any record has a value.
    properties: Vec<bool>,
    /// By property: the languages of its texts.
    languages: Vec<BTreeSet<Box<str>>>,
    references: bool,
    fits: bool,
}

impl Used {
    fn new(ontology: &Ontology, kind: Kind) -> Self {
        let count = kind.properties(ontology).len();
        Self {
            properties: vec![false; count],
            languages: vec![BTreeSet::new(); count],
            references: false,
            fits: true,
        }
    }

    fn see(&mut self, record: Record<'_>) {
        for at in 0..self.properties.len() {
            let cell = record.cell(at);
            self.properties[at] |= !cell.is_null();
            self.fits = self.fits && fits(cell);
            if let Cell::Texts(texts) = cell {
                for (tag, _) in texts.iter() {
                    if !self.languages[at].contains(tag) {
                        self.languages[at].insert(tag.into());
                    }
                }
            }
        }
        let cited = record.cited();
        self.references |= !cited.is_empty();
        self.fits = self.fits && cited.iter().all(reference_fits);
    }
}

fn reference_fits(reference: &Reference) -> bool {
    let empty = reference.locator.as_ref().is_some_and(|l| l.is_empty())
        || reference.fields.as_ref().is_some_and(|f| f.is_empty());
    reference.note.is_none() && !empty
}

/// Whether a CSV cell can hold a value: an empty one would read as none.
fn fits(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Str(text) => !text.is_empty(),
        Cell::List(items) => !items.is_empty() && items.iter().all(fits),
        Cell::Texts(texts) => texts.iter().all(|(_, text)| !text.is_empty()),
        _ => true,
    }
}

fn write_csv(graph: &Snapshot, kind: Kind, used: &Used, output: &mut impl Write) -> io::Result<()> {
    let properties = kind.properties(graph.ontology());
    let mut header: Vec<String> = match kind {
        Kind::Node(_) => vec!["key".to_owned()],
        Kind::Edge(_) => vec!["source".to_owned(), "target".to_owned()],
    };
    for (at, property) in properties
        .iter()
        .enumerate()
        .filter(|(at, _)| used.properties[*at])
    {
        match property.localized {
            true => header.extend(
                used.languages[at]
                    .iter()
                    .map(|l| format!("{}:{l}", property.name)),
            ),
            false => header.push(property.name.clone()),
        }
    }
    if used.references {
        header.push("references".to_owned());
    }
    write_record(output, header.iter().map(String::as_str))?;
    records(graph, kind, &mut |record| {
        let cells = csv_cells(record, used);
        write_record(output, cells.iter().map(String::as_str))
    })
}

fn csv_cells(record: Record<'_>, used: &Used) -> Vec<String> {
    let mut cells: Vec<String> = record
        .identity()
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    for (at, property) in record
        .properties()
        .iter()
        .enumerate()
        .filter(|(at, _)| used.properties[*at])
    {
        match record.cell(at) {
            Cell::Texts(texts) => {
                let text = |tag: &str| texts.in_language(tag).unwrap_or_default().to_owned();
                cells.extend(used.languages[at].iter().map(|tag| text(tag)));
            }
            Cell::Null => cells.extend((0..used.languages[at].len().max(1)).map(|_| String::new())),
            cell => {
                cells.push(print_cell(record.ontology(), property.scalar, cell).unwrap_or_default())
            }
        }
    }
    if used.references {
        cells.push(print_references(&record.references()).unwrap_or_default());
    }
    cells
}

/// Writes a record as a line of NDJSON.
fn write_line(record: Record<'_>, output: &mut dyn Write) -> io::Result<()> {
    write!(
        output,
        "{{\"type\":{}",
        text(record.kind.name(record.ontology()))
    )?;
    for (name, value) in record.identity() {
        write!(output, ",{}:{}", text(name), text(&value))?;
    }
    for (at, property) in record.properties().iter().enumerate() {
        let cell = record.cell(at);
        if !cell.is_null() {
            write!(
                output,
                ",{}:{}",
                text(&property.name),
                json(record.ontology(), property.scalar, cell)
            )?;
        }
    }
    let references = record.references();
    if !references.is_empty() {
        let items: Vec<String> = references.iter().map(reference_json).collect();
        write!(output, ",\"references\":[{}]", items.join(","))?;
    }
    output.write_all(b"}\n")
}

/// A JSON string.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn json(ontology: &Ontology, scalar: Scalar, cell: Cell<'_>) -> String {
    match cell {
        Cell::List(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| json(ontology, scalar, item))
                .collect();
            format!("[{}]", items.join(","))
        }
        Cell::Texts(texts) => {
            let texts: Vec<String> = texts
                .iter()
                .map(|(tag, t)| format!("{}:{}", text(tag), text(t)))
                .collect();
            format!("{{{}}}", texts.join(","))
        }
        Cell::Point(point) => {
            format!(
                "{{\"latitude\":{:?},\"longitude\":{:?}}}",
                point.latitude, point.longitude
            )
        }
        Cell::Int(_) if scalar != Scalar::BigInt => {
            ontology.print_scalar(scalar, cell).unwrap_or_default()
        }
        Cell::Bool(_) | Cell::Float(_) | Cell::Json(_) => {
            ontology.print_scalar(scalar, cell).unwrap_or_default()
        }
        _ => text(&ontology.print_scalar(scalar, cell).unwrap_or_default()),
    }
}

fn reference_json(reference: &RowReference) -> String {
    let mut members = vec![format!("\"source\":{}", text(&reference.source))];
    if let Some(locator) = &reference.locator {
        members.push(format!("\"locator\":{}", text(locator)));
    }
    if let Some(fields) = &reference.fields {
        let fields: Vec<String> = fields.iter().map(|field| text(field)).collect();
        members.push(format!("\"fields\":[{}]", fields.join(",")));
    }
    if let Some(note) = &reference.note {
        members.push(format!("\"note\":{}", text(note)));
    }
    format!("{{{}}}", members.join(","))
}
