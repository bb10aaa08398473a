//! How do petgraph's algorithms see the graph? Not for: reading values.

use super::bits::Bits;
use super::segment::Neighbours;
use super::snapshot::{Edge, Node, SegmentId, Snapshot};
use crate::ontology::{Direction, RelationshipId, TypeId};
use petgraph::visit::{
    Data, EdgeRef, GraphBase, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors,
    IntoNeighborsDirected, IntoNodeIdentifiers, NodeCount, NodeIndexable, VisitMap, Visitable,
};

/// Which nodes and edges an algorithm sees: node types, and relationship types with directions.
/// Nodes are numbered densely, type by type.
#[derive(Clone, Debug)]
pub struct Projection<'a> {
    snapshot: &'a Snapshot,
    /// By concrete type: its first number; none if it is not seen.
    first: Vec<Option<u32>>,
    /// The types seen, in order of their first numbers.
    types: Vec<(u32, TypeId)>,
    bound: u32,
    /// By concrete type: where one can go from its nodes, and where come from.
    out: Vec<Vec<Step>>,
    into: Vec<Vec<Step>>,
}

/// A way from one concrete type to another.
#[derive(Clone, Copy, Debug)]
struct Step {
    segment: SegmentId,
    along: bool,
    /// The first number of the other type.
    other: u32,
    /// Whether loops are left out, because another step has them.
    no_loops: bool,
}

/// A projection as petgraph takes it. Node ids are numbers below [`NodeIndexable::node_bound`].
#[derive(Clone, Copy, Debug)]
pub struct View<'a>(&'a Projection<'a>);

impl<'a> Projection<'a> {
    /// Sees the nodes of some types (or of interfaces), and the edges among them of some
    /// relationship types; without a direction an edge is seen both ways.
    pub fn new(
        snapshot: &'a Snapshot,
        types: &[TypeId],
        follow: &[(RelationshipId, Option<Direction>)],
    ) -> Self {
        let ontology = snapshot.ontology();
        let mut projection = Self {
            snapshot,
            first: vec![None; ontology.concrete as usize],
            types: Vec::new(),
            bound: 0,
            out: vec![Vec::new(); ontology.concrete as usize],
            into: vec![Vec::new(); ontology.concrete as usize],
        };
        let members = types.iter().flat_map(|of| &ontology.node_type(*of).members);
        members.for_each(|of| projection.add_type(*of));
        for (of, direction) in follow {
            let direction = direction.filter(|_| !ontology.relationship(*of).symmetric);
            for id in snapshot.segments(*of) {
                projection.add_segment(*id, direction);
            }
        }
        projection
    }

    fn add_type(&mut self, of: TypeId) {
        let first = &mut self.first[of.0 as usize];
        if first.is_none() {
            *first = Some(self.bound);
            self.types.push((self.bound, of));
            self.bound += self.snapshot.rows(of) as u32;
        }
    }

    fn add_segment(&mut self, id: SegmentId, direction: Option<Direction>) {
        let segment = self.snapshot.segment(id);
        let (source, target) = (segment.source.0 as usize, segment.target.0 as usize);
        let (Some(from), Some(to)) = (self.first[source], self.first[target]) else {
            return;
        };
        let step = |along: bool| Step {
            segment: id,
            along,
            other: if along { to } else { from },
            no_loops: direction.is_none() && !along,
        };
        if direction != Some(Direction::In) {
            self.out[source].push(step(true));
            self.into[target].push(step(false));
        }
        if direction != Some(Direction::Out) {
            self.out[target].push(step(false));
            self.into[source].push(step(true));
        }
    }

    /// The view for petgraph.
    pub fn view(&'a self) -> View<'a> {
        View(self)
    }

    /// The number of a node; none if its type is not seen.
    pub fn number(&self, node: Node) -> Option<u32> {
        Some(self.first[node.of.0 as usize]? + node.row)
    }

    /// The node of a number.
    pub fn node(&self, number: u32) -> Node {
        let at = self.types.partition_point(|(first, _)| *first <= number);
        let (first, of) = self.types[at.saturating_sub(1)];
        let row = number - first;
        Node { of, row }
    }

    fn edges(&'a self, number: u32, steps: &'a [Vec<Step>]) -> Edges<'a> {
        let node = self.node(number);
        Edges {
            projection: self,
            node,
            number,
            steps: &steps[node.of.0 as usize],
            step: None,
            neighbours: Neighbours::none(),
        }
    }
}

/// An edge as petgraph takes it: from the node that is being looked at to the other.
#[derive(Clone, Copy, Debug)]
pub struct EdgeView {
    source: u32,
    target: u32,
    edge: Edge,
}

