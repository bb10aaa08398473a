//! Are aggregates and groups of every kind of connection what the contract says? Those of root fields,
//! of edges, of relationships and of closures, with `having`, `sort` and `nodes` made by chance.

use super::chance::{Chance, Edge, Kind};
use super::groups::{combined, keys, selection};
use super::reference::{Plain, edge_id, id, of_link, sorted};
use super::together::{fulfil, sorted_by, statistic_of};
use super::{load, worlds_over};
use crate::world::World;
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A connection: its field, whose parts are measured as those of this field, and what its types are
/// called.
type Asked = (&'static str, &'static str, &'static str);

const ASKED: &[Asked] = &[
    ("as", "knows", "A"),
    ("bs", "likes", "B"),
    ("things", "children", "Thing"),
    ("likes", "", "Like"),
    ("knows", "", "Know"),
    ("a/likes", "likesConnection", "LikeB"),
    ("a/knows", "knowsConnection", "KnowA"),
    ("a/next", "nextConnection", "RelationshipThing"),
    ("a/reach", "reachConnection", "Thing"),
    ("b/likedBy", "likedByConnection", "LikeA"),
];

/// An edge and the node that it leads to; of a connection of edges the edge twice.
type Item<'p> = (&'p Value, &'p Value);

/// Asks the same worlds the same questions at every run; `GUITU_SEEDS=10000` asks more.
#[test]
fn aggregates_and_groups_of_all_connections_are_those_of_the_reference() {
    let seeds = std::env::var("GUITU_SEEDS").ok();
    let seeds = seeds.and_then(|n| n.parse().ok()).unwrap_or(60);
    let mut several = 0;
    for seed in 0..seeds {
        let mut chance = Chance(seed);
        let plain = chance.world();
        let worlds = worlds_over(load(&plain), seed);
        for asked in ASKED {
            let Some((items, start)) = items(&mut chance, &plain, asked.0) else {
                continue;
            };
            let question = Question::new(&mut chance, *asked, start);
            several += usize::from(question.check(&plain, &items, &worlds, seed) > 1);
        }
    }
    assert!(several > seeds as usize, "hardly any question has groups");
}

/// What a connection has, and whose it is.
fn items<'p>(
    chance: &mut Chance,
    plain: &'p Plain,
    field: &str,
) -> Option<(Vec<Item<'p>>, String)> {
    let nodes = |kind: &str| -> Vec<&'p Value> {
        let all = plain.nodes.iter();
        all.filter(|node| kind == "Thing" || node["type"] == *kind)
            .collect()
    };
    let alone = |of: Vec<&'p Value>| of.into_iter().map(|each| (each, each)).collect();
    let edges = |kind: &str| plain.edges.iter().filter(|e| e["type"] == *kind).collect();
    let found = match field.split_once('/') {
        None => match field {
            "likes" | "knows" => alone(edges(&field.to_uppercase())),
            "things" => alone(nodes("Thing")),
            _ => alone(nodes(&field[..1].to_uppercase())),
        },
        Some((of, field)) => {
            let starts = nodes(&of.to_uppercase());
            let start = starts.get(chance.below(starts.len().max(1) as u64) as usize)?;
            let found = match field {
                "reach" => alone(plain.members(start, field)),
                _ => plain.links(start, field),
            };
            return Some((found, id(start)));
        }
    };
    Some((found, "?".to_owned()))
}

struct Question {
    asked: Asked,
    start: String,
    fields: Value,
    having: Value,
    sort: Value,
    nodes: usize,
    measured: [Value; 3],
}

