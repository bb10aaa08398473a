//! How do integers lie in as few bytes as their values need? Not for: nulls (`column`).

/// Integers in the narrowest width that holds them all; widens itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ints {
    /// One byte each.
    I8(Vec<i8>),
    /// Two bytes each.
    I16(Vec<i16>),
    /// Four bytes each.
    I32(Vec<i32>),
    /// Eight bytes each.
    I64(Vec<i64>),
}

impl Default for Ints {
    fn default() -> Self {
        Self::I8(Vec::new())
    }
}

/// Runs an expression on the vector inside, whatever its width.
macro_rules! each {
    ($ints:expr, $vec:ident => $body:expr) => {
        match $ints {
            Ints::I8($vec) => $body,
            Ints::I16($vec) => $body,
            Ints::I32($vec) => $body,
            Ints::I64($vec) => $body,
        }
    };
}

impl Ints {
    /// The number of integers.
    pub(crate) fn len(&self) -> usize {
        each!(self, v => v.len())
    }

    /// The integer at a position, which must be below [`Ints::len`].
    pub(crate) fn at(&self, position: usize) -> i64 {
        match self {
            Self::I8(v) => i64::from(v[position]),
            Self::I16(v) => i64::from(v[position]),
            Self::I32(v) => i64::from(v[position]),
            Self::I64(v) => v[position],
        }
    }

    /// Appends an integer; widens all if it does not fit.
    pub(crate) fn push(&mut self, value: i64) {
        match self {
            Self::I8(v) if i8::try_from(value).is_ok() => v.push(value as i8),
            Self::I16(v) if i16::try_from(value).is_ok() => v.push(value as i16),
            Self::I32(v) if i32::try_from(value).is_ok() => v.push(value as i32),
            Self::I64(v) => v.push(value),
            _ => {
                self.widen();
                self.push(value);
            }
        }
    }

    fn widen(&mut self) {
        *self = match self {
            Self::I8(v) => Self::I16(v.iter().map(|x| i16::from(*x)).collect()),
            Self::I16(v) => Self::I32(v.iter().map(|x| i32::from(*x)).collect()),
            Self::I32(v) => Self::I64(v.iter().map(|x| i64::from(*x)).collect()),
            Self::I64(v) => Self::I64(std::mem::take(v)),
        };
    }

    /// Gives unused capacity back.
    pub(crate) fn shrink(&mut self) {
        each!(self, v => v.shrink_to_fit());
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::I8(v) => v.capacity(),
            Self::I16(v) => v.capacity() * 2,
            Self::I32(v) => v.capacity() * 4,
            Self::I64(v) => v.capacity() * 8,
        }
    }
}

/// Integers that cost nothing while all are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Series {
    /// The same value, so many times.
    Constant(i64, usize),
    /// Different values.
    Each(Ints),
}

impl Default for Series {
    fn default() -> Self {
        Self::Constant(0, 0)
    }
}

impl Series {
    /// The number of integers.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Constant(_, len) => *len,
            Self::Each(ints) => ints.len(),
        }
    }

    /// The integer at a position, which must be below [`Series::len`].
    pub(crate) fn at(&self, position: usize) -> i64 {
        match self {
            Self::Constant(value, _) => *value,
            Self::Each(ints) => ints.at(position),
        }
    }

    /// Appends an integer.
    pub(crate) fn push(&mut self, value: i64) {
        match self {
            Self::Constant(same, len) if *len == 0 || *same == value => {
                *same = value;
                *len += 1;
            }
            Self::Constant(same, len) => {
                let mut ints = Ints::default();
                (0..*len).for_each(|_| ints.push(*same));
                ints.push(value);
                *self = Self::Each(ints);
            }
            Self::Each(ints) => ints.push(value),
        }
    }

    /// Gives unused capacity back.
    pub(crate) fn shrink(&mut self) {
        if let Self::Each(ints) = self {
            ints.shrink();
        }
    }

    /// Bytes on the heap.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Constant(..) => 0,
            Self::Each(ints) => ints.bytes(),
        }
    }
}
