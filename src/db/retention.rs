//! How much of the past is kept, and how does the rest go? Not for: letting go of its bytes (`store`).
//!
//! What is kept can be read: so it may be more than was asked for, where a state can only be reached
//! from one before it.

use super::{Db, DbError, Shared};
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How much of the past is kept at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// Every commit.
    #[default]
    All,
    /// The latest so many commits, one or more.
    Commits(u64),
    /// What there was at any moment of the last so many days.
    Days(u32),
}

impl FromStr for Keep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let keep = match text.strip_suffix('d') {
            _ if text == "all" => Some(Self::All),
            Some(days) => days.parse().ok().filter(|days| *days > 0).map(Self::Days),
            None => {
                let commits = text.parse().ok();
                commits.filter(|commits| *commits > 0).map(Self::Commits)
            }
        };
        keep.ok_or_else(|| "give `all`, a number of commits as 1000, or of days as 30d".to_owned())
    }
}

impl Db {
    /// Lets go of what of the past is not to be kept, with a new checkpoint where the present one is
    /// too old for that; says which revision is then the oldest. All of it goes, or nothing, whatever
    /// happens meanwhile. Readers and writers go on; while a backup is taken nothing goes. Cost: that
    /// of a checkpoint, or some reads of the log. Not to be called on a thread that runs async tasks.
    ///
    /// # Errors
    /// That the log cannot be read, or the store be written.
    pub fn prune(&self, keep: Keep) -> Result<u64, DbError> {
        let shared = &self.shared;
        let before = self.oldest();
        let wanted = shared.wanted(keep)?;
        if shared.reachable(wanted) <= before {
            return Ok(before);
        }
        if shared.checkpointed() < wanted {
            shared.renew_soon();
            self.settle();
        }
        let up_to = shared.reachable(wanted.min(shared.checkpointed()));
        if up_to <= before {
            return Ok(before);
        }
        let oldest = shared.store.forget(up_to)?;
        // Nothing leads from the states before it to those after it any more.
        shared.past.clear();
        tracing::info!(before, oldest, "history was let go");
        Ok(oldest)
    }
}

impl Shared {
    /// The revision after which commits are to be kept.
    fn wanted(&self, keep: Keep) -> Result<u64, DbError> {
        let latest = self.current.load().revision();
        match keep {
            Keep::All => Ok(0),
            Keep::Commits(commits) => Ok(latest.saturating_sub(commits.max(1))),
            Keep::Days(days) => {
                let now = SystemTime::now()
                    .duration_since(UNIX_EPOCH)
                    .unwrap_or_default();
                let begin = now.saturating_sub(Duration::from_hours(24 * u64::from(days)));
                let (_, last) = self.last_before(begin.as_millis() as i64)?;
                // The record of the last one says since when there was what it made.
                Ok(last.saturating_sub(1))
            }
        }
    }

    /// The latest revision up to another from which on everything can still be reached if what is
    /// before it goes: from the present graph, or from a checkpoint on the same side of all commits
    /// that were kept as whole graphs.
    fn reachable(&self, wanted: u64) -> u64 {
        let era = self.era(wanted);
        if era == self.era(self.current.load().revision()) {
            return wanted;
        }
        let checkpoints = self.store.checkpoints();
        let near = checkpoints
            .iter()
            .filter(|kept| self.era(kept.revision) == era);
        let last = near.map(|kept| kept.revision).max();
        wanted.min(last.unwrap_or(0))
    }

    /// Up to where there is a checkpoint.
    fn checkpointed(&self) -> u64 {
        let checkpoints = self.store.checkpoints();
        checkpoints.last().map_or(0, |kept| kept.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_said_in_commits_or_days() {
        for (text, keep) in [
            ("all", Keep::All),
            ("1000", Keep::Commits(1000)),
            ("30d", Keep::Days(30)),
        ] {
            assert_eq!(text.parse(), Ok(keep));
        }
        for wrong in ["", "0", "0d", "d", "-1", "1.5d", "30 days", "none"] {
            let told = wrong.parse::<Keep>().unwrap_err();
            assert!(told.contains("30d"), "{wrong}: {told}");
        }
    }
}
