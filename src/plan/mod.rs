//! What is asked, and what is the cheapest way?
//!
//! A [`Selection`] says what is asked, with names turned to ids; its arguments become [`Call`]s on
//! every request; [`choose`] gives each call the place where its search starts. Not for: GraphQL
//! documents (`api`), or running anything (`exec`).

mod access;
mod call;
mod changes;
mod explain;
mod filter;
mod graph;
mod grouping;
mod measure;
mod metrics;
mod mutation;
mod search;
mod selection;

pub use access::{Access, Probe, Statistics, choose, few, settle_all};
pub use call::{Call, Collection, Cursor, Key, SortBy, SortKey, Start, Walk, Window};
pub use changes::{
    Action, ChangesOutput, ChangesShape, Event, EventOutput, Kinds, PastCall, Told, WatchCall,
};
pub use explain::explain;
pub use filter::{
    Comparison, Field, Filter, Hop, Leg, Links, NodeFilter, Operand, Quantifier, Reach,
    ReferenceFilter, Test, TextMatch,
};
pub use graph::{Follow, NeighborhoodCall, NodeRef, PathMode, PathsCall};
pub use grouping::{
    Aggregate, AggregateOutput, GroupBy, GroupField, GroupSort, GroupSortBy, GroupWay, GroupedBy,
    GroupedOutput, Grouping, KeyOutput, KeyValue, MeasuredValue, Shape, Written,
};
pub use measure::{Aggregated, Measure, Places, Statistic, Subject};
pub use metrics::{
    Division, DivisionOutput, DivisionShape, GroupOutput, GroupsShape, MetricsCall, MetricsOutput,
    MetricsShape, RankingBy, RankingOutput, RankingShape,
};
pub use mutation::{MutationOutput, MutationShape};
pub use search::SearchCall;
pub use selection::{
    Connection, ConnectionOutput, EdgeShape, GraphOutput, GraphShape, Keyed, LinkOutput,
    MatchOutput, NodeShape, PageInfoOutput, PartOutput, ReferenceOutput, Root, RootField,
    Selection, Slot, Step, StepKind, Tree, TreeField, What,
};
