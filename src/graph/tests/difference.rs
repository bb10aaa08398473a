//! Random imports: what the builder finished, against its changes written, read and applied.

use super::super::check::check;
use super::super::*;
use super::model::*;
use super::world::*;
use crate::ontology::Ontology;
use crate::value::{Cell, Value};

/// Random records, references, cleared values and removed edges.
fn import(base: &Snapshot, random: &mut Random) -> Builder {
    let mut builder = Builder::from_snapshot(base);
    let mut model = Model::default();
    for _ in 0..random.below(7) {
        say(&mut builder, &mut model, random);
    }
    for _ in 0..random.below(4) {
        let of = [PERSON, CITY, SOURCE][random.below(3)];
        let keys: Vec<String> = builder.keys(of).map(str::to_owned).collect();
        if !keys.is_empty() {
            let draft = builder.node(of, &keys[random.below(keys.len())]).0;
            let references = references(&mut builder, random);
            builder.references(of, draft, &references);
            if random.below(2) == 0 {
                builder.set(of, draft, 0, Cell::Null);
            }
        }
    }
    remove_edges(base, &mut builder, random);
    builder
}

fn references(builder: &mut Builder, random: &mut Random) -> Vec<Reference> {
    let some = |random: &mut Random| (random.below(2) == 0).then(|| "x".into());
    let count = random.below(3);
    let one = |_| Reference {
        source: Node {
            of: SOURCE,
            row: builder.node(SOURCE, &format!("s{}", random.below(9))).0.0,
        },
        locator: some(random),
        fields: some(random).map(|field| [field].into()),
        note: some(random),
    };
    (0..count).map(one).collect()
}

/// Removes some edges, of which some are given anew.
fn remove_edges(base: &Snapshot, builder: &mut Builder, random: &mut Random) {
    for (id, segment) in base.all_segments() {
        for edge in base.edges(id) {
            if random.below(9) > 0 {
                continue;
            }
            builder.remove_edge(edge);
            if random.below(2) == 0 {
                let (source, target) = base.ends(edge);
                let mut end = |node: Node| (node.of, builder.node(node.of, base.key(node)).0);
                let (source, target) = (end(source), end(target));
                let draft = builder.edge(segment.relationship, source, target);
                let references = references(builder, random);
                builder.edge_references(draft, &references);
            }
        }
    }
}

/// All that is in a graph, in its order, by every way to it; what an index finds has none.
fn dump(graph: &Snapshot) -> Vec<String> {
    let mut said = vec![format!("revision {}", graph.revision())];
    let id = |node: Node| format!("{}:{}", node.of.0, graph.key(node));
    for of in graph.ontology().concrete_ids() {
        for node in graph.nodes(of) {
            let change = graph.node_change(node);
            said.push(format!("{} {change:?}", graph.changed(node)));
            let relationships = [KNOWS, ROUTE, LIVES].into_iter();
            for segment in relationships.flat_map(|of| graph.segments(of)).copied() {
                for along in [true, false] {
                    let ways = graph.neighbours(segment, node, along);
                    let ways = ways.map(|(_, at)| graph.edge_id(Edge { segment, at }).to_string());
                    let ways: Vec<String> = ways.collect();
                    if !ways.is_empty() {
                        said.push(format!("{} {along} {ways:?}", id(node)));
                    }
                }
            }
        }
        for property in 0..graph.ontology().node_type(of).properties.len() {
            if let Some(index) = graph.index(of, property) {
                let rows = index.all();
                let mut keys: Vec<String> = rows.iter().map(|row| id(Node { of, row })).collect();
                keys.sort();
                said.push(format!("index {property} {keys:?}"));
            }
        }
    }
    for id in [KNOWS, ROUTE, LIVES]
        .iter()
        .flat_map(|of| graph.segments(*of))
    {
        let edges = graph.edges(*id);
        said.extend(edges.map(|edge| {
            let change = graph.edge_change(edge);
            format!("{} {change:?}", graph.edge_changed(edge))
        }));
    }
    said
}

fn encode(changes: &ChangeSet, ontology: &Ontology) -> Result<Vec<u8>, String> {
    Commit::from(changes.clone()).encode(ontology)
}

fn decode(bytes: &[u8], ontology: &Ontology) -> Result<ChangeSet, ReadError> {
    let commit = Commit::decode(bytes, ontology)?;
    Ok(commit.records().cloned().unwrap_or_default())
}

