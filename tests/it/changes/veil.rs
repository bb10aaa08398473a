//! What those who write learn of records that they do not see, and do to them: nothing but that
//! something stands in the way.

use super::Kept;
use super::seen::{guard, reader};
use crate::world::request;
use guitu::access::Policy;
use guitu::api::service::Service;
use serde_json::{Value, json};
use std::sync::Arc;

const POLICY: &str = r#"
[roles.reader.read]
"*" = true
City = '{ people: { lt: 100 } }'
Source = '{ key: { ne: "x" } }'
[roles.reader.write]
"*" = true
Province = '{ NOT: { key: { eq: "kept" } } }'
"#;

/// Shenzhen is hidden, with a road, a province and a source of its own.
const WORLD: &str = r#"mutation {
  createSources(input: [{key: "s", title: [{lang: "en", value: "S"}]}, {key: "x", title: [{lang: "en", value: "X"}]}]) { created }
  createProvinces(input: [{key: "gd", name: "Guangdong"}, {key: "kept", name: "Kept"}]) { created }
  createCities(input: [
    {key: "gz", name: "Guangzhou", people: 9, references: [{source: "s"}, {source: "x", locator: "secret"}]}
    {key: "sz", name: "Shenzhen", people: 500, references: [{source: "s"}]
      partOf: {connect: {node: {id: "Province:gd"}}}
      roads: {connect: [{node: {id: "City:gz"}, edge: {number: 4}}]}}
  ]) { created }
}"#;

fn guarded() -> (Kept, Arc<Policy>) {
    let kept = Kept::new();
    kept.data(WORLD);
    guard(kept, POLICY)
}

fn write(kept: &Kept, policy: &Policy, mutation: &str) -> Value {
    let (request, context) = (request(mutation, None), reader(policy));
    let answer = kept.engine.execute(&request, &context);
    serde_json::from_slice(&kept.runtime.block_on(answer).body).unwrap()
}

#[test]
fn what_is_not_seen_is_not_overwritten() {
    let (kept, policy) = guarded();
    let write = |mutation: &str| write(&kept, &policy, mutation);
    let upsert = write(
        r#"mutation { upsertCities(input: [{key: "sz", set: {name: "Mine", people: 1}}]) { created updated } }"#,
    );
    let create =
        write(r#"mutation { createCities(input: [{key: "sz", name: "Mine"}]) { created } }"#);
    let message = |answer: &Value| answer["errors"][0]["message"].clone();
    assert_eq!(message(&upsert), "City:sz exists already");
    assert_eq!(message(&upsert), message(&create));
    let cited = write(
        r#"mutation { updateCities(where: {key: {eq: "gz"}}, set: {references: [{source: "s", locator: "p. 2"}]}) { cities { references { source { id } locator } } } }"#,
    );
    assert_eq!(
        cited["data"]["updateCities"]["cities"],
        json!([{"references": [{"source": {"id": "Source:s"}, "locator": "p. 2"}]}])
    );
    write(r#"mutation { updateCities(where: {}, set: {references: null}) { updated } }"#);
    let whole = kept.db.snapshot();
    let city = whole.node_of_id("City:gz").unwrap();
    let left: Vec<_> = whole
        .references(city)
        .iter()
        .map(|each| each.locator.clone())
        .collect();
    assert_eq!(
        left,
        [Some("secret".into())],
        "a reference that they do not see"
    );
    let city = whole.node_of_id("City:sz").unwrap();
    assert_eq!(whole.references(city).len(), 1);
}

#[test]
fn what_is_not_seen_is_neither_named_nor_counted() {
    let (kept, policy) = guarded();
    let write = |mutation: &str| write(&kept, &policy, mutation);
    let refused = |mutation: &str| {
        let answer = write(mutation);
        let errors = answer["errors"].as_array().unwrap();
        let told = errors
            .iter()
            .map(|error| error["message"].as_str().unwrap().to_owned());
        assert!(!answer.to_string().contains("sz"), "{answer:#}");
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        refused(r#"mutation { deleteProvinces(where: {key: {eq: "gd"}}) { deleted } }"#),
        ["Province:gd still has edges"]
    );
    let gone = write(
        r#"mutation { deleteCities(where: {}, cascade: true) { deleted relationshipsDeleted } deleteProvinces(where: {key: {eq: "gd"}}, cascade: true) { relationshipsDeleted } }"#,
    );
    assert_eq!(
        gone["data"],
        json!({"deleteCities": {"deleted": 1, "relationshipsDeleted": 0}, "deleteProvinces": {"relationshipsDeleted": 0}})
    );
    assert_eq!(
        refused(r#"mutation { deleteSources(where: {}) { deleted } }"#),
        ["something cites what is to be deleted"]
    );
    assert_eq!(
        refused(r#"mutation { updateProvinces(where: {}, set: {name: "P"}) { updated } }"#),
        ["your roles do not allow to update Province:kept as it was"]
    );
}

const NO_ROADS: &str = r#"
[roles.reader.read]
"*" = true
City = '{ people: { lt: 100 } }'
[roles.reader.write]
City = true
"#;

#[test]
fn what_may_not_be_written_is_not_named_if_it_is_not_seen() {
    let kept = Kept::new();
    kept.data(WORLD);
    let (kept, policy) = guard(kept, NO_ROADS);
    let answer = write(
        &kept,
        &policy,
        r#"mutation { deleteCities(where: {key: {eq: "gz"}}, cascade: true) { deleted } }"#,
    );
    let told = &answer["errors"];
    assert_eq!(
        told[0]["message"],
        "your roles do not allow to delete what you do not see"
    );
    assert!(!answer.to_string().contains("sz"), "{answer:#}");
}
