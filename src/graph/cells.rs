//! How do the values of one property lie in memory? Not for: which rows were changed since
//! (`overlay`), nor which record has which row (`table`, `segment`).

use super::bits::Bits;
use super::ints::Ints;
use super::strings::{Dictionary, Strings};
use crate::ontology::Property;
use crate::value::{
    Cell, CellSource, Date, DateTime, ListCells, Period, Point, Scalar, TextCells, TextSource,
};

/// The values of one property, by position; grows at its end only.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cells {
    pub(crate) data: Data,
    /// Which positions have a value; none: all.
    pub(crate) valid: Option<Bits>,
    pub(crate) len: usize,
}

/// The values themselves; where there is none stands a default.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Data {
    Bool(Bits),
    Int(Ints),
    Float(Vec<f64>),
    Date(Vec<Date>),
    DateTime(Ints),
    Period(Vec<(i32, i32)>),
    Point(Vec<Point>),
    Str(Strings),
    /// Few distinct strings: a code each.
    Coded(Ints, Strings),
    Json(Strings),
    Enum(Ints),
    /// Where each list ends among the items.
    List(Vec<u32>, Box<Cells>),
    Texts(Texts),
}

/// Localized texts: one column of strings for each language, in order of the tags.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Texts {
    pub(crate) languages: Vec<Box<str>>,
    pub(crate) columns: Vec<Cells>,
}

/// The default that stands where there is no date.
fn no_date() -> Date {
    Date::from_bits(1 << 7 | 1 << 2 | 2).unwrap_or_else(|| unreachable!("year 0 is a date"))
}

impl Data {
    fn new(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Id | Scalar::String => Self::Str(Strings::default()),
            Scalar::Int | Scalar::BigInt => Self::Int(Ints::default()),
            Scalar::Float => Self::Float(Vec::new()),
            Scalar::Boolean => Self::Bool(Bits::default()),
            Scalar::Date => Self::Date(Vec::new()),
            Scalar::DateTime => Self::DateTime(Ints::default()),
            Scalar::Period => Self::Period(Vec::new()),
            Scalar::Point => Self::Point(Vec::new()),
            Scalar::Json => Self::Json(Strings::default()),
            Scalar::Enum(_) => Self::Enum(Ints::default()),
        }
    }
}

impl Cells {
    /// No values yet, of the kind that a property has.
    pub(crate) fn new(property: &Property) -> Self {
        if property.localized {
            Self::of(Data::Texts(Texts::default()))
        } else if property.list {
            let items = Self::of(Data::new(property.scalar));
            Self::of(Data::List(Vec::new(), Box::new(items)))
        } else {
            Self::of(Data::new(property.scalar))
        }
    }

    /// No values, of the same kind.
    pub(crate) fn emptied(&self) -> Self {
        Self::of(match &self.data {
            Data::Bool(_) => Data::Bool(Bits::default()),
            Data::Int(_) => Data::Int(Ints::default()),
            Data::Float(_) => Data::Float(Vec::new()),
            Data::Date(_) => Data::Date(Vec::new()),
            Data::DateTime(_) => Data::DateTime(Ints::default()),
            Data::Period(_) => Data::Period(Vec::new()),
            Data::Point(_) => Data::Point(Vec::new()),
            Data::Str(_) | Data::Coded(..) => Data::Str(Strings::default()),
            Data::Json(_) => Data::Json(Strings::default()),
            Data::Enum(_) => Data::Enum(Ints::default()),
            Data::List(_, items) => Data::List(Vec::new(), Box::new(items.emptied())),
            Data::Texts(_) => Data::Texts(Texts::default()),
        })
    }

    fn of(data: Data) -> Self {
        Self {
            data,
            valid: None,
            len: 0,
        }
    }

    /// Whether there is a value at a position.
    pub(crate) fn has(&self, position: usize) -> bool {
        position < self.len && self.valid.as_ref().is_none_or(|valid| valid.at(position))
    }

