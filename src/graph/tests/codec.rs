//! Sections: round trips, older ontologies, damage.

use super::super::check::check;
use super::super::codec::{Output, texts};
use super::super::*;
use super::model::{Random, random_value, read};
use super::world::*;
use crate::ontology::Ontology;
use crate::search;
use crate::value::{Cell, Scalar, Value};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

/// Sections in memory.
#[derive(Default, Clone)]
pub(super) struct Shelf(BTreeMap<String, Vec<u8>>);

impl SectionSink for Shelf {
    fn section(&mut self, name: &str) -> io::Result<&mut dyn Write> {
        assert!(!self.0.contains_key(name), "{name} twice");
        Ok(self.0.entry(name.to_owned()).or_default())
    }
}

impl SectionSource for Shelf {
    fn sections(&self) -> Vec<(String, u64)> {
        self.0
            .iter()
            .map(|(name, bytes)| (name.clone(), bytes.len() as u64))
            .collect()
    }

    fn read(&self, name: &str) -> io::Result<Box<dyn Read + Send + '_>> {
        Ok(Box::new(&self.0[name][..]))
    }
}

fn random_snapshot(seed: u64) -> Snapshot {
    let mut random = Random::new(seed);
    let mut builder = Builder::new(ontology());
    let (source, _) = builder.node(SOURCE, "paper");
    let reference = Reference {
        source: Node {
            of: SOURCE,
            row: source.0,
        },
        locator: Some("p. 7".into()),
        fields: Some(["name".into()].into()),
        note: None,
    };
    let mut last = None;
    for number in 0..50 {
        let (person, _) = builder.node(PERSON, &format!("p{}", (number * 37) % 50));
        for property in 0..5 {
            if random.below(4) > 0 {
                let value = random_value(property, &mut random);
                builder.set(PERSON, person, property, value.as_cell());
            }
        }
        if number % 3 == 0 {
            builder.references(PERSON, person, std::slice::from_ref(&reference));
        }
        let (city, _) = builder.node(CITY, &format!("c{}", number % 7));
        builder.edge(LIVES, (PERSON, person), (CITY, city));
        let line = builder.edge(ROUTE, (CITY, city), (CITY, city));
        builder.set_edge(line, 0, Cell::Int(number % 4));
        builder.edge_references(line, std::slice::from_ref(&reference));
        if let Some(last) = last.replace(person) {
            builder.edge(KNOWS, (PERSON, last), (PERSON, person));
        }
    }
    builder.finish(7).unwrap().snapshot
}

fn written(snapshot: &Snapshot) -> Shelf {
    let mut shelf = Shelf::default();
    snapshot.write_sections(&mut shelf).unwrap();
    shelf
}

#[test]
fn a_graph_reads_back_as_it_was() {
    for seed in 1..20 {
        let snapshot = random_snapshot(seed);
        let shelf = written(&snapshot);
        let back = Snapshot::read_sections(ontology(), &shelf).unwrap();
        assert_eq!(read(&back), read(&snapshot));
        assert_eq!(back.revision(), 7);
        for node in snapshot.nodes(PERSON) {
            assert_eq!(back.references(node), snapshot.references(node));
            assert_eq!(back.changed(node), 7);
        }
        assert_eq!(check(&back).first, []);
        assert_eq!(written(&back).0, shelf.0, "the same bytes again");
    }
}

/// A list of references that no record has any more still has its code when its source is removed.
#[test]
fn a_graph_whose_source_was_removed_reads_back() {
    let node = |of, key: &str, state| NodeChange {
        of,
        key: key.into(),
        state,
        before: None,
    };
    let source = |key: &str| node(SOURCE, key, Some(State::default()));
    let person = |sources: &[&str]| {
        let cited = sources.iter().map(|source| Citation {
            source: (*source).into(),
            locator: None,
            fields: None,
            note: None,
        });
        let state = State {
            values: vec![Value::Null; 5].into(),
            references: cited.collect(),
        };
        node(PERSON, "p", Some(state))
    };
    let mut snapshot = Snapshot::empty(ontology());
    for (revision, nodes) in (1..).zip([
        vec![source("a"), source("b"), source("c"), person(&["b", "c"])],
        vec![person(&["c"])],
        vec![node(SOURCE, "b", None)],
    ]) {
        let changes = ChangeSet {
            revision,
            nodes,
            ..ChangeSet::default()
        };
        snapshot = snapshot.apply(&changes).unwrap().compact().unwrap();
        let back = Snapshot::read_sections(ontology(), &written(&snapshot)).unwrap();
        let there = back.node(PERSON, "p").unwrap();
        assert_eq!(back.references(there), snapshot.references(there));
    }
    let there = snapshot.node(PERSON, "p").unwrap();
    let cited = snapshot.references(there).iter();
    let cited: Vec<_> = cited.map(|each| snapshot.key(each.source)).collect();
    assert_eq!(cited, ["c"]);
}

