//! How is a value read without copying it? Not for: where it lies (`graph`).

use super::{Date, DateTime, Period, Point, Value};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A borrowed value of a property.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// `Boolean`.
    Bool(bool),
    /// `Int` and `BigInt`.
    Int(i64),
    /// `Float`.
    Float(f64),
    /// `String` and `ID`.
    Str(&'a str),
    /// `Date`.
    Date(Date),
    /// `DateTime`.
    DateTime(DateTime),
    /// `Period`.
    Period(Period),
    /// `Point`.
    Point(Point),
    /// `JSON`, as compact text.
    Json(&'a str),
    /// An enum value's position.
    Enum(u16),
    /// A list.
    List(ListCells<'a>),
    /// A localized text.
    Texts(TextCells<'a>),
}

/// A borrowed list: of owned values, or of something that the storage of columns provides.
#[derive(Clone, Copy, Debug)]
pub enum ListCells<'a> {
    /// Owned values.
    Values(&'a [Value]),
    /// Positions `start..end` of a column.
    Column(&'a dyn CellSource, u32, u32),
}

/// A borrowed localized text.
#[derive(Clone, Copy, Debug)]
pub enum TextCells<'a> {
    /// Owned texts.
    Values(&'a [(Box<str>, Box<str>)]),
    /// The given row of a column of texts.
    Column(&'a dyn TextSource, u32),
}

/// What a column of list items offers.
pub trait CellSource: std::fmt::Debug + Send + Sync {
    /// The item at a position.
    fn cell(&self, position: u32) -> Cell<'_>;
}

/// What a column of localized texts offers.
pub trait TextSource: std::fmt::Debug + Send + Sync {
    /// The languages that the column has, in order of their tags.
    fn languages(&self) -> &[Box<str>];
    /// The text of a row in the language with this position in [`TextSource::languages`].
    fn text(&self, row: u32, language: usize) -> Option<&str>;
}

impl<'a> ListCells<'a> {
    /// Number of items.
    pub fn len(self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Column(_, start, end) => (end - start) as usize,
        }
    }

    /// Whether there are no items.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The items in order.
    pub fn iter(self) -> impl Iterator<Item = Cell<'a>> {
        (0..self.len()).map(move |i| match self {
            Self::Values(values) => values[i].as_cell(),
            Self::Column(source, start, _) => source.cell(start + i as u32),
        })
    }
}

impl<'a> TextCells<'a> {
    /// Language and text, in order of the language tags.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let len = match self {
            Self::Values(values) => values.len(),
            Self::Column(source, _) => source.languages().len(),
        };
        (0..len).filter_map(move |i| match self {
            Self::Values(values) => Some((&*values[i].0, &*values[i].1)),
            Self::Column(source, row) => Some((&*source.languages()[i], source.text(row, i)?)),
        })
    }

    /// The text in a language.
    pub fn in_language(self, language: &str) -> Option<&'a str> {
        match self {
            Self::Values(values) => {
                let found = values.iter().find(|(tag, _)| **tag == *language);
                found.map(|(_, text)| &**text)
            }
            Self::Column(source, row) => {
                let mut languages = source.languages().iter();
                source.text(row, languages.position(|tag| **tag == *language)?)
            }
        }
    }

    /// The text in the first of the languages that has one, else in any.
    pub fn first_of<S: AsRef<str>>(self, languages: &[S]) -> Option<&'a str> {
        let asked = languages
            .iter()
            .find_map(|language| self.in_language(language.as_ref()));
        asked.or_else(|| self.iter().next().map(|(_, text)| text))
    }
}

impl Value {
    /// The value, borrowed.
    pub fn as_cell(&self) -> Cell<'_> {
        match self {
            Self::Null => Cell::Null,
            Self::Bool(v) => Cell::Bool(*v),
            Self::Int(v) => Cell::Int(*v),
            Self::Float(v) => Cell::Float(*v),
            Self::Str(v) => Cell::Str(v),
            Self::Date(v) => Cell::Date(*v),
            Self::DateTime(v) => Cell::DateTime(*v),
            Self::Period(v) => Cell::Period(*v),
            Self::Point(v) => Cell::Point(*v),
            Self::Json(v) => Cell::Json(v),
            Self::Enum(v) => Cell::Enum(*v),
            Self::List(v) => Cell::List(ListCells::Values(v)),
            Self::Texts(v) => Cell::Texts(TextCells::Values(v)),
        }
    }
}

