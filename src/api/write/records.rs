//! How are nodes and edges written? Not for: pages of them (`connection`).

use super::json::{Form, push_cell, push_text};
use super::{Missing, Writer};
use crate::api::error::{ErrorCode, GraphqlError};
use crate::exec::{Item, StepRows};
use crate::graph::Node;
use crate::ontology::Direction;
use crate::plan::{EdgeShape, Keyed, NodeShape, ReferenceOutput, Slot, Step, StepKind, What};
use crate::value::Cell;

/// What the outputs of one record read.
#[derive(Clone, Copy)]
struct Record<'r> {
    item: Item,
    /// Its place among the parents of the steps' rows.
    at: usize,
    steps: &'r [Step],
    rows: &'r [StepRows],
}

impl<'a> Writer<'a> {
    pub(super) fn node(
        &mut self,
        item: Item,
        at: usize,
        shape: &'a NodeShape,
        rows: &'a [StepRows],
    ) -> Result<(), Missing> {
        let Some(node) = item.node() else {
            return Err(Missing);
        };
        let record = Record {
            item: Item::Node(node),
            at,
            steps: &shape.steps,
            rows,
        };
        self.outputs(shape.of(node.of), record)
    }

    pub(super) fn edge(
        &mut self,
        item: Item,
        at: usize,
        shape: &'a EdgeShape,
        rows: &'a [StepRows],
    ) -> Result<(), Missing> {
        let Some(edge) = item.edge() else {
            return Err(Missing);
        };
        let record = Record {
            item: Item::Edge(edge),
            at,
            steps: &shape.steps,
            rows,
        };
        self.outputs(
            shape.of(self.snapshot.segment(edge.segment).relationship),
            record,
        )
    }

    fn outputs(&mut self, outputs: &'a [Keyed<What>], record: Record<'a>) -> Result<(), Missing> {
        let Some((form, row)) = self.form(outputs, record.item) else {
            return self.object(outputs, |writer, output| writer.output(output, record));
        };
        let start = self.out.len();
        for entry in &*form {
            entry.put_key(&mut self.out);
            if !entry.put_value(&mut self.out, row) {
                self.output(entry.output, record)?;
            }
        }
        self.out.close_object(start);
        Ok(())
    }

    fn output(&mut self, output: &'a Keyed<What>, record: Record<'a>) -> Result<(), Missing> {
        match &output.what {
            What::Typename => self.typename(record.item),
            What::Id => self.id(record.item),
            What::Key => self.key(record.item),
            What::Label(slot) => self.label(record.item, self.languages(*slot)),
            What::Revision => self.revision(
                record
                    .item
                    .node()
                    .map_or(0, |node| self.snapshot.changed(node)),
            ),
            What::Property {
                at,
                required,
                list,
                big,
                of_enum,
            } => {
                let cell = self.cell(record.item, *at);
                match (cell.is_null(), *required, *list) {
                    (true, true, true) => self.raw(b"[]"),
                    (true, true, false) => return Err(self.absent(output.key(), "a property")),
                    _ => {
                        let form = Form {
                            ontology: self.snapshot.ontology(),
                            big: *big,
                            of_enum: *of_enum,
                        };
                        push_cell(&mut self.out, cell, form);
                    }
                }
            }
            What::Text { at, required, slot } => {
                return self.text(output, record.item, *at, (*required, *slot));
            }
            What::Texts { at, fields } => return self.texts(self.cell(record.item, *at), fields),
            What::References(outputs) => return self.references(output.key(), outputs, record),
            What::Degree(outputs) => return self.degree(record.item, outputs),
            What::RelationshipType => self.relationship_type(record.item),
            What::Step(step) => return self.step(output.key(), *step, record),
        }
        Ok(())
    }

