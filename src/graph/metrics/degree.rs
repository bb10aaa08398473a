//! How many edges can be followed from each node? Not for: counts by type (`Node.degree`).

use super::network::Network;

/// By number: the arcs that start there. With edges followed both ways that is the degree (a loop
/// counts once), one way the out-degree or the in-degree.
pub fn degree(network: &Network) -> Vec<f64> {
    let numbers = 0..network.len() as u32;
    let count = |number| network.out.of(number).len() as f64;
    numbers.map(count).collect()
}
