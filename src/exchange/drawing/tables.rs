//! How is a drawing written as a pair of CSV tables, as Gephi's import and spreadsheets take them?
//! Not for: data files (`csv`).

use super::Writer;
use super::columns::Columns;
use super::scene::Scene;
use crate::exchange::record::Record;
use std::borrow::Cow;

/// `Id,Label,…`
pub(super) struct Nodes;

/// `Source,Target,Type,Id,Label,…`
pub(super) struct Edges;

impl Writer for Nodes {
    fn head(&self, scene: &Scene, out: &mut String) {
        out.push_str("Id,Label");
        header(out, &scene.nodes);
    }

    fn node(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.node(at);
        push_cell(out, &record.id());
        out.push(',');
        push_cell(out, &scene.label(at));
        values(out, &record, &scene.nodes);
    }

    fn turn(&self, _: &Scene, _: &mut String) {}

    fn edge(&self, _: &Scene, _: usize, _: &mut String) {}

    fn tail(&self, _: &Scene, _: &mut String) {}
}

impl Writer for Edges {
    fn head(&self, scene: &Scene, out: &mut String) {
        out.push_str("Source,Target,Type,Id,Label");
        header(out, &scene.edges);
    }

    fn node(&self, _: &Scene, _: usize, _: &mut String) {}

    fn turn(&self, _: &Scene, _: &mut String) {}

    fn edge(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.edge(at);
        let (source, target) = scene.ends(at);
        let symmetric = record.relationship().is_some_and(|of| of.symmetric);
        let direction = if symmetric { "Undirected" } else { "Directed" };
        for cell in [&source, &target, direction, &record.id()] {
            push_cell(out, cell);
            out.push(',');
        }
        push_cell(out, record.type_name());
        values(out, &record, &scene.edges);
    }

    fn tail(&self, _: &Scene, _: &mut String) {}
}

fn header(out: &mut String, columns: &Columns) {
    for column in &columns.all {
        out.push(',');
        push_cell(out, &column.name);
    }
    out.push('\n');
}

fn values(out: &mut String, record: &Record<'_>, columns: &Columns) {
    let mut cells: Vec<Option<Cow<'_, str>>> = vec![None; columns.all.len()];
    for field in columns.of(record.kind) {
        cells[field.column] = field.piece.text(record);
    }
    for cell in cells {
        out.push(',');
        if let Some(text) = cell {
            push_cell(out, &text);
        }
    }
    out.push('\n');
}

/// An empty text is quoted, no value is nothing. What a spreadsheet could take for a formula is
/// data, and quoted as it is.
fn push_cell(out: &mut String, cell: &str) {
    let quoted = cell.is_empty()
        || cell.contains(['"', ',', '\n', '\r'])
        || cell.starts_with([' ', '\t', '=', '+', '-', '@', '\u{feff}'])
        || cell.ends_with(' ');
    match quoted {
        true => {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        }
        false => out.push_str(cell),
    }
}
