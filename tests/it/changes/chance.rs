//! Is what somebody who sees a part is told of commits and of the past what a graph tells in which
//! the rest never was? Random histories and random rules; what should be told is put together from
//! what those see who see everything, line by line.

use super::Kept;
use super::seen::{guard, reader};
use crate::random::chance::Chance;
use guitu::access::Policy;
use guitu::api::engine::EngineLimits;
use guitu::db::Db;
use guitu::ontology::Ontology;
use guitu::store::memory::{self, MemoryDisk};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

const SDL: &str = r#"
interface Being @node { n: Int  up: Boss @relationship(type: "UP", direction: OUT) }
type Boss implements Being @node @plural(value: "bosses") { n: Int  up: Boss  over: [Being!]! @relationship(type: "UP", direction: IN) }
type Ant implements Being @node { n: Int  up: Boss  near: [Ant!]! @relationship(type: "NEAR", direction: OUT, properties: "Near") }
type Near @relationshipProperties { k: Int! @unique  w: Int }
"#;
const KEYS: [&str; 4] = ["a", "b", "c", "d"];
const SOURCES: [&str; 2] = ["s", "t"];

/// The records of a graph by id, each as a line of a data file.
type World = BTreeMap<String, Value>;
/// What becomes of a record: what it was, and what it is.
type Event = (String, Value, Value);

fn reference(chance: &mut Chance) -> String {
    match chance.below(3) {
        0 => String::new(),
        _ => {
            let number = chance.below(3);
            let source = chance.pick(&SOURCES);
            format!("references: [{{source: \"{source}\", locator: \"{number}\"}}]")
        }
    }
}

fn node(chance: &mut Chance) -> (&'static str, &'static str, String) {
    let key = chance.pick(&KEYS).to_owned();
    let (single, plural) = match chance.often() {
        true => ("Ant", "Ants"),
        false => ("Boss", "Bosses"),
    };
    (single, plural, key)
}

/// A root field that changes something, if it may.
fn write(chance: &mut Chance, at: usize) -> String {
    let (_, plural, key) = node(chance);
    let (n, k, other) = (chance.below(5), chance.below(2), chance.pick(&KEYS));
    let cites = reference(chance);
    let field = match chance.below(10) {
        0..=2 => format!("upsert{plural}(input: [{{key: \"{key}\", set: {{n: {n} {cites}}}}}])"),
        3 => format!("update{plural}(where: {{n: {{lt: 3}}}}, increment: {{n: 1}})"),
        4 => format!(
            "update{plural}(where: {{key: {{eq: \"{key}\"}}}}, set: {{up: {{disconnect: {{}}, connect: {{node: {{id: \"Boss:{other}\"}}, edge: {{{cites}}}}}}}}})"
        ),
        5 | 6 => format!(
            "updateAnts(where: {{key: {{eq: \"{key}\"}}}}, set: {{near: {{connect: [{{node: {{id: \"Ant:{other}\"}}, edge: {{k: {k}, w: {n} {cites}}}}}]}}}})"
        ),
        7 => format!("updateNears(where: {{k: {{eq: {k}}}}}, set: {{w: {n} {cites}}})"),
        8 => format!("deleteNears(where: {{w: {{eq: {n}}}}})"),
        _ => format!("delete{plural}(where: {{key: {{eq: \"{key}\"}}}}, cascade: true)"),
    };
    format!("w{at}: {field} {{ revision }}")
}

/// The rules of a role, and for each type what its rule finds: none if it hides all.
struct Rules {
    text: String,
    found: BTreeMap<&'static str, Option<&'static str>>,
}

