//! Is what an answer shows written right, in every format? The expected files are in `tests/exports`;
//! `make exports` reads the same formats back with the tools they are for.

use crate::world::{World, context, request, root};
use guitu::api::service::{Drawing, Outcome, Service};
use guitu::exchange::{Document, Format};
use guitu::exec::Picture;
use serde_json::Value;

const ALL: [Format; 6] = [
    Format::Gexf,
    Format::Graphml,
    Format::Cytoscape,
    Format::Nodes,
    Format::Edges,
    Format::JsonLd,
];

fn draw(world: &World, query: &str) -> Result<Drawing, (Outcome, Value)> {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.expect("a runtime");
    let drawn = runtime.block_on(world.engine.draw(&request(query, None), &context()));
    drawn.map_err(|answer| {
        let body = serde_json::from_slice(&answer.body).expect("JSON");
        (answer.outcome, body)
    })
}

/// The ids of the nodes and edges that a query shows, in their order.
#[track_caller]
fn shown(query: &str) -> (Vec<String>, Vec<String>) {
    let drawing = draw(World::film(), query).expect("a drawing");
    let snapshot = &drawing.snapshot;
    let nodes = drawing.picture.nodes.iter().map(|node| snapshot.id(*node));
    let edges = drawing.picture.edges.iter();
    let edges = edges.map(|edge| snapshot.edge_id(*edge).to_string());
    (nodes.collect(), edges.collect())
}

fn document(drawing: &Drawing, format: Format) -> Document {
    let Drawing {
        snapshot,
        picture,
        languages,
        ..
    } = drawing;
    Document::new(snapshot.clone(), picture.clone(), languages.clone(), format)
}

fn text(drawing: &Drawing, format: Format) -> String {
    let bytes: Vec<u8> = document(drawing, format).flatten().collect();
    String::from_utf8(bytes).expect("UTF-8")
}

fn expect(file: &str, now: &str) {
    let path = root().join("tests/exports").join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, now).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(expected, now, "{file}: UPDATE_EXPECT=1 accepts it");
}

/// Of everything that is hard to write: markup, control characters, quotes, formulas, parallel
/// edges, edges without direction, empty texts and lists.
#[test]
fn every_format_is_as_expected() {
    let world = World::open("tests/film/schema.graphql", "tests/exports/data");
    let all = "{ neighborhood(of: [{ id: \"Person:liz\" }], depth: 3) { nodes { id } relationships { id } } }";
    let drawing = draw(&world, all).expect("a drawing");
    assert_eq!(&*drawing.name, "neighborhood");
    for format in ALL {
        let file = format!("world{}", format.ending());
        expect(&file, &text(&drawing, format));
    }
    let partners = "{ person(key: \"liz\") { partners { id } } }";
    let drawing = draw(&world, partners).expect("a drawing");
    assert!(text(&drawing, Format::Gexf).contains("defaultedgetype=\"undirected\""));
    assert!(text(&drawing, Format::Graphml).contains("edgedefault=\"undirected\""));
}

#[test]
fn nothing_is_a_file_too() {
    let drawing = draw(World::film(), "{ films(limit: 0) { id } }").expect("a drawing");
    assert_eq!(text(&drawing, Format::Nodes), "Id,Label\n");
    assert_eq!(
        text(&drawing, Format::Edges),
        "Source,Target,Type,Id,Label\n"
    );
    for format in [Format::Cytoscape, Format::JsonLd] {
        let json: Result<Value, _> = serde_json::from_str(&text(&drawing, format));
        assert!(json.is_ok());
    }
    assert!(text(&drawing, Format::Gexf).contains("<nodes count=\"0\">"));
}

#[test]
fn a_large_graph_comes_in_pieces() {
    let snapshot = World::seed().snapshot.clone();
    let drawing = Drawing {
        picture: Picture::whole(&snapshot),
        languages: snapshot.ontology().languages.as_slice().into(),
        snapshot,
        name: "graph".into(),
    };
    for format in ALL {
        let sizes: Vec<usize> = document(&drawing, format)
            .map(|piece| piece.len())
            .collect();
        assert!(sizes.len() > 2, "{format:?}: {sizes:?}");
        assert!(
            sizes.iter().all(|size| *size < 80 << 10),
            "{format:?}: {sizes:?}"
        );
    }
}

