//! Graphs with published values.

use super::*;

/// Zachary's karate club (1977), as NetworkX has it.
const KARATE: [(usize, usize); 78] = [
    (0, 1),
    (0, 2),
    (0, 3),
    (0, 4),
    (0, 5),
    (0, 6),
    (0, 7),
    (0, 8),
    (0, 10),
    (0, 11),
    (0, 12),
    (0, 13),
    (0, 17),
    (0, 19),
    (0, 21),
    (0, 31),
    (1, 2),
    (1, 3),
    (1, 7),
    (1, 13),
    (1, 17),
    (1, 19),
    (1, 21),
    (1, 30),
    (2, 3),
    (2, 7),
    (2, 8),
    (2, 9),
    (2, 13),
    (2, 27),
    (2, 28),
    (2, 32),
    (3, 7),
    (3, 12),
    (3, 13),
    (4, 6),
    (4, 10),
    (5, 6),
    (5, 10),
    (5, 16),
    (6, 16),
    (8, 30),
    (8, 32),
    (8, 33),
    (9, 33),
    (13, 33),
    (14, 32),
    (14, 33),
    (15, 32),
    (15, 33),
    (18, 32),
    (18, 33),
    (19, 33),
    (20, 32),
    (20, 33),
    (22, 32),
    (22, 33),
    (23, 25),
    (23, 27),
    (23, 29),
    (23, 32),
    (23, 33),
    (24, 25),
    (24, 27),
    (24, 31),
    (25, 31),
    (26, 29),
    (26, 33),
    (27, 33),
    (28, 31),
    (28, 33),
    (29, 32),
    (29, 33),
    (30, 32),
    (30, 33),
    (31, 32),
    (31, 33),
    (32, 33),
];

fn karate() -> Network {
    network(&routes(34, &KARATE), None)
}

/// The values of some nodes.
fn of(values: &[f64], wanted: &[(usize, f64)], within: f64) {
    let found: Vec<f64> = wanted.iter().map(|(at, _)| values[*at]).collect();
    let wanted: Vec<f64> = wanted.iter().map(|(_, value)| *value).collect();
    close(&found, &wanted, within);
}

#[test]
fn the_karate_club_has_its_published_size() {
    let club = karate();
    assert_eq!((club.len(), club.edges(), club.arcs()), (34, 78, 156));
    close(&[club.density()], &[0.13903743315508021], 1e-12);
}

#[test]
fn the_karate_club_has_its_published_ranks() {
    let club = karate();
    let degrees = [
        (33, 17.0),
        (0, 16.0),
        (32, 12.0),
        (2, 10.0),
        (1, 9.0),
        (3, 6.0),
    ];
    of(&degree(&club), &degrees, 0.0);
    let ranks = [
        (33, 0.100919182),
        (0, 0.096997285),
        (32, 0.071693226),
        (2, 0.057078509),
        (1, 0.052876924),
        (31, 0.037158087),
    ];
    of(
        &free(pagerank(&club, PageRank::default(), &never)),
        &ranks,
        1e-8,
    );
    let between = [
        (0, 0.437635281),
        (33, 0.304074976),
        (32, 0.145247114),
        (2, 0.143656806),
        (31, 0.138275613),
        (8, 0.055926828),
    ];
    of(
        &free(betweenness(&club, all(&club), &never)),
        &between,
        1e-8,
    );
    let near = [
        (0, 0.568965517),
        (2, 0.559322034),
        (33, 0.55),
        (31, 0.540983607),
        (8, 0.515625),
        (13, 0.515625),
    ];
    of(&free(closeness(&club, all(&club), &never)), &near, 1e-8);
}

/// The greatest modularity that is known is 0.4198 (Brandes and others 2008).
#[test]
fn the_karate_club_falls_into_its_communities() {
    let club = karate();
    assert_eq!(free(weak(&club, &never)).len(), 1);
    for seed in 0..20 {
        let found = free(leiden(&club, seed, &never));
        assert!(
            found.modularity > 0.415 && found.modularity < 0.41979,
            "{found:?}"
        );
        assert_eq!(found.groups.len(), 4, "{found:?}");
    }
}

