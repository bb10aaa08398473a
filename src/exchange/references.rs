//! How does a CSV cell cite sources? `source-key#locator@field+field`, separated by `|`.
//!
//! Not for: whether the sources exist (`read`).

use super::escape::{escape, find, split, split_items, unescape};
use super::row::RowReference;
use crate::change::{Kind, Violation, check_field};
use crate::ontology::Ontology;
use std::sync::Arc;

/// Reads a `references` cell, which is not empty.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse_references(
    ontology: &Ontology,
    kind: Kind,
    cell: &str,
) -> Result<Arc<[RowReference]>, Violation> {
    split_items(cell)
        .map(|item| parse_reference(ontology, kind, item))
        .collect::<Result<_, _>>()
        .map_err(|violation| violation.at("references"))
}

fn parse_reference(ontology: &Ontology, kind: Kind, item: &str) -> Result<RowReference, Violation> {
    let (source, rest) = match find(item, '#') {
        Some(at) => (&item[..at], Some(&item[at + 1..])),
        None => (item, None),
    };
    let (locator, fields) = match rest.and_then(|rest| Some((rest, last(rest, '@')?))) {
        Some((rest, at)) => (Some(&rest[..at]), Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let source = unescape(source)?;
    if source.is_empty() {
        let wrong = Violation::new(format!("`{item}` names no source"));
        return Err(wrong.hint("write source-key#locator"));
    }
    let locator = locator.map(unescape).transpose()?;
    Ok(RowReference {
        source: source.into(),
        locator: locator.filter(|l| !l.is_empty()).map(|l| l.into()),
        fields: fields
            .map(|f| parse_fields(ontology, kind, f))
            .transpose()?,
        note: None,
    })
}

/// The last occurrence of a character that has no backslash before it.
fn last(text: &str, at: char) -> Option<usize> {
    let before = split(text, at).last()?.len();
    text.len().checked_sub(before + at.len_utf8())
}

fn parse_fields(
    ontology: &Ontology,
    kind: Kind,
    fields: &str,
) -> Result<Box<[Box<str>]>, Violation> {
    let names = fields.split('+');
    names
        .map(|name| check_field(ontology, kind, name).map(|()| name.into()))
        .collect::<Result<_, _>>()
        .map_err(|wrong| match wrong.hint {
            Some(hint) => Violation {
                hint: Some(format!(r"{hint}; write \@ for a plain @")),
                ..wrong
            },
            None => wrong,
        })
}

/// Writes references as a cell; `None` if a cell cannot hold them.
pub(super) fn print_references(references: &[RowReference]) -> Option<String> {
    let items: Option<Vec<String>> = references.iter().map(print_reference).collect();
    items.map(|items| items.join("|"))
}

fn print_reference(reference: &RowReference) -> Option<String> {
    let RowReference {
        source,
        locator,
        fields,
        note,
    } = reference;
    let empty = locator.as_ref().is_some_and(|l| l.is_empty())
        || fields.as_ref().is_some_and(|f| f.is_empty());
    if note.is_some() || empty {
        return None;
    }
    let mut item = escape(source, &['#']);
    if locator.is_some() || fields.is_some() {
        item.push('#');
        item.push_str(&escape(locator.as_deref().unwrap_or_default(), &['@']));
    }
    if let Some(fields) = fields {
        item.push('@');
        item.push_str(&fields.join("+"));
    }
    Some(item)
}
