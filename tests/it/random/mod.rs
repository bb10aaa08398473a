//! Does the engine, with its plans and without, over a graph in one piece and in layers, answer as
//! the contract says? Small worlds and
//! questions made by chance, held against a naive evaluation of the same question.

pub mod chance;
mod groups;
mod measures;
mod reference;
mod together;

use crate::overlay::layered;
use crate::world::{World, root};
use chance::{Chance, Edge, Kind};
use guitu::ontology::Ontology;
use reference::{Plain, edge_id, id};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

/// Asks the same worlds the same questions at every run; `GUITU_SEEDS=10000` asks more.
#[test]
fn plans_and_scans_answer_as_the_reference() {
    ask_worlds(Question::any);
}

/// The same of questions that each filter and sort by the links of one field.
#[test]
fn links_taken_together_answer_as_the_reference() {
    ask_worlds(Question::of_links);
}

fn ask_worlds(question: fn(&mut Chance, &Plain) -> Question) {
    let seeds = std::env::var("GUITU_SEEDS").ok();
    let seeds = seeds.and_then(|n| n.parse().ok()).unwrap_or(60);
    for seed in 0..seeds {
        let mut chance = Chance(seed);
        let plain = chance.world();
        let worlds = worlds_over(load(&plain), seed);
        for _ in 0..20 {
            let question = question(&mut chance, &plain);
            question.check(seed, &mut chance, &plain, &worlds);
        }
    }
}

