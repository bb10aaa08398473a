//! Which types, enums and settings does the text declare, extensions merged in? Not for: what their
//! fields mean (`fields`).

use super::directives::Place;
use super::report::{Located, Report, Span};
use crate::ontology::suggest::nearest;
use apollo_compiler::ast::{self, Definition, DirectiveList, FieldDefinition};
use apollo_compiler::{Name, Node};

/// A declared type with its extensions.
#[derive(Clone, Debug)]
pub(super) struct TypeDecl {
    pub name: Name,
    pub place: Place,
    pub description: Option<String>,
    pub implements: Vec<Name>,
    pub directives: DirectiveList,
    pub fields: Vec<Node<FieldDefinition>>,
}

/// A declared enum with its extensions.
#[derive(Clone, Debug)]
pub(super) struct EnumDecl {
    pub name: Name,
    pub description: Option<String>,
    pub directives: DirectiveList,
    pub values: Vec<Node<ast::EnumValueDefinition>>,
}

/// All declarations; the built-in ones come first.
#[derive(Default)]
pub(super) struct Declarations {
    pub types: Vec<TypeDecl>,
    pub enums: Vec<EnumDecl>,
    pub schema: DirectiveList,
}

impl Declarations {
    /// Takes what documents declare; extensions may stand before what they extend.
    pub fn collect(report: &mut Report, documents: &[&ast::Document]) -> Self {
        let mut all = Self::default();
        let definitions = || documents.iter().flat_map(|document| &document.definitions);
        definitions().for_each(|definition| all.declare(report, definition));
        definitions().for_each(|definition| all.extend(report, definition));
        for decl in &mut all.types {
            decl.place = place_of(decl);
        }
        all
    }

    fn declare(&mut self, report: &mut Report, definition: &Definition) {
        match definition {
            Definition::ObjectTypeDefinition(it) => self.add_type(report, object(it)),
            Definition::InterfaceTypeDefinition(it) => self.add_type(report, interface(it)),
            Definition::EnumTypeDefinition(it) => self.add_enum(report, it),
            Definition::SchemaExtension(it) => {
                self.schema.extend(it.directives.iter().cloned());
            }
            Definition::ObjectTypeExtension(_)
            | Definition::InterfaceTypeExtension(_)
            | Definition::EnumTypeExtension(_) => {}
            other => refuse(report, other),
        }
    }

    fn add_type(&mut self, report: &mut Report, decl: TypeDecl) {
        if self.is_new(report, &decl.name) {
            self.types.push(decl);
        }
    }

    fn add_enum(&mut self, report: &mut Report, it: &Node<ast::EnumTypeDefinition>) {
        if self.is_new(report, &it.name) {
            self.enums.push(EnumDecl {
                name: it.name.clone(),
                description: text(&it.description),
                directives: it.directives.clone(),
                values: it.values.clone(),
            });
        }
    }

    fn is_new(&self, report: &mut Report, name: &Name) -> bool {
        let Some(first) = self.names().find(|declared| *declared == name) else {
            return true;
        };
        let built_in = report.is_built_in(first.span());
        let help = if built_in {
            format!("`{name}` is built in; `extend type {name} {{ … }}` adds fields to it")
        } else {
            "rename one of them, or write `extend`".to_owned()
        };
        report
            .error(format!("`{name}` is declared twice"))
            .at(name.span(), "declared again")
            .at(first.span(), "first declared here")
            .help(help);
        false
    }

