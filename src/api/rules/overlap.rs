//! Can all fields with the same response key be merged? The specification's
//! `FieldsInSetCanMerge`, over pairs of fields, each pair once: quadratic in the fields of an
//! operation, which are limited, and never worse.

use std::rc::Rc;

use apollo_compiler::ast::{Argument, Type, Value};
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::api::document::location;
use crate::api::error::{ErrorCode, GraphqlError};

/// How many conflicts are looked for: a document may have as many as pairs of fields.
const ENOUGH: usize = 100;

pub(super) fn check(document: &ExecutableDocument, schema: &Schema) -> Vec<GraphqlError> {
    let mut rule = Rule {
        document,
        schema,
        sets: FxHashMap::default(),
        fields: FxHashMap::default(),
        calls: FxHashMap::default(),
        checked: FxHashSet::default(),
        pairs: FxHashSet::default(),
        errors: Vec::new(),
    };
    for operation in document.operations.iter() {
        rule.set(&operation.selection_set);
    }
    rule.errors
}

/// A field of a flattened selection set.
#[derive(Clone, Copy)]
struct Entry<'a> {
    field: &'a Node<Field>,
    parent: &'a Name,
    /// Tells the fields of the document apart.
    number: u32,
    /// What the field calls: equal numbers are equal names and arguments.
    call: u32,
}

/// The fields of a selection set by response key, fragments written out.
type Flat<'a> = Rc<FxHashMap<&'a str, Vec<Entry<'a>>>>;

struct Rule<'a> {
    document: &'a ExecutableDocument,
    schema: &'a Schema,
    sets: FxHashMap<*const SelectionSet, Flat<'a>>,
    /// The numbers of a field: its own, and that of what it calls.
    fields: FxHashMap<*const Field, (u32, u32)>,
    calls: FxHashMap<String, u32>,
    checked: FxHashSet<*const SelectionSet>,
    /// The pairs that are done, as bits: the smaller number, the greater, whether apart.
    pairs: FxHashSet<u64>,
    errors: Vec<GraphqlError>,
}

impl<'a> Rule<'a> {
    /// Checks the fields of one selection set among themselves, and all sets below.
    fn set(&mut self, set: &'a SelectionSet) {
        if !self.checked.insert(set) {
            return;
        }
        let flat = self.flat(set);
        for entries in flat.values() {
            let distinct = distinct(entries);
            for (at, first) in distinct.iter().enumerate() {
                for second in &distinct[at + 1..] {
                    self.pair(*first, *second, false);
                }
            }
            for entry in entries {
                self.set(&entry.field.selection_set);
            }
        }
    }

    /// Two fields with one response key. `apart`: they can never both be in a response, so only
    /// their shapes have to agree.
    fn pair(&mut self, first: Entry<'a>, second: Entry<'a>, apart: bool) {
        if first.number == second.number || self.errors.len() >= ENOUGH {
            return;
        }
        let apart = apart || (first.parent != second.parent && self.both_objects(first, second));
        let leaves = first.field.selection_set.is_empty() || second.field.selection_set.is_empty();
        if !leaves && !self.first_visit(first, second, apart) {
            return;
        }
        if !apart && first.call != second.call {
            return self.different_calls(first, second);
        }
        if !self.same_shape(&first.field.definition.ty, &second.field.definition.ty) {
            return self.different_shapes(first, second);
        }
        if !leaves {
            self.below(first, second, apart);
        }
    }

    fn below(&mut self, first: Entry<'a>, second: Entry<'a>, apart: bool) {
        let left = self.flat(&first.field.selection_set);
        let right = self.flat(&second.field.selection_set);
        for (key, entries) in left.iter() {
            let Some(others) = right.get(key) else {
                continue;
            };
            for entry in entries {
                for other in others {
                    self.pair(*entry, *other, apart);
                }
            }
        }
    }

    /// A pair that may be in one response was checked more strictly than one that is apart.
    fn first_visit(&mut self, first: Entry<'_>, second: Entry<'_>, apart: bool) -> bool {
        let low = u64::from(first.number.min(second.number));
        let high = u64::from(first.number.max(second.number));
        let pair = low << 32 | high << 1;
        !self.pairs.contains(&pair) && self.pairs.insert(pair | u64::from(apart))
    }

    fn both_objects(&self, first: Entry<'_>, second: Entry<'_>) -> bool {
        let object = |name| self.schema.types.get(name).is_some_and(|ty| ty.is_object());
        object(first.parent) && object(second.parent)
    }

