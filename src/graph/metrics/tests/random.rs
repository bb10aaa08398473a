//! Random small graphs against the definitions; random larger ones against themselves.

use super::brute::{Pairs, modularity};
use super::*;

/// Graphs of several sizes and densities, and whether their edges are followed both ways.
fn graphs() -> impl Iterator<Item = (usize, Vec<(usize, usize)>, bool)> {
    let mut random = Random::new(5);
    (0..60).map(move |at| {
        let nodes = 3 + random.below(10);
        let count = random.below(3 * nodes);
        let edges = random_edges(&mut random, nodes, count);
        (nodes, edges, at % 2 == 0)
    })
}

fn seen(nodes: usize, edges: &[(usize, usize)], both: bool) -> Network {
    let direction = (!both).then_some(Direction::Out);
    network(&routes(nodes, edges), direction)
}

#[test]
fn ranks_are_those_of_the_definitions() {
    for (nodes, edges, both) in graphs() {
        let network = seen(nodes, &edges, both);
        let pairs = Pairs::new(nodes, &edges, both);
        let found = free(betweenness(&network, all(&network), &never));
        close(&found, &pairs.betweenness(), 1e-12);
        let found = free(closeness(&network, all(&network), &never));
        close(&found, &pairs.closeness(), 1e-12);
    }
}

#[test]
fn pagerank_is_where_a_walk_stays() {
    for (nodes, edges, both) in graphs() {
        let network = seen(nodes, &edges, both);
        let ranks = free(pagerank(&network, PageRank::default(), &never));
        close(&[ranks.iter().sum()], &[1.0], 1e-9);
        let mut arcs = edges.clone();
        if both {
            arcs.extend(edges.iter().filter(|(a, b)| a != b).map(|(a, b)| (*b, *a)));
        }
        let mut next = vec![0.15 / nodes as f64; nodes];
        for (from, rank) in ranks.iter().enumerate() {
            let to: Vec<usize> = arcs.iter().filter(|a| a.0 == from).map(|a| a.1).collect();
            let to = if to.is_empty() {
                (0..nodes).collect()
            } else {
                to
            };
            let share = 0.85 * rank / to.len() as f64;
            to.iter().for_each(|to| next[*to] += share);
        }
        close(&next, &ranks, 1e-8);
    }
}

#[test]
fn components_are_those_of_the_definitions() {
    for (nodes, edges, both) in graphs() {
        let network = seen(nodes, &edges, both);
        for (groups, joined) in [
            (
                free(weak(&network, &never)),
                Pairs::new(nodes, &edges, true).strong(),
            ),
            (
                free(strong(&network, &never)),
                Pairs::new(nodes, &edges, both).strong(),
            ),
        ] {
            let found = lists(&groups);
            assert_eq!(found.iter().map(Vec::len).sum::<usize>(), nodes);
            for group in &found {
                let wanted: Vec<u32> = joined[group[0] as usize]
                    .iter()
                    .map(|node| *node as u32)
                    .collect();
                assert_eq!(*group, wanted);
            }
            let order = |a: &Vec<u32>| (usize::MAX - a.len(), a[0]);
            assert!(found.is_sorted_by_key(order), "{found:?}");
        }
    }
}

#[test]
fn communities_are_connected_and_their_modularity_is_right() {
    for (nodes, edges, _) in graphs().filter(|(_, edges, _)| !edges.is_empty()) {
        let network = seen(nodes, &edges, true);
        let found = free(leiden(&network, 3, &never));
        let mut of = vec![usize::MAX; nodes];
        for (label, group) in lists(&found.groups).iter().enumerate() {
            group.iter().for_each(|node| of[*node as usize] = label);
            let inside = |end: usize| group.contains(&(end as u32));
            let kept = edges.iter().filter(|(a, b)| inside(*a) && inside(*b));
            let pairs = Pairs::new(nodes, &kept.copied().collect::<Vec<_>>(), true);
            let reached = pairs.distances[group[0] as usize].iter().flatten().count();
            assert_eq!(reached, group.len(), "{edges:?} {group:?}");
        }
        close(
            &[found.modularity],
            &[modularity(nodes, &edges, &of)],
            1e-12,
        );
        let whole = modularity(nodes, &edges, &vec![0; nodes]);
        assert!(found.modularity >= whole - 1e-12);
    }
}

/// Four groups of 50, dense inside, one edge in twenty between them.
fn planted() -> Vec<(usize, usize)> {
    let mut random = Random::new(9);
    let mut edges = simple_edges(&mut random, 200, 60);
    for group in 0..4 {
        let inside = simple_edges(&mut random, 50, 300);
        edges.extend(inside.iter().map(|(a, b)| (a + group * 50, b + group * 50)));
    }
    edges
}

#[test]
fn planted_communities_are_found_whatever_the_seed_and_the_same_for_the_same() {
    let network = network(&routes(200, &planted()), None);
    let wanted: Vec<Vec<u32>> = (0..4).map(|g| (g * 50..(g + 1) * 50).collect()).collect();
    for seed in 0..10 {
        let found = free(leiden(&network, seed, &never));
        assert_eq!(lists(&found.groups), wanted);
        assert_eq!(found, free(leiden(&network, seed, &never)));
    }
}

#[test]
fn a_sample_is_near_the_exact_values_and_the_same_each_time() {
    let mut random = Random::new(11);
    let mut edges = simple_edges(&mut random, 600, 1_500);
    // A hub, which every ranking has to find.
    edges.extend((1..600).step_by(7).map(|other| (0, other)));
    for direction in [None, Some(Direction::Out)] {
        let network = network(&routes(600, &edges), direction);
        let sample = Sample::sized(&network, 200);
        assert!(!sample.is_whole());
        for algorithm in [betweenness, closeness] {
            let exact = free(algorithm(&network, all(&network), &never));
            let near = free(algorithm(&network, sample, &never));
            assert_eq!(near, free(algorithm(&network, sample, &never)));
            let error: f64 = exact.iter().zip(&near).map(|(a, b)| (a - b).abs()).sum();
            let whole: f64 = exact.iter().sum();
            assert!(error < 0.2 * whole, "{error} of {whole}");
            let greatest =
                |values: &[f64]| (0..600).max_by(|a, b| values[*a].total_cmp(&values[*b]));
            assert_eq!(greatest(&near), greatest(&exact));
        }
    }
}

#[test]
fn samples_are_whole_where_that_is_quick() {
    let small = network(&routes(100, &[(0, 1)]), None);
    assert!(Sample::of(&small).is_whole());
    let mut random = Random::new(1);
    let large = random_edges(&mut random, 9_000, 40_000);
    let large = Sample::of(&network(&routes(9_000, &large), None));
    assert_eq!((large.is_whole(), large.size), (false, 1_508));
}
