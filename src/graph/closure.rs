//! What is reachable by one or more steps of a relationship? Not for: paths and their costs.

use super::snapshot::{Node, SegmentId, Snapshot};
use crate::ontology::{Direction, RelationshipId, TypeId};

/// The steps of a closure: a relationship type in one direction, to nodes of one type.
#[derive(Clone, Debug)]
pub struct Closure<'a> {
    snapshot: &'a Snapshot,
    /// The concrete type of the nodes stepped from, the segment, and whether along its edges.
    steps: Vec<(TypeId, SegmentId, bool)>,
}

impl<'a> Closure<'a> {
    /// Steps over the edges of a relationship type (of a symmetric one both ways) whose other end
    /// is of a type or interface.
    pub fn new(
        snapshot: &'a Snapshot,
        of: RelationshipId,
        direction: Direction,
        target: TypeId,
    ) -> Self {
        let ontology = snapshot.ontology();
        let both = ontology.relationship(of).symmetric;
        let mut steps = Vec::new();
        for id in snapshot.segments(of) {
            let segment = snapshot.segment(*id);
            let (from, to) = (segment.source, segment.target);
            if (both || direction == Direction::Out) && ontology.belongs(to, target) {
                steps.push((from, *id, true));
            }
            if (both || direction == Direction::In) && ontology.belongs(from, target) {
                steps.push((to, *id, false));
            }
        }
        Self { snapshot, steps }
    }

    /// The nodes reachable from a node: nearest first, equally near ones in order of their ids. The
    /// node itself is among them only if a cycle leads back to it. Cost: the edges passed.
    pub fn from(&self, start: Node) -> Vec<Node> {
        let mut found = Vec::new();
        let mut seen = Seen::default();
        self.step(start, &mut found, &mut seen);
        let mut level = 0;
        while level < found.len() {
            let end = found.len();
            found[level..].sort_unstable_by(|a, b| self.snapshot.order(*a, *b));
            for at in level..end {
                self.step(found[at], &mut found, &mut seen);
            }
            level = end;
        }
        found
    }

    /// Whether any node is reachable from a node.
    pub fn is_empty(&self, start: Node) -> bool {
        self.neighbours(start).next().is_none()
    }

    fn neighbours(&self, node: Node) -> impl Iterator<Item = Node> {
        let steps = self.steps.iter().filter(move |step| step.0 == node.of);
        steps.flat_map(move |(_, id, along)| {
            let segment = self.snapshot.segment(*id);
            let of = if *along {
                segment.target
            } else {
                segment.source
            };
            let neighbours = self.snapshot.neighbours(*id, node, *along);
            neighbours.map(move |(row, _)| Node { of, row })
        })
    }

    fn step(&self, node: Node, found: &mut Vec<Node>, seen: &mut Seen) {
        for next in self.neighbours(node) {
            if seen.insert(next, found) {
                found.push(next);
            }
        }
    }
}

/// Which nodes were found: looked up in the list itself while that is short.
#[derive(Default)]
struct Seen(rustc_hash::FxHashSet<Node>);

impl Seen {
    const SHORT: usize = 16;

    /// Whether a node is new.
    fn insert(&mut self, node: Node, found: &[Node]) -> bool {
        if found.len() < Self::SHORT {
            return !found.contains(&node);
        }
        if self.0.is_empty() {
            self.0.extend(found);
        }
        self.0.insert(node)
    }
}
