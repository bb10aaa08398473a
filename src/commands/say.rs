//! How are results told? On standard output, as one piece. Not for: logs and errors.

use super::{Done, Failure};
use std::fmt::Display;
use std::io::{self, Write};

/// Writes to standard output. A reader that has gone (`| head`) is content with what it got.
pub(super) fn say(text: impl Display) -> Done {
    let mut out = io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::doing("standard output", &error))
        }
        _ => Ok(()),
    }
}