#[test]
fn an_ontology_may_have_more_and_stand_in_another_order() {
    let snapshot = random_snapshot(1);
    let shelf = written(&snapshot);
    let mut more = Ontology::clone(&ontology());
    more.types[1]
        .properties
        .insert(0, property("nick", Scalar::String));
    more.types[1].properties[3].search = true;
    more.relationships.reverse();
    let back = Snapshot::read_sections(Arc::new(more), &shelf).unwrap();
    let (old, new) = (person(&snapshot, "p3"), person(&back, "p3"));
    for property in 0..5 {
        let value = snapshot.cell(old, property).to_value();
        assert_eq!(back.cell(new, property + 1).to_value(), value);
    }
    assert!(back.cell(new, 0).is_null());
    assert_eq!(
        back.edge_count(crate::ontology::RelationshipId(2)),
        snapshot.edge_count(KNOWS)
    );
    let ages = back.index(PERSON, AGE + 1).unwrap();
    let aged = snapshot
        .nodes(PERSON)
        .filter(|n| !snapshot.cell(*n, AGE).is_null());
    assert_eq!(ages.all().len(), aged.count(), "a new index is made");
}

#[test]
fn an_ontology_that_has_less_or_other_is_refused_by_name() {
    let shelf = written(&random_snapshot(1));
    let refused = |change: &dyn Fn(&mut Ontology)| {
        let mut other = Ontology::clone(&ontology());
        change(&mut other);
        let error = Snapshot::read_sections(Arc::new(other), &shelf).unwrap_err();
        assert!(error.unfit);
        error.to_string()
    };
    let gone = refused(&|o| o.types[1].properties[AGE].name = "years".into());
    assert!(gone.contains("no property `age` of Person"), "{gone}");
    let other = refused(&|o| o.types[1].properties[AGE].scalar = Scalar::String);
    assert!(
        other.contains("node/Person/age") && other.contains("Int"),
        "{other}"
    );
    let gone = refused(&|o| o.relationships[0].name = "MEETS".into());
    assert!(gone.contains("KNOWS"), "{gone}");
}

/// Every damaged section is an error, or (as single bytes of values may be anything) a graph that
/// can be read through without panic.
#[test]
fn damage_never_panics() {
    let shelf = written(&random_snapshot(3));
    let mut random = Random::new(11);
    let names: Vec<&String> = shelf.0.keys().collect();
    let mut refused = 0;
    for _ in 0..1500 {
        let mut broken = shelf.clone();
        let bytes = broken.0.get_mut(names[random.below(names.len())]).unwrap();
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, random.below(256) as u8),
            2 => bytes[at] = 0xff,
            _ => bytes[at] ^= 1 << random.below(8),
        }
        match Snapshot::read_sections(ontology(), &broken) {
            Err(_) => refused += 1,
            Ok(snapshot) => {
                let _ = check(&snapshot);
                for node in snapshot.nodes(PERSON) {
                    let _ = (snapshot.references(node), snapshot.changed(node));
                    (0..5).for_each(|p| drop(snapshot.cell(node, p).to_value()));
                }
            }
        }
    }
    assert!(refused > 700, "{refused}");
}

#[test]
fn missing_sections_are_named() {
    let shelf = written(&random_snapshot(3));
    for name in shelf.0.keys() {
        let mut broken = shelf.clone();
        broken.0.remove(name);
        let error = Snapshot::read_sections(ontology(), &broken).unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn sections_that_nobody_knows_are_refused() {
    let mut shelf = written(&random_snapshot(3));
    shelf
        .0
        .insert("node/Person/age/more/yet".into(), Vec::new());
    let error = Snapshot::read_sections(ontology(), &shelf).unwrap_err();
    assert!(
        error.to_string().contains("node/Person/age/more/yet"),
        "{error}"
    );
}

#[test]
fn a_text_index_is_read_and_not_made_again() {
    use crate::search::{Pattern, Way};
    let snapshot = random_snapshot(3);
    let shelf = written(&snapshot);
    assert!(shelf.0.contains_key("search/Person"));
    let found = |snapshot: &Snapshot| {
        let pattern = Pattern::new("a");
        snapshot.searched_by(PERSON, &pattern, Way::Spelling)
    };
    let read = Snapshot::read_sections(ontology(), &shelf).unwrap();
    assert_eq!(found(&read), found(&snapshot));
    // What is read is what was written, whatever the texts are.
    let mut other = shelf.clone();
    let empty = search::Builder::default().finish(50, "name,tags").unwrap();
    texts_section(&mut other, &empty);
    let read = Snapshot::read_sections(ontology(), &other).unwrap();
    assert_eq!(found(&read), Vec::<u32>::new());
    assert!(!found(&snapshot).is_empty());
    // Of other fields it is made again.
    let empty = search::Builder::default().finish(50, "name").unwrap();
    texts_section(&mut other, &empty);
    let read = Snapshot::read_sections(ontology(), &other).unwrap();
    assert_eq!(found(&read), found(&snapshot));
}

fn texts_section(shelf: &mut Shelf, index: &search::Index) {
    let section = shelf.0.get_mut("search/Person").unwrap();
    section.clear();
    texts::write(&mut Output(section), index).unwrap();
}
