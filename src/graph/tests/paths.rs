//! Searches in small multigraphs made by chance against trying everything.

use super::super::paths::*;
use super::super::*;
use super::world::*;
use crate::value::Cell as Stored;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    /// People who know each other and themselves, cities with parallel routes and loops.
    fn snapshot(&mut self) -> Snapshot {
        let mut builder = Builder::new(ontology());
        let people: Vec<_> = (0..5)
            .map(|at| (PERSON, builder.node(PERSON, &format!("p{at}")).0))
            .collect();
        let cities: Vec<_> = (0..4)
            .map(|at| (CITY, builder.node(CITY, &format!("c{at}")).0))
            .collect();
        let mut pairs = BTreeSet::new();
        for line in 0..self.below(9) {
            let (a, b) = (self.below(5), self.below(5));
            if pairs.insert((0, a.min(b), a.max(b))) {
                builder.edge(KNOWS, people[a as usize], people[b as usize]);
            }
            let (a, b) = (self.below(4), self.below(4));
            let route = builder.edge(ROUTE, cities[a as usize], cities[b as usize]);
            builder.set_edge(route, 0, Stored::Int(line as i64));
            let (a, b) = (self.below(5), self.below(4));
            if pairs.insert((1, a, b)) {
                builder.edge(LIVES, people[a as usize], cities[b as usize]);
            }
        }
        builder.finish(1).unwrap().snapshot
    }

    fn rules(&mut self) -> Vec<Rule> {
        let mut rules = Vec::new();
        for relationship in [KNOWS, ROUTE, LIVES] {
            let way = if relationship == KNOWS {
                0
            } else {
                self.below(4)
            };
            for along in [true, false] {
                let condition = (self.below(3) == 0).then_some(rules.len());
                // 3: not at all.
                if way == 0 || way == u64::from(along) + 1 {
                    rules.push(Rule {
                        relationship,
                        along,
                        condition,
                    });
                }
            }
        }
        rules
    }
}

/// Admits what a coin says, counts what is looked at.
struct Coin {
    seed: u64,
    touched: Cell<usize>,
}

impl Coin {
    fn says(&self, condition: usize, edge: Edge) -> bool {
        let number = self.seed + condition as u64 * 71 + u64::from(edge.segment.0) * 13;
        !(number + u64::from(edge.at)).is_multiple_of(3)
    }
}

impl Guide for Coin {
    type Stop = Infallible;

    fn touch(&self, edges: usize) -> Result<(), Infallible> {
        self.touched.set(self.touched.get() + edges);
        Ok(())
    }

    fn admits(&self, condition: usize, edge: Edge) -> Result<bool, Infallible> {
        Ok(self.says(condition, edge))
    }
}

/// A step by ids.
type Step = (String, String);

/// A path by ids: where it starts, then its steps.
type Told = (String, Vec<Step>);

/// A graph, what may be followed, and all steps that are possible.
struct World {
    snapshot: Snapshot,
    rules: Vec<Rule>,
    coin: Coin,
    steps: BTreeMap<String, Vec<Step>>,
    nodes: Vec<Node>,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let (snapshot, rules) = (chance.snapshot(), chance.rules());
        let coin = Coin {
            seed,
            touched: Cell::new(0),
        };
        let mut steps: BTreeMap<String, Vec<Step>> = BTreeMap::new();
        for rule in &rules {
            for id in snapshot.segments(rule.relationship) {
                for edge in snapshot.edges(*id) {
                    if rule
                        .condition
                        .is_none_or(|condition| coin.says(condition, edge))
                    {
                        let (mut from, mut to) = snapshot.ends(edge);
                        if !rule.along {
                            std::mem::swap(&mut from, &mut to);
                        }
                        let step = (snapshot.id(to), snapshot.edge_id(edge).to_string());
                        steps.entry(snapshot.id(from)).or_default().push(step);
                    }
                }
            }
        }
        for each in steps.values_mut() {
            each.sort();
            each.dedup();
        }
        let nodes = [PERSON, CITY]
            .into_iter()
            .flat_map(|of| snapshot.nodes(of))
            .collect();
        Self {
            snapshot,
            rules,
            coin,
            steps,
            nodes,
        }
    }

    fn web(&self) -> Web<'_> {
        Web::new(&self.snapshot, &self.rules, None)
    }

    fn steps(&self, from: &str) -> &[Step] {
        self.steps.get(from).map_or(&[], |steps| steps)
    }

    /// Every simple path between two nodes: by length, then by ids.
    fn all(&self, from: Node, to: Node) -> Vec<Told> {
        let mut found = Vec::new();
        let start = self.snapshot.id(from);
        self.walk(&start, &self.snapshot.id(to), &mut Vec::new(), &mut found);
        found.sort_by_key(|path: &Told| (path.1.len(), path.clone()));
        found
    }

    fn walk(&self, start: &str, end: &str, path: &mut Vec<Step>, found: &mut Vec<Told>) {
        let here = path.last().map_or(start, |step| &step.0).to_owned();
        if here == end {
            if !path.is_empty() {
                found.push((start.to_owned(), path.clone()));
            }
            return;
        }
        for step in self.steps(&here) {
            if step.0 != start && path.iter().all(|before| before.0 != step.0) {
                path.push(step.clone());
                self.walk(start, end, path, found);
                path.pop();
            }
        }
    }

    fn told(&self, path: &Path) -> Told {
        let ids = path.nodes.iter().map(|node| self.snapshot.id(*node));
        let edges = path
            .edges
            .iter()
            .map(|edge| self.snapshot.edge_id(*edge).to_string());
        let mut ids = ids.collect::<Vec<_>>().into_iter();
        (ids.next().unwrap(), ids.zip(edges).collect())
    }

    fn pairs(&self) -> impl Iterator<Item = (Node, Node)> + '_ {
        let all = self.nodes.iter();
        all.flat_map(|a| self.nodes.iter().map(|b| (*a, *b)).filter(|(a, b)| a != b))
    }
}

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
