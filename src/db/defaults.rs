//! What do stored records get where a changed ontology requires a value and gives a default? Not
//! for: new records, which get theirs as they come in (`exchange`).

use super::DbError;
use crate::graph::{Builder, Edge, Snapshot};
use crate::ontology::{Property, TypeId};
use crate::value::Cell;

/// The graph with the defaults of required properties that are unset; its revision stays, since no
/// record says anything else than its ontology does. Costs a look at each such property.
pub(super) fn fill(graph: Snapshot) -> Result<Snapshot, DbError> {
    let mut builder = Builder::from_snapshot(&graph);
    let mut filled = false;
    for of in graph.ontology().concrete_ids() {
        filled |= fill_nodes(&graph, &mut builder, of);
    }
    for (id, _) in graph.all_segments() {
        for edge in graph.edges(id) {
            filled |= fill_edge(&graph, &mut builder, edge);
        }
    }
    if !filled {
        return Ok(graph);
    }
    let built = builder.finish(graph.revision());
    built
        .map(|built| built.snapshot)
        .map_err(|wrong| DbError::Unfit(vec![wrong]))
}

/// The default that stands in for a missing value, if one must stand in.
fn stand_in(property: &Property) -> Option<Cell<'_>> {
    let needed = property.required && !property.list;
    let default = property.default.as_ref().filter(|_| needed);
    default.map(|default| default.as_cell())
}

fn fill_nodes(graph: &Snapshot, builder: &mut Builder, of: TypeId) -> bool {
    let mut filled = false;
    for (at, property) in graph.ontology().node_type(of).properties.iter().enumerate() {
        let Some(default) = stand_in(property) else {
            continue;
        };
        for node in graph
            .nodes(of)
            .filter(|node| graph.cell(*node, at).is_null())
        {
            let (draft, _) = builder.node(of, graph.key(node));
            builder.set(of, draft, at, default);
            filled = true;
        }
    }
    filled
}

/// Makes an edge anew if it lacks a value, which may be one that tells it from parallel ones.
fn fill_edge(graph: &Snapshot, builder: &mut Builder, edge: Edge) -> bool {
    let of = graph.segment(edge.segment).relationship;
    let properties = &graph.ontology().relationship(of).properties;
    let lacks = |at: usize| graph.edge_cell(edge, at).is_null();
    if !(0..properties.len()).any(|at| stand_in(&properties[at]).is_some() && lacks(at)) {
        return false;
    }
    let (source, target) = graph.ends(edge);
    let source = (source.of, builder.node(source.of, graph.key(source)).0);
    let target = (target.of, builder.node(target.of, graph.key(target)).0);
    builder.remove_edge(edge);
    let draft = builder.edge(of, source, target);
    for (at, property) in properties.iter().enumerate() {
        let value = graph.edge_cell(edge, at);
        let default = stand_in(property).filter(|_| value.is_null());
        builder.set_edge(draft, at, default.unwrap_or(value));
    }
    builder.edge_references(draft, graph.edge_references(edge));
    true
}
