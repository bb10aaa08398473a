//! Random commits: the overlay against the model, and against the same graph compacted.

use super::super::check::check;
use super::super::*;
use super::model::*;
use super::texts::compare_searches;
use super::world::*;
use crate::ontology::{RelationshipId, TypeId};
use crate::value::Value;
use std::collections::BTreeMap;

fn state(values: &BTreeMap<usize, Value>, count: usize) -> Option<State> {
    let values = (0..count).map(|p| values.get(&p).cloned().unwrap_or(Value::Null));
    Some(State {
        values: values.collect(),
        references: Box::default(),
    })
}

fn node_change(of: TypeId, key: &str, random: &mut Random, model: &mut Model) -> NodeChange {
    let count = ontology().node_type(of).properties.len();
    let mut values = BTreeMap::new();
    for property in 0..count {
        if random.below(3) > 0 {
            let value = match of {
                PERSON => random_value(property, random),
                _ if property == 0 => Value::Str("label".into()),
                _ => Value::Float(1.5),
            };
            values.insert(property, value);
        }
    }
    let state = state(&values, count);
    model.nodes.insert((of.0, key.to_owned()), values);
    NodeChange {
        of,
        key: key.into(),
        state,
        before: None,
    }
}

fn edge_change(of: RelationshipId, random: &mut Random, model: &mut Model) -> Option<EdgeChange> {
    let (from, to) = ends(of);
    let keys = |of: TypeId, model: &Model| -> Vec<String> {
        let all = model.nodes.keys().filter(|k| k.0 == of.0);
        all.map(|k| k.1.clone()).collect()
    };
    let (sources, targets) = (keys(from, model), keys(to, model));
    if sources.is_empty() || targets.is_empty() {
        return None;
    }
    let source = sources[random.below(sources.len())].clone();
    let target = targets[random.below(targets.len())].clone();
    let line = (of == ROUTE).then(|| random.below(3) as i64);
    let mut key = (of.0, source.clone(), target.clone(), line);
    if of == KNOWS && key.2 < key.1 {
        key = (of.0, target.clone(), source.clone(), line);
    }
    let remove = random.below(3) == 0;
    let count = ontology().relationship(of).properties.len();
    let mut values = BTreeMap::new();
    if let Some(line) = line {
        values.insert(0, Value::Int(line));
        values.insert(1, Value::Str(["x", "y"][random.below(2)].into()));
    }
    let state = if remove { None } else { state(&values, count) };
    match remove {
        true => drop(model.edges.remove(&key)),
        false => drop(model.edges.insert(key, values)),
    }
    Some(EdgeChange {
        of,
        source: (from, source.into()),
        target: (to, target.into()),
        unique: line.map(Value::Int).into_iter().collect(),
        state,
        before: None,
    })
}

fn removal(of: TypeId, key: &str, model: &mut Model) -> NodeChange {
    model.nodes.remove(&(of.0, key.to_owned()));
    model.edges.retain(|(r, source, target, _), _| {
        let (from, to) = ends(RelationshipId(*r));
        !(from == of && source == key || to == of && target == key)
    });
    NodeChange {
        of,
        key: key.into(),
        state: None,
        before: None,
    }
}

/// A commit in which every record occurs once at most.
fn commit(revision: u64, random: &mut Random, model: &mut Model) -> ChangeSet {
    let mut changes = ChangeSet {
        revision,
        ..ChangeSet::default()
    };
    let mut named = std::collections::BTreeSet::new();
    for _ in 0..random.below(6) {
        let of = [PERSON, CITY][random.below(2)];
        let key = format!(
            "{}{}",
            ["a", "b", "é", "Z"][random.below(4)],
            random.below(6)
        );
        if named.insert((of, key.clone())) {
            changes.nodes.push(node_change(of, &key, random, model));
        }
    }
    let mut edges = std::collections::BTreeSet::new();
    for _ in 0..random.below(8) {
        let of = [KNOWS, ROUTE, LIVES][random.below(3)];
        if let Some(edge) = edge_change(of, random, model) {
            let unique = format!("{:?}", edge.unique);
            let (a, b) = (edge.source.1.clone(), edge.target.1.clone());
            let pair = if of == KNOWS && b < a { (b, a) } else { (a, b) };
            if !edges.insert((of, pair, unique)) {
                changes.edges.retain(|e| {
                    (e.of, &e.source, &e.target) != (of, &edge.source, &edge.target)
                        || e.unique != edge.unique
                });
                changes.edges.retain(|e| {
                    !(of == KNOWS
                        && e.of == of
                        && (&e.source, &e.target) == (&edge.target, &edge.source))
                });
            }
            changes.edges.push(edge);
        }
    }
    for _ in 0..random.below(3) {
        let of = [PERSON, CITY][random.below(2)];
        let keys = model
            .nodes
            .keys()
            .filter(|k| k.0 == of.0)
            .map(|k| k.1.clone());
        let keys: Vec<String> = keys
            .filter(|key| !named.contains(&(of, key.clone())))
            .collect();
        if !keys.is_empty() {
            let key = &keys[random.below(keys.len())];
            named.insert((of, key.clone()));
            changes.nodes.push(removal(of, key, model));
        }
    }
    changes
}

fn compare(snapshot: &Snapshot, model: &Model, random: &mut Random, seed: u64) {
    assert_eq!(read(snapshot), *model, "seed {seed}");
    let damage = check(snapshot).first;
    assert_eq!(damage, [], "seed {seed}");
    compare_ways(snapshot, model);
    compare_indexes(snapshot, random);
    compare_searches(snapshot);
}

