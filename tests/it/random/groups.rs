//! Are groups what the contract says? Keys made by chance, over worlds made by chance, held against
//! nested loops.

use super::chance::{Chance, Kind};
use super::reference::{Plain, id, localized};
use super::{load, worlds_over};
use crate::world::World;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Asks the same worlds the same questions at every run; `GUITU_SEEDS=10000` asks more.
#[test]
fn groups_are_those_of_the_reference() {
    let seeds = std::env::var("GUITU_SEEDS").ok();
    let seeds = seeds.and_then(|n| n.parse().ok()).unwrap_or(60);
    let mut several = 0;
    for seed in 0..seeds {
        let mut chance = Chance(seed);
        let plain = chance.world();
        let worlds = worlds_over(load(&plain), seed);
        for _ in 0..10 {
            several += usize::from(check(seed, &mut chance, &plain, &worlds) > 1);
        }
    }
    assert!(several > seeds as usize, "hardly any question has groups");
}

fn check(seed: u64, chance: &mut Chance, plain: &Plain, worlds: &[(&'static str, World)]) -> usize {
    let fields = chance.group_fields(Kind::A, 2);
    let (filter, least) = (chance.filter(Kind::A, 2, plain), 1 + chance.below(2));
    let matching = plain.nodes.iter().filter(|node| node["type"] == "A");
    let matching = matching.filter(|node| plain.matches(node, &filter) == Some(true));
    let expected = expected(plain, matching, &fields, least);
    let text = format!(
        "query($w: AWhere, $f: AGroupFields!, $h: AGroupWhere, $n: Int) {{ x: asConnection(where: $w, first: 1) {{
            groupBy(fields: $f, having: $h, sort: [{{ count: DESC }}], first: $n) {{
            key {} count aggregate {{ node {{ size {{ sum min distinctCount }} }} }} nodes {{ id }} }} }} }}",
        selection(&fields)
    );
    let variables = json!({"w": filter, "f": fields, "h": {"count": {"gte": least}}});
    let ask = |world: &World, first: Option<usize>| {
        let mut variables = variables.clone();
        variables["n"] = json!(first);
        let answer = world.ask(&text, Some(&variables.to_string()));
        answer["data"]["x"]["groupBy"].clone()
    };
    let first = ask(&worlds[0].1, None);
    for (name, world) in worlds {
        let told = || {
            format!(
                "seed {seed}, {name}: {variables}\n{text}\n{:?}",
                plain.nodes
            )
        };
        let groups = ask(world, None);
        assert_eq!(groups, first, "{}", told());
        let mut found: Vec<String> = items(&groups).iter().map(Value::to_string).collect();
        let counts = items(&groups).iter().map(|group| group["count"].as_u64());
        assert!(counts.is_sorted_by(|a, b| a >= b), "{}", told());
        found.sort();
        assert_eq!(found, expected, "{}", told());
        let some = ask(world, Some(2));
        assert_eq!(
            items(&some),
            &items(&groups)[..found.len().min(2)],
            "{}",
            told()
        );
    }
    expected.len()
}

impl Chance {
    /// Some fields of a type to group by.
    pub fn group_fields(&mut self, of: Kind, depth: u64) -> Value {
        let (values, steps) = match of {
            Kind::A => (
                &["id", "size", "name", "word", "day", "tags"][..],
                &["parent", "next", "reach", "likes", "knows"][..],
            ),
            Kind::B => (&["key", "size", "word"][..], &["likedBy", "parent"][..]),
            Kind::Thing => (
                &["typename", "size", "name"][..],
                &["parent", "children"][..],
            ),
        };
        let mut fields = Map::new();
        for _ in 0..1 + self.below(2) {
            let name = self.pick(values);
            let by = match name {
                "day" => json!(self.pick(&["EXACT", "YEAR", "MONTH"])),
                _ => json!(true),
            };
            fields.insert(name.to_owned(), by);
        }
        if depth > 0 && self.below(2) == 0 {
            let name = self.pick(steps);
            let to = match name {
                "likes" => Kind::B,
                "knows" | "likedBy" => Kind::A,
                _ => Kind::Thing,
            };
            fields.insert(name.to_owned(), self.group_fields(to, depth - 1));
        }
        Value::Object(fields)
    }
}

