//! Do mutations made by chance leave the graph that a naive model says, and does it open again so?

use super::model::{ALL, Model, Town, Write};
use crate::random::chance::Chance;
use crate::world::{World, root};
use guitu::db::{Db, verify};
use guitu::ontology::Ontology;
use guitu::store::Options;
use std::sync::Arc;

/// `GUITU_SEEDS=10000` makes more.
#[test]
fn mutations_do_what_the_model_does_and_are_there_again() {
    let seeds = std::env::var("GUITU_SEEDS").ok();
    let seeds = seeds.and_then(|n| n.parse().ok()).unwrap_or(12);
    let path = "tests/it/writing/schema.graphql";
    let sdl = std::fs::read_to_string(root().join(path)).expect("the ontology");
    let ontology = Ontology::parse(path, &sdl).unwrap_or_else(|wrong| panic!("{wrong}"));
    let ontology = Arc::new(ontology);
    let mut outcomes = [0, 0];
    for seed in 0..seeds {
        write_and_reopen(seed, &ontology, &mut outcomes);
    }
    assert!(outcomes.iter().all(|count| *count > seeds), "{outcomes:?}");
}

/// Counts what was done and what was refused.
fn write_and_reopen(seed: u64, ontology: &Arc<Ontology>, outcomes: &mut [u64; 2]) {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Db::open(folder.path(), ontology.clone(), &Options::default());
    let mut chance = Chance(seed);
    let mut model = Model::default();
    let world = World::over_db(Arc::new(open().expect("a new graph")));
    for _ in 0..40 {
        let writes: Vec<_> = (0..1 + chance.below(3))
            .map(|_| write(&mut chance))
            .collect();
        let fields = writes.iter().enumerate().map(|(at, write)| write.text(at));
        let mutation = format!("mutation {{ {} }}", fields.collect::<Vec<_>>().join("\n"));
        let answer = world.ask(&mutation, None);
        let next = model.run(&writes);
        let told = (answer["data"].is_object(), answer["errors"].is_array());
        assert_eq!(
            told,
            (next.is_ok(), next.is_err()),
            "seed {seed}\n{mutation}\n{answer:#}"
        );
        outcomes[usize::from(next.is_err())] += 1;
        model = next.unwrap_or(model);
        assert_eq!(
            world.data(ALL),
            model.told(),
            "seed {seed}\n{mutation}\n{answer:#}"
        );
    }
    drop(world);
    let report = verify(folder.path(), &Options::default()).expect("a graph");
    assert_eq!(report.wrong, Vec::<String>::new(), "seed {seed}");
    let again = World::over_db(Arc::new(open().expect("the graph again")));
    assert_eq!(again.data(ALL), model.told(), "seed {seed}");
}

fn key(chance: &mut Chance) -> String {
    chance.pick(&["a", "b", "c", "d", "e"]).to_owned()
}

fn name(chance: &mut Chance) -> Option<String> {
    let name = chance.pick(&["x", "y", "z", "石", ""]);
    (!name.is_empty()).then(|| name.to_owned())
}

fn number(chance: &mut Chance) -> i64 {
    chance.below(9) as i64 - 3
}

fn write(chance: &mut Chance) -> Write {
    let cascade = chance.often();
    match chance.below(18) {
        0 | 1 => {
            let town = Town {
                name: name(chance),
                size: chance.often().then(|| number(chance)),
                tags: vec![key(chance)],
            };
            let mayor = chance.often().then(|| key(chance));
            Write::Town(key(chance), town, mayor)
        }
        2 => Write::Person(key(chance), name(chance)),
        3 | 4 => Write::Upsert(key(chance), name(chance)),
        5 => Write::Grow(number(chance), number(chance), key(chance), key(chance)),
        6 => {
            let mayor = chance.often().then(|| key(chance));
            Write::Elect(key(chance), mayor)
        }
        7 => Write::Join(key(chance), key(chance)),
        8 | 9 => Write::Meet(key(chance), key(chance), number(chance)),
        10 => Write::Turn(key(chance), key(chance), number(chance), key(chance)),
        11 => Write::Age(number(chance), number(chance)),
        12 => match chance.often() {
            true => Write::Forget(number(chance)),
            false => Write::DropTowns(vec![key(chance), key(chance)], cascade),
        },
        13 => Write::DropPeople(vec![key(chance)], cascade),
        14 => Write::Found(key(chance), key(chance), name(chance)),
        15 => {
            let size = chance.often().then(|| number(chance));
            Write::Settle(key(chance), size, chance.often().then(|| key(chance)))
        }
        16 => Write::Gather(vec![key(chance), key(chance)], key(chance), number(chance)),
        _ => Write::Date(key(chance), key(chance), number(chance)),
    }
}
