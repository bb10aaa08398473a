//! How is a drawing written as GraphML? Not for: what it shows.

use super::Writer;
use super::columns::{Columns, Holds};
use super::scene::Scene;
use super::xml::{push_attribute, push_escaped};
use crate::exchange::record::Record;

pub(super) struct Graphml;

impl Writer for Graphml {
    fn head(&self, scene: &Scene, out: &mut String) {
        out.push_str(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns \
             http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n",
        );
        declare(out, "node", &scene.nodes);
        declare(out, "edge", &scene.edges);
        out.push_str("<graph id=\"guitu\"");
        let edges = if scene.undirected {
            "undirected"
        } else {
            "directed"
        };
        push_attribute(out, "edgedefault", edges);
        out.push_str(">\n");
    }

    fn node(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.node(at);
        out.push_str("<node");
        push_attribute(out, "id", &record.id());
        out.push_str(">\n");
        data(out, "nl", &scene.label(at));
        values(out, "n", &record, &scene.nodes);
        out.push_str("</node>\n");
    }

    fn turn(&self, _: &Scene, _: &mut String) {}

    fn edge(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.edge(at);
        let (source, target) = scene.ends(at);
        out.push_str("<edge");
        push_attribute(out, "id", &record.id());
        push_attribute(out, "source", &source);
        push_attribute(out, "target", &target);
        out.push_str(">\n");
        data(out, "el", record.type_name());
        values(out, "e", &record, &scene.edges);
        out.push_str("</edge>\n");
    }

    fn tail(&self, _: &Scene, out: &mut String) {
        out.push_str("</graph>\n</graphml>\n");
    }
}

/// Declares the label and the columns; their keys are `nl`, `n0`, `n1`, … and `el`, `e0`, ….
fn declare(out: &mut String, class: &str, columns: &Columns) {
    let short = &class[..1];
    key(out, class, &format!("{short}l"), "label", Holds::Text);
    for (at, column) in columns.all.iter().enumerate() {
        key(
            out,
            class,
            &format!("{short}{at}"),
            &column.name,
            column.holds,
        );
    }
}

fn key(out: &mut String, class: &str, id: &str, name: &str, holds: Holds) {
    out.push_str("<key");
    push_attribute(out, "id", id);
    push_attribute(out, "for", class);
    push_attribute(out, "attr.name", name);
    push_attribute(out, "attr.type", type_name(holds));
    out.push_str("/>\n");
}

fn type_name(holds: Holds) -> &'static str {
    match holds {
        Holds::Boolean => "boolean",
        Holds::Integer => "int",
        Holds::Long => "long",
        Holds::Double => "double",
        Holds::Text => "string",
    }
}

fn values(out: &mut String, short: &str, record: &Record<'_>, columns: &Columns) {
    for field in columns.of(record.kind) {
        if let Some(text) = field.piece.text(record) {
            data(out, &format!("{short}{}", field.column), &text);
        }
    }
}

fn data(out: &mut String, key: &str, text: &str) {
    out.push_str("<data");
    push_attribute(out, "key", key);
    out.push('>');
    push_escaped(out, text);
    out.push_str("</data>\n");
}
