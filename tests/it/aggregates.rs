//! What if an aggregate cannot be told, or costs too much to find?

use crate::world::World;
use guitu::ontology::Ontology;
use std::sync::Arc;

const CRATES: &str = "type Crate @node { content: BigInt weight: Float }";

fn crates(rows: &str) -> World {
    let ontology =
        Ontology::parse("schema.graphql", CRATES).unwrap_or_else(|wrong| panic!("{wrong}"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("Crate.csv");
    std::fs::write(&path, format!("key,content,weight\n{rows}")).expect("a file");
    World::of(Arc::new(ontology), &[path])
}

#[test]
fn a_sum_that_is_too_large_is_null_with_an_error_and_nothing_else_is() {
    let world = crates("a,9223372036854775807,1e308\nb,9223372036854775807,1e308\nc,-1,0\n");
    let answer = world.ask(
        "{ cratesConnection {
            aggregate { count node { content { sum max } weight { sum min median } } }
            groupBy(fields: { key: true }) { key { key } aggregate { node { content { sum } } } } } }",
        None,
    );
    let aggregate = &answer["data"]["cratesConnection"]["aggregate"];
    assert_eq!(aggregate["count"], 3);
    let content = &aggregate["node"]["content"];
    assert!(content["sum"].is_null(), "{answer:#}");
    assert_eq!(content["max"], "9223372036854775807");
    let weight = &aggregate["node"]["weight"];
    assert!(
        weight["sum"].is_null() && weight["median"].is_f64(),
        "{answer:#}"
    );
    let groups = &answer["data"]["cratesConnection"]["groupBy"];
    assert_eq!(
        groups[0]["aggregate"]["node"]["content"]["sum"],
        "9223372036854775807"
    );
    let errors = answer["errors"].as_array().expect("errors");
    let paths: Vec<_> = errors
        .iter()
        .map(|error| error["path"].to_string())
        .collect();
    let expected = ["content", "weight"]
        .map(|field| format!("[\"cratesConnection\",\"aggregate\",\"node\",\"{field}\",\"sum\"]"));
    assert_eq!(paths, expected);
    assert!(
        errors
            .iter()
            .all(|error| error["extensions"]["code"] == "BAD_USER_INPUT")
    );
}
