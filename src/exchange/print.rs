//! How is a value written as JSON? As data files have it and read it back. Not for: reading it
//! (`json`).

use super::row::RowReference;
use crate::ontology::Ontology;
use crate::value::{Cell, Scalar};

/// A JSON string.
pub(super) fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(super) fn json(ontology: &Ontology, scalar: Scalar, cell: Cell<'_>) -> String {
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

pub(super) fn reference_json(reference: &RowReference) -> String {
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