impl<'a> Cell<'a> {
    /// Calls for each text in it: the string, those of a list, those of all languages.
    #[inline]
    pub fn each_text(self, each: &mut dyn FnMut(&'a str)) {
        match self {
            Self::Str(text) => each(text),
            Self::List(items) => items.iter().for_each(|item| item.each_text(each)),
            Self::Texts(texts) => texts.iter().for_each(|(_, text)| each(text)),
            _ => {}
        }
    }
}

impl Cell<'_> {
    /// An owned copy.
    pub fn to_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(v) => Value::Bool(v),
            Self::Int(v) => Value::Int(v),
            Self::Float(v) => Value::Float(v),
            Self::Str(v) => Value::Str(v.into()),
            Self::Date(v) => Value::Date(v),
            Self::DateTime(v) => Value::DateTime(v),
            Self::Period(v) => Value::Period(v),
            Self::Point(v) => Value::Point(v),
            Self::Json(v) => Value::Json(v.into()),
            Self::Enum(v) => Value::Enum(v),
            Self::List(v) => Value::List(v.iter().map(Cell::to_value).collect()),
            Self::Texts(v) => Value::Texts(v.iter().map(|(l, t)| (l.into(), t.into())).collect()),
        }
    }

    /// Whether there is no value.
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// Feeds the value to a hasher: values that are equal by [`Cell::order`] and of one property are
    /// fed alike.
    pub fn feed(self, hasher: &mut impl Hasher) {
        match self {
            Self::Null => 0.hash(hasher),
            Self::Bool(v) => v.hash(hasher),
            Self::Int(v) => v.hash(hasher),
            Self::Float(v) => v.to_bits().hash(hasher),
            Self::Str(v) | Self::Json(v) => v.hash(hasher),
            Self::Date(v) => v.hash(hasher),
            Self::DateTime(v) => v.hash(hasher),
            Self::Period(v) => v.to_bits().hash(hasher),
            Self::Point(v) => (v.latitude.to_bits(), v.longitude.to_bits()).hash(hasher),
            Self::Enum(v) => v.hash(hasher),
            Self::List(items) => items.iter().for_each(|item| item.feed(hasher)),
            Self::Texts(texts) => texts.iter().for_each(|text| text.hash(hasher)),
        }
    }

    /// A date, instant or period cut to a coarser precision; other values as they are.
    pub fn truncate(self, precision: super::Precision) -> Self {
        match self {
            Self::Date(date) => Self::Date(date.truncate(precision)),
            Self::DateTime(instant) => Self::DateTime(instant.truncate(precision)),
            Self::Period(period) => Self::Period(period.truncate(precision)),
            other => other,
        }
    }

    /// The one total order: nulls first, then by kind, then by value; lists item by item; floats by
    /// [`f64::total_cmp`]; points by latitude, then longitude.
    pub fn order(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Bool(a), Self::Bool(b)) => a.cmp(&b),
            (Self::Int(a), Self::Int(b)) => a.cmp(&b),
            (Self::Float(a), Self::Float(b)) => a.total_cmp(&b),
            (Self::Int(a), Self::Float(b)) => (a as f64).total_cmp(&b),
            (Self::Float(a), Self::Int(b)) => a.total_cmp(&(b as f64)),
            (Self::Str(a), Self::Str(b)) | (Self::Json(a), Self::Json(b)) => a.cmp(b),
            (Self::Date(a), Self::Date(b)) => a.cmp(&b),
            (Self::DateTime(a), Self::DateTime(b)) => a.cmp(&b),
            (Self::Period(a), Self::Period(b)) => a.cmp(&b),
            (Self::Point(a), Self::Point(b)) => a
                .latitude
                .total_cmp(&b.latitude)
                .then(a.longitude.total_cmp(&b.longitude)),
            (Self::Enum(a), Self::Enum(b)) => a.cmp(&b),
            (Self::List(a), Self::List(b)) => order_lists(a, b),
            (Self::Texts(a), Self::Texts(b)) => a.iter().cmp(b.iter()),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Int(_) | Self::Float(_) => 2,
            Self::Str(_) => 3,
            Self::Date(_) => 4,
            Self::DateTime(_) => 5,
            Self::Period(_) => 6,
            Self::Point(_) => 7,
            Self::Json(_) => 8,
            Self::Enum(_) => 9,
            Self::List(_) => 10,
            Self::Texts(_) => 11,
        }
    }
}

fn order_lists(a: ListCells<'_>, b: ListCells<'_>) -> Ordering {
    let items = a.iter().zip(b.iter()).map(|(a, b)| a.order(b));
    items
        .into_iter()
        .find(|o| o.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}
