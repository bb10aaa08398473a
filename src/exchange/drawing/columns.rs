//! Which columns do records of several types have together, and what stands in them? Texts have one
//! for each language, points two, all else one; types share those of one name. Not for: formats.

use crate::change::Kind;
use crate::exchange::escape::escape;
use crate::exchange::record::{Record, Used, Which};
use crate::exchange::row::RowReference;
use crate::ontology::{Ontology, Property};
use crate::value::{Cell, Scalar};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Names that formats give their own parts, in lower case.
const TAKEN: [&str; 9] = [
    "id",
    "label",
    "source",
    "target",
    "type",
    "interaction",
    "typename",
    "key",
    "references",
];

/// The columns of all nodes or of all edges.
pub(super) struct Columns {
    pub(super) all: Vec<Column>,
    of: BTreeMap<Kind, Vec<Field>>,
}

/// A column.
pub(super) struct Column {
    pub(super) name: String,
    pub(super) holds: Holds,
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Boolean,
    Integer,
    Long,
    Double,
    Text,
}

/// Where the records of a kind have the value of a column.
pub(super) struct Field {
    pub(super) column: usize,
    pub(super) piece: Piece,
}

/// A part of a record.
pub(super) enum Piece {
    Typename,
    Key,
    Whole(usize),
    Language(usize, Box<str>),
    Latitude(usize),
    Longitude(usize),
    References,
    /// That the edge has no direction, where others have one.
    Symmetric,
}

impl Columns {
    /// The columns of the kinds that are used; `symmetric` are those of which that must be told.
    pub(super) fn new(
        ontology: &Ontology,
        used: BTreeMap<Kind, Used>,
        symmetric: impl Fn(Kind) -> bool,
    ) -> Self {
        let mut columns = Self {
            all: Vec::new(),
            of: BTreeMap::new(),
        };
        let mut cited = Vec::new();
        for (kind, used) in used {
            let mut fields = Vec::new();
            if matches!(kind, Kind::Node(_)) {
                columns.fixed("typename", Piece::Typename, &mut fields);
                columns.fixed("key", Piece::Key, &mut fields);
            }
            if symmetric(kind) {
                columns.add("symmetric", Holds::Boolean, Piece::Symmetric, &mut fields);
            }
            for (at, property) in kind.properties(ontology).iter().enumerate() {
                if used.properties[at] {
                    columns.property(at, property, &used, &mut fields);
                }
            }
            columns.of.insert(kind, fields);
            cited.extend(used.references.then_some(kind));
        }
        for kind in cited {
            let mut fields = columns.of.remove(&kind).unwrap_or_default();
            columns.fixed("references", Piece::References, &mut fields);
            columns.of.insert(kind, fields);
        }
        columns
    }

    /// The columns that the records of a kind fill, in order.
    pub(super) fn of(&self, kind: Kind) -> &[Field] {
        self.of.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The kinds of records that there are.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.of.keys().copied()
    }

    fn property(&mut self, at: usize, of: &Property, used: &Used, fields: &mut Vec<Field>) {
        let name = &of.name;
        if of.localized {
            for tag in &used.languages[at] {
                let piece = Piece::Language(at, tag.clone());
                self.add(&format!("{name}_{tag}"), Holds::Text, piece, fields);
            }
        } else if of.scalar == Scalar::Point && !of.list {
            for (end, piece) in [
                ("latitude", Piece::Latitude(at)),
                ("longitude", Piece::Longitude(at)),
            ] {
                self.add(&format!("{name}_{end}"), Holds::Double, piece, fields);
            }
        } else {
            self.add(name, Holds::of(of), Piece::Whole(at), fields);
        }
    }

