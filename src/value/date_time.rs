//! When is an instant? Not for: dates without a time (`date`).

use super::Precision;
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

    /// The first instant (UTC) of its year or month; of a day itself.
    pub fn truncate(self, precision: Precision) -> Self {
        let Ok(instant) = jiff::Timestamp::from_microsecond(self.0) else {
            return self;
        };
        let date = instant.to_zoned(jiff::tz::TimeZone::UTC).date();
        let first = match precision {
            Precision::Day => return self,
            Precision::Month => date.first_of_month(),
            Precision::Year => date.first_of_year(),
        };
        let start = first.to_zoned(jiff::tz::TimeZone::UTC);
        start.map_or(self, |start| Self(start.timestamp().as_microsecond()))
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
