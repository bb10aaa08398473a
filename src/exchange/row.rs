//! What does one record of a file say, whatever the file's format? Not for: laying it on the graph.

use super::problem::{Place, Problem, Problems};
use crate::change::{Kind, Rules, Violation};
use crate::value::Value;
use std::path::Path;
use std::sync::Arc;

/// One record as a file gives it. Reused from record to record.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where it begins, from 1.
    pub(super) line: u32,
    /// What it is.
    pub(super) kind: Kind,
    /// A node's key.
    pub(super) key: String,
    /// An edge's source as it is written.
    pub(super) source: String,
    /// An edge's target as it is written.
    pub(super) target: String,
    /// Properties (positions) and their values; null clears. Of a localized one there is an entry for
    /// each language.
    pub(super) values: Vec<(usize, Value)>,
    /// Languages of localized properties (positions) that are cleared.
    pub(super) cleared: Vec<(usize, Box<str>)>,
    /// Relationship fields (positions in the type's fields) and the ends that they name; none clears.
    pub(super) ends: Vec<(usize, Option<Vec<String>>)>,
    /// The references, if any are given.
    pub(super) references: Option<Arc<[RowReference]>>,
}

/// A reference whose source is not looked up yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RowReference {
    pub(super) source: Box<str>,
    pub(super) locator: Option<Box<str>>,
    pub(super) fields: Option<Box<[Box<str>]>>,
    pub(super) note: Option<Box<str>>,
}

/// Which of the two readings of the files is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// Nodes with their values.
    Nodes,
    /// Edges, and the relationship fields of nodes.
    Edges,
}

/// What a format's reader works with while it reads one file.
pub(super) struct Context<'a> {
    pub(super) rules: &'a Rules,
    pub(super) file: &'a Arc<Path>,
    pub(super) pass: Pass,
    /// Whether an earlier pass has read the file, and so has told what is wrong with its form.
    pub(super) again: bool,
    /// Whether the file has edges, or nodes with relationship fields.
    pub(super) has_edges: bool,
    /// How many lines were read.
    pub(super) lines: u32,
    pub(super) problems: Problems,
}

impl Row {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            line: 0,
            kind,
            key: String::new(),
            source: String::new(),
            target: String::new(),
            values: Vec::new(),
            cleared: Vec::new(),
            ends: Vec::new(),
            references: None,
        }
    }

    /// Makes the row ready for the next record.
    pub(super) fn clear(&mut self, kind: Kind, line: u32) {
        (self.kind, self.line, self.references) = (kind, line, None);
        self.key.clear();
        self.source.clear();
        self.target.clear();
        self.values.clear();
        self.cleared.clear();
        self.ends.clear();
    }
}

impl Context<'_> {
    /// Reports what is wrong with the form of a record, once per file.
    pub(super) fn report_form(&mut self, line: Option<u32>, violation: Violation) {
        if !self.again {
            self.report(line, violation);
        }
    }

    /// Reports what is wrong with a record.
    pub(super) fn report(&mut self, line: Option<u32>, violation: Violation) {
        let place = Place {
            file: self.file.clone(),
            line,
        };
        self.problems.add(Problem::new(place, violation));
    }

    /// Keeps a value that was read, if it is allowed, and reports what is wrong otherwise.
    pub(super) fn keep(&mut self, row: &mut Row, property: usize, value: Result<Value, Violation>) {
        let properties = row.kind.properties(self.rules.ontology());
        let checked = value
            .map_err(|violation| violation.at(&properties[property].name))
            .and_then(|value| {
                self.rules.check_value(row.kind, property, &value)?;
                Ok(value)
            });
        match checked {
            Ok(value) => row.values.push((property, value)),
            Err(violation) => self.report(Some(row.line), violation),
        }
    }

    /// Whether this pass wants the values of a record, not only its relationship fields.
    pub(super) fn wants_values(&self, kind: Kind) -> bool {
        matches!(
            (self.pass, kind),
            (Pass::Nodes, Kind::Node(_)) | (Pass::Edges, Kind::Edge(_))
        )
    }
}
