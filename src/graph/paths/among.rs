//! Which edges join some nodes? Not for: finding the nodes (`neighborhood`).

use super::marks::Seen;
use super::web::{Guide, Way, Web};
use crate::graph::{Edge, Node, SegmentId};

/// An edge with its ends.
type Joined = (Node, Node, Edge);

/// Every edge among some nodes that may be followed one way or the other, self-loops too: by
/// relationship type as the ontology declares them, then by id. Cost: for each pair of types the
/// edges of the side that has fewer.
///
/// # Errors
/// When the guide stops it.
pub fn among<G: Guide>(web: &Web<'_>, nodes: &[Node], guide: &G) -> Result<Vec<Edge>, G::Stop> {
    let mut seen = Seen::new(web.bound());
    let mut by_type = vec![Vec::new(); usize::from(web.snapshot.ontology().concrete)];
    for node in nodes {
        if seen.insert(web.number(*node)) {
            by_type[usize::from(node.of.0)].push(*node);
        }
    }
    let mut segments: Vec<(SegmentId, Vec<&Way<'_>>)> = Vec::new();
    for (_, way) in web.all_ways() {
        match segments.iter_mut().find(|(id, _)| *id == way.segment) {
            Some((_, ways)) => ways.push(way),
            None => segments.push((way.segment, vec![way])),
        }
    }
    let mut found = Vec::new();
    for (id, ways) in segments {
        join(web, id, &by_type, &seen, guide, |joined| {
            for way in &ways {
                let admitted = way
                    .condition
                    .map_or(Ok(true), |c| guide.admits(c, joined.2))?;
                if admitted {
                    found.push(joined);
                    break;
                }
            }
            Ok(())
        })?;
    }
    Ok(in_order(web, found))
}

/// Calls for every edge of a segment both of whose ends are in a set.
fn join<G: Guide>(
    web: &Web<'_>,
    id: SegmentId,
    by_type: &[Vec<Node>],
    seen: &Seen,
    guide: &G,
    mut each: impl FnMut(Joined) -> Result<(), G::Stop>,
) -> Result<(), G::Stop> {
    let segment = web.snapshot.segment(id);
    let (sources, targets) = (
        &by_type[usize::from(segment.source.0)],
        &by_type[usize::from(segment.target.0)],
    );
    if sources.is_empty() || targets.is_empty() {
        return Ok(());
    }
    let out: usize = sources
        .iter()
        .map(|node| segment.out_degree(node.row))
        .sum();
    let back: usize = targets.iter().map(|node| segment.in_degree(node.row)).sum();
    let along = out <= back;
    let (here, other) = match along {
        true => (sources, segment.target),
        false => (targets, segment.source),
    };
    for node in here {
        let neighbours = web.snapshot.neighbours(id, *node, along);
        guide.touch(neighbours.len())?;
        for (row, at) in neighbours {
            let end = Node { of: other, row };
            if seen.has(web.number(end)) {
                let (source, target) = if along { (*node, end) } else { (end, *node) };
                each((source, target, Edge { segment: id, at }))?;
            }
        }
    }
    Ok(())
}

/// Parallel edges come in order, from either side.
fn in_order(web: &Web<'_>, mut found: Vec<Joined>) -> Vec<Edge> {
    let snapshot = web.snapshot;
    let relationship = |edge: Edge| snapshot.segment(edge.segment).relationship;
    found.sort_by(|a, b| {
        let by_type = relationship(a.2).cmp(&relationship(b.2));
        let by_source = || snapshot.order(a.0, b.0);
        by_type
            .then_with(by_source)
            .then_with(|| snapshot.order(a.1, b.1))
    });
    found.into_iter().map(|(_, _, edge)| edge).collect()
}
