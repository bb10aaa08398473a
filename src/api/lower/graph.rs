//! What is asked of a part of the graph? Not for: its arguments (`bind`).

use super::collect::Merged;
use super::{Lowering, Sets};
use crate::api::error::GraphqlError;
use crate::plan::{GraphOutput, GraphShape, Keyed, PartOutput, RootField};
use std::sync::Arc;

impl<'a> Lowering<'a> {
    /// `paths`, `neighborhood` or `subgraph`.
    pub(super) fn graph(&self, field: &Merged<'a>) -> Result<RootField, GraphqlError> {
        let sets = field.sets();
        let mut shape = GraphShape {
            name: type_name(&sets),
            ..GraphShape::default()
        };
        for each in self.all_fields(&sets) {
            let output = match each.name() {
                "count" => GraphOutput::Count,
                "truncated" => GraphOutput::Truncated,
                "nodes" => GraphOutput::Nodes(self.place_of_nodes(&each, &mut shape)?),
                "relationships" => {
                    GraphOutput::Relationships(self.place_of_edges(&each, &mut shape)?)
                }
                "paths" | "levels" => GraphOutput::Parts(self.parts(&each, &mut shape)?),
                _ => GraphOutput::Typename,
            };
            shape.outputs.push(Keyed::new(each.key, output));
        }
        Ok(RootField::Graph(Arc::new(shape)))
    }

    fn parts(
        &self,
        field: &Merged<'a>,
        shape: &mut GraphShape,
    ) -> Result<Vec<Keyed<PartOutput>>, GraphqlError> {
        let sets = field.sets();
        shape.part_name = type_name(&sets);
        let mut outputs = Vec::new();
        for each in self.all_fields(&sets) {
            let output = match each.name() {
                "length" | "depth" => PartOutput::Size,
                "cost" => PartOutput::Cost,
                "count" => PartOutput::Count,
                "nodes" => PartOutput::Nodes(self.place_of_nodes(&each, shape)?),
                "relationships" => PartOutput::Relationships(self.place_of_edges(&each, shape)?),
                _ => PartOutput::Typename,
            };
            outputs.push(Keyed::new(each.key, output));
        }
        Ok(outputs)
    }

    fn place_of_nodes(
        &self,
        field: &Merged<'a>,
        shape: &mut GraphShape,
    ) -> Result<usize, GraphqlError> {
        let nodes = self.node_shape(self.ontology.node(), field.sets())?;
        shape.nodes.push(nodes);
        Ok(shape.nodes.len() - 1)
    }

    fn place_of_edges(
        &self,
        field: &Merged<'a>,
        shape: &mut GraphShape,
    ) -> Result<usize, GraphqlError> {
        shape.edges.push(self.edge_shape(None, field.sets())?);
        Ok(shape.edges.len() - 1)
    }
}

fn type_name(sets: &Sets<'_>) -> Box<str> {
    sets.first().map_or("", |set| set.ty.as_str()).into()
}
