//! How is a drawing written as GEXF 1.3? Not for: what it shows.

use super::Writer;
use super::columns::{Columns, Holds};
use super::scene::Scene;
use super::xml::push_attribute;
use crate::exchange::record::Record;

pub(super) struct Gexf;

impl Writer for Gexf {
    fn head(&self, scene: &Scene, out: &mut String) {
        out.push_str(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n\
             <meta>\n<creator>Guitu</creator>\n",
        );
        let revision = scene.snapshot.revision();
        *out += &format!("<description>revision {revision}</description>\n</meta>\n<graph");
        let edges = if scene.undirected {
            "undirected"
        } else {
            "directed"
        };
        push_attribute(out, "defaultedgetype", edges);
        out.push_str(" mode=\"static\">\n");
        declare(out, "node", &scene.nodes);
        declare(out, "edge", &scene.edges);
        *out += &format!("<nodes count=\"{}\">\n", scene.picture.nodes.len());
    }

    fn node(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.node(at);
        out.push_str("<node");
        push_attribute(out, "id", &record.id());
        push_attribute(out, "label", &scene.label(at));
        out.push_str(">\n");
        values(out, &record, &scene.nodes);
        let display = record
            .node_type()
            .and_then(|of| of.display.color.as_deref());
        colour(out, display);
        out.push_str("</node>\n");
    }

    fn turn(&self, scene: &Scene, out: &mut String) {
        *out += &format!(
            "</nodes>\n<edges count=\"{}\">\n",
            scene.picture.edges.len()
        );
    }

    fn edge(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.edge(at);
        let (source, target) = scene.ends(at);
        out.push_str("<edge");
        push_attribute(out, "id", &record.id());
        push_attribute(out, "source", &source);
        push_attribute(out, "target", &target);
        push_attribute(out, "label", record.type_name());
        push_attribute(out, "kind", record.type_name());
        out.push_str(">\n");
        values(out, &record, &scene.edges);
        let display = record
            .relationship()
            .and_then(|of| of.display.color.as_deref());
        colour(out, display);
        out.push_str("</edge>\n");
    }

    fn tail(&self, _: &Scene, out: &mut String) {
        out.push_str("</edges>\n</graph>\n</gexf>\n");
    }
}

fn declare(out: &mut String, class: &str, columns: &Columns) {
    if columns.all.is_empty() {
        return;
    }
    *out += &format!("<attributes class=\"{class}\" mode=\"static\">\n");
    for (at, column) in columns.all.iter().enumerate() {
        *out += &format!("<attribute id=\"{at}\"");
        push_attribute(out, "title", &column.name);
        push_attribute(out, "type", type_name(column.holds));
        out.push_str("/>\n");
    }
    out.push_str("</attributes>\n");
}

fn type_name(holds: Holds) -> &'static str {
    match holds {
        Holds::Boolean => "boolean",
        Holds::Integer => "integer",
        Holds::Long => "long",
        Holds::Double => "double",
        Holds::Text => "string",
    }
}

fn values(out: &mut String, record: &Record<'_>, columns: &Columns) {
    let fields = columns.of(record.kind).iter();
    let mut values = fields
        .filter_map(|field| Some((field.column, field.piece.text(record)?)))
        .peekable();
    if values.peek().is_none() {
        return;
    }
    out.push_str("<attvalues>\n");
    for (column, value) in values {
        *out += &format!("<attvalue for=\"{column}\"");
        push_attribute(out, "value", &value);
        out.push_str("/>\n");
    }
    out.push_str("</attvalues>\n");
}

/// The colour of a type, if it is given in digits: `#0f766e` or `#fa0`.
fn colour(out: &mut String, css: Option<&str>) {
    let digits = css.and_then(|css| css.strip_prefix('#'));
    let Some([r, g, b]) = digits.and_then(parts) else {
        return;
    };
    *out += &format!("<viz:color r=\"{r}\" g=\"{g}\" b=\"{b}\"/>\n");
}

fn parts(digits: &str) -> Option<[u32; 3]> {
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    match digits.len() {
        3 => Some([
            (number >> 8) * 17,
            (number >> 4 & 15) * 17,
            (number & 15) * 17,
        ]),
        6 => Some([number >> 16, number >> 8 & 255, number & 255]),
        _ => None,
    }
}
