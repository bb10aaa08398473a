//! Which fields does `compare` compare? Not for: comparing them (`exec`).

use super::filter::declared;
use super::values::null;
use super::{Binder, Wrong};
use crate::api::input::Input;
use crate::ontology::{Direction, Field as Declared, Property, RelationshipId, TypeId};
use crate::plan::{Comparison, Field, Filter, Hop, Operand};

/// The kind of value that a path leads to; two must be of one kind to be compared.
type Kind = crate::value::Scalar;

/// A field in each concrete type, or in an edge.
type Fields = Vec<(Option<TypeId>, Field)>;

impl Binder<'_> {
    /// All comparisons between the fields of nodes of a type or of edges.
    pub(super) fn comparisons(
        &self,
        node: Option<TypeId>,
        edge: Option<RelationshipId>,
        value: &Input,
    ) -> Result<Filter, Wrong> {
        let items = value.as_list().ok_or_else(null)?;
        items
            .iter()
            .map(|item| self.comparison(node, edge, item))
            .collect::<Result<_, _>>()
            .map(Filter::And)
    }

    fn comparison(
        &self,
        node: Option<TypeId>,
        edge: Option<RelationshipId>,
        item: &Input,
    ) -> Result<Filter, Wrong> {
        let text = |name: &str| super::text(item.field(name));
        let side = |name: &str| {
            self.operand(node, edge, &text(name))
                .map_err(|w| w.inside(name))
        };
        let ((left, a), (right, b)) = (side("field")?, side("to")?);
        if numeric(a) != numeric(b) || (!numeric(a) && family(a) != family(b)) {
            let message = format!(
                "`{}` and `{}` are of different kinds",
                text("field"),
                text("to")
            );
            return Err(Wrong::new(message)
                .hint("compare numbers with numbers, dates with dates, texts with texts"));
        }
        let how = match &*text("op") {
            "EQ" => Comparison::Eq,
            "NE" => Comparison::Ne,
            "LT" => Comparison::Lt,
            "LTE" => Comparison::Lte,
            "GT" => Comparison::Gt,
            _ => Comparison::Gte,
        };
        Ok(Filter::Compare(left, how, right))
    }

    fn operand(
        &self,
        node: Option<TypeId>,
        edge: Option<RelationshipId>,
        path: &str,
    ) -> Result<(Operand, Kind), Wrong> {
        let mut names = path.split('.').peekable();
        let mut operand = Operand {
            end: None,
            hops: Vec::new(),
            fields: Vec::new(),
        };
        self.bounds.parts(path.split('.').count())?;
        let mut at: Vec<TypeId> = node.into_iter().collect();
        if let Some(edge) = edge {
            let declared = self.ontology.relationship(edge);
            let end = match names.peek() {
                Some(&"source") => Some((Direction::Out, declared.source)),
                Some(&"target") => Some((Direction::In, declared.target)),
                _ => None,
            };
            let Some((end, of)) = end else {
                let name = names.next().unwrap_or_default();
                let (field, kind) = edge_field(&declared.properties, name, names.next().is_some())?;
                operand.fields.push((None, field));
                return Ok((operand, kind));
            };
            names.next();
            operand.end = Some(end);
            at = self.ontology.node_type(of).members.clone();
        }
        while let Some(name) = names.next() {
            if names.peek().is_none() {
                let (fields, kind) = self.last(&at, name)?;
                operand.fields = fields;
                return Ok((operand, kind));
            }
            let (hop, to) = self.through(&at, name)?;
            operand.hops.push(hop);
            at = self.ontology.node_type(to).members.clone();
        }
        Err(unknown(path))
    }

    /// The step of a to-one field that the types share.
    pub(super) fn through(&self, from: &[TypeId], name: &str) -> Result<(Hop, TypeId), Wrong> {
        let relation =
            from.iter()
                .find_map(|of| match declared(self.ontology.node_type(*of), name) {
                    Some((Declared::Relation(relation), false)) if !relation.many => Some(relation),
                    _ => None,
                });
        let relation = relation.ok_or_else(|| {
            Wrong::new(format!("`{name}` is no to-one field"))
                .hint("paths lead through to-one fields only")
        })?;
        let hop = Hop::new(
            self.ontology,
            relation.relationship,
            relation.direction,
            |t| from.contains(&t),
            relation.target,
        );
        Ok((hop, relation.target))
    }

    fn last(&self, of: &[TypeId], name: &str) -> Result<(Fields, Kind), Wrong> {
        let mut fields = Vec::new();
        let mut kind = Kind::Id;
        for id in of {
            let node_type = self.ontology.node_type(*id);
            let field = match (name, node_type.property(name)) {
                ("id", _) => Field::Id,
                ("key", _) => Field::Key,
                (_, Some(at)) => {
                    let (field, scalar) = comparable(at, &node_type.properties[at])?;
                    kind = scalar;
                    field
                }
                (_, None) => continue,
            };
            fields.push((Some(*id), field));
        }
        if fields.is_empty() {
            Err(unknown(name))
        } else {
            Ok((fields, kind))
        }
    }
}

fn edge_field(properties: &[Property], name: &str, more: bool) -> Result<(Field, Kind), Wrong> {
    if name == "id" && !more {
        return Ok((Field::Id, Kind::Id));
    }
    let at = properties
        .iter()
        .position(|property| property.name == name)
        .filter(|_| !more);
    let at = at.ok_or_else(|| unknown(name))?;
    comparable(at, &properties[at])
}

fn comparable(at: usize, property: &Property) -> Result<(Field, Kind), Wrong> {
    if property.list || property.localized {
        return Err(Wrong::new(format!(
            "`{}` has several values and cannot be compared",
            property.name
        )));
    }
    Ok((
        Field::Property {
            at,
            or_empty: false,
            languages: None,
        },
        property.scalar,
    ))
}

fn numeric(kind: Kind) -> bool {
    matches!(kind, Kind::Int | Kind::BigInt | Kind::Float)
}

/// `ID` and `String` are one kind.
fn family(kind: Kind) -> Kind {
    if kind == Kind::Id { Kind::String } else { kind }
}

fn unknown(path: &str) -> Wrong {
    Wrong::new(format!("`{path}` is no field of the record"))
        .hint("name a field, or a path through to-one fields such as partOf.name; on edges source.… or target.…")
}
