//! How are many records measured? `XAggregate`, `XAggregateWhere` and `XAggregateSort` for node types,
//! interfaces and edge types: a statistic of each property, a filter and an order by one. Not for:
//! what measures them (`outputs`) or groups them (`groups`).

use super::definition::{Definition, Member, members};
use crate::ontology::{
    EnumType, Field, NodeType, Ontology, Property, Relation, names, names::TypeNames,
};
use crate::plan::Statistic;
use crate::value::Scalar;

/// The scalars whose measures every ontology shares.
const SHARED: [Scalar; 9] = [
    Scalar::Id,
    Scalar::String,
    Scalar::Int,
    Scalar::BigInt,
    Scalar::Float,
    Scalar::Boolean,
    Scalar::Date,
    Scalar::DateTime,
    Scalar::Period,
];

/// The measures of single properties; what is not used is left out of the schema later.
pub(super) fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let mut all: Vec<_> = SHARED.iter().flat_map(|of| of_scalar(*of)).collect();
    all.extend(ontology.enums.iter().flat_map(of_enum));
    let sorts = [
        ("NumberAggregateSort", Scalar::Int),
        ("ValueAggregateSort", Scalar::String),
        ("BooleanAggregateSort", Scalar::Boolean),
    ];
    all.extend(sorts.map(|(name, of)| {
        let names: Vec<_> = statistics(of).map(|(name, _)| name).collect();
        Definition::one_of(name, members(&names, "SortOrder"))
    }));
    all
}

/// The measures of the properties of a node type or interface.
pub(super) fn of_type(of: &NodeType, ontology: &Ontology) -> Vec<Definition> {
    let properties = of.fields.iter().filter_map(|field| match field {
        Field::Property(at) => Some(&of.properties[*at]),
        _ => None,
    });
    of_properties(of.names(), properties.collect(), ontology)
}

/// The measures of some properties, if any can be measured.
pub(super) fn of_properties(
    names: TypeNames<'_>,
    properties: Vec<&Property>,
    ontology: &Ontology,
) -> Vec<Definition> {
    let properties: Vec<_> = properties
        .into_iter()
        .filter(|property| property.is_measured())
        .collect();
    if properties.is_empty() {
        return Vec::new();
    }
    let fields = |of: &dyn Fn(Scalar) -> String| -> Vec<Member> {
        let each = properties.iter().map(|property| {
            Member::new(&property.name, of(property.scalar)).deprecate(&property.deprecated)
        });
        each.collect()
    };
    let name = |scalar| ontology.scalar_name(scalar).to_owned();
    vec![
        Definition::object(
            names.aggregate(),
            fields(&|of| format!("{}Aggregate!", name(of))),
        ),
        Definition::input(
            names.aggregate_where(),
            fields(&|of| format!("{}AggregateWhere", name(of))),
        ),
        Definition::one_of(names.aggregate_sort(), fields(&|of| sort(of).to_owned())),
    ]
}

/// Whether a type has anything to be measured.
pub(super) fn is_measured(properties: &[Property]) -> bool {
    properties.iter().any(Property::is_measured)
}

/// Under which name what of each record is measured: `node`, `edge`.
pub(super) type Parts<'o> = Vec<(&'static str, TypeNames<'o>)>;

/// What of nodes can be measured.
pub(super) fn parts_of_type(of: &NodeType) -> Parts<'_> {
    let node = is_measured(&of.properties).then(|| ("node", of.names()));
    node.into_iter().collect()
}

/// What of the links of a relationship field can be measured.
pub(super) fn parts_of_relation<'o>(ontology: &'o Ontology, relation: &Relation) -> Parts<'o> {
    let mut parts = parts_of_type(ontology.node_type(relation.target));
    let edge = ontology.relationship(relation.relationship);
    parts.extend(is_measured(&edge.properties).then(|| ("edge", edge.names())));
    parts
}

fn of_scalar(of: Scalar) -> [Definition; 2] {
    let name = names::scalar_name(of);
    let output = statistics(of).map(|(field, statistic)| {
        let mark = required(statistic);
        let of = names::scalar_name(statistic.scalar(of));
        Member::new(field, format!("{of}{mark}")).describe(help(statistic))
    });
    let filter = statistics(of).map(|(field, statistic)| {
        let of = match statistic {
            Statistic::DistinctCount => "Count",
            _ => names::scalar_name(statistic.scalar(of)),
        };
        Member::new(field, format!("{of}Filter"))
    });
    [
        Definition::object(format!("{name}Aggregate"), output.collect()).about(HELP),
        Definition::input(format!("{name}AggregateWhere"), filter.collect()),
    ]
}

fn of_enum(of: &EnumType) -> [Definition; 2] {
    let mut output = members(&["min", "max"], &of.name);
    output.push(Member::new("distinctCount", "Int!"));
    let mut filter = members(&["min", "max"], &of.filter());
    filter.push(Member::new("distinctCount", "CountFilter"));
    [
        Definition::object(of.aggregate(), output)
            .about("By the order in which the values are declared."),
        Definition::input(of.aggregate_where(), filter),
    ]
}

const HELP: &str = "Of the values that are not missing; null where there are none.";

fn help(statistic: Statistic) -> Option<String> {
    match statistic {
        Statistic::Stddev => Some("Of a sample: null of fewer than two values.".to_owned()),
        _ => None,
    }
}

fn required(statistic: Statistic) -> &'static str {
    match statistic {
        Statistic::DistinctCount => "!",
        _ => "",
    }
}

fn statistics(of: Scalar) -> impl Iterator<Item = (&'static str, Statistic)> {
    let all = Statistic::ALL.into_iter();
    all.filter(move |(_, statistic)| statistic.is_of(of))
}

fn sort(of: Scalar) -> &'static str {
    match of {
        Scalar::Int | Scalar::BigInt | Scalar::Float => "NumberAggregateSort",
        Scalar::Boolean => "BooleanAggregateSort",
        _ => "ValueAggregateSort",
    }
}
