//! Which interfaces does a type belong to, and does it have their fields? Not for: the directives
//! that fields inherit (`shape`).

use super::directives::Place;
use super::report::{Located, Report};
use super::shape::{Declared, Shape};
use super::symbols::{Symbol, Symbols};
use crate::ontology::TypeId;
use apollo_compiler::Name;
use apollo_compiler::ast::Type;

/// The interfaces of each type, `Node` first, by id; each without itself.
pub(super) fn interfaces(report: &mut Report, symbols: &Symbols) -> Vec<Vec<TypeId>> {
    let ids: Vec<TypeId> = symbols.ids().collect();
    let declared: Vec<Vec<TypeId>> = ids
        .iter()
        .map(|id| declared_interfaces(report, symbols, *id))
        .collect();
    let all = ids
        .iter()
        .map(|id| closure(symbols, &declared, *id))
        .collect();
    for id in ids {
        check_cycle(report, symbols, &declared, id);
        check_transitive(report, symbols, &declared, id);
    }
    all
}

/// The interfaces that a type names, if they are ones.
fn declared_interfaces(report: &mut Report, symbols: &Symbols, id: TypeId) -> Vec<TypeId> {
    let decl = symbols.decl(id);
    let mut found = Vec::new();
    for (at, name) in decl.implements.iter().enumerate() {
        if decl.implements[..at].contains(name) {
            report
                .error(format!("`{}` implements `{name}` twice", decl.name))
                .at(name.span(), "repeated")
                .help("leave one of them out");
            continue;
        }
        match symbols.resolve(name) {
            Some(Symbol::Node(interface)) if symbols.is_interface(interface) => {
                found.push(interface)
            }
            Some(_) => not_an_interface(report, symbols, name),
            None => unknown_interface(report, symbols, name),
        }
    }
    found
}

fn not_an_interface(report: &mut Report, symbols: &Symbols, name: &Name) {
    let draft = report
        .error(format!("`{name}` is not an interface"))
        .at(name.span(), "");
    if let Some(id) = symbols.node(name) {
        draft.at(symbols.decl(id).name.span(), "declared as a type");
    }
    draft.help("only what is declared with `interface` can be implemented");
}

fn unknown_interface(report: &mut Report, symbols: &Symbols, name: &Name) {
    let names = symbols.nodes[symbols.concrete..]
        .iter()
        .map(|decl| decl.name.as_str());
    let help = match crate::ontology::suggest::nearest(name, names) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("declare it: `interface {name} @node {{ … }}`"),
    };
    report
        .error(format!("there is no interface `{name}`"))
        .at(name.span(), "")
        .help(help)
        .absent(name);
}

/// Everything reachable over `implements`, and `Node`, in the order of ids.
fn closure(symbols: &Symbols, declared: &[Vec<TypeId>], id: TypeId) -> Vec<TypeId> {
    let node = TypeId(symbols.concrete as u16);
    let mut found = vec![node];
    let mut queue = declared[id.0 as usize].clone();
    while let Some(next) = queue.pop() {
        if !found.contains(&next) {
            found.push(next);
            queue.extend(&declared[next.0 as usize]);
        }
    }
    found.retain(|interface| *interface != id);
    found.sort();
    found
}

fn check_cycle(report: &mut Report, symbols: &Symbols, declared: &[Vec<TypeId>], id: TypeId) {
    let reaches = |from: TypeId| closure(symbols, declared, from);
    let back = |next: &&TypeId| **next == id || reaches(**next).contains(&id);
    if let Some(next) = declared[id.0 as usize].iter().find(back) {
        let (decl, through) = (symbols.decl(id), symbols.decl(*next));
        let named = decl.implements.iter().find(|name| **name == through.name);
        report
            .error(format!("the interface `{}` implements itself", decl.name))
            .at(
                named.map_or(decl.name.span(), |name| name.span()),
                "leads back here",
            )
            .help("leave out one `implements` of the circle");
    }
}

/// GraphQL wants the interfaces of an interface to be named as well.
fn check_transitive(report: &mut Report, symbols: &Symbols, declared: &[Vec<TypeId>], id: TypeId) {
    let own = &declared[id.0 as usize];
    let node = TypeId(symbols.concrete as u16);
    for through in own {
        let missing = declared[through.0 as usize].iter();
        for missing in missing.filter(|i| **i != node && **i != id && !own.contains(i)) {
            let (decl, through) = (symbols.decl(id), symbols.decl(*through));
            let name = &symbols.decl(*missing).name;
            report
                .error(format!("`{}` must also implement `{name}`", decl.name))
                .at(decl.name.span(), "")
                .at(through.name.span(), format!("implements `{name}`"))
                .help(format!("write `implements {} & {name}`", through.name));
        }
    }
}

/// Checks that types have the fields of their interfaces, of fitting types.
pub(super) fn check_conformance(report: &mut Report, shapes: &[Shape], interfaces: &[Vec<TypeId>]) {
    for (shape, interfaces) in shapes.iter().zip(interfaces) {
        for interface in interfaces {
            let interface = &shapes[interface.0 as usize];
            for wanted in &interface.fields {
                match shape.field(wanted.name()) {
                    Some(field) => check_field(report, interface, wanted, field),
                    None => missing_field(report, shape, interface, wanted),
                }
            }
        }
    }
}

fn missing_field(report: &mut Report, shape: &Shape, interface: &Shape, wanted: &Declared) {
    let (decl, from) = (shape.decl, &interface.decl.name);
    let named = decl.implements.iter().find(|name| *name == from);
    let line = report.excerpt(wanted.node.span()).to_owned();
    report
        .error(format!(
            "`{}` lacks the field `{}` of the interface `{from}`",
            decl.name,
            wanted.name()
        ))
        .at(named.map_or(decl.name.span(), |name| name.span()), "")
        .at(wanted.node.name.span(), "declared here")
        .help(format!("add `{line}`"))
        .absent(&decl.name);
}

fn check_field(report: &mut Report, interface: &Shape, wanted: &Declared, field: &Declared) {
    if field.place == wanted.place && fits(&field.node.ty, &wanted.node.ty) {
        return;
    }
    let from = &interface.decl.name;
    let own = field.node.ty.span();
    let theirs = wanted.node.ty.span();
    let help = match wanted.place {
        Place::Property => format!(
            "write `{}`, or with `!` where a value must be given",
            wanted.node.ty
        ),
        _ => format!("write the same target: `{}`", wanted.node.ty),
    };
    report
        .error(format!(
            "the field `{}` differs from that of the interface `{from}`",
            field.name()
        ))
        .at(own, format!("is `{}`", field.node.ty))
        .at(theirs, format!("is `{}` in `{from}`", wanted.node.ty))
        .help(help);
}

/// Whether a field's type is that of the interface, or the same made required.
fn fits(own: &Type, wanted: &Type) -> bool {
    own.is_assignable_to(wanted)
}
