//! What do communities look for their members among? A weighted graph, of nodes or of whole groups of
//! them. Not for: which node goes where (`leiden`).

use super::network::Network;

/// An undirected weighted graph without its loops, which no move changes.
#[derive(Debug, Default)]
pub(super) struct Level {
    starts: Vec<u32>,
    others: Vec<u32>,
    weights: Vec<f32>,
    /// By node: the weight of its ends of edges, loops twice.
    pub(super) degrees: Vec<f64>,
    /// Of all nodes together.
    pub(super) total: f64,
}

/// Sums by label, cheap to start again.
#[derive(Debug, Default)]
pub(super) struct Sums {
    by_label: Vec<f64>,
    /// The labels that have a sum, in the order in which they got it.
    pub(super) labels: Vec<u32>,
}

impl Sums {
    pub(super) fn new(labels: usize) -> Self {
        Self {
            by_label: vec![0.0; labels],
            labels: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn add(&mut self, label: u32, weight: f64) {
        let sum = &mut self.by_label[label as usize];
        if *sum == 0.0 {
            self.labels.push(label);
        }
        *sum += weight;
    }

    #[inline]
    pub(super) fn of(&self, label: u32) -> f64 {
        self.by_label[label as usize]
    }

    pub(super) fn clear(&mut self) {
        for label in self.labels.drain(..) {
            self.by_label[label as usize] = 0.0;
        }
    }
}

impl Level {
    /// The nodes of a network, each edge with weight 1 whatever its direction.
    pub(super) fn new(network: &Network) -> Self {
        let mut level = Self::default();
        let against = (!network.is_undirected()).then(|| network.into());
        for node in 0..network.len() as u32 {
            let back = against.map_or(&[][..], |lists| lists.of(node));
            let mut degree = 0.0;
            for (others, loop_ends) in [(network.out.of(node), 2.0), (back, 0.0)] {
                for other in others {
                    let is_loop = *other == node;
                    degree += if is_loop { loop_ends } else { 1.0 };
                    level.others.extend((!is_loop).then_some(*other));
                }
            }
            level.end_node(degree);
        }
        level.weights = vec![1.0; level.others.len()];
        level
    }

    fn end_node(&mut self, degree: f64) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.starts.push(self.others.len() as u32);
        self.degrees.push(degree);
        self.total += degree;
    }

    pub(super) fn len(&self) -> usize {
        self.degrees.len()
    }

    /// The neighbours of a node, perhaps repeated, and the weights of the edges to them.
    #[inline]
    pub(super) fn edges(&self, node: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let node = node as usize;
        let range = self.starts[node] as usize..self.starts[node + 1] as usize;
        let others = self.others[range.clone()].iter();
        let weights = self.weights[range].iter();
        others
            .zip(weights)
            .map(|(other, w)| (*other, f64::from(*w)))
    }

    pub(super) fn edge_count(&self, node: u32) -> usize {
        (self.starts[node as usize + 1] - self.starts[node as usize]) as usize
    }

    /// The graph of groups: the nodes of each label below `labels` as one.
    pub(super) fn merged(&self, of: &[u32], labels: usize) -> Self {
        let members = members(of, labels);
        let mut merged = Self::default();
        let mut sums = Sums::new(labels);
        for (label, members) in (0..).zip(&members) {
            for (other, weight) in members.iter().flat_map(|node| self.edges(*node)) {
                sums.add(of[other as usize], weight);
            }
            for other in sums.labels.iter().filter(|other| **other != label) {
                merged.others.push(*other);
                merged.weights.push(sums.of(*other) as f32);
            }
            sums.clear();
            merged.end_node(
                members
                    .iter()
                    .map(|node| self.degrees[*node as usize])
                    .sum(),
            );
        }
        merged
    }
}

/// The nodes of each label.
fn members(of: &[u32], labels: usize) -> Vec<Vec<u32>> {
    let mut members = vec![Vec::new(); labels];
    for (node, label) in (0..).zip(of) {
        members[*label as usize].push(node);
    }
    members
}
