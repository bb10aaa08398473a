//! How do numbers and texts become bytes and back? Not for: what they mean.

use crate::graph::bits::Bits;
use crate::graph::ints::{Ints, Series};
use crate::graph::strings::{Ends, Strings};
use std::io::{self, BufReader, Read, Write};

/// A number of fixed width, little-endian.
pub(super) trait Fixed: Copy {
    const WIDTH: usize;
    fn put(self, out: &mut Vec<u8>);
    fn take(bytes: &[u8]) -> Self;
}

macro_rules! fixed {
    ($($number:ty),*) => {$(
        impl Fixed for $number {
            const WIDTH: usize = size_of::<$number>();

            fn put(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<$number>()];
                own.copy_from_slice(&bytes[..Self::WIDTH]);
                Self::from_le_bytes(own)
            }
        }
    )*};
}

fixed!(u8, i8, i16, u32, i32, u64, i64, f64);

/// How many numbers are converted at a time.
const STEP: usize = 8 << 10;

/// A section being written.
pub(in crate::graph) struct Output<'a>(pub(in crate::graph) &'a mut dyn Write);

impl Output<'_> {
    pub(super) fn number<T: Fixed>(&mut self, number: T) -> io::Result<()> {
        self.numbers(&[number])
    }

    fn numbers<T: Fixed>(&mut self, numbers: &[T]) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(numbers.len().min(STEP) * T::WIDTH);
        for step in numbers.chunks(STEP) {
            bytes.clear();
            step.iter().for_each(|number| number.put(&mut bytes));
            self.0.write_all(&bytes)?;
        }
        Ok(())
    }

    pub(super) fn list<T: Fixed>(&mut self, numbers: &[T]) -> io::Result<()> {
        self.number(numbers.len() as u64)?;
        self.numbers(numbers)
    }

    pub(super) fn text(&mut self, text: &str) -> io::Result<()> {
        self.bytes(text.as_bytes())
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.number(bytes.len() as u64)?;
        self.0.write_all(bytes)
    }

    pub(super) fn strings(&mut self, strings: &Strings) -> io::Result<()> {
        self.text(strings.text())?;
        match strings.ends() {
            Ends::Narrow(ends) => {
                self.number(4u8)?;
                self.list(ends)
            }
            Ends::Wide(ends) => {
                self.number(8u8)?;
                self.list(ends)
            }
        }
    }

    pub(super) fn ints(&mut self, ints: &Ints) -> io::Result<()> {
        match ints {
            Ints::I8(v) => self.number(1u8).and_then(|()| self.list(v)),
            Ints::I16(v) => self.number(2u8).and_then(|()| self.list(v)),
            Ints::I32(v) => self.number(4u8).and_then(|()| self.list(v)),
            Ints::I64(v) => self.number(8u8).and_then(|()| self.list(v)),
        }
    }

    pub(super) fn series(&mut self, series: &Series) -> io::Result<()> {
        match series {
            Series::Constant(value, len) => {
                self.number(0u8)?;
                self.number(*value)?;
                self.number(*len as u64)
            }
            Series::Each(ints) => self.ints(ints),
        }
    }

    pub(super) fn bits(&mut self, bits: &Bits) -> io::Result<()> {
        self.number(bits.len() as u64)?;
        self.list(bits.words())
    }
}

/// A section being read. Nothing is taken on trust: lengths are checked against what is left.
pub(super) struct Input<'a> {
    reader: BufReader<Box<dyn Read + Send + 'a>>,
    left: u64,
}

/// What is wrong with a section.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) what: String,
    /// Whether it is sound but does not fit the ontology.
    pub(super) unfit: bool,
}

impl Wrong {
    pub(super) fn unfit(what: String) -> Self {
        Self { what, unfit: true }
    }
}

impl<T: Into<String>> From<T> for Wrong {
    fn from(what: T) -> Self {
        let (what, unfit) = (what.into(), false);
        Self { what, unfit }
    }
}