fn rules(chance: &mut Chance) -> Rules {
    let nodes = [
        "{n: {lt: 2}}",
        "{NOT: {n: {gte: 3}}}",
        "{key: {in: [\"a\", \"b\"]}}",
        "{up: {n: {lt: 3}}}",
        "{references: {some: {source: {key: {eq: \"s\"}}}}}",
    ];
    let edges = [
        "{w: {lt: 3}}",
        "{k: {eq: 0}}",
        "{target: {n: {lt: 3}}}",
        "{references: {none: {source: {key: {eq: \"t\"}}}}}",
    ];
    let mut rules = Rules {
        text: "[roles.reader.read]\n\"*\" = true\n".to_owned(),
        found: BTreeMap::new(),
    };
    let mut rule = |of, some: &[&'static str], chance: &mut Chance| {
        let found = match (chance.below(4), some) {
            (0, _) => None,
            (1, _) | (_, []) => Some("{}"),
            _ => Some(chance.pick(some)),
        };
        let text = found.map_or("false".to_owned(), |found| match found {
            "{}" => "true".to_owned(),
            found => format!("'{found}'"),
        });
        let _ = writeln!(rules.text, "{of} = {text}");
        rules.found.insert(of, found);
    };
    rule("Ant", &nodes, chance);
    rule("Boss", &nodes, chance);
    rule("Source", &["{key: {eq: \"s\"}}"], chance);
    rule("NEAR", &edges, chance);
    rule("UP", &[], chance);
    rules
}

