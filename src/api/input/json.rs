//! How is the JSON of `variables` read? Straight from its text into coerced values, led by the
//! types, without a tree in between. Not for the rest of the request.

mod any;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use self::any::{any_list, any_object};
use super::mismatch::Mismatch;
use super::scalar::{Raw, accepted, coerce};
use super::template::{Scope, absent_field, exactly_one, twice, unknown_field};
use super::variables::VariableTable;
use super::{Input, InputObject, InputType, InputTypes, TypeRef};
use crate::api::error::{ErrorCode, GraphqlError};
use crate::api::limits::exceeded;

/// Reads the values of `table` from a JSON object (or `null`) into `values`.
pub(super) fn read(
    text: &str,
    table: &VariableTable,
    types: &InputTypes,
    nesting: usize,
    values: &mut [Option<Input>],
) -> Result<(), GraphqlError> {
    let reader = Reader {
        types,
        nesting,
        depth: Cell::new(0),
        failure: RefCell::default(),
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let root = Root {
        reader: &reader,
        table,
        values,
    };
    match root.deserialize(&mut json).and_then(|()| json.end()) {
        Ok(()) => Ok(()),
        Err(error) => Err(reader.tell(&error)),
    }
}

/// What all levels of one reading share.
struct Reader<'a> {
    types: &'a InputTypes,
    nesting: usize,
    depth: Cell<usize>,
    failure: RefCell<Option<Failure>>,
}

enum Failure {
    Wrong(Mismatch, Option<Arc<str>>),
    NotAnObject(String),
    TooDeep,
}

impl Reader<'_> {
    fn fail<E: Error>(&self, failure: Failure) -> E {
        *self.failure.borrow_mut() = Some(failure);
        E::custom("")
    }

    fn wrong<E: Error>(&self, mismatch: Mismatch) -> E {
        self.fail(Failure::Wrong(mismatch, None))
    }

    fn kind<E: Error>(&self, ty: &TypeRef, found: &str) -> E {
        let accepted = accepted(self.types.named(ty), self.types.name(ty));
        self.wrong(Mismatch::kind(&self.types.text(ty), found, &accepted))
    }

    /// Adds a step to the place of the failure on the way out.
    fn step(&self, step: impl FnOnce(Mismatch) -> Mismatch) {
        let mut failure = self.failure.borrow_mut();
        *failure = failure.take().map(|failure| match failure {
            Failure::Wrong(mismatch, variable) => Failure::Wrong(step(mismatch), variable),
            other => other,
        });
    }

    fn in_variable(&self, name: &Arc<str>) {
        if let Some(Failure::Wrong(_, variable)) = &mut *self.failure.borrow_mut() {
            *variable = Some(name.clone());
        }
    }

    fn enter<E: Error>(&self) -> Result<(), E> {
        self.depth.set(self.depth.get() + 1);
        if self.depth.get() > self.nesting {
            return Err(self.fail(Failure::TooDeep));
        }
        Ok(())
    }

    fn leave(&self) {
        self.depth.set(self.depth.get() - 1);
    }

    fn tell(&self, error: &serde_json::Error) -> GraphqlError {
        let bad = |message: String| GraphqlError::new(ErrorCode::BadUserInput, message);
        match self.failure.take() {
            Some(Failure::Wrong(mismatch, variable)) => {
                let root = format!("${}", variable.as_deref().unwrap_or("variables"));
                let told = bad(mismatch.tell("variable", &root));
                match mismatch.hint {
                    Some(hint) => told.hint(hint),
                    None => told,
                }
            }
            Some(Failure::NotAnObject(found)) => {
                bad(format!("`variables` must be a JSON object, found {found}"))
                    .hint("write {\"name\": value, …}")
            }
            Some(Failure::TooDeep) => {
                let hint = "nest fewer lists and objects in the variables";
                exceeded("nesting", self.nesting, hint)
            }
            None => bad(format!("`variables` is not JSON: {error}")),
        }
    }
}