#[test]
fn changes_of_random_imports_lead_where_the_builder_led() {
    let (mut removed, mut logged) = (0, 0);
    for seed in 0..120 {
        let mut random = Random::new(seed + 500);
        let mut snapshot = Snapshot::empty(ontology());
        for revision in 1..10 {
            let built = import(&snapshot, &mut random).finish(revision).unwrap();
            if !built.has_changed() {
                continue;
            }
            let changes = built.changes(&snapshot);
            let bytes = encode(&changes, &ontology()).unwrap();
            let read = decode(&bytes, &ontology()).unwrap();
            assert_eq!(read, changes, "seed {seed}");
            let applied = snapshot.apply(&read).unwrap();
            assert_eq!(check(&applied).first, [], "seed {seed}");
            let expected = dump(&built.snapshot);
            assert_eq!(dump(&applied), expected, "seed {seed}, {revision}");
            let mut advanced = snapshot.clone();
            advanced.advance(&read).unwrap();
            assert_eq!(dump(&advanced), expected, "seed {seed}, {revision}");
            let compact = applied.compact().unwrap();
            assert_eq!(dump(&compact), expected, "seed {seed}, {revision}");
            assert!(built.changed() >= changes.len());
            removed += changes.edges.iter().filter(|e| e.state.is_none()).count();
            logged += 1;
            // Go on from either form, so that overlays grow over several imports.
            snapshot = match random.below(3) {
                0 => built.snapshot,
                1 => compact,
                _ => applied,
            };
        }
    }
    assert!(removed > 50 && logged > 800, "{removed} {logged}");
}

/// A commit with every kind of value.
fn rich() -> ChangeSet {
    let mut random = Random::new(3);
    let mut builder = Builder::new(ontology());
    for _ in 0..30 {
        say(&mut builder, &mut Model::default(), &mut random);
    }
    let bo = builder.node(PERSON, "bo").0;
    let cited = references(&mut builder, &mut Random::new(5));
    builder.references(PERSON, bo, &cited);
    let before = Snapshot::empty(ontology());
    let mut changes = builder.finish(1).unwrap().changes(&before);
    changes.nodes[0].state = None;
    changes.edges[0].state = None;
    changes
}

#[test]
fn a_damaged_record_is_an_error_or_another_record_and_never_a_panic() {
    let ontology = ontology();
    let changes = rich();
    let bytes = encode(&changes, &ontology).unwrap();
    for length in 0..bytes.len() {
        assert!(decode(&bytes[..length], &ontology).is_err());
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(decode(&longer, &ontology).is_err());
    for at in 0..bytes.len() {
        for harm in [1, 0x80, 0xff] {
            let mut harmed = bytes.clone();
            harmed[at] ^= harm;
            if let Ok(other) = decode(&harmed, &ontology) {
                let _ = Snapshot::empty(ontology.clone()).apply(&other);
                assert!(encode(&other, &ontology).is_ok());
            }
        }
    }
    let mut newer = bytes;
    newer[0] = 3;
    let error = decode(&newer, &ontology).unwrap_err();
    assert!(error.to_string().contains("version 3"), "{error}");
}

#[test]
fn a_record_is_read_under_an_ontology_with_more_and_not_with_less() {
    let changes = rich();
    let bytes = encode(&changes, &ontology()).unwrap();
    let mut more = (*ontology()).clone();
    let added = property("added", crate::value::Scalar::Int);
    more.types[PERSON.0 as usize].properties.insert(0, added);
    more.relationships.reverse();
    let read = decode(&bytes, &more).unwrap();
    assert_eq!(read.len(), changes.len());
    for (now, then) in read.nodes.iter().zip(&changes.nodes) {
        let (Some(now), Some(then)) = (&now.state, &then.state) else {
            continue;
        };
        let shift = now.values.len() - then.values.len();
        assert_eq!(now.values[shift..], then.values[..]);
        assert!(
            now.values[..shift]
                .iter()
                .all(|value| *value == Value::Null)
        );
    }
    assert_eq!(read.edges[0].of.0, 2 - changes.edges[0].of.0);
    let unfit = |change: &dyn Fn(&mut crate::ontology::Ontology)| {
        let mut less = (*ontology()).clone();
        change(&mut less);
        let error = decode(&bytes, &less).unwrap_err();
        assert!(error.unfit, "{error}");
        error.what
    };
    let person = PERSON.0 as usize;
    let gone = unfit(&|less| less.types[person].name = "Human".into());
    assert!(gone.contains("Person"), "{gone}");
    let gone = unfit(&|less| drop(less.types[person].properties.remove(EMAIL)));
    assert!(gone.contains("Person.email"), "{gone}");
    let gone = unfit(&|less| less.relationships[0].name = "MET".into());
    assert!(gone.contains("KNOWS"), "{gone}");
    let gone = unfit(&|less| less.types[person].properties[AGE].list = true);
    assert!(gone.contains("age"), "{gone}");
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let mut changes = rich();
    let state = changes
        .nodes
        .iter_mut()
        .rev()
        .find_map(|n| n.state.as_mut());
    state.unwrap().values[0] = Value::Int(1);
    let wrong = encode(&changes, &ontology()).unwrap_err();
    assert!(wrong.contains("Int(1)"), "{wrong}");
}
