//! When is an instant? Not for: dates without a time (`date`).

use std::fmt;

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(pub i64);

impl DateTime {
    /// Reads an RFC 3339 instant with an offset, such as `2016-04-08T09:30:00+08:00`.
    ///
    /// # Errors
    /// What is wrong with the text, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parsed: Result<jiff::Timestamp, _> = text.parse();
        match parsed {
            Ok(instant) => Ok(Self(instant.as_microsecond())),
            Err(_) => Err(format!(
                "`{text}` is no instant: write 2016-04-08T09:30:00Z or with an offset, +08:00"
            )),
        }
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}
