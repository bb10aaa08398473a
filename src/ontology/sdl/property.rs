//! What does a property hold, and by which rules? Not for: relationship fields (`relation`).

use super::declare::text;
use super::directives::{Applied, Directives};
use super::literal::literal;
use super::report::{Located, Report};
use super::shape::Declared;
use super::symbols::{Symbol, Symbols};
use crate::ontology::names::scalar_name;
use crate::ontology::{Display, Property};
use crate::value::{Scalar, Value};
use apollo_compiler::Name;
use apollo_compiler::ast::{self, Type};
use regex::Regex;

/// Lowers a property, or reports why it is none.
pub(super) fn lower_property(
    report: &mut Report,
    symbols: &Symbols,
    field: &Declared,
    on_edge: bool,
) -> Option<Property> {
    let (scalar, list, required) = property_type(report, symbols, field, on_edge)?;
    let directives = &field.directives;
    let mut property = Property {
        name: field.name().to_owned(),
        description: text(&field.node.description),
        display: display(report, directives),
        scalar,
        list,
        required,
        localized: directives.find("localized").is_some(),
        search: directives.find("search").is_some(),
        unique: directives.find("unique").is_some(),
        default: None,
        min: None,
        max: None,
        pattern: None,
        unit: None,
        deprecated: deprecated(directives),
    };
    check_strings(report, directives, &property);
    check_unique(report, directives, &property);
    read_range(report, directives, &mut property);
    read_pattern(report, directives, &mut property);
    read_unit(report, directives, &mut property);
    property.default = read_default(report, symbols, directives, &property, on_edge);
    Some(property)
}

/// Scalar, whether a list, and whether required.
fn property_type(
    report: &mut Report,
    symbols: &Symbols,
    field: &Declared,
    on_edge: bool,
) -> Option<(Scalar, bool, bool)> {
    let ty = &field.node.ty;
    let name = ty.inner_named_type();
    let scalar = match symbols.resolve(name) {
        Some(Symbol::Scalar(scalar)) => scalar,
        Some(Symbol::Node(_)) if on_edge => {
            leads_from_edge(report, field, name);
            return None;
        }
        found => {
            no_scalar(report, symbols, field, name, found);
            return None;
        }
    };
    match ty {
        Type::Named(_) | Type::NonNullNamed(_) => Some((scalar, false, ty.is_non_null())),
        Type::List(inner) | Type::NonNullList(inner) => {
            if matches!(**inner, Type::NonNullNamed(_)) {
                return Some((scalar, true, ty.is_non_null()));
            }
            wrong_list(report, inner);
            None
        }
    }
}

/// A field of an edge type cannot lead to nodes; with a directive for that, it is reported already.
fn leads_from_edge(report: &mut Report, field: &Declared, name: &Name) {
    let directives = &field.node.directives;
    if !directives.has("relationship") && !directives.has("closure") {
        report
            .error(format!(
                "`{}` leads to `{name}`, but edges hold properties only",
                field.name()
            ))
            .at(field.node.ty.span(), "")
            .help("declare a node type for what is joined to more than two nodes");
    }
}

fn wrong_list(report: &mut Report, inner: &Type) {
    let name = inner.inner_named_type();
    let (message, help) = if inner.is_list() {
        (
            "lists of lists cannot be stored",
            format!("write `[{name}!]!`, or `JSON` for nested data"),
        )
    } else {
        (
            "items of a list cannot be null",
            format!("write `[{name}!]!` or `[{name}!]`"),
        )
    };
    report.error(message).at(inner.span(), "").help(help);
}

/// Reports a type that no property can have.
fn no_scalar(
    report: &mut Report,
    symbols: &Symbols,
    field: &Declared,
    name: &Name,
    found: Option<Symbol>,
) {
    match found {
        Some(Symbol::Scalar(_)) => {}
        Some(Symbol::Node(_)) => {
            report
                .error(format!(
                    "`{}` leads to `{name}` but does not say how",
                    field.name()
                ))
                .at(field.node.ty.span(), "")
                .help(
                    "write @relationship(type: \"…\", direction: OUT), or @closure(of: \"…\") for \
                     everything reachable",
                );
        }
        Some(Symbol::Edge(_)) => {
            report
                .error(format!("`{name}` is an edge type: a field cannot hold it"))
                .at(field.node.ty.span(), "")
                .help(format!(
                    "let the field lead to a node type, with @relationship(…, properties: \"{name}\")"
                ));
        }
        None => {
            let help = symbols.help_for_scalar(name);
            report
                .error(format!("there is no type `{name}`"))
                .at(name.span(), "")
                .help(help)
                .absent(name);
        }
    }
}

