//! What is asked for, with names turned to ids? Not for: the arguments, which change from request to
//! request (`call`); a selection refers to them by slot.

use super::{Aggregate, ChangesShape, GroupBy, Hop, MetricsShape, MutationShape};
use crate::ontology::{RelationshipId, TypeId};
use std::sync::Arc;

/// The position of a field's arguments in the request's calls.
pub type Slot = usize;

/// An operation's root fields, in the order of the answer.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The root fields.
    pub roots: Vec<Keyed<Root>>,
}

/// Something under its key in the answer.
#[derive(Clone, Debug)]
pub struct Keyed<T> {
    /// The response key as JSON with its colon, and a comma before it: `,"name":`.
    pub json: Box<str>,
    /// What stands under it.
    pub what: T,
}

impl<T> Keyed<T> {
    /// Under a response key (a GraphQL name, which needs no escape).
    pub fn new(key: &str, what: T) -> Self {
        Self {
            json: format!(",\"{key}\":").into(),
            what,
        }
    }

    /// The response key.
    pub fn key(&self) -> &str {
        &self.json[2..self.json.len() - 2]
    }
}

/// A root field and where its arguments are.
#[derive(Clone, Debug)]
pub struct Root {
    /// The field's name in the schema, for plans and messages.
    pub name: Box<str>,
    /// Its arguments.
    pub slot: Slot,
    /// What it is.
    pub field: RootField,
}

