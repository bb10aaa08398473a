//! Which fields does each type have, with the directives that its interfaces lend them? Not for:
//! what fields hold (`property`, `relation`).

use super::declare::TypeDecl;
use super::directives::{Directives, Place};
use super::report::{Located, Report};
use super::symbols::Symbols;
use crate::ontology::TypeId;
use crate::ontology::names::{RESERVED_EDGE_FIELDS, RESERVED_FIELDS};
use apollo_compiler::Node;
use apollo_compiler::ast::{DirectiveList, FieldDefinition};
use std::collections::BTreeMap;

/// A type with checked directives, its own and those of its fields.
#[derive(Clone)]
pub(super) struct Shape<'d> {
    pub decl: &'d TypeDecl,
    pub directives: Directives,
    pub fields: Vec<Declared<'d>>,
}

/// A declared field.
#[derive(Clone)]
pub(super) struct Declared<'d> {
    pub node: &'d Node<FieldDefinition>,
    pub place: Place,
    pub directives: Directives,
}

impl Declared<'_> {
    /// The field's name.
    pub fn name(&self) -> &str {
        self.node.name.as_str()
    }
}

impl<'d> Shape<'d> {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Declared<'d>> {
        self.fields.iter().find(|field| field.name() == name)
    }

    /// The shape of an edge type, which has no interfaces.
    pub fn of_edge(report: &mut Report, decl: &'d TypeDecl) -> Self {
        if let Some(first) = decl.implements.first() {
            report
                .error(format!(
                    "the edge type `{}` cannot implement an interface",
                    decl.name
                ))
                .at(first.span(), "")
                .help("every edge type implements the built-in `Relationship`: leave this out");
        }
        Self::build(report, decl, &[])
    }

    fn build(report: &mut Report, decl: &'d TypeDecl, lenders: &[&Shape<'d>]) -> Self {
        let directives = Directives::check(report, &decl.directives, decl.place);
        check_field_names(report, decl);
        let fields = decl
            .fields
            .iter()
            .map(|node| declared(report, decl, node, lenders));
        let fields = fields.collect();
        Self {
            decl,
            directives,
            fields,
        }
    }
}

/// The shapes of all node types and interfaces, by id; `interfaces` are those of each.
pub(super) fn shapes<'d>(
    report: &mut Report,
    symbols: &Symbols<'d>,
    interfaces: &[Vec<TypeId>],
) -> Vec<Shape<'d>> {
    let mut built: BTreeMap<TypeId, Shape<'d>> = BTreeMap::new();
    let mut order: Vec<TypeId> = symbols.ids().collect();
    order.sort_by_key(|id| (!symbols.is_interface(*id), interfaces[id.0 as usize].len()));
    for id in order {
        let lent = interfaces[id.0 as usize].iter();
        let lenders: Vec<&Shape> = lent.filter_map(|interface| built.get(interface)).collect();
        let shape = Shape::build(report, symbols.decl(id), &lenders);
        built.insert(id, shape);
    }
    built.into_values().collect()
}

fn declared<'d>(
    report: &mut Report,
    decl: &'d TypeDecl,
    node: &'d Node<FieldDefinition>,
    lenders: &[&Shape<'d>],
) -> Declared<'d> {
    let lent: Vec<(&Shape, &Declared)> = lenders
        .iter()
        .filter_map(|shape| Some((*shape, shape.field(&node.name)?)))
        .collect();
    let place = place(node, decl.place, &lent);
    let mut own = node.directives.clone();
    if decl.place == Place::EdgeType {
        refuse_relations(report, &mut own);
    }
    let mut directives = Directives::check(report, &own, place);
    for (from, field) in lent {
        inherit(report, &mut directives, node, from, field);
    }
    if let Some(first) = node.arguments.first() {
        report
            .error(format!(
                "the field `{}` cannot declare arguments",
                node.name
            ))
            .at(first.span(), "")
            .help("arguments are generated: leave them out");
    }
    Declared {
        node,
        place,
        directives,
    }
}

