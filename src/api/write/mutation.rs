//! How is the answer to a mutation's root field written? Not for: its records (`records`).

use super::{Missing, Writer};
use crate::exec::MutationRows;
use crate::plan::{Call, MutationOutput, MutationShape, Slot};

impl<'a> Writer<'a> {
    /// A root field of a mutation.
    pub(super) fn mutation(
        &mut self,
        shape: &'a MutationShape,
        rows: &'a MutationRows,
        slot: Slot,
    ) -> Result<(), Missing> {
        let Call::Mutation(outcome) = &self.calls[slot] else {
            return Err(self.mismatch());
        };
        self.object(&shape.outputs, |writer, output| {
            match output.what {
                MutationOutput::Typename => writer.name(&shape.name),
                MutationOutput::Revision => writer.revision(writer.snapshot.revision()),
                MutationOutput::Nodes(of) => {
                    let (shape, steps) = (&shape.nodes[of], &rows.steps[of]);
                    return writer.under(output.key(), false, |w| {
                        w.list(0..rows.items.len(), |w, at| {
                            w.node(rows.items[at], at, shape, steps)
                        })
                    });
                }
                MutationOutput::Edges(of) => {
                    let (shape, steps) = (&shape.edges[of], &rows.steps[of]);
                    return writer.under(output.key(), false, |w| {
                        w.list(0..rows.items.len(), |w, at| {
                            w.edge(rows.items[at], at, shape, steps)
                        })
                    });
                }
                count => writer.number(count.count(outcome)),
            }
            Ok(())
        })
    }
}