/// The kinds of root field.
#[derive(Clone, Debug)]
pub enum RootField {
    /// `__typename`: the name of the root.
    Typename(&'static str),
    /// `revision`
    Revision,
    /// A root field of a mutation.
    Mutation(Arc<MutationShape>),
    /// One node, or null; of any type if the look-up says so.
    Node(TypeId, Arc<NodeShape>),
    /// `nodes(ids:)`
    NodesById(Arc<NodeShape>),
    /// Nodes of a type.
    Nodes(TypeId, Arc<NodeShape>),
    /// Nodes of a type, paged.
    NodesConnection(TypeId, Arc<Connection>),
    /// One edge, or null; of any type if none is given.
    Edge(Option<RelationshipId>, Arc<EdgeShape>),
    /// Edges of a type.
    Edges(RelationshipId, Arc<EdgeShape>),
    /// Edges of a type, paged.
    EdgesConnection(RelationshipId, Arc<Connection>),
    /// `search`
    Search(Arc<Connection>),
    /// `paths`, `neighborhood` or `subgraph`, as its arguments say.
    Graph(Arc<GraphShape>),
    /// `graphMetrics`
    Metrics(Arc<MetricsShape>),
    /// A part of the description of the ontology: a tree of names.
    Ontology(Arc<Tree>),
    /// Commits that are found: the root field of a subscription.
    Changes(Arc<ChangesShape>),
    /// `at`, `history` or `diff`, which are answered apart, by position among such.
    Apart(usize),
    /// Something about the schema, which is answered elsewhere.
    Introspection,
}

/// A selection from a document of JSON: names, in the order of the answer.
#[derive(Clone, Debug)]
pub struct Tree {
    /// What is selected. `__typename` is a field that the document has.
    pub fields: Vec<Keyed<TreeField>>,
}

/// A field of a document.
#[derive(Clone, Debug)]
pub struct TreeField {
    /// Its name.
    pub name: Box<str>,
    /// What is selected under it.
    pub below: Option<Arc<Tree>>,
}

/// What is selected of nodes.
#[derive(Clone, Debug, Default)]
pub struct NodeShape {
    /// The outputs for each concrete type; types that select the same share one list.
    pub by_type: Vec<(TypeId, Arc<[Keyed<What>]>)>,
    /// The steps to other records that the outputs need.
    pub steps: Vec<Step>,
}

impl NodeShape {
    /// The outputs for a concrete type.
    pub fn of(&self, id: TypeId) -> &[Keyed<What>] {
        self.by_type
            .iter()
            .find(|(of, _)| *of == id)
            .map_or(&[], |(_, outputs)| outputs)
    }
}

/// One output of a record.
#[derive(Clone, Debug)]
pub enum What {
    /// `__typename`
    Typename,
    /// `id`
    Id,
    /// `key`
    Key,
    /// `label`, with the languages of a slot.
    Label(Slot),
    /// `revision`
    Revision,
    /// A stored property by position; whether null is not allowed, and is an empty list if it is one.
    Property {
        /// Its position.
        at: usize,
        /// Whether null is not allowed.
        required: bool,
        /// Whether it is a list.
        list: bool,
        /// Whether it is a `BigInt`, written as a string.
        big: bool,
        /// The enum, if it is one.
        of_enum: Option<u16>,
    },
    /// A localized property in the first of a slot's languages.
    Text {
        /// Its position.
        at: usize,
        /// Whether null is not allowed.
        required: bool,
        /// Where the languages are.
        slot: Slot,
    },
    /// All languages of a localized property: pairs of key and whether it is the language.
    Texts {
        /// Its position.
        at: usize,
        /// `None`: `__typename`; else whether it is `lang` rather than `value`.
        fields: Vec<Keyed<Option<bool>>>,
    },
    /// `references`; the sources are a step's rows.
    References(Vec<Keyed<ReferenceOutput>>),
    /// `degree`: each of the names `type`, `direction`, `count`, `__typename`.
    Degree(Vec<Keyed<Box<str>>>),
    /// A relationship type's name (`type` of an edge).
    RelationshipType,
    /// The rows of a step, by position in the shape's steps.
    Step(usize),
}

/// One output of a reference.
#[derive(Clone, Debug)]
pub enum ReferenceOutput {
    /// `__typename`
    Typename,
    /// `source`: the rows of a step, by position in the shape's steps.
    Source(usize),
    /// `locator`
    Locator,
    /// `fields`
    Fields,
    /// `note`
    Note,
}

/// A step from records to others.
#[derive(Clone, Debug)]
pub struct Step {
    /// The field's name in the schema, for plans and messages.
    pub name: Box<str>,
    /// Its arguments, if it takes any.
    pub slot: Option<Slot>,
    /// Which way, and what for.
    pub kind: StepKind,
}

/// The kinds of step.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// The one node at the other end, or null.
    One {
        /// Which way.
        hop: Hop,
        /// Whether null is not allowed.
        required: bool,
        /// What of it.
        shape: Arc<NodeShape>,
    },
    /// The neighbours, each once.
    List(Hop, Arc<NodeShape>),
    /// The links, paged.
    Connection(Hop, Arc<Connection>),
    /// The closure over a step, restricted to a type.
    Closure(Hop, TypeId, Arc<NodeShape>),
    /// The closure, paged.
    ClosureConnection(Hop, TypeId, Arc<Connection>),
    /// The source of an edge.
    Source(Arc<NodeShape>),
    /// The target of an edge.
    Target(Arc<NodeShape>),
    /// The sources of the references.
    ReferenceSources(Arc<NodeShape>),
    /// What cites a source, in these types, paged.
    CitedBy(Arc<Connection>),
}

/// What is selected of edges.
#[derive(Clone, Debug, Default)]
pub struct EdgeShape {
    /// The outputs for each relationship type.
    pub by_type: Vec<(RelationshipId, Arc<[Keyed<What>]>)>,
    /// The steps to other records that the outputs need.
    pub steps: Vec<Step>,
}

impl EdgeShape {
    /// The outputs for a relationship type.
    pub fn of(&self, id: RelationshipId) -> &[Keyed<What>] {
        self.by_type
            .iter()
            .find(|(of, _)| *of == id)
            .map_or(&[], |(_, outputs)| outputs)
    }
}

