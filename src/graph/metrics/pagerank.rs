//! Where does one end up who follows arcs at random? Brin and Page 1998, in pull form. Not for: nodes
//! near given ones (personalised ranks).

use super::network::Network;
use super::pace::{Pace, Tick};

/// How the ranks are computed.
#[derive(Clone, Copy, Debug)]
pub struct PageRank {
    /// How likely the walk goes on rather than start again anywhere.
    pub damping: f64,
    /// Ends when all ranks together change by less in an iteration.
    pub tolerance: f64,
    /// Ends after so many iterations at the latest.
    pub iterations: usize,
}

impl Default for PageRank {
    /// Damping 0.85, tolerance 1e-9, at most 100 iterations.
    fn default() -> Self {
        Self {
            damping: 0.85,
            tolerance: 1e-9,
            iterations: 100,
        }
    }
}

/// By number the rank; all together are 1. Follows arcs, parallel ones as often as they are; from a
/// node without any the walk starts again. Cost: 1 to 4 ns an arc and iteration.
///
/// # Errors
/// Those of `tick`.
pub fn pagerank<E>(network: &Network, how: PageRank, tick: Tick<'_, E>) -> Result<Vec<f64>, E> {
    let n = network.len();
    let mut pace = Pace::new(tick);
    let mut ranks = vec![1.0 / n as f64; n];
    let mut shares = vec![0.0; n];
    for _ in 0..how.iterations {
        let dangling = share(network, &ranks, &mut shares);
        let base = (1.0 - how.damping + how.damping * dangling) / n as f64;
        let mut change = 0.0;
        for (number, rank) in (0..).zip(&mut ranks) {
            let sources = network.into().of(number);
            pace.looked(1 + sources.len())?;
            let pulled: f64 = sources.iter().map(|source| shares[*source as usize]).sum();
            let next = base + how.damping * pulled;
            change += (next - *rank).abs();
            *rank = next;
        }
        if change < how.tolerance {
            break;
        }
    }
    pace.end()?;
    Ok(ranks)
}

/// What each node gives along each of its arcs, and what those give together that have none.
fn share(network: &Network, ranks: &[f64], shares: &mut [f64]) -> f64 {
    let mut dangling = 0.0;
    for ((number, rank), share) in (0..).zip(ranks).zip(shares) {
        let arcs = network.out.of(number).len();
        if arcs == 0 {
            dangling += rank;
        }
        *share = rank / arcs.max(1) as f64;
    }
    dangling
}
