//! With which arguments is a field asked? Not for: what is selected of the answer (`selection`).

use super::{
    Access, Division, Filter, Grouping, Hop, Links, Measure, MetricsCall, NeighborhoodCall,
    PastCall, PathsCall, RankingBy, SearchCall, Told, WatchCall,
};
use crate::change::Outcome;
use crate::ontology::TypeId;
use crate::value::Value;
use std::sync::Arc;

/// The arguments of one field, ready to run.
#[derive(Clone, Debug)]
pub enum Call {
    /// One record by its id or a unique field.
    LookUp(Key),
    /// Records by their ids; a missing or malformed one is null.
    Ids(Vec<String>),
    /// A list or connection.
    Collection(Box<Collection>),
    /// Paths.
    Paths(Box<PathsCall>),
    /// A neighbourhood.
    Neighborhood(Box<NeighborhoodCall>),
    /// A part of the graph that is measured as a whole.
    Metrics(Box<MetricsCall>),
    /// A ranking, and how many of its places.
    Ranking(RankingBy, usize),
    /// Components or communities.
    Division(Division),
    /// How many of a list.
    First(usize),
    /// How the records of a connection are grouped.
    Grouping(Box<Grouping>),
    /// A search over texts.
    Search(Box<SearchCall>),
    /// What a root field of a mutation did.
    Mutation(Box<Outcome>),
    /// Which commits are watched.
    Watch(Box<WatchCall>),
    /// What is asked of the past.
    Past(Box<PastCall>),
    /// Commits that are found, to be shown.
    Told(Box<Told>),
    /// Languages in order of preference.
    Languages(Arc<[String]>),
    /// The arguments are wrong, for people: what, and what to do.
    Failed {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

/// What names a record.
#[derive(Clone, Debug)]
pub enum Key {
    /// By its id.
    Id(String),
    /// By the key, in a concrete type.
    Key(String),
    /// By a unique property's value.
    Property(String, Value),
}

/// Which records, in which order, which part of them.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// For roots: the concrete types with a filter and a start each.
    pub starts: Vec<Start>,
    /// For relationships and edges: what each link or edge must match.
    pub filter: Option<Filter>,
    /// For root edges: where to look for them.
    pub access: Access,
    /// The order; ties by id.
    pub sort: Vec<SortKey>,
    /// Tells the cursors of this order from those of another.
    pub mark: u32,
    /// How the order is reached.
    pub walk: Walk,
    /// Which part.
    pub window: Window,
}

/// How the records of a root field come in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Walk {
    /// All that match are found, sorted and cut.
    #[default]
    Sort,
    /// By id, until there are enough.
    ById {
        /// Whether the greatest comes first.
        descending: bool,
    },
    /// By an index, until there are enough; then those without a value, by id.
    ByIndex {
        /// The property, by position.
        property: usize,
        /// Whether the greatest comes first.
        descending: bool,
    },
}

/// Where the search for the nodes of a concrete type starts.
#[derive(Clone, Debug)]
pub struct Start {
    /// The type.
    pub of: TypeId,
    /// What each node must match; none: all do.
    pub filter: Option<Arc<Filter>>,
    /// Where to look for them.
    pub access: Access,
}

/// Which part of an ordered whole.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// How many at most, from the start (`first`, `limit`).
    pub first: Option<usize>,
    /// How many at most, from the end.
    pub last: Option<usize>,
    /// Only what comes after.
    pub after: Option<Cursor>,
    /// Only what comes before.
    pub before: Option<Cursor>,
    /// How many to leave out at the start.
    pub offset: usize,
}

/// A place in an order: the sort values and the id of a record that may be gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    /// One value for each sort key.
    pub values: Vec<Value>,
    /// The record's id; of a link the edge's id.
    pub id: String,
}

/// One key of an order.
#[derive(Clone, Debug)]
pub struct SortKey {
    /// The value.
    pub by: SortBy,
    /// Whether greater comes first.
    pub descending: bool,
    /// Whether missing values come first.
    pub nulls_first: bool,
}

impl SortBy {
    /// Whether texts are ordered as Chinese.
    pub fn is_chinese(&self) -> bool {
        let first_is_zh = |languages: &[String]| {
            languages
                .first()
                .is_some_and(|l| l == "zh" || l.starts_with("zh-"))
        };
        match self {
            Self::Text { languages, .. } | Self::Label(languages) => first_is_zh(languages),
            Self::Through(_, by)
            | Self::Node(by)
            | Self::Edge(by)
            | Self::Source(by)
            | Self::Target(by) => by.is_chinese(),
            Self::Measure(_, measure) => measure.of.is_chinese(),
            Self::Key | Self::Id | Self::Property(_) | Self::Count(_) => false,
        }
    }

    /// Whether the order depends on the request's languages.
    pub fn is_localized(&self) -> bool {
        match self {
            Self::Text { strict, .. } => !strict,
            Self::Label(_) => true,
            Self::Through(_, by)
            | Self::Node(by)
            | Self::Edge(by)
            | Self::Source(by)
            | Self::Target(by) => by.is_localized(),
            Self::Measure(_, measure) => measure.of.is_localized(),
            Self::Key | Self::Id | Self::Property(_) | Self::Count(_) => false,
        }
    }
}

/// The value by which records are ordered.
#[derive(Clone, Debug)]
pub enum SortBy {
    /// The key of a node.
    Key,
    /// The id of a record.
    Id,
    /// A property, by its position in each concrete type (none: the record is an edge).
    Property(Vec<(Option<TypeId>, usize)>),
    /// A localized property in the first language that has it.
    Text {
        /// Its position in each concrete type (none: the record is an edge).
        at: Vec<(Option<TypeId>, usize)>,
        /// The languages in order of preference; the first decides the collation.
        languages: Arc<[String]>,
        /// Only these languages, not any that exists.
        strict: bool,
    },
    /// The label in the first language that has it; a key where there is none.
    Label(Arc<[String]>),
    /// The value of the one node at the other end.
    Through(Hop, Box<SortBy>),
    /// How many links there are.
    Count(Links),
    /// What a value of each link amounts to.
    Measure(Links, Box<Measure>),
    /// The value of a link's node.
    Node(Box<SortBy>),
    /// The value of a link's edge.
    Edge(Box<SortBy>),
    /// The value of an edge's source.
    Source(Box<SortBy>),
    /// The value of an edge's target.
    Target(Box<SortBy>),
}
