//! How do rows become an answer? Bytes in the order of the document, nulls propagated by the
//! specification. Not for: which rows (`exec`).

mod changes;
mod columns;
mod connection;
mod graph;
mod ink;
mod json;
mod metrics;
mod mutation;
mod ontology;
mod records;
mod roots;
mod search;
mod summary;
mod tongues;

use super::error::{ErrorCode, GraphqlError, PathSegment};
use super::lower::Slot as ArgumentSlot;
use super::service::RequestId;
use crate::exec::{Budget, Kept, RootRows, Run, Stop};
use crate::graph::Snapshot;
use crate::plan::{Call, Keyed, RootField, Selection, Slot};
use columns::Forms;
use ink::Ink;
use json::push_string;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use tongues::Tongues;

/// A field that may not be null has no value: its parent becomes null.
pub(super) struct Missing;

/// Writes an answer.
pub(super) struct Writer<'a> {
    snapshot: &'a Snapshot,
    run: Run<'a>,
    calls: &'a [Call],
    slots: &'a [ArgumentSlot],
    /// Answers about the schema, by response key.
    introspection: &'a BTreeMap<String, Box<RawValue>>,
    /// The description of the ontology.
    about: Option<&'a serde_json::Value>,
    parts: &'a [Option<Part>],
    request: RequestId,
    tongues: Tongues,
    forms: Forms<'a>,
    out: Ink,
    path: Vec<Place<'a>>,
    errors: Vec<GraphqlError>,
    /// About how many bytes the errors will take.
    told: usize,
    /// How many bytes an answer may have.
    limit: usize,
    /// Why writing must stop.
    stop: Option<Halt>,
}

/// One step of the path to what is being written.
#[derive(Clone, Copy)]
enum Place<'a> {
    Key(&'a str),
    Index(usize),
}

/// Why writing stops.
pub(super) enum Halt {
    /// The budget is used up.
    Stop(Stop),
    /// The answer is larger than this.
    Size(usize),
}

/// What a writer reads.
pub(super) struct Source<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) calls: &'a [Call],
    pub(super) slots: &'a [ArgumentSlot],
    pub(super) budget: &'a Budget<'a>,
    pub(super) kept: &'a Kept,
    pub(super) introspection: &'a BTreeMap<String, Box<RawValue>>,
    pub(super) about: Option<&'a serde_json::Value>,
    /// The fields that are answered apart; none for one whose arguments are wrong.
    pub(super) parts: &'a [Option<Part>],
    /// Where the answer stands in another one.
    pub(super) path: &'a [&'a str],
    pub(super) limit: usize,
    pub(super) request: RequestId,
}

/// A part of an answer, written apart.
pub(super) struct Part {
    /// Its JSON; none where a value that may not be null is missing.
    pub(super) json: Option<Vec<u8>>,
    /// What is wrong in it, with paths from the root of the whole answer.
    pub(super) errors: Vec<GraphqlError>,
}

impl<'a> Writer<'a> {
    /// A writer of an answer of about `size` bytes.
    pub(super) fn new(source: &Source<'a>, size: usize) -> Self {
        let Source {
            snapshot,
            calls,
            slots,
            budget,
            kept,
            introspection,
            about,
            parts,
            path,
            limit,
            request,
        } = *source;
        Self {
            snapshot,
            run: Run {
                snapshot,
                calls,
                budget,
                kept,
            },
            calls,
            slots,
            introspection,
            about,
            parts,
            request,
            tongues: Tongues::default(),
            forms: Forms::default(),
            out: Ink::new(size + size / 16 + 256),
            path: path.iter().map(|key| Place::Key(key)).collect(),
            errors: Vec::new(),
            told: 0,
            limit,
            stop: None,
        }
    }

    /// The whole answer: `{"data":…}`, with `errors` if there are any.
    ///
    /// # Errors
    /// When the answer is too large or the time is over.
    pub(super) fn answer(
        mut self,
        selection: &'a Selection,
        rows: &'a [RootRows],
    ) -> Result<Vec<u8>, Halt> {
        self.out.put(b"{\"data\":");
        let start = self.out.len();
        if self.roots(selection, rows).is_err() {
            self.out.truncate(start);
            self.out.put(b"null");
        }
        let _ = self.check();
        if let Some(halt) = self.stop {
            return Err(halt);
        }
        if !self.errors.is_empty() {
            self.out.put(b",\"errors\":");
            let written = serde_json::to_vec(&self.errors).unwrap_or_default();
            self.out.put(&written);
        }
        self.out.push(b'}');
        Ok(self.out.into_bytes())
    }

    /// A part of another answer: all root fields, or the only one if that is answered apart.
    ///
    /// # Errors
    /// When the part is too large or the time is over.
    pub(super) fn into_part(
        mut self,
        selection: &'a Selection,
        rows: &'a [RootRows],
    ) -> Result<Part, Halt> {
        let written = match (selection.roots.as_slice(), rows) {
            ([only], [rows]) if matches!(only.what.field, RootField::Changes(_)) => {
                self.root(&only.what, only.key(), rows)
            }
            _ => self.roots(selection, rows),
        };
        let _ = self.check();
        match self.stop {
            Some(halt) => Err(halt),
            None => Ok(Part {
                json: written.is_ok().then(|| self.out.into_bytes()),
                errors: self.errors,
            }),
        }
    }

