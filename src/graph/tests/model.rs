//! Random worlds: the graph against maps of maps.

use super::super::check::check;
use super::super::*;
use super::world::*;
use crate::ontology::{RelationshipId, TypeId};
use crate::value::{Cell, Date, Value};
use std::collections::BTreeMap;

/// A small generator of random numbers, so that every run is the same.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// An edge by ids and line: `KNOWS` and `LIVES_IN` have none.
pub(super) type EdgeKey = (u16, String, String, Value2);
type Value2 = Option<i64>;

/// What should be there: values by property.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Model {
    pub(super) nodes: BTreeMap<(u16, String), BTreeMap<usize, Value>>,
    pub(super) edges: BTreeMap<EdgeKey, BTreeMap<usize, Value>>,
}

pub(super) fn random_value(property: usize, random: &mut Random) -> Value {
    let word = |random: &mut Random| -> Box<str> {
        ["普宁", "a\"b", "", "Puning", "揭阳", "line\n", "z"][random.below(7)].into()
    };
    match property {
        EMAIL => Value::Str(format!("{}@x", random.below(1 << 30)).into()),
        NAME => {
            let tags = [&["en"][..], &["zh"], &["en", "zh"], &["de", "zh"]][random.below(4)];
            let texts = tags.iter().map(|tag| ((*tag).into(), word(random)));
            Value::Texts(texts.collect())
        }
        AGE => Value::Int([3, -1, 300, 70_000, 1 << 40][random.below(5)]),
        TAGS => Value::List(
            (0..random.below(4))
                .map(|_| Value::Str(word(random)))
                .collect(),
        ),
        _ => Value::Date(Date::parse(["2016", "2016-04", "1999-12-31"][random.below(3)]).unwrap()),
    }
}

fn key(random: &mut Random) -> String {
    format!(
        "{}{}",
        ["a", "b", "é", "Z"][random.below(4)],
        random.below(6)
    )
}

/// Says something random to the builder and the model alike.
pub(super) fn say(builder: &mut Builder, model: &mut Model, random: &mut Random) {
    let of = [PERSON, CITY][random.below(2)];
    let (key, other) = (key(random), key(random));
    let (draft, _) = builder.node(of, &key);
    let values = model.nodes.entry((of.0, key.clone())).or_default();
    for _ in 0..random.below(4) {
        let (property, value) = match of {
            PERSON => {
                let property = random.below(5);
                (property, random_value(property, random))
            }
            _ => (1, Value::Float(random.below(9) as f64 / 2.0)),
        };
        builder.set(of, draft, property, value.as_cell());
        put(values, property, value);
    }
    let relationship = [KNOWS, LIVES, ROUTE][random.below(3)];
    let (from, to) = ends(relationship);
    let source = builder.node(from, &key).0;
    let target = builder.node(to, &other).0;
    model.nodes.entry((from.0, key.clone())).or_default();
    model.nodes.entry((to.0, other.clone())).or_default();
    let edge = builder.edge(relationship, (from, source), (to, target));
    let (mut line, mut values) = (None, BTreeMap::new());
    if relationship == ROUTE && random.below(3) > 0 {
        let number = random.below(3) as i64;
        builder.set_edge(edge, 0, Cell::Int(number));
        line = Some(number);
        values.insert(0, Value::Int(number));
    }
    if relationship == KNOWS && random.below(2) > 0 {
        let since = random.below(5) as i64;
        builder.set_edge(edge, 0, Cell::Int(since));
        values.insert(0, Value::Int(since));
    }
    let (source, target) = match relationship == KNOWS && other < key {
        true => (other, key),
        false => (key, other),
    };
    let edge = model.edges.entry((relationship.0, source, target, line));
    edge.or_default().extend(values);
}

pub(super) fn ends(of: RelationshipId) -> (TypeId, TypeId) {
    match of {
        KNOWS => (PERSON, PERSON),
        LIVES => (PERSON, CITY),
        _ => (CITY, CITY),
    }
}

fn put(values: &mut BTreeMap<usize, Value>, property: usize, value: Value) {
    let value = match (values.get(&property), value) {
        (Some(Value::Texts(old)), Value::Texts(new)) => {
            let all: BTreeMap<_, _> = old.iter().chain(&new).cloned().collect();
            Value::Texts(all.into_iter().collect())
        }
        (_, value) => value,
    };
    values.insert(property, value);
}

