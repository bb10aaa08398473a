//! Which nodes are joined more densely than chance would? The Leiden algorithm (Traag, Waltman, van Eck
//! 2019) for modularity (Newman and Girvan 2004). Not for: overlapping communities.

use super::groups::Groups;
use super::level::{Level, Sums};
use super::network::Network;
use super::pace::{Pace, Tick};
use super::random::Random;
use std::collections::VecDeque;

/// A gain below this is none, so that rounding cannot move a node forever. In ends of edges.
const LEAST_GAIN: f64 = 1e-9;

/// Communities, and how much denser they are than chance.
#[derive(Debug, PartialEq)]
pub struct Communities {
    /// Each connected within itself.
    pub groups: Groups,
    /// The share of edges inside communities less the share expected by chance: below 1.
    pub modularity: f64,
}

/// Which community each node is in.
struct Partition {
    of: Vec<u32>,
    /// By community the degrees of its members.
    degrees: Vec<f64>,
    sizes: Vec<u32>,
    /// Communities without members.
    empty: Vec<u32>,
}

/// How often the whole is repeated, each time from the communities found before.
const ROUNDS: usize = 2;

/// Communities of a network without regard to directions; its edges should be followed both ways, as
/// one that is followed one way counts half. The same seed gives the same communities. Cost: about
/// 300 ns an arc.
///
/// # Errors
/// Those of `tick`.
pub fn leiden<E>(network: &Network, seed: u64, tick: Tick<'_, E>) -> Result<Communities, E> {
    let mut pace = Pace::new(tick);
    let mut random = Random::new(seed);
    let base = Level::new(network);
    let mut of: Vec<u32> = (0..network.len() as u32).collect();
    for _ in 0..ROUNDS {
        let partition = Partition::new(of, &base);
        of = improved(&base, partition, &mut random, &mut pace)?;
    }
    pace.end()?;
    Ok(Communities {
        modularity: modularity(network, &of),
        groups: Groups::new(&of, network.len()),
    })
}

/// Moves nodes, then groups of them, then groups of those, until nothing gains; the community of each
/// node.
fn improved<E>(
    base: &Level,
    mut partition: Partition,
    random: &mut Random,
    pace: &mut Pace<'_, E>,
) -> Result<Vec<u32>, E> {
    // By node its group, and the graph of the groups.
    let mut place: Vec<u32> = (0..base.len() as u32).collect();
    let mut groups: Option<Level> = None;
    loop {
        let level = groups.as_ref().unwrap_or(base);
        move_nodes(level, &mut partition, random, pace)?;
        let (refined, count) = refine(level, &partition, random, pace)?;
        if count == level.len() {
            break;
        }
        place.iter_mut().for_each(|at| *at = refined[*at as usize]);
        let mut of = vec![0; count];
        for (group, community) in refined.iter().zip(&partition.of) {
            of[*group as usize] = *community;
        }
        let coarse = level.merged(&refined, count);
        partition = Partition::new(of, &coarse);
        groups = Some(coarse);
    }
    Ok(place.iter().map(|at| partition.of[*at as usize]).collect())
}

impl Partition {
    /// Each node by itself.
    fn single(level: &Level) -> Self {
        Self::new((0..level.len() as u32).collect(), level)
    }

    /// From any labels.
    fn new(labels: Vec<u32>, level: &Level) -> Self {
        let (of, count) = named(labels);
        let mut partition = Self {
            of,
            degrees: vec![0.0; level.len()],
            sizes: vec![0; level.len()],
            empty: (count as u32..level.len() as u32).rev().collect(),
        };
        for (node, community) in partition.of.iter().enumerate() {
            partition.degrees[*community as usize] += level.degrees[node];
            partition.sizes[*community as usize] += 1;
        }
        partition
    }

    fn leave(&mut self, node: u32, degree: f64) {
        let old = self.of[node as usize];
        self.degrees[old as usize] -= degree;
        self.sizes[old as usize] -= 1;
        if self.sizes[old as usize] == 0 {
            self.degrees[old as usize] = 0.0;
            self.empty.push(old);
        }
    }

    fn join(&mut self, node: u32, degree: f64, new: u32) {
        if self.sizes[new as usize] == 0 {
            // Nodes only join the community that was emptied last.
            self.empty.pop();
        }
        self.of[node as usize] = new;
        self.degrees[new as usize] += degree;
        self.sizes[new as usize] += 1;
    }
}

/// Moves nodes where they gain most, in random order, until none gains.
fn move_nodes<E>(
    level: &Level,
    partition: &mut Partition,
    random: &mut Random,
    pace: &mut Pace<'_, E>,
) -> Result<(), E> {
    let mut queue: VecDeque<u32> = shuffled(level, random).into();
    let mut queued = vec![true; level.len()];
    let mut sums = Sums::new(level.len());
    while let Some(node) = queue.pop_front() {
        queued[node as usize] = false;
        pace.looked(1 + level.edge_count(node))?;
        let old = partition.of[node as usize];
        let new = best(level, partition, node, &mut sums);
        if new == old {
            continue;
        }
        for (other, _) in level.edges(node) {
            let other_is_in = partition.of[other as usize] == new;
            if !other_is_in && !queued[other as usize] {
                queued[other as usize] = true;
                queue.push_back(other);
            }
        }
    }
    Ok(())
}

