//! Which records match? Not for: how a filter is written in GraphQL (`api`) or run (`exec`).
//!
//! Filters are three-valued: a missing value makes a comparison unknown, and so its negation.

use super::{Aggregated, Start};
use crate::graph::Node;
use crate::ontology::{Direction, Ontology, RelationshipId, TypeId};
use crate::search::Pattern;
use crate::value::{Period, Point, Value};
use regex::Regex;
use std::sync::{Arc, OnceLock};

/// A condition on a subject: a node, an edge, or a link (an edge with the node at its other end).
#[derive(Clone, Debug)]
pub enum Filter {
    /// Always so.
    Known(bool),
    /// All of them; true if empty.
    And(Vec<Filter>),
    /// One of them; false if empty.
    Or(Vec<Filter>),
    /// The opposite; unknown stays unknown.
    Not(Box<Filter>),
    /// A field's value passes a test.
    Test(Field, Test),
    /// The one node at the other end exists and matches.
    One(Hop, Arc<NodeFilter>),
    /// Whether there is no node at the other end.
    Absent(Hop, bool),
    /// So many of the links match; `distinct`: each neighbour counts once.
    Many {
        /// Where the links lead.
        reach: Reach,
        /// What each link must match.
        link: Box<Filter>,
        /// How many must.
        quantifier: Quantifier,
        /// Whether parallel edges to one neighbour count once.
        distinct: bool,
    },
    /// Links taken together fulfil a condition; unknown where a measure that it needs is missing.
    Together(Links, Aggregated),
    /// So many of the references match.
    References(ReferenceFilter, Quantifier),
    /// Two fields of the record compare so.
    Compare(Operand, Comparison, Operand),
    /// The ends of an edge match; of a symmetric one either way round.
    Ends {
        /// What the source must match.
        source: Option<Arc<NodeFilter>>,
        /// What the target must match.
        target: Option<Arc<NodeFilter>>,
        /// Whether the edge has no direction.
        symmetric: bool,
    },
    /// The link's node matches.
    Node(Arc<NodeFilter>),
    /// The link's edge matches.
    Edge(Box<Filter>),
}

/// A filter for nodes of several concrete types, as columns differ by type; a type that is not
/// listed never matches.
#[derive(Clone, Debug, Default)]
pub struct NodeFilter {
    /// A filter for each concrete type, in order of the types.
    pub by_type: Vec<(TypeId, Arc<Filter>)>,
    /// Where to find all that match, if they are few; then they are found once and looked up.
    pub few: Option<Vec<Start>>,
    /// Those that match, in order, once they are found.
    pub found: OnceLock<Box<[Node]>>,
}

impl NodeFilter {
    /// The filter for a concrete type.
    pub fn of(&self, id: TypeId) -> Option<&Arc<Filter>> {
        self.by_type
            .iter()
            .find(|(of, _)| *of == id)
            .map(|(_, filter)| filter)
    }
}

/// A value of a record that a test looks at.
#[derive(Clone, Debug)]
pub enum Field {
    /// `Type:key`, or an edge's id.
    Id,
    /// The node's key.
    Key,
    /// The text shown to people, in the languages given (all if none).
    Label(Option<Arc<[String]>>),
    /// A stored property, by position.
    Property {
        /// Its position.
        at: usize,
        /// Whether an unset one is an empty list.
        or_empty: bool,
        /// Of a localized one: only these languages.
        languages: Option<Arc<[String]>>,
    },
}

/// A test of one value.
#[derive(Clone, Debug)]
pub enum Test {
    /// Whether it is missing.
    IsNull(bool),
    /// Equal; dates also in precision.
    Equal(Value),
    /// Equal to one of them (sorted by [`crate::value::Cell::order`]).
    In(Arc<[Value]>),
    /// Compares so; partial dates by the interval that they cover.
    Compare(Comparison, Value),
    /// A text matches.
    Text(TextMatch, Box<str>),
    /// A text matches when upper and lower case are the same; the pattern is lower case.
    TextFolded(TextMatch, Box<str>),
    /// A text is one of these when upper and lower case are the same; they are lower case, sorted.
    InFolded(Arc<[Box<str>]>),
    /// A regular expression matches somewhere.
    Matches(Regex),
    /// A text, or one of a list, matches what was typed.
    Search(Arc<Pattern>),
    /// The period shares a day with this one.
    Overlaps(Period),
    /// The period lies in this one.
    Within(Period),
    /// The period contains this one.
    Contains(Period),
    /// The period ends before this one starts.
    Before(Period),
    /// The period starts after this one ends.
    After(Period),
    /// The point is at most so many metres away.
    Distance(Point, f64),
    /// The point lies between these corners, south-west and north-east.
    Box(Point, Point),
    /// The list has this item.
    Includes(Value),
    /// The list has one of these items (sorted).
    IncludesAny(Arc<[Value]>),
    /// The list has all of these items (sorted, each once).
    IncludesAll(Arc<[Value]>),
    /// The list's length passes these tests.
    Size(Vec<Test>),
    /// The opposite.
    Not(Box<Test>),
}

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextMatch {
    /// As a whole.
    Equal,
    /// Somewhere.
    Contains,
    /// At its start.
    StartsWith,
    /// At its end.
    EndsWith,
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
}

