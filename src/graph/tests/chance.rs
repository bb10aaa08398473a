//! Small multigraphs made by chance, and all their paths, found by trying everything.

use super::super::paths::*;
use super::super::*;
use super::world::*;
use crate::value::Cell as Stored;
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

/// SplitMix64.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % limit
    }

    /// People who know each other and themselves, cities with parallel routes and loops.
    pub(super) fn snapshot(&mut self) -> Snapshot {
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

    pub(super) fn rules(&mut self) -> Vec<Rule> {
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
pub(super) struct Coin {
    pub(super) seed: u64,
    /// Whether edges cost from 0 to 3, else nothing but that they are edges.
    pub(super) weighs: bool,
    pub(super) touched: Cell<usize>,
}

impl Coin {
    pub(super) fn says(&self, condition: usize, edge: Edge) -> bool {
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

    fn cost(&self, edge: Edge) -> Result<u128, Infallible> {
        let number = u64::from(edge.segment.0) * 5 + u64::from(edge.at);
        let weight = (number * 7 + self.seed) % 4;
        Ok(if self.weighs {
            u128::from(weight) << 32
        } else {
            0
        })
    }
}

/// A step by ids.
pub(super) type Step = (String, String);

/// A path by ids: where it starts, then its steps.
pub(super) type Told = (String, Vec<Step>);

/// A graph, what may be followed, and all steps that are possible.
pub(super) struct World {
    pub(super) snapshot: Snapshot,
    pub(super) rules: Vec<Rule>,
    pub(super) coin: Coin,
    pub(super) steps: BTreeMap<String, Vec<Step>>,
    pub(super) nodes: Vec<Node>,
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let (snapshot, rules) = (chance.snapshot(), chance.rules());
        let coin = Coin {
            seed,
            weighs: false,
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
        let nodes = [CITY, PERSON]
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

    pub(super) fn web(&self) -> Web<'_> {
        Web::new(&self.snapshot, &self.rules, None)
    }

    pub(super) fn steps(&self, from: &str) -> &[Step] {
        self.steps.get(from).map_or(&[], |steps| steps)
    }

    /// Every simple path between two nodes: by length, then by ids.
    pub(super) fn all(&self, from: Node, to: Node) -> Vec<Told> {
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

    pub(super) fn told(&self, path: &Path) -> Told {
        let ids = path.nodes.iter().map(|node| self.snapshot.id(*node));
        let edges = path
            .edges
            .iter()
            .map(|edge| self.snapshot.edge_id(*edge).to_string());
        let mut ids = ids.collect::<Vec<_>>().into_iter();
        (ids.next().unwrap(), ids.zip(edges).collect())
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (Node, Node)> + '_ {
        let all = self.nodes.iter();
        all.flat_map(|a| self.nodes.iter().map(|b| (*a, *b)).filter(|(a, b)| a != b))
    }
}

impl World {
    /// Every path between two of some nodes with what it costs, in order.
    pub(super) fn all_among(&self, starts: &[Node], ends: &[Node]) -> Vec<(u128, Told)> {
        let pairs = starts
            .iter()
            .flat_map(|a| ends.iter().map(move |b| (*a, *b)));
        let pairs = pairs.filter(|(a, b)| a != b);
        let found = pairs.flat_map(|(a, b)| self.all(a, b));
        let mut found: Vec<_> = found.map(|told| (self.cost_of(&told), told)).collect();
        found.sort();
        found
    }

    fn cost_of(&self, told: &Told) -> u128 {
        let edges = told.1.iter().map(|step| {
            let id = crate::value::EdgeId::parse(&step.1).unwrap();
            let Ok(cost) = self.coin.cost(self.snapshot.edge_of_id(&id).unwrap());
            cost + 1
        });
        edges.sum()
    }
}
