//! From how many nodes does an algorithm look that looks from each in turn? Not for: those that look
//! at all arcs a few times.

use super::network::Network;
use super::random::Random;

/// So many nodes and arcs, from all starts together, are exact.
const EXACT: usize = 1 << 28;

/// About so many, from all starts together, if not.
const SAMPLED: usize = 1 << 27;

/// So many starts at least.
const FEWEST: usize = 16;

/// The starts of an algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How many.
    pub size: usize,
    /// Of how many nodes.
    pub of: usize,
}

impl Sample {
    /// All nodes of a network where that takes at most some seconds; else as many as take about one.
    pub fn of(network: &Network) -> Self {
        let (nodes, each) = (network.len(), network.len() + network.arcs());
        let size = match nodes.saturating_mul(each) {
            0..=EXACT => nodes,
            _ => (SAMPLED / each).max(FEWEST).min(nodes),
        };
        Self { size, of: nodes }
    }

    /// So many nodes of a network, or all.
    pub fn sized(network: &Network, size: usize) -> Self {
        let of = network.len();
        let size = size.min(of);
        Self { size, of }
    }

    /// Whether results are exact.
    pub fn is_whole(self) -> bool {
        self.size == self.of
    }

    /// The starts: drawn evenly, the same ones each time.
    pub(super) fn starts(self) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..self.of as u32).collect();
        if !self.is_whole() {
            Random::new(self.of as u64).shuffle(&mut numbers, self.size);
            numbers.truncate(self.size);
        }
        numbers
    }
}
