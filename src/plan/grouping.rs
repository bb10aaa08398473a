//! How are many records put together? Aggregates and groups: what is selected of them, and by what
//! they are grouped. Not for: the measures themselves (`measure`).

use super::{
    Aggregated, EdgeShape, Keyed, Measure, NodeShape, Places, Reach, Slot, SortBy, Statistic,
    Subject,
};
use crate::value::{Precision, Scalar};
use std::sync::Arc;

/// What is selected of an aggregate.
#[derive(Clone, Debug, Default)]
pub struct Aggregate {
    /// The outputs, in the order of the answer.
    pub outputs: Vec<Keyed<AggregateOutput>>,
    /// What must be measured; the figures of all of them follow each other.
    pub values: Vec<MeasuredValue>,
    /// How many figures there are.
    pub figures: usize,
}

/// A value that is measured.
#[derive(Clone, Debug)]
pub struct MeasuredValue {
    /// What the records are.
    pub of: Subject,
    /// Whether the value is one of the edges of links.
    pub edge: bool,
    /// Where it lies.
    pub places: Places,
    /// Of a localized one: where the languages are.
    pub languages: Option<Slot>,
    /// The figures about it.
    pub statistics: Vec<Statistic>,
}

/// One output of an aggregate.
#[derive(Clone, Debug)]
pub enum AggregateOutput {
    /// `__typename`
    Typename(Box<str>),
    /// `count`
    Count,
    /// `node`, `edge`, or a property.
    Object(Vec<Keyed<AggregateOutput>>),
    /// A figure, by position.
    Figure(usize, Written),
}

/// How a value is written beyond its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Whether it is a `BigInt`, written as a string.
    pub big: bool,
    /// The enum, if it is one.
    pub of_enum: Option<u16>,
}

/// What is selected of groups.
#[derive(Clone, Debug)]
pub struct GroupBy {
    /// The GraphQL type of a group.
    pub name: Box<str>,
    /// The arguments, a [`Grouping`].
    pub slot: Slot,
    /// The outputs of each group, in the order of the answer.
    pub outputs: Vec<Keyed<GroupedOutput>>,
    /// What is measured of each group, once for each place.
    pub aggregates: Vec<Aggregate>,
    /// Which of each group's records are shown, once for each place.
    pub records: Vec<(Slot, Shape)>,
}

/// What is selected of records.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Of nodes.
    Nodes(Arc<NodeShape>),
    /// Of edges.
    Edges(Arc<EdgeShape>),
}

/// One output of a group.
#[derive(Clone, Debug)]
pub enum GroupedOutput {
    /// `__typename`
    Typename,
    /// `key`
    Key(Vec<Keyed<KeyOutput>>),
    /// `count`
    Count,
    /// `aggregate`, by position in `aggregates`.
    Aggregate(usize),
    /// `nodes`, by position in `records`.
    Records(usize),
}

/// One output of a group's key; which of its fields have a value, the arguments say.
#[derive(Clone, Debug)]
pub enum KeyOutput {
    /// `__typename`
    Typename(Box<str>),
    /// A value, by the name of its field.
    Value(Box<str>),
    /// What lies further, by the name of its field.
    Object(Box<str>, Vec<Keyed<KeyOutput>>),
}

/// How records are grouped.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// By what.
    pub fields: Vec<GroupField>,
    /// How many values a key has.
    pub width: usize,
    /// Which groups are shown; none: all.
    pub having: Option<Aggregated>,
    /// Their order; ties by key.
    pub sort: Vec<GroupSort>,
    /// How many at most.
    pub first: Option<usize>,
}

/// A field of a key.
#[derive(Clone, Debug)]
pub struct GroupField {
    /// Its name in the API.
    pub name: Box<str>,
    /// What it is.
    pub by: GroupedBy,
}

/// What a field of a key is.
#[derive(Clone, Debug)]
pub enum GroupedBy {
    /// A value.
    Value {
        /// Its position in the key.
        at: usize,
        /// Which one.
        of: KeyValue,
        /// How it is written.
        written: Written,
    },
    /// Values of what lies further.
    Through(GroupWay, Vec<GroupField>),
}

/// A value to group by.
#[derive(Clone, Debug)]
pub enum KeyValue {
    /// The node's id.
    Id,
    /// The node's type.
    Typename,
    /// A value; dates cut to a precision.
    Single(SortBy, Precision),
    /// Each item of a list, once; dates cut to a precision.
    Items(SortBy, Precision),
}

/// Where values to group by are read.
#[derive(Clone, Debug)]
pub enum GroupWay {
    /// At the one node that a step leads to.
    One(Reach),
    /// At each node that links lead to, once.
    Many(Reach),
    /// At a link's node.
    Node,
    /// At a link's edge.
    Edge,
    /// At an edge's source.
    Source,
    /// At an edge's target.
    Target,
}

/// One key of an order of groups.
#[derive(Clone, Debug)]
pub struct GroupSort {
    /// The value.
    pub by: GroupSortBy,
    /// Whether greater comes first.
    pub descending: bool,
    /// Whether missing values come first.
    pub nulls_first: bool,
}

/// What groups are sorted by.
#[derive(Clone, Debug)]
pub enum GroupSortBy {
    /// The number of records.
    Count,
    /// A value of the key, by position.
    Key(usize),
    /// A measure of the records.
    Measure(Measure),
}

impl Written {
    /// As values of a scalar are.
    pub fn of(scalar: Scalar) -> Self {
        let of_enum = match scalar {
            Scalar::Enum(at) => Some(at),
            _ => None,
        };
        let big = scalar == Scalar::BigInt;
        Self { big, of_enum }
    }
}

impl Aggregate {
    /// Whether the number of records is asked for.
    pub fn counts(&self) -> bool {
        let mut outputs = self.outputs.iter();
        outputs.any(|output| matches!(output.what, AggregateOutput::Count))
    }
}

impl Grouping {
    /// The values of the key with their positions, in order.
    pub fn values(&self) -> Vec<&KeyValue> {
        let mut found = Vec::with_capacity(self.width);
        collect(&self.fields, &mut found);
        found
    }
}

fn collect<'f>(fields: &'f [GroupField], found: &mut Vec<&'f KeyValue>) {
    for field in fields {
        match &field.by {
            GroupedBy::Value { of, .. } => found.push(of),
            GroupedBy::Through(_, fields) => collect(fields, found),
        }
    }
}

impl KeyValue {
    /// Whether its texts are Chinese.
    pub fn is_chinese(&self) -> bool {
        match self {
            Self::Single(by, _) => by.is_chinese(),
            _ => false,
        }
    }
}
