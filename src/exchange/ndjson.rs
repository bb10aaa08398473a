//! How do the lines of an NDJSON file become rows? Not for: single values (`json`).

use super::header::{check_relation, known};
use super::json::{Members, parse_reference, parse_text, parse_texts, parse_value};
use super::problem::Problems;
use super::row::{Context, Pass, Row, RowReference};
use crate::change::{Kind, Violation, check_field, suggest};
use crate::ontology::{Field, Ontology};
use crate::value::Value;
use serde_json::value::RawValue;
use std::io::BufRead;

/// The longest line that is read.
const LONGEST: usize = 64 << 20;

/// Reads an NDJSON file and hands each row of the pass to `each`.
pub(super) fn read_lines(
    mut input: impl BufRead,
    context: &mut Context<'_>,
    each: &mut dyn FnMut(&mut Row, &mut Problems, u64),
) {
    let mut row = Row::new(Kind::Node(Ontology::SOURCE));
    let (mut buffer, mut bytes) = (Vec::new(), 0);
    for line in 1.. {
        buffer.clear();
        context.lines = line;
        match std::io::Read::take(&mut input, LONGEST as u64).read_until(b'\n', &mut buffer) {
            Ok(0) => return,
            Ok(read) => bytes += read as u64,
            Err(error) => {
                return context.report_form(Some(line), Violation::new(error.to_string()));
            }
        }
        if buffer.len() == LONGEST {
            return context
                .report_form(Some(line), Violation::new("the line is longer than 64 MiB"));
        }
        match read_line(&buffer, line, &mut row, context) {
            Ok(true) => each(&mut row, &mut context.problems, bytes),
            Ok(false) => {}
            Err(violation) => context.report_form(Some(line), violation),
        }
    }
}

/// Reads a line into a row; false if it is empty or not of this pass.
fn read_line(
    line: &[u8],
    number: u32,
    row: &mut Row,
    context: &mut Context<'_>,
) -> Result<bool, Violation> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    let text = std::str::from_utf8(line).map_err(|error| {
        let at = error.valid_up_to() + 1;
        Violation::new(format!("byte {at} of the line is not UTF-8")).hint("save the file as UTF-8")
    })?;
    if text.trim().is_empty() {
        return Ok(false);
    }
    let members = Members::parse(text)?;
    let kind = read_kind(context.rules.ontology(), &members)?;
    if context.pass == Pass::Nodes && matches!(kind, Kind::Edge(_)) {
        context.has_edges = true;
        return Ok(false);
    }
    row.clear(kind, number);
    for (name, raw) in &members.0 {
        if let Err(violation) = read_member(name, raw, row, context) {
            let violation = match violation.field {
                Some(_) => violation,
                None => violation.at(name.as_ref()),
            };
            report(row, violation, context);
        }
    }
    Ok(true)
}

/// Reports an error in a member: of a node in the first pass, of an edge in the second.
fn report(row: &Row, violation: Violation, context: &mut Context<'_>) {
    let relation = violation
        .field
        .as_deref()
        .is_some_and(|name| is_relation(row.kind, name, context));
    if context.wants_values(row.kind) != relation {
        context.report(Some(row.line), violation);
    }
}

fn is_relation(kind: Kind, name: &str, context: &Context<'_>) -> bool {
    match kind {
        Kind::Node(of) => {
            let of = context.rules.ontology().node_type(of);
            matches!(of.field(name), Some(Field::Relation(_)))
        }
        Kind::Edge(_) => false,
    }
}

/// What a line is, by its `type`.
fn read_kind(ontology: &Ontology, members: &Members<'_>) -> Result<Kind, Violation> {
    let of = members.0.iter().find(|(name, _)| name == "type");
    let Some((_, raw)) = of else {
        let wrong = Violation::new("has no `type`").at("type");
        return Err(wrong.hint("name a node type or a relationship type"));
    };
    let name = parse_text(raw.get()).map_err(|violation| violation.at("type"))?;
    kind_named(ontology, &name).map_err(|violation| violation.at("type"))
}

/// The kind of a name in files: of a concrete node type or of a relationship type.
///
/// # Errors
/// That there is none, and what was probably meant.
pub(super) fn kind_named(ontology: &Ontology, name: &str) -> Result<Kind, Violation> {
    let node = ontology.type_named(name);
    let concrete = node.filter(|of| ontology.is_concrete(*of)).map(Kind::Node);
    if let Some(kind) = concrete.or_else(|| ontology.relationship_named(name).map(Kind::Edge)) {
        return Ok(kind);
    }
    if let Some(of) = node {
        let members = ontology.node_type(of).members.iter();
        let members: Vec<&str> = members
            .map(|m| ontology.node_type(*m).name.as_str())
            .collect();
        let wrong = Violation::new(format!("`{name}` is an interface"));
        return Err(wrong.hint(format!("name one of its types: {}", members.join(", "))));
    }
    let nodes = ontology
        .concrete_ids()
        .map(|of| ontology.node_type(of).name.as_str());
    let edges = ontology.relationships.iter().map(|of| of.name.as_str());
    let hint = suggest(name, nodes.chain(edges));
    let wrong = Violation::new(format!(
        "`{name}` is neither a node type nor a relationship type"
    ));
    Err(Violation { hint, ..wrong })
}