/// The selection of a key.
pub fn selection(fields: &Value) -> String {
    let fields = fields.as_object().into_iter().flatten();
    let each = fields.map(|(name, by)| match by.is_object() {
        true => format!("{name} {}", selection(by)),
        false => name.clone(),
    });
    format!("{{ {} }}", each.collect::<Vec<_>>().join(" "))
}

fn expected<'p>(
    plain: &'p Plain,
    nodes: impl Iterator<Item = &'p Value>,
    fields: &Value,
    least: u64,
) -> Vec<String> {
    let mut groups: BTreeMap<String, (Value, Vec<&Value>)> = BTreeMap::new();
    for node in nodes {
        for key in keys(plain, Some(node), fields) {
            let group = groups.entry(key.to_string()).or_insert((key, Vec::new()));
            group.1.push(node);
        }
    }
    let groups = groups.into_values();
    let mut shown: Vec<String> = groups
        .filter(|(_, nodes)| nodes.len() as u64 >= least)
        .map(|(key, nodes)| group(key, nodes).to_string())
        .collect();
    shown.sort();
    shown
}

fn group(key: Value, mut nodes: Vec<&Value>) -> Value {
    let count = nodes.len();
    let mut sizes: Vec<i64> = nodes.iter().filter_map(|n| n["size"].as_i64()).collect();
    sizes.sort_unstable();
    let sum = (!sizes.is_empty()).then(|| sizes.iter().sum::<i64>().to_string());
    let min = sizes.first().copied();
    sizes.dedup();
    nodes.sort_by_key(|node| id(node));
    let ids: Value = nodes.iter().map(|node| json!({ "id": id(node) })).collect();
    json!({
        "key": key,
        "count": count,
        "aggregate": {"node": {"size": {"sum": sum, "min": min, "distinctCount": sizes.len()}}},
        "nodes": ids,
    })
}

/// The keys of a node or an edge (or of none), each once: every combination of the values of the fields.
pub fn keys(plain: &Plain, of: Option<&Value>, fields: &Value) -> Vec<Value> {
    combined(fields, |name, by| values(plain, of, name, by))
}

/// Every combination of the values of some fields.
pub fn combined(fields: &Value, values: impl Fn(&str, &Value) -> Vec<Value>) -> Vec<Value> {
    let mut found = vec![Map::new()];
    for (name, by) in fields.as_object().into_iter().flatten() {
        let values = values(name, by);
        let with = |key: &Map<String, Value>| -> Vec<Map<String, Value>> {
            let each = values.iter().map(|value| {
                let mut key = key.clone();
                key.insert(name.clone(), value.clone());
                key
            });
            each.collect()
        };
        found = found.iter().flat_map(with).collect();
    }
    found.into_iter().map(Value::Object).collect()
}

/// A part of a key; null if nothing in it has a value.
pub fn some(key: Value) -> Value {
    let is_null = |key: &Map<String, Value>| key.values().all(Value::is_null);
    match key.as_object().is_some_and(is_null) {
        true => Value::Null,
        false => key,
    }
}

/// The values of a field, each once; a part of which nothing has a value is null.
fn values(plain: &Plain, node: Option<&Value>, name: &str, by: &Value) -> Vec<Value> {
    let mut found = match (node, by.is_object()) {
        (None, false) => Vec::new(),
        (Some(node), false) => own(node, name, by),
        (node, true) => {
            let members = match (node, name) {
                (Some(edge), "source" | "target") => {
                    let end = edge[name].as_str().unwrap_or_default();
                    plain.node(end).into_iter().collect()
                }
                (Some(node), _) => plain.members(node, name),
                (None, _) => Vec::new(),
            };
            let each = members.into_iter().map(Some);
            each.flat_map(|to| keys(plain, to, by)).map(some).collect()
        }
    };
    found.sort_by_key(Value::to_string);
    found.dedup();
    if found.is_empty() {
        found.push(Value::Null);
    }
    found
}

fn own(node: &Value, name: &str, by: &Value) -> Vec<Value> {
    let value = match name {
        "id" => json!(id(node)),
        "typename" => node["type"].clone(),
        "name" => localized(node, &["en", "fr", "zh"]),
        _ => node[name].clone(),
    };
    match (value, by.as_str()) {
        (Value::Array(items), _) => items,
        (Value::String(date), Some("YEAR")) => vec![json!(date[..4])],
        (Value::String(date), Some("MONTH")) => vec![json!(date[..date.len().min(7)])],
        (value, _) => vec![value],
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |items| items)
}
