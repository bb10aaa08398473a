//! How is a value of a `JSON` scalar read? As it is, with no type to lead. Not for any other
//! scalar.

use std::fmt;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Key, Reader};
use crate::api::input::scalar::{Raw, coerce};
use crate::api::input::template::twice;
use crate::api::input::{Input, InputType};

/// A value of a `JSON` scalar.
#[derive(Clone, Copy)]
struct Any<'a>(&'a Reader<'a>);

impl Any<'_> {
    fn single(self, raw: Raw<'_>) -> Input {
        coerce(&InputType::Json, raw).unwrap_or(Input::Null)
    }
}

impl<'de> DeserializeSeed<'de> for Any<'_> {
    type Value = Input;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Input, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Any<'_> {
    type Value = Input;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Input, E> {
        Ok(Input::Null)
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Input, E> {
        Ok(self.single(Raw::Bool(truth)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Input, E> {
        Ok(self.single(Raw::Int(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Input, E> {
        match i64::try_from(number) {
            Ok(number) => Ok(self.single(Raw::Int(number))),
            Err(_) => Ok(self.single(Raw::JsonNumber(number as f64))),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Input, E> {
        Ok(self.single(Raw::JsonNumber(number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Input, E> {
        Ok(self.single(Raw::JsonString(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Input, A::Error> {
        any_list(self.0, seq)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Input, A::Error> {
        self.0.enter()?;
        let object = any_object(self.0, map)?;
        self.0.leave();
        Ok(object)
    }
}

pub(super) fn any_list<'de, A: SeqAccess<'de>>(
    reader: &Reader<'_>,
    mut seq: A,
) -> Result<Input, A::Error> {
    reader.enter()?;
    let mut items = Vec::new();
    while let Some(value) = seq.next_element_seed(Any(reader))? {
        items.push(value);
    }
    reader.leave();
    Ok(Input::List(items.into()))
}

pub(super) fn any_object<'de, A: MapAccess<'de>>(
    reader: &Reader<'_>,
    mut map: A,
) -> Result<Input, A::Error> {
    let mut names = FxHashSet::default();
    let mut fields = Vec::new();
    while let Some(name) = map.next_key_seed(Key(|name: &str| Arc::<str>::from(name)))? {
        if !names.insert(name.clone()) {
            return Err(reader.wrong(twice(&name)));
        }
        fields.push((name, map.next_value_seed(Any(reader))?));
    }
    Ok(Input::Object(fields.into()))
}