/// The edges of a node.
#[derive(Clone, Debug)]
pub struct Edges<'a> {
    projection: &'a Projection<'a>,
    node: Node,
    number: u32,
    steps: &'a [Step],
    step: Option<Step>,
    neighbours: Neighbours<'a>,
}

impl Iterator for Edges<'_> {
    type Item = EdgeView;

    #[inline]
    fn next(&mut self) -> Option<EdgeView> {
        loop {
            if let (Some(step), Some((row, at))) = (self.step, self.neighbours.next()) {
                let target = step.other + row;
                if step.no_loops && target == self.number {
                    continue;
                }
                let segment = step.segment;
                return Some(EdgeView {
                    source: self.number,
                    target,
                    edge: Edge { segment, at },
                });
            }
            let (step, rest) = self.steps.split_first()?;
            let snapshot = self.projection.snapshot;
            self.neighbours = snapshot.neighbours(step.segment, self.node, step.along);
            self.step = Some(*step);
            self.steps = rest;
        }
    }
}

/// The neighbours of a node by number.
#[derive(Clone, Debug)]
pub struct NeighbourNumbers<'a>(Edges<'a>);

impl Iterator for NeighbourNumbers<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        self.0.next().map(|edge| edge.target)
    }
}

impl EdgeRef for EdgeView {
    type NodeId = u32;
    type EdgeId = Edge;
    type Weight = Edge;

    fn source(&self) -> u32 {
        self.source
    }

    fn target(&self) -> u32 {
        self.target
    }

    fn weight(&self) -> &Edge {
        &self.edge
    }

    fn id(&self) -> Edge {
        self.edge
    }
}

impl GraphBase for View<'_> {
    type NodeId = u32;
    type EdgeId = Edge;
}

impl GraphRef for View<'_> {}

impl Data for View<'_> {
    type NodeWeight = ();
    type EdgeWeight = Edge;
}

impl<'a> IntoNeighbors for View<'a> {
    type Neighbors = NeighbourNumbers<'a>;

    fn neighbors(self, number: u32) -> Self::Neighbors {
        NeighbourNumbers(self.0.edges(number, &self.0.out))
    }
}

impl<'a> IntoNeighborsDirected for View<'a> {
    type NeighborsDirected = NeighbourNumbers<'a>;

    fn neighbors_directed(self, number: u32, towards: petgraph::Direction) -> Self::Neighbors {
        let steps = match towards {
            petgraph::Direction::Outgoing => &self.0.out,
            petgraph::Direction::Incoming => &self.0.into,
        };
        NeighbourNumbers(self.0.edges(number, steps))
    }
}

impl<'a> IntoEdgeReferences for View<'a> {
    type EdgeRef = EdgeView;
    type EdgeReferences = Box<dyn Iterator<Item = EdgeView> + 'a>;

    fn edge_references(self) -> Self::EdgeReferences {
        let projection = self.0;
        let edges = |number| projection.edges(number, &projection.out);
        Box::new(self.node_identifiers().flat_map(edges))
    }
}

impl<'a> IntoEdges for View<'a> {
    type Edges = Edges<'a>;

    fn edges(self, number: u32) -> Edges<'a> {
        self.0.edges(number, &self.0.out)
    }
}

impl<'a> IntoNodeIdentifiers for View<'a> {
    type NodeIdentifiers = Box<dyn Iterator<Item = u32> + 'a>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        let types = self.0.types.iter();
        let snapshot = self.0.snapshot;
        Box::new(types.flat_map(move |(first, of)| {
            let nodes = snapshot.nodes(*of);
            nodes.map(move |node| first + node.row)
        }))
    }
}

impl NodeIndexable for View<'_> {
    fn node_bound(&self) -> usize {
        self.0.bound as usize
    }

    fn to_index(&self, number: u32) -> usize {
        number as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl NodeCount for View<'_> {
    fn node_count(&self) -> usize {
        let types = self.0.types.iter();
        types.map(|(_, of)| self.0.snapshot.count(*of)).sum()
    }
}

/// Which nodes an algorithm has visited.
#[derive(Clone, Debug, Default)]
pub struct Visited(Bits);

impl Visited {
    /// None of so many.
    pub(super) fn new(nodes: usize) -> Self {
        Self(Bits::filled(nodes, false))
    }
}

impl VisitMap<u32> for Visited {
    fn visit(&mut self, number: u32) -> bool {
        let is_new = !self.0.at(number as usize);
        self.0.set(number as usize);
        is_new
    }

    fn is_visited(&self, number: &u32) -> bool {
        self.0.at(*number as usize)
    }

    fn unvisit(&mut self, number: u32) -> bool {
        self.0.clear(number as usize)
    }
}

impl Visitable for View<'_> {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited::new(self.node_bound())
    }

    fn reset_map(&self, map: &mut Visited) {
        *map = self.visit_map();
    }
}
