//! Where do logs go? To standard error, as the flags filter and form them.

use crate::config::{LogFlags, LogFormat};
use std::io::IsTerminal;

/// Starts logging; a second start does nothing.
pub(super) fn start(flags: &LogFlags) {
    let lines = tracing_subscriber::fmt()
        .with_env_filter(flags.filter.clone())
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let _ = match flags.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
}