/// How many must match.
#[derive(Clone, Debug)]
pub enum Quantifier {
    /// At least one.
    Some,
    /// Every one; true of nothing.
    All,
    /// Not one.
    None,
    /// Exactly one.
    Single,
    /// A number that passes these tests.
    Count(Vec<Test>),
}

/// Which links of a node are taken together.
#[derive(Clone, Debug)]
pub struct Links {
    /// Where they lead.
    pub reach: Reach,
    /// What each must match.
    pub filter: Option<Box<Filter>>,
    /// Whether parallel edges to one neighbour count once, without their edges.
    pub distinct: bool,
}

/// Where links lead.
#[derive(Clone, Debug)]
pub enum Reach {
    /// To the neighbours.
    Hop(Hop),
    /// To everything reachable by one or more steps; links have no edge.
    Closure(Hop, TypeId),
}

impl Reach {
    /// The step.
    pub fn hop(&self) -> &Hop {
        match self {
            Self::Hop(hop) | Self::Closure(hop, _) => hop,
        }
    }
}

/// One step along a relationship.
#[derive(Clone, Debug)]
pub struct Hop {
    /// Whose edges.
    pub relationship: RelationshipId,
    /// The legs in the order in which they give neighbours by id.
    pub legs: Arc<[Leg]>,
}

/// The part of a step that joins one concrete type to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// Where it starts.
    pub from: TypeId,
    /// Where it leads.
    pub to: TypeId,
    /// Whether `from` is the source or the target of the edges.
    pub direction: Direction,
    /// Whether the edges have no direction, so that self-loops appear on two legs.
    pub symmetric: bool,
}

/// A condition on a reference.
#[derive(Clone, Debug, Default)]
pub struct ReferenceFilter {
    /// What the source must match.
    pub source: Option<Arc<NodeFilter>>,
    /// What the locator must pass.
    pub locator: Vec<Test>,
    /// All of these.
    pub and: Vec<ReferenceFilter>,
    /// One of these, if any is given.
    pub or: Option<Vec<ReferenceFilter>>,
    /// Not this.
    pub not: Option<Box<ReferenceFilter>>,
}

/// A value that a comparison between fields reads: some to-one steps, then a field.
#[derive(Clone, Debug)]
pub struct Operand {
    /// From an edge: first to its source (`Out`) or target (`In`).
    pub end: Option<Direction>,
    /// Then along these.
    pub hops: Vec<Hop>,
    /// The field there, for each concrete type; one entry without a type for an edge's own field.
    pub fields: Vec<(Option<TypeId>, Field)>,
}

impl Hop {
    /// The step of a relationship from some concrete types to a type, in the order of ids.
    ///
    /// A symmetric relationship has legs both ways: first against its edges, as their sources are
    /// the smaller ids.
    pub fn new(
        ontology: &Ontology,
        relationship: RelationshipId,
        direction: Direction,
        from: impl Fn(TypeId) -> bool,
        to: TypeId,
    ) -> Self {
        let declared = ontology.relationship(relationship);
        let directions: &[Direction] = match (declared.symmetric, direction) {
            (true, _) => &[Direction::In, Direction::Out],
            (false, Direction::Out) => &[Direction::Out],
            (false, Direction::In) => &[Direction::In],
        };
        let mut legs = Vec::new();
        for direction in directions {
            let first = legs.len();
            for (source, target) in &declared.pairs {
                let leg = Leg::new(*source, *target, *direction, declared.symmetric);
                if from(leg.from) && ontology.belongs(leg.to, to) {
                    legs.push(leg);
                }
            }
            legs[first..].sort_by_key(|leg| format!("{}:", ontology.node_type(leg.to).name));
        }
        Self {
            relationship,
            legs: legs.into(),
        }
    }

    /// The same step the other way.
    pub fn back(&self) -> Self {
        let legs = self.legs.iter().map(|leg| leg.back()).collect();
        Self {
            relationship: self.relationship,
            legs,
        }
    }

    /// The same step the other way, as far as it leads to a type.
    pub(super) fn back_to(&self, of: TypeId) -> Self {
        let legs = self
            .legs
            .iter()
            .map(|leg| leg.back())
            .filter(|leg| leg.to == of)
            .collect();
        Self {
            relationship: self.relationship,
            legs,
        }
    }
}

impl Leg {
    fn new(source: TypeId, target: TypeId, direction: Direction, symmetric: bool) -> Self {
        let (from, to) = match direction {
            Direction::Out => (source, target),
            Direction::In => (target, source),
        };
        Self {
            from,
            to,
            direction,
            symmetric,
        }
    }

    fn back(self) -> Self {
        let direction = match self.direction {
            Direction::Out => Direction::In,
            Direction::In => Direction::Out,
        };
        Self {
            from: self.to,
            to: self.from,
            direction,
            symmetric: self.symmetric,
        }
    }
}
