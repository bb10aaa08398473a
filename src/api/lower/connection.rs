//! What is asked of a page? Not for: its arguments (`bind`).

use super::collect::Merged;
use super::{Lowering, Sets};
use crate::api::error::GraphqlError;
use crate::ontology::{RelationshipId, TypeId};
use crate::plan::{
    Connection, ConnectionOutput, EdgeShape, Keyed, LinkOutput, MatchOutput, NodeShape,
    PageInfoOutput, Subject,
};
use std::sync::Arc;

impl<'a> Lowering<'a> {
    /// A connection of nodes.
    pub(super) fn nodes_connection(
        &self,
        of: TypeId,
        sets: Sets<'a>,
    ) -> Result<Arc<Connection>, GraphqlError> {
        self.connection(Subject::Nodes(of), sets)
    }

    /// A root connection of edges.
    pub(super) fn edges_connection(
        &self,
        of: RelationshipId,
        sets: Sets<'a>,
    ) -> Result<Arc<Connection>, GraphqlError> {
        self.connection(Subject::Edges(of), sets)
    }

    /// A connection of a relationship field.
    pub(super) fn links_connection(
        &self,
        of: RelationshipId,
        to: TypeId,
        sets: Sets<'a>,
    ) -> Result<Arc<Connection>, GraphqlError> {
        self.connection(Subject::Links(of, to), sets)
    }

    fn connection(&self, of: Subject, sets: Sets<'a>) -> Result<Arc<Connection>, GraphqlError> {
        let name = sets.first().map_or("", |set| set.ty.as_str()).into();
        let mut connection = Connection {
            name,
            ..Connection::default()
        };
        for field in self.all_fields(&sets) {
            let output = match field.name() {
                "totalCount" => {
                    connection.counts = true;
                    ConnectionOutput::TotalCount
                }
                "pageInfo" => ConnectionOutput::PageInfo(self.page_info(&field, &mut connection)),
                "nodes" => {
                    connection.rows = true;
                    ConnectionOutput::Nodes(self.record(of, &field, &mut connection)?)
                }
                "edges" => {
                    connection.rows = true;
                    ConnectionOutput::Edges(self.links(of, &field, &mut connection)?)
                }
                "aggregate" => {
                    let aggregate = self.aggregate(of, &field)?;
                    connection.counts |= aggregate.counts();
                    connection.aggregates.push(aggregate);
                    ConnectionOutput::Aggregate(connection.aggregates.len() - 1)
                }
                "groupBy" => {
                    connection.groups.push(self.group_by(of, &field)?);
                    ConnectionOutput::GroupBy(connection.groups.len() - 1)
                }
                _ => ConnectionOutput::Typename,
            };
            connection.outputs.push(Keyed::new(field.key, output));
        }
        Ok(Arc::new(connection))
    }

    /// A place where the records are shown, as a position in `nodes` or `edges`.
    fn record(
        &self,
        of: Subject,
        field: &Merged<'a>,
        connection: &mut Connection,
    ) -> Result<usize, GraphqlError> {
        Ok(match of {
            Subject::Nodes(of) | Subject::Links(_, of) => {
                add_nodes(connection, self.node_shape(of, field.sets())?)
            }
            Subject::Edges(of) => add_edges(connection, self.edge_shape(Some(of), field.sets())?),
        })
    }

    fn links(
        &self,
        of: Subject,
        field: &Merged<'a>,
        connection: &mut Connection,
    ) -> Result<Vec<Keyed<LinkOutput>>, GraphqlError> {
        let sets = field.sets();
        connection.edge_name = sets.first().map_or("", |set| set.ty.as_str()).into();
        let mut outputs = Vec::new();
        for each in self.all_fields(&sets) {
            let output = match (each.name(), of) {
                ("cursor", _) => LinkOutput::Cursor,
                ("node", _) => LinkOutput::Node(self.record(of, &each, connection)?),
                ("properties", Subject::Links(edge, _)) => {
                    let shape = self.edge_shape(Some(edge), each.sets())?;
                    LinkOutput::Properties(add_edges(connection, shape))
                }
                ("score", _) => LinkOutput::Score,
                ("matched", _) => LinkOutput::Matched(self.matched(&each)),
                _ => LinkOutput::Typename,
            };
            outputs.push(Keyed::new(each.key, output));
        }
        Ok(outputs)
    }

    fn matched(&self, field: &Merged<'a>) -> Vec<Keyed<MatchOutput>> {
        let fields = self.all_fields(&field.sets()).into_iter().map(|each| {
            let output = match each.name() {
                "field" => MatchOutput::Field,
                "value" => MatchOutput::Value,
                "kind" => MatchOutput::Kind,
                _ => MatchOutput::Typename,
            };
            Keyed::new(each.key, output)
        });
        fields.collect()
    }

    fn page_info(
        &self,
        field: &Merged<'a>,
        connection: &mut Connection,
    ) -> Vec<Keyed<PageInfoOutput>> {
        let fields = self.all_fields(&field.sets()).into_iter().map(|each| {
            let output = match each.name() {
                "hasNextPage" => PageInfoOutput::HasNextPage,
                "hasPreviousPage" => PageInfoOutput::HasPreviousPage,
                "startCursor" => PageInfoOutput::StartCursor,
                "endCursor" => PageInfoOutput::EndCursor,
                _ => PageInfoOutput::Typename,
            };
            match output {
                PageInfoOutput::HasNextPage => connection.next = true,
                PageInfoOutput::HasPreviousPage => connection.previous = true,
                PageInfoOutput::StartCursor | PageInfoOutput::EndCursor => connection.rows = true,
                PageInfoOutput::Typename => {}
            }
            Keyed::new(each.key, output)
        });
        fields.collect()
    }
}

fn add_nodes(connection: &mut Connection, shape: Arc<NodeShape>) -> usize {
    connection.nodes.push(shape);
    connection.nodes.len() - 1
}

fn add_edges(connection: &mut Connection, shape: Arc<EdgeShape>) -> usize {
    connection.edges.push(shape);
    connection.edges.len() - 1
}