/// Reads `@display` of a type, field or value.
pub(super) fn display(report: &mut Report, directives: &Directives) -> Display {
    let Some(given) = directives.find("display") else {
        return Display::default();
    };
    let of = |name| given.string(name).map(str::to_owned);
    if let Some(color) = given.argument("color")
        && !color.as_str().is_some_and(is_color)
    {
        report
            .error("this is not a CSS colour")
            .at(color.span(), "")
            .help("write `#c0392b`, `#c30`, or a colour's name, such as `teal`");
    }
    Display {
        color: of("color"),
        icon: of("icon"),
        zh: of("zh"),
        en: of("en"),
    }
}

fn is_color(text: &str) -> bool {
    match text.strip_prefix('#') {
        Some(hex) => {
            matches!(hex.len(), 3 | 4 | 6 | 8) && hex.bytes().all(|b| b.is_ascii_hexdigit())
        }
        None => !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic()),
    }
}

/// Reads `@deprecated`.
pub(super) fn deprecated(directives: &Directives) -> Option<String> {
    let given = directives.find("deprecated")?;
    Some(
        given
            .string("reason")
            .unwrap_or("No longer supported")
            .to_owned(),
    )
}

/// The property's type as people read it.
fn type_name(property: &Property) -> String {
    let scalar = match property.scalar {
        Scalar::Enum(_) => "an enum",
        scalar => scalar_name(scalar),
    };
    if property.list {
        format!("a list of {scalar}")
    } else {
        scalar.to_owned()
    }
}

/// Reports a directive that does not go with the property's type.
fn refuse(report: &mut Report, given: Applied, property: &Property, help: &str) {
    report
        .error(format!(
            "`@{}` does not go with {}",
            given.name(),
            type_name(property)
        ))
        .at(
            given.span(),
            format!("`{}` is {}", property.name, type_name(property)),
        )
        .help(help);
}

fn check_strings(report: &mut Report, directives: &Directives, property: &Property) {
    let string = property.scalar == Scalar::String;
    if let Some(given) = directives.find("search").filter(|_| !string) {
        refuse(
            report,
            given,
            property,
            "only `String` and `[String!]!` fields are searched",
        );
    }
    let wrong = |_: &Applied| !string || property.list;
    if let Some(given) = directives.find("localized").filter(wrong) {
        refuse(
            report,
            given,
            property,
            "only `String` fields have one value per language",
        );
    }
}

fn check_unique(report: &mut Report, directives: &Directives, property: &Property) {
    let Some(given) = directives.find("unique") else {
        return;
    };
    if let Some(fields) = given.argument("fields") {
        report
            .error("`@unique` on a field takes no `fields`")
            .at(fields.span(), "")
            .help("write `@unique` here, or `@unique(fields: [\"…\", \"…\"])` on the type");
    }
    if let Some(why) = not_comparable(property) {
        refuse(report, given, property, why);
    }
}

/// Why a property's values cannot be unique, if so.
pub(super) fn not_comparable(property: &Property) -> Option<&'static str> {
    match property.scalar {
        _ if property.list => Some("a list cannot be unique: make it a single value"),
        _ if property.localized => Some(
            "a localized text cannot be unique: give the record a field such as `code: String @unique`",
        ),
        Scalar::Json | Scalar::Point => {
            Some("unique are strings, numbers, booleans, dates, periods and enums")
        }
        _ => None,
    }
}

fn is_number(scalar: Scalar) -> bool {
    matches!(scalar, Scalar::Int | Scalar::BigInt | Scalar::Float)
}

fn read_range(report: &mut Report, directives: &Directives, property: &mut Property) {
    let Some(given) = directives.find("range") else {
        return;
    };
    if !is_number(property.scalar) {
        return refuse(
            report,
            given,
            property,
            "only Int, BigInt and Float have a range",
        );
    }
    let bound = |name| given.argument(name).and_then(|value| value.to_f64());
    (property.min, property.max) = (bound("min"), bound("max"));
    match (property.min, property.max) {
        (None, None) => {
            report
                .error("`@range` without `min` and `max` says nothing")
                .at(given.span(), "")
                .help("write @range(min: 0), @range(max: 100) or @range(min: 0, max: 100)");
        }
        (Some(min), Some(max)) if min > max => {
            report
                .error(format!("no number is at least {min} and at most {max}"))
                .at(given.span(), "")
                .help(format!("write @range(min: {max}, max: {min})"));
        }
        _ => {}
    }
}

