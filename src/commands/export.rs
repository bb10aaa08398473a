//! `guitu export`: the whole graph as data files.

use super::say::say;
use super::{Done, Failure, open};
use crate::config::Places;
use crate::exchange;
use std::path::Path;

pub(super) fn run(places: &Places, path: &Path) -> Done {
    open::must_exist(places)?;
    let db = open::db(places)?;
    let exported = exchange::export(&db.snapshot(), path);
    let exported = exported.map_err(|error| Failure::doing(&path.display().to_string(), &error))?;
    let crate::exchange::Exported {
        files,
        nodes,
        edges,
    } = exported;
    let files = files.len();
    say(format_args!(
        "{nodes} nodes and {edges} edges in {files} files\n"
    ))
}
