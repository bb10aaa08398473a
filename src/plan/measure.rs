//! What is measured of many records together? Not for: measuring (`exec`), or which records.

use super::{SortBy, Test};
use crate::ontology::{Ontology, Property, RelationshipId, TypeId};
use crate::value::Scalar;
use std::sync::Arc;

/// What the records of a list or connection are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Nodes of a type or interface.
    Nodes(TypeId),
    /// Edges of a relationship type.
    Edges(RelationshipId),
    /// Edges with the nodes of this type or interface at their other ends.
    Links(RelationshipId, TypeId),
}

/// Where a property lies in each concrete type (none: in an edge).
pub type Places = Vec<(Option<TypeId>, usize)>;

/// A figure about the values of many records; missing values are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// The least value; null of nothing.
    Min,
    /// The greatest value; null of nothing.
    Max,
    /// The sum; null of nothing.
    Sum,
    /// The arithmetic mean; null of nothing.
    Average,
    /// The value in the middle, or the mean of the two there; null of nothing.
    Median,
    /// The standard deviation of a sample (n − 1); null of fewer than two values.
    Stddev,
    /// How many different values there are.
    DistinctCount,
}

/// A statistic of one value of many records.
#[derive(Clone, Debug)]
pub struct Measure {
    /// The value of each.
    pub of: SortBy,
    /// The figure about them.
    pub statistic: Statistic,
}

/// A condition on many records together.
#[derive(Clone, Debug)]
pub enum Aggregated {
    /// All of them; true if empty.
    And(Vec<Aggregated>),
    /// One of them; false if empty.
    Or(Vec<Aggregated>),
    /// The opposite; unknown stays unknown.
    Not(Box<Aggregated>),
    /// Their number passes these tests.
    Count(Vec<Test>),
    /// A measure passes these tests.
    Measure(Measure, Vec<Test>),
}

impl Aggregated {
    /// Whether anything is measured, so that the number of records is not enough.
    pub fn measures(&self) -> bool {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().any(Self::measures),
            Self::Not(condition) => condition.measures(),
            Self::Count(_) => false,
            Self::Measure(..) => true,
        }
    }
}

impl Statistic {
    /// All of them, with their names in the API.
    pub const ALL: [(&'static str, Self); 7] = [
        ("min", Self::Min),
        ("max", Self::Max),
        ("sum", Self::Sum),
        ("average", Self::Average),
        ("median", Self::Median),
        ("stddev", Self::Stddev),
        ("distinctCount", Self::DistinctCount),
    ];

    /// The statistic of a name.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|(each, _)| *each == name).map(|(_, found)| found)
    }

    /// Whether values of a scalar have it.
    pub fn is_of(self, scalar: Scalar) -> bool {
        match scalar {
            Scalar::Int | Scalar::BigInt | Scalar::Float => true,
            Scalar::Point | Scalar::Json => false,
            Scalar::Boolean => self == Self::DistinctCount,
            _ => matches!(self, Self::Min | Self::Max | Self::DistinctCount),
        }
    }

    /// The scalar of its values, given that of what is measured; a count is an `Int`.
    pub fn scalar(self, of: Scalar) -> Scalar {
        match (self, of) {
            (Self::Min | Self::Max, _) => of,
            (Self::Sum, Scalar::Int) => Scalar::BigInt,
            (Self::Sum, _) => of,
            (Self::Average | Self::Median | Self::Stddev, _) => Scalar::Float,
            (Self::DistinctCount, _) => Scalar::Int,
        }
    }
}

impl Subject {
    /// Where a property of the records lies, and which it is; `edge`: of their edges.
    pub fn property<'o>(
        self,
        ontology: &'o Ontology,
        edge: bool,
        name: &str,
    ) -> Option<(Places, &'o Property)> {
        match (self, edge) {
            (Self::Nodes(of) | Self::Links(_, of), false) => node_property(ontology, of, name),
            (Self::Edges(of), false) | (Self::Links(of, _), true) => {
                let of = ontology.relationship(of);
                let at = of.property(name)?;
                Some((vec![(None, at)], &of.properties[at]))
            }
            _ => None,
        }
    }

    /// The value of a property; of a localized one in the first of these languages that has it.
    pub fn value(self, places: Places, languages: Option<Arc<[String]>>, edge: bool) -> SortBy {
        let value = match languages {
            Some(languages) => SortBy::Text {
                at: places,
                languages,
                strict: false,
            },
            None => SortBy::Property(places),
        };
        if edge {
            SortBy::Edge(Box::new(value))
        } else {
            value
        }
    }
}

fn node_property<'o>(
    ontology: &'o Ontology,
    of: TypeId,
    name: &str,
) -> Option<(Places, &'o Property)> {
    let node_type = ontology.node_type(of);
    let property = &node_type.properties[node_type.property(name)?];
    let place = |of: &TypeId| Some((Some(*of), ontology.node_type(*of).property(name)?));
    let places = node_type.members.iter().filter_map(place);
    Some((places.collect(), property))
}

impl Property {
    /// Whether its values are measured.
    pub fn is_measured(&self) -> bool {
        !self.list && Statistic::DistinctCount.is_of(self.scalar)
    }
}
