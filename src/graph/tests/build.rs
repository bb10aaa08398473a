//! Building: order, merging, counts.

use super::super::*;
use super::world::*;
use crate::value::{Cell, Value};

fn small() -> Built {
    let mut builder = Builder::new(ontology());
    let mut people = Vec::new();
    for key in ["mia", "bo", "zoe", "al"] {
        let (draft, is_new) = builder.node(PERSON, key);
        assert!(is_new);
        builder.set(PERSON, draft, AGE, Cell::Int(key.len() as i64));
        people.push((PERSON, draft));
    }
    let name = texts(&[("en", "Bo"), ("zh", "博")]);
    builder.set(PERSON, people[1].1, NAME, name.as_cell());
    for (a, b, since) in [(0, 1, 1990), (2, 0, 2000), (3, 3, 1)] {
        let edge = builder.edge(KNOWS, people[a], people[b]);
        builder.set_edge(edge, 0, Cell::Int(since));
    }
    let (city, _) = builder.node(CITY, "x");
    builder.edge(LIVES, people[0], (CITY, city));
    builder.finish(1).unwrap()
}

#[test]
fn rows_stand_in_order_of_keys_whatever_the_order_given() {
    let built = small();
    let snapshot = &built.snapshot;
    assert_eq!(keys(snapshot, PERSON), ["al", "bo", "mia", "zoe"]);
    assert_eq!(
        snapshot.cell(person(snapshot, "mia"), AGE).to_value(),
        Value::Int(3)
    );
    let name = snapshot.column(PERSON, NAME);
    assert_eq!(name.languages(), ["en", "zh"]);
    let bo = person(snapshot, "bo").row;
    assert_eq!(name.text(bo, &[1]), Some("博"));
    assert_eq!(name.text(bo, &[]), Some("Bo"));
    assert_eq!(built.nodes.created, 5);
    assert_eq!(snapshot.count(snapshot.ontology().node()), 5);
}

#[test]
fn symmetric_edges_start_at_the_smaller_id() {
    let built = small();
    let snapshot = &built.snapshot;
    assert_eq!(edges(snapshot, KNOWS), ["al>al", "bo>mia", "mia>zoe"]);
    let (mia, zoe) = (person(snapshot, "mia"), person(snapshot, "zoe"));
    let edge = snapshot.edge(KNOWS, zoe, mia, &[]).unwrap();
    assert_eq!(snapshot.edge_cell(edge, 0).to_value(), Value::Int(2000));
    let segment = snapshot.segment(edge.segment);
    assert_eq!(
        (segment.out_degree(mia.row), segment.in_degree(mia.row)),
        (1, 1)
    );
}

#[test]
fn building_the_same_again_changes_nothing() {
    let first = small().snapshot;
    let mut builder = Builder::from_snapshot(&first);
    let (mia, _) = builder.node(PERSON, "mia");
    let (bo, _) = builder.node(PERSON, "bo");
    builder.set(PERSON, mia, AGE, Cell::Int(3));
    let edge = builder.edge(KNOWS, (PERSON, bo), (PERSON, mia));
    builder.set_edge(edge, 0, Cell::Int(1990));
    let built = builder.finish(2).unwrap();
    assert!(!built.has_changed());
    assert_eq!((built.nodes.unchanged, built.edges.unchanged), (2, 1));
    assert_eq!(built.snapshot.revision(), 1);
}

#[test]
fn later_values_win_and_only_changed_records_are_marked() {
    let first = small().snapshot;
    let mut builder = Builder::from_snapshot(&first);
    let (bo, _) = builder.node(PERSON, "bo");
    let (new, _) = builder.node(PERSON, "aa");
    builder.set(
        PERSON,
        bo,
        NAME,
        texts(&[("zh", "波"), ("de", "Bo!")]).as_cell(),
    );
    let mia = builder.find(PERSON, "mia").unwrap();
    let edge = builder.edge(KNOWS, (PERSON, mia), (PERSON, bo));
    builder.set_edge(edge, 0, Cell::Int(7));
    builder.edge(KNOWS, (PERSON, new), (PERSON, bo));
    let built = builder.finish(2).unwrap();
    let snapshot = &built.snapshot;
    assert_eq!((built.nodes.created, built.nodes.updated), (1, 1));
    assert_eq!((built.edges.created, built.edges.updated), (1, 1));
    let bo = person(snapshot, "bo");
    let name = texts(&[("de", "Bo!"), ("en", "Bo"), ("zh", "波")]);
    assert_eq!(snapshot.cell(bo, NAME).to_value(), name);
    assert_eq!(
        edges(snapshot, KNOWS),
        ["aa>bo", "al>al", "bo>mia", "mia>zoe"]
    );
    let edge = snapshot
        .edge(KNOWS, bo, person(snapshot, "mia"), &[])
        .unwrap();
    assert_eq!(snapshot.edge_changed(edge), 2);
    assert_eq!(snapshot.changed(bo), 2);
    assert_eq!(snapshot.changed(person(snapshot, "zoe")), 1);
}