/// The object of all variables.
struct Root<'a, 'v> {
    reader: &'a Reader<'a>,
    table: &'a VariableTable,
    values: &'v mut [Option<Input>],
}

impl<'de> DeserializeSeed<'de> for Root<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl Root<'_, '_> {
    fn refuse<E: Error>(&self, found: &str) -> E {
        self.reader.fail(Failure::NotAnObject(found.to_owned()))
    }
}

impl<'de> Visitor<'de> for Root<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of variables")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Err(self.refuse("a boolean"))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Err(self.refuse("a number"))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Err(self.refuse("a number"))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Err(self.refuse("a number"))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Err(self.refuse("a string"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<(), A::Error> {
        Err(self.refuse("a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(slot) = map.next_key_seed(Key(|name: &str| {
            self.table.variable(name).map(|(slot, _)| slot).ok_or(())
        }))? {
            let Ok(slot) = slot else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let variable = &self.table.slots[slot];
            let seed = Value {
                reader: self.reader,
                ty: &variable.ty,
            };
            let value = map.next_value_seed(seed);
            let value = value.inspect_err(|_| self.reader.in_variable(&variable.name))?;
            if self.values[slot].replace(value).is_some() {
                let error = self
                    .reader
                    .wrong(Mismatch::new("it is given more than once"));
                self.reader.in_variable(&variable.name);
                return Err(error);
            }
        }
        Ok(())
    }
}

/// A key, looked up without a copy.
struct Key<F>(F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for Key<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<T, D::Error> {
        json.deserialize_str(self)
    }
}

impl<'de, T, F: FnOnce(&str) -> T> Visitor<'de> for Key<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<T, E> {
        Ok((self.0)(name))
    }
}

/// A value of a type.
#[derive(Clone, Copy)]
struct Value<'a> {
    reader: &'a Reader<'a>,
    ty: &'a TypeRef,
}

impl<'a> Value<'a> {
    /// The same for the named type inside all lists, and how many lists were around it.
    fn innermost(self) -> (Self, usize) {
        let (mut at, mut lists) = (self, 0);
        while let TypeRef::List { item, .. } = at.ty {
            at = Value { ty: item, ..at };
            lists += 1;
        }
        (at, lists)
    }

    /// A single value; where a list is expected, a list of one.
    fn single<E: Error>(self, raw: Raw<'_>) -> Result<Input, E> {
        let (inner, lists) = self.innermost();
        match coerce(self.reader.types.named(self.ty), raw) {
            Some(value) => Ok(wrap(value, lists)),
            None => Err(inner.reader.kind(self.ty, &raw.shown())),
        }
    }

    fn object<'de, A: MapAccess<'de>>(
        self,
        object: &'a InputObject,
        mut map: A,
    ) -> Result<Input, A::Error> {
        let mut given = Given::new(object.fields.len());
        let mut fields = Vec::with_capacity(map.size_hint().unwrap_or(4));
        while let Some(key) = map.next_key_seed(Key(|name: &str| {
            object.field(name).ok_or_else(|| name.to_owned())
        }))? {
            let types = self.reader.types;
            let (at, field) = key.map_err(|name| {
                self.reader
                    .wrong::<A::Error>(unknown_field(&name, types, self.ty))
            })?;
            let seed = Value {
                ty: &field.ty,
                ..self
            };
            let value = map.next_value_seed(seed);
            let name = field.name.clone();
            let value = value.inspect_err(|_| self.reader.step(|wrong| wrong.in_field(&name)))?;
            if !given.insert(at) {
                return Err(self.reader.wrong(twice(&name)));
            }
            fields.push((name, value));
        }
        self.complete(object, fields, &given)
            .map_err(|mismatch| self.reader.wrong(mismatch))
    }

