//! How does a graph become bytes for a checkpoint, a commit bytes for the log, and back?
//!
//! A graph is a set of sections, named after types, properties and relationship types, so that it
//! opens under an ontology that has more of them. Not for: checksums and where bytes lie (`store`).

mod bytes;
mod column;
mod jobs;
mod read;
mod record;
pub(super) mod texts;

use super::build::Built;
use super::builder::Builder;
use super::cells::Cells;
use super::references::ReferenceLists;
use super::segment::{Segment, SegmentBase};
use super::snapshot::Snapshot;
use super::table::TableBase;
use crate::ontology::{NodeType, Property};
pub(super) use bytes::Output;
use std::fmt;
use std::io::{self, Read, Write};

/// The version of the sections' form.
const VERSION: u32 = 1;

/// Where sections are written, one after the other.
pub trait SectionSink {
    /// Ends the section before and begins one.
    ///
    /// # Errors
    /// If nothing can be written.
    fn section(&mut self, name: &str) -> io::Result<&mut dyn Write>;
}

/// Where sections are read, several at a time.
pub trait SectionSource: Sync {
    /// The names and lengths in bytes of all sections.
    fn sections(&self) -> Vec<(String, u64)>;

    /// Reads a section from its beginning.
    ///
    /// # Errors
    /// If there is no such section or it cannot be read.
    fn read(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>>;
}

/// Why what is stored does not make a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The section, or the record in the log.
    pub place: String,
    /// What is wrong with it, for people.
    pub what: String,
    /// Whether it is sound but does not fit the ontology.
    pub unfit: bool,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl std::error::Error for ReadError {}

/// A sink that knows what it was given.
struct Sections<'a> {
    sink: &'a mut dyn SectionSink,
    names: Vec<String>,
}

impl Sections<'_> {
    fn begin(&mut self, name: String) -> io::Result<Output<'_>> {
        let out = self.sink.section(&name)?;
        self.names.push(name);
        Ok(Output(out))
    }
}

/// Names of sections.
mod named {
    pub(super) const HEAD: &str = "graph";

    pub(super) fn table(of: &str) -> String {
        format!("node/{of}")
    }

    pub(super) fn segment(of: &str, source: &str, target: &str) -> String {
        format!("edge/{of}/{source}/{target}")
    }

    pub(super) fn column(parent: &str, property: &str) -> String {
        format!("{parent}/{property}")
    }

    pub(super) fn texts(of: &str) -> String {
        format!("search/{of}")
    }

    pub(super) fn index(column: &str) -> String {
        format!("{column}/index")
    }
}

impl Snapshot {
    /// The same graph without an overlay. Cost: as [`Builder::finish`].
    ///
    /// # Errors
    /// As [`Builder::finish`].
    pub fn compact(&self) -> Result<Self, String> {
        let built = Builder::from_snapshot(self).finish(self.revision())?;
        let Built { snapshot, .. } = built;
        Ok(snapshot)
    }

    /// Writes the graph as sections.
    ///
    /// # Errors
    /// If the sink fails.
    pub fn write_sections(&self, sink: &mut dyn SectionSink) -> io::Result<()> {
        if self.has_overlay() {
            let compact = self.compact().map_err(io::Error::other)?;
            return compact.write_sections(sink);
        }
        let mut sections = Sections {
            sink,
            names: Vec::new(),
        };
        for of in self.ontology().concrete_ids() {
            let base = &self.table(of).base;
            if base.keys.len() > 0 {
                self.write_table(&mut sections, self.ontology().node_type(of), base)?;
            }
        }
        for segment in &self.segments {
            self.write_segment(&mut sections, segment)?;
        }
        self.write_head(sections)
    }

    /// The head comes last, because it names all sections, so that none can be lost unnoticed.
    fn write_head(&self, mut sections: Sections<'_>) -> io::Result<()> {
        let names = std::mem::take(&mut sections.names);
        let mut out = sections.begin(named::HEAD.to_owned())?;
        out.number(VERSION)?;
        out.number(self.revision())?;
        out.number(names.len() as u64)?;
        names.iter().try_for_each(|name| out.text(name))?;
        write_lists(&mut out, &self.lists)
    }

    fn write_table(
        &self,
        sections: &mut Sections<'_>,
        of: &NodeType,
        base: &TableBase,
    ) -> io::Result<()> {
        let name = named::table(&of.name);
        let mut out = sections.begin(name.clone())?;
        out.strings(&base.keys)?;
        out.series(&base.records.references)?;
        out.series(&base.records.changed)?;
        self.write_columns(sections, &name, &of.properties, &base.records.columns)?;
        for (property, index) in of.properties.iter().zip(&base.indexes) {
            let Some(index) = index.as_ref().filter(|index| !index.parts.is_empty()) else {
                continue;
            };
            let name = named::index(&named::column(&name, &property.name));
            let mut out = sections.begin(name.clone())?;
            out.number(index.parts.len() as u64)?;
            index.parts.iter().try_for_each(|part| out.list(part))?;
        }
        if let Some(index) = base.texts(of).filter(|index| !index.fields().is_empty()) {
            let mut out = sections.begin(named::texts(&of.name))?;
            texts::write(&mut out, index)?;
        }
        Ok(())
    }

    fn write_columns(
        &self,
        sections: &mut Sections<'_>,
        parent: &str,
        properties: &[Property],
        columns: &[Option<Cells>],
    ) -> io::Result<()> {
        for (property, cells) in properties.iter().zip(columns) {
            if let Some(cells) = cells {
                let name = named::column(parent, &property.name);
                let mut out = sections.begin(name.clone())?;
                column::write(&mut out, self.ontology(), property, cells)?;
            }
        }
        Ok(())
    }

    fn write_segment(&self, sections: &mut Sections<'_>, segment: &Segment) -> io::Result<()> {
        let relationship = self.ontology().relationship(segment.relationship);
        let [source, target] =
            [segment.source, segment.target].map(|of| self.ontology().node_type(of).name.as_str());
        let name = named::segment(&relationship.name, source, target);
        let SegmentBase { topology, records } = &*segment.base;
        let mut out = sections.begin(name.clone())?;
        out.list(&topology.out)?;
        out.list(&topology.targets)?;
        out.series(&records.references)?;
        out.series(&records.changed)?;
        self.write_columns(sections, &name, &relationship.properties, &records.columns)
    }
}

fn write_lists(out: &mut Output<'_>, lists: &ReferenceLists) -> io::Result<()> {
    out.number(lists.len() as u64)?;
    for list in lists.iter() {
        out.number(list.len() as u64)?;
        for reference in list.iter() {
            out.number(reference.source.row)?;
            write_optional(out, reference.locator.as_deref())?;
            write_optional(out, reference.note.as_deref())?;
            let fields = reference.fields.as_deref();
            out.number(u8::from(fields.is_some()))?;
            let fields = fields.unwrap_or_default();
            out.number(fields.len() as u64)?;
            fields.iter().try_for_each(|field| out.text(field))?;
        }
    }
    Ok(())
}

fn write_optional(out: &mut Output<'_>, text: Option<&str>) -> io::Result<()> {
    out.number(u8::from(text.is_some()))?;
    out.text(text.unwrap_or_default())
}
