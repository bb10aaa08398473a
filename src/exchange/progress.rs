//! How far is a long run? Not for: drawing it (`commands`).

/// Told about a run as it goes on; called every few thousand records from one thread at a time.
pub trait Progress: Send + Sync {
    /// How many bytes there are to be read; may grow during the run.
    fn total(&self, bytes: u64);
    /// How many bytes and records have been read so far.
    fn read(&self, bytes: u64, records: u64);
    /// What is done now: `reading`, `building`, `checking`, `writing`.
    fn phase(&self, name: &str);
}

/// Tells nobody.
impl Progress for () {
    fn total(&self, _: u64) {}
    fn read(&self, _: u64, _: u64) {}
    fn phase(&self, _: &str) {}
}