    /// Checks what is missing and adds the defaults.
    fn complete(
        self,
        object: &InputObject,
        mut fields: Vec<(Arc<str>, Input)>,
        given: &Given,
    ) -> Result<Input, Mismatch> {
        let types = self.reader.types;
        if object.one_of {
            let null = fields.iter().any(|(_, value)| value.is_null());
            exactly_one(fields.len(), null, types.name(self.ty))?;
        }
        for (at, field) in object.fields.iter().enumerate() {
            if !given.contains(at) {
                let default = absent_field(field, types)?;
                fields.extend(default.map(|value| (field.name.clone(), value)));
            }
        }
        Ok(Input::Object(fields.into()))
    }

    fn point<'de, A: MapAccess<'de>>(self, map: A) -> Result<Input, A::Error> {
        let Input::Object(fields) = any_object(self.reader, map)? else {
            return Err(self.reader.kind(self.ty, "no object"));
        };
        let mut point = Vec::with_capacity(2);
        for (name, value) in fields.iter() {
            let number = match value {
                Input::Int(number) => *number as f64,
                Input::Float(number) => *number,
                _ => return Err(self.reader.kind(self.ty, "no number")),
            };
            point.push((name.clone(), Input::Float(number)));
        }
        let known = |name: &str| fields.iter().any(|(key, _)| &**key == name);
        if point.len() != 2 || !known("latitude") || !known("longitude") {
            return Err(self.reader.kind(self.ty, "other fields"));
        }
        Ok(Input::Object(point.into()))
    }
}

fn wrap(value: Input, lists: usize) -> Input {
    (0..lists).fold(value, |value, _| Input::List([value].into()))
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Input;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Input, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Input;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reader.types.text(self.ty))
    }

    fn visit_unit<E: Error>(self) -> Result<Input, E> {
        if self.ty.nullable() {
            return Ok(Input::Null);
        }
        Err(self.reader.kind(self.ty, "null"))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Input, E> {
        self.single(Raw::Bool(truth))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Input, E> {
        self.single(Raw::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Input, E> {
        match i64::try_from(number) {
            Ok(number) => self.single(Raw::Int(number)),
            Err(_) => self.single(Raw::Huge(&number.to_string())),
        }
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Input, E> {
        self.single(Raw::JsonNumber(number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Input, E> {
        self.single(Raw::JsonString(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Input, A::Error> {
        let item = match self.ty {
            TypeRef::List { item, .. } => item,
            TypeRef::Named { .. } if is_json(self.reader, self.ty) => {
                return any_list(self.reader, seq);
            }
            TypeRef::Named { .. } => return Err(self.reader.kind(self.ty, "a list")),
        };
        self.reader.enter()?;
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(4));
        loop {
            let entry = seq.next_element_seed(Value { ty: item, ..self });
            let step = || self.reader.step(|wrong| wrong.in_entry(items.len()));
            match entry.inspect_err(|_| step())? {
                Some(value) => items.push(value),
                None => break,
            }
        }
        self.reader.leave();
        Ok(Input::List(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Input, A::Error> {
        let (inner, lists) = self.innermost();
        self.reader.enter()?;
        let value = match self.reader.types.named(self.ty) {
            InputType::Object(object) => inner.object(object, map)?,
            InputType::Json => any_object(self.reader, map)?,
            InputType::Point => inner.point(map)?,
            _ => return Err(self.reader.kind(self.ty, "an object")),
        };
        self.reader.leave();
        Ok(wrap(value, lists))
    }
}

fn is_json(reader: &Reader<'_>, ty: &TypeRef) -> bool {
    matches!(reader.types.named(ty), InputType::Json)
}

/// Which fields of an object were given.
struct Given {
    few: u64,
    many: Vec<bool>,
}

impl Given {
    fn new(fields: usize) -> Self {
        let many = if fields > 64 { fields } else { 0 };
        Self {
            few: 0,
            many: vec![false; many],
        }
    }

    /// False when it was given before.
    fn insert(&mut self, at: usize) -> bool {
        let new = !self.contains(at);
        match self.many.get_mut(at) {
            Some(given) => *given = true,
            None => self.few |= 1 << at,
        }
        new
    }

    fn contains(&self, at: usize) -> bool {
        match self.many.get(at) {
            Some(given) => *given,
            None => self.few & (1 << at) != 0,
        }
    }
}
