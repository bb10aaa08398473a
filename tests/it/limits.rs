//! Does every limit stop what it is there to stop? By counts of work and bytes, never by the clock.

use crate::world::World;
use guitu::api::engine::EngineLimits;
use serde_json::{Value, json};

fn film(cost: u64, answer: usize) -> World {
    let limits = EngineLimits {
        cost,
        answer,
        ..EngineLimits::default()
    };
    World::limited(World::film().snapshot.clone(), limits)
}

#[track_caller]
fn is_refused(answer: &Value, limit: &str) {
    let error = &answer["errors"][0];
    assert_eq!(error["extensions"]["code"], "LIMIT_EXCEEDED", "{answer:#}");
    let message = error["message"].as_str().unwrap_or_default();
    assert!(message.contains(&format!("`{limit}`")), "{message}");
    assert!(error["extensions"]["hint"].is_string(), "{answer:#}");
    assert!(answer["data"].is_null());
}

/// What a query asks within a budget it is given, and not within one unit less than it needs.
#[test]
fn the_cost_limit_stops_every_kind_of_work() {
    let ids: Vec<_> = (0..500).map(|at| format!("\"Film:{at}\"")).collect();
    let conditions = "{ minutes: { gt: 999 } }, ".repeat(300);
    let queries = [
        (
            "filters",
            "{ films(where: { minutes: { gt: 1 } }) { id } }".to_owned(),
            24,
        ),
        (
            "sorts",
            "{ people(sort: [{ born: ASC }, { gender: ASC }]) { id } }".to_owned(),
            60,
        ),
        ("closures", "{ works { prequels { id } } }".to_owned(), 14),
        (
            "quantifiers",
            "{ people(where: { roles: { all: { title: { contains: \"o\" } } } }) { id } }"
                .to_owned(),
            40,
        ),
        (
            "counts",
            "{ people(sort: [{ rolesConnection: { by: { count: ASC } } }]) { id } }".to_owned(),
            50,
        ),
        (
            "citations",
            "{ sources { citedBy { totalCount } } }".to_owned(),
            60,
        ),
        (
            "references",
            "{ films { references { source { id } } } }".to_owned(),
            18,
        ),
        (
            "ends of edges",
            "{ roles { source { id } target { id } } }".to_owned(),
            60,
        ),
        (
            "long lists of ids",
            format!("{{ nodes(ids: [{}]) {{ id }} }}", ids.join(", ")),
            500,
        ),
        (
            "alternatives",
            format!("{{ films(where: {{ OR: [{conditions}] }}) {{ id }} }}"),
            3000,
        ),
        (
            "indexes",
            "{ films(where: { keywords: { gte: \"\" } }) { id } }"
                .replace("gte: \"\"", "includesAny: [\"mafia\", \"time travel\"]"),
            5,
        ),
        (
            "look-ups",
            "{ a: film(key: \"x\") { id } b: film(key: \"y\") { id } c: node(id: \"x:y\") { id } }"
                .to_owned(),
            2,
        ),
    ];
    for (what, query, least) in queries {
        let answer = film(1_000_000, 1 << 20).ask(&query, None);
        assert!(answer.get("errors").is_none(), "{what}: {answer:#}");
        is_refused(&film(least, 1 << 20).ask(&query, None), "cost");
    }
}

#[test]
fn the_answer_limit_counts_records_nulls_and_errors() {
    let nulls = "\"x\", ".repeat(400);
    let failing = "\"Film:moon\", ".repeat(100);
    let texts: String = (0..100).map(|at| format!("t{at}: title ")).collect();
    for query in [
        "{ films { title genres keywords } people { name } }".to_owned(),
        format!("{{ nodes(ids: [{nulls}]) {{ id }} }}"),
        format!("{{ nodes(ids: [{failing}]) {{ ... on Film {{ cast(limit: -1) {{ id }} }} }} }}"),
        format!("{{ film(key: \"titanic\") {{ {texts} }} }}"),
    ] {
        is_refused(&film(1_000_000, 1_000).ask(&query, None), "answer size");
        let answer = film(1_000_000, 100_000).ask(&query, None);
        assert!(!answer["data"].is_null(), "{answer:#}");
    }
}

