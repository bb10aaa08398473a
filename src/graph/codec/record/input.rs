//! How are numbers, texts and values taken from a record? Nothing is taken on trust. Not for: what
//! they belong to (`read`).

use super::super::bytes::Wrong;
use super::tag;
use crate::ontology::{Ontology, Property};
use crate::value::{Date, DateTime, Period, Point, Scalar, Value};

/// What is left of a record, and the names that it uses.
pub(super) struct Input<'a> {
    rest: &'a [u8],
    names: Vec<&'a str>,
}

/// A language and a text in it.
type Text = (Box<str>, Box<str>);

impl<'a> Input<'a> {
    pub(super) fn new(rest: &'a [u8]) -> Self {
        let names = Vec::new();
        Self { rest, names }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Wrong> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or("it ends too early")?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Wrong> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Wrong> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// A number of eight bytes.
    pub(super) fn instant(&mut self) -> Result<i64, Wrong> {
        self.array().map(i64::from_le_bytes)
    }

    /// Whether something follows.
    pub(super) fn is_there(&mut self) -> Result<bool, Wrong> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(format!("{other} is neither 0 nor 1").into()),
        }
    }

    pub(super) fn number(&mut self) -> Result<u64, Wrong> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if part << shift >> shift != part {
                break;
            }
            number |= part << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err("a number has more than 64 bits".into())
    }

    /// How many things follow, each of a byte at least.
    pub(super) fn length(&mut self) -> Result<usize, Wrong> {
        let length = self.number()?;
        let fits = usize::try_from(length).ok();
        let fits = fits.filter(|length| *length <= self.rest.len());
        fits.ok_or_else(|| format!("a length of {length} is more than there is").into())
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Wrong> {
        let length = self.length()?;
        std::str::from_utf8(self.take(length)?).map_err(|_| "a text is not UTF-8".into())
    }

    pub(super) fn optional(&mut self) -> Result<Option<Box<str>>, Wrong> {
        let there = self.is_there()?;
        there.then(|| self.text().map(Box::from)).transpose()
    }

    /// Reads the names.
    pub(super) fn names(&mut self) -> Result<(), Wrong> {
        let count = self.length()?;
        self.names = (0..count).map(|_| self.text()).collect::<Result<_, _>>()?;
        Ok(())
    }

    pub(super) fn name(&mut self) -> Result<&'a str, Wrong> {
        let number = self.number()?;
        let name = usize::try_from(number).ok();
        let name = name.and_then(|number| self.names.get(number)).copied();
        name.ok_or_else(|| format!("the name {number} is not among its names").into())
    }

    pub(super) fn value(
        &mut self,
        ontology: &Ontology,
        property: &Property,
    ) -> Result<Value, Wrong> {
        Ok(match self.byte()? {
            tag::LIST => {
                let count = self.length()?;
                let items = (0..count).map(|_| {
                    let tag = self.byte()?;
                    self.single(tag, ontology, property)
                });
                Value::List(items.collect::<Result<_, _>>()?)
            }
            tag::TEXTS => Value::Texts(self.texts()?),
            tag => self.single(tag, ontology, property)?,
        })
    }

    fn single(
        &mut self,
        tag: u8,
        ontology: &Ontology,
        property: &Property,
    ) -> Result<Value, Wrong> {
        Ok(match tag {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => Value::Int(i64::from_le_bytes(self.array()?)),
            tag::FLOAT => Value::Float(self.float()?),
            tag::STR => Value::Str(self.text()?.into()),
            tag::DATE => {
                let bits = i32::from_le_bytes(self.array()?);
                Value::Date(Date::from_bits(bits).ok_or("a date is none")?)
            }
            tag::DATE_TIME => Value::DateTime(DateTime(i64::from_le_bytes(self.array()?))),
            tag::PERIOD => {
                let (from, to) = (self.array()?, self.array()?);
                let bits = (i32::from_le_bytes(from), i32::from_le_bytes(to));
                Value::Period(Period::from_bits(bits).ok_or("a period is none")?)
            }
            tag::POINT => Value::Point(Point::new(self.float()?, self.float()?)?),
            tag::JSON => Value::Json(self.text()?.into()),
            tag::ENUM => self.enum_value(ontology, property)?,
            other => return Err(format!("{other} is no kind of value").into()),
        })
    }

    fn float(&mut self) -> Result<f64, Wrong> {
        let float = f64::from_le_bytes(self.array()?);
        let finite = float.is_finite().then_some(float);
        finite.ok_or_else(|| "a number is not finite".into())
    }

    fn enum_value(&mut self, ontology: &Ontology, property: &Property) -> Result<Value, Wrong> {
        let name = self.name()?;
        let Scalar::Enum(of) = property.scalar else {
            return Err(Wrong::unfit(format!("it is {name}, a value of an enum")));
        };
        let declared = &ontology.enums[of as usize];
        let gone = || {
            let of = &declared.name;
            Wrong::unfit(format!("it is {name}, which is no value of {of} any more"))
        };
        declared.value(name).map(Value::Enum).ok_or_else(gone)
    }

    fn texts(&mut self) -> Result<Vec<Text>, Wrong> {
        let count = self.length()?;
        let texts = (0..count).map(|_| Ok::<_, Wrong>((self.text()?.into(), self.text()?.into())));
        let texts: Vec<Text> = texts.collect::<Result<_, _>>()?;
        match texts.is_sorted_by(|a, b| a.0 < b.0) {
            true => Ok(texts),
            false => Err("its languages are not in order".into()),
        }
    }
}
