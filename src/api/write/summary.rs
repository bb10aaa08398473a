//! How are aggregates and groups written? Not for: the records that groups show (`records`).

use super::json::{Form, push_cell};
use super::{Missing, Writer};
use crate::api::error::{ErrorCode, GraphqlError};
use crate::exec::{Figures, GroupedRows, Groups, StepRows};
use crate::plan::{
    Aggregate, AggregateOutput, Call, GroupBy, GroupField, GroupedBy, GroupedOutput, KeyOutput,
    Keyed, Shape, Written,
};
use crate::value::{Cell, Value};

/// The outputs of one set of records.
#[derive(Clone, Copy)]
struct Set<'r> {
    count: u64,
    values: &'r [Value],
}

impl<'a> Writer<'a> {
    /// An aggregate of so many records, its figures being those of one set.
    pub(super) fn aggregate(
        &mut self,
        aggregate: &'a Aggregate,
        figures: Option<&'a Figures>,
        at: usize,
        count: u64,
    ) -> Result<(), Missing> {
        let width = aggregate.figures;
        let values = figures.and_then(|f| f.values.get(at * width..(at + 1) * width));
        let values = values.unwrap_or(&[]);
        self.figures(&aggregate.outputs, Set { count, values })
    }

    fn figures(
        &mut self,
        outputs: &'a [Keyed<AggregateOutput>],
        set: Set<'a>,
    ) -> Result<(), Missing> {
        self.object(outputs, |writer, output| {
            match &output.what {
                AggregateOutput::Typename(name) => writer.name(name),
                AggregateOutput::Count => writer.number(set.count),
                AggregateOutput::Object(outputs) => {
                    return writer.under(output.key(), false, |w| w.figures(outputs, set));
                }
                AggregateOutput::Figure(at, written) => {
                    let figure = set.values.get(*at).map_or(Cell::Null, Value::as_cell);
                    return writer.under(output.key(), true, |w| w.figure(figure, *written));
                }
            }
            Ok(())
        })
    }

    /// A figure; a sum may be too large for its type.
    fn figure(&mut self, figure: Cell<'_>, written: Written) -> Result<(), Missing> {
        let too_large = match figure {
            Cell::Float(value) => written.big || !value.is_finite(),
            _ => false,
        };
        if too_large {
            let error = GraphqlError::new(ErrorCode::BadUserInput, "the sum is too large");
            return Err(self.fail(error.hint("ask for fewer records, or for the average")));
        }
        self.value(figure, written);
        Ok(())
    }

    fn value(&mut self, cell: Cell<'_>, written: Written) {
        let form = Form {
            ontology: self.snapshot.ontology(),
            big: written.big,
            of_enum: written.of_enum,
        };
        push_cell(&mut self.out, cell, form);
    }

    /// The groups of a page's matches.
    pub(super) fn group_by(
        &mut self,
        by: &'a GroupBy,
        rows: &'a GroupedRows,
        page: usize,
    ) -> Result<(), Missing> {
        let groups = match rows {
            GroupedRows::Groups(groups) => groups,
            GroupedRows::Failed(slot) => return Err(self.failed(*slot)),
        };
        let Call::Grouping(grouping) = &self.calls[by.slot] else {
            return Err(self.mismatch());
        };
        let (start, end) = (groups.offsets[page], groups.offsets[page + 1]);
        let width = grouping.width;
        self.list(start as usize..end as usize, |writer, at| {
            let key = &groups.keys[at * width..(at + 1) * width];
            writer.object(&by.outputs, |writer, output| {
                writer.group_output(output, by, groups, at, (&grouping.fields, key))
            })
        })
    }

    fn group_output(
        &mut self,
        output: &'a Keyed<GroupedOutput>,
        by: &'a GroupBy,
        groups: &'a Groups,
        at: usize,
        (fields, key): (&[GroupField], &[Value]),
    ) -> Result<(), Missing> {
        match &output.what {
            GroupedOutput::Typename => self.name(&by.name),
            GroupedOutput::Count => self.number(groups.counts[at]),
            GroupedOutput::Key(outputs) => return self.key_object(outputs, fields, key),
            GroupedOutput::Aggregate(place) => {
                let (aggregate, figures) = (&by.aggregates[*place], groups.aggregates.get(*place));
                let count = groups.counts[at];
                return self.under(output.key(), false, |w| {
                    w.aggregate(aggregate, figures, at, count)
                });
            }
            GroupedOutput::Records(place) => {
                let (rows, shape) = (&groups.records[*place], &by.records[*place].1);
                return self.under(output.key(), false, |w| w.shown(rows, shape, at));
            }
        }
        Ok(())
    }

    /// The records that a group shows.
    fn shown(&mut self, rows: &'a StepRows, shape: &'a Shape, at: usize) -> Result<(), Missing> {
        let (offsets, rows) = match rows {
            StepRows::Groups { offsets, rows } => (offsets, rows),
            StepRows::Failed(slot) => return Err(self.failed(*slot)),
            StepRows::Pages(_) => return Err(self.mismatch()),
        };
        let group = offsets[at] as usize..offsets[at + 1] as usize;
        self.list(group, |writer, at| match shape {
            Shape::Nodes(shape) => writer.node(rows.items[at], at, shape, &rows.steps),
            Shape::Edges(shape) => writer.edge(rows.items[at], at, shape, &rows.steps),
        })
    }

    /// The key of a group, or a part of it; what is not grouped by is null.
    fn key_object(
        &mut self,
        outputs: &'a [Keyed<KeyOutput>],
        fields: &[GroupField],
        key: &[Value],
    ) -> Result<(), Missing> {
        let by = |name: &str| {
            let field = fields.iter().find(|field| &*field.name == name);
            field.map(|field| &field.by)
        };
        self.object(outputs, |writer, output| {
            match &output.what {
                KeyOutput::Typename(name) => writer.name(name),
                KeyOutput::Value(name) => match by(name) {
                    Some(GroupedBy::Value { at, written, .. }) => {
                        writer.value(key[*at].as_cell(), *written);
                    }
                    _ => writer.raw(b"null"),
                },
                KeyOutput::Object(name, outputs) => match by(name) {
                    Some(GroupedBy::Through(_, fields)) if has_value(fields, key) => {
                        return writer.key_object(outputs, fields, key);
                    }
                    _ => writer.raw(b"null"),
                },
            }
            Ok(())
        })
    }
}

/// Whether a part of a key has any value.
fn has_value(fields: &[GroupField], key: &[Value]) -> bool {
    fields.iter().any(|field| match &field.by {
        GroupedBy::Value { at, .. } => key[*at] != Value::Null,
        GroupedBy::Through(_, fields) => has_value(fields, key),
    })
}
