//! Which nodes does an algorithm walk, and where does each lead? A part of a snapshot as dense lists
//! of numbers. Not for: single searches, which `view` serves without building anything.

use super::super::snapshot::{Edge, Node, SegmentId, Snapshot};
use super::pace::{Pace, Tick};
use crate::ontology::{Direction, RelationshipId, TypeId};

/// No number: a node that is not seen.
const NONE: u32 = u32::MAX;

/// Which part of a snapshot.
pub struct Extent<'a, E> {
    /// The concrete types of its nodes.
    pub types: &'a [TypeId],
    /// Only these nodes, if given.
    pub only: Option<&'a [Node]>,
    /// The edges among them; one is seen in the directions of all ways that let it pass.
    pub ways: Vec<Way<'a, E>>,
}

/// Edges of one relationship type, and in which direction they are followed.
pub struct Way<'a, E> {
    /// The type.
    pub relationship: RelationshipId,
    /// From source to target, from target to source, or (none) both; a symmetric type always both.
    pub direction: Option<Direction>,
    /// Whether an edge is seen; all are if none is given.
    pub keep: Option<Keep<'a, E>>,
}

/// Tells whether an edge is seen.
pub type Keep<'a, E> = Box<dyn Fn(Edge) -> Result<bool, E> + 'a>;

/// Nodes numbered in the order of their ids, and arcs: an edge followed one way is an arc, one
/// followed both ways two (a loop always one). Parallel edges give parallel arcs.
#[derive(Debug)]
pub struct Network {
    nodes: Vec<Node>,
    edges: usize,
    /// Where each node leads.
    pub(super) out: Lists,
    /// What leads to each node; none if that is the same, as every edge is followed both ways.
    into: Option<Lists>,
}

/// A sorted list of numbers for each number.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Where each list starts, and where the last one ends.
    starts: Vec<u32>,
    others: Vec<u32>,
}

/// Edges on their way into a network, by the numbers of their ends.
#[derive(Default)]
struct Found {
    /// Followed from the first to the second.
    one_way: Vec<(u32, u32)>,
    both_ways: Vec<(u32, u32)>,
}

impl Network {
    /// Lays out a part of a snapshot. Cost: about 25 ns an edge, and what `keep` costs.
    ///
    /// # Errors
    /// Those of `keep` and `tick`.
    pub fn new<E>(
        snapshot: &Snapshot,
        extent: &Extent<'_, E>,
        tick: Tick<'_, E>,
    ) -> Result<Self, E> {
        let nodes = extent.nodes(snapshot);
        let numbers = numbers(snapshot, &nodes);
        let mut collector = Collector {
            snapshot,
            nodes: &nodes,
            numbers: &numbers,
            found: Found::default(),
            pace: Pace::new(tick),
        };
        let mut relationships: Vec<_> = extent.ways.iter().map(|way| way.relationship).collect();
        relationships.sort_unstable();
        relationships.dedup();
        for relationship in relationships {
            let ways: Vec<_> = extent.ways_of(relationship).collect();
            for segment in snapshot.segments(relationship) {
                collector.segment(*segment, &ways)?;
            }
        }
        let (found, pace) = (collector.found, collector.pace);
        pace.end()?;
        Ok(Self::of(nodes, found))
    }

    fn of(nodes: Vec<Node>, found: Found) -> Self {
        let edges = found.one_way.len() + found.both_ways.len();
        let has_directions = !found.one_way.is_empty();
        // The second turn sorts the lists.
        let out = Lists::into_nodes(nodes.len(), &found);
        drop(found);
        let out = out.turned();
        let into = has_directions.then(|| out.turned());
        Self {
            nodes,
            edges,
            out,
            into,
        }
    }

    /// The nodes by their numbers.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many edges there are, each counted once.
    pub fn edges(&self) -> usize {
        self.edges
    }

    /// How many arcs there are.
    pub fn arcs(&self) -> usize {
        self.out.others.len()
    }

    /// Whether every edge is followed both ways.
    pub fn is_undirected(&self) -> bool {
        self.into.is_none()
    }

    /// What leads to each node.
    pub(super) fn into(&self) -> &Lists {
        self.into.as_ref().unwrap_or(&self.out)
    }

    /// The share of the ordered pairs of nodes that an edge joins, from 0 to 1, or more where there
    /// are loops or parallel edges; 0 of fewer than two nodes. An edge followed both ways counts for
    /// both pairs.
    pub fn density(&self) -> f64 {
        let n = self.len() as f64;
        if n < 2.0 {
            return 0.0;
        }
        let joined = match self.into {
            None => 2 * self.edges,
            Some(_) => self.arcs(),
        };
        joined as f64 / (n * (n - 1.0))
    }

    /// Bytes on the heap.
    pub fn bytes(&self) -> usize {
        let into = self.into.as_ref().map_or(0, Lists::bytes);
        self.nodes.capacity() * size_of::<Node>() + self.out.bytes() + into
    }
}

