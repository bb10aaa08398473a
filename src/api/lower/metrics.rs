//! What is asked of `graphMetrics`? Not for: its arguments (`bind`).

use super::Lowering;
use super::collect::Merged;
use super::slots::SlotKind;
use crate::api::error::GraphqlError;
use crate::plan::{
    DivisionOutput, DivisionShape, GroupOutput, GroupsShape, Keyed, MetricsOutput, MetricsShape,
    RankingOutput, RankingShape, RootField,
};
use std::sync::Arc;

impl<'a> Lowering<'a> {
    /// `graphMetrics`
    pub(super) fn metrics(&self, field: &Merged<'a>) -> Result<RootField, GraphqlError> {
        let mut shape = MetricsShape::default();
        for each in self.all_fields(&field.sets()) {
            let output = match each.name() {
                "nodeCount" => MetricsOutput::NodeCount,
                "relationshipCount" => MetricsOutput::RelationshipCount,
                "density" => MetricsOutput::Density,
                "sampleSize" => MetricsOutput::SampleSize,
                "ranking" => MetricsOutput::Ranking(self.ranking(&each)?),
                "components" => {
                    let shape = self.division(&each, SlotKind::Components, "GraphComponents")?;
                    MetricsOutput::Division(shape)
                }
                "communities" => {
                    let shape = self.division(&each, SlotKind::Communities, "GraphCommunities")?;
                    MetricsOutput::Division(shape)
                }
                _ => MetricsOutput::Typename,
            };
            shape.outputs.push(Keyed::new(each.key, output));
        }
        Ok(RootField::Metrics(Arc::new(shape)))
    }

    fn ranking(&self, field: &Merged<'a>) -> Result<RankingShape, GraphqlError> {
        let slot = self.slot(SlotKind::Ranking, field.fields[0])?;
        let (mut outputs, mut nodes) = (Vec::new(), Vec::new());
        for each in self.all_fields(&field.sets()) {
            let output = match each.name() {
                "value" => RankingOutput::Value,
                "sampled" => RankingOutput::Sampled,
                "node" => {
                    nodes.push(self.node_shape(self.ontology.node(), each.sets())?);
                    RankingOutput::Node(nodes.len() - 1)
                }
                _ => RankingOutput::Typename,
            };
            outputs.push(Keyed::new(each.key, output));
        }
        Ok(RankingShape {
            slot,
            outputs,
            nodes,
        })
    }

    fn division(
        &self,
        field: &Merged<'a>,
        kind: SlotKind,
        name: &str,
    ) -> Result<DivisionShape, GraphqlError> {
        let slot = self.slot(kind, field.fields[0])?;
        let (mut outputs, mut groups) = (Vec::new(), Vec::new());
        for each in self.all_fields(&field.sets()) {
            let output = match each.name() {
                "count" => DivisionOutput::Count,
                "modularity" => DivisionOutput::Modularity,
                "groups" => {
                    groups.push(self.groups(&each)?);
                    DivisionOutput::Groups(groups.len() - 1)
                }
                _ => DivisionOutput::Typename,
            };
            outputs.push(Keyed::new(each.key, output));
        }
        Ok(DivisionShape {
            name: name.into(),
            slot,
            outputs,
            groups,
        })
    }

    fn groups(&self, field: &Merged<'a>) -> Result<GroupsShape, GraphqlError> {
        let slot = self.slot(SlotKind::First, field.fields[0])?;
        let (mut outputs, mut nodes) = (Vec::new(), Vec::new());
        for each in self.all_fields(&field.sets()) {
            let output = match each.name() {
                "size" => GroupOutput::Size,
                "nodes" => {
                    let slot = self.slot(SlotKind::First, each.fields[0])?;
                    nodes.push((slot, self.node_shape(self.ontology.node(), each.sets())?));
                    GroupOutput::Nodes(nodes.len() - 1)
                }
                _ => GroupOutput::Typename,
            };
            outputs.push(Keyed::new(each.key, output));
        }
        Ok(GroupsShape {
            slot,
            outputs,
            nodes,
        })
    }
}
