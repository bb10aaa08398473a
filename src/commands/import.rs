//! `guitu import`: data files into the data directory, all or nothing.

use super::say::say;
use super::{Done, open};
use crate::config::Places;
use std::path::PathBuf;

pub(super) fn run(places: &Places, paths: &[PathBuf], dry_run: bool) -> Done {
    let db = open::db_for_import(places)?;
    let summary = open::import(&db, paths, dry_run)?;
    let verb = if dry_run { "would be " } else { "" };
    let counts = |what: &str, counts: crate::graph::Counts| {
        let crate::graph::Counts {
            created,
            updated,
            unchanged,
            removed: _,
        } = counts;
        format!("{what}: {created} {verb}created, {updated} {verb}updated, {unchanged} unchanged\n")
    };
    let last = match (summary.changed, dry_run) {
        (true, false) => format!("revision {}\n", summary.revision),
        (false, _) => "nothing changes\n".to_owned(),
        (true, true) => String::new(),
    };
    say(format_args!(
        "{} records in {} files\n{}{}{last}",
        summary.records,
        summary.files,
        counts("nodes", summary.nodes),
        counts("edges", summary.edges)
    ))
}
