//! How is a drawing written as the JSON of Cytoscape and Cytoscape.js? Not for: what it shows.

use super::Writer;
use super::columns::{Columns, Piece};
use super::scene::Scene;
use crate::exchange::record::Record;
use crate::graph::{json_text as text, value_json as json};

pub(super) struct Cytoscape;

impl Writer for Cytoscape {
    fn head(&self, _: &Scene, out: &mut String) {
        out.push_str(
            "{\"format_version\":\"1.0\",\"generated_by\":\"Guitu\",\
             \"target_cytoscapejs_version\":\"~2.1\",\"data\":{\"name\":\"Guitu\"},\
             \"elements\":{\n\"nodes\":[",
        );
    }

    fn node(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.node(at);
        let label = text(&scene.label(at));
        begin(out, at, &record);
        *out += &format!(",\"label\":{label}");
        // What Cytoscape shows of a node.
        if !scene.nodes.all.iter().any(|column| column.name == "name") {
            *out += &format!(",\"name\":{label}");
        }
        values(out, &record, &scene.nodes);
        out.push_str("}}");
    }

    fn turn(&self, _: &Scene, out: &mut String) {
        out.push_str("],\n\"edges\":[");
    }

    fn edge(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.edge(at);
        let (source, target) = scene.ends(at);
        let label = text(record.type_name());
        begin(out, at, &record);
        *out += &format!(",\"source\":{},\"target\":{}", text(&source), text(&target));
        *out += &format!(",\"label\":{label},\"interaction\":{label}");
        values(out, &record, &scene.edges);
        out.push_str("}}");
    }

    fn tail(&self, _: &Scene, out: &mut String) {
        out.push_str("]}}\n");
    }
}

fn begin(out: &mut String, at: usize, record: &Record<'_>) {
    out.push_str(if at == 0 { "\n" } else { ",\n" });
    *out += &format!("{{\"data\":{{\"id\":{}", text(&record.id()));
}

fn values(out: &mut String, record: &Record<'_>, columns: &Columns) {
    let ontology = record.graph.ontology();
    for field in columns.of(record.kind) {
        let value = match &field.piece {
            Piece::Whole(at) => {
                let scalar = record.kind.properties(ontology)[*at].scalar;
                let cell = record.cell(*at);
                (!cell.is_null()).then(|| json(ontology, scalar, cell))
            }
            piece @ (Piece::Latitude(_) | Piece::Longitude(_) | Piece::Symmetric) => {
                piece.text(record).map(|text| text.into_owned())
            }
            piece => piece.text(record).map(|found| text(&found)),
        };
        if let Some(value) = value {
            *out += &format!(",{}:{value}", text(&columns.all[field.column].name));
        }
    }
}
