//! How are many records of one type written? Their columns are looked up once, then each value is
//! copied from its column. Not for: records that were changed since the columns were built, values
//! that need escapes, nulls (`records`).

use super::Writer;
use super::ink::{Ink, ROOM};
use super::json::{push_date, push_float, push_period};
use super::tongues::positions_of;
use crate::exec::Item;
use crate::graph::{Cells, Data, Ints, SegmentId, Strings};
use crate::ontology::{EnumValue, TypeId};
use crate::plan::{Keyed, What};
use crate::value::Period;
use std::rc::Rc;

/// Which records: of a type, or edges of a segment.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Nodes(TypeId),
    Edges(SegmentId),
}

/// What is selected of records of one kind; the place in memory tells selections apart.
type Place = (*const Keyed<What>, Kind);

/// The entries of the objects of one selection and kind.
type Form<'a> = Rc<[Entry<'a>]>;

/// The forms known in a run.
#[derive(Default)]
pub(super) struct Forms<'a> {
    /// Whether anything was written in a list, so that forms are worth making.
    pub(super) are_used: bool,
    known: Vec<(Place, Form<'a>)>,
}

/// One entry of an object.
pub(super) struct Entry<'a> {
    /// The response key, with room, and how many bytes of it count; all if it fits.
    json: ([u8; ROOM], usize),
    pub(super) output: &'a Keyed<What>,
    origin: Origin<'a>,
}

/// Where an entry's values are.
enum Origin<'a> {
    /// In the keys of the nodes.
    Keys(&'a Strings),
    /// In a column.
    Column(&'a Cells),
    /// In a column of positions among these.
    Enum(&'a Cells, &'a Ints, &'a [EnumValue]),
    /// In the first of these columns that has one.
    Texts(Box<[&'a Cells]>),
    /// Elsewhere.
    Other,
}

impl<'a> Writer<'a> {
    /// The form of records like this one and its row, if it is as its columns say.
    #[inline]
    pub(super) fn form(
        &mut self,
        outputs: &'a [Keyed<What>],
        item: Item,
    ) -> Option<(Form<'a>, usize)> {
        if !self.forms.are_used {
            return None;
        }
        let (kind, row, changed) = match item {
            Item::Node(node) | Item::Link(_, node) => {
                let changed = self.snapshot.is_overlaid(node);
                (Kind::Nodes(node.of), node.row, changed)
            }
            Item::Edge(edge) => {
                let changed = self.snapshot.is_edge_overlaid(edge);
                (Kind::Edges(edge.segment), edge.at, changed)
            }
        };
        if changed {
            return None;
        }
        let place = (outputs.as_ptr(), kind);
        let mut known = self.forms.known.iter();
        let form = match known.find(|(known, _)| *known == place) {
            Some((_, form)) => form.clone(),
            None => self.make_form(outputs, place),
        };
        Some((form, row as usize))
    }

    #[cold]
    fn make_form(&mut self, outputs: &'a [Keyed<What>], place: Place) -> Form<'a> {
        let form: Form<'a> = outputs.iter().map(|o| self.entry(o, place.1)).collect();
        self.forms.known.push((place, form.clone()));
        form
    }

    fn entry(&self, output: &'a Keyed<What>, kind: Kind) -> Entry<'a> {
        let mut json = [0; ROOM];
        let key = output.json.as_bytes();
        let len = key.len();
        if let Some(place) = json.get_mut(..len) {
            place.copy_from_slice(key);
        }
        Entry {
            json: (json, len),
            output,
            origin: self.origin(&output.what, kind).unwrap_or(Origin::Other),
        }
    }

    fn origin(&self, what: &What, kind: Kind) -> Option<Origin<'a>> {
        let column = |at| match kind {
            Kind::Nodes(of) => self.snapshot.column(of, at),
            Kind::Edges(segment) => self.snapshot.segment(segment).column(at),
        };
        match (what, kind) {
            (What::Key, Kind::Nodes(of)) => plain_keys(self.snapshot.keys(of)),
            (
                What::Property {
                    at,
                    big: false,
                    of_enum,
                    ..
                },
                _,
            ) => {
                let cells = column(*at).base()?;
                let enums = &self.snapshot.ontology().enums;
                match (&cells.data, of_enum) {
                    (Data::Enum(codes), Some(of)) => {
                        let values = &enums.get(usize::from(*of))?.values;
                        Some(Origin::Enum(cells, codes, values))
                    }
                    _ => is_simple(cells).then_some(Origin::Column(cells)),
                }
            }
            (What::Text { at, slot, .. }, _) => {
                let column = column(*at);
                let columns = column.texts(&positions_of(self.languages(*slot), column));
                let simple = columns.iter().all(|cells| is_simple(cells));
                simple.then_some(Origin::Texts(columns))
            }
            _ => None,
        }
    }
}

impl Entry<'_> {
    /// Writes the response key.
    #[inline]
    pub(super) fn put_key(&self, ink: &mut Ink) {
        match &self.json {
            (json, len) if *len <= ROOM => ink.put_start(json, *len),
            _ => ink.put(self.output.json.as_bytes()),
        }
    }

    /// Writes the value of a row, if it can be copied.
    #[inline]
    pub(super) fn put_value(&self, ink: &mut Ink, row: usize) -> bool {
        match &self.origin {
            Origin::Keys(keys) => put_string(ink, keys, row),
            Origin::Column(cells) if cells.has(row) => return put_cell(ink, cells, row),
            Origin::Enum(cells, codes, values) if cells.has(row) => {
                let Some(value) = values.get(codes.at(row) as usize) else {
                    return false;
                };
                ink.put_quoted(value.name.as_bytes(), value.name.len());
            }
            Origin::Texts(columns) => {
                let column = columns.iter().find(|column| column.has(row));
                return column.is_some_and(|cells| put_cell(ink, cells, row));
            }
            _ => return false,
        }
        true
    }
}

fn plain_keys(keys: &Strings) -> Option<Origin<'_>> {
    keys.is_plain().then_some(Origin::Keys(keys))
}

/// Whether [`put_cell`] can write the values of a column.
fn is_simple(cells: &Cells) -> bool {
    match &cells.data {
        Data::Str(strings) | Data::Coded(_, strings) => strings.is_plain(),
        Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Date(_) | Data::Period(_) => true,
        _ => false,
    }
}

/// Writes a value that there is.
#[inline]
fn put_cell(ink: &mut Ink, cells: &Cells, row: usize) -> bool {
    match &cells.data {
        Data::Str(strings) => put_string(ink, strings, row),
        Data::Coded(codes, strings) => put_string(ink, strings, codes.at(row) as usize),
        Data::Int(ints) => ink.put_integer(ints.at(row)),
        Data::Float(floats) => push_float(ink, floats[row]),
        Data::Date(dates) => push_date(ink, dates[row]),
        Data::Bool(bits) if bits.at(row) => ink.put_start(b"true", 4),
        Data::Bool(_) => ink.put_start(b"false", 5),
        Data::Period(periods) => match Period::from_bits(periods[row]) {
            Some(period) => push_period(ink, period),
            None => return false,
        },
        _ => return false,
    }
    true
}

#[inline]
fn put_string(ink: &mut Ink, strings: &Strings, position: usize) {
    let (bytes, len) = strings.bytes_from(position);
    ink.put_quoted(bytes, len);
}