#[test]
fn parallel_edges_are_told_apart_by_unique_properties() {
    let mut builder = Builder::new(ontology());
    let (a, b) = (builder.node(CITY, "a").0, builder.node(CITY, "b").0);
    for (line, note) in [(3, "x"), (1, "y"), (3, "z")] {
        let edge = builder.edge(ROUTE, (CITY, a), (CITY, b));
        builder.set_edge(edge, 0, Cell::Int(line));
        builder.set_edge(edge, 1, Cell::Str(note));
    }
    let snapshot = builder.finish(1).unwrap().snapshot;
    assert_eq!(snapshot.edge_count(ROUTE), 2);
    let (a, b) = (
        snapshot.node(CITY, "a").unwrap(),
        snapshot.node(CITY, "b").unwrap(),
    );
    let edge = snapshot.edge(ROUTE, a, b, &[Value::Int(3)]).unwrap();
    assert!(matches!(snapshot.edge_cell(edge, 1), Cell::Str("z")));
    assert!(snapshot.edge(ROUTE, a, b, &[Value::Int(2)]).is_none());
}

#[test]
fn indexes_find_texts_of_every_language_and_items_of_lists() {
    let mut builder = Builder::new(ontology());
    for (key, zh, tag) in [("a", "普宁", "x"), ("b", "普陀", "y"), ("c", "深圳", "x")] {
        let (draft, _) = builder.node(PERSON, key);
        let name = texts(&[("en", key), ("zh", zh)]);
        builder.set(PERSON, draft, NAME, name.as_cell());
        let tags = Value::List(vec![Value::Str("all".into()), Value::Str(tag.into())]);
        builder.set(PERSON, draft, TAGS, tags.as_cell());
    }
    let snapshot = builder.finish(1).unwrap().snapshot;
    let names = snapshot.index(PERSON, NAME).unwrap();
    let rows = |matches: Matches<'_>| matches.iter().collect::<Vec<_>>();
    assert_eq!(rows(names.prefix("普")), [0, 1]);
    assert_eq!(rows(names.equal(Cell::Str("b"))), [1]);
    let tags = snapshot.index(PERSON, TAGS).unwrap();
    assert_eq!(rows(tags.equal(Cell::Str("x"))), [0, 2]);
    assert_eq!(tags.equal(Cell::Str("all")).len(), 3);
    assert!(snapshot.index(PERSON, BORN).is_none());
    assert!(snapshot.index(PERSON, EMAIL).unwrap().prefix("").is_empty());
}

#[test]
fn references_that_change_change_a_record() {
    let built = |base: &Snapshot, locator: &str, revision: u64| {
        let mut builder = Builder::from_snapshot(base);
        let (source, _) = builder.node(SOURCE, "paper");
        let reference = Reference {
            source: Node {
                of: SOURCE,
                row: source.0,
            },
            locator: Some(locator.into()),
            fields: None,
            note: None,
        };
        let (bo, _) = builder.node(PERSON, "bo");
        builder.references(PERSON, bo, std::slice::from_ref(&reference));
        let edge = builder.edge(KNOWS, (PERSON, bo), (PERSON, bo));
        builder.edge_references(edge, &[reference]);
        builder.finish(revision).unwrap()
    };
    let first = built(&Snapshot::empty(ontology()), "1", 1).snapshot;
    let same = built(&first, "1", 2);
    assert!(!same.has_changed());
    assert_eq!((same.nodes.unchanged, same.edges.unchanged), (2, 1));
    let other = built(&first, "2", 2);
    assert_eq!((other.nodes.updated, other.edges.updated), (1, 1));
    let snapshot = other.snapshot;
    let bo = person(&snapshot, "bo");
    let edge = snapshot.edge(KNOWS, bo, bo, &[]).unwrap();
    for references in [snapshot.references(bo), snapshot.edge_references(edge)] {
        let locators: Vec<_> = references.iter().map(|r| r.locator.as_deref()).collect();
        assert_eq!(locators, [Some("2")]);
    }
    assert_eq!((snapshot.changed(bo), snapshot.edge_changed(edge)), (2, 2));
}

#[test]
fn few_distinct_strings_take_one_byte_each() {
    let size = |label: &dyn Fn(usize) -> String| {
        let mut builder = Builder::new(ontology());
        for number in 0..1000 {
            let (city, _) = builder.node(CITY, &format!("{number:03}"));
            builder.set(CITY, city, 0, Cell::Str(&label(number)));
        }
        let snapshot = builder.finish(1).unwrap().snapshot;
        let last = snapshot.node(CITY, "999").unwrap();
        assert!(matches!(snapshot.cell(last, 0), Cell::Str(text) if text == label(999)));
        snapshot.bytes()
    };
    let (few, many) = (
        size(&|n| format!("kind {:04}", n % 9)),
        size(&|n| format!("kind {n:04}")),
    );
    assert!(few + 10_000 < many, "{few} {many}");
}
