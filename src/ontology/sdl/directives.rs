//! Which directives are there, where may they stand, and are they written as they must be? Not for:
//! what they mean (`property`, `relation`, `types`).

use super::report::{Located, Report, Span};
use crate::ontology::suggest::nearest;
use apollo_compiler::Node;
use apollo_compiler::ast::{self, Value};

/// What a directive can stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    NodeType,
    Interface,
    EdgeType,
    Property,
    Relation,
    Closure,
    Enum,
    EnumValue,
    Schema,
}

/// What an argument holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    String,
    Strings,
    Boolean,
    Number,
    Direction,
    Any,
}

/// Whether there is a directive of a name.
pub(super) fn is_known(name: &str) -> bool {
    SPECS.iter().any(|spec| spec.name == name)
}

/// A directive of the ontology language.
struct Spec {
    name: &'static str,
    places: &'static [Place],
    /// Name, kind, and whether it must be given.
    arguments: &'static [(&'static str, Kind, bool)],
    repeatable: bool,
}

const fn spec(
    name: &'static str,
    places: &'static [Place],
    arguments: &'static [(&'static str, Kind, bool)],
) -> Spec {
    let repeatable = false;
    Spec {
        name,
        places,
        arguments,
        repeatable,
    }
}

use Place::{Closure, EdgeType, EnumValue, Interface, NodeType, Property, Relation, Schema};

#[rustfmt::skip]
const SPECS: &[Spec] = &[
    spec("node", &[NodeType, Interface], &[("label", Kind::String, false)]),
    spec("relationshipProperties", &[EdgeType], &[]),
    spec("relationship", &[Relation], &[
        ("type", Kind::String, true),
        ("direction", Kind::Direction, false),
        ("properties", Kind::String, false),
        ("symmetric", Kind::Boolean, false),
    ]),
    spec("closure", &[Closure], &[("of", Kind::String, true)]),
    Spec {
        repeatable: true,
        ..spec("unique", &[Property, NodeType, Interface, EdgeType], &[("fields", Kind::Strings, false)])
    },
    spec("search", &[Property], &[]),
    spec("localized", &[Property], &[]),
    spec("default", &[Property], &[("value", Kind::Any, true)]),
    spec("range", &[Property], &[("min", Kind::Number, false), ("max", Kind::Number, false)]),
    spec("pattern", &[Property], &[("regex", Kind::String, true)]),
    spec("unit", &[Property], &[("name", Kind::String, true)]),
    spec("deprecated",
        &[NodeType, Interface, EdgeType, Property, Relation, Closure, EnumValue],
        &[("reason", Kind::String, false)]),
    spec("plural", &[NodeType, Interface, EdgeType], &[("value", Kind::String, true)]),
    spec("display",
        &[NodeType, Interface, EdgeType, Property, Relation, Closure, EnumValue],
        &[
            ("color", Kind::String, false),
            ("icon", Kind::String, false),
            ("zh", Kind::String, false),
            ("en", Kind::String, false),
        ]),
    spec("cited", &[Schema], &[]),
    spec("languages", &[Schema], &[("tags", Kind::Strings, true)]),
];

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::NodeType => "a node type",
            Self::Interface => "an interface",
            Self::EdgeType => "a type of edge properties",
            Self::Property => "a property",
            Self::Relation => "a relationship field",
            Self::Closure => "a closure",
            Self::Enum => "an enum",
            Self::EnumValue => "an enum value",
            Self::Schema => "`extend schema`",
        }
    }
}