#[test]
fn random_commits_do_what_they_say_and_leave_older_snapshots_alone() {
    for seed in 0..80 {
        let mut random = Random::new(seed + 100);
        let mut model = Model::default();
        let mut snapshot = Snapshot::empty(ontology());
        let mut older = Vec::new();
        for revision in 1..12 {
            let changes = commit(revision, &mut random, &mut model);
            snapshot = snapshot.apply(&changes).unwrap();
            compare(&snapshot, &model, &mut random, seed);
            older.push((snapshot.clone(), model.clone()));
            if random.below(4) == 0 {
                let mut builder = Builder::from_snapshot(&snapshot);
                (0..3).for_each(|_| say(&mut builder, &mut model, &mut random));
                snapshot = builder.finish(revision).unwrap().snapshot;
                compare(&snapshot, &model, &mut random, seed);
            }
            if random.below(4) == 0 {
                let compact = snapshot.compact().unwrap();
                assert!(!compact.has_overlay());
                assert_eq!(compact.revision(), revision);
                compare(&compact, &model, &mut random, seed);
                if random.below(2) == 0 {
                    snapshot = compact;
                }
            }
        }
        for (snapshot, model) in older {
            assert_eq!(read(&snapshot), model, "seed {seed}");
        }
    }
}

#[test]
fn references_and_revisions_follow_a_commit_and_its_compaction() {
    let cited = |source: &str, locator: &str| Citation {
        source: source.into(),
        locator: Some(locator.into()),
        fields: None,
        note: None,
    };
    let person = |key: &str, references: Vec<Citation>| NodeChange {
        of: PERSON,
        key: key.into(),
        state: Some(State {
            values: vec![Value::Null; 5].into(),
            references: references.into(),
        }),
        before: None,
    };
    let source = |key: &str| NodeChange {
        of: SOURCE,
        key: key.into(),
        state: Some(State::default()),
        before: None,
    };
    let mut changes = ChangeSet {
        revision: 1,
        ..ChangeSet::default()
    };
    changes.nodes = vec![person("bo", vec![cited("m", "1")]), source("m")];
    let first = Snapshot::empty(ontology())
        .apply(&changes)
        .unwrap()
        .compact()
        .unwrap();
    changes.revision = 2;
    changes.nodes = vec![
        source("a"),
        person("al", vec![cited("m", "2"), cited("a", "3")]),
    ];
    let second = first.apply(&changes).unwrap();
    for snapshot in [second.clone(), second.compact().unwrap()] {
        let of = |key: &str| {
            let node = snapshot.node(PERSON, key).unwrap();
            let references = snapshot.references(node).iter();
            let texts = references.map(|r| {
                format!(
                    "{}#{}",
                    snapshot.key(r.source),
                    r.locator.as_deref().unwrap()
                )
            });
            (texts.collect::<Vec<_>>(), snapshot.changed(node))
        };
        assert_eq!(of("bo"), (vec!["m#1".to_owned()], 1));
        assert_eq!(of("al"), (vec!["m#2".to_owned(), "a#3".to_owned()], 2));
    }
    changes.nodes = vec![person("x", vec![cited("gone", "")])];
    assert!(second.apply(&changes).unwrap_err().contains("gone"));
}

#[test]
fn many_edges_of_one_node_come_and_go_in_one_commit_each_once() {
    let node = |key: String| NodeChange {
        of: CITY,
        key: key.into(),
        state: Some(State::default()),
        before: None,
    };
    let route = |target: &str, line: i64, there: bool| EdgeChange {
        of: ROUTE,
        source: (CITY, "hub".into()),
        target: (CITY, target.into()),
        unique: [Value::Int(line)].into(),
        state: there.then(|| State {
            values: [Value::Int(line), Value::Null].into(),
            ..State::default()
        }),
        before: None,
    };
    let keys: Vec<String> = (0..50).map(|n| format!("c{:02}", n * 7 % 50)).collect();
    let mut changes = ChangeSet {
        revision: 1,
        ..ChangeSet::default()
    };
    changes.nodes = keys
        .iter()
        .cloned()
        .chain(["hub".into()])
        .map(node)
        .collect();
    let lines = |key: &String| [route(key, 2, true), route(key, 1, true)];
    changes.edges = keys.iter().flat_map(lines).collect();
    let first = Snapshot::empty(ontology()).apply(&changes).unwrap();
    let mut sorted: Vec<String> = keys.iter().map(|key| format!("hub>{key}")).collect();
    sorted.extend(sorted.clone());
    sorted.sort();
    assert_eq!(edges(&first, ROUTE), sorted);
    assert_eq!(check(&first).first, []);
    changes.revision = 2;
    changes.nodes = vec![removal(CITY, "c03", &mut Model::default())];
    changes.edges = keys.iter().map(|key| route(key, 2, false)).collect();
    let second = first.apply(&changes).unwrap();
    sorted.dedup();
    sorted.retain(|edge| edge != "hub>c03");
    assert_eq!(edges(&second, ROUTE), sorted);
    assert_eq!(check(&second).first, []);
    changes.nodes.clear();
    changes.edges = vec![route("c01", 5, true), route("c01", 5, true)];
    let twice = second.apply(&changes).unwrap_err();
    assert!(twice.contains("twice"), "{twice}");
}