/// Puts a node into the community where it gains most, perhaps one of its own; which?
fn best(level: &Level, partition: &mut Partition, node: u32, sums: &mut Sums) -> u32 {
    let degree = level.degrees[node as usize];
    for (other, weight) in level.edges(node) {
        sums.add(partition.of[other as usize], weight);
    }
    let old = partition.of[node as usize];
    partition.leave(node, degree);
    let share = degree / level.total;
    let gain = |c: u32| sums.of(c) - partition.degrees[c as usize] * share;
    let mut best = (old, gain(old));
    for label in &sums.labels {
        let gain = gain(*label);
        if gain > best.1 + LEAST_GAIN {
            best = (*label, gain);
        }
    }
    if best.1 < -LEAST_GAIN {
        best.0 = partition.empty.last().copied().unwrap_or(old);
    }
    sums.clear();
    partition.join(node, degree, best.0);
    best.0
}

/// Splits communities into groups that are well connected: a label for each node, and how many.
fn refine<E>(
    level: &Level,
    partition: &Partition,
    random: &mut Random,
    pace: &mut Pace<'_, E>,
) -> Result<(Vec<u32>, usize), E> {
    let mut groups = Partition::single(level);
    let mut links = links_inside(level, partition);
    let mut sums = Sums::new(level.len());
    for node in shuffled(level, random) {
        pace.looked(1 + level.edge_count(node))?;
        let own = groups.of[node as usize];
        let whole = partition.degrees[partition.of[node as usize] as usize];
        let holds = |group: u32, links: &[f64]| {
            let degree = groups.degrees[group as usize];
            links[group as usize] + LEAST_GAIN >= degree * (whole - degree) / level.total
        };
        if groups.sizes[own as usize] != 1 || !holds(own, &links) {
            continue;
        }
        for (other, weight) in level.edges(node) {
            if partition.of[other as usize] == partition.of[node as usize] {
                sums.add(groups.of[other as usize], weight);
            }
        }
        let degree = level.degrees[node as usize];
        let mut best = (own, 0.0);
        for group in sums.labels.iter().filter(|group| **group != own) {
            let gain = sums.of(*group) - groups.degrees[*group as usize] * degree / level.total;
            if gain > best.1 + LEAST_GAIN && holds(*group, &links) {
                best = (*group, gain);
            }
        }
        if best.0 != own {
            links[best.0 as usize] += links[own as usize] - 2.0 * sums.of(best.0);
            groups.degrees[own as usize] = 0.0;
            groups.sizes[own as usize] = 0;
            groups.join(node, degree, best.0);
        }
        sums.clear();
    }
    Ok(named(groups.of))
}

/// By node the weight of its edges to others of its community.
fn links_inside(level: &Level, partition: &Partition) -> Vec<f64> {
    let inside = |node: u32| {
        let own = partition.of[node as usize];
        let edges = level.edges(node);
        let edges = edges.filter(|(other, _)| partition.of[*other as usize] == own);
        edges.map(|(_, weight)| weight).sum()
    };
    (0..level.len() as u32).map(inside).collect()
}

/// The same labels, from 0 on without gaps; and how many.
fn named(mut labels: Vec<u32>) -> (Vec<u32>, usize) {
    let most = labels.iter().max().map_or(0, |most| *most as usize + 1);
    let mut names = vec![u32::MAX; most];
    let mut next = 0;
    for label in &mut labels {
        let name = &mut names[*label as usize];
        if *name == u32::MAX {
            *name = next;
            next += 1;
        }
        *label = *name;
    }
    (labels, next as usize)
}

fn shuffled(level: &Level, random: &mut Random) -> Vec<u32> {
    let mut nodes: Vec<u32> = (0..level.len() as u32).collect();
    let all = nodes.len();
    random.shuffle(&mut nodes, all);
    nodes
}

/// Newman and Girvan's modularity of labels; 0 of a network without edges.
fn modularity(network: &Network, of: &[u32]) -> f64 {
    let (mut inside, mut total) = (0.0, 0.0_f64);
    let mut degrees = vec![0.0_f64; of.iter().max().map_or(0, |most| *most as usize + 1)];
    for node in 0..network.len() as u32 {
        let own = of[node as usize];
        let back = match network.is_undirected() {
            true => &[],
            false => network.into().of(node),
        };
        for (others, loop_ends) in [(network.out.of(node), 2.0), (back, 0.0)] {
            for other in others {
                let ends = if *other == node { loop_ends } else { 1.0 };
                total += ends;
                degrees[own as usize] += ends;
                inside += if of[*other as usize] == own {
                    ends
                } else {
                    0.0
                };
            }
        }
    }
    if total == 0.0 {
        return 0.0;
    }
    let expected: f64 = degrees.iter().map(|degree| (degree / total).powi(2)).sum();
    inside / total - expected
}
