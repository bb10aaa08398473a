//! What the ontology demands: each rule broken once.

use super::super::check::{Record, Violated, check};
use super::super::*;
use super::world::*;
use crate::ontology::{Direction, Display, Field, Ontology, Relation};
use crate::value::Cell;
use std::sync::Arc;

fn lives_in(many: bool, required: bool) -> Field {
    Field::Relation(Relation {
        name: "livesIn".into(),
        description: None,
        display: Display::default(),
        relationship: LIVES,
        direction: Direction::Out,
        target: CITY,
        many,
        required,
        deprecated: None,
    })
}

/// Two people with the same e-mail address; one lives in two cities, the other in none.
fn people(change: impl Fn(&mut Ontology)) -> Snapshot {
    let mut ontology = Ontology::clone(&ontology());
    change(&mut ontology);
    let mut builder = Builder::new(Arc::new(ontology));
    let [al, bo] = ["al", "bo"].map(|key| builder.node(PERSON, key).0);
    for person in [al, bo] {
        builder.set(PERSON, person, EMAIL, Cell::Str("x@y"));
    }
    builder.set(PERSON, al, AGE, Cell::Int(7));
    for city in ["p", "q"] {
        let city = builder.node(CITY, city).0;
        builder.edge(LIVES, (PERSON, al), (CITY, city));
    }
    builder.finish(1).unwrap().snapshot
}

fn messages(snapshot: &Snapshot) -> Vec<String> {
    let found = check(snapshot);
    assert_eq!(found.count, found.first.len());
    found.first.into_iter().map(|v| v.message).collect()
}

const SAME: &str = "Person:al and Person:bo have the same `email` x@y, which must be unique";

#[test]
fn unique_values_are_shared_by_none() {
    let snapshot = people(|_| {});
    assert_eq!(messages(&snapshot), [SAME]);
    let violation = &check(&snapshot).first[0];
    assert_eq!(violation.kind, Violated::Unique(PERSON, vec![EMAIL]));
    let nodes = ["al", "bo"].map(|key| Record::Node(person(&snapshot, key)));
    assert_eq!(violation.records, nodes);
    let in_set = people(|o| o.types[1].unique = vec![vec![EMAIL, AGE]]);
    assert_eq!(
        messages(&in_set),
        [""; 0],
        "a missing value tells them apart"
    );
}

#[test]
fn single_and_required_fields_see_as_many_edges_as_they_may() {
    let single = people(|o| o.types[1].fields = vec![lives_in(false, false)]);
    let several = "Person:al has 2 edges as `livesIn`, which takes one";
    assert_eq!(messages(&single)[0], SAME);
    let said = &messages(&single)[1];
    assert!(said.starts_with(several), "{said}");
    assert_eq!(said.matches("LIVES_IN").count(), 2, "it says which: {said}");
    let required = people(|o| o.types[1].fields = vec![lives_in(false, true)]);
    let none = "Person:bo has no `livesIn`, which is required";
    assert_eq!(messages(&required)[2..], [none]);
    let many = people(|o| o.types[1].fields = vec![lives_in(true, false)]);
    assert_eq!(messages(&many), [SAME]);
}

#[test]
fn required_values_and_references_are_there() {
    let required = people(|o| o.types[1].properties[AGE].required = true);
    let missing = "Person:bo has no `age`, which is required";
    assert_eq!(messages(&required), [SAME, missing]);
    let cited = people(|o| o.cited = true);
    let without = messages(&cited)
        .iter()
        .filter(|m| m.contains("no references"))
        .count();
    assert_eq!(without, 6, "four nodes and two edges");
}

#[test]
fn violations_are_counted_beyond_those_kept() {
    let mut ontology = Ontology::clone(&ontology());
    ontology.types[1].properties[AGE].required = true;
    let mut builder = Builder::new(Arc::new(ontology));
    for number in 0..1500 {
        builder.node(PERSON, &format!("{number}"));
    }
    let found = check(&builder.finish(1).unwrap().snapshot);
    assert_eq!((found.first.len(), found.count), (1000, 1500));
}

#[test]
fn an_interface_that_is_unique_makes_indexes() {
    let mut ontology = Ontology::clone(&ontology());
    ontology.types[3].properties = vec![property("age", crate::value::Scalar::Int)];
    ontology.types[3].unique = vec![vec![0]];
    let mut builder = Builder::new(Arc::new(ontology));
    let (al, _) = builder.node(PERSON, "al");
    builder.set(PERSON, al, AGE, Cell::Int(7));
    let snapshot = builder.finish(1).unwrap().snapshot;
    let ages = snapshot.index(PERSON, AGE).unwrap();
    assert_eq!(ages.equal(Cell::Int(7)).len(), 1);
}

/// A small sound graph, and what [`check`] says after it was damaged.
fn damaged(damage: impl FnOnce(&mut Snapshot)) -> Vec<String> {
    let mut builder = Builder::new(ontology());
    let [al, bo] = ["al", "bo"].map(|key| builder.node(PERSON, key).0);
    builder.set(PERSON, al, EMAIL, Cell::Str("a"));
    builder.set(PERSON, bo, EMAIL, Cell::Str("b"));
    let [p, q] = ["p", "q"].map(|key| (CITY, builder.node(CITY, key).0));
    builder.edge(LIVES, (PERSON, al), p);
    builder.edge(LIVES, (PERSON, al), q);
    builder.edge(LIVES, (PERSON, bo), q);
    let mut snapshot = builder.finish(1).unwrap().snapshot;
    assert_eq!(messages(&snapshot), [""; 0]);
    damage(&mut snapshot);
    messages(&snapshot)
}

fn with_edges(change: impl FnOnce(&mut super::super::segment::Topology)) -> Vec<String> {
    damaged(|snapshot| {
        let base = Arc::get_mut(&mut snapshot.segments[0].base).unwrap();
        change(&mut base.topology);
    })
}

#[test]
fn damage_of_the_structure_is_found() {
    let disagree = "LIVES_IN: the two directions of its edges disagree";
    let disorder = "LIVES_IN: edges are not in order or not different";
    assert_eq!(with_edges(|edges| edges.sources.swap(0, 2)), [disagree]);
    assert_eq!(with_edges(|edges| edges.positions.swap(1, 2)), [disagree]);
    assert_eq!(with_edges(|edges| edges.into[0] = 0), [disagree]);
    assert_eq!(
        with_edges(|edges| edges.targets.swap(0, 1)),
        [disagree, disorder]
    );
    let swapped = damaged(|snapshot| {
        let base = Arc::get_mut(&mut snapshot.tables[PERSON.0 as usize].base).unwrap();
        let index = base.indexes[EMAIL].as_mut().unwrap();
        index.parts[0].swap(0, 1);
    });
    assert_eq!(swapped, ["Person: the index of `email` is wrong"]);
    let types = damaged(|snapshot| snapshot.segments[0].source = CITY);
    assert!(types[0].contains("LIVES_IN joins City and City, which it may not"));
}
