//! Do `paths`, `neighborhood` and `subgraph` keep within their arguments and limits, and answer the
//! same over a graph in layers and without plans? What they find is in the case files.

use crate::cases::block;
use crate::overlay::layered;
use crate::world::{World, root};
use guitu::api::engine::EngineLimits;
use serde_json::json;
use std::sync::Arc;

/// What is wrong, and what is said of it: the message's end and something of the hint.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "paths(from: $T, to: $T, first: -1)",
        "first: -1 is negative",
        "0 or more",
    ),
    (
        "paths(from: $T, to: $T, minLength: -1)",
        "minLength: -1 is negative",
        "0 or more",
    ),
    (
        "paths(from: $T, to: $T, mode: ALL_SIMPLE)",
        "maxLength: ALL_SIMPLE needs a length at which it ends",
        "maxLength",
    ),
    (
        "paths(from: $T, to: $T, weight: [{type: ACTED_IN, property: \"character\"}])",
        "weight.0: `character` is no number of ACTED_IN",
        "ACTED_IN can be weighed by: billing",
    ),
    (
        "paths(from: $T, to: $T, weight: [{type: DIRECTED, property: \"x\"}])",
        "weight.0: `x` is no number of DIRECTED",
        "DIRECTED has no number",
    ),
    (
        "paths(from: $T, to: $T, weight: [{type: ACTED_IN, property: \"billing\"}, {type: ACTED_IN, property: \"billing\"}])",
        "weight.1: ACTED_IN has a weight already",
        "",
    ),
    (
        "paths(from: $T, to: $T, follow: [{type: DIRECTED, where: {role: {billing: {eq: 1}}}}])",
        "follow.0.where.role: the condition is on relationships of another type",
        "{directed: {…}}",
    ),
    (
        "paths(from: $T, to: {person: {born: {gt: \"soon\"}}})",
        "to.person.born.gt: `soon` is no date: write 2016, 2016-04 or 2016-04-08",
        "",
    ),
    (
        "neighborhood(of: [$T], depth: -1)",
        "depth: -1 is negative",
        "",
    ),
    (
        "neighborhood(of: [$T], limit: -5)",
        "limit: -5 is negative",
        "",
    ),
    (
        "neighborhood(of: [$T], limitPerNode: -5)",
        "limitPerNode: -5 is negative",
        "",
    ),
    (
        "neighborhood(of: [$T, {person: {name: {matches: \"(\"}}}])",
        "of.1.person.name.matches: `(` is no regular expression: error: unclosed group",
        "",
    ),
];

#[test]
fn wrong_arguments_are_told() {
    for (field, message, hint) in WRONG {
        let field = field.replace("$T", "{id: \"Person:taylor\"}");
        let answer = World::film().ask(&format!("{{ {field} {{ nodes {{ id }} }} }}"), None);
        let error = &answer["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "BAD_USER_INPUT",
            "{field}\n{answer:#}"
        );
        assert_eq!(error["message"], *message, "{field}");
        let told = error["extensions"]["hint"].as_str().unwrap_or_default();
        assert!(told.contains(hint), "{field}: {told}");
    }
}

#[test]
fn no_node_is_no_mistake() {
    let gone = "{ paths(from: {id: \"Person:gone\"}, to: {id: \"no id\"}) { count truncated paths { length } nodes { id } }
        neighborhood(of: []) { truncated levels { count } nodes { id } relationships { id } }
        subgraph(nodes: [\"x\"]) { truncated nodes { id } relationships { id } } }";
    let nothing = json!({
        "paths": {"count": 0, "truncated": false, "paths": [], "nodes": []},
        "neighborhood": {"truncated": false, "levels": [], "nodes": [], "relationships": []},
        "subgraph": {"truncated": false, "nodes": [], "relationships": []},
    });
    assert_eq!(World::film().data(gone), nothing);
}

/// Searches that look at more than they may.
const HEAVY: &[(&str, &str)] = &[
    ("from both sides", "paths(from: $T, to: $R) { count }"),
    (
        "by condition",
        "paths(from: $T, to: $R, follow: [{type: ACTED_IN, where: {role: {billing: {gt: 99}}}}]) { count }",
    ),
    (
        "ranked",
        "paths(from: $T, to: $R, mode: K_SHORTEST, first: 50) { count }",
    ),
    (
        "of every length",
        "paths(from: $T, to: $R, mode: ALL_SIMPLE, maxLength: 20) { count }",
    ),
    (
        "weighted",
        "paths(from: $T, to: $R, weight: [{type: ACTED_IN, property: \"billing\"}], follow: [{type: BORN_IN}, {type: DIRECTED}]) { count }",
    ),
    (
        "pairs",
        "paths(from: {node: {}}, to: {node: {}}, follow: []) { count }",
    ),
    (
        "around",
        "neighborhood(of: [$T], depth: 9) { levels { count } }",
    ),
    ("among", "subgraph(nodes: [$N]) { relationships { id } }"),
];

#[test]
fn the_cost_limit_stops_every_search() {
    let limits = |cost| EngineLimits {
        cost,
        ..EngineLimits::default()
    };
    let ids = World::film().data("{ neighborhood(of: [{node: {}}], depth: 0) { nodes { id } } }");
    let ids: Vec<_> = ids["neighborhood"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| n["id"].to_string())
        .collect();
    for (what, field) in HEAVY {
        let field = field.replace("$T", "{id: \"Person:taylor\"}");
        let field = field
            .replace("$R", "{id: \"Person:rain\"}")
            .replace("$N", &ids.join(","));
        let query = format!("{{ {field} }}");
        let answer = World::film().ask(&query, None);
        assert!(answer.get("errors").is_none(), "{what}: {answer:#}");
        let low = World::limited(World::film().snapshot.clone(), limits(2));
        let answer = low.ask(&query, None);
        let error = &answer["errors"][0];
        assert_eq!(
            error["extensions"]["code"], "LIMIT_EXCEEDED",
            "{what}: {answer:#}"
        );
        assert!(
            error["message"].as_str().unwrap().contains("`cost`"),
            "{what}: {answer:#}"
        );
        for answer in [World::film().left(&query), World::film().late(&query)] {
            assert_eq!(
                answer["errors"][0]["extensions"]["code"], "TIMEOUT",
                "{what}"
            );
        }
    }
}

/// The queries of the case files about the graph as a whole.
fn cases() -> Vec<(String, String)> {
    let files = std::fs::read_dir(root().join("tests/cases/film"))
        .expect("cases")
        .flatten();
    let mut found = Vec::new();
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        if ["paths", "neighborhood", "subgraph"]
            .iter()
            .any(|of| name.starts_with(of))
        {
            let text = std::fs::read_to_string(file.path()).expect("a case");
            found.push((name, block(&text, "graphql").expect("a query").to_owned()));
        }
    }
    assert!(found.len() > 5);
    found
}

#[test]
fn layers_and_plans_change_nothing() {
    let film = World::film();
    for (name, query) in cases() {
        let wanted = film.ask(&query, None);
        for seed in 0..10 {
            let layers = Arc::new(layered(&film.snapshot, seed));
            assert_eq!(
                World::over(layers.clone()).ask(&query, None),
                wanted,
                "{name}, seed {seed}"
            );
            assert_eq!(
                World::over(layers).naive().ask(&query, None),
                wanted,
                "{name}, seed {seed}"
            );
        }
    }
}
