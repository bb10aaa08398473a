//! Searches in small multigraphs made by chance against trying everything.

use super::super::paths::*;
use super::super::*;
use super::chance::*;
use super::world::{KNOWS, PERSON, ontology, person};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

const SEEDS: std::ops::Range<u64> = 0..150;

#[test]
fn the_shortest_paths_are_found_in_order_and_no_others() {
    for seed in SEEDS {
        let world = World::new(seed);
        let web = world.web();
        for (from, to) in world.pairs() {
            let all = world.all(from, to);
            let least = all.first().map_or(0, |path| path.1.len());
            let best: Vec<_> = all
                .into_iter()
                .filter(|path| path.1.len() == least)
                .collect();
            for count in [0, 1, 2, 100] {
                let Ok((found, more)) = shortest(&web, (from, to), usize::MAX, count, &world.coin);
                let found: Vec<_> = found.iter().map(|path| world.told(path)).collect();
                let wanted = &best[..count.min(best.len())];
                assert_eq!(found, wanted, "seed {seed}, from {from:?} to {to:?}");
                assert_eq!(
                    more,
                    best.len() > count,
                    "seed {seed}, from {from:?} to {to:?}"
                );
            }
            let Ok((found, _)) =
                shortest(&web, (from, to), least.saturating_sub(1), 1, &world.coin);
            assert!(found.is_empty(), "seed {seed}: longer than allowed");
        }
    }
}

#[test]
fn a_neighbourhood_has_each_node_at_its_smallest_depth() {
    for seed in SEEDS {
        let world = World::new(seed);
        let web = world.web();
        for starts in world.nodes.chunks(2) {
            let mut levels = vec![
                starts
                    .iter()
                    .map(|n| world.snapshot.id(*n))
                    .collect::<BTreeSet<_>>(),
            ];
            let mut seen = levels[0].clone();
            for _ in 0..3 {
                let from = levels.last().unwrap().iter();
                let next = from.flat_map(|id| world.steps(id).iter().map(|step| step.0.clone()));
                let next: BTreeSet<_> = next.filter(|id| !seen.contains(id)).collect();
                seen.extend(next.clone());
                levels.push(next);
            }
            for depth in 0..=3 {
                let bounds = Bounds {
                    depth,
                    per_node: None,
                    limit: usize::MAX,
                };
                let Ok(found) = neighborhood(&web, starts, bounds, &world.coin);
                let mut wanted = levels[..=depth].to_vec();
                let empty = wanted.iter().rposition(|level| !level.is_empty());
                wanted.truncate(empty.map_or(0, |last| last + 1));
                assert_eq!(told_levels(&world, &found), wanted, "seed {seed}");
                assert!(!found.truncated);
            }
        }
    }
}

/// The ids of each level that has any.
fn told_levels(world: &World, found: &Around) -> Vec<BTreeSet<String>> {
    let mut start = 0;
    let mut levels: Vec<BTreeSet<_>> = Vec::new();
    for end in &found.ends {
        levels.push(
            found.nodes[start..*end]
                .iter()
                .map(|n| world.snapshot.id(*n))
                .collect(),
        );
        assert_eq!(levels.last().unwrap().len(), end - start, "a node twice");
        start = *end;
    }
    levels
}

#[test]
fn limits_of_a_neighbourhood_leave_out_and_say_so() {
    for seed in SEEDS {
        let world = World::new(seed);
        let web = world.web();
        for start in world.nodes.chunks(1) {
            let search = |per_node, limit| {
                let Ok(found) = neighborhood(
                    &web,
                    start,
                    Bounds {
                        depth: 2,
                        per_node,
                        limit,
                    },
                    &world.coin,
                );
                found
            };
            let whole = search(None, usize::MAX);
            for limit in 0..whole.nodes.len() + 2 {
                let part = search(None, limit);
                assert_eq!(
                    part.nodes,
                    whole.nodes[..limit.min(whole.nodes.len())],
                    "seed {seed}"
                );
                assert_eq!(part.truncated, limit < whole.nodes.len(), "seed {seed}");
            }
            let near: BTreeSet<_> = world
                .steps(&world.snapshot.id(start[0]))
                .iter()
                .map(|step| &step.0)
                .collect();
            let near = near.len() - usize::from(near.contains(&world.snapshot.id(start[0])));
            let one = neighborhood(
                &web,
                start,
                Bounds {
                    depth: 1,
                    per_node: Some(1),
                    limit: 9,
                },
                &world.coin,
            );
            let Ok(one) = one;
            assert_eq!(one.nodes.len(), 1 + near.min(1), "seed {seed}");
            assert_eq!(one.truncated, near > 1, "seed {seed}");
        }
    }
}

