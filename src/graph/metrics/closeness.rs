//! How near is everything else to each node? Freeman 1979, for graphs in several parts as Wasserman
//! and Faust 1994; from a sample Eppstein and Wang 2004. Not for: the distances.

use super::components::weak;
use super::network::{Lists, Network};
use super::pace::{Pace, Tick};
use super::sample::Sample;

/// By number: the inverse of the mean distance to the nodes that the node leads to, times their share
/// of all others; from 0 to 1, and 0 of a node that leads nowhere. Follows arcs, each of length 1.
/// Cost: about 10 ns an arc and start.
///
/// # Errors
/// Those of `tick`.
pub fn closeness<E>(network: &Network, sample: Sample, tick: Tick<'_, E>) -> Result<Vec<f64>, E> {
    if sample.is_whole() {
        exact(network, tick)
    } else {
        estimated(network, sample, tick)
    }
}

fn exact<E>(network: &Network, tick: Tick<'_, E>) -> Result<Vec<f64>, E> {
    let others = network.len().saturating_sub(1) as f64;
    let mut walk = Walk::new(&network.out, network.len(), tick);
    let mut values = Vec::with_capacity(network.len());
    for start in 0..network.len() as u32 {
        let (mut reached, mut total) = (0.0, 0.0);
        walk.from(start, &mut |_, distance| {
            reached += 1.0;
            total += f64::from(distance);
        })?;
        values.push(value(reached, reached / total, others));
    }
    walk.pace.end()?;
    Ok(values)
}

/// Looks from some nodes against the arcs. How many nodes one leads to is then known exactly if all
/// edges are followed both ways, else at least bounded by the size of its weak component.
fn estimated<E>(network: &Network, sample: Sample, tick: Tick<'_, E>) -> Result<Vec<f64>, E> {
    let others = network.len().saturating_sub(1) as f64;
    let starts = sample.starts();
    let mut sums = vec![(0.0, 0.0); network.len()];
    let mut walk = Walk::new(network.into(), network.len(), tick);
    for start in &starts {
        walk.from(*start, &mut |node, distance| {
            let (reached, total) = &mut sums[node as usize];
            *reached += 1.0;
            *total += f64::from(distance);
        })?;
    }
    walk.pace.end()?;
    let groups = weak(network, tick)?;
    let mut values = vec![0.0; network.len()];
    for group in 0..groups.len() {
        let most = groups.group(group).len() as f64 - 1.0;
        for node in groups.group(group) {
            let (seen, total) = sums[*node as usize];
            let guess = seen * others / starts.len() as f64;
            let reached = if network.is_undirected() {
                most
            } else {
                guess.min(most)
            };
            values[*node as usize] = value(reached, seen / total, others);
        }
    }
    Ok(values)
}

/// From how many nodes are reached, and the inverse of their mean distance.
fn value(reached: f64, near: f64, others: f64) -> f64 {
    if near.is_finite() {
        reached / others * near
    } else {
        0.0
    }
}

/// Breadth-first walks, one after the other.
struct Walk<'a, E> {
    lists: &'a Lists,
    /// In which walk a node was last seen; the first is 1.
    seen: Vec<u32>,
    walks: u32,
    queue: Vec<u32>,
    pace: Pace<'a, E>,
}

impl<'a, E> Walk<'a, E> {
    fn new(lists: &'a Lists, nodes: usize, tick: Tick<'a, E>) -> Self {
        Self {
            lists,
            seen: vec![0; nodes],
            walks: 0,
            queue: Vec::new(),
            pace: Pace::new(tick),
        }
    }

    /// Calls for every node reached but the start, with its distance.
    fn from(&mut self, start: u32, each: &mut dyn FnMut(u32, u32)) -> Result<(), E> {
        self.walks += 1;
        self.queue.clear();
        self.queue.push(start);
        self.seen[start as usize] = self.walks;
        let (mut at, mut level, mut distance) = (0, 1, 0);
        while at < self.queue.len() {
            if at == level {
                (level, distance) = (self.queue.len(), distance + 1);
            }
            let node = self.queue[at];
            if at > 0 {
                each(node, distance);
            }
            at += 1;
            let others = self.lists.of(node);
            self.pace.looked(1 + others.len())?;
            for next in others {
                let seen = &mut self.seen[*next as usize];
                if *seen != self.walks {
                    *seen = self.walks;
                    self.queue.push(*next);
                }
            }
        }
        Ok(())
    }
}
