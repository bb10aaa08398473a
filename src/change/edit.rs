//! Which values does an edit give a record? Not for: whether they may be (`rules`).

use super::{Edit, Given, Kind, Violation};
use crate::graph::State;
use crate::ontology::Ontology;
use crate::value::{Scalar, Value};
use std::collections::BTreeMap;

/// A property's new value, and the argument that gives it; none: `set`, or the input itself.
type Edited = (Option<&'static str>, usize, Result<Value, Violation>);

/// The new values of all properties that an edit names, each over what the record had; those of one
/// property in the order set, increment, add, remove.
pub(super) fn edited(ontology: &Ontology, kind: Kind, state: &State, edit: &Edit) -> Vec<Edited> {
    let mut now: BTreeMap<usize, Value> = BTreeMap::new();
    let mut all: Vec<Edited> = Vec::with_capacity(edit.set.len());
    let mut give = |argument, at: usize, next: &dyn Fn(&Value) -> Result<Value, Violation>| {
        let Some(old) = state.values.get(at) else {
            return;
        };
        let next = next(now.get(&at).unwrap_or(old));
        if let Ok(next) = &next {
            now.insert(at, next.clone());
        }
        all.push((argument, at, next));
    };
    for (at, given) in &edit.set {
        give(None, *at, &|old| set(old, given));
    }
    for (at, by) in &edit.increment {
        let scalar = kind.properties(ontology).get(*at).map(|of| of.scalar);
        give(Some("increment"), *at, &|old| increment(old, by, scalar));
    }
    for (at, items) in &edit.add {
        give(Some("add"), *at, &|old| Ok(added(old, items)));
    }
    for (at, items) in &edit.remove {
        give(Some("remove"), *at, &|old| Ok(removed(old, items)));
    }
    all
}

fn set(old: &Value, given: &Given) -> Result<Value, Violation> {
    Ok(match given {
        Given::Wrong(wrong) => return Err(wrong.clone()),
        Given::Value(Value::Texts(texts)) => {
            let texts = texts.iter().map(|(language, text)| (language, Some(text)));
            merged(old, texts)
        }
        Given::Value(value) => value.clone(),
        Given::Texts(texts) => {
            let texts = texts
                .iter()
                .map(|(language, text)| (language, text.as_ref()));
            merged(old, texts)
        }
    })
}

/// Texts with those of some languages replaced or removed; null if none is left.
fn merged<'a>(
    old: &Value,
    given: impl Iterator<Item = (&'a Box<str>, Option<&'a Box<str>>)>,
) -> Value {
    let old = match old {
        Value::Texts(texts) => &texts[..],
        _ => &[],
    };
    let mut all: BTreeMap<Box<str>, Box<str>> = old.iter().cloned().collect();
    for (language, text) in given {
        match text {
            Some(text) => all.insert(language.clone(), text.clone()),
            None => all.remove(language),
        };
    }
    match all.is_empty() {
        true => Value::Null,
        false => Value::Texts(all.into_iter().collect()),
    }
}

fn increment(old: &Value, by: &Value, scalar: Option<Scalar>) -> Result<Value, Violation> {
    let zero = match scalar {
        Some(Scalar::Float) => Value::Float(0.0),
        _ => Value::Int(0),
    };
    let old = if *old == Value::Null { &zero } else { old };
    match (old, by) {
        (Value::Int(old), Value::Int(by)) => {
            let sum = old.checked_add(*by).map(Value::Int);
            sum.ok_or_else(|| Violation::new(format!("`{old}` plus `{by}` does not fit 64 bits")))
        }
        (Value::Float(old), Value::Float(by)) => Ok(Value::Float(old + by)),
        (Value::Float(old), Value::Int(by)) => Ok(Value::Float(old + *by as f64)),
        _ => Err(Violation::new(
            "only a number can be incremented, and by a number",
        )),
    }
}

fn list(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        _ => &[],
    }
}

fn added(old: &Value, items: &[Value]) -> Value {
    Value::List(list(old).iter().chain(items).cloned().collect())
}

fn removed(old: &Value, items: &[Value]) -> Value {
    if *old == Value::Null {
        return Value::Null;
    }
    let kept = list(old).iter().filter(|item| !items.contains(item));
    Value::List(kept.cloned().collect())
}