impl Kind {
    fn accepts(self, value: &Value) -> bool {
        match self {
            Self::String => value.as_str().is_some(),
            Self::Strings => value
                .as_list()
                .is_some_and(|items| items.iter().all(|item| item.as_str().is_some())),
            Self::Boolean => value.to_bool().is_some(),
            Self::Number => value.to_f64().is_some(),
            Self::Direction => value
                .as_enum()
                .is_some_and(|name| ["OUT", "IN"].contains(&name.as_str())),
            Self::Any => !value.is_null() && value.as_variable().is_none(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::String => "a string",
            Self::Strings => "a list of strings",
            Self::Boolean => "`true` or `false`",
            Self::Number => "a number",
            Self::Direction => "`OUT` or `IN`",
            Self::Any => "a value other than null",
        }
    }

    fn example(self, argument: &str, given: &Value) -> String {
        let as_text = given.as_enum().map(|name| name.as_str());
        match self {
            Self::String => format!("{argument}: \"{}\"", as_text.unwrap_or("…")),
            Self::Strings => format!("{argument}: [\"…\", \"…\"]"),
            Self::Boolean => format!("{argument}: true"),
            Self::Number => format!("{argument}: 1"),
            Self::Direction => format!("{argument}: OUT"),
            Self::Any => format!("{argument}: …"),
        }
    }
}

impl Spec {
    /// How it is written, for help: `@relationship(type:, direction:)`.
    fn usage(&self) -> String {
        let arguments: Vec<String> = self
            .arguments
            .iter()
            .map(|(name, ..)| format!("{name}:"))
            .collect();
        match arguments.is_empty() {
            true => format!("@{}", self.name),
            false => format!("@{}({})", self.name, arguments.join(", ")),
        }
    }
}

/// The directives of one place that are written as they must be.
#[derive(Clone, Debug, Default)]
pub(super) struct Directives(Vec<Node<ast::Directive>>);

/// One directive whose arguments are of the kinds that it takes.
#[derive(Clone, Copy)]
pub(super) struct Applied<'a>(&'a Node<ast::Directive>);

impl Directives {
    /// Reports whatever is wrong with the directives of a place and keeps the others.
    pub fn check(report: &mut Report, list: &ast::DirectiveList, place: Place) -> Self {
        let mut kept: Vec<Node<ast::Directive>> = Vec::new();
        for directive in list.iter() {
            if check_directive(report, directive, place, &kept) {
                kept.push(directive.clone());
            }
        }
        Self(kept)
    }

    /// The directive of a name.
    pub fn find(&self, name: &str) -> Option<Applied<'_>> {
        self.all(name).next()
    }

    /// The directives of a name, if it may be repeated.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = Applied<'a>> {
        self.iter().filter(move |applied| applied.name() == name)
    }

    /// All directives in order.
    pub fn iter(&self) -> impl Iterator<Item = Applied<'_>> {
        self.0.iter().map(Applied)
    }

    /// Takes over a directive from an interface.
    pub fn inherit(&mut self, from: Applied<'_>) {
        self.0.push(from.0.clone());
    }
}

impl<'a> Applied<'a> {
    pub fn name(self) -> &'a str {
        self.0.name.as_str()
    }

    pub fn span(self) -> Span {
        self.0.span()
    }

    /// An argument's value.
    pub fn argument(self, name: &str) -> Option<&'a Node<Value>> {
        let found = self
            .0
            .arguments
            .iter()
            .find(|argument| argument.name == name);
        found.map(|argument| &argument.value)
    }

    /// A string argument.
    pub fn string(self, name: &str) -> Option<&'a str> {
        self.argument(name)?.as_str()
    }

    /// A boolean argument that is false by default.
    pub fn flag(self, name: &str) -> bool {
        self.argument(name)
            .and_then(|value| value.to_bool())
            .unwrap_or(false)
    }

    /// Whether it says the same as another, order of arguments and defaults aside.
    pub fn says_the_same_as(self, other: Applied<'_>) -> bool {
        self.said() == other.said()
    }

    fn said(self) -> std::collections::BTreeMap<&'a str, &'a Node<Value>> {
        let defaulted = |value: &Value| *value == Value::Boolean(false);
        let arguments = self.0.arguments.iter();
        arguments
            .filter(|argument| !defaulted(&argument.value))
            .map(|argument| (argument.name.as_str(), &argument.value))
            .collect()
    }
}