#[test]
fn the_edges_among_nodes_are_all_that_may_be_followed_either_way() {
    for seed in SEEDS {
        let world = World::new(seed);
        let mut chance = Chance(seed + 1000);
        let some: Vec<_> = world
            .nodes
            .iter()
            .copied()
            .filter(|_| chance.below(3) > 0)
            .collect();
        let ids: BTreeSet<_> = some.iter().map(|node| world.snapshot.id(*node)).collect();
        let steps = world.steps.iter().filter(|(from, _)| ids.contains(*from));
        let edges = steps.flat_map(|(_, steps)| steps.iter().filter(|step| ids.contains(&step.0)));
        let expected: BTreeSet<_> = edges.map(|step| step.1.clone()).collect();
        let Ok(found) = among(&world.web(), &some, &world.coin);
        assert!(found.is_sorted_by(|a, b| {
            let of = |edge: &Edge| world.snapshot.segment(edge.segment).relationship;
            of(a)
                .cmp(&of(b))
                .then_with(|| world.snapshot.order_edges(*a, *b))
                .is_lt()
        }));
        let found: Vec<_> = found
            .iter()
            .map(|edge| world.snapshot.edge_id(*edge).to_string())
            .collect();
        assert_eq!(found.len(), expected.len(), "seed {seed}");
        assert_eq!(
            found.into_iter().collect::<BTreeSet<_>>(),
            expected,
            "seed {seed}"
        );
    }
}

#[test]
fn a_search_meets_few_and_many() {
    let mut builder = Builder::new(ontology());
    let people: Vec<_> = (0..3000)
        .map(|at| (PERSON, builder.node(PERSON, &format!("{at:04}")).0))
        .collect();
    for pair in people.windows(2) {
        builder.edge(KNOWS, pair[0], pair[1]);
    }
    for at in 1..1000 {
        builder.edge(KNOWS, people[0], people[at * 2]);
    }
    let snapshot = builder.finish(1).unwrap().snapshot;
    let web = Web::whole(&snapshot);
    let coin = Coin {
        seed: 0,
        weighs: false,
        touched: Cell::new(0),
    };
    let hub = person(&snapshot, "0000");
    let bounds = Bounds {
        depth: usize::MAX,
        per_node: None,
        limit: usize::MAX,
    };
    let Ok(found) = neighborhood(&web, &[hub], bounds, &coin);
    assert_eq!(found.nodes.len(), 3000);
    assert_eq!(found.ends[..3], [1, 1 + 1 + 999, 1 + 1 + 999 + 999]);
    let Ok((paths, more)) = shortest(
        &web,
        (person(&snapshot, "0007"), person(&snapshot, "2999")),
        usize::MAX,
        9,
        &coin,
    );
    assert_eq!((paths.len(), more), (2, false), "by 0006 and by 0008");
    assert!(paths.iter().all(|path| path.len() == 1 + 1 + 1 + 1001));
}

#[test]
fn the_cheapest_paths_come_one_after_the_other() {
    for seed in SEEDS {
        let mut world = World::new(seed);
        let mut chance = Chance(seed + 2000);
        for (weighs, longest) in [(false, 99), (true, 99), (false, 3), (true, 2), (true, 3)] {
            world.coin.weighs = weighs;
            let some = |chance: &mut Chance| {
                let all = world.nodes.iter().copied();
                all.filter(|_| chance.below(3) == 0).collect::<Vec<_>>()
            };
            let (starts, ends) = (some(&mut chance), some(&mut chance));
            let all = world.all_among(&starts, &ends);
            let mut wanted = all.into_iter().filter(|path| path.1.1.len() <= longest);
            let most = if weighs { u128::MAX } else { longest as u128 };
            let goal = Goal {
                ends: &ends,
                longest,
                most,
            };
            let mut count = 0;
            let web = world.web();
            let Ok(()) = ranked(&web, &starts, goal, &world.coin, |path| {
                let found = (path.cost, world.told(path));
                assert_eq!(Some(found), wanted.next(), "seed {seed}, the {count}th");
                count += 1;
                if count < 40 {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            });
            assert!(
                count == 40 || wanted.next().is_none(),
                "seed {seed}: too few"
            );
        }
    }
}

#[test]
fn every_path_of_a_length_is_found() {
    for seed in SEEDS {
        let world = World::new(seed);
        let mut chance = Chance(seed + 3000);
        let all = world.nodes.iter().copied();
        let starts: Vec<_> = all.clone().filter(|_| chance.below(2) == 0).collect();
        let ends: Vec<_> = all.filter(|_| chance.below(3) == 0).collect();
        let (least, most) = (1 + chance.below(3) as usize, 2 + chance.below(5) as usize);
        for most in [most, usize::MAX] {
            let mut wanted = world.all_among(&starts, &ends);
            wanted.retain(|(_, told)| (least..=most).contains(&told.1.len()));
            let mut found = Vec::new();
            let web = world.web();
            let Ok(()) = simple(&web, (&starts, &ends), least..=most, &world.coin, |path| {
                found.push((path.cost, world.told(path)));
                ControlFlow::Continue(())
            });
            assert_eq!(found, wanted, "seed {seed}");
        }
    }
}