impl Question {
    fn new(chance: &mut Chance, asked: Asked, start: String) -> Self {
        let fields = chance.fields(asked);
        let mut having = json!({});
        if chance.often() {
            let mut parts = chance.condition_on(asked);
            for part in ["count", "node", "edge"] {
                let Some(wanted) = parts.get_mut(part).map(Value::take) else {
                    continue;
                };
                match part {
                    "count" => having[part] = wanted,
                    _ => having["aggregate"][part] = wanted,
                }
            }
            if chance.below(4) == 0 {
                having = json!({ "NOT": having });
            }
        }
        let sort = (0..chance.below(3)).map(|_| chance.group_order(asked, &fields));
        Self {
            asked,
            start,
            sort: sort.collect(),
            fields,
            having,
            nodes: chance.below(4) as usize,
            measured: [(); 3].map(|()| chance.measured_part(asked)),
        }
    }

    fn text(&self) -> String {
        let (field, _, name) = self.asked;
        let measured = self.measured.iter().map(|by| {
            let (part, name, statistic) = path(by);
            format!("{part} {{ {name} {{ {statistic} }} }}")
        });
        let measured = measured.collect::<Vec<_>>().join(" ");
        let ask = |field: &str| {
            format!(
                "x: {field}Connection(first: 1) {{ totalCount aggregate {{ count {measured} }}
                groupBy(fields: $f, having: $h, sort: $s) {{ key {} count aggregate {{ count {measured} }}
                nodes(limit: {}) {{ id }} }} }}",
                selection(&self.fields),
                self.nodes
            )
        };
        // All edge types without properties share what measures the nodes.
        let having = name.trim_start_matches("Relationship");
        let head =
            format!("query($f: {name}GroupFields!, $h: {having}GroupWhere, $s: [{name}GroupSort!]");
        match field.split_once('/') {
            Some((of, field)) => {
                format!(
                    "{head}, $i: ID!) {{ y: {of}(id: $i) {{ {} }} }}",
                    ask(field)
                )
            }
            None => format!("{head}) {{ {} }}", ask(field)),
        }
    }

    fn check(
        &self,
        plain: &Plain,
        items: &[Item<'_>],
        worlds: &[(&str, World)],
        seed: u64,
    ) -> usize {
        let mut variables = json!({"f": self.fields, "h": self.having, "s": self.sort});
        if self.asked.0.contains('/') {
            variables["i"] = self.start.clone().into();
        }
        let groups = self.groups(plain, items);
        for (name, world) in worlds {
            let answer = world.ask(&self.text(), Some(&variables.to_string()));
            let told = || {
                format!(
                    "seed {seed}, {name}\n{variables}\n{}\n{answer:#}\nnodes {}\nedges {}",
                    self.text(),
                    Value::from(plain.nodes.clone()),
                    Value::from(plain.edges.clone())
                )
            };
            assert!(answer.get("errors").is_none(), "{}", told());
            let found = &answer["data"].get("y").unwrap_or(&answer["data"])["x"];
            assert_eq!(found["totalCount"], items.len(), "{}", told());
            assert!(self.says(&found["aggregate"], items), "{}", told());
            let shown = found["groupBy"].as_array().expect("groups");
            assert_eq!(shown.len(), groups.len(), "{}", told());
            let mut before: Option<&Vec<Item<'_>>> = None;
            let mut keys = Vec::new();
            for group in shown {
                let key = group["key"].to_string();
                let items = groups
                    .get(&key)
                    .unwrap_or_else(|| panic!("{key}\n{}", told()));
                assert_eq!(group["count"], items.len(), "{key} {}", told());
                assert!(self.says(&group["aggregate"], items), "{key} {}", told());
                assert_eq!(group["nodes"], self.shown(items), "{key} {}", told());
                if let Some(before) = before {
                    let order = self.order((before, &keys[keys.len() - 1]), (items, &group["key"]));
                    assert!(order.is_le(), "order at {key} {}", told());
                }
                before = Some(items);
                keys.push(group["key"].clone());
            }
        }
        groups.len()
    }

    /// The groups that `having` leaves, by their keys.
    fn groups<'p>(&self, plain: &Plain, items: &[Item<'p>]) -> BTreeMap<String, Vec<Item<'p>>> {
        let mut groups: BTreeMap<String, Vec<Item<'p>>> = BTreeMap::new();
        for item in items {
            for key in self.keys(plain, *item) {
                groups.entry(key.to_string()).or_default().push(*item);
            }
        }
        groups.retain(|_, items| holds(items, &self.having) == Some(true));
        groups
    }

    fn keys(&self, plain: &Plain, (edge, node): Item<'_>) -> Vec<Value> {
        if !self.has_parts() {
            return keys(plain, Some(node), &self.fields);
        }
        combined(&self.fields, |part, by| {
            let of = if part == "node" { node } else { edge };
            let found = keys(plain, Some(of), by);
            found.into_iter().map(super::groups::some).collect()
        })
    }

    /// Whether it is of a relationship, whose nodes and edges are asked for apart.
    fn has_parts(&self) -> bool {
        self.asked.0.contains('/') && !self.asked.0.ends_with("reach")
    }

    fn says(&self, aggregate: &Value, items: &[Item<'_>]) -> bool {
        aggregate["count"] == items.len()
            && self.measured.iter().all(|by| {
                let (part, name, statistic) = path(by);
                let values = items.iter().map(|item| of_link(*item, part, name));
                same(
                    &aggregate[part][name][statistic],
                    &statistic_of(values, statistic),
                )
            })
    }

    /// The first records of a group, each once.
    fn shown(&self, items: &[Item<'_>]) -> Value {
        let edges = matches!(self.asked.0, "likes" | "knows");
        let mut nodes: Vec<_> = items.iter().map(|(_, node)| *node).collect();
        nodes.sort_by_key(|node| match edges {
            true => [&node["source"], &node["target"], &node["kind"]].map(Value::to_string),
            false => [id(node), String::new(), String::new()],
        });
        let ids = nodes
            .into_iter()
            .map(|node| if edges { edge_id(node) } else { id(node) });
        let mut ids: Vec<String> = ids.collect();
        ids.dedup();
        ids.truncate(self.nodes);
        ids.into_iter().map(|id| json!({ "id": id })).collect()
    }

    fn order(&self, a: (&Vec<Item<'_>>, &Value), b: (&Vec<Item<'_>>, &Value)) -> Ordering {
        let keys = self.sort.as_array().into_iter().flatten();
        let mut orders = keys.map(|key| {
            let place = |(items, shown): (&Vec<Item<'_>>, &Value)| match key.get("key") {
                Some(tree) => {
                    let (mut value, mut tree) = (shown.clone(), tree);
                    while let Some((name, below)) = tree.as_object().and_then(|t| t.iter().next()) {
                        value = value.get(name).cloned().unwrap_or_default();
                        tree = below;
                    }
                    (value, tree.clone())
                }
                None => {
                    let by = key.get("aggregate").unwrap_or(key);
                    let (value, how) = sorted_by(items, by, of_link);
                    (value, how.clone())
                }
            };
            let ((a, how), (b, _)) = (place(a), place(b));
            sorted(a, b, &how)
        });
        orders
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }
}

/// Whether a group fulfils a `having`.
fn holds(items: &[Item<'_>], having: &Value) -> Option<bool> {
    if let Some(inner) = having.get("NOT") {
        return holds(items, inner).map(|truth| !truth);
    }
    let mut parts = having
        .get("aggregate")
        .cloned()
        .unwrap_or_else(|| json!({}));
    if let Some(count) = having.get("count") {
        parts["count"] = count.clone();
    }
    fulfil(items, &parts, &of_link)
}

/// The part, the name and the statistic of a measure.
fn path(by: &Value) -> (&str, &str, &str) {
    let mut entries = by
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let mut next = || entries.next().unwrap_or_default();
    (next(), next(), next())
}

/// Whether values are the same: numbers that are texts too, sums of fractions nearly.
fn same(found: &Value, expected: &Value) -> bool {
    let Some(expected) = expected.as_f64() else {
        return found == expected;
    };
    let parsed = found.as_str().and_then(|text| text.parse().ok());
    let found = found.as_f64().or(parsed);
    found.is_some_and(|found: f64| (found - expected).abs() <= 1e-9 * expected.abs().max(1.0))
}

impl Chance {
    fn fields(&mut self, (field, _, name): Asked) -> Value {
        let node = match (field, name) {
            ("likes" | "knows", _) => return self.edge_fields(name),
            ("a/reach", _) => return self.group_fields(Kind::Thing, 1),
            (_, "A") => return self.group_fields(Kind::A, 2),
            (_, "B") => return self.group_fields(Kind::B, 2),
            (_, "Thing") => return self.group_fields(Kind::Thing, 2),
            (_, "LikeB") => Kind::B,
            (_, "RelationshipThing") => Kind::Thing,
            _ => Kind::A,
        };
        let mut fields = json!({});
        let has_edge = !name.starts_with("Relationship");
        if self.often() || !has_edge {
            fields["node"] = self.group_fields(node, 1);
        }
        if has_edge && (self.often() || fields.get("node").is_none()) {
            fields["edge"] = self.edge_fields(&name[..4]);
        }
        fields
    }

    fn edge_fields(&mut self, name: &str) -> Value {
        let edge = if name == "Like" {
            Edge::Like
        } else {
            Edge::Know
        };
        let mut fields = json!({});
        for _ in 0..1 + self.below(2) {
            match (self.below(4), edge == Edge::Like) {
                (0, _) => fields["source"] = self.group_fields(Kind::A, 0),
                (1, true) => fields["target"] = self.group_fields(Kind::B, 1),
                (2, true) => fields["since"] = json!(self.pick(&["EXACT", "YEAR", "MONTH"])),
                (3, true) => fields["kind"] = true.into(),
                _ => fields["weight"] = true.into(),
            }
        }
        fields
    }

    /// The part, the name and the statistic of something that can be measured.
    fn measured_part(&mut self, (field, like, name): Asked) -> Value {
        loop {
            let of = match (like, name) {
                ("", "Like") => "likesConnection",
                ("", _) => "knowsConnection",
                _ => like,
            };
            let (part, name, statistic) = self.measure(of);
            match (part, matches!(field, "likes" | "knows")) {
                ("edge", true) => return json!(["node", name, statistic]),
                (_, true) => {}
                _ => return json!([part, name, statistic]),
            }
        }
    }

    fn condition_on(&mut self, asked: Asked) -> Value {
        let mut condition = json!({});
        if self.below(2) == 0 {
            let operator = self.pick(&["eq", "ne", "lt", "lte", "gt", "gte"]);
            condition["count"] = json!({ operator: self.below(3) });
        }
        for _ in 0..self.below(3) {
            let by = self.measured_part(asked);
            let (part, name, statistic) = path(&by);
            let test = self.test_of(name, statistic);
            // Fractions depend on the order of what is summed.
            if statistic != "stddev" {
                condition[part][name][statistic] = test;
            }
        }
        condition
    }

    fn group_order(&mut self, asked: Asked, fields: &Value) -> Value {
        let turn = self.turn();
        match self.below(3) {
            0 => json!({ "count": turn }),
            1 => json!({ "key": self.key_order(fields, &turn) }),
            _ => {
                let by = self.measured_part(asked);
                let (part, name, statistic) = path(&by);
                match statistic {
                    "stddev" => json!({ "count": turn }),
                    _ => json!({"aggregate": { part: { name: { statistic: turn } } }}),
                }
            }
        }
    }

    /// One of the values of a key.
    fn key_order(&mut self, fields: &Value, turn: &Value) -> Value {
        let fields: Vec<_> = fields.as_object().into_iter().flatten().collect();
        let (name, by) = fields[self.below(fields.len() as u64) as usize];
        match by.is_object() {
            true => json!({ name: self.key_order(by, turn) }),
            false => json!({ name: turn }),
        }
    }
}
