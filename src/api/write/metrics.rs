//! How is what was measured of the graph written? Not for: the nodes that it names (`records`).

use super::json::push_float;
use super::{Missing, Writer};
use crate::exec::{DivisionRows, GroupRows, MetricsPart, MetricsRows, RankingRows, StepRows};
use crate::plan::{
    DivisionOutput, DivisionShape, GroupOutput, GroupsShape, Keyed, MetricsOutput, MetricsShape,
    RankingOutput, RankingShape,
};

impl<'a> Writer<'a> {
    /// `graphMetrics`
    pub(super) fn metrics(
        &mut self,
        shape: &'a MetricsShape,
        rows: &'a MetricsRows,
    ) -> Result<(), Missing> {
        let mut parts = rows.parts.iter();
        self.object(&shape.outputs, |writer, output| {
            match &output.what {
                MetricsOutput::Typename => writer.name("GraphMetrics"),
                MetricsOutput::NodeCount => writer.number(rows.nodes),
                MetricsOutput::RelationshipCount => writer.number(rows.edges),
                MetricsOutput::Density => push_float(&mut writer.out, rows.density),
                MetricsOutput::SampleSize => writer.number(rows.sample),
                MetricsOutput::Ranking(_) | MetricsOutput::Division(_) => {
                    let part = parts.next();
                    return writer.under(output.key(), false, |w| w.measured(output, part));
                }
            }
            Ok(())
        })
    }

    fn measured(
        &mut self,
        output: &'a Keyed<MetricsOutput>,
        part: Option<&'a MetricsPart>,
    ) -> Result<(), Missing> {
        match (&output.what, part) {
            (_, Some(MetricsPart::Failed(slot))) => Err(self.failed(*slot)),
            (MetricsOutput::Ranking(shape), Some(MetricsPart::Ranking(rows))) => {
                self.ranking(shape, rows)
            }
            (MetricsOutput::Division(shape), Some(MetricsPart::Division(rows))) => {
                self.division(shape, rows)
            }
            _ => Err(self.mismatch()),
        }
    }

    fn ranking(&mut self, shape: &'a RankingShape, rows: &'a RankingRows) -> Result<(), Missing> {
        self.list(0..rows.values.len(), |writer, at| {
            writer.object(&shape.outputs, |writer, output| {
                match output.what {
                    RankingOutput::Typename => writer.name("GraphRanking"),
                    RankingOutput::Value => push_float(&mut writer.out, rows.values[at]),
                    RankingOutput::Sampled => writer.flag(rows.sampled),
                    RankingOutput::Node(place) => {
                        let (shape, rows) = (&shape.nodes[place], &rows.nodes[place]);
                        return writer.under(output.key(), false, |w| {
                            w.node(rows.items[at], at, shape, &rows.steps)
                        });
                    }
                }
                Ok(())
            })
        })
    }

    fn division(
        &mut self,
        shape: &'a DivisionShape,
        rows: &'a DivisionRows,
    ) -> Result<(), Missing> {
        self.object(&shape.outputs, |writer, output| {
            match output.what {
                DivisionOutput::Typename => writer.name(&shape.name),
                DivisionOutput::Count => writer.number(rows.count),
                DivisionOutput::Modularity => {
                    push_float(&mut writer.out, rows.modularity.unwrap_or_default());
                }
                DivisionOutput::Groups(place) => {
                    let shape = &shape.groups[place];
                    return writer.under(output.key(), false, |w| match &rows.groups[place] {
                        Ok(rows) => w.groups(shape, rows),
                        Err(slot) => Err(w.failed(*slot)),
                    });
                }
            }
            Ok(())
        })
    }

    fn groups(&mut self, shape: &'a GroupsShape, rows: &'a GroupRows) -> Result<(), Missing> {
        self.list(0..rows.sizes.len(), |writer, at| {
            writer.object(&shape.outputs, |writer, output| {
                match output.what {
                    GroupOutput::Typename => writer.name("GraphGroup"),
                    GroupOutput::Size => writer.number(rows.sizes[at]),
                    GroupOutput::Nodes(place) => {
                        return writer.under(output.key(), false, |w| {
                            w.group_nodes(shape, place, rows, at)
                        });
                    }
                }
                Ok(())
            })
        })
    }

    fn group_nodes(
        &mut self,
        shape: &'a GroupsShape,
        place: usize,
        rows: &'a GroupRows,
        group: usize,
    ) -> Result<(), Missing> {
        let (_, shape) = &shape.nodes[place];
        match &rows.nodes[place] {
            StepRows::Groups { offsets, rows } => {
                let range = offsets[group] as usize..offsets[group + 1] as usize;
                self.list(range, |w, at| {
                    w.node(rows.items[at], at, shape, &rows.steps)
                })
            }
            StepRows::Failed(slot) => Err(self.failed(*slot)),
            StepRows::Pages(_) => Err(self.mismatch()),
        }
    }
}
