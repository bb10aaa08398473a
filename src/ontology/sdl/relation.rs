//! Which relationships are there, and do their ends agree? Not for: properties of edges (`property`).

use super::declare::text;
use super::directives::{Applied, Place};
use super::property::{deprecated, display};
use super::report::{Located, Report, Span};
use super::shape::{Declared, Shape};
use super::symbols::{Symbol, Symbols};
use crate::ontology::suggest::nearest;
use crate::ontology::{Closure, Direction, Field, Relation, RelationshipId, TypeId};
use apollo_compiler::ast::Type;
use apollo_compiler::{Name, Node};

/// One relationship type while its ends are gathered.
pub(super) struct Draft {
    pub name: String,
    /// The edge type: its position in [`Symbols::edges`].
    pub edge: Option<usize>,
    pub symmetric: bool,
    pub ends: Vec<End>,
}

/// A relationship field seen as an end.
#[derive(Clone)]
pub(super) struct End {
    pub owner: TypeId,
    pub direction: Direction,
    pub target: TypeId,
    /// The field's name.
    pub field: Span,
    /// The directive that says so, on the field or on that of an interface.
    pub said: Span,
}

/// Lowers the relationship fields and closures of types.
pub(super) struct Relations<'s, 'd> {
    pub symbols: &'s Symbols<'d>,
    pub drafts: Vec<Draft>,
    /// The edge types that some field names, right or not in all else.
    pub named: std::collections::BTreeSet<usize>,
}

impl Relations<'_, '_> {
    /// Lowers a relationship field, or reports why it is none.
    pub fn lower_relation(
        &mut self,
        report: &mut Report,
        owner: TypeId,
        field: &Declared,
    ) -> Option<Relation> {
        let target = self.target(report, field);
        let given = field.directives.find("relationship")?;
        let name = type_argument(report, given)?;
        let symmetric = given.flag("symmetric");
        let direction = direction(report, given, symmetric);
        let edge = self.edge_type(report, given)?;
        let (target, (direction, (many, required))) =
            (target?, (direction?, cardinality(report, field)?));
        let said = given.span();
        let end = End {
            owner,
            direction,
            target,
            field: field.node.name.span(),
            said,
        };
        let relationship = self.join(report, name, edge, symmetric, given, end);
        Some(Relation {
            name: field.name().to_owned(),
            description: text(&field.node.description),
            display: display(report, &field.directives),
            relationship,
            direction,
            target,
            many,
            required,
            deprecated: deprecated(&field.directives),
        })
    }

    /// The node type or interface that a field leads to.
    fn target(&self, report: &mut Report, field: &Declared) -> Option<TypeId> {
        let name = field.node.ty.inner_named_type();
        match self.symbols.resolve(name) {
            Some(Symbol::Node(id)) => return Some(id),
            Some(_) => {
                let kind = if field.place == Place::Closure {
                    "closure"
                } else {
                    "relationship"
                };
                report
                    .error(format!("a {kind} cannot lead to `{name}`"))
                    .at(field.node.ty.span(), "not a node type")
                    .help("let it lead to a type or interface with `@node`, or leave the directive out");
            }
            None => {
                let help = self.symbols.help_for_node(name);
                report
                    .error(format!("there is no type `{name}`"))
                    .at(name.span(), "")
                    .help(help)
                    .absent(name);
            }
        }
        None
    }

    /// The edge type that `properties` names, `Some(None)` without one.
    fn edge_type(&mut self, report: &mut Report, given: Applied) -> Option<Option<usize>> {
        let Some(value) = given.argument("properties") else {
            return Some(None);
        };
        let name = value.as_str().unwrap_or_default();
        let found = self.symbols.edge(name);
        if found.is_none() {
            let names = self.symbols.edges.iter().map(|decl| decl.name.as_str());
            let help = match nearest(name, names) {
                Some(meant) => format!("did you mean \"{meant}\"?"),
                None => format!("declare it: `type {name} @relationshipProperties {{ … }}`"),
            };
            let declared = self.symbols.resolve(name).is_some();
            let message = match declared {
                true => format!("`{name}` is not an edge type"),
                false => format!("there is no edge type `{name}`"),
            };
            report
                .error(message)
                .at(value.span(), "")
                .help(help)
                .absent(name);
        }
        self.named.extend(found);
        found.map(Some)
    }

    /// Adds an end to its relationship type, with which it must agree.
    fn join(
        &mut self,
        report: &mut Report,
        name: &str,
        edge: Option<usize>,
        symmetric: bool,
        given: Applied,
        end: End,
    ) -> RelationshipId {
        let Some(at) = self.drafts.iter().position(|draft| draft.name == name) else {
            let draft = Draft {
                name: name.to_owned(),
                edge,
                symmetric,
                ends: vec![end],
            };
            self.drafts.push(draft);
            return RelationshipId((self.drafts.len() - 1) as u16);
        };
        let symbols = self.symbols;
        let draft = &mut self.drafts[at];
        let seen = draft.ends.iter().any(|known| known.said == end.said);
        if !seen && draft.edge != edge {
            let says = |edge| properties(symbols, edge);
            disagree(
                report,
                draft,
                "properties",
                given,
                (says(edge), says(draft.edge)),
            );
        }
        if !seen && draft.symmetric != symmetric {
            let says = |symmetric| format!("symmetric: {symmetric}");
            let both = (says(symmetric), says(draft.symmetric));
            disagree(report, draft, "symmetric", given, both);
        }
        draft.ends.push(end);
        RelationshipId(at as u16)
    }

