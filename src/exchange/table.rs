//! How do the records of a CSV file become rows? Not for: where cells begin and end (`csv`).

use super::cell::parse_cell;
use super::csv::{CsvError, CsvReader, Record};
use super::header::{Column, identity, resolve};
use super::problem::Problems;
use super::references::parse_references;
use super::row::{Context, Row, RowReference};
use crate::change::{Kind, Violation};
use crate::value::Value;
use std::io::BufRead;
use std::sync::Arc;

/// A CSV file whose header is read.
struct Table {
    kind: Kind,
    names: Vec<String>,
    columns: Vec<Column>,
    /// The `references` cell that was read last, and what it says.
    last: Option<(String, Arc<[RowReference]>)>,
}

/// Reads a CSV file and hands each row to `each`.
pub(super) fn read_table(
    input: impl BufRead,
    kind: Kind,
    context: &mut Context<'_>,
    each: &mut dyn FnMut(&mut Row, &mut Problems, u64),
) {
    let mut reader = CsvReader::new(input);
    let mut record = Record::default();
    let read = read_table_from(&mut reader, &mut record, kind, context, each);
    context.lines = reader.lines();
    if let Err(CsvError::File(violation) | CsvError::Record(_, violation)) = read {
        context.report_form(Some(record.line).filter(|line| *line > 0), violation);
    }
}

fn read_table_from(
    reader: &mut CsvReader<impl BufRead>,
    record: &mut Record,
    kind: Kind,
    context: &mut Context<'_>,
    each: &mut dyn FnMut(&mut Row, &mut Problems, u64),
) -> Result<(), CsvError> {
    if !reader.read(record)? {
        context.report_form(
            None,
            Violation::new("the file is empty").hint("the first line names the columns"),
        );
        return Ok(());
    }
    let mut table = Table::new(kind, record, context);
    context.has_edges = table.has_relations();
    if !table.has_identity() {
        return Ok(());
    }
    let mut row = Row::new(kind);
    loop {
        match reader.read(record) {
            Ok(false) => return Ok(()),
            Ok(true) if table.read(record, &mut row, context) => {
                each(&mut row, &mut context.problems, reader.bytes());
            }
            Ok(true) => {}
            Err(CsvError::Record(cell, violation)) => {
                let name = cell.and_then(|cell| table.names.get(cell));
                let violation = Violation {
                    field: name.cloned(),
                    ..violation
                };
                context.report_form(Some(record.line), violation);
            }
            Err(error) => return Err(error),
        }
    }
}

impl Table {
    fn new(kind: Kind, header: &Record, context: &mut Context<'_>) -> Self {
        let ontology = context.rules.ontology().clone();
        let line = Some(header.line);
        Self {
            kind,
            names: header.cells().map(str::to_owned).collect(),
            columns: resolve(&ontology, kind, header, |v| context.report_form(line, v)),
            last: None,
        }
    }

    /// Whether the columns say which record each row is.
    fn has_identity(&self) -> bool {
        identity(self.kind)
            .iter()
            .all(|(column, _)| self.columns.contains(column))
    }

    fn has_relations(&self) -> bool {
        self.columns
            .iter()
            .any(|c| matches!(c, Column::Relation(_)))
    }

    /// Reads a record into a row; false if its cells cannot be told apart.
    fn read(&mut self, record: &Record, row: &mut Row, context: &mut Context<'_>) -> bool {
        row.clear(self.kind, record.line);
        if record.len() != self.columns.len() {
            let (cells, columns) = (record.len(), self.columns.len());
            let wrong = Violation::new(format!("has {cells} cells, but the header has {columns}"));
            let wrong = wrong.hint("put a cell that contains a comma in quotes");
            context.report_form(Some(record.line), wrong);
            return false;
        }
        let values = context.wants_values(self.kind);
        for at in 0..self.columns.len() {
            let cell = record.cell(at);
            if !cell.is_empty() {
                self.read_cell(at, cell, values, row, context);
            }
        }
        true
    }

    fn read_cell(
        &mut self,
        at: usize,
        cell: &str,
        values: bool,
        row: &mut Row,
        context: &mut Context<'_>,
    ) {
        match &self.columns[at] {
            Column::Key => row.key.push_str(cell),
            Column::Source => row.source.push_str(cell),
            Column::Target => row.target.push_str(cell),
            Column::References => self.read_references(cell, row, context),
            Column::Relation(field) if !values => read_ends(*field, cell, row, context),
            Column::Property(property) if values => {
                let ontology = context.rules.ontology();
                let declared = &self.kind.properties(ontology)[*property];
                let value = parse_cell(ontology, declared, cell);
                context.keep(row, *property, value);
            }
            Column::Text(property, language) if values => {
                let value = Value::Texts(vec![(language.clone(), cell.into())]);
                context.keep(row, *property, Ok(value));
            }
            _ => {}
        }
    }

    /// Reads references, which are often the same as in the row before.
    fn read_references(&mut self, cell: &str, row: &mut Row, context: &mut Context<'_>) {
        if let Some((last, references)) = &self.last
            && last == cell
        {
            row.references = Some(references.clone());
            return;
        }
        match parse_references(context.rules.ontology(), self.kind, cell) {
            Ok(references) => {
                self.last = Some((cell.to_owned(), references.clone()));
                row.references = Some(references);
            }
            Err(violation) => context.report_form(Some(row.line), violation),
        }
    }
}

/// Reads the keys or ids in a relationship column.
fn read_ends(field: usize, cell: &str, row: &mut Row, context: &mut Context<'_>) {
    let items = super::escape::split_items(cell);
    let ends: Result<Vec<String>, Violation> = items
        .map(|item| super::escape::unescape(item).map(std::borrow::Cow::into_owned))
        .collect();
    match ends {
        Ok(ends) => row.ends.push((field, Some(ends))),
        Err(violation) => context.report(Some(row.line), violation),
    }
}
