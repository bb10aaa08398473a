//! Where do logs go? To standard error, as `GUITU_LOG` or else `info` filters them.

use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// Starts logging; a second start does nothing.
pub(super) fn start() {
    let filter =
        EnvFilter::try_from_env("GUITU_LOG").unwrap_or_else(|_| EnvFilter::new("info,sled=warn"));
    let ansi = std::io::stderr().is_terminal();
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(ansi)
        .try_init();
}