/// What is selected of a connection.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// Its GraphQL type, for `__typename`.
    pub name: Box<str>,
    /// The GraphQL type of its edges.
    pub edge_name: Box<str>,
    /// The outputs, in the order of the answer.
    pub outputs: Vec<Keyed<ConnectionOutput>>,
    /// What is selected of the nodes, once for each place.
    pub nodes: Vec<Arc<NodeShape>>,
    /// What is selected of the edges' properties (of root edges: of the records), once for each place.
    pub edges: Vec<Arc<EdgeShape>>,
    /// What is measured of all matches, once for each place.
    pub aggregates: Vec<Aggregate>,
    /// How all matches are grouped, once for each place.
    pub groups: Vec<GroupBy>,
    /// Whether `totalCount` or the `count` of an aggregate is asked for.
    pub counts: bool,
    /// Whether `hasNextPage` is asked for.
    pub next: bool,
    /// Whether `hasPreviousPage` is asked for.
    pub previous: bool,
    /// Whether anything of the page itself is asked for.
    pub rows: bool,
}

/// One output of a connection.
#[derive(Clone, Debug)]
pub enum ConnectionOutput {
    /// `__typename`
    Typename,
    /// `totalCount`
    TotalCount,
    /// `pageInfo`
    PageInfo(Vec<Keyed<PageInfoOutput>>),
    /// `nodes`: the records, by the shape's position in `nodes` (of root edges in `edges`).
    Nodes(usize),
    /// `edges`
    Edges(Vec<Keyed<LinkOutput>>),
    /// `aggregate`, by position in `aggregates`.
    Aggregate(usize),
    /// `groupBy`, by position in `groups`.
    GroupBy(usize),
}

/// One output of a connection's edge.
#[derive(Clone, Debug)]
pub enum LinkOutput {
    /// `__typename`
    Typename,
    /// `cursor`
    Cursor,
    /// `node`, by the shape's position in `nodes` (of root edges in `edges`).
    Node(usize),
    /// `properties`, by the shape's position in `edges`.
    Properties(usize),
    /// `score` of a search.
    Score,
    /// `matched` of a search.
    Matched(Vec<Keyed<MatchOutput>>),
}

/// One output of how a text matches.
#[derive(Clone, Copy, Debug)]
pub enum MatchOutput {
    /// `__typename`
    Typename,
    /// `field`
    Field,
    /// `value`
    Value,
    /// `kind`
    Kind,
}

/// One output of `pageInfo`.
#[derive(Clone, Copy, Debug)]
pub enum PageInfoOutput {
    /// `__typename`
    Typename,
    /// `hasNextPage`
    HasNextPage,
    /// `hasPreviousPage`
    HasPreviousPage,
    /// `startCursor`
    StartCursor,
    /// `endCursor`
    EndCursor,
}

/// What is selected of a part of the graph: `Paths`, `Neighborhood` or `Subgraph`.
#[derive(Clone, Debug, Default)]
pub struct GraphShape {
    /// Its GraphQL type, for `__typename`.
    pub name: Box<str>,
    /// The GraphQL type of its parts: paths or levels.
    pub part_name: Box<str>,
    /// The outputs, in the order of the answer.
    pub outputs: Vec<Keyed<GraphOutput>>,
    /// What is selected of the nodes, once for each place.
    pub nodes: Vec<Arc<NodeShape>>,
    /// What is selected of the edges, once for each place.
    pub edges: Vec<Arc<EdgeShape>>,
}

/// One output of a part of the graph.
#[derive(Clone, Debug)]
pub enum GraphOutput {
    /// `__typename`
    Typename,
    /// `count` of paths.
    Count,
    /// `truncated`
    Truncated,
    /// `nodes`: each once, by the shape's position in `nodes`.
    Nodes(usize),
    /// `relationships`: each once, by the shape's position in `edges`.
    Relationships(usize),
    /// `paths` or `levels`.
    Parts(Vec<Keyed<PartOutput>>),
}

/// One output of a path or a level.
#[derive(Clone, Debug)]
pub enum PartOutput {
    /// `__typename`
    Typename,
    /// `length` of a path, `depth` of a level.
    Size,
    /// `cost` of a path.
    Cost,
    /// `count` of a level's nodes.
    Count,
    /// `nodes`, by the shape's position in `nodes`.
    Nodes(usize),
    /// `relationships`, by the shape's position in `edges`.
    Relationships(usize),
}
