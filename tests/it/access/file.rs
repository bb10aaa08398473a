//! Does the file of access say everything that is wrong with it at once?

use super::same::{ask, guarded, policy, somebody};
use crate::world::World;
use guitu::access::AccessFile;
use std::path::Path;

fn wrong(text: &str) -> String {
    let ontology = World::seed().snapshot.ontology();
    let (_, wrong) = AccessFile::parse("access.toml", text, Path::new("/nowhere"), ontology);
    wrong.to_string()
}

fn says(text: &str, parts: &[&str]) {
    let told = wrong(text);
    for part in parts {
        assert!(told.contains(part), "`{part}` is not said:\n{told}");
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    says(
        "anonymus = []\nanonymous = [\"raeder\"]\n\n[roles.reader]\nadmim = true\n[roles.reader.read]\nConuty = true\n\"*\" = '{ key: { eq: \"a\" } }'\nCity = 3\n",
        &[
            "access.toml:1:1: `anonymus` means nothing here\n  did you mean `anonymous`?",
            "access.toml:2:14: there is no role `raeder`\n  did you mean `reader`?",
            "access.toml:5:1: `admim` means nothing here\n  did you mean `admin`?",
            "access.toml:7:1: there is no node type, interface or relationship type `Conuty`\n  did you mean `County`?",
            "access.toml:8:7: this is of the kind string\n  write true or false",
            "access.toml:9:8: this is of the kind integer",
        ],
    );
    says(
        "roles = 3",
        &["access.toml:1:9: this is of the kind integer"],
    );
    says("[roles", &["access.toml:1:"]);
}

#[test]
fn conditions_are_checked_before_anybody_asks() {
    let snapshot = &World::seed().snapshot;
    let text = "[roles.reader.read]\nCounty = '{ nmae: { eq: \"a\" } }'\nCity = '{ key: { eq: 3 } }'\nTown = '{}) { id } cities(where: {}'\n";
    let policy = policy(text, snapshot);
    let engine = World::over(snapshot.clone()).engine;
    let told = engine.guarded(policy).err().unwrap().to_string();
    for part in [
        "access.toml:2:10: roles.reader.read.County: ",
        "nmae",
        "access.toml:3:8: roles.reader.read.City",
        "access.toml:4:8: roles.reader.read.Town: the condition is more than one value",
    ] {
        assert!(told.contains(part), "`{part}` is not said:\n{told}");
    }
}

#[test]
fn the_more_special_rule_stands_and_roles_add_up() {
    let world = World::seed();
    let text = "[roles.a.read]\nSubject = true\nPlace = false\nCounty = '{ key: { eq: \"puning\" } }'\n[roles.b.read]\nCity = true\n[roles.root]\nadmin = true\n";
    let policy = policy(text, &world.snapshot);
    let engine = guarded(&world.snapshot, &policy);
    let counts = "{ a: countiesConnection { totalCount } b: citiesConnection { totalCount } c: personsConnection { totalCount } d: sourcesConnection { totalCount } }";
    let seen = |roles: &[&str]| {
        let context = somebody(policy.roles_named(roles.iter().copied()));
        let answer = ask(&engine, counts, &context);
        ["a", "b", "c", "d"].map(|field| answer["data"][field]["totalCount"].as_u64().unwrap())
    };
    let all = world.data(counts);
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|field| all[field]["totalCount"].as_u64().unwrap());
    assert!(a > 1 && b > 1 && c > 0 && d > 0);
    assert_eq!(seen(&["a"]), [1, 0, c, 0]);
    assert_eq!(seen(&["b"]), [0, b, 0, 0]);
    assert_eq!(seen(&["a", "b"]), [1, b, c, 0]);
    assert_eq!(seen(&["root", "b"]), [a, b, c, d]);
    assert_eq!(seen(&[]), [0, 0, 0, 0]);
}

#[test]
fn where_nobody_is_known_nothing_is_seen() {
    let world = World::seed();
    let policy = policy("[roles.root]\nadmin = true\n", &world.snapshot);
    let engine = guarded(&world.snapshot, &policy);
    let answer = ask(
        &engine,
        "{ countiesConnection { totalCount } }",
        &crate::world::context(),
    );
    assert_eq!(answer["data"]["countiesConnection"]["totalCount"], 0);
}

#[test]
fn the_documented_rules_are_right() {
    let world = World::seed();
    let text = std::fs::read_to_string(crate::world::root().join("docs/access.md")).unwrap();
    let policy = policy(crate::cases::block(&text, "toml").unwrap(), &world.snapshot);
    let engine = guarded(&world.snapshot, &policy);
    let context = somebody(policy.roles_named(["reader"]));
    let answer = ask(&engine, "{ persons { id } counties { id } }", &context);
    assert_eq!(answer["data"]["persons"].as_array().unwrap().len(), 0);
    assert!(!answer["data"]["counties"].as_array().unwrap().is_empty());
    let county = "{ counties(where: {partOf: {key: {eq: \"jieyang\"}}}) { key } }";
    assert!(
        !world.data(county)["counties"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}