#[test]
fn the_same_field_two_thousand_times_stays_within_limits() {
    let fields = |one: &str, count: usize| -> String {
        (0..count).map(|at| format!("a{at}: {one} ")).collect()
    };
    let counts = format!("{{ {} }}", fields("revision", 1_990));
    let answer = World::film().ask(&counts, None);
    assert_eq!(
        answer["data"].as_object().map(serde_json::Map::len),
        Some(1_990)
    );
    // All of them together spend one budget.
    let scans = fields(
        "filmsConnection(where: { minutes: { gt: 1 } }) { totalCount }",
        900,
    );
    is_refused(
        &film(10_000, 1 << 20).ask(&format!("{{ {scans} }}"), None),
        "cost",
    );
    // And hold one store of arguments.
    let list: Vec<_> = (0..100_000).map(|at| at.to_string()).collect();
    let variables = json!({ "list": list }).to_string();
    let one = fields(
        "filmsConnection(where: { key: { in: $list } }) { totalCount }",
        1,
    );
    let answer = World::film().ask(
        &format!("query($list: [String!]) {{ {one} }}"),
        Some(&variables),
    );
    assert_eq!(answer["data"]["a0"]["totalCount"], 0);
    let many = fields(
        "filmsConnection(where: { key: { in: $list } }) { totalCount }",
        900,
    );
    let answer = World::film().ask(
        &format!("query($list: [String!]) {{ {many} }}"),
        Some(&variables),
    );
    is_refused(&answer, "argument parts");
}

#[test]
fn arguments_that_hold_too_much_are_refused() {
    let world = World::film();
    let nodes = "query($w: WorkWhere) { works(where: $w) { id } }";
    let empty: Vec<_> = (0..200_000).map(|_| json!({})).collect();
    is_refused(
        &world.ask(nodes, Some(&json!({"w": {"OR": empty}}).to_string())),
        "argument parts",
    );
    let keys: Vec<_> = (0..21).map(|_| json!({"title": "ASC"})).collect();
    let sort = "query($s: [WorkSort!]) { works(sort: $s) { id } }";
    is_refused(
        &world.ask(sort, Some(&json!({ "s": keys }).to_string())),
        "sort keys",
    );
    let tags: Vec<_> = (0..101).map(|at| at.to_string()).collect();
    let lang = "query($l: [String!]) { works { title(lang: $l) } }";
    is_refused(
        &world.ask(lang, Some(&json!({ "l": tags }).to_string())),
        "languages",
    );
    let patterns: Vec<_> = (0..51)
        .map(|at| json!({"title": {"matches": format!("{at}")}}))
        .collect();
    let answer = world.ask(nodes, Some(&json!({"w": {"OR": patterns}}).to_string()));
    is_refused(&answer, "regular expressions");
    let path = format!("{}id", "sequelOf.".repeat(100_000));
    let compare = json!({"w": {"compare": [{"field": path, "op": "EQ", "to": path}]}});
    is_refused(
        &world.ask(nodes, Some(&compare.to_string())),
        "argument parts",
    );
}

#[test]
fn a_regular_expression_that_would_grow_huge_is_refused() {
    let query = "query($p: String!) { films(where: { title: { matches: $p } }) { id } }";
    for pattern in ["((a{1,1000}){1,1000}){1,1000}", "\\pL{1000}{1000}"] {
        let answer = World::film().ask(query, Some(&json!({ "p": pattern }).to_string()));
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    }
    let long = json!({ "p": "a".repeat(10_001) }).to_string();
    is_refused(
        &World::film().ask(query, Some(&long)),
        "bytes of a regular expression",
    );
    let deep = format!("{}a{}", "(".repeat(4_000), ")".repeat(4_000));
    let answer = World::film().ask(query, Some(&json!({ "p": deep }).to_string()));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    // Quadratic where patterns backtrack; here one pass.
    let slow = json!({ "p": "(a|a)*(a|a)*(a|a)*b$" }).to_string();
    assert_eq!(
        World::film().ask(query, Some(&slow))["data"]["films"],
        json!([])
    );
}

#[test]
fn who_left_or_came_too_late_is_not_served() {
    let query = "{ films { id } }";
    for answer in [World::film().left(query), World::film().late(query)] {
        assert_eq!(
            answer["errors"][0]["extensions"]["code"], "TIMEOUT",
            "{answer:#}"
        );
    }
}
