//! How is a long run shown? As a bar on a terminal, else not at all.

use crate::exchange::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar over bytes, with records and phase.
pub(super) struct Bar(ProgressBar);

impl Bar {
    /// A bar that shows itself only on a terminal.
    pub(super) fn new() -> Self {
        let bar = ProgressBar::new(0);
        let style = "{prefix:9} {bar:40} {bytes}/{total_bytes} {msg} {eta}";
        if let Ok(style) = ProgressStyle::with_template(style) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn total(&self, bytes: u64) {
        self.0.set_length(bytes);
    }

    fn read(&self, bytes: u64, records: u64) {
        self.0.set_position(bytes);
        self.0.set_message(format!("{records} records"));
    }

    fn phase(&self, name: &str) {
        self.0.set_prefix(name.to_owned());
    }
}