impl<'a> Input<'a> {
    pub(super) fn new(reader: Box<dyn Read + Send + 'a>, bytes: u64) -> Self {
        Self {
            reader: BufReader::with_capacity(64 << 10, reader),
            left: bytes,
        }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Wrong> {
        let rest = self.left.checked_sub(bytes.len() as u64);
        self.left = rest.ok_or("it ends too early")?;
        self.reader
            .read_exact(bytes)
            .map_err(|e| e.to_string().into())
    }

    pub(super) fn number<T: Fixed>(&mut self) -> Result<T, Wrong> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes[..T::WIDTH])?;
        Ok(T::take(&bytes))
    }

    /// The length of something whose parts take `width` bytes at least.
    pub(super) fn length(&mut self, width: usize) -> Result<usize, Wrong> {
        let length: u64 = self.number()?;
        match length.checked_mul(width as u64) {
            Some(bytes) if bytes <= self.left => Ok(length as usize),
            _ => Err(format!("a length of {length} is more than there is").into()),
        }
    }

    pub(super) fn list<T: Fixed>(&mut self) -> Result<Vec<T>, Wrong> {
        let length = self.length(T::WIDTH)?;
        let mut numbers = Vec::with_capacity(length);
        let mut bytes = vec![0; length.min(STEP) * T::WIDTH];
        while numbers.len() < length {
            let step = (length - numbers.len()).min(STEP) * T::WIDTH;
            self.fill(&mut bytes[..step])?;
            numbers.extend(bytes[..step].chunks_exact(T::WIDTH).map(T::take));
        }
        Ok(numbers)
    }

    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, Wrong> {
        let length = self.length(1)?;
        let mut bytes = vec![0; length];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// Leaves out what is left.
    pub(super) fn skip(&mut self) -> Result<(), Wrong> {
        let mut bytes = [0; 4 << 10];
        while self.left > 0 {
            let step = self.left.min(bytes.len() as u64) as usize;
            self.fill(&mut bytes[..step])?;
        }
        Ok(())
    }

    pub(super) fn text(&mut self) -> Result<String, Wrong> {
        String::from_utf8(self.bytes()?).map_err(|_| "a text is not UTF-8".into())
    }

    pub(super) fn strings(&mut self) -> Result<Strings, Wrong> {
        let text = self.text()?;
        let ends = match self.number::<u8>()? {
            4 => Ends::Narrow(self.list()?),
            8 => Ends::Wide(self.list()?),
            width => return Err(format!("{width} is no width of offsets").into()),
        };
        Strings::from_parts(text, ends).ok_or_else(|| "offsets of strings are wrong".into())
    }

    pub(super) fn ints(&mut self) -> Result<Ints, Wrong> {
        let width = self.number()?;
        self.ints_of(width)
    }

    fn ints_of(&mut self, width: u8) -> Result<Ints, Wrong> {
        match width {
            1 => self.list().map(Ints::I8),
            2 => self.list().map(Ints::I16),
            4 => self.list().map(Ints::I32),
            8 => self.list().map(Ints::I64),
            width => Err(format!("{width} is no width of integers").into()),
        }
    }

    /// Integers for `count` records.
    pub(super) fn series(&mut self, count: usize) -> Result<Series, Wrong> {
        let series = match self.number()? {
            0u8 => Series::Constant(self.number()?, self.number::<u64>()? as usize),
            width => Series::Each(self.ints_of(width)?),
        };
        match series.len() == count {
            true => Ok(series),
            false => Err(format!("{} numbers for {count} records", series.len()).into()),
        }
    }

    pub(super) fn bits(&mut self) -> Result<Bits, Wrong> {
        let length: u64 = self.number()?;
        let words = self.list()?;
        Bits::from_words(words, length as usize).ok_or_else(|| "a bitmap is too short".into())
    }

    /// Makes sure that nothing follows, so that the source can check its end.
    pub(super) fn end(mut self) -> Result<(), Wrong> {
        match self.reader.read(&mut [0]) {
            Ok(0) if self.left == 0 => Ok(()),
            Ok(_) => Err("there is more in it than there should be".into()),
            Err(error) => Err(error.to_string().into()),
        }
    }
}
