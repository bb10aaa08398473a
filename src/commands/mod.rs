//! What do the verbs of the command line do? One file each. Not for: which flags there are
//! (`config`).

mod backup;
mod check;
mod export;
mod import;
mod key;
mod log;
mod open;
mod progress;
mod query;
mod restore;
mod say;
mod schema;
mod serve;
mod table;
mod verify;

use crate::config::{Cli, Command};
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

/// What a verb ends with; the error has already the form that people read.
type Done = Result<(), Failure>;

/// Why a verb failed, for people.
struct Failure(String);

impl Failure {
    fn new(error: &dyn Display) -> Self {
        Self(error.to_string())
    }

    /// As [`Failure::new`], after what was being done.
    fn doing(what: &str, error: &dyn Display) -> Self {
        Self(format!("{what}: {error}"))
    }
}

/// Runs a verb; results go to standard output, everything else to standard error.
pub fn run(cli: &Cli) -> ExitCode {
    log::start(&cli.log);
    let places = &cli.places;
    let done = match &cli.command {
        Command::Serve(flags) => serve::run(places, flags),
        Command::Check { paths } => check::run(places, paths),
        Command::Import { paths, dry_run } => import::run(places, paths, *dry_run),
        Command::Export(flags) => export::run(places, flags),
        Command::Query(flags) => query::run(places, flags),
        Command::Schema => schema::run(places),
        Command::Verify => verify::run(places),
        Command::Key(flags) => key::run(places, flags),
        Command::Backup(flags) => backup::run(places, flags),
        Command::Restore { file } => restore::run(places, file),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message)) => {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{message}");
            ExitCode::FAILURE
        }
    }
}
