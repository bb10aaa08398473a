//! How do checked declarations become the model? Not for: single fields (`property`, `relation`) or
//! what relationship types join (`ends`).

use super::declare::{EnumDecl, text};
use super::directives::{Directives, Place, is_known};
use super::property::{deprecated, display, lower_property, not_comparable};
use super::relation::Relations;
use super::report::{Located, Report};
use super::shape::Shape;
use super::symbols::Symbols;
use crate::ontology::names::BUILT_IN_TYPES;
use crate::ontology::suggest::nearest;
use crate::ontology::{EnumType, EnumValue, Field, NodeType, Property, TypeId};
use crate::value::Scalar;
use apollo_compiler::Name;

/// Lowers all node types and interfaces; `relations` gathers what joins them.
pub(super) fn lower_types(
    report: &mut Report,
    relations: &mut Relations,
    shapes: &[Shape],
    interfaces: &[Vec<TypeId>],
) -> Vec<NodeType> {
    let mut types = Vec::new();
    for (at, shape) in shapes.iter().enumerate() {
        let id = TypeId(at as u16);
        let members = members(relations.symbols, interfaces, id);
        types.push(lower_type(
            report,
            relations,
            shape,
            id,
            interfaces[at].clone(),
            members,
        ));
    }
    types
}

/// The concrete types that belong to a type.
fn members(symbols: &Symbols, interfaces: &[Vec<TypeId>], id: TypeId) -> Vec<TypeId> {
    let concrete = symbols.ids().take(symbols.concrete);
    concrete
        .filter(|member| *member == id || interfaces[member.0 as usize].contains(&id))
        .collect()
}

fn lower_type(
    report: &mut Report,
    relations: &mut Relations,
    shape: &Shape,
    id: TypeId,
    interfaces: Vec<TypeId>,
    members: Vec<TypeId>,
) -> NodeType {
    check_kind(report, shape);
    let (fields, properties) = lower_fields(report, relations, shape, id);
    NodeType {
        name: shape.decl.name.to_string(),
        plural: plural(report, &shape.directives),
        description: shape.decl.description.clone(),
        display: display(report, &shape.directives),
        label: label(report, shape, &properties),
        unique: unique(report, shape, &properties),
        deprecated: deprecated(&shape.directives),
        fields,
        properties,
        interfaces,
        members,
    }
}

/// A type must say what it is.
fn check_kind(report: &mut Report, shape: &Shape) {
    let built_in = BUILT_IN_TYPES.contains(&shape.decl.name.as_str());
    let misspelt = shape
        .decl
        .directives
        .iter()
        .any(|given| !is_known(&given.name));
    if shape.decl.directives.has("node") || built_in || misspelt {
        return;
    }
    let name = &shape.decl.name;
    let (what, help) = match shape.decl.place {
        Place::Interface => (
            "interface",
            format!("write `interface {name} @node {{ … }}`"),
        ),
        _ => (
            "type",
            format!(
                "write `type {name} @node {{ … }}`, or `@relationshipProperties` for the properties of edges"
            ),
        ),
    };
    report
        .error(format!("the {what} `{name}` does not say what it is"))
        .at(name.span(), "")
        .help(help);
}

/// Fields in order; closures are lowered after the relationship fields that they repeat.
fn lower_fields(
    report: &mut Report,
    relations: &mut Relations,
    shape: &Shape,
    id: TypeId,
) -> (Vec<Field>, Vec<Property>) {
    let mut properties = Vec::new();
    let mut lowered: Vec<(usize, Field)> = Vec::new();
    for (at, field) in shape.fields.iter().enumerate() {
        let made = match field.place {
            Place::Closure => None,
            Place::Relation => relations
                .lower_relation(report, id, field)
                .map(Field::Relation),
            _ => lower_property(report, relations.symbols, field, false).map(|property| {
                properties.push(property);
                Field::Property(properties.len() - 1)
            }),
        };
        lowered.extend(made.map(|field| (at, field)));
    }
    let known: Vec<Field> = lowered.iter().map(|(_, field)| field.clone()).collect();
    for (at, field) in shape
        .fields
        .iter()
        .enumerate()
        .filter(|(_, f)| f.place == Place::Closure)
    {
        let made = relations.lower_closure(report, shape, &known, field);
        lowered.extend(made.map(|closure| (at, Field::Closure(closure))));
    }
    lowered.sort_by_key(|(at, _)| *at);
    (
        lowered.into_iter().map(|(_, field)| field).collect(),
        properties,
    )
}

/// Lowers the properties of an edge type.
pub(super) fn lower_edge_properties(
    report: &mut Report,
    symbols: &Symbols,
    shape: &Shape,
) -> Vec<Property> {
    let fields = shape.fields.iter();
    fields
        .filter_map(|field| lower_property(report, symbols, field, true))
        .collect()
}

/// Reads `@plural`.
pub(super) fn plural(report: &mut Report, directives: &Directives) -> Option<String> {
    let given = directives.find("plural")?;
    let plural = given.string("value")?;
    if Name::new(plural).is_err() || plural.starts_with("__") {
        let span = given
            .argument("value")
            .map_or(given.span(), |value| value.span());
        report
            .error(format!("\"{plural}\" cannot be a name"))
            .at(span, "")
            .help("write letters, digits and underscores, such as \"people\"");
        return None;
    }
    Some(plural.to_owned())
}

