//! Does a graph that was changed since its base was built answer as its compact form? The same graph
//! in layers, for the random questions (`random`) and, here, for all questions to the bundled data.

use crate::cases::block;
use crate::db::contents;
use crate::world::{World, root};
use guitu::graph::{ChangeSet, EdgeChange, NodeChange, Snapshot, State};
use guitu::value::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// The same graph as a base and three commits: records of the base that are other, lack, or are too
/// many become right.
pub fn layered(graph: &Snapshot, seed: u64) -> Snapshot {
    let mut dice = Dice(seed);
    let (mut base, mut commits) = (ChangeSet::default(), [(); 3].map(|()| ChangeSet::default()));
    let absent = nodes(graph, &mut dice, &mut base, &mut commits);
    edges(graph, &mut dice, (&mut base, &mut commits), &absent);
    let empty = Snapshot::empty(graph.ontology().clone());
    let mut layers = empty.apply(&base).unwrap().compact().unwrap();
    for (revision, mut commit) in (1..).zip(commits) {
        commit.revision = revision;
        layers = layers.apply(&commit).unwrap();
    }
    layers
}

/// Divides the nodes; the places of those that the base lacks.
fn nodes(
    graph: &Snapshot,
    dice: &mut Dice,
    base: &mut ChangeSet,
    commits: &mut [ChangeSet; 3],
) -> BTreeSet<(u16, Box<str>)> {
    let mut absent = BTreeSet::new();
    for of in graph.ontology().concrete_ids() {
        let is_source = graph.ontology().node_type(of).name == "Source";
        let all: Vec<NodeChange> = graph
            .nodes(of)
            .map(|node| graph.node_change(node))
            .collect();
        for (at, right) in all.iter().enumerate() {
            let other = &all[dice.roll(all.len() as u64) as usize];
            let as_other = |key: Box<str>| NodeChange {
                key,
                ..other.clone()
            };
            match dice.roll(5) {
                // Sources come first, so that all that cites them can.
                0 if !is_source => {
                    absent.insert((of.0, right.key.clone()));
                    commits[0].nodes.push(right.clone());
                }
                1 => {
                    base.nodes.push(as_other(right.key.clone()));
                    commits[at % 2].nodes.push(right.clone());
                }
                2 => {
                    let extra = as_other(format!("{}~", right.key).into());
                    let gone = NodeChange {
                        state: None,
                        ..extra.clone()
                    };
                    base.nodes.extend([extra, right.clone()]);
                    commits[2].nodes.push(gone);
                }
                _ => base.nodes.push(right.clone()),
            }
        }
    }
    absent
}

/// What tells an edge from others, whichever way round.
fn identity(edge: &EdgeChange, turned: bool) -> String {
    let ends = match turned {
        true => (&edge.target, &edge.source),
        false => (&edge.source, &edge.target),
    };
    format!("{:?} {ends:?} {:?}", edge.of, edge.unique)
}

fn edges(
    graph: &Snapshot,
    dice: &mut Dice,
    (base, commits): (&mut ChangeSet, &mut [ChangeSet; 3]),
    absent: &BTreeSet<(u16, Box<str>)>,
) {
    let segments = graph.all_segments().flat_map(|(id, _)| graph.edges(id));
    let all: Vec<EdgeChange> = segments.map(|edge| graph.edge_change(edge)).collect();
    let mut known: BTreeSet<String> = all
        .iter()
        .flat_map(|edge| [identity(edge, false), identity(edge, true)])
        .collect();
    for right in &all {
        let mut ends = [&right.source, &right.target].into_iter();
        let can_be = ends.all(|(of, key)| !absent.contains(&(of.0, key.clone())));
        let late = 1 + dice.roll(2) as usize;
        match dice.roll(4) {
            0 => commits[late].edges.push(right.clone()),
            _ if !can_be => commits[late].edges.push(right.clone()),
            1 => {
                base.edges.push(bare(graph, right));
                commits[late].edges.push(right.clone());
            }
            _ => base.edges.push(right.clone()),
        }
        let other = &all[dice.roll(all.len() as u64) as usize];
        let mut wrong = right.clone();
        wrong.target.clone_from(&other.target);
        let is_alike = (other.of, other.source.0, other.target.0)
            == (right.of, right.source.0, right.target.0);
        let there = !absent.contains(&(wrong.target.0.0, wrong.target.1.clone()));
        let names = [identity(&wrong, false), identity(&wrong, true)];
        if can_be && is_alike && there && !known.contains(&names[0]) {
            known.extend(names);
            base.edges.push(wrong.clone());
            wrong.state = None;
            commits[late].edges.push(wrong);
        }
    }
}

/// An edge that has nothing but what tells it apart.
fn bare(graph: &Snapshot, edge: &EdgeChange) -> EdgeChange {
    let of = graph.ontology().relationship(edge.of);
    let mut values = vec![Value::Null; of.properties.len()];
    for (at, value) in of.unique.iter().zip(&edge.unique) {
        values[*at] = value.clone();
    }
    let state = State {
        values: values.into(),
        references: Box::default(),
    };
    EdgeChange {
        state: Some(state),
        ..edge.clone()
    }
}

/// All documents that are asked of the bundled graph.
pub fn documents() -> Vec<String> {
    let folder = |path: &str| std::fs::read_dir(root().join(path)).unwrap();
    let files = ["tests/cases/seed", "tests/it/questions"].into_iter();
    let files = files.flat_map(folder).flatten().map(|file| file.path());
    let text = |path: &std::path::PathBuf| std::fs::read_to_string(path).unwrap();
    let documents = files.filter_map(|path| match path.extension()?.to_str()? {
        "graphql" => Some(text(&path)),
        "md" => block(&text(&path), "graphql").map(str::to_owned),
        _ => None,
    });
    documents.collect()
}

#[test]
fn the_bundled_graph_in_layers_answers_as_in_one() {
    let seed = &World::seed().snapshot;
    let layers = layered(seed, 7);
    assert!(layers.has_overlay() && layers.changes() > 1000);
    assert!(contents(&layers).1 == contents(seed).1, "the files differ");
    let compact = World::over(Arc::new(layers.compact().unwrap()));
    let layers = World::over(Arc::new(layers));
    let documents = documents();
    assert!(documents.len() > 40);
    for document in &documents {
        let answer = layers.ask(document, None);
        assert_eq!(answer, compact.ask(document, None), "{document}");
        let whole = World::seed().ask(document, None);
        assert_eq!(answer["data"], whole["data"], "{document}");
    }
}

#[test]
fn pages_of_every_type_are_the_same_in_layers() {
    let seed = &World::seed().snapshot;
    let layers = layered(seed, 11);
    let compact = World::over(Arc::new(layers.compact().unwrap()));
    let layers = World::over(Arc::new(layers));
    let orders = [
        "",
        "sort: [{name: DESC}], ",
        "where: {name: {gt: \"中\"}}, ",
    ];
    for list in ["counties", "cities", "persons", "products", "places"] {
        for order in orders {
            let mut after = "null".to_owned();
            for _ in 0..4 {
                let ask = format!(
                    "{{ {list}Connection({order}first: 9, after: {after}) {{ totalCount edges {{ cursor node {{ id name }} }} pageInfo {{ endCursor hasNextPage }} }} }}"
                );
                let answer = layers.data(&ask);
                assert_eq!(answer, compact.data(&ask), "{ask}");
                let end = &answer[format!("{list}Connection")]["pageInfo"]["endCursor"];
                after = end.to_string();
            }
        }
    }
}