    /// The names of all declared types and enums.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        let types = self.types.iter().map(|decl| &decl.name);
        types.chain(self.enums.iter().map(|decl| &decl.name))
    }

    fn extend(&mut self, report: &mut Report, definition: &Definition) {
        match definition {
            Definition::ObjectTypeExtension(it) => {
                let (implements, more) = (
                    &it.implements_interfaces,
                    (&it.directives, it.fields.as_slice()),
                );
                self.extend_type(report, &it.name, Place::NodeType, implements, more);
            }
            Definition::InterfaceTypeExtension(it) => {
                let (implements, more) = (
                    &it.implements_interfaces,
                    (&it.directives, it.fields.as_slice()),
                );
                self.extend_type(report, &it.name, Place::Interface, implements, more);
            }
            Definition::EnumTypeExtension(it) => {
                match self.enums.iter_mut().find(|decl| decl.name == it.name) {
                    Some(decl) => {
                        decl.directives.extend(it.directives.iter().cloned());
                        decl.values.extend(it.values.iter().cloned());
                    }
                    None => self.nothing_to_extend(report, &it.name, "enum"),
                }
            }
            _ => {}
        }
    }

    fn extend_type(
        &mut self,
        report: &mut Report,
        name: &Name,
        place: Place,
        implements: &[Name],
        (directives, fields): (&DirectiveList, &[Node<FieldDefinition>]),
    ) {
        if name == "Node" {
            report
                .error("the interface `Node` cannot be extended")
                .at(name.span(), "")
                .help("declare an interface of your own and let the types implement it");
            return;
        }
        let extended = self.types.iter_mut().find(|decl| decl.name == *name);
        match extended.filter(|decl| decl.place == place) {
            Some(decl) => {
                decl.implements.extend_from_slice(implements);
                decl.directives.extend(directives.iter().cloned());
                decl.fields.extend_from_slice(fields);
            }
            None if place == Place::Interface => self.nothing_to_extend(report, name, "interface"),
            None => self.nothing_to_extend(report, name, "type"),
        }
    }

    fn nothing_to_extend(&self, report: &mut Report, name: &Name, kind: &str) {
        let meant = nearest(name, self.names().map(|name| name.as_str()));
        let other = self.types.iter().find(|decl| decl.name == *name);
        let help = match (other, meant) {
            (Some(decl), _) if decl.place == Place::Interface => {
                format!("`{name}` is an interface: write `extend interface {name}`")
            }
            (Some(_), _) => format!("`{name}` is a type: write `extend type {name}`"),
            (None, Some(meant)) if meant != name.as_str() => format!("did you mean `{meant}`?"),
            _ => format!("declare `{kind} {name}` first, or leave `extend` out"),
        };
        report
            .error(format!("there is no {kind} `{name}` to extend"))
            .at(name.span(), "")
            .help(help)
            .absent(name);
    }
}

fn object(it: &Node<ast::ObjectTypeDefinition>) -> TypeDecl {
    TypeDecl {
        name: it.name.clone(),
        place: Place::NodeType,
        description: text(&it.description),
        implements: it.implements_interfaces.clone(),
        directives: it.directives.clone(),
        fields: it.fields.clone(),
    }
}

fn interface(it: &Node<ast::InterfaceTypeDefinition>) -> TypeDecl {
    TypeDecl {
        name: it.name.clone(),
        place: Place::Interface,
        description: text(&it.description),
        implements: it.implements_interfaces.clone(),
        directives: it.directives.clone(),
        fields: it.fields.clone(),
    }
}

/// What a type is, by its directives.
fn place_of(decl: &TypeDecl) -> Place {
    if decl.place == Place::NodeType && decl.directives.has("relationshipProperties") {
        Place::EdgeType
    } else {
        decl.place
    }
}

/// A description, blank ones aside.
pub(super) fn text(description: &Option<Node<str>>) -> Option<String> {
    let text = description.as_ref()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Refuses a kind of definition that has no meaning in an ontology.
fn refuse(report: &mut Report, definition: &Definition) {
    use Definition as D;
    let (kind, help) = match definition {
        D::SchemaDefinition(_) => (
            "a schema definition",
            "write `extend schema @cited @languages(tags: [\"en\"])`",
        ),
        D::ScalarTypeDefinition(_) | D::ScalarTypeExtension(_) => (
            "a scalar definition",
            "the scalars are built in: ID String Int Float Boolean BigInt Date DateTime Period Point JSON",
        ),
        D::UnionTypeDefinition(_) | D::UnionTypeExtension(_) => (
            "a union",
            "write an `interface … @node` that the types implement",
        ),
        D::DirectiveDefinition(_) => (
            "a directive definition",
            "the directives are built in: leave this out",
        ),
        D::InputObjectTypeDefinition(_) | D::InputObjectTypeExtension(_) => (
            "an input type",
            "inputs are generated from the types: leave this out",
        ),
        _ => (
            "an operation",
            "an ontology declares types, interfaces and enums; operations are sent to the server",
        ),
    };
    if report.is_partial() && kind == "an operation" {
        return; // what a syntax error left over reads as one
    }
    report
        .error(format!("{kind} has no place in an ontology"))
        .at(head(definition), "")
        .help(help);
}

fn head(definition: &Definition) -> Span {
    match definition.name() {
        Some(name) => name.span(),
        None => definition.location().into(),
    }
}