    /// The value at a position; null beyond the end.
    #[inline]
    pub(crate) fn cell(&self, position: usize) -> Cell<'_> {
        if !self.has(position) {
            return Cell::Null;
        }
        match &self.data {
            Data::Bool(v) => Cell::Bool(v.at(position)),
            Data::Int(v) => Cell::Int(v.at(position)),
            Data::Float(v) => Cell::Float(v[position]),
            Data::Date(v) => Cell::Date(v[position]),
            Data::DateTime(v) => Cell::DateTime(DateTime(v.at(position))),
            Data::Period(v) => Period::from_bits(v[position]).map_or(Cell::Null, Cell::Period),
            Data::Point(v) => Cell::Point(v[position]),
            Data::Str(v) => Cell::Str(v.at(position)),
            Data::Coded(codes, v) => Cell::Str(v.at(codes.at(position) as usize)),
            Data::Json(v) => Cell::Json(v.at(position)),
            Data::Enum(v) => Cell::Enum(v.at(position) as u16),
            Data::List(ends, items) => {
                let (start, end) = span(ends, position);
                Cell::List(ListCells::Column(&**items, start, end))
            }
            Data::Texts(texts) => Cell::Texts(TextCells::Column(texts, position as u32)),
        }
    }

    /// The string at a position of a column of strings.
    #[inline]
    pub(crate) fn str(&self, position: usize) -> Option<&str> {
        match self.cell(position) {
            Cell::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Appends a value; one of another kind counts as none.
    pub(crate) fn push(&mut self, cell: Cell<'_>) {
        let fits = self.data.push(cell, self.len);
        debug_assert!(fits || cell.is_null(), "a {cell:?} in the wrong column");
        if !fits {
            self.data.push_default();
            let len = self.len;
            let valid = self.valid.get_or_insert_with(|| Bits::filled(len, true));
            valid.push(false);
        } else if let Some(valid) = &mut self.valid {
            valid.push(true);
        }
        self.len += 1;
    }

    /// Appends `count` nulls.
    pub(crate) fn push_nulls(&mut self, count: usize) {
        (0..count).for_each(|_| self.push(Cell::Null));
    }

    /// Brings the values into their final form: few distinct strings into a dictionary, unused
    /// capacity given back.
    pub(crate) fn pack(&mut self) {
        if let Data::Str(strings) = &self.data
            && let Some(coded) = coded(strings)
        {
            self.data = coded;
        }
        if let Some(valid) = &mut self.valid {
            valid.shrink();
        }
        self.data.pack();
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        self.data.bytes() + self.valid.as_ref().map_or(0, Bits::bytes)
    }
}

/// Where the list at a position lies among the items.
pub(crate) fn span(ends: &[u32], position: usize) -> (u32, u32) {
    let start = match position {
        0 => 0,
        _ => ends[position - 1],
    };
    (start, ends[position])
}

/// Strings as codes, if there are many strings and few distinct ones.
fn coded(strings: &Strings) -> Option<Data> {
    let count = strings.len();
    let most = (count / 4).min(1 << 15);
    let mut dictionary = Dictionary::default();
    let mut codes = Ints::default();
    for position in 0..count {
        let (code, _) = dictionary.insert(strings.at(position));
        if code as usize >= most {
            return None;
        }
        codes.push(i64::from(code));
    }
    (count > 0).then_some(Data::Coded(codes, dictionary.strings))
}

impl Data {
    /// Appends a value; false, and nothing appended, if it is none of this kind.
    fn push(&mut self, cell: Cell<'_>, position: usize) -> bool {
        match (self, cell) {
            (Self::Bool(v), Cell::Bool(x)) => v.push(x),
            (Self::Int(v), Cell::Int(x)) => v.push(x),
            (Self::Float(v), Cell::Float(x)) => v.push(x),
            (Self::Float(v), Cell::Int(x)) => v.push(x as f64),
            (Self::Date(v), Cell::Date(x)) => v.push(x),
            (Self::DateTime(v), Cell::DateTime(x)) => v.push(x.0),
            (Self::Period(v), Cell::Period(x)) => v.push(x.to_bits()),
            (Self::Point(v), Cell::Point(x)) => v.push(x),
            (Self::Str(v), Cell::Str(x)) | (Self::Json(v), Cell::Json(x)) => v.push(x),
            (Self::Enum(v), Cell::Enum(x)) => v.push(i64::from(x)),
            (Self::List(ends, items), Cell::List(list)) => {
                list.iter().for_each(|item| items.push(item));
                ends.push(items.len as u32);
            }
            (Self::Texts(texts), Cell::Texts(given)) => texts.push(given, position),
            _ => return false,
        }
        true
    }

    fn push_default(&mut self) {
        match self {
            Self::Bool(v) => v.push(false),
            Self::Int(v) | Self::DateTime(v) | Self::Enum(v) | Self::Coded(v, _) => v.push(0),
            Self::Float(v) => v.push(0.0),
            Self::Date(v) => v.push(no_date()),
            Self::Period(v) => v.push((i32::MIN, i32::MAX)),
            Self::Point(v) => v.push(Point {
                latitude: 0.0,
                longitude: 0.0,
            }),
            Self::Str(v) | Self::Json(v) => v.push(""),
            Self::List(ends, items) => ends.push(items.len as u32),
            Self::Texts(texts) => texts.columns.iter_mut().for_each(|c| c.push(Cell::Null)),
        }
    }

    fn pack(&mut self) {
        match self {
            Self::Bool(v) => v.shrink(),
            Self::Int(v) | Self::DateTime(v) | Self::Enum(v) => v.shrink(),
            Self::Float(v) => v.shrink_to_fit(),
            Self::Date(v) => v.shrink_to_fit(),
            Self::Period(v) => v.shrink_to_fit(),
            Self::Point(v) => v.shrink_to_fit(),
            Self::Str(v) | Self::Json(v) => v.shrink(),
            Self::Coded(codes, v) => {
                codes.shrink();
                v.shrink();
            }
            Self::List(ends, items) => {
                ends.shrink_to_fit();
                items.pack();
            }
            Self::Texts(texts) => texts.columns.iter_mut().for_each(Cells::pack),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Bool(v) => v.bytes(),
            Self::Int(v) | Self::DateTime(v) | Self::Enum(v) => v.bytes(),
            Self::Float(v) => v.capacity() * 8,
            Self::Date(v) => v.capacity() * 4,
            Self::Period(v) => v.capacity() * 8,
            Self::Point(v) => v.capacity() * 16,
            Self::Str(v) | Self::Json(v) => v.bytes(),
            Self::Coded(codes, v) => codes.bytes() + v.bytes(),
            Self::List(ends, items) => ends.capacity() * 4 + items.bytes(),
            Self::Texts(texts) => texts.columns.iter().map(Cells::bytes).sum(),
        }
    }
}

impl Texts {
    /// Appends a row that has the given texts.
    fn push(&mut self, given: TextCells<'_>, row: usize) {
        for (language, _) in given.iter() {
            self.add_language(language, row);
        }
        for (language, column) in self.languages.iter().zip(&mut self.columns) {
            column.push(given.in_language(language).map_or(Cell::Null, Cell::Str));
        }
    }

    fn add_language(&mut self, language: &str, rows: usize) {
        if let Err(at) = self.languages.binary_search_by(|l| (**l).cmp(language)) {
            let mut column = Cells::of(Data::Str(Strings::default()));
            column.push_nulls(rows);
            self.languages.insert(at, language.into());
            self.columns.insert(at, column);
        }
    }
}

impl CellSource for Cells {
    fn cell(&self, position: u32) -> Cell<'_> {
        Self::cell(self, position as usize)
    }
}

impl TextSource for Texts {
    fn languages(&self) -> &[Box<str>] {
        &self.languages
    }

    fn text(&self, row: u32, language: usize) -> Option<&str> {
        self.columns.get(language)?.str(row as usize)
    }
}