/// Reads a whole snapshot as a model, by every way that there is.
pub(super) fn read(snapshot: &Snapshot) -> Model {
    let mut model = Model::default();
    for of in [PERSON, CITY] {
        let properties = snapshot.ontology().node_type(of).properties.len();
        for node in snapshot.nodes(of) {
            let key = snapshot.key(node).to_owned();
            assert_eq!(snapshot.node(of, &key), Some(node));
            let values = (0..properties).map(|p| (p, snapshot.cell(node, p).to_value()));
            let values = values.filter(|(_, value)| *value != Value::Null);
            model.nodes.insert((of.0, key), values.collect());
        }
    }
    for of in [KNOWS, ROUTE, LIVES] {
        let relationship = snapshot.ontology().relationship(of);
        for edge in snapshot
            .segments(of)
            .iter()
            .flat_map(|id| snapshot.edges(*id))
        {
            let (source, target) = snapshot.ends(edge);
            let properties = 0..relationship.properties.len();
            let values = properties.map(|p| (p, snapshot.edge_cell(edge, p).to_value()));
            let values: BTreeMap<_, _> = values.filter(|(_, v)| *v != Value::Null).collect();
            let unique = relationship.unique.iter();
            let unique: Vec<Value> = unique
                .map(|p| snapshot.edge_cell(edge, *p).to_value())
                .collect();
            assert_eq!(snapshot.edge(of, source, target, &unique), Some(edge));
            let id = snapshot.edge_id(edge);
            assert_eq!(snapshot.edge_of_id(&id), Some(edge), "{id}");
            let line = match unique.first() {
                Some(Value::Int(line)) => Some(*line),
                _ => None,
            };
            let key = |node| snapshot.key(node).to_owned();
            model
                .edges
                .insert((of.0, key(source), key(target), line), values);
        }
    }
    model
}

/// Indexes against a scan.
pub(super) fn compare_indexes(snapshot: &Snapshot, random: &mut Random) {
    for property in [EMAIL, NAME, TAGS] {
        let index = snapshot.index(PERSON, property).unwrap();
        let text = ["普", "a", "Puning", "", "z", "1"][random.below(6)];
        let sorted =
            |rows: Vec<u32>| -> std::collections::BTreeSet<u32> { rows.into_iter().collect() };
        let scan = |matches: &dyn Fn(&str) -> bool| {
            let rows = snapshot.nodes(PERSON).map(|node| node.row);
            let any = |row: &u32| match snapshot.column(PERSON, property).cell(*row) {
                Cell::Str(text) => matches(text),
                Cell::Texts(texts) => texts.iter().any(|(_, text)| matches(text)),
                Cell::List(items) => items
                    .iter()
                    .any(|i| matches!(i, Cell::Str(t) if matches(t))),
                _ => false,
            };
            sorted(rows.filter(any).collect())
        };
        let found = |matches: Matches<'_>| {
            let rows: Vec<u32> = matches.iter().collect();
            assert!(matches.len() >= rows.len());
            sorted(rows)
        };
        assert_eq!(found(index.prefix(text)), scan(&|t| t.starts_with(text)));
        assert_eq!(found(index.equal(Cell::Str(text))), scan(&|t| t == text));
        let range = (
            std::ops::Bound::Excluded(Cell::Str("A")),
            std::ops::Bound::Included(Cell::Str(text)),
        );
        assert_eq!(
            found(index.range(range.0, range.1)),
            scan(&|t| t > "A" && t <= text)
        );
        assert_eq!(found(index.all()), scan(&|_| true));
    }
}

/// Order, both directions of iteration, and the closure against the model.
pub(super) fn compare_ways(snapshot: &Snapshot, model: &Model) {
    for of in [PERSON, CITY] {
        let forward = keys(snapshot, of);
        let expected: Vec<&str> = model
            .nodes
            .keys()
            .filter(|k| k.0 == of.0)
            .map(|k| &*k.1)
            .collect();
        assert_eq!(forward, expected);
        let mut back: Vec<&str> = snapshot.nodes(of).rev().map(|n| snapshot.key(n)).collect();
        back.reverse();
        assert_eq!(back, expected);
        let from = snapshot.nodes_from(of, "b2").map(|n| snapshot.key(n));
        assert!(from.eq(expected.iter().copied().filter(|key| *key >= "b2")));
        let mut both = snapshot.nodes(of);
        let mut count = 0;
        while both.next().is_some() {
            count += 1 + usize::from(both.next_back().is_some());
        }
        assert_eq!(count, expected.len());
    }
}

#[test]
fn random_worlds_are_what_was_said() {
    for seed in 0..60 {
        let mut random = Random::new(seed + 1);
        let mut model = Model::default();
        let mut snapshot = Snapshot::empty(ontology());
        for revision in 1..4 {
            let mut builder = Builder::from_snapshot(&snapshot);
            let before = model.clone();
            for _ in 0..random.below(40) {
                say(&mut builder, &mut model, &mut random);
            }
            let built = builder.finish(revision).unwrap();
            assert_eq!(built.has_changed(), before != model, "seed {seed}");
            snapshot = built.snapshot;
            assert_eq!(read(&snapshot), model, "seed {seed}");
            assert_eq!(check(&snapshot).first, [], "seed {seed}");
            compare_indexes(&snapshot, &mut random);
            compare_ways(&snapshot, &model);
        }
    }
}
