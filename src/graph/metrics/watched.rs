//! How do petgraph's algorithms walk a network, and stop when they must? Not for: searches that need
//! edges (`view`).

use super::super::view::Visited;
use super::network::{Lists, Network};
use super::pace::{Pace, Tick};
use petgraph::Direction;
use petgraph::visit::{
    GraphBase, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, NodeIndexable, Visitable,
};
use std::cell::{Cell, RefCell};
use std::iter::Copied;
use std::ops::Range;
use std::slice::Iter;

/// A network as petgraph takes it, by reference. When the tick says stop, no node leads anywhere any
/// more, so that an algorithm ends soon; its result is then worth nothing.
pub(super) struct Watched<'a, E> {
    network: &'a Network,
    pace: RefCell<Option<Pace<'a, E>>>,
    stopped: Cell<Option<E>>,
}

impl<'a, E> Watched<'a, E> {
    pub(super) fn new(network: &'a Network, tick: Tick<'a, E>) -> Self {
        Self {
            network,
            pace: RefCell::new(Some(Pace::new(tick))),
            stopped: Cell::new(None),
        }
    }

    /// Whether the algorithm was left to end by itself.
    pub(super) fn end(self) -> Result<(), E> {
        match self.stopped.into_inner() {
            Some(stop) => Err(stop),
            None => self.pace.into_inner().map_or(Ok(()), Pace::end),
        }
    }

    fn list(&self, lists: &'a Lists, node: u32) -> Copied<Iter<'a, u32>> {
        let others = lists.of(node);
        let mut pace = self.pace.borrow_mut();
        let looked = pace.as_mut().map(|pace| pace.looked(1 + others.len()));
        match looked {
            Some(Ok(())) => others.iter().copied(),
            Some(Err(stop)) => {
                self.stopped.set(Some(stop));
                *pace = None;
                [].iter().copied()
            }
            None => [].iter().copied(),
        }
    }
}

impl<E> GraphBase for Watched<'_, E> {
    type NodeId = u32;
    type EdgeId = (u32, u32);
}

impl<'a, E> IntoNeighbors for &Watched<'a, E> {
    type Neighbors = Copied<Iter<'a, u32>>;

    fn neighbors(self, node: u32) -> Self::Neighbors {
        self.list(&self.network.out, node)
    }
}

impl<'a, E> IntoNeighborsDirected for &Watched<'a, E> {
    type NeighborsDirected = Copied<Iter<'a, u32>>;

    fn neighbors_directed(self, node: u32, towards: Direction) -> Self::NeighborsDirected {
        match towards {
            Direction::Outgoing => self.list(&self.network.out, node),
            Direction::Incoming => self.list(self.network.into(), node),
        }
    }
}

impl<E> IntoNodeIdentifiers for &Watched<'_, E> {
    type NodeIdentifiers = Range<u32>;

    fn node_identifiers(self) -> Range<u32> {
        0..self.network.len() as u32
    }
}

impl<E> NodeIndexable for Watched<'_, E> {
    fn node_bound(&self) -> usize {
        self.network.len()
    }

    fn to_index(&self, node: u32) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> u32 {
        index as u32
    }
}

impl<E> Visitable for Watched<'_, E> {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited::new(self.network.len())
    }

    fn reset_map(&self, map: &mut Visited) {
        *map = self.visit_map();
    }
}