#[test]
fn what_the_selection_leads_to_is_shown() {
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let film = "films(where: { key: { eq: \"fargo\" } })";
    let (nodes, edges) = shown(&format!("{{ {film} {{ id }} }}"));
    assert_eq!((nodes, edges), (ids(&["Film:fargo"]), vec![]));
    // Edges of a list and of a to-one field are those between its records; a connection's are its own.
    let (of_list, by_list) = shown(&format!("{{ {film} {{ cast {{ id }} }} }}"));
    let (_, by_connection) = shown(&format!(
        "{{ {film} {{ castConnection {{ nodes {{ id }} }} }} }}"
    ));
    assert!(of_list.len() > 1 && by_list.len() >= of_list.len() - 1);
    assert!(
        by_list.iter().all(|id| id.starts_with("ACTED_IN:Person:")),
        "{by_list:?}"
    );
    assert_eq!(by_list, by_connection);
    // A page shows what is on it.
    let first = "castConnection(first: 1) { totalCount edges { node { id } } }";
    let (nodes, edges) = shown(&format!("{{ {film} {{ {first} }} }}"));
    assert_eq!((nodes.len(), edges.len()), (2, 1));
    // Both ends come with an edge; the sources of references stay away.
    let (nodes, edges) = shown("{ rolesConnection(first: 1) { nodes { character } } }");
    assert_eq!((nodes.len(), edges.len()), (2, 1));
    let (nodes, _) = shown(&format!(
        "{{ {film} {{ references {{ source {{ id }} }} }} }}"
    ));
    assert_eq!(nodes, ids(&["Film:fargo"]));
}

#[test]
fn parts_of_the_graph_are_shown_as_they_are_selected() {
    let start = "neighborhood(of: [{ id: \"Film:fargo\" }])";
    let (nodes, edges) = shown(&format!("{{ {start} {{ nodes {{ id }} }} }}"));
    assert!(nodes.len() > 1 && edges.is_empty());
    let both = shown(&format!(
        "{{ {start} {{ nodes {{ id }} relationships {{ id }} }} }}"
    ));
    assert_eq!(both.0, nodes);
    assert!(both.1.len() >= nodes.len() - 1);
    let ids = serde_json::to_string(&nodes).expect("JSON");
    let drawn = shown(&format!(
        "{{ subgraph(nodes: {ids}) {{ relationships {{ id }} }} }}"
    ));
    assert_eq!(drawn.1.len(), both.1.len());
}

#[test]
fn what_shows_no_records_is_refused() {
    let refused = |world: &World, query: &str| {
        let (outcome, body) = draw(world, query).expect_err(query);
        let error = &body["errors"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            outcome,
            text(&error["extensions"]["code"]),
            text(&error["message"]),
        )
    };
    let film = World::film();
    for (query, code, says) in [
        (
            "{ revision }",
            "BAD_USER_INPUT",
            "`revision` has no records",
        ),
        (
            "{ a: films { id } b: films { id } }",
            "BAD_USER_INPUT",
            "has 2",
        ),
        ("{ __typename }", "BAD_USER_INPUT", "has 0"),
        ("{ films", "GRAPHQL_PARSE_FAILED", ""),
        ("{ film }", "GRAPHQL_VALIDATION_FAILED", ""),
        ("{ films(limit: -1) { id } }", "BAD_USER_INPUT", "negative"),
        (
            "{ films { cast(limit: -1) { id } } }",
            "BAD_USER_INPUT",
            "negative",
        ),
    ] {
        let (_, found, message) = refused(film, query);
        assert_eq!(found, code, "{query}");
        assert!(message.contains(says), "{query}: {message}");
    }
    let limits = guitu::api::engine::EngineLimits {
        records: 3,
        ..Default::default()
    };
    let small = World::limited(film.snapshot.clone(), limits);
    let (_, code, message) = refused(&small, "{ films { id } }");
    assert_eq!(code, "LIMIT_EXCEEDED");
    assert!(message.contains("`records` of 3"), "{message}");
}

/// The example of the documentation.
#[test]
fn the_documented_example_is_true() {
    let path = root().join("docs/exports.md");
    let docs = std::fs::read_to_string(&path).expect("docs/exports.md");
    let block = |language: &str| {
        let start = docs.find(&format!("```{language}\n")).expect("a block") + language.len() + 4;
        let length = docs[start..].find("```").expect("an end");
        start..start + length
    };
    let drawing = draw(World::seed(), &docs[block("graphql")]).expect("a drawing");
    let now = text(&drawing, Format::Edges);
    let place = block("csv");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let docs = [&docs[..place.start], &now, &docs[place.end..]].concat();
        std::fs::write(&path, docs).expect("written");
    } else {
        assert_eq!(&docs[place], now, "UPDATE_EXPECT=1 accepts it");
    }
}