fn read_member(
    name: &str,
    raw: &RawValue,
    row: &mut Row,
    context: &mut Context<'_>,
) -> Result<(), Violation> {
    match (name, row.kind) {
        ("type", _) => return Ok(()),
        ("key", Kind::Node(_)) => return read_text(raw, &mut row.key),
        ("source", Kind::Edge(_)) => return read_text(raw, &mut row.source),
        ("target", Kind::Edge(_)) => return read_text(raw, &mut row.target),
        ("references", _) => return read_references(raw, row, context),
        _ => {}
    }
    let properties = row.kind.properties(context.rules.ontology());
    if let Some(at) = properties.iter().position(|p| p.name == name) {
        return read_property(at, raw, row, context);
    }
    read_relation(name, raw, row, context)
}

fn read_text(raw: &RawValue, text: &mut String) -> Result<(), Violation> {
    text.push_str(&parse_text(raw.get())?);
    Ok(())
}

fn read_property(
    at: usize,
    raw: &RawValue,
    row: &mut Row,
    context: &mut Context<'_>,
) -> Result<(), Violation> {
    if !context.wants_values(row.kind) {
        return Ok(());
    }
    let ontology = context.rules.ontology().clone();
    let property = &row.kind.properties(&ontology)[at];
    if !property.localized || raw.get() == "null" {
        let value = parse_value(&ontology, property, raw);
        context.keep(row, at, value);
        return Ok(());
    }
    for (language, text) in parse_texts(raw)? {
        match text {
            Some(text) => context.keep(row, at, Ok(Value::Texts(vec![(language, text)]))),
            None => row.cleared.push((at, language)),
        }
    }
    Ok(())
}

fn read_relation(
    name: &str,
    raw: &RawValue,
    row: &mut Row,
    context: &mut Context<'_>,
) -> Result<(), Violation> {
    let ontology = context.rules.ontology();
    let unknown = || Violation {
        hint: suggest(
            name,
            known(ontology, row.kind)
                .iter()
                .map(|name| name.split(':').next().unwrap_or(name)),
        ),
        ..Violation::new(format!("{} has no field `{name}`", row.kind.name(ontology)))
    };
    let Kind::Node(of) = row.kind else {
        return Err(unknown());
    };
    let of = ontology.node_type(of);
    let at = of.fields.iter().position(|field| field.name(of) == name);
    let at = at.ok_or_else(unknown)?;
    context.has_edges = true;
    match &of.fields[at] {
        Field::Relation(relation) => check_relation(ontology, relation)?,
        _ => return Err(Violation::new("is derived from other edges").hint("leave it out")),
    }
    if context.pass == Pass::Edges {
        row.ends.push((at, read_ends(raw.get())?));
    }
    Ok(())
}

/// Reads a key or id, or a list of them; none for null.
fn read_ends(text: &str) -> Result<Option<Vec<String>>, Violation> {
    if text == "null" {
        return Ok(None);
    }
    if !text.starts_with('[') {
        return Ok(Some(vec![parse_text(text)?]));
    }
    let parsed: Result<Vec<String>, _> = serde_json::from_str(text);
    parsed
        .map(Some)
        .map_err(|_| Violation::new(format!("`{text}` is no list of keys or ids")))
}

fn read_references(
    raw: &RawValue,
    row: &mut Row,
    context: &mut Context<'_>,
) -> Result<(), Violation> {
    let text = raw.get();
    let items: Vec<&RawValue> = match text {
        "null" => Vec::new(),
        text => serde_json::from_str(text).map_err(|_| {
            Violation::new(format!("`{text}` is no list of references"))
                .hint(r#"write [{"source": "key", "locator": "…"}]"#)
        })?,
    };
    let ontology = context.rules.ontology();
    let read = |raw: &&RawValue| -> Result<RowReference, Violation> {
        let reference = parse_reference(raw.get())?;
        let mut fields = reference.fields.iter().flatten();
        fields.try_for_each(|field| check_field(ontology, row.kind, field))?;
        Ok(reference)
    };
    row.references = Some(items.iter().map(read).collect::<Result<_, _>>()?);
    Ok(())
}
