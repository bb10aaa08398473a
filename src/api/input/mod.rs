//! What was given to an argument? Values after coercion by the specification, from the JSON of
//! `variables` (`json`) and from literals of the document (`template`), against the input
//! types of the schema (`types`). Not for what a `Date` or a `where` means: that is read from
//! these values later.

mod arguments;
mod json;
mod mismatch;
mod scalar;
mod template;
mod types;
mod variables;

#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use arguments::Arguments;
pub use mismatch::Mismatch;
pub use template::{Scope, Site, Template};
pub use types::{InputField, InputObject, InputType, InputTypes, TypeRef};
pub use variables::{VariableSlot, VariableTable, Variables};

/// A coerced input value. Cloning costs a reference count.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// An explicit `null`.
    Null,
    /// A `Boolean`.
    Bool(bool),
    /// An `Int` (within 32 bits) or a `BigInt`.
    Int(i64),
    /// A `Float`, always finite.
    Float(f64),
    /// A `String`, an `ID`, or a scalar that is written as text (`Date`, `Period`, …), unparsed.
    String(Arc<str>),
    /// The name of an enum value, which exists in the enum.
    Enum(Arc<str>),
    /// A list; a single value given for a list type is a list of one.
    List(Arc<[Input]>),
    /// An input object with the defaults of absent fields filled in; fields in the order given,
    /// defaults behind them. Also a `JSON` object and a `Point`.
    Object(Arc<[(Arc<str>, Input)]>),
}

impl Input {
    /// The text of a `String`, an `Enum` or an `ID`.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) | Self::Enum(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an `Int` or a `BigInt`.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth of a `Boolean`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The entries of a list.
    pub fn as_list(&self) -> Option<&[Input]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The fields of an object.
    pub fn as_object(&self) -> Option<&[(Arc<str>, Input)]> {
        match self {
            Self::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// Whether it is an explicit `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// A field of an object by name.
    pub fn field(&self, name: &str) -> Option<&Input> {
        let fields = self.as_object()?;
        fields
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
    }
}
