//! Which names does the API bring along, so that no ontology may declare them? Not for: names that
//! are generated from an ontology (`names`).
#![cfg_attr(rustfmt, rustfmt_skip)] // one name a line would be a page for each list

/// Type names that the API brings along, whatever the ontology; none may be declared. Those that
/// later features need are taken already, so that no ontology has to change for them.
pub const BUILT_IN_TYPES: &[&str] = &[
    "ID", "String", "Int", "Float", "Boolean", "BigInt", "Date", "DateTime", "Period", "Point",
    "JSON", "Revision", "Query", "Mutation", "Subscription", "Node", "NodeType", "Relationship",
    "RelationshipType", "Reference",
    "Source", "PageInfo", "LocalizedText", "LocalizedTextInput",
    "LocalizedSort", "SortOrder", "EdgeDirection", "Degree", "Ontology", "OntologyType",
    "OntologyField", "OntologyFieldKind", "OntologyRelationship", "OntologyPair",
    "OntologyDisplay", "OntologyValue", "StringFilter",
    "SearchStringFilter", "LocalizedStringFilter", "LocalizedSearchStringFilter", "IDFilter",
    "IntFilter", "BigIntFilter", "FloatFilter", "BooleanFilter", "DateFilter", "DateTimeFilter",
    "PeriodFilter", "PointFilter", "JSONFilter", "RevisionFilter", "IDListFilter",
    "StringListFilter", "SearchStringListFilter", "IntListFilter", "BigIntListFilter",
    "FloatListFilter", "BooleanListFilter", "DateListFilter", "DateTimeListFilter",
    "PeriodListFilter", "PointListFilter", "JSONListFilter", "PointInput", "DistanceInput",
    "BoxInput", "CountFilter", "NodeTypeFilter", "RelationshipTypeFilter", "Compare",
    "CompareOp", "ReferenceWhere", "ReferenceManyWhere", "ReferenceCount", "ReferenceInput",
    "NodeRef", "Follow", "FollowWhere", "SearchConnection", "SearchEdge", "SearchMatch",
    "SearchMatchKind", "GraphPath", "Paths", "PathMode", "PathWeight", "Neighborhood",
    "NeighborhoodLevel", "Subgraph", "GraphMetrics", "GraphRanking", "GraphRankingBy",
    "GraphComponents", "GraphComponentKind", "GraphCommunities", "GraphGroup", "DateGrouping",
    "IDAggregate", "StringAggregate", "IntAggregate", "BigIntAggregate", "FloatAggregate",
    "BooleanAggregate", "DateAggregate", "DateTimeAggregate", "PeriodAggregate",
    "IDAggregateWhere", "StringAggregateWhere", "IntAggregateWhere", "BigIntAggregateWhere",
    "FloatAggregateWhere", "BooleanAggregateWhere", "DateAggregateWhere",
    "DateTimeAggregateWhere", "PeriodAggregateWhere", "NumberAggregateSort",
    "ValueAggregateSort", "BooleanAggregateSort",
    "CommitMutation", "RelationshipSet", "ChangeSet", "ChangeEvent", "ChangeAction", "HistoryEntry",
    "Diff",
];

/// Fields of `Query` that the API brings along; `id` stands beside the singular names in `NodeRef`.
pub const BUILT_IN_ROOT_FIELDS: &[&str] = &[
    "id", "node", "nodes", "relationship", "ontology", "revision", "search", "paths",
    "neighborhood", "subgraph", "graphMetrics", "at", "history", "diff",
];

/// Field names that no node type, interface or edge type may declare.
pub const RESERVED_FIELDS: &[&str] = &[
    "id", "key", "label", "references", "revision", "degree", "isNull", "typename", "on",
    "compare", "AND", "OR", "NOT",
];

/// Field names that no edge type may declare besides [`RESERVED_FIELDS`].
pub const RESERVED_EDGE_FIELDS: &[&str] = &["type", "source", "target"];