    /// Lowers a closure over a relationship field of the same type that is lowered already.
    pub fn lower_closure(
        &self,
        report: &mut Report,
        shape: &Shape,
        fields: &[Field],
        field: &Declared,
    ) -> Option<Closure> {
        let target = self.target(report, field);
        let of = field.directives.find("closure")?;
        if let Some((false, _)) = cardinality(report, field) {
            let name = field.node.ty.inner_named_type();
            report
                .error(format!("the closure `{}` must be a list", field.name()))
                .at(field.node.ty.span(), "")
                .help(format!("write `[{name}!]!`"));
        }
        let step = closed_field(report, shape, fields, of)?;
        Some(Closure {
            name: field.name().to_owned(),
            description: text(&field.node.description),
            display: display(report, &field.directives),
            relationship: step.relationship,
            direction: step.direction,
            target: target?,
            deprecated: deprecated(&field.directives),
        })
    }
}

/// The relationship field that a closure repeats.
fn closed_field<'f>(
    report: &mut Report,
    shape: &Shape,
    fields: &'f [Field],
    of: Applied,
) -> Option<&'f Relation> {
    let name = of.string("of")?;
    let relations = || {
        fields.iter().filter_map(|field| match field {
            Field::Relation(relation) => Some(relation),
            _ => None,
        })
    };
    if let Some(found) = relations().find(|relation| relation.name == name) {
        return Some(found);
    }
    let declared = shape.field(name);
    if declared.is_some_and(|field| field.place == Place::Relation) {
        return None; // reported where it is declared
    }
    let span = of.argument("of").map_or(of.span(), |value| value.span());
    let names: Vec<&str> = relations().map(|relation| relation.name.as_str()).collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None if names.is_empty() => {
            format!(
                "declare a field with @relationship on `{}` first",
                shape.decl.name
            )
        }
        None => format!("name one of: {}", names.join(", ")),
    };
    match declared {
        Some(field) => report
            .error(format!("`{name}` is not a relationship field"))
            .at(span, "")
            .at(field.node.name.span(), "declared here")
            .help(help),
        None => report
            .error(format!(
                "`{}` has no relationship field `{name}`",
                shape.decl.name
            ))
            .at(span, "")
            .help(help)
            .absent(&shape.decl.name),
    };
    None
}

/// The relationship type's name, which is to be a GraphQL enum value.
fn type_argument<'a>(report: &mut Report, given: Applied<'a>) -> Option<&'a str> {
    let value = given.argument("type")?;
    let name = value.as_str()?;
    let reserved = name.starts_with("__") || ["true", "false", "null"].contains(&name);
    if Name::new(name).is_err() || reserved {
        report
            .error(format!(
                "\"{name}\" cannot be the name of a relationship type"
            ))
            .at(value.span(), "")
            .help("write letters, digits and underscores, such as \"RETURN_ROUTE\"");
        return None;
    }
    Some(name)
}

fn direction(report: &mut Report, given: Applied, symmetric: bool) -> Option<Direction> {
    let direction = given
        .argument("direction")
        .and_then(|value| value.as_enum());
    match direction.map(|name| name.as_str()) {
        _ if symmetric => Some(Direction::Out),
        Some("IN") => Some(Direction::In),
        Some(_) => Some(Direction::Out),
        None => {
            report
                .error("`@relationship` lacks its argument `direction`")
                .at(given.span(), "")
                .help("write direction: OUT where edges begin here, IN where they end here, or symmetric: true");
            None
        }
    }
}

/// Whether a field may have several edges, and whether a single one is required.
fn cardinality(report: &mut Report, field: &Declared) -> Option<(bool, bool)> {
    match &field.node.ty {
        Type::Named(_) => Some((false, false)),
        Type::NonNullNamed(_) => Some((false, true)),
        Type::NonNullList(inner) if matches!(**inner, Type::NonNullNamed(_)) => Some((true, false)),
        other => {
            let name = other.inner_named_type();
            report
                .error(format!("`{}` cannot be of type `{other}`", field.name()))
                .at(field.node.ty.span(), "")
                .help(format!(
                    "write `[{name}!]!` for many (an empty list for none), `{name}` for at most one"
                ));
            None
        }
    }
}

fn properties(symbols: &Symbols, edge: Option<usize>) -> String {
    match edge {
        Some(edge) => format!("properties: \"{}\"", symbols.edges[edge].name),
        None => "no properties".to_owned(),
    }
}

fn disagree(
    report: &mut Report,
    draft: &Draft,
    what: &str,
    given: Applied,
    (here, there): (String, String),
) {
    let name = &draft.name;
    let span = given.argument(what).map_or(given.span(), Node::span);
    report
        .error(format!("the fields of `{name}` disagree in `{what}`"))
        .at(span, format!("says {here}"))
        .at(draft.ends[0].said, format!("says {there}"))
        .help(format!(
            "say the same on every field of `{name}`, or give one of them another `type`"
        ));
}