    fn cell(&self, item: Item, at: usize) -> Cell<'a> {
        match item {
            Item::Node(node) | Item::Link(_, node) => self.snapshot.cell(node, at),
            Item::Edge(edge) => self.snapshot.edge_cell(edge, at),
        }
    }

    fn typename(&mut self, item: Item) {
        let ontology = self.snapshot.ontology();
        match item {
            Item::Node(node) | Item::Link(_, node) => self.name(&ontology.node_type(node.of).name),
            Item::Edge(edge) => {
                let of = self.snapshot.segment(edge.segment).relationship;
                self.name(&ontology.relationship(of).type_name);
            }
        }
    }

    fn relationship_type(&mut self, item: Item) {
        let of = item
            .edge()
            .map(|edge| self.snapshot.segment(edge.segment).relationship);
        if let Some(of) = of {
            self.name(&self.snapshot.ontology().relationship(of).name);
        }
    }

    fn id(&mut self, item: Item) {
        match item {
            Item::Node(node) | Item::Link(_, node) => self.node_id(node),
            Item::Edge(edge) => {
                let id = self.snapshot.edge_id(edge).to_string();
                self.string(&id);
            }
        }
    }

    fn node_id(&mut self, node: Node) {
        let snapshot = self.snapshot;
        self.out.push(b'"');
        self.raw(snapshot.ontology().node_type(node.of).name.as_bytes());
        self.out.push(b':');
        push_text(&mut self.out, snapshot.key(node));
        self.out.push(b'"');
    }

    fn key(&mut self, item: Item) {
        if let Some(node) = item.node() {
            self.string(self.snapshot.key(node));
        }
    }

    fn label(&mut self, item: Item, languages: &[String]) {
        let Some(node) = item.node() else { return };
        match self.run.label(node) {
            Cell::Texts(texts) => self.string(texts.first_of(languages).unwrap_or_default()),
            Cell::Str(text) => self.string(text),
            _ => self.string(self.snapshot.key(node)),
        }
    }

    fn text(
        &mut self,
        output: &'a Keyed<What>,
        item: Item,
        at: usize,
        (required, slot): (bool, Slot),
    ) -> Result<(), Missing> {
        let languages = self.languages(slot);
        let text = match item {
            Item::Node(node) | Item::Link(_, node) => {
                let column = self.snapshot.column(node.of, at);
                let place = (slot, node.of);
                self.tongues.text(column, node.row, place, languages)
            }
            Item::Edge(edge) => match self.snapshot.edge_cell(edge, at) {
                Cell::Texts(texts) => texts.first_of(languages),
                _ => None,
            },
        };
        match text {
            Some(text) => super::json::push_string(&mut self.out, text),
            None if required => return Err(self.absent(output.key(), "a text")),
            None => self.raw(b"null"),
        }
        Ok(())
    }

    fn texts(&mut self, cell: Cell<'_>, fields: &'a [Keyed<Option<bool>>]) -> Result<(), Missing> {
        let texts: Vec<(&str, &str)> = match cell {
            Cell::Texts(texts) => texts.iter().collect(),
            _ => Vec::new(),
        };
        self.list(0..texts.len(), |writer, at| {
            writer.object(fields, |writer, which| {
                match which.what {
                    None => writer.name("LocalizedText"),
                    Some(true) => writer.string(texts[at].0),
                    Some(false) => writer.string(texts[at].1),
                }
                Ok(())
            })
        })
    }

    fn references(
        &mut self,
        key: &'a str,
        outputs: &'a [Keyed<ReferenceOutput>],
        record: Record<'a>,
    ) -> Result<(), Missing> {
        let references = self.run.references(record.item);
        self.under(key, false, |writer| {
            writer.list(0..references.len(), |writer, nth| {
                let reference = &references[nth];
                writer.object(outputs, |writer, output| {
                    match &output.what {
                        ReferenceOutput::Typename => writer.name("Reference"),
                        ReferenceOutput::Locator => writer.maybe(reference.locator.as_deref()),
                        ReferenceOutput::Note => writer.maybe(reference.note.as_deref()),
                        ReferenceOutput::Fields => match &reference.fields {
                            None => writer.raw(b"null"),
                            Some(fields) => writer.list(0..fields.len(), |w, at| {
                                w.string(&fields[at]);
                                Ok(())
                            })?,
                        },
                        ReferenceOutput::Source(step) => {
                            return writer.source(output.key(), *step, nth, record);
                        }
                    }
                    Ok(())
                })
            })
        })
    }

    fn source(
        &mut self,
        key: &'a str,
        step: usize,
        nth: usize,
        record: Record<'a>,
    ) -> Result<(), Missing> {
        let (StepRows::Groups { offsets, rows }, StepKind::ReferenceSources(shape)) =
            (&record.rows[step], &record.steps[step].kind)
        else {
            return Err(Missing);
        };
        let place = offsets[record.at] as usize + nth;
        self.under(key, false, |writer| {
            writer.node(rows.items[place], place, shape, &rows.steps)
        })
    }

    fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.raw(b"null"),
        }
    }

    fn degree(&mut self, item: Item, outputs: &'a [Keyed<Box<str>>]) -> Result<(), Missing> {
        let degrees = item
            .node()
            .map(|node| self.run.degrees(node))
            .unwrap_or_default();
        let snapshot = self.snapshot;
        self.list(0..degrees.len(), |writer, at| {
            let (of, direction, count) = degrees[at];
            writer.object(outputs, |writer, name| {
                match &*name.what {
                    "type" => writer.name(&snapshot.ontology().relationship(of).name),
                    "direction" => writer.name(match direction {
                        Some(Direction::Out) => "OUT",
                        Some(Direction::In) => "IN",
                        None => "BOTH",
                    }),
                    "count" => writer.number(count),
                    _ => writer.name("Degree"),
                }
                Ok(())
            })
        })
    }

    fn step(&mut self, key: &'a str, step: usize, record: Record<'a>) -> Result<(), Missing> {
        let (Step { kind, slot, .. }, rows) = (&record.steps[step], &record.rows[step]);
        let nullable = matches!(
            kind,
            StepKind::One {
                required: false,
                ..
            }
        );
        self.under(key, nullable, |writer| match (kind, rows) {
            (_, StepRows::Failed(slot)) => Err(writer.failed(*slot)),
            (
                StepKind::One {
                    required, shape, ..
                },
                StepRows::Groups { offsets, rows },
            ) => {
                let at = offsets[record.at] as usize;
                if at < offsets[record.at + 1] as usize {
                    return writer.node(rows.items[at], at, shape, &rows.steps);
                }
                if *required {
                    let message = "a relationship that the ontology requires has no edge";
                    let error = GraphqlError::new(ErrorCode::Internal, message);
                    return Err(writer.fail(error));
                }
                writer.raw(b"null");
                Ok(())
            }
            (
                StepKind::Source(shape) | StepKind::Target(shape),
                StepRows::Groups { offsets, rows },
            ) => {
                let at = offsets[record.at] as usize;
                writer.node(rows.items[at], at, shape, &rows.steps)
            }
            (
                StepKind::List(_, shape) | StepKind::Closure(_, _, shape),
                StepRows::Groups { offsets, rows },
            ) => {
                let group = offsets[record.at] as usize..offsets[record.at + 1] as usize;
                writer.list(group, |writer, at| {
                    writer.node(rows.items[at], at, shape, &rows.steps)
                })
            }
            (
                StepKind::Connection(_, connection)
                | StepKind::ClosureConnection(_, _, connection)
                | StepKind::CitedBy(connection),
                StepRows::Pages(pages),
            ) => writer.connection(connection, pages, record.at, slot.unwrap_or_default()),
            _ => Err(writer.mismatch()),
        })
    }
}
