//! When is a partial date, and what does it cover? Not for: instants (`date_time`).

use super::calendar::days_in_month;
use std::fmt;

/// An ISO 8601 calendar date that may lack its day, or its month and day.
///
/// Packed as `year << 11 | month << 7 | day << 2 | precision`, with the first month and day filled
/// in, so that the integer order is the order by start, then by end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// How much of a date was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// `2016-04-08`
    Day,
    /// `2016-04`
    Month,
    /// `2016`
    Year,
}

impl Date {
    /// Reads `2016`, `2016-04` or `2016-04-08` (years 0000–9999).
    ///
    /// # Errors
    /// What is wrong with the text, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no date: write 2016, 2016-04 or 2016-04-08");
        let mut parts = text.split('-');
        let mut part = |digits: usize| -> Result<Option<u32>, String> {
            let Some(part) = parts.next() else {
                return Ok(None);
            };
            if part.len() != digits || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(wrong());
            }
            part.parse().map(Some).map_err(|_| wrong())
        };
        let year = part(4)?.ok_or_else(wrong)?;
        let (month, day) = (part(2)?, part(2)?);
        if parts.next().is_some() {
            return Err(wrong());
        }
        Self::from_parts(year, month, day)
            .ok_or_else(|| format!("`{text}` is not a day of the calendar"))
    }

    fn from_parts(year: u32, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (_, None) => Precision::Month,
            _ => Precision::Day,
        };
        let (month, day) = (month.unwrap_or(1), day.unwrap_or(1));
        let year = i32::try_from(year).ok().filter(|y| *y <= 9999)?;
        if day == 0 || day > days_in_month(year, month) {
            return None;
        }
        Some(Self(
            (year << 11) | ((month as i32) << 7) | ((day as i32) << 2) | precision as i32,
        ))
    }

    /// The packed form, for storage.
    pub fn to_bits(self) -> i32 {
        self.0
    }

    /// From the packed form; `None` if it is no date.
    pub fn from_bits(bits: i32) -> Option<Self> {
        let date = Self(bits);
        let precision = bits & 3;
        let day = Some(date.day()).filter(|_| precision == 0);
        let month = Some(date.month()).filter(|_| precision < 2);
        let year = u32::try_from(date.year()).ok()?;
        Self::from_parts(year, month, day).filter(|d| d.0 == bits)
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0 >> 11
    }

    /// The month, 1 where it was not given.
    pub fn month(self) -> u32 {
        (self.0 >> 7 & 15) as u32
    }

    /// The day, 1 where it was not given.
    pub fn day(self) -> u32 {
        (self.0 >> 2 & 31) as u32
    }

    /// How much was given.
    pub fn precision(self) -> Precision {
        match self.0 & 3 {
            0 => Precision::Day,
            1 => Precision::Month,
            _ => Precision::Year,
        }
    }

    /// The date as text, and how many bytes of it are used. Some nanoseconds.
    pub fn ascii(self) -> ([u8; 10], usize) {
        let year = self.year() as u32;
        let ([a, b], [c, d]) = (digits(year / 100), digits(year % 100));
        let ([e, f], [g, h]) = (digits(self.month()), digits(self.day()));
        let len = match self.precision() {
            Precision::Year => 4,
            Precision::Month => 7,
            Precision::Day => 10,
        };
        ([a, b, c, d, b'-', e, f, b'-', g, h], len)
    }

    /// The first day that the date covers, as an ordinal for comparisons.
    pub fn start(self) -> i32 {
        self.0 >> 2
    }

    /// The last day that the date covers, as an ordinal for comparisons.
    pub fn end(self) -> i32 {
        let (month, day) = match self.precision() {
            Precision::Day => return self.start(),
            Precision::Month => (self.month(), days_in_month(self.year(), self.month())),
            Precision::Year => (12, 31),
        };
        (self.year() << 9) | ((month as i32) << 5) | day as i32
    }

    /// The same date cut to a coarser precision (a finer one leaves it as it is).
    pub fn truncate(self, precision: Precision) -> Self {
        if precision <= self.precision() {
            return self;
        }
        let month = if precision == Precision::Year {
            1
        } else {
            self.month()
        };
        Self((self.year() << 11) | ((month as i32) << 7) | (1 << 2) | precision as i32)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, len) = self.ascii();
        f.write_str(std::str::from_utf8(&text[..len]).unwrap_or_default())
    }
}

