//! Whole mutations: what they change, and every reason why one is refused.

use super::world::{World, cite, en, ids, text};
use crate::change::*;
use crate::graph::Citation;
use crate::value::Value;

#[test]
fn nodes_are_created_with_defaults_keys_and_links() {
    let world = World::new();
    let mut city = world.city("n", &[("code", text("N"))]);
    city.edit.references = Some(vec![cite("s")]);
    let mut line = world.links("City", "lines");
    line.create.push(CreateLinked {
        of: world.of_type("City"),
        node: world.city("", &[]),
        edge: Edit {
            set: vec![(0, Given::Value(Value::Int(4)))],
            ..Edit::default()
        },
    });
    city.edit.links.push(line);
    let done = world.run(&[world.create("City", vec![city])]).unwrap();
    let outcome = &done.outcomes[0];
    assert_eq!((outcome.created, outcome.relationships_created), (2, 3));
    assert_eq!(outcome.nodes, [(world.of_type("City"), "n".into())]);
    let node = done.graph.node_of_id("City:n").unwrap();
    let rank = world.at("City", "rank");
    assert_eq!(done.graph.cell(node, rank).to_value(), Value::Int(7));
    assert_eq!((done.graph.changed(node), done.changes.revision), (2, 2));
    assert_eq!(done.graph.references(node).len(), 1);
    let added = ids(&done.graph).len() - ids(&world.graph).len();
    assert_eq!(added, 5);
    assert!(done.changes.nodes.iter().all(|node| node.before.is_none()));
}

#[test]
fn updates_merge_texts_count_up_and_edit_lists() {
    let world = World::new();
    let (name, size) = (world.at("City", "name"), world.at("City", "size"));
    let (tags, weight) = (world.at("City", "tags"), world.at("City", "weight"));
    let set = Edit {
        set: vec![(
            name,
            Given::Texts(vec![("zh".into(), Some("甲".into())), ("fr".into(), None)]),
        )],
        increment: vec![(size, Value::Int(3)), (weight, Value::Float(0.5))],
        add: vec![(tags, vec![text("x"), text("y"), text("x")])],
        ..Edit::default()
    };
    let done = world
        .run(&[world.update(&["City:a", "City:b"], set)])
        .unwrap();
    assert_eq!((done.outcomes[0].updated, done.changes.nodes.len()), (2, 2));
    let state = done.changes.nodes[0].state.clone().unwrap();
    let texts = vec![("en".into(), "a".into()), ("zh".into(), "甲".into())];
    assert_eq!(state.values[name], Value::Texts(texts));
    assert_eq!(
        (&state.values[size], &state.values[weight]),
        (&Value::Int(3), &Value::Float(0.5))
    );
    let was = done.changes.nodes[0].before.as_ref().unwrap();
    assert_eq!((was.changed, &was.state.values[name]), (1, &en("a")));
    let removed = Edit {
        remove: vec![(tags, vec![text("x")])],
        add: vec![(tags, vec![text("x"), text("z")])],
        ..Edit::default()
    };
    let done = world.run(&[world.update(&["City:a"], removed)]).unwrap();
    let state = done.changes.nodes[0].state.clone().unwrap();
    assert_eq!(state.values[tags], Value::List(vec![text("z")]));
    let same = world.run(&[world.update(&["City:a"], world.set("City", &[("code", text("A"))]))]);
    let same = same.unwrap();
    assert_eq!(
        (same.outcomes[0].updated, same.changes.is_empty()),
        (0, true)
    );
}