fn ids(list: &Value) -> BTreeSet<String> {
    let items = list.as_array().into_iter().flatten();
    let ids = items.map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

/// All records at a revision, and those of them that the rules show.
fn worlds(kept: &Kept, rules: &Rules, revision: usize) -> (World, World) {
    let lists = [
        ("Ant", "ants"),
        ("Boss", "bosses"),
        ("Source", "sources"),
        ("NEAR", "nears"),
    ];
    let found = lists.map(|(of, list)| match rules.found[of] {
        Some(condition) => format!("{list}(where: {condition}) {{ id }}"),
        None => format!("{list}(limit: 0) {{ id }}"),
    });
    let data = kept.data(&format!(
        "{{ at(revision: \"{revision}\") {{ {} }} diff(from: \"0\", to: \"{revision}\") {{ added {{ id after }} }} }}",
        found.join(" ")
    ));
    let mut shown = BTreeSet::new();
    lists
        .iter()
        .for_each(|(_, list)| shown.extend(ids(&data["at"][list])));
    let all = data["diff"]["added"].as_array().unwrap().iter();
    let all: World = all
        .map(|each| {
            (
                each["id"].as_str().unwrap().to_owned(),
                each["after"].clone(),
            )
        })
        .collect();
    let is_seen = |id: &str| match id.split_once(':') {
        Some((of @ ("NEAR" | "UP"), ends)) => {
            let own = match of {
                "UP" => rules.found["UP"].is_some(),
                _ => shown.contains(id),
            };
            own && ends.split('>').take(2).all(|end| shown.contains(end))
        }
        _ => shown.contains(id),
    };
    let part = all.iter().filter(|(id, _)| is_seen(id));
    let part = part.map(|(id, line)| (id.clone(), uncited(line, &shown)));
    let part = part.collect();
    (all, part)
}

/// A line without the references to sources that are not shown.
fn uncited(line: &Value, shown: &BTreeSet<String>) -> Value {
    let mut line = line.clone();
    if let Some(references) = line.get_mut("references").and_then(Value::as_array_mut) {
        let is_shown = |each: &Value| {
            let source = each["source"].as_str().unwrap();
            shown.contains(&format!("Source:{source}"))
        };
        references.retain(is_shown);
        if references.is_empty() {
            line.as_object_mut().unwrap().remove("references");
        }
    }
    line
}

/// What leads from one world to another.
fn between(before: &World, after: &World) -> Vec<Event> {
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let line = |world: &World, id: &String| world.get(id).cloned().unwrap_or(Value::Null);
    let events = ids
        .into_iter()
        .map(|id| (id.clone(), line(before, id), line(after, id)));
    events.filter(|(_, was, is)| was != is).collect()
}

fn event(told: &Value) -> Event {
    let id = told["id"].as_str().unwrap().to_owned();
    (id, told["before"].clone(), told["after"].clone())
}

/// The events of an answer in order of ids, each with the action that it should have.
fn events(list: &Value) -> Vec<Event> {
    let list = list.as_array().unwrap();
    for told in list {
        let action = match (&told["before"], &told["after"]) {
            (Value::Null, _) => "CREATED",
            (_, Value::Null) => "DELETED",
            _ => "UPDATED",
        };
        assert_eq!(told["action"], action, "{told}");
    }
    let mut events: Vec<_> = list.iter().map(event).collect();
    events.sort_by(|a, b| a.0.cmp(&b.0));
    events
}

/// A random history, told to somebody whom random rules show a part.
struct History {
    kept: Kept,
    policy: Arc<Policy>,
    rules: Rules,
    /// All records, and those seen, by revision.
    worlds: Vec<(World, World)>,
}

impl History {
    fn new(chance: &mut Chance) -> Self {
        let ontology = Ontology::parse("test", SDL).unwrap_or_else(|wrong| panic!("{wrong}"));
        let ontology = Arc::new(ontology);
        let disk = MemoryDisk::new();
        let db = Db::over(memory::open(&disk).unwrap(), ontology).unwrap();
        let kept = Kept::over(disk, Arc::new(db), EngineLimits::default());
        kept.data("mutation { createSources(input: [{key: \"s\", title: [{lang: \"en\", value: \"S\"}]}, {key: \"t\", title: [{lang: \"en\", value: \"T\"}]}]) { created } }");
        for _ in 0..30 {
            let fields = (0..1 + chance.below(3)).map(|at| write(chance, at as usize));
            let fields: Vec<_> = fields.collect();
            kept.ask(&format!("mutation {{ {} }}", fields.join(" ")));
        }
        let rules = rules(chance);
        let latest = kept.db.snapshot().revision() as usize;
        let worlds = (0..=latest).map(|at| worlds(&kept, &rules, at)).collect();
        let (kept, policy) = guard(kept, &rules.text);
        Self {
            kept,
            policy,
            rules,
            worlds,
        }
    }

    fn ask(&self, query: &str) -> Value {
        super::seen::ask(&self.kept, &self.policy, query)
    }

    fn seen(&self, revision: usize) -> &World {
        &self.worlds[revision].1
    }

    /// Each commit tells what it changed in what is seen, and shows nothing else.
    fn check_changes(&self) {
        let query = "subscription { changes(after: \"0\") { revision events { action id before after
            node { id references { source { id } } ... on Being { up { id } } ... on Boss { over { id } } ... on Ant { near { id } } }
            relationship { id source { id } target { id } references { source { id } } } } } }";
        let mut changes = self.kept.subscribe_as(query, reader(&self.policy));
        for revision in 1..self.worlds.len() {
            let expected = between(self.seen(revision - 1), self.seen(revision));
            if expected.is_empty() {
                continue;
            }
            let set = changes.data();
            assert_eq!(set["revision"], revision.to_string(), "{}", self.rules.text);
            assert_eq!(events(&set["events"]), expected, "{}", self.rules.text);
            for event in set["events"].as_array().unwrap() {
                self.shows_only_what_is_seen(&event["node"], revision);
                self.shows_only_what_is_seen(&event["relationship"], revision);
            }
        }
        assert!(changes.waits(), "{}", self.rules.text);
    }

    fn shows_only_what_is_seen(&self, told: &Value, revision: usize) {
        match told {
            Value::Object(fields) => {
                if let Some(id) = fields.get("id") {
                    let id = id.as_str().unwrap();
                    assert!(self.seen(revision).contains_key(id), "{id} at {revision}");
                }
                let values = fields.values();
                values.for_each(|value| self.shows_only_what_is_seen(value, revision));
            }
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.shows_only_what_is_seen(item, revision)),
            _ => {}
        }
    }

    /// The subscription of one type tells those of its events that match.
    fn check_ants(&self) {
        let query = "subscription { antChanged(after: \"0\", where: {n: {lt: 3}}) { revision events { action id before after } } }";
        let mut changes = self.kept.subscribe_as(query, reader(&self.policy));
        let matches = |(id, was, is): &Event| {
            let now = if is.is_null() { was } else { is };
            id.starts_with("Ant:") && now["n"].as_i64().is_some_and(|n| n < 3)
        };
        for revision in 1..self.worlds.len() {
            let mut expected = between(self.seen(revision - 1), self.seen(revision));
            expected.retain(matches);
            if !expected.is_empty() {
                let set = changes.data();
                assert_eq!(set["revision"], revision.to_string(), "{}", self.rules.text);
                assert_eq!(events(&set["events"]), expected, "{}", self.rules.text);
            }
        }
        assert!(changes.waits(), "{}", self.rules.text);
    }

    /// The past is that of what is seen, also when two revisions are compared.
    fn check_past(&self, chance: &mut Chance) {
        for _ in 0..12 {
            let mut any = || chance.below(self.worlds.len() as u64) as usize;
            let (from, to) = (any(), any());
            let data = self.ask(&format!(
                "{{ diff(from: \"{from}\", to: \"{to}\") {{ added {{ action id before after }} removed {{ action id before after }} changed {{ action id before after }} }}
                at(revision: \"{to}\") {{ ants {{ id }} bosses {{ id }} sources {{ id }} nears {{ id }} }} }}"
            ));
            let parts = ["added", "removed", "changed"].map(|part| events(&data["diff"][part]));
            let mut all = parts.concat();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            assert_eq!(
                all,
                between(self.seen(from), self.seen(to)),
                "{from} {to} {}",
                self.rules.text
            );
            let mut listed = BTreeSet::new();
            for list in ["ants", "bosses", "sources", "nears"] {
                listed.extend(ids(&data["at"][list]));
            }
            let seen = self.seen(to).keys().filter(|id| !id.starts_with("UP:"));
            assert_eq!(listed, seen.cloned().collect(), "{to} {}", self.rules.text);
        }
    }

    /// The history of a record tells of commits that changed it, if that is seen.
    fn check_history(&self) {
        let mut ids: BTreeSet<&String> = BTreeSet::new();
        self.worlds
            .iter()
            .for_each(|(all, _)| ids.extend(all.keys()));
        for id in ids {
            let line = |world: &World| world.get(id).cloned().unwrap_or(Value::Null);
            let changed = (1..self.worlds.len()).rev().filter(|at| {
                let [(was, seen), (is, sees)] = [&self.worlds[at - 1], &self.worlds[*at]];
                line(was) != line(is) && line(seen) != line(sees)
            });
            let expected: Vec<_> = changed
                .map(|at| (at.to_string(), line(self.seen(at - 1)), line(self.seen(at))))
                .collect();
            let data = self.ask(&format!(
                "{{ history(id: \"{id}\") {{ revision action before after }} }}"
            ));
            let told = data["history"].as_array().unwrap().iter();
            let told: Vec<_> = told
                .map(|entry| {
                    let revision = entry["revision"].as_str().unwrap().to_owned();
                    (revision, entry["before"].clone(), entry["after"].clone())
                })
                .collect();
            assert_eq!(told, expected, "{id} {}", self.rules.text);
        }
    }
}

/// `GUITU_SEEDS=10000` makes more.
#[test]
fn what_was_hidden_never_was() {
    let seeds = std::env::var("GUITU_SEEDS").ok();
    let seeds = seeds.and_then(|n| n.parse().ok()).unwrap_or(10);
    for seed in 0..seeds {
        let mut chance = Chance(seed);
        let history = History::new(&mut chance);
        assert!(history.worlds.len() > 10, "seed {seed}");
        history.check_changes();
        history.check_ants();
        history.check_past(&mut chance);
        history.check_history();
    }
}