/// The two digits of a number below 100.
fn digits(number: u32) -> [u8; 2] {
    [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]
}

/// An interval of dates; a missing end is open.
///
/// Ordered by start (open first), then by end (open last).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first date, or open.
    pub start: Option<Date>,
    /// The last date, or open.
    pub end: Option<Date>,
}

impl Period {
    /// Reads `2015/2016`, `2014-10/..` or `../2016-04-08`.
    ///
    /// # Errors
    /// What is wrong with the text, for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let Some((start, end)) = text.split_once('/') else {
            return Err(format!(
                "`{text}` is no period: write 2015/2016, 2014-10/.. or ../2016"
            ));
        };
        let side = |side: &str| {
            if side == ".." {
                Ok(None)
            } else {
                Date::parse(side).map(Some)
            }
        };
        let period = Self {
            start: side(start)?,
            end: side(end)?,
        };
        if period.start.is_none() && period.end.is_none() {
            return Err(format!("`{text}` has no date: give one end at least"));
        }
        if period.first() > period.last() {
            return Err(format!("`{text}` ends before it starts"));
        }
        Ok(period)
    }

    /// Reads a period, or a single date as the period that it covers.
    ///
    /// # Errors
    /// As [`Period::parse`].
    pub fn parse_or_date(text: &str) -> Result<Self, String> {
        match Date::parse(text) {
            Ok(date) => Ok(Self {
                start: Some(date),
                end: Some(date),
            }),
            Err(_) => Self::parse(text),
        }
    }

    /// The first day as an ordinal; the least one where open.
    pub fn first(self) -> i32 {
        self.start.map_or(i32::MIN, Date::start)
    }

    /// The last day as an ordinal; the greatest one where open.
    pub fn last(self) -> i32 {
        self.end.map_or(i32::MAX, Date::end)
    }

    /// Whether the two share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.first() <= other.last() && other.first() <= self.last()
    }

    /// Whether every day of `self` is one of `other`.
    pub fn is_within(self, other: Self) -> bool {
        other.first() <= self.first() && self.last() <= other.last()
    }

    /// Whether `self` ends before `other` starts.
    pub fn is_before(self, other: Self) -> bool {
        self.last() < other.first()
    }

    /// The period with both dates cut to a coarser precision.
    pub fn truncate(self, precision: Precision) -> Self {
        let cut = |date: Option<Date>| date.map(|date| date.truncate(precision));
        Self {
            start: cut(self.start),
            end: cut(self.end),
        }
    }

    /// The two packed dates, for storage; open ends are `i32::MIN` and `i32::MAX`.
    pub fn to_bits(self) -> (i32, i32) {
        (
            self.start.map_or(i32::MIN, Date::to_bits),
            self.end.map_or(i32::MAX, Date::to_bits),
        )
    }

    /// From the packed form; `None` if it is no period.
    pub fn from_bits((start, end): (i32, i32)) -> Option<Self> {
        let side = |bits, open| {
            if bits == open {
                Some(None)
            } else {
                Date::from_bits(bits).map(Some)
            }
        };
        Some(Self {
            start: side(start, i32::MIN)?,
            end: side(end, i32::MAX)?,
        })
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |p: &Self| (p.first(), p.last(), p.to_bits());
        key(self).cmp(&key(other))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = |f: &mut fmt::Formatter<'_>, date: Option<Date>| match date {
            Some(date) => write!(f, "{date}"),
            None => f.write_str(".."),
        };
        side(f, self.start)?;
        f.write_str("/")?;
        side(f, self.end)
    }
}
