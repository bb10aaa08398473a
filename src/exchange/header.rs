//! What do the columns of a CSV file mean? Not for: reading cells (`cell`).

use super::csv::Record;
use crate::change::{Kind, Violation, check_language, suggest};
use crate::ontology::{Direction, Field, NodeType, Ontology, Property, Relation};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// A node's key.
    Key,
    /// An edge's source.
    Source,
    /// An edge's target.
    Target,
    /// References.
    References,
    /// A property (a position).
    Property(usize),
    /// A localized property (a position) in a language.
    Text(usize, Box<str>),
    /// A relationship field (a position in the type's fields).
    Relation(usize),
    /// Unknown, and reported.
    Wrong,
}

/// Resolves a header's columns, and says what is wrong with it.
pub(super) fn resolve(
    ontology: &Ontology,
    kind: Kind,
    header: &Record,
    mut report: impl FnMut(Violation),
) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::with_capacity(header.len());
    for (at, name) in header.cells().enumerate() {
        let column = column(ontology, kind, name).and_then(|column| {
            match columns.iter().position(|other| *other == column) {
                Some(first) => Err(Violation::new(format!(
                    "the columns {} and {} are the same",
                    first + 1,
                    at + 1
                ))),
                None => Ok(column),
            }
        });
        columns.push(column.unwrap_or_else(|violation| {
            report(violation.at(name));
            Column::Wrong
        }));
    }
    for (column, name) in identity(kind) {
        if !columns.contains(column) {
            report(missing(ontology, kind, name, header));
        }
    }
    columns
}

/// The columns that say which record a row is.
pub(super) fn identity(kind: Kind) -> &'static [(Column, &'static str)] {
    match kind {
        Kind::Node(_) => &[(Column::Key, "key")],
        Kind::Edge(_) => &[(Column::Source, "source"), (Column::Target, "target")],
    }
}

fn missing(ontology: &Ontology, kind: Kind, name: &str, header: &Record) -> Violation {
    let wrong = format!("{} needs a column `{name}`", kind.name(ontology));
    let one = header.len() == 1 && header.cell(0).contains([';', '\t']);
    Violation::new(wrong).hint(match one {
        true => "separate the cells by commas".to_owned(),
        false => "the first line names the columns".to_owned(),
    })
}

fn column(ontology: &Ontology, kind: Kind, name: &str) -> Result<Column, Violation> {
    match (name, kind) {
        ("references", _) => return Ok(Column::References),
        ("key", Kind::Node(_)) => return Ok(Column::Key),
        ("source", Kind::Edge(_)) => return Ok(Column::Source),
        ("target", Kind::Edge(_)) => return Ok(Column::Target),
        _ => {}
    }
    let (plain, language) = match name.split_once(':') {
        Some((plain, language)) => (plain, Some(language)),
        None => (name, None),
    };
    let properties = kind.properties(ontology);
    if let Some(at) = properties.iter().position(|p| p.name == plain) {
        return property_column(&properties[at], at, language);
    }
    match kind {
        Kind::Node(of) => relation_column(ontology, ontology.node_type(of), name),
        Kind::Edge(_) => Err(unknown(ontology, kind, name)),
    }
}

fn property_column(of: &Property, at: usize, language: Option<&str>) -> Result<Column, Violation> {
    let name = &of.name;
    match language {
        Some(language) if of.localized => {
            check_language(language).map(|()| Column::Text(at, language.into()))
        }
        None if !of.localized => Ok(Column::Property(at)),
        Some(_) => Err(Violation::new(format!("`{name}` is not localized"))
            .hint(format!("name the column {name}"))),
        None => Err(
            Violation::new("is localized, so the column must name a language").hint(format!(
                "name the column {name}:en, or after another language"
            )),
        ),
    }
}

fn relation_column(ontology: &Ontology, of: &NodeType, name: &str) -> Result<Column, Violation> {
    let kind = ontology.type_named(&of.name).map(Kind::Node);
    let at = of.fields.iter().position(|field| field.name(of) == name);
    match (at, at.map(|at| &of.fields[at])) {
        (Some(at), Some(Field::Relation(relation))) => {
            check_relation(ontology, relation).map(|()| Column::Relation(at))
        }
        (_, Some(Field::Closure(_))) => {
            Err(Violation::new("is derived from other edges").hint("leave the column out"))
        }
        _ => Err(kind.map_or_else(
            || Violation::new("is unknown"),
            |kind| unknown(ontology, kind, name),
        )),
    }
}

/// Checks that a relationship field can be written at the node: its edges have no properties.
///
/// # Errors
/// That they have, and where they go instead.
pub(super) fn check_relation(ontology: &Ontology, of: &Relation) -> Result<(), Violation> {
    let relationship = ontology.relationship(of.relationship);
    if relationship.properties.is_empty() {
        return Ok(());
    }
    let end = match of.direction {
        Direction::Out => "source",
        Direction::In => "target",
    };
    Err(Violation::new("has edges with properties").hint(format!(
        "give them as records of {}, with this node as {end}",
        relationship.name
    )))
}

fn unknown(ontology: &Ontology, kind: Kind, name: &str) -> Violation {
    let known = known(ontology, kind);
    let hint = suggest(name, known.iter().map(String::as_str));
    let wrong = format!("{} has no field `{name}`", kind.name(ontology));
    Violation {
        hint,
        ..Violation::new(wrong)
    }
}

/// The names that columns and members of a kind can have; localized ones with the first language.
pub(super) fn known(ontology: &Ontology, kind: Kind) -> Vec<String> {
    let language = ontology.languages.first().map_or("en", String::as_str);
    let properties = kind.properties(ontology).iter().map(|p| match p.localized {
        true => format!("{}:{language}", p.name),
        false => p.name.clone(),
    });
    let mut known: Vec<String> = match kind {
        Kind::Node(_) => vec!["key".to_owned()],
        Kind::Edge(_) => vec!["source".to_owned(), "target".to_owned()],
    };
    known.extend(properties);
    if let Kind::Node(of) = kind {
        let of = ontology.node_type(of);
        known.extend(of.fields.iter().filter_map(|field| match field {
            Field::Relation(relation) => Some(relation.name.clone()),
            _ => None,
        }));
    }
    known.push("references".to_owned());
    known
}