/// The property shown to people: the one that `@node(label:)` names, else the first searched text.
fn label(report: &mut Report, shape: &Shape, properties: &[Property]) -> Option<usize> {
    let single_text = |p: &Property| matches!(p.scalar, Scalar::String | Scalar::Id) && !p.list;
    let given = shape.directives.find("node");
    let Some(value) = given.and_then(|node| node.argument("label")) else {
        return properties.iter().position(|p| p.search && single_text(p));
    };
    let name = value.as_str()?;
    let found = properties.iter().position(|property| property.name == name);
    match found {
        Some(at) if single_text(&properties[at]) => Some(at),
        None if name == "key" => None,
        _ => {
            let texts: Vec<&str> = properties
                .iter()
                .filter(|p| single_text(p))
                .map(|p| p.name.as_str())
                .collect();
            let draft = match shape.field(name) {
                Some(field) => report
                    .error(format!(
                        "`{name}` cannot be the label of `{}`",
                        shape.decl.name
                    ))
                    .at(value.span(), "must be a String, not a list")
                    .at(field.node.name.span(), "declared here"),
                None => report
                    .error(format!("`{}` has no field `{name}`", shape.decl.name))
                    .at(value.span(), "")
                    .absent(&shape.decl.name),
            };
            draft.help(one_of(
                name,
                &texts,
                "declare a String field first, or leave `label` out",
            ));
            None
        }
    }
}

/// The sets of unique properties, single ones first.
fn unique(report: &mut Report, shape: &Shape, properties: &[Property]) -> Vec<Vec<usize>> {
    let single = (0..properties.len()).filter(|at| properties[*at].unique);
    let mut sets: Vec<Vec<usize>> = single.map(|at| vec![at]).collect();
    for set in unique_sets(report, shape, properties) {
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

/// The properties that tell parallel edges apart.
pub(super) fn unique_of_edges(
    report: &mut Report,
    shape: &Shape,
    properties: &[Property],
) -> Vec<usize> {
    let single = (0..properties.len()).filter(|at| properties[*at].unique);
    let sets = unique_sets(report, shape, properties);
    let mut all: Vec<usize> = single.chain(sets.into_iter().flatten()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The sets that `@unique(fields:)` on the type names.
fn unique_sets(report: &mut Report, shape: &Shape, properties: &[Property]) -> Vec<Vec<usize>> {
    let mut sets = Vec::new();
    for given in shape.directives.all("unique") {
        let Some(fields) = given
            .argument("fields")
            .filter(|v| !v.as_list().is_some_and(<[_]>::is_empty))
        else {
            report
                .error("`@unique` on a type must name fields")
                .at(given.span(), "")
                .help("write @unique(fields: [\"…\", \"…\"]), or `@unique` on the field");
            continue;
        };
        let mut set: Vec<usize> = Vec::new();
        for item in fields.as_list().unwrap_or_default() {
            let found = unique_member(report, shape, properties, item);
            match found {
                Some(at) if set.contains(&at) => {
                    report
                        .error(format!("`{}` is named twice", properties[at].name))
                        .at(item.span(), "")
                        .help("leave one of them out");
                }
                found => set.extend(found),
            }
        }
        sets.push(set);
    }
    sets
}

fn unique_member(
    report: &mut Report,
    shape: &Shape,
    properties: &[Property],
    item: &apollo_compiler::Node<apollo_compiler::ast::Value>,
) -> Option<usize> {
    let name = item.as_str()?;
    let found = properties.iter().position(|property| property.name == name);
    if let Some(at) = found {
        let why = not_comparable(&properties[at]);
        if let Some(why) = why {
            report
                .error(format!("`{name}` cannot be unique"))
                .at(item.span(), "")
                .help(why);
        }
        return found;
    }
    let names: Vec<&str> = properties
        .iter()
        .map(|property| property.name.as_str())
        .collect();
    match shape.field(name) {
        Some(field) if field.place == Place::Property => return None, // reported where it is declared
        Some(field) => report
            .error(format!(
                "`{name}` is not a property, so it cannot be unique"
            ))
            .at(item.span(), "")
            .at(field.node.name.span(), "declared here"),
        None => report
            .error(format!("`{}` has no field `{name}`", shape.decl.name))
            .at(item.span(), "")
            .absent(&shape.decl.name),
    }
    .help(one_of(name, &names, "declare the field first"));
    None
}

fn one_of(name: &str, names: &[&str], without: &str) -> String {
    match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None if names.is_empty() => without.to_owned(),
        None => format!("name one of: {}", names.join(", ")),
    }
}

/// Lowers an enum.
pub(super) fn lower_enum(report: &mut Report, decl: &EnumDecl) -> EnumType {
    Directives::check(report, &decl.directives, Place::Enum);
    if decl.values.is_empty() {
        report
            .error(format!("the enum `{}` has no values", decl.name))
            .at(decl.name.span(), "")
            .help(format!("write `enum {} {{ ONE OTHER }}`", decl.name))
            .absent(&decl.name);
    }
    let mut values: Vec<EnumValue> = Vec::new();
    for (at, value) in decl.values.iter().enumerate() {
        let name = &value.value;
        if let Some(first) = decl.values[..at].iter().find(|first| first.value == *name) {
            report
                .error(format!("`{}` has the value `{name}` twice", decl.name))
                .at(name.span(), "repeated")
                .at(first.value.span(), "first")
                .help("leave one of them out");
        }
        if name.starts_with("__") {
            report
                .error(format!("`{name}` cannot be the value of an enum"))
                .at(name.span(), "")
                .help("names that begin with `__` belong to GraphQL: choose another");
        }
        let directives = Directives::check(report, &value.directives, Place::EnumValue);
        values.push(EnumValue {
            name: name.to_string(),
            description: text(&value.description),
            deprecated: deprecated(&directives),
            display: display(report, &directives),
        });
    }
    EnumType {
        name: decl.name.to_string(),
        description: decl.description.clone(),
        values,
    }
}
