//! `guitu check`: are the ontology and the data files right?

use super::progress::Bar;
use super::say::say;
use super::{Done, Failure, open};
use crate::config::Places;
use crate::exchange;
use std::path::PathBuf;

pub(super) fn run(places: &Places, paths: &[PathBuf]) -> Done {
    let ontology = open::ontology(places)?;
    let seed = [places.seed().to_owned()];
    let paths = if paths.is_empty() { &seed[..] } else { paths };
    let bar = Bar::new();
    let checked = exchange::check(ontology, paths, &bar);
    bar.end();
    let imported = checked.map_err(|problems| Failure::new(&problems))?;
    for doubt in exchange::namesakes(&imported.built.snapshot) {
        eprintln!("warning: {doubt}");
    }
    say(format_args!(
        "{} records in {} files are right\n",
        imported.records, imported.files
    ))
}