impl<E> Extent<'_, E> {
    /// The nodes in the order of their ids.
    fn nodes(&self, snapshot: &Snapshot) -> Vec<Node> {
        if let Some(only) = self.only {
            let seen = only.iter().filter(|node| self.types.contains(&node.of));
            let mut nodes: Vec<Node> = seen.copied().collect();
            nodes.sort_unstable_by(|a, b| snapshot.order(*a, *b));
            nodes.dedup();
            return nodes;
        }
        let mut types = self.types.to_vec();
        types.sort_by_key(|of| snapshot.rank(*of));
        types.dedup();
        let mut nodes = Vec::with_capacity(types.iter().map(|of| snapshot.count(*of)).sum());
        for of in types {
            nodes.extend(snapshot.nodes(of));
        }
        nodes
    }

    fn ways_of(&self, relationship: RelationshipId) -> impl Iterator<Item = &Way<'_, E>> {
        let ways = self.ways.iter();
        ways.filter(move |way| way.relationship == relationship)
    }
}

/// By concrete type and row the number of a node.
fn numbers(snapshot: &Snapshot, nodes: &[Node]) -> Vec<Vec<u32>> {
    let mut numbers = vec![Vec::new(); snapshot.ontology().concrete as usize];
    for (number, node) in (0..).zip(nodes) {
        let of: &mut Vec<u32> = &mut numbers[node.of.0 as usize];
        if of.is_empty() {
            of.resize(snapshot.rows(node.of), NONE);
        }
        of[node.row as usize] = number;
    }
    numbers
}

/// Reads the edges of segments.
struct Collector<'a, E> {
    snapshot: &'a Snapshot,
    nodes: &'a [Node],
    numbers: &'a [Vec<u32>],
    found: Found,
    pace: Pace<'a, E>,
}

impl<E> Collector<'_, E> {
    fn segment(&mut self, id: SegmentId, ways: &[&Way<'_, E>]) -> Result<(), E> {
        let segment = self.snapshot.segment(id);
        let symmetric = self
            .snapshot
            .ontology()
            .relationship(segment.relationship)
            .symmetric;
        let targets = &self.numbers[segment.target.0 as usize];
        let of_source = |node: &Node| node.of == segment.source;
        let start = self.nodes.iter().position(of_source).unwrap_or(0);
        let sources = (start as u32..).zip(&self.nodes[start..]);
        for (source, node) in sources.take_while(|(_, node)| of_source(node)) {
            let neighbours = segment.out(node.row);
            self.pace.looked(1 + neighbours.len())?;
            for (row, at) in neighbours {
                let target = targets.get(row as usize).copied().unwrap_or(NONE);
                if target == NONE {
                    continue;
                }
                let seen = directions(ways, symmetric, Edge { segment: id, at })?;
                self.found.add(source, target, seen);
            }
        }
        Ok(())
    }
}

/// Whether an edge is followed along its direction, and whether against it.
fn directions<E>(ways: &[&Way<'_, E>], symmetric: bool, edge: Edge) -> Result<(bool, bool), E> {
    let (mut along, mut against) = (false, false);
    for way in ways {
        if way.keep.as_ref().map_or(Ok(true), |keep| keep(edge))? {
            along |= symmetric || way.direction != Some(Direction::In);
            against |= symmetric || way.direction != Some(Direction::Out);
        }
    }
    Ok((along, against))
}

impl Found {
    #[inline]
    fn add(&mut self, source: u32, target: u32, seen: (bool, bool)) {
        match seen {
            (true, true) => self.both_ways.push((source, target)),
            (true, false) => self.one_way.push((source, target)),
            (false, true) => self.one_way.push((target, source)),
            (false, false) => {}
        }
    }

    /// Each arc from its start to its end.
    fn arcs(&self) -> impl Iterator<Item = (u32, u32)> + Clone {
        let back = self.both_ways.iter().filter(|(a, b)| a != b);
        let back = back.map(|(a, b)| (*b, *a));
        let along = self.one_way.iter().chain(&self.both_ways);
        along.copied().chain(back)
    }
}

impl Lists {
    /// For each node where arcs to it start.
    fn into_nodes(nodes: usize, found: &Found) -> Self {
        Self::grouped(nodes, found.arcs().map(|(from, to)| (to, from)))
    }

    /// From pairs of key and member; members come in the order of the pairs.
    fn grouped(keys: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0u32; keys + 2];
        let all = pairs.clone();
        all.for_each(|(key, _)| starts[key as usize + 2] += 1);
        for key in 2..starts.len() {
            starts[key] += starts[key - 1];
        }
        let mut others = vec![0; starts.last().map_or(0, |count| *count as usize)];
        pairs.for_each(|(key, member)| {
            let next = &mut starts[key as usize + 1];
            others[*next as usize] = member;
            *next += 1;
        });
        starts.pop();
        Self { starts, others }
    }

    /// For each member its keys, in order.
    fn turned(&self) -> Self {
        let keys = self.starts.len() - 1;
        let pairs = (0..keys as u32).flat_map(|key| {
            let members = self.of(key).iter();
            members.map(move |member| (*member, key))
        });
        Self::grouped(keys, pairs)
    }

    /// The list of a number.
    #[inline]
    pub(super) fn of(&self, number: u32) -> &[u32] {
        let number = number as usize;
        &self.others[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    fn bytes(&self) -> usize {
        (self.starts.capacity() + self.others.capacity()) * size_of::<u32>()
    }
}
