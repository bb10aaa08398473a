//! How is a part of the graph written? Not for: its nodes and edges (`records`).

use super::json::push_float;
use super::{Missing, Writer};
use crate::exec::{GraphRows, Part};
use crate::plan::{GraphOutput, GraphShape, Keyed, PartOutput};

impl<'a> Writer<'a> {
    /// Paths, a neighbourhood or a subgraph.
    pub(super) fn graph(
        &mut self,
        shape: &'a GraphShape,
        rows: &'a GraphRows,
    ) -> Result<(), Missing> {
        self.object(&shape.outputs, |writer, output| {
            let key = output.key();
            match &output.what {
                GraphOutput::Typename => writer.name(&shape.name),
                GraphOutput::Count => writer.number(rows.parts.len()),
                GraphOutput::Truncated => writer.flag(rows.truncated),
                GraphOutput::Nodes(of) => {
                    return writer.under(key, false, |w| {
                        w.list(0..rows.nodes.len(), |w, at| {
                            w.graph_node(shape, *of, at, rows)
                        })
                    });
                }
                GraphOutput::Relationships(of) => {
                    return writer.under(key, false, |w| {
                        w.list(0..rows.edges.len(), |w, at| {
                            w.graph_edge(shape, *of, at, rows)
                        })
                    });
                }
                GraphOutput::Parts(outputs) => {
                    return writer.under(key, false, |w| {
                        w.list(0..rows.parts.len(), |w, at| {
                            w.part(outputs, &rows.parts[at], shape, rows)
                        })
                    });
                }
            }
            Ok(())
        })
    }

    /// A path or a level.
    fn part(
        &mut self,
        outputs: &'a [Keyed<PartOutput>],
        part: &'a Part,
        shape: &'a GraphShape,
        rows: &'a GraphRows,
    ) -> Result<(), Missing> {
        self.object(outputs, |writer, output| {
            let key = output.key();
            match &output.what {
                PartOutput::Typename => writer.name(&shape.part_name),
                PartOutput::Size => writer.number(part.size),
                PartOutput::Cost => push_float(&mut writer.out, part.cost),
                PartOutput::Count => writer.number(part.nodes.len()),
                PartOutput::Nodes(of) => {
                    return writer.under(key, false, |w| {
                        w.list(part.nodes.clone(), |w, at| {
                            w.graph_node(shape, *of, rows.node_places[at] as usize, rows)
                        })
                    });
                }
                PartOutput::Relationships(of) => {
                    return writer.under(key, false, |w| {
                        w.list(part.edges.clone(), |w, at| {
                            w.graph_edge(shape, *of, rows.edge_places[at] as usize, rows)
                        })
                    });
                }
            }
            Ok(())
        })
    }

    fn graph_node(
        &mut self,
        shape: &'a GraphShape,
        of: usize,
        at: usize,
        rows: &'a GraphRows,
    ) -> Result<(), Missing> {
        self.node(rows.nodes[at], at, &shape.nodes[of], &rows.node_steps[of])
    }

    fn graph_edge(
        &mut self,
        shape: &'a GraphShape,
        of: usize,
        at: usize,
        rows: &'a GraphRows,
    ) -> Result<(), Missing> {
        self.edge(rows.edges[at], at, &shape.edges[of], &rows.edge_steps[of])
    }
}
