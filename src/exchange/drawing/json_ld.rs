//! How is a drawing written as JSON-LD 1.1? Nodes with their properties, each edge as a triple, and
//! as a statement with its properties and references. Not for: what it shows.

use super::Writer;
use super::scene::Scene;
use crate::change::Kind;
use crate::exchange::record::Record;
use crate::exchange::row::RowReference;
use crate::graph::{json_text as text, value_json as json};
use crate::ontology::Ontology;
use crate::value::{Cell, Precision, Scalar};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What cannot stand in the last part of a URN as it is.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

pub(super) struct JsonLd;

impl Writer for JsonLd {
    fn head(&self, scene: &Scene, out: &mut String) {
        out.push_str(
            "{\"@context\":{\n\"@version\":1.1,\n\"@vocab\":\"urn:guitu:ontology#\",\n\
             \"rdf\":\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\",\n\
             \"rdfs\":\"http://www.w3.org/2000/01/rdf-schema#\",\n\
             \"schema\":\"https://schema.org/\",\n\
             \"xsd\":\"http://www.w3.org/2001/XMLSchema#\",\n\
             \"label\":\"rdfs:label\",\n\"references\":\"schema:citation\"",
        );
        for term in localized(scene) {
            *out += &format!(",\n{}:{{\"@container\":\"@language\"}}", text(term));
        }
        out.push_str("\n},\n\"@graph\":[");
    }

    fn node(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.node(at);
        out.push_str(if at == 0 { "\n" } else { ",\n" });
        *out += &format!("{{\"@id\":{}", iri(&record.id()));
        *out += &format!(",\"@type\":{}", text(record.type_name()));
        *out += &format!(",\"label\":{}", text(&scene.label(at)));
        members(out, &record);
        out.push('}');
    }

    fn turn(&self, _: &Scene, _: &mut String) {}

    /// The ends are nodes, so that something has been written before.
    fn edge(&self, scene: &Scene, at: usize, out: &mut String) {
        let record = scene.edge(at);
        let (source, target) = scene.ends(at);
        let (source, target) = (iri(&source), iri(&target));
        let name = record.type_name();
        *out += &format!(
            ",\n{{\"@id\":{source},{}:{{\"@id\":{target}}}}}",
            text(name)
        );
        *out += &format!(
            ",\n{{\"@id\":{},\"@type\":\"rdf:Statement\"",
            iri(&record.id())
        );
        *out += &format!(",\"rdf:subject\":{{\"@id\":{source}}}");
        *out += &format!(",\"rdf:predicate\":{{\"@id\":\"urn:guitu:ontology#{name}\"}}");
        *out += &format!(",\"rdf:object\":{{\"@id\":{target}}}");
        members(out, &record);
        out.push('}');
    }

    fn tail(&self, _: &Scene, out: &mut String) {
        out.push_str("\n]}\n");
    }
}

/// The names of all texts by language.
fn localized(scene: &Scene) -> Vec<&str> {
    let ontology = scene.ontology();
    let kinds = scene.nodes.kinds().chain(scene.edges.kinds());
    let properties = kinds.flat_map(|kind: Kind| kind.properties(ontology));
    let localized = properties.filter(|property| property.localized);
    let mut names: Vec<&str> = localized.map(|property| &*property.name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// A record's id as JSON.
fn iri(id: &str) -> String {
    format!("\"urn:guitu:{}\"", utf8_percent_encode(id, ESCAPED))
}

fn members(out: &mut String, record: &Record<'_>) {
    let ontology = record.graph.ontology();
    for (at, property) in record.properties().iter().enumerate() {
        let cell = record.cell(at);
        if !cell.is_null() {
            let value = value(ontology, property.scalar, cell);
            *out += &format!(",{}:{value}", text(&property.name));
        }
    }
    let references = record.references();
    if !references.is_empty() {
        let items: Vec<String> = references.iter().map(citation).collect();
        *out += &format!(",\"references\":[{}]", items.join(","));
    }
}

fn value(ontology: &Ontology, scalar: Scalar, cell: Cell<'_>) -> String {
    let typed = |of: &str| {
        let printed = ontology.print_scalar(scalar, cell).unwrap_or_default();
        format!("{{\"@value\":{},\"@type\":\"{of}\"}}", text(&printed))
    };
    match cell {
        Cell::List(items) => {
            let items: Vec<String> = items.iter().map(|of| value(ontology, scalar, of)).collect();
            format!("[{}]", items.join(","))
        }
        Cell::Date(date) => typed(match date.precision() {
            Precision::Year => "xsd:gYear",
            Precision::Month => "xsd:gYearMonth",
            Precision::Day => "xsd:date",
        }),
        Cell::DateTime(_) => typed("xsd:dateTime"),
        Cell::Int(_) if scalar == Scalar::BigInt => typed("xsd:long"),
        Cell::Float(_) => typed("xsd:double"),
        Cell::Json(json) => format!("{{\"@value\":{json},\"@type\":\"@json\"}}"),
        Cell::Point(point) => format!(
            "{{\"@type\":\"schema:GeoCoordinates\",\"schema:latitude\":{:?},\"schema:longitude\":{:?}}}",
            point.latitude, point.longitude
        ),
        _ => json(ontology, scalar, cell),
    }
}

fn citation(of: &RowReference) -> String {
    let source = iri(&format!("Source:{}", of.source));
    let mut members = format!("{{\"source\":{{\"@id\":{source}}}");
    if let Some(locator) = &of.locator {
        members += &format!(",\"locator\":{}", text(locator));
    }
    if let Some(fields) = &of.fields {
        let fields: Vec<String> = fields.iter().map(|field| text(field)).collect();
        members += &format!(",\"fields\":[{}]", fields.join(","));
    }
    if let Some(note) = &of.note {
        members += &format!(",\"note\":{}", text(note));
    }
    members + "}"
}