fn check_directive(
    report: &mut Report,
    directive: &Node<ast::Directive>,
    place: Place,
    before: &[Node<ast::Directive>],
) -> bool {
    let Some(spec) = SPECS.iter().find(|spec| directive.name == spec.name) else {
        unknown_directive(report, directive, place);
        return false;
    };
    if !spec.places.contains(&place) {
        misplaced(report, directive, spec, place);
        return false;
    }
    if let Some(first) = before.iter().find(|first| first.name == directive.name)
        && !spec.repeatable
    {
        report
            .error(format!("`@{}` stands here twice", spec.name))
            .at(directive.span(), "repeated")
            .at(first.span(), "first")
            .help("leave one of them out");
        return false;
    }
    check_arguments(report, directive, spec)
}

fn unknown_directive(report: &mut Report, directive: &Node<ast::Directive>, place: Place) {
    let here = SPECS.iter().filter(|spec| spec.places.contains(&place));
    let meant = nearest(&directive.name, SPECS.iter().map(|spec| spec.name));
    let help = match meant {
        Some(meant) => format!("did you mean `@{meant}`?"),
        None => {
            let names: Vec<String> = here.map(|spec| format!("@{}", spec.name)).collect();
            format!("on {} there may stand: {}", place.name(), names.join(" "))
        }
    };
    report
        .error(format!("unknown directive `@{}`", directive.name))
        .at(directive.span(), "")
        .help(help);
}

fn misplaced(report: &mut Report, directive: &Node<ast::Directive>, spec: &Spec, place: Place) {
    let places: Vec<&str> = spec.places.iter().map(|place| place.name()).collect();
    report
        .error(format!("`@{}` cannot stand on {}", spec.name, place.name()))
        .at(directive.span(), "")
        .help(format!("it may stand on {}", places.join(", ")));
}

/// Whether all arguments are known, given once, of the right kind, and none is missing.
fn check_arguments(report: &mut Report, directive: &Node<ast::Directive>, spec: &Spec) -> bool {
    let mut good = true;
    for (at, argument) in directive.arguments.iter().enumerate() {
        let first = directive.arguments[..at]
            .iter()
            .find(|a| a.name == argument.name);
        if let Some(first) = first {
            report
                .error(format!("argument `{}` is given twice", argument.name))
                .at(argument.span(), "repeated")
                .at(first.span(), "first")
                .help("leave one of them out");
            good = false;
        }
        good &= check_argument(report, argument, spec);
    }
    good && !lacks_argument(report, directive, spec)
}

/// Whether a required argument is missing, which is reported.
fn lacks_argument(report: &mut Report, directive: &Node<ast::Directive>, spec: &Spec) -> bool {
    let mut lacks = false;
    for (name, kind, _) in spec.arguments.iter().filter(|(.., required)| *required) {
        if directive
            .arguments
            .iter()
            .all(|argument| argument.name != *name)
        {
            report
                .error(format!("`@{}` lacks its argument `{name}`", spec.name))
                .at(
                    directive.span(),
                    format!("`{name}` must be {}", kind.name()),
                )
                .help(format!("write {}", spec.usage()));
            lacks = true;
        }
    }
    lacks
}

fn check_argument(report: &mut Report, argument: &Node<ast::Argument>, spec: &Spec) -> bool {
    let known = spec
        .arguments
        .iter()
        .find(|(name, ..)| argument.name == *name);
    let Some((name, kind, _)) = known else {
        let meant = nearest(
            &argument.name,
            spec.arguments.iter().map(|(name, ..)| *name),
        );
        let help = match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("write {}", spec.usage()),
        };
        report
            .error(format!(
                "`@{}` has no argument `{}`",
                spec.name, argument.name
            ))
            .at(argument.name.span(), "")
            .help(help);
        return false;
    };
    if !kind.accepts(&argument.value) {
        report
            .error(format!(
                "`{name}` of `@{}` must be {}",
                spec.name,
                kind.name()
            ))
            .at(argument.value.span(), "")
            .help(format!("write {}", kind.example(name, &argument.value)));
        return false;
    }
    true
}