    /// What was written apart.
    fn apart(&mut self, at: usize) -> Result<(), Missing> {
        let parts = self.parts;
        let Some(Some(part)) = parts.get(at) else {
            return Err(self.mismatch());
        };
        for error in &part.errors {
            self.told += error.size();
            self.errors.push(error.clone());
        }
        let json = part.json.as_ref().ok_or(Missing)?;
        self.raw(json);
        Ok(())
    }

    /// An object with an entry for each output.
    fn object<T>(
        &mut self,
        outputs: &'a [Keyed<T>],
        mut each: impl FnMut(&mut Self, &'a Keyed<T>) -> Result<(), Missing>,
    ) -> Result<(), Missing> {
        let start = self.out.len();
        for output in outputs {
            self.out.put(output.json.as_bytes());
            each(self, output)?;
        }
        self.out.close_object(start);
        Ok(())
    }

    /// A list with an item for each position.
    fn list(
        &mut self,
        positions: std::ops::Range<usize>,
        mut each: impl FnMut(&mut Self, usize) -> Result<(), Missing>,
    ) -> Result<(), Missing> {
        self.out.push(b'[');
        self.forms.are_used |= positions.len() > 1;
        let start = positions.start;
        for at in positions {
            if at > start {
                self.out.push(b',');
            }
            self.check()?;
            self.path.push(Place::Index(at - start));
            let written = each(self, at);
            self.path.pop();
            written?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Something under a key of the path; if it may be null, it ends what is missing below it.
    fn under(
        &mut self,
        key: &'a str,
        nullable: bool,
        write: impl FnOnce(&mut Self) -> Result<(), Missing>,
    ) -> Result<(), Missing> {
        self.path.push(Place::Key(key));
        let written = if nullable {
            self.nullable(write)
        } else {
            write(self)
        };
        self.path.pop();
        written
    }

    fn nullable(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), Missing>,
    ) -> Result<(), Missing> {
        let start = self.out.len();
        if write(self).is_err() {
            if self.stop.is_some() {
                return Err(Missing);
            }
            self.out.truncate(start);
            self.raw(b"null");
        }
        Ok(())
    }

    /// Looks at the limits, once for each item of a list.
    fn check(&mut self) -> Result<(), Missing> {
        if self.out.len() + self.told > self.limit {
            self.stop = Some(Halt::Size(self.limit));
        } else if let Err(stop) = self.run.budget.spend(1) {
            self.stop = Some(Halt::Stop(stop));
        }
        if self.stop.is_some() {
            Err(Missing)
        } else {
            Ok(())
        }
    }

    /// Tells an error at the present path.
    fn fail(&mut self, error: GraphqlError) -> Missing {
        let path = self.path.iter().map(|place| match place {
            Place::Key(key) => PathSegment::Key((*key).into()),
            Place::Index(at) => PathSegment::Index(*at),
        });
        let error = error.on(path.collect());
        self.told += error.size();
        self.errors.push(error);
        Missing
    }

    /// Tells what is wrong with a field's arguments.
    fn failed(&mut self, slot: Slot) -> Missing {
        let error = match &self.calls[slot] {
            Call::Failed {
                message,
                hint: Some(hint),
            } => GraphqlError::new(ErrorCode::BadUserInput, message).hint(hint),
            Call::Failed { message, .. } => GraphqlError::new(ErrorCode::BadUserInput, message),
            _ => return self.mismatch(),
        };
        self.fail(error.at(self.slots[slot].location))
    }

    /// Tells what in the data does not fit a field's arguments.
    fn unfit(&mut self, slot: Slot, message: &str, hint: &str) -> Missing {
        let error = GraphqlError::new(ErrorCode::BadUserInput, message).hint(hint);
        self.fail(error.at(self.slots[slot].location))
    }

    /// Rows that are not of their field's kind.
    fn mismatch(&mut self) -> Missing {
        let error = GraphqlError::internal(self.request, &"rows of another kind than their field");
        self.fail(error)
    }

    /// A field that may not be null has no value.
    fn absent(&mut self, key: &'a str, what: &str) -> Missing {
        self.path.push(Place::Key(key));
        let message = format!("{what} has no value, which the ontology requires");
        let missing = self.fail(GraphqlError::new(ErrorCode::Internal, message));
        self.path.pop();
        missing
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.out.put(bytes);
    }

    fn string(&mut self, text: &str) {
        push_string(&mut self.out, text);
    }

    /// A name of the schema, which needs no escape.
    fn name(&mut self, name: &str) {
        self.out.push(b'"');
        self.out.put(name.as_bytes());
        self.out.push(b'"');
    }

    fn revision(&mut self, revision: u64) {
        self.out.push(b'"');
        self.number(revision);
        self.out.push(b'"');
    }

    fn number(&mut self, number: impl itoa::Integer) {
        self.out.put(itoa::Buffer::new().format(number).as_bytes());
    }

    fn languages(&self, slot: Slot) -> &'a [String] {
        match &self.calls[slot] {
            Call::Languages(languages) => languages,
            _ => &[],
        }
    }
}