    /// Adds a column of the records' own; a name that is taken gets a `_` more.
    fn add(&mut self, name: &str, holds: Holds, piece: Piece, fields: &mut Vec<Field>) {
        let mut name = name.to_owned();
        let is_taken = |name: &String| TAKEN.contains(&name.to_lowercase().as_str());
        let own = |columns: &Self, fields: &[Field], name: &str| {
            let mut names = fields.iter().map(|field| &columns.all[field.column].name);
            names.any(|other| other == name)
        };
        while is_taken(&name) || own(self, fields, &name) {
            name.push('_');
        }
        let column = self.place(&name, holds);
        fields.push(Field { column, piece });
    }

    fn fixed(&mut self, name: &str, piece: Piece, fields: &mut Vec<Field>) {
        let column = self.place(name, Holds::Text);
        fields.push(Field { column, piece });
    }

    fn place(&mut self, name: &str, holds: Holds) -> usize {
        let known = self.all.iter().position(|column| column.name == name);
        if let Some(at) = known {
            self.all[at].holds = self.all[at].holds.with(holds);
            return at;
        }
        self.all.push(Column {
            name: name.to_owned(),
            holds,
        });
        self.all.len() - 1
    }
}

impl Holds {
    fn of(property: &Property) -> Self {
        match property.scalar {
            _ if property.list => Self::Text,
            Scalar::Boolean => Self::Boolean,
            Scalar::Int => Self::Integer,
            Scalar::BigInt => Self::Long,
            Scalar::Float => Self::Double,
            _ => Self::Text,
        }
    }

    /// What holds the values of both.
    fn with(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Text | Self::Boolean, _) | (_, Self::Text | Self::Boolean) => Self::Text,
            (Self::Double, _) | (_, Self::Double) => Self::Double,
            _ => Self::Long,
        }
    }
}

impl Piece {
    /// Its text in a record; none where there is no value.
    pub(super) fn text<'a>(&self, record: &Record<'a>) -> Option<Cow<'a, str>> {
        Some(match self {
            Self::Typename => record.kind.name(record.graph.ontology()).into(),
            Self::Key => match record.which {
                Which::Node(node) => record.graph.key(node).into(),
                Which::Edge(..) => return None,
            },
            Self::Whole(at) => return whole(record, *at),
            Self::Language(at, tag) => match record.cell(*at) {
                Cell::Texts(texts) => texts.in_language(tag)?.into(),
                _ => return None,
            },
            Self::Latitude(at) => format!("{:?}", point(record, *at)?.latitude).into(),
            Self::Longitude(at) => format!("{:?}", point(record, *at)?.longitude).into(),
            Self::References => cited(&record.references())?.into(),
            Self::Symmetric => "true".into(),
        })
    }
}

fn point(record: &Record<'_>, at: usize) -> Option<crate::value::Point> {
    match record.cell(at) {
        Cell::Point(point) => Some(point),
        _ => None,
    }
}

/// A value as text; the items of a list as in a cell of a data file.
fn whole<'a>(record: &Record<'a>, at: usize) -> Option<Cow<'a, str>> {
    let ontology = record.graph.ontology();
    let scalar = record.kind.properties(ontology)[at].scalar;
    match record.cell(at) {
        Cell::Null => None,
        Cell::Str(text) | Cell::Json(text) => Some(text.into()),
        Cell::List(items) => {
            let item = |item| ontology.print_scalar(scalar, item).unwrap_or_default();
            let items = items.iter().map(|of| escape(&item(of), &[]));
            Some(items.collect::<Vec<_>>().join("|").into())
        }
        cell => ontology.print_scalar(scalar, cell).map(Cow::Owned),
    }
}

/// References as in a cell of a data file, without their notes: `source#locator@field+field`.
fn cited(references: &[RowReference]) -> Option<String> {
    let one = |of: &RowReference| {
        let mut item = escape(&of.source, &['#']);
        if of.locator.is_some() || of.fields.is_some() {
            item.push('#');
            item += &escape(of.locator.as_deref().unwrap_or_default(), &['@']);
        }
        if let Some(fields) = &of.fields {
            item.push('@');
            item += &fields.join("+");
        }
        item
    };
    let all: Vec<String> = references.iter().map(one).collect();
    (!all.is_empty()).then(|| all.join("|"))
}
