//! How does a graph become files that make the same graph again? Not for: other formats' writing.
//!
//! A node type or relationship type is written as CSV if a cell can hold each of its values, else as
//! NDJSON. Records stand in the order of their ids and columns in that of the ontology, so that the
//! same graph gives the same bytes.

use super::cell::print_cell;
use super::csv::write_record;
use super::drawing::{Document, Format};
use super::record::{Record, Used, records};
use super::references::print_references;
use crate::change::Kind;
use crate::graph::Snapshot;
use crate::ontology::RelationshipId;
use crate::value::Cell;
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
    must_be_empty(folder)?;
    whole(folder, |partial| {
        std::fs::create_dir_all(partial)?;
        write_all(graph, partial)
    })
}

/// Writes a file, or of a format of several files a folder with all of them; whole or not at all.
///
/// # Errors
/// A file that exists, a folder that is not empty, or a failing disk.
pub fn save(
    path: &Path,
    files: &[Format],
    document: impl Fn(Format) -> Document,
) -> io::Result<()> {
    match files {
        [one] if path.exists() => {
            let wrong = format!("exists: name a new {} file", &one.ending()[1..]);
            Err(io::Error::new(io::ErrorKind::AlreadyExists, wrong))
        }
        [one] => whole(path, |partial| pour(document(*one), partial)),
        many => {
            must_be_empty(path)?;
            whole(path, |partial| {
                std::fs::create_dir_all(partial)?;
                let name = |of: &Format| partial.join(of.ending().trim_start_matches('-'));
                let mut files = many.iter().map(|of| pour(document(*of), &name(of)));
                files.try_for_each(|done| done)
            })
        }
    }
}

fn pour(document: Document, path: &Path) -> io::Result<()> {
    let mut file = File::create(path)?;
    for piece in document {
        file.write_all(&piece)?;
    }
    file.sync_all()
}

fn must_be_empty(folder: &Path) -> io::Result<()> {
    if std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        let wrong = "is not empty: name a new or empty folder";
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, wrong));
    }
    Ok(())
}

/// Writes beside a path, and puts what was written in its place.
fn whole<T>(path: &Path, write: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    let partial = partial(path)?;
    let written = write(&partial);
    let moved = written.and_then(|done| std::fs::rename(&partial, path).map(|()| done));
    if moved.is_err() {
        // The first error is the one to tell.
        let _ = match partial.is_dir() {
            true => std::fs::remove_dir_all(&partial),
            false => std::fs::remove_file(&partial),
        };
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
        records(graph, kind, &mut |record| {
            writeln!(output, "{}", record.line())
        })?;
    }
    output.into_inner()?.sync_all()?;
    Ok(name)
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
    let identity = record.of().identity(record.ontology()).into_iter();
    let mut cells: Vec<String> = identity.map(|(_, text)| text.into_owned()).collect();
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
