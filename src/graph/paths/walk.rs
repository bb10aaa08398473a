//! Which paths lead where labels point? Not for: finding the labels (`shortest`, `least`).

use super::path::Path;
use crate::graph::{Edge, Node};

/// A step to a node by an edge, and what the path costs then.
pub(super) type Step = (Node, Edge, u128);

/// The paths from a node that cost exactly so much, in the order of ids, up to so many, and whether
/// there are more. `steps` gives from a node, reached at a cost, the steps in order that keep to such
/// paths, so that no step is in vain.
pub(super) fn walk<E>(
    start: Node,
    cost: u128,
    count: usize,
    mut steps: impl FnMut(Node, u128) -> Result<Vec<Step>, E>,
) -> Result<(Vec<Path>, bool), E> {
    let mut path = Path {
        nodes: vec![start],
        edges: Vec::new(),
        cost,
    };
    let mut found = Vec::new();
    let mut stack = vec![steps(start, 0)?.into_iter()];
    while let Some(next) = stack.last_mut() {
        let Some((node, edge, so_far)) = next.next() else {
            stack.pop();
            path.nodes.pop();
            path.edges.pop();
            continue;
        };
        path.nodes.push(node);
        path.edges.push(edge);
        if so_far < cost {
            stack.push(steps(node, so_far)?.into_iter());
            continue;
        }
        if found.len() == count {
            return Ok((found, true));
        }
        found.push(path.clone());
        path.nodes.pop();
        path.edges.pop();
    }
    Ok((found, false))
}