/// A world with plans and without, in one piece and in layers.
fn worlds_over(world: World, seed: u64) -> [(&'static str, World); 4] {
    let layers = Arc::new(layered(&world.snapshot, seed));
    [
        ("naive", World::over(world.snapshot.clone()).naive()),
        ("planned", world),
        ("in layers", World::over(layers.clone())),
        ("in layers, naive", World::over(layers).naive()),
    ]
}

fn load(plain: &Plain) -> World {
    static ONTOLOGY: OnceLock<Arc<Ontology>> = OnceLock::new();
    let ontology = ONTOLOGY.get_or_init(|| {
        let path = "tests/it/random/schema.graphql";
        let sdl = std::fs::read_to_string(root().join(path)).expect("the ontology");
        Arc::new(Ontology::parse(path, &sdl).unwrap_or_else(|wrong| panic!("{wrong}")))
    });
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("world.ndjson");
    let mut lines = String::new();
    for record in plain.nodes.iter().chain(&plain.edges) {
        let _ = writeln!(lines, "{record}");
    }
    std::fs::write(&path, lines).expect("a file");
    World::of(ontology.clone(), &[path])
}

/// What is asked for: the field, the types of its arguments, the arguments.
struct Question {
    field: &'static str,
    types: [&'static str; 2],
    filter: Value,
    sort: Value,
    /// Of a relationship: whose.
    start: Option<String>,
}

impl Question {
    fn any(chance: &mut Chance, plain: &Plain) -> Self {
        let field = chance.pick(&[
            "as",
            "as",
            "bs",
            "things",
            "things",
            "likes",
            "knows",
            "a/likes",
            "a/knows",
            "a/next",
            "a/reach",
            "b/likedBy",
        ]);
        let kind = match field {
            "as" | "a/knows" | "b/likedBy" => Kind::A,
            "bs" | "a/likes" => Kind::B,
            _ => Kind::Thing,
        };
        let starts: Vec<_> = plain
            .nodes
            .iter()
            .filter(|n| {
                field.starts_with(&format!(
                    "{}/",
                    n["type"].as_str().unwrap_or_default().to_lowercase()
                ))
            })
            .map(id)
            .collect();
        let start = (!starts.is_empty())
            .then(|| starts[chance.below(starts.len() as u64) as usize].clone());
        let (types, filter, sort) = match field {
            "likes" => (
                ["LikeWhere", "[LikeSort!]"],
                chance.edge_filter(Edge::Like, 3, plain),
                edge_order(chance),
            ),
            "knows" => (
                ["KnowWhere", "[KnowSort!]"],
                chance.edge_filter(Edge::Know, 3, plain),
                json!([]),
            ),
            _ => {
                let types = match (field, kind) {
                    ("a/likes", _) => ["LikeBWhere", "[LikeBSort!]"],
                    ("a/knows", _) => ["KnowAWhere", "[KnowASort!]"],
                    ("a/next", _) => ["NextThingWhere", "[NextThingSort!]"],
                    ("b/likedBy", _) => ["LikeAWhere", "[LikeASort!]"],
                    (_, Kind::A) => ["AWhere", "[ASort!]"],
                    (_, Kind::B) => ["BWhere", "[BSort!]"],
                    (_, Kind::Thing) => ["ThingWhere", "[ThingSort!]"],
                };
                (
                    types,
                    chance.filter(kind, 4, plain),
                    chance.order(kind, 1, plain),
                )
            }
        };
        let filter = if chance.below(8) == 0 {
            Value::Null
        } else {
            filter
        };
        Self {
            field,
            types,
            filter,
            sort,
            start,
        }
    }

    fn of_links(chance: &mut Chance, plain: &Plain) -> Self {
        let (field, kind, types) = chance.pick(&[
            ("as", Kind::A, ["AWhere", "[ASort!]"]),
            ("as", Kind::A, ["AWhere", "[ASort!]"]),
            ("bs", Kind::B, ["BWhere", "[BSort!]"]),
            ("things", Kind::Thing, ["ThingWhere", "[ThingSort!]"]),
        ]);
        Self {
            field,
            types,
            filter: chance.about_links(kind, plain),
            sort: chance.order_by_links(kind, plain),
            start: None,
        }
    }

    /// The ids of everything that matches, in order.
    fn expected(&self, plain: &Plain) -> Option<Vec<String>> {
        if matches!(self.field, "likes" | "knows") {
            return Some(self.expected_edges(plain));
        }
        let mut nodes: Vec<&Value> = match (self.field.split_once('/'), &self.start) {
            (Some((_, field)), Some(start)) => {
                let start = plain.nodes.iter().find(|node| id(node) == *start)?;
                match field {
                    "reach" => plain.members(start, field),
                    _ => plain.links(start, field).iter().map(|l| l.1).collect(),
                }
            }
            (Some(_), None) => return None,
            _ => plain
                .nodes
                .iter()
                .filter(|n| self.field == "things" || n["type"] == *self.field[..1].to_uppercase())
                .collect(),
        };
        nodes.retain(|node| plain.matches(node, &self.filter) == Some(true));
        nodes.sort_by(|a, b| plain.order(a, b, &self.sort));
        Some(nodes.into_iter().map(id).collect())
    }

    fn expected_edges(&self, plain: &Plain) -> Vec<String> {
        let name = self.field.to_uppercase();
        let mut edges: Vec<_> = plain
            .edges
            .iter()
            .filter(|edge| edge["type"] == *name)
            .collect();
        edges.retain(|edge| plain.edge_matches(edge, &self.filter) == Some(true));
        let place = |edge: &Value| {
            (
                edge["source"].to_string(),
                edge["target"].to_string(),
                edge["kind"].to_string(),
            )
        };
        edges.sort_by(|a, b| {
            let orders = self.sort.as_array().into_iter().flatten();
            let mut orders = orders.map(|key| compare_edges(a, b, key));
            let order = orders.find(|order| order.is_ne());
            order.unwrap_or_else(|| place(a).cmp(&place(b)))
        });
        edges.into_iter().map(edge_id).collect()
    }

    fn check(&self, seed: u64, chance: &mut Chance, plain: &Plain, worlds: &[(&str, World)]) {
        let Some(expected) = self.expected(plain) else {
            return;
        };
        let whole = self.ask(&worlds[0].1, &json!({}));
        let cursors: Vec<_> = list(&whole["edges"])
            .iter()
            .map(|e| e["cursor"].clone())
            .collect();
        let mut page = json!({});
        for name in ["first", "last"] {
            if chance.below(2) == 0 {
                page[name] = chance.below(expected.len() as u64 + 2).into();
            }
        }
        for name in ["after", "before"] {
            if chance.below(3) == 0 && !cursors.is_empty() {
                page[name] = cursors[chance.below(cursors.len() as u64) as usize].clone();
            }
        }
        let shown = shown(&page, &cursors, expected.len());
        let mut distinct = expected.clone();
        distinct.dedup();
        for (name, world) in worlds {
            let told = || {
                format!(
                    "seed {seed}, {name}: {} {}\nsort {}\npage {page}\nnodes {}\nedges {}\n{}",
                    self.field,
                    self.filter,
                    self.sort,
                    Value::from(plain.nodes.clone()),
                    Value::from(plain.edges.clone()),
                    world.explain(&self.text(), Some(&self.variables(&json!({})).to_string()))
                )
            };
            let answer = self.ask(world, &json!({}));
            assert_eq!(ids(&answer), expected, "{}", told());
            assert_eq!(answer["totalCount"], expected.len(), "{}", told());
            let answer = self.ask(world, &page);
            assert_eq!(ids(&answer), expected[shown.clone()], "{}", told());
            let info = json!({"hasNextPage": shown.end < expected.len(), "hasPreviousPage": shown.start > 0});
            assert_eq!(answer["pageInfo"], info, "{}", told());
            let only = self.ask_for(world, &page, "pageInfo { hasNextPage hasPreviousPage }");
            assert_eq!(only["pageInfo"], info, "alone: {}", told());
            let nodes = self.ask_for(world, &page, "edges { node { id } }");
            assert_eq!(ids(&nodes), expected[shown.clone()], "alone: {}", told());
            let (limit, offset) = (chance.below(4), chance.below(3));
            let listed: Vec<_> = distinct
                .iter()
                .skip(offset as usize)
                .take(limit as usize)
                .collect();
            let list = self.list(world, limit, offset);
            assert_eq!(list, json!(listed), "{offset}, {limit} listed: {}", told());
        }
    }

    /// The ids that the list form gives, which has each neighbour once.
    fn list(&self, world: &World, limit: u64, offset: u64) -> Value {
        let ask = |field: &str| {
            format!("x: {field}(where: $w, sort: $s, limit: {limit}, offset: {offset}) {{ id }}")
        };
        let of = match self.types[0] {
            "LikeBWhere" => "B",
            "LikeAWhere" | "KnowAWhere" => "A",
            "NextThingWhere" => "Thing",
            filter => filter.trim_end_matches("Where"),
        };
        let head = format!("query($w: {of}Where, $s: [{of}Sort!], $i: ID!)");
        let text = match self.field.split_once('/') {
            Some((of, field)) => format!("{head} {{ y: {of}(id: $i) {{ {} }} }}", ask(field)),
            None => format!("{head} {{ {} i: node(id: $i) {{ id }} }}", ask(self.field)),
        };
        let variables = json!({"w": self.filter, "s": self.sort, "i": self.start.clone().unwrap_or("?".into())});
        let answer = world.ask(&text, Some(&variables.to_string()));
        let found = answer["data"].get("y").unwrap_or(&answer["data"])["x"].clone();
        list(&found).iter().map(|each| each["id"].clone()).collect()
    }

    fn text(&self) -> String {
        self.text_for(
            "totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor node { id } }",
        )
    }

    fn text_for(&self, what: &str) -> String {
        let head = format!(
            "query($w: {}, $s: {}, $i: ID!, $first: Int, $after: String, $last: Int, $before: String)",
            self.types[0], self.types[1]
        );
        let ask = |field: &str| {
            format!(
                "x: {field}Connection(where: $w, sort: $s, first: $first, after: $after, last: $last, before: $before) {{ {what} }}"
            )
        };
        match self.field.split_once('/') {
            Some((of, field)) => format!("{head} {{ y: {of}(id: $i) {{ {} }} }}", ask(field)),
            None => format!("{head} {{ {} i: node(id: $i) {{ id }} }}", ask(self.field)),
        }
    }

    fn variables(&self, page: &Value) -> Value {
        let wrap = |value: &Value, list: bool| match (self.field, list) {
            ("a/likes" | "a/knows" | "b/likedBy" | "a/next", true) => {
                let keys = value.as_array().into_iter().flatten();
                keys.map(|key| json!({ "node": key })).collect()
            }
            ("a/likes" | "a/knows" | "b/likedBy" | "a/next", false) if !value.is_null() => {
                json!({ "node": value })
            }
            _ => value.clone(),
        };
        let mut variables = json!({"w": wrap(&self.filter, false), "s": wrap(&self.sort, true), "i": self.start.clone().unwrap_or("?".into())});
        for (name, value) in page.as_object().into_iter().flatten() {
            variables[name] = value.clone();
        }
        variables
    }

    fn ask(&self, world: &World, page: &Value) -> Value {
        self.ask_for(
            world,
            page,
            "totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor node { id } }",
        )
    }

    fn ask_for(&self, world: &World, page: &Value, what: &str) -> Value {
        let variables = self.variables(page);
        let answer = world.ask(&self.text_for(what), Some(&variables.to_string()));
        assert!(
            answer.get("errors").is_none(),
            "{}\n{variables}\n{answer:#}",
            self.text_for(what)
        );
        answer["data"].get("y").unwrap_or(&answer["data"])["x"].clone()
    }
}

fn edge_order(chance: &mut Chance) -> Value {
    let name = chance.pick(&["weight", "kind", "none"]);
    if name == "none" {
        json!([])
    } else {
        json!([{ name: chance.turn() }])
    }
}

fn compare_edges(a: &Value, b: &Value, key: &Value) -> Ordering {
    let (name, how) = key
        .as_object()
        .and_then(|k| k.iter().next())
        .expect("a key");
    let how = how.as_str().unwrap_or_default();
    let (a, b) = (&a[name], &b[name]);
    let nulls = if how.contains("NULLS_FIRST") {
        b.is_null().cmp(&a.is_null())
    } else {
        a.is_null().cmp(&b.is_null())
    };
    let values = a
        .as_i64()
        .cmp(&b.as_i64())
        .then(a.as_str().cmp(&b.as_str()));
    nulls.then(if how.starts_with("DESC") {
        values.reverse()
    } else {
        values
    })
}

/// Relay's algorithm.
fn shown(page: &Value, cursors: &[Value], count: usize) -> std::ops::Range<usize> {
    let place = |name: &str| cursors.iter().position(|c| Some(c) == page.get(name));
    let mut start = place("after").map_or(0, |at| at + 1);
    let mut end = place("before").unwrap_or(count).max(start);
    if let Some(first) = page["first"].as_u64() {
        end = end.min(start + first as usize);
    }
    if let Some(last) = page["last"].as_u64() {
        start = start.max(end.saturating_sub(last as usize));
    }
    start..end
}

fn ids(answer: &Value) -> Vec<String> {
    let edges = list(&answer["edges"]).iter();
    edges
        .map(|edge| edge["node"]["id"].as_str().unwrap_or_default().to_owned())
        .collect()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |items| items)
}
