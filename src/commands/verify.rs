//! `guitu verify`: is everything in the data directory as it was written, and right?

use super::say::say;
use super::{Done, open};
use crate::config::Places;

pub(super) fn run(places: &Places) -> Done {
    let report = open::verify(places)?;
    let store = &report.store;
    say(format_args!(
        "{} commits, {} sections, {} bytes; revision {}: {} nodes, {} edges\n",
        store.commits, store.sections, store.bytes, report.revision, report.nodes, report.edges
    ))?;
    if report.unfit > 0 {
        say(format_args!(
            "{} commits of the past do not fit the present ontology, and cannot be shown under it\n",
            report.unfit
        ))?;
    }
    open::fail_if(&report.wrong)?;
    say("all is well\n")
}