/// Takes the directives of relationships away from a field of an edge type, which has none.
fn refuse_relations(report: &mut Report, directives: &mut DirectiveList) {
    let of_relations = |name: &str| ["relationship", "closure"].contains(&name);
    for given in directives.iter().filter(|given| of_relations(&given.name)) {
        report
            .error("edges hold properties only, no relationships")
            .at(given.span(), "")
            .help("declare a node type for what is joined to more than two nodes");
    }
    directives.0.retain(|given| !of_relations(&given.name));
}

/// What a field is, by its own directives or else by those of an interface.
fn place(node: &FieldDefinition, of: Place, lent: &[(&Shape, &Declared)]) -> Place {
    let inherited = lent.first().map(|(_, field)| field.place);
    let own = [
        ("closure", Place::Closure),
        ("relationship", Place::Relation),
    ];
    let own = own
        .into_iter()
        .find(|(name, _)| node.directives.has(name))
        .map(|(_, place)| place);
    match own {
        Some(place) if of != Place::EdgeType => place,
        _ => inherited.unwrap_or(Place::Property),
    }
}

/// Adds an interface's directives to a field's own, which must agree with them.
fn inherit(
    report: &mut Report,
    directives: &mut Directives,
    node: &Node<FieldDefinition>,
    from: &Shape,
    lent: &Declared,
) {
    let interface = &from.decl.name;
    for given in lent.directives.iter() {
        match directives.find(given.name()) {
            None => directives.inherit(given),
            Some(own) if own.says_the_same_as(given) => {}
            Some(own) => {
                report
                    .error(format!(
                        "`@{}` of `{}` differs from that of the interface `{interface}`",
                        given.name(),
                        node.name
                    ))
                    .at(own.span(), "repeated differently")
                    .at(given.span(), format!("declared in `{interface}`"))
                    .help(format!(
                        "leave it out (it is inherited) or repeat it as it is in `{interface}`"
                    ));
            }
        }
    }
    if let Some(own) = directives.find("localized")
        && lent.place == Place::Property
        && lent.directives.find("localized").is_none()
    {
        report
            .error(format!(
                "`{}` is localized here but not in `{interface}`",
                node.name
            ))
            .at(own.span(), "")
            .at(lent.node.name.span(), "declared without `@localized`")
            .help(format!("write `@localized` on the field of `{interface}`"));
    }
}

fn check_field_names(report: &mut Report, decl: &TypeDecl) {
    let mut seen: BTreeMap<&str, &Node<FieldDefinition>> = BTreeMap::new();
    for field in &decl.fields {
        let name = field.name.as_str();
        if let Some(first) = seen.insert(name, field) {
            report
                .error(format!("`{}` declares the field `{name}` twice", decl.name))
                .at(field.name.span(), "declared again")
                .at(first.name.span(), "first declared here")
                .help("rename one of them or leave it out");
        }
        if let Some(help) = reserved(name, decl.place) {
            report
                .error(format!("the field name `{name}` is reserved"))
                .at(field.name.span(), "")
                .help(help);
        }
    }
}

/// Why a field name cannot be used, if so, and what to do.
fn reserved(name: &str, place: Place) -> Option<String> {
    let on_edge = place == Place::EdgeType && RESERVED_EDGE_FIELDS.contains(&name);
    if name.starts_with("__") {
        return Some("names that begin with `__` belong to GraphQL: choose another".to_owned());
    }
    if !on_edge && !RESERVED_FIELDS.contains(&name) {
        return None;
    }
    Some(match name {
        "id" | "key" => "every record has `id`, and every node a `key`, already: leave it out, or \
                         give a number of your own a name of its own, such as `code`"
            .to_owned(),
        "label" => {
            "`label` is what people see of a record; `@node(label: \"…\")` names the field for it"
                .to_owned()
        }
        "references" => "every record has `references` already: leave it out".to_owned(),
        "revision" | "degree" => format!("every node has `{name}` already: choose another name"),
        "type" | "source" | "target" => {
            format!("every edge has `{name}` already: choose another name, such as `{name}Name`")
        }
        _ => format!(
            "`{name}` is an operator of filters: choose another name, such as `{name}Value`"
        ),
    })
}