/// A directed graph with a cycle, a parallel edge, a loop, dangling nodes and two parts.
const DIRECTED: [(usize, usize); 11] = [
    (0, 1),
    (1, 2),
    (2, 0),
    (2, 3),
    (0, 1),
    (3, 3),
    (3, 4),
    (5, 4),
    (6, 7),
    (7, 6),
    (8, 6),
];

#[test]
fn directions_dangling_nodes_loops_and_parallel_edges_count_as_in_networkx() {
    let network = network(&routes(9, &DIRECTED), Some(Direction::Out));
    assert_eq!((network.edges(), network.arcs()), (11, 11));
    close(&[network.density()], &[0.1527777777777778], 1e-12);
    let ranks = [
        0.066575563,
        0.082415795,
        0.095879992,
        0.115783587,
        0.096987172,
        0.025826566,
        0.25128551,
        0.239419249,
        0.025826566,
    ];
    close(
        &free(pagerank(&network, PageRank::default(), &never)),
        &ranks,
        1e-8,
    );
    let between = [
        0.017857143,
        0.053571429,
        0.089285714,
        0.053571429,
        0.0,
        0.0,
        0.017857143,
        0.0,
        0.0,
    ];
    close(
        &free(betweenness(&network, all(&network), &never)),
        &between,
        1e-8,
    );
    let near = [
        0.2,
        0.25,
        0.333333333,
        0.125,
        0.0,
        0.125,
        0.125,
        0.125,
        0.166666667,
    ];
    close(
        &free(closeness(&network, all(&network), &never)),
        &near,
        1e-8,
    );
    assert_eq!(
        lists(&free(strong(&network, &never))),
        [
            vec![0, 1, 2],
            vec![6, 7],
            vec![3],
            vec![4],
            vec![5],
            vec![8]
        ]
    );
    assert_eq!(
        lists(&free(weak(&network, &never))),
        [vec![0, 1, 2, 3, 4, 5], vec![6, 7, 8]]
    );
}

#[test]
fn undirected_loops_and_parallel_edges_count_as_in_networkx() {
    let edges = [
        (0, 1),
        (0, 1),
        (1, 2),
        (2, 2),
        (2, 3),
        (3, 4),
        (4, 5),
        (5, 3),
    ];
    let network = network(&routes(7, &edges), None);
    assert_eq!(network.edges(), 8);
    let ranks = [
        0.131132026,
        0.188367851,
        0.185348418,
        0.194371403,
        0.138195029,
        0.138195029,
        0.024390244,
    ];
    close(
        &free(pagerank(&network, PageRank::default(), &never)),
        &ranks,
        1e-8,
    );
    let found = free(leiden(&network, 0, &never));
    assert_eq!(
        lists(&found.groups),
        [vec![3, 4, 5], vec![0, 1], vec![2], vec![6]]
    );
    close(&[found.modularity], &[0.3984375], 1e-12);
}

#[test]
fn nothing_and_single_nodes_have_values() {
    for nodes in 0..3 {
        let network = network(&routes(nodes, &[]), None);
        let zeros = vec![0.0; nodes];
        let ranks = vec![1.0 / nodes as f64; nodes];
        assert_eq!(network.density(), 0.0);
        close(&degree(&network), &zeros, 0.0);
        close(
            &free(betweenness(&network, all(&network), &never)),
            &zeros,
            0.0,
        );
        close(
            &free(closeness(&network, all(&network), &never)),
            &zeros,
            0.0,
        );
        close(
            &free(pagerank(&network, PageRank::default(), &never)),
            &ranks,
            1e-12,
        );
        assert_eq!(free(strong(&network, &never)).len(), nodes);
        let found = free(leiden(&network, 0, &never));
        assert_eq!((found.groups.len(), found.modularity), (nodes, 0.0));
    }
}
