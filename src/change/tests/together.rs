//! Several nodes updated at once: what one is given no other takes away, each edge is touched once,
//! and what is wrong is told once, or of each by its name.

use super::world::{World, text};
use crate::change::*;
use crate::graph::Edge;
use crate::value::Value;
use std::cell::Cell;

/// A world of so many cities, all inside the country, and their edges.
fn world(cities: usize) -> (World, Vec<String>) {
    let mut world = World::new();
    let keys: Vec<String> = (0..cities).map(|at| format!("n{at}")).collect();
    let input = keys.iter().map(|key| world.city(key, &[])).collect();
    world.graph = world.run(&[world.create("City", input)]).unwrap().graph;
    let ids = keys.iter().map(|key| format!("City:{key}")).collect();
    (world, ids)
}

fn update(world: &World, ids: &[String], edit: Edit) -> Operation {
    world.update(&ids.iter().map(String::as_str).collect::<Vec<_>>(), edit)
}

/// All edges of a type.
fn edges(world: &World, name: &str) -> Vec<Edge> {
    let segments = world.graph.all_segments();
    let of = |id| world.rules.ontology().relationship(id).name == name;
    let segments = segments.filter(|(_, segment)| of(segment.relationship));
    segments.flat_map(|(id, _)| world.graph.edges(id)).collect()
}

#[test]
fn none_loses_what_another_was_given() {
    let mut world = World::new();
    let twin = Edit {
        links: vec![world.connect("City", "twins", &["City:b"])],
        ..Edit::default()
    };
    let done = world.run(&[world.update(&["City:a"], twin)]).unwrap();
    world.graph = done.graph;
    let mut anew = world.connect("City", "twins", &["City:b"]);
    anew.disconnect = edges(&world, "TWIN");
    let anew = Edit {
        links: vec![anew],
        ..Edit::default()
    };
    let done = world.run(&[world.update(&["City:a", "City:b"], anew)]);
    let outcome = &done.unwrap().outcomes[0];
    let counts = (outcome.relationships_deleted, outcome.relationships_created);
    assert_eq!((counts, outcome.updated), ((1, 2), 2));
}

#[test]
fn an_edge_that_is_another_makes_its_node_another() {
    let world = World::new();
    let line = |length: i64| {
        let mut line = world.connect("City", "lines", &["City:b"]);
        line.connect[0].edge.set = vec![
            (0, Given::Value(Value::Int(1))),
            (2, Given::Value(Value::Int(length))),
        ];
        let links = vec![line];
        world.update(
            &["City:a"],
            Edit {
                links,
                ..Edit::default()
            },
        )
    };
    let done = world.run(&[line(5), line(5)]).unwrap();
    let counts = done.outcomes.iter().map(|outcome| outcome.updated);
    assert_eq!(counts.collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn each_edge_is_touched_once_and_work_stops_when_told() {
    let (world, ids) = world(40);
    let mut links = world.links("City", "inside");
    links.disconnect = edges(&world, "INSIDE");
    let all = links.disconnect.len();
    let edit = Edit {
        links: vec![links],
        ..Edit::default()
    };
    let operation = update(&world, &ids, edit);
    let run = |most: usize| {
        let asked = Cell::new(0);
        let watch = || {
            asked.set(asked.get() + 1);
            asked.get() <= most
        };
        let mut transaction = Transaction::new(&world.rules, &world.graph).watched(&watch);
        transaction.run("all", &operation);
        let gone = transaction.outcomes()[0].relationships_deleted;
        (asked.get(), gone)
    };
    assert_eq!(run(usize::MAX), (all + ids.len(), all));
    assert_eq!(run(5).1, 6);
}

#[test]
fn what_is_wrong_with_all_is_told_once_and_with_each_by_name() {
    let world = World::new();
    let (code, size) = (world.at("City", "code"), world.at("City", "size"));
    let edit = Edit {
        set: vec![(code, Given::Value(text("a")))],
        increment: vec![(size, Value::Int(20))],
        ..Edit::default()
    };
    let said = world.refused(&[world.update(&["City:a", "City:b"], edit)]);
    assert_eq!(
        said,
        [
            "r0.set.code: `a` does not match the pattern of `code` (it must match [A-Z]+ as a whole)",
            "r0.increment.size: City:a: `20` is out of range (1 to 10 is accepted)",
            "r0.increment.size: City:b: `20` is out of range (1 to 10 is accepted)",
        ]
    );
    let line = Operation::UpdateEdges {
        edges: edges(&world, "LINE"),
        edit: Edit {
            increment: vec![(0, Value::Int(1))],
            ..Edit::default()
        },
        if_revision: None,
    };
    assert_eq!(
        world.refused(&[line]),
        [
            "r0.increment.number: LINE:City:a>City:b>1: tells the edge from parallel ones and never changes (create another edge, and delete this one)"
        ]
    );
}
