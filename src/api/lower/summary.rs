//! What is asked of all matches together? Aggregates and groups. Not for: their arguments (`bind`).

use super::collect::Merged;
use super::slots::SlotKind;
use super::{Lowering, Sets};
use crate::api::error::GraphqlError;
use crate::plan::{
    Aggregate, AggregateOutput, GroupBy, GroupedOutput, KeyOutput, Keyed, MeasuredValue, Shape,
    Statistic, Subject, Written,
};

impl<'a> Lowering<'a> {
    /// The field `aggregate` of a connection or group.
    pub(super) fn aggregate(
        &self,
        of: Subject,
        field: &Merged<'a>,
    ) -> Result<Aggregate, GraphqlError> {
        let mut aggregate = Aggregate::default();
        let sets = field.sets();
        for each in self.all_fields(&sets) {
            let output = match each.name() {
                "count" => AggregateOutput::Count,
                "node" | "edge" => {
                    let edge = each.name() == "edge";
                    self.measured(of, edge, &each, &mut aggregate)?
                }
                _ => AggregateOutput::Typename(type_name(&sets)),
            };
            aggregate.outputs.push(Keyed::new(each.key, output));
        }
        Ok(aggregate)
    }

    /// The field `node` or `edge`: measured properties.
    fn measured(
        &self,
        of: Subject,
        edge: bool,
        field: &Merged<'a>,
        aggregate: &mut Aggregate,
    ) -> Result<AggregateOutput, GraphqlError> {
        let sets = field.sets();
        let mut outputs = Vec::new();
        for each in self.all_fields(&sets) {
            let output = match each.name() {
                "__typename" => AggregateOutput::Typename(type_name(&sets)),
                _ => self.statistics(of, edge, &each, aggregate)?,
            };
            outputs.push(Keyed::new(each.key, output));
        }
        Ok(AggregateOutput::Object(outputs))
    }

    /// A measured property: its statistics.
    fn statistics(
        &self,
        of: Subject,
        edge: bool,
        field: &Merged<'a>,
        aggregate: &mut Aggregate,
    ) -> Result<AggregateOutput, GraphqlError> {
        let found = of.property(self.ontology, edge, field.name());
        let (places, property) = found.ok_or_else(|| self.unknown(field.name()))?;
        let slot = || self.slot(SlotKind::Languages, field.fields[0]);
        let mut value = MeasuredValue {
            of,
            edge,
            places,
            languages: property.localized.then(slot).transpose()?,
            statistics: Vec::new(),
        };
        let sets = field.sets();
        let outputs = self.all_fields(&sets).into_iter().map(|each| {
            let output = match Statistic::named(each.name()) {
                Some(statistic) => {
                    value.statistics.push(statistic);
                    aggregate.figures += 1;
                    let written = Written::of(statistic.scalar(property.scalar));
                    AggregateOutput::Figure(aggregate.figures - 1, written)
                }
                None => AggregateOutput::Typename(type_name(&sets)),
            };
            Keyed::new(each.key, output)
        });
        let outputs = outputs.collect();
        aggregate.values.push(value);
        Ok(AggregateOutput::Object(outputs))
    }

    /// The field `groupBy` of a connection.
    pub(super) fn group_by(
        &self,
        of: Subject,
        field: &Merged<'a>,
    ) -> Result<GroupBy, GraphqlError> {
        let sets = field.sets();
        let mut groups = GroupBy {
            name: type_name(&sets),
            slot: self.slot(SlotKind::Groups(of), field.fields[0])?,
            outputs: Vec::new(),
            aggregates: Vec::new(),
            records: Vec::new(),
        };
        for each in self.all_fields(&sets) {
            let output = match each.name() {
                "key" => GroupedOutput::Key(self.group_key(&each.sets())),
                "count" => GroupedOutput::Count,
                "aggregate" => {
                    groups.aggregates.push(self.aggregate(of, &each)?);
                    GroupedOutput::Aggregate(groups.aggregates.len() - 1)
                }
                "nodes" => {
                    groups.records.push(self.group_records(of, &each)?);
                    GroupedOutput::Records(groups.records.len() - 1)
                }
                _ => GroupedOutput::Typename,
            };
            groups.outputs.push(Keyed::new(each.key, output));
        }
        Ok(groups)
    }

    fn group_records(
        &self,
        of: Subject,
        field: &Merged<'a>,
    ) -> Result<(crate::plan::Slot, Shape), GraphqlError> {
        let sets = field.sets();
        let (kind, shape) = match of {
            Subject::Nodes(of) | Subject::Links(_, of) => (
                SlotKind::Members(of),
                Shape::Nodes(self.node_shape(of, sets)?),
            ),
            Subject::Edges(of) => (
                SlotKind::Edges(of),
                Shape::Edges(self.edge_shape(Some(of), sets)?),
            ),
        };
        Ok((self.slot(kind, field.fields[0])?, shape))
    }

    fn group_key(&self, sets: &Sets<'a>) -> Vec<Keyed<KeyOutput>> {
        let fields = self.all_fields(sets).into_iter().map(|each| {
            let below = each.sets();
            let name = each.name().into();
            let output = match each.name() {
                "__typename" => KeyOutput::Typename(type_name(sets)),
                _ if below.iter().all(|set| set.selections.is_empty()) => KeyOutput::Value(name),
                _ => KeyOutput::Object(name, self.group_key(&below)),
            };
            Keyed::new(each.key, output)
        });
        fields.collect()
    }
}

fn type_name(sets: &Sets<'_>) -> Box<str> {
    sets.first().map_or("", |set| set.ty.as_str()).into()
}
