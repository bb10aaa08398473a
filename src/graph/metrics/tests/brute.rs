//! The definitions, computed as they are written.

use super::*;

/// Distances by pair of nodes (none: not reached), and the numbers of shortest paths; parallel edges
/// count as one.
pub(super) struct Pairs {
    pub(super) distances: Vec<Vec<Option<usize>>>,
    pub(super) paths: Vec<Vec<f64>>,
}

impl Pairs {
    pub(super) fn new(nodes: usize, edges: &[(usize, usize)], both: bool) -> Self {
        let mut arcs: HashSet<(usize, usize)> = edges.iter().copied().collect();
        if both {
            arcs.extend(edges.iter().map(|(a, b)| (*b, *a)));
        }
        let mut distances = vec![vec![None; nodes]; nodes];
        let mut paths = vec![vec![0.0; nodes]; nodes];
        for start in 0..nodes {
            distances[start][start] = Some(0);
            paths[start][start] = 1.0;
            for length in 0..nodes {
                for (a, b) in &arcs {
                    if distances[start][*a] == Some(length) {
                        let reached = distances[start][*b].get_or_insert(length + 1);
                        if *reached == length + 1 {
                            paths[start][*b] += paths[start][*a];
                        }
                    }
                }
            }
        }
        Self { distances, paths }
    }

    /// The share of the pairs of others whose shortest paths lead through each node.
    pub(super) fn betweenness(&self) -> Vec<f64> {
        let n = self.paths.len();
        let through = |v: usize, (s, t): (usize, usize)| {
            let (ahead, rest) = (self.distances[s][v]?, self.distances[v][t]?);
            let paths = self.paths[s][v] * self.paths[v][t];
            (ahead + rest == self.distances[s][t]?).then(|| paths / self.paths[s][t])
        };
        let of = |v: usize| {
            let pairs = (0..n).flat_map(|s| (0..n).map(move |t| (s, t)));
            let others = pairs.filter(|(s, t)| s != t && *s != v && *t != v);
            let sum: f64 = others.filter_map(|pair| through(v, pair)).sum();
            sum / ((n - 1) * (n - 2)) as f64
        };
        (0..n).map(of).collect()
    }

    /// Wasserman and Faust's closeness.
    pub(super) fn closeness(&self) -> Vec<f64> {
        let n = self.paths.len();
        let of = |v: usize| {
            let reached: Vec<usize> = self.distances[v].iter().flatten().copied().collect();
            let (count, total) = (reached.len() as f64 - 1.0, reached.iter().sum::<usize>());
            if total == 0 {
                return 0.0;
            }
            count / total as f64 * count / (n - 1) as f64
        };
        (0..n).map(of).collect()
    }

    /// For each node the others that it leads to and that lead to it.
    pub(super) fn strong(&self) -> Vec<Vec<usize>> {
        let n = self.paths.len();
        let joined =
            |a: usize, b: usize| self.distances[a][b].is_some() && self.distances[b][a].is_some();
        (0..n)
            .map(|a| (0..n).filter(|b| joined(a, *b)).collect())
            .collect()
    }
}

/// Newman and Girvan's modularity, pair by pair.
pub(super) fn modularity(nodes: usize, edges: &[(usize, usize)], of: &[usize]) -> f64 {
    let mut weights = vec![vec![0.0; nodes]; nodes];
    for (a, b) in edges {
        weights[*a][*b] += 1.0;
        weights[*b][*a] += 1.0;
    }
    let degree = |a: usize| weights[a].iter().sum::<f64>();
    let total: f64 = (0..nodes).map(degree).sum();
    let pairs = (0..nodes).flat_map(|a| (0..nodes).map(move |b| (a, b)));
    let together = pairs.filter(|(a, b)| of[*a] == of[*b]);
    let excess = together.map(|(a, b)| weights[a][b] - degree(a) * degree(b) / total);
    excess.sum::<f64>() / total
}