fn read_pattern(report: &mut Report, directives: &Directives, property: &mut Property) {
    let Some(given) = directives.find("pattern") else {
        return;
    };
    if !matches!(property.scalar, Scalar::String | Scalar::Id) {
        return refuse(
            report,
            given,
            property,
            "only String and ID fields have a pattern",
        );
    }
    let regex = given.string("regex").unwrap_or_default();
    if let Err(error) = Regex::new(&whole(regex)) {
        let span = given
            .argument("regex")
            .map_or(given.span(), |value| value.span());
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim();
        report
            .error("this is not a regular expression")
            .at(span, reason.trim_start_matches("error: "))
            .help("the syntax is that of https://docs.rs/regex, which has no look-around and no back-references");
    }
    property.pattern = Some(regex.to_owned());
}

/// A pattern that must match the whole text.
fn whole(regex: &str) -> String {
    format!("^(?:{regex})$")
}

fn read_unit(report: &mut Report, directives: &Directives, property: &mut Property) {
    let Some(given) = directives.find("unit") else {
        return;
    };
    if !is_number(property.scalar) {
        return refuse(
            report,
            given,
            property,
            "only Int, BigInt and Float have a unit",
        );
    }
    property.unit = given.string("name").map(str::to_owned);
}

fn read_default(
    report: &mut Report,
    symbols: &Symbols,
    directives: &Directives,
    property: &Property,
    on_edge: bool,
) -> Option<Value> {
    let given = directives.find("default")?;
    let value = given.argument("value")?;
    if property.localized {
        refuse_default(
            report,
            given,
            property,
            "is localized",
            "leave the default out: a text needs its language",
        );
        return None;
    }
    if property.unique && !on_edge {
        refuse_default(
            report,
            given,
            property,
            "is unique",
            "leave the default out: only one record could have it",
        );
        return None;
    }
    let lowered = match (property.list, &**value) {
        (true, ast::Value::List(items)) => {
            let items = items
                .iter()
                .map(|item| literal(symbols, property.scalar, item));
            items.collect::<Result<_, _>>().map(Value::List)
        }
        (true, _) => Err("write a list: value: […]".to_owned()),
        (false, single) => literal(symbols, property.scalar, single),
    };
    let checked = lowered.and_then(|value| within_rules(property, &value).map(|()| value));
    match checked {
        Ok(value) => Some(value),
        Err(help) => {
            report
                .error(format!(
                    "the default of `{}` does not fit it",
                    property.name
                ))
                .at(
                    value.span(),
                    format!("`{}` is {}", property.name, type_name(property)),
                )
                .help(help);
            None
        }
    }
}

fn refuse_default(report: &mut Report, given: Applied, property: &Property, why: &str, help: &str) {
    report
        .error(format!("`{}` cannot have a default", property.name))
        .at(given.span(), format!("`{}` {why}", property.name))
        .help(help);
}

/// Whether a value keeps to range and pattern, or what would.
fn within_rules(property: &Property, value: &Value) -> Result<(), String> {
    let number = match value {
        Value::List(items) => {
            return items
                .iter()
                .try_for_each(|item| within_rules(property, item));
        }
        Value::Str(text) => return matches_pattern(property, text),
        Value::Int(it) => *it as f64,
        Value::Float(it) => *it,
        _ => return Ok(()),
    };
    match (property.min, property.max) {
        (Some(min), _) if number < min => Err(format!("write a number of at least {min}")),
        (_, Some(max)) if number > max => Err(format!("write a number of at most {max}")),
        _ => Ok(()),
    }
}

fn matches_pattern(property: &Property, text: &str) -> Result<(), String> {
    let Some(pattern) = &property.pattern else {
        return Ok(());
    };
    match Regex::new(&whole(pattern)) {
        Ok(regex) if !regex.is_match(text) => {
            Err(format!("write a string that matches `{pattern}`"))
        }
        _ => Ok(()),
    }
}
