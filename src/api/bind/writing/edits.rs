//! What changes in a record? Not for: its relationships (`links`).

use super::Scribe;
use crate::api::bind::{Given as Arguments, Wrong, text};
use crate::api::input::Input;
use crate::change::{Edit, Given, Kind, Violation};
use crate::exec::Stop;
use crate::graph::{Citation, Node};
use crate::ontology::{Field, Property};
use crate::value::Value;

impl Scribe<'_> {
    /// The arguments `set`, `increment`, `add` and `remove`, for some nodes or for edges.
    pub(super) fn update(
        &self,
        kind: Kind,
        given: Arguments<'_>,
        nodes: &[Node],
    ) -> Result<Edit, Stop> {
        let mut edit = match given.value("set") {
            Some(set) => self.under("set", || self.edit(kind, set, nodes))?,
            None => Edit::default(),
        };
        edit.increment = self.changes(kind, given, "increment", |property, value| {
            self.noted(self.binder.value(property.scalar, value))
        });
        let items = |property: &Property, value: &Input| {
            self.noted(self.binder.values(property.scalar, value))
        };
        edit.add = self.changes(kind, given, "add", items);
        edit.remove = self.changes(kind, given, "remove", items);
        Ok(edit)
    }

    /// What an argument holds for each property that it names.
    fn changes<T>(
        &self,
        kind: Kind,
        given: Arguments<'_>,
        name: &str,
        read: impl Fn(&Property, &Input) -> Option<T>,
    ) -> Vec<(usize, T)> {
        let properties = kind.properties(self.binder.ontology);
        let fields = given.value(name).and_then(Input::as_object);
        let fields = fields.unwrap_or_default().iter();
        let given = fields.filter(|(_, value)| !value.is_null());
        let read = given.filter_map(|(field, value)| {
            let at = properties.iter().position(|p| *p.name == **field)?;
            let read = || self.under(&**field, || read(&properties[at], value));
            Some((at, self.under(name, read)?))
        });
        read.collect()
    }

    /// The fields of a record as given: all but its key and its ends.
    pub(super) fn edit(&self, kind: Kind, input: &Input, nodes: &[Node]) -> Result<Edit, Stop> {
        let mut edit = Edit::default();
        let properties = kind.properties(self.binder.ontology);
        let fields = input.as_object().unwrap_or_default();
        for (name, value) in fields {
            if let Some(at) = properties.iter().position(|p| *p.name == **name) {
                edit.set.push((at, self.given(&properties[at], value)));
            } else if &**name == "references" {
                edit.references = Some(self.references(value));
            } else if let Kind::Node(of) = kind {
                let declared = self.binder.ontology.node_type(of);
                let at = declared
                    .fields
                    .iter()
                    .position(|f| f.name(declared) == &**name);
                let field = at.map(|at| (at, &declared.fields[at]));
                if let Some((at, Field::Relation(relation))) = field {
                    let read = || self.links((of, at), relation, value, nodes);
                    edit.links.push(self.under(&**name, read)?);
                }
            }
        }
        Ok(edit)
    }

    fn given(&self, property: &Property, value: &Input) -> Given {
        let read = match value {
            Input::Null => Ok(Given::Value(Value::Null)),
            Input::List(items) if property.localized => self.texts(items),
            _ if property.list => {
                let items = self.binder.values(property.scalar, value);
                items.map(|items| Given::Value(Value::List(items)))
            }
            _ => self.binder.value(property.scalar, value).map(Given::Value),
        };
        read.unwrap_or_else(|wrong| self.refused(wrong))
    }

    fn texts(&self, items: &[Input]) -> Result<Given, Wrong> {
        let one = |item: &Input| {
            let value = item.field("value").filter(|value| !value.is_null());
            self.binder.bounds.text(value)?;
            let language = text(item.field("lang")).into();
            Ok((language, value.map(|value| text(Some(value)).into())))
        };
        let texts = items.iter().map(one);
        texts.collect::<Result<_, Wrong>>().map(Given::Texts)
    }

    /// A value that cannot be read: refused where the record is written, so that it is not missed
    /// there too.
    fn refused(&self, wrong: Wrong) -> Given {
        if wrong.exceeds.is_some() {
            self.note(wrong);
            return Given::Value(Value::Null);
        }
        let place: Vec<_> = wrong.place.iter().rev().map(String::as_str).collect();
        let place = match place.is_empty() {
            true => String::new(),
            false => format!("{}: ", place.join(".")),
        };
        Given::Wrong(Violation {
            hint: wrong.hint,
            ..Violation::new(format!("{place}{}", wrong.message))
        })
    }

    /// References as given; null: none.
    pub(super) fn references(&self, input: &Input) -> Vec<Citation> {
        let items = input.as_list().unwrap_or_default().iter();
        items.map(|item| self.reference(item)).collect()
    }

    fn reference(&self, input: &Input) -> Citation {
        let given = |name: &str| {
            let value = input.field(name).filter(|value| !value.is_null());
            self.noted(self.binder.bounds.text(value));
            value
        };
        let source = text(given("source"));
        let fields = input.field("fields").and_then(Input::as_list);
        let names = |fields: &[Input]| fields.iter().map(|f| text(Some(f)).into()).collect();
        Citation {
            source: source.strip_prefix("Source:").unwrap_or(&source).into(),
            locator: given("locator").map(|value| text(Some(value)).into()),
            fields: fields.map(names),
            note: given("note").map(|value| text(Some(value)).into()),
        }
    }
}
