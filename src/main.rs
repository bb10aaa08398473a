//! The `guitu` command: reads the flags, runs the verb, tells errors to people.

use clap::Parser;
use guitu::{commands, config::Cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    commands::run(&Cli::parse())
}