#[test]
fn later_operations_see_earlier_ones_and_what_cancels_out_is_no_change() {
    let world = World::new();
    let mut transaction = Transaction::new(&world.rules, &world.graph);
    transaction.run("new", &world.create("City", vec![world.city("n", &[])]));
    let node = transaction.graph().node_of_id("City:n").unwrap();
    let of = |edit| Operation::UpdateNodes {
        nodes: vec![node],
        edit,
        if_revision: Some(1),
    };
    transaction.run("set", &of(world.set("City", &[("size", Value::Int(2))])));
    let size = world.at("City", "size");
    assert_eq!(
        transaction.graph().cell(node, size).to_value(),
        Value::Int(2)
    );
    let gone = Operation::DeleteNodes {
        nodes: vec![node],
        cascade: true,
    };
    transaction.run("gone", &gone);
    let done = transaction.finish().unwrap();
    let counts: Vec<_> = done
        .outcomes
        .iter()
        .map(|o| (o.created, o.updated, o.deleted))
        .collect();
    assert_eq!(counts, [(1, 0, 0), (0, 1, 0), (0, 0, 1)]);
    assert!(done.changes.is_empty(), "{:?}", done.changes);
    assert_eq!(ids(&done.graph), ids(&world.graph));
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_place() {
    let world = World::new();
    let mut wrong = world.city("x", &[("size", Value::Int(11)), ("code", text("low"))]);
    wrong
        .edit
        .links
        .push(world.connect("City", "lines", &["City:nobody", "Towns:a"]));
    wrong.edit.references = Some(vec![
        cite("t"),
        Citation {
            fields: Some(Box::new(["nmae".into()])),
            ..cite("s")
        },
    ]);
    let bare = world.input("City", " k", &[("code", text("A"))]);
    let said = world.refused(&[
        world.create("City", vec![world.city("a", &[]), wrong, bare]),
        world.update(&["City:b"], world.set("City", &[("name", Value::Null)])),
    ]);
    let expected = [
        "r0.input[0].key: City:a exists already (give another key, or update or upsert it)",
        "r0.input[1].size: `11` is out of range (1 to 10 is accepted)",
        "r0.input[1].code: `low` does not match the pattern of `code` (it must match [A-Z]+ as a whole)",
        "r0.input[1].references[0].source: there is no source `t` (did you mean `s`?)",
        "r0.input[1].references[1].fields: `nmae` is no field of City (did you mean `name`?)",
        "r0.input[1].lines.connect[0].node.id: there is no City:nobody (create it first, in the same operation if wished)",
        "r0.input[1].lines.connect[1].node.id: there is no node type Towns (known are Source, City, Village, Country, Person)",
        "r0.input[2].key: the key ` k` has space around it (a key is any text without control characters and outer space)",
        "r0.input[2].name: is required but has no value (give name in one language at least)",
        "r1.set.name: is required but has no value (give name in one language at least)",
        "r0.input[2].inside: ",
        "r0.input[2].code: ",
    ];
    assert_eq!(said.len(), expected.len(), "{said:#?}");
    for line in expected {
        assert!(
            said.iter().any(|said| said.starts_with(line)),
            "{line}\n{said:#?}"
        );
    }
}

#[test]
fn unique_values_are_compared_with_all_others() {
    let world = World::new();
    let stamp = |of: &str, key: &str, value: &str| {
        let mut input = world.input(of, key, &[("name", en(key)), ("stamp", text(value))]);
        if of == "City" {
            input
                .edit
                .links
                .push(world.connect("City", "inside", &["Country:c"]));
        }
        input
    };
    let zone = |key: &str, number: i64| {
        world.city(key, &[("zone", text("z")), ("number", Value::Int(number))])
    };
    let said = world.refused(&[
        world.create(
            "City",
            vec![
                stamp("City", "m", "1"),
                zone("n", 1),
                zone("o", 1),
                zone("q", 2),
            ],
        ),
        world.create("Village", vec![stamp("Village", "v", "1")]),
        world.update(&["City:b"], world.set("City", &[("code", text("A"))])),
    ]);
    assert_eq!(said.len(), 3, "{said:#?}");
    let starts = [
        "r0.input[2]: City:n and City:o have the same `zone` z and `number` 1",
        "r1.input[0].stamp: City:m and Village:v have the same `stamp` 1, which must be unique in Place",
        "r2.set.code: City:a and City:b have the same `code` A, which must be unique",
    ];
    for line in starts {
        assert!(
            said.iter().any(|said| said.starts_with(line)),
            "{line}\n{said:#?}"
        );
    }
    let swap =
        |id: &str, code: &str| world.update(&[id], world.set("City", &[("code", text(code))]));
    world
        .run(&[swap("City:a", "B"), swap("City:b", "A")])
        .unwrap();
}

#[test]
fn to_one_fields_hold_one_and_say_which() {
    let world = World::new();
    let connect = |id: &str| Edit {
        links: vec![world.connect("Person", "governs", &[id])],
        ..Edit::default()
    };
    let said = world.refused(&[world.update(&["Person:p"], connect("City:b"))]);
    assert!(
        said[0].contains("Person:p>City:a") && said[0].contains("Person:p>City:b"),
        "{said:?}"
    );
    assert!(
        said[0].starts_with("r0.set.governs.connect.edge: "),
        "{said:?}"
    );
    let mut edit = connect("City:b");
    let governs = world.graph.segments(world.relation("GOVERNS"))[0];
    edit.links[0].disconnect = world.graph.edges(governs).collect();
    let done = world.run(&[world.update(&["Person:p"], edit)]).unwrap();
    let outcome = &done.outcomes[0];
    assert_eq!(
        (
            outcome.updated,
            outcome.relationships_created,
            outcome.relationships_deleted
        ),
        (1, 1, 1)
    );
    let other = world.input("Person", "q", &[("name", text("Q"))]);
    let mut edit = Edit::default();
    edit.links.push(Links {
        create: vec![CreateLinked {
            of: world.of_type("Person"),
            node: other,
            edge: Edit::default(),
        }],
        ..world.links("City", "mayor")
    });
    let said = world.refused(&[world.update(&["City:a"], edit)]);
    assert!(
        said[0].contains("City:a has 2 edges as `mayor`"),
        "{said:?}"
    );
}

#[test]
fn nodes_with_edges_are_deleted_only_with_them() {
    let world = World::new();
    let delete = |ids: &[&str], cascade| Operation::DeleteNodes {
        nodes: ids.iter().map(|id| world.node(id)).collect(),
        cascade,
    };
    let said = world.refused(&[delete(&["City:a"], false)]);
    assert_eq!(
        said,
        [
            "r0: City:a still has edges: 1 GOVERNS, 1 INSIDE, 1 LINE (delete with cascade: true, which removes them too, or remove them first)"
        ]
    );
    let done = world.run(&[delete(&["City:a"], true)]).unwrap();
    assert_eq!(
        (
            done.outcomes[0].deleted,
            done.outcomes[0].relationships_deleted
        ),
        (1, 3)
    );
    assert_eq!((done.changes.nodes.len(), done.changes.edges.len()), (1, 3));
    assert!(
        done.changes
            .edges
            .iter()
            .all(|edge| edge.before.is_some() && edge.state.is_none())
    );
    let said = world.refused(&[delete(&["Country:c"], true)]);
    assert_eq!(
        said.len(),
        2,
        "both cities must be inside a country: {said:?}"
    );
    assert!(
        said[0].starts_with("r0: City:a has no `inside`"),
        "{said:?}"
    );
    world
        .run(&[delete(&["Country:c", "City:a", "City:b"], true)])
        .unwrap();
}

#[test]
fn sources_that_are_cited_are_deleted_only_with_the_references() {
    let world = World::new();
    let cited = Edit {
        references: Some(vec![cite("s")]),
        ..Edit::default()
    };
    let delete = |cascade| Operation::DeleteNodes {
        nodes: vec![world.node("Source:s")],
        cascade,
    };
    let said = world.refused(&[world.update(&["City:a"], cited.clone()), delete(false)]);
    assert!(
        said[0].starts_with("r1: 1 record cites what is to be deleted"),
        "{said:?}"
    );
    let done = world
        .run(&[world.update(&["City:a"], cited), delete(true)])
        .unwrap();
    assert_eq!(done.changes.nodes.len(), 1, "the source only");
}

#[test]
fn what_changed_since_it_was_read_is_a_conflict() {
    let mut world = World::new();
    let size = |size| world.set("City", &[("size", Value::Int(size))]);
    let done = world.run(&[world.update(&["City:a"], size(3))]).unwrap();
    world.graph = done.graph;
    let guarded = |if_revision| Operation::UpdateNodes {
        nodes: vec![world.node("City:a"), world.node("City:b")],
        edit: world.set("City", &[("size", Value::Int(4))]),
        if_revision,
    };
    let refusals = world.run(&[guarded(Some(1))]).unwrap_err();
    assert_eq!(refusals.first[0].code, Code::Conflict);
    let said = refusals.to_string();
    assert!(
        said.starts_with("r0.ifRevision: City:a was changed by commit 2, after revision 1"),
        "{said}"
    );
    assert_eq!(refusals.count, 1);
    world.run(&[guarded(Some(2))]).unwrap();
}

#[test]
fn edges_are_created_updated_and_deleted() {
    let world = World::new();
    let line = |source: &str, target: &str, number: i64| EdgeInput {
        source: Target::Id(source.into()),
        target: Target::Id(target.into()),
        edit: Edit {
            set: vec![(0, Given::Value(Value::Int(number)))],
            ..Edit::default()
        },
    };
    let of = world.relation("LINE");
    let create = |input| Operation::CreateEdges { of, input };
    let done = world.run(&[create(vec![
        line("City:a", "City:b", 2),
        line("City:b", "City:a", 1),
    ])]);
    assert_eq!(done.unwrap().outcomes[0].relationships_created, 2);
    let said = world.refused(&[create(vec![
        line("City:a", "City:b", 1),
        line("City:a", "Country:c", 1),
        EdgeInput {
            edit: Edit::default(),
            ..line("City:b", "City:b", 0)
        },
    ])]);
    assert_eq!(said.len(), 3, "{said:#?}");
    assert!(
        said[0].ends_with("exists already (update it, or give another number)"),
        "{said:#?}"
    );
    assert!(
        said[1].starts_with("r0.input[1]: LINE does not join City to Country"),
        "{said:#?}"
    );
    assert!(
        said[2].starts_with("r0.input[2].number: is required"),
        "{said:#?}"
    );
    let segment = world.graph.segments(of)[0];
    let edges: Vec<_> = world.graph.edges(segment).collect();
    let update = |at, value| Operation::UpdateEdges {
        edges: edges.clone(),
        edit: Edit {
            set: vec![(at, Given::Value(value))],
            ..Edit::default()
        },
        if_revision: None,
    };
    assert_eq!(
        world.run(&[update(1, text("n"))]).unwrap().outcomes[0].updated,
        1
    );
    let said = world.refused(&[update(0, Value::Int(9)), update(2, Value::Int(-1))]);
    assert!(
        said[0].starts_with("r0.set.number: tells the edge from parallel ones"),
        "{said:#?}"
    );
    assert!(
        said[1].starts_with("r1.set.length: `-1` is out of range"),
        "{said:#?}"
    );
    let done = world
        .run(&[Operation::DeleteEdges {
            edges: edges.clone(),
        }])
        .unwrap();
    assert_eq!((done.outcomes[0].deleted, done.changes.edges.len()), (1, 1));
}

#[test]
fn symmetric_edges_are_one_whichever_way_round_and_upserts_repeat() {
    let world = World::new();
    let twin = |key: &str, other: &str| NodeInput {
        key: Some(key.into()),
        edit: Edit {
            links: vec![world.connect("City", "twins", &[other])],
            ..Edit::default()
        },
    };
    let of = world.of_type("City");
    let upsert = Operation::UpsertNodes {
        of,
        input: vec![
            twin("b", "City:a"),
            twin("a", "City:b"),
            twin("a", "City:a"),
        ],
    };
    let done = world.run(std::slice::from_ref(&upsert)).unwrap();
    assert_eq!(done.outcomes[0].relationships_created, 2);
    let ends: Vec<_> = done
        .changes
        .edges
        .iter()
        .map(|e| (&*e.source.1, &*e.target.1))
        .collect();
    assert_eq!(ends, [("a", "b"), ("a", "a")]);
    let mut new = world.city("z", &[]);
    new.edit
        .set
        .push((world.at("City", "size"), Given::Value(Value::Int(1))));
    let upsert = Operation::UpsertNodes {
        of,
        input: vec![new],
    };
    let done = world.run(&[upsert.clone(), upsert]).unwrap();
    assert_eq!((done.outcomes[0].created, done.outcomes[1].updated), (1, 0));
}

#[test]
fn interfaces_take_only_their_members() {
    let world = World::new();
    let visit = |id: &str| Edit {
        links: vec![world.connect("Person", "visits", &[id])],
        ..Edit::default()
    };
    let village = world.input("Village", "v", &[("name", en("V"))]);
    let mut create = world.links("Person", "visits");
    create.create.push(CreateLinked {
        of: world.of_type("Village"),
        node: village,
        edge: Edit::default(),
    });
    let edit = Edit {
        links: vec![create],
        ..Edit::default()
    };
    world
        .run(&[
            world.update(&["Person:p"], edit),
            world.update(&["Person:p"], visit("Village:v")),
        ])
        .unwrap();
    let said = world.refused(&[world.update(&["Person:p"], visit("Country:c"))]);
    assert_eq!(
        said,
        ["r0.set.visits.connect[0]: Country:c is no Place (`visits` takes a Place)"]
    );
}