    fn flat(&mut self, set: &'a SelectionSet) -> Flat<'a> {
        if let Some(known) = self.sets.get(&std::ptr::from_ref(set)) {
            return known.clone();
        }
        let mut fields = FxHashMap::default();
        self.flatten(set, &mut FxHashSet::default(), &mut fields);
        let flat = Rc::new(fields);
        self.sets.insert(set, flat.clone());
        flat
    }

    fn flatten(
        &mut self,
        set: &'a SelectionSet,
        spread: &mut FxHashSet<&'a Name>,
        fields: &mut FxHashMap<&'a str, Vec<Entry<'a>>>,
    ) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let entry = self.entry(field, &set.ty);
                    fields.entry(field.response_key()).or_default().push(entry);
                }
                Selection::InlineFragment(inline) => {
                    self.flatten(&inline.selection_set, spread, fields);
                }
                Selection::FragmentSpread(each) => {
                    let document = self.document;
                    if spread.insert(&each.fragment_name)
                        && let Some(fragment) = document.fragments.get(&each.fragment_name)
                    {
                        self.flatten(&fragment.selection_set, spread, fields);
                    }
                }
            }
        }
    }

    fn entry(&mut self, field: &'a Node<Field>, parent: &'a Name) -> Entry<'a> {
        let next = self.fields.len() as u32;
        let calls = &mut self.calls;
        let (number, call) = *self.fields.entry(&raw const **field).or_insert_with(|| {
            let mut text = field.name.to_string();
            write_arguments(&field.arguments, &mut text);
            let unused = calls.len() as u32;
            (next, *calls.entry(text).or_insert(unused))
        });
        Entry {
            field,
            parent,
            number,
            call,
        }
    }

    /// The specification's `SameResponseShape`, for two fields without what is below them.
    fn same_shape(&self, first: &Type, second: &Type) -> bool {
        match (first, second) {
            (Type::List(first), Type::List(second))
            | (Type::NonNullList(first), Type::NonNullList(second)) => {
                self.same_shape(first, second)
            }
            (Type::Named(first), Type::Named(second))
            | (Type::NonNullNamed(first), Type::NonNullNamed(second)) => {
                first == second || (self.composite(first) && self.composite(second))
            }
            _ => false,
        }
    }

    fn composite(&self, name: &Name) -> bool {
        let ty = self.schema.types.get(name);
        ty.is_some_and(|ty| ty.is_object() || ty.is_interface() || ty.is_union())
    }

    fn different_calls(&mut self, first: Entry<'_>, second: Entry<'_>) {
        let key = first.field.response_key();
        let (one, other) = (&first.field.name, &second.field.name);
        let message = if one == other {
            format!("`{key}` is asked for twice with different arguments")
        } else {
            format!("`{key}` stands for two fields, `{one}` and `{other}`")
        };
        self.conflict(message, first, second);
    }

    fn different_shapes(&mut self, first: Entry<'_>, second: Entry<'_>) {
        let key = first.field.response_key();
        let (one, other) = (&first.field.definition.ty, &second.field.definition.ty);
        let message = format!("`{key}` stands for fields of different types, {one} and {other}");
        self.conflict(message, first, second);
    }

    fn conflict(&mut self, message: String, first: Entry<'_>, second: Entry<'_>) {
        let place = |entry: Entry<'_>| location(entry.field.location(), &self.document.sources);
        let error = GraphqlError::new(ErrorCode::ValidationFailed, message)
            .at(place(first))
            .at(place(second))
            .hint("give one of them an alias");
        self.errors.push(error);
    }
}

/// Leaves out leaves that repeat one before them: they conflict with the same fields.
fn distinct<'a>(entries: &[Entry<'a>]) -> Vec<Entry<'a>> {
    let mut seen = FxHashSet::default();
    let mut distinct = Vec::with_capacity(entries.len());
    for entry in entries {
        let leaf = entry.field.selection_set.is_empty();
        if !leaf || seen.insert((entry.parent, entry.call)) {
            distinct.push(*entry);
        }
    }
    distinct
}

/// Arguments as a text that is equal for equal arguments in any order.
fn write_arguments(arguments: &[Node<Argument>], text: &mut String) {
    let mut sorted: Vec<_> = arguments.iter().collect();
    sorted.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    for argument in sorted {
        text.push(',');
        text.push_str(&argument.name);
        text.push(':');
        write_value(&argument.value, text);
    }
}

fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::List(items) => {
            text.push('[');
            for item in items {
                write_value(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut sorted: Vec<_> = fields.iter().collect();
            sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            text.push('{');
            for (name, value) in sorted {
                text.push_str(name);
                text.push(':');
                write_value(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::String(string) => text.push_str(&format!("{string:?}")),
        Value::Variable(name) => {
            text.push('$');
            text.push_str(name);
        }
        single => text.push_str(&single.to_string()),
    }
}
