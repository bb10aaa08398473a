//! `guitu restore`: a new data directory of a backup, all of it or nothing.

use super::say::say;
use super::{Done, Failure};
use crate::config::Places;
use crate::db;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub(super) fn run(places: &Places, path: &Path) -> Done {
    let wrong = |error: &dyn std::fmt::Display| Failure::doing(&path.display().to_string(), error);
    let file = File::open(path).map_err(|error| wrong(&error))?;
    let mut file = BufReader::with_capacity(1 << 18, file);
    let report = db::restore(&mut file, &places.data, &places.options());
    let report = report.map_err(|error| wrong(&error))?;
    say(format_args!(
        "{}: revision {}, {} nodes, {} edges, {} commits\n",
        places.data.display(),
        report.revision,
        report.nodes,
        report.edges,
        report.store.commits
    ))
}
