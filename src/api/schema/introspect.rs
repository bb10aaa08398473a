//! What does the schema say about itself? Answers `__schema`, `__type` and the root's `__typename` by
//! walking the selection over the valid schema. Not for: whether a document is valid or too costly
//! (`document` has checked both), nor for fields of data, which are left out.

use apollo_compiler::ast::{Directive, FieldDefinition, InputValueDefinition, Type, Value};
use apollo_compiler::collections::HashMap;
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::schema::{
    Component, DirectiveDefinition, DirectiveList, EnumValueDefinition, ExtendedType, Implementers,
};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};
use serde_json::Map;
use std::borrow::Cow;
use std::collections::HashSet;

/// An operation, what it is asked with, and what it asks about.
pub(super) struct Introspection<'a> {
    pub schema: &'a Schema,
    pub implementers: &'a HashMap<Name, Implementers>,
    pub document: &'a ExecutableDocument,
    pub operation: &'a Operation,
    /// The variables as given, without defaults.
    pub variables: &'a Map<String, serde_json::Value>,
}

/// An object of the introspection types.
enum Subject<'a> {
    Root,
    Schema,
    Named(&'a ExtendedType),
    List(Type),
    NonNull(Type),
    Field(&'a FieldDefinition),
    Input(&'a InputValueDefinition),
    EnumValue(&'a EnumValueDefinition),
    Directive(&'a DirectiveDefinition),
}

/// What a field of such an object is.
enum Answer<'a> {
    Null,
    Bool(bool),
    Text(Cow<'a, str>),
    Texts(Vec<&'static str>),
    One(Subject<'a>),
    Many(Vec<Subject<'a>>),
    /// A field of data.
    Nothing,
}

impl<'a> Introspection<'a> {
    /// The `data` of the answer, as JSON.
    pub fn data(&self) -> String {
        let mut out = String::new();
        self.write_object(&mut out, &Subject::Root, &[&self.operation.selection_set]);
        out
    }

    fn write_object(&self, out: &mut String, subject: &Subject<'a>, sets: &[&'a SelectionSet]) {
        let mut collected = Collected::default();
        for set in sets {
            self.collect(&mut collected, set);
        }
        out.push('{');
        let start = out.len();
        for (key, fields) in &collected.fields {
            let answer = self.answer(subject, fields[0]);
            if matches!(answer, Answer::Nothing) {
                continue;
            }
            if out.len() > start {
                out.push(',');
            }
            // A GraphQL name needs no escape.
            out.extend(["\"", key, "\":"]);
            let sets: Vec<_> = fields.iter().map(|field| &field.selection_set).collect();
            self.write(out, answer, &sets);
        }
        out.push('}');
    }

    fn write(&self, out: &mut String, answer: Answer<'a>, sets: &[&'a SelectionSet]) {
        match answer {
            Answer::Null | Answer::Nothing => out.push_str("null"),
            Answer::Bool(value) => out.push_str(if value { "true" } else { "false" }),
            Answer::Text(text) => out.push_str(&serde_json::Value::from(text).to_string()),
            Answer::Texts(texts) => out.push_str(&serde_json::Value::from(texts).to_string()),
            Answer::One(subject) => self.write_object(out, &subject, sets),
            Answer::Many(subjects) => {
                out.push('[');
                for (at, subject) in subjects.iter().enumerate() {
                    out.push_str(if at > 0 { "," } else { "" });
                    self.write_object(out, subject, sets);
                }
                out.push(']');
            }
        }
    }

    /// The fields of a selection set by response key. The type conditions of a valid document all
    /// hold, as neither the root nor an introspection type implements anything.
    fn collect(&self, collected: &mut Collected<'a>, set: &'a SelectionSet) {
        for selection in &set.selections {
            if !self.is_included(selection.directives()) {
                continue;
            }
            match selection {
                Selection::Field(field) => collected.add(field),
                Selection::InlineFragment(inline) => self.collect(collected, &inline.selection_set),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.fragment_name;
                    if collected.fragments.insert(name)
                        && let Some(fragment) = self.document.fragments.get(name)
                    {
                        self.collect(collected, &fragment.selection_set);
                    }
                }
            }
        }
    }

    fn is_included(&self, directives: &apollo_compiler::ast::DirectiveList) -> bool {
        let condition = |name: &str| {
            let directive: &Directive = directives.get(name)?;
            self.flag(directive.specified_argument_by_name("if")?)
        };
        condition("skip") != Some(true) && condition("include") != Some(false)
    }

    fn flag(&self, value: &'a Value) -> Option<bool> {
        match value {
            Value::Variable(name) => match self.variables.get(name.as_str()) {
                Some(given) => given.as_bool(),
                None => self.default(name)?.to_bool(),
            },
            value => value.to_bool(),
        }
    }

    fn text(&self, value: &'a Value) -> Option<&'a str> {
        match value {
            Value::Variable(name) => match self.variables.get(name.as_str()) {
                Some(given) => given.as_str(),
                None => self.default(name)?.as_str(),
            },
            value => value.as_str(),
        }
    }

    fn default(&self, variable: &Name) -> Option<&'a Node<Value>> {
        let mut definitions = self.operation.variables.iter();
        definitions
            .find(|d| d.name == *variable)?
            .default_value
            .as_ref()
    }

    fn answer(&self, subject: &Subject<'a>, field: &'a Field) -> Answer<'a> {
        if field.name == "__typename" {
            return Answer::Text(subject.type_name(self.operation).into());
        }
        match subject {
            Subject::Root => self.of_root(field),
            Subject::Schema => self.of_schema(&field.name),
            Subject::Named(of) => self.of_named(of, field),
            Subject::List(of) => self.of_wrapper("LIST", of, &field.name),
            Subject::NonNull(of) => self.of_wrapper("NON_NULL", of, &field.name),
            Subject::Field(of) => self.of_field(of, field),
            Subject::Input(of) => self.of_input(of, &field.name),
            Subject::EnumValue(of) => self.of_enum_value(of, &field.name),
            Subject::Directive(of) => self.of_directive(of, field),
        }
    }

    fn of_root(&self, field: &'a Field) -> Answer<'a> {
        match field.name.as_str() {
            "__schema" => Answer::One(Subject::Schema),
            "__type" => {
                let name = field.specified_argument_by_name("name");
                self.named(name.and_then(|name| self.text(name)))
            }
            _ => Answer::Nothing,
        }
    }

    fn of_schema(&self, field: &str) -> Answer<'a> {
        let schema = self.schema;
        let root = &schema.schema_definition;
        match field {
            "types" => Answer::Many(schema.types.values().map(Subject::Named).collect()),
            "directives" => {
                let all = schema.directive_definitions.values();
                Answer::Many(all.map(|d| Subject::Directive(d)).collect())
            }
            "queryType" => self.named(root.query.as_ref().map(|name| name.as_str())),
            "mutationType" => self.named(root.mutation.as_ref().map(|name| name.as_str())),
            "subscriptionType" => self.named(root.subscription.as_ref().map(|name| name.as_str())),
            "description" => text(root.description.as_deref()),
            _ => Answer::Null,
        }
    }

    fn of_named(&self, of: &'a ExtendedType, field: &'a Field) -> Answer<'a> {
        match field.name.as_str() {
            "kind" => Answer::Text(kind(of).into()),
            "name" => Answer::Text(of.name().as_str().into()),
            "description" => text(of.description().map(|d| d.as_str())),
            "fields" => self.fields(of, field),
            "interfaces" => self.interfaces(of),
            "possibleTypes" => self.possible_types(of),
            "enumValues" => {
                let ExtendedType::Enum(of) = of else {
                    return Answer::Null;
                };
                let values = of.values.values();
                let values = values.filter(|v| self.is_listed(&v.directives, field));
                Answer::Many(values.map(|v| Subject::EnumValue(v)).collect())
            }
            "inputFields" => {
                let ExtendedType::InputObject(of) = of else {
                    return Answer::Null;
                };
                let fields = of.fields.values();
                let fields = fields.filter(|f| self.is_listed(&f.directives, field));
                Answer::Many(fields.map(|f| Subject::Input(f)).collect())
            }
            "specifiedByURL" => text(specified_by(of.directives())),
            "isOneOf" => match of {
                ExtendedType::InputObject(of) => Answer::Bool(of.directives.has("oneOf")),
                _ => Answer::Null,
            },
            _ => Answer::Null,
        }
    }

    fn fields(&self, of: &'a ExtendedType, field: &'a Field) -> Answer<'a> {
        let fields = match of {
            ExtendedType::Object(of) => &of.fields,
            ExtendedType::Interface(of) => &of.fields,
            _ => return Answer::Null,
        };
        let listed = fields
            .values()
            .filter(|f| self.is_listed(&f.directives, field));
        Answer::Many(
            listed
                .map(|f: &Component<FieldDefinition>| Subject::Field(f))
                .collect(),
        )
    }

    fn interfaces(&self, of: &'a ExtendedType) -> Answer<'a> {
        let names = match of {
            ExtendedType::Object(of) => &of.implements_interfaces,
            ExtendedType::Interface(of) => &of.implements_interfaces,
            _ => return Answer::Null,
        };
        self.many(names.iter().map(|name| &name.name))
    }

    fn possible_types(&self, of: &'a ExtendedType) -> Answer<'a> {
        match of {
            ExtendedType::Interface(of) => match self.implementers.get(&of.name) {
                Some(implementers) => self.many(implementers.objects.iter()),
                None => Answer::Many(Vec::new()),
            },
            ExtendedType::Union(of) => self.many(of.members.iter().map(|member| &member.name)),
            _ => Answer::Null,
        }
    }

    fn of_wrapper(&self, kind: &'static str, of: &Type, field: &str) -> Answer<'a> {
        match field {
            "kind" => Answer::Text(kind.into()),
            "ofType" => self.ty(of),
            _ => Answer::Null,
        }
    }

    fn of_field(&self, of: &'a FieldDefinition, field: &'a Field) -> Answer<'a> {
        match field.name.as_str() {
            "name" => Answer::Text(of.name.as_str().into()),
            "description" => text(of.description.as_deref()),
            "args" => self.arguments(&of.arguments, field),
            "type" => self.ty(&of.ty),
            name => self.deprecation(&of.directives, name),
        }
    }

    fn of_input(&self, of: &'a InputValueDefinition, field: &str) -> Answer<'a> {
        match field {
            "name" => Answer::Text(of.name.as_str().into()),
            "description" => text(of.description.as_deref()),
            "type" => self.ty(&of.ty),
            "defaultValue" => match &of.default_value {
                Some(value) => Answer::Text(value.serialize().no_indent().to_string().into()),
                None => Answer::Null,
            },
            name => self.deprecation(&of.directives, name),
        }
    }

    fn of_enum_value(&self, of: &'a EnumValueDefinition, field: &str) -> Answer<'a> {
        match field {
            "name" => Answer::Text(of.value.as_str().into()),
            "description" => text(of.description.as_deref()),
            name => self.deprecation(&of.directives, name),
        }
    }

    fn of_directive(&self, of: &'a DirectiveDefinition, field: &'a Field) -> Answer<'a> {
        match field.name.as_str() {
            "name" => Answer::Text(of.name.as_str().into()),
            "description" => text(of.description.as_deref()),
            "locations" => Answer::Texts(of.locations.iter().map(|place| place.name()).collect()),
            "args" => self.arguments(&of.arguments, field),
            "isRepeatable" => Answer::Bool(of.repeatable),
            _ => Answer::Null,
        }
    }

    fn arguments(&self, of: &'a [Node<InputValueDefinition>], field: &'a Field) -> Answer<'a> {
        let listed = of.iter().filter(|a| self.is_listed(&a.directives, field));
        Answer::Many(listed.map(|a| Subject::Input(a)).collect())
    }

    /// Whether a member is listed: deprecated ones only with `includeDeprecated: true`.
    fn is_listed(&self, of: &apollo_compiler::ast::DirectiveList, field: &'a Field) -> bool {
        let asked = || field.specified_argument_by_name("includeDeprecated");
        !of.has("deprecated") || asked().and_then(|value| self.flag(value)) == Some(true)
    }

    fn deprecation(&self, of: &'a apollo_compiler::ast::DirectiveList, field: &str) -> Answer<'a> {
        let deprecated = of.get("deprecated");
        match field {
            "isDeprecated" => Answer::Bool(deprecated.is_some()),
            "deprecationReason" => {
                let reason = deprecated.map(|d| d.argument_by_name("reason", self.schema));
                text(reason.and_then(Result::ok).and_then(|value| value.as_str()))
            }
            _ => Answer::Null,
        }
    }

    fn ty(&self, of: &Type) -> Answer<'a> {
        match of {
            Type::Named(name) => self.named(Some(name.as_str())),
            Type::List(of) => Answer::One(Subject::List((**of).clone())),
            Type::NonNullNamed(name) => Answer::One(Subject::NonNull(Type::Named(name.clone()))),
            Type::NonNullList(of) => Answer::One(Subject::NonNull(Type::List(of.clone()))),
        }
    }

    fn named(&self, name: Option<&str>) -> Answer<'a> {
        let of = name.and_then(|name| self.schema.types.get(name));
        of.map_or(Answer::Null, |of| Answer::One(Subject::Named(of)))
    }

    fn many<'n>(&self, names: impl Iterator<Item = &'n Name>) -> Answer<'a> {
        let types = names.filter_map(|name| self.schema.types.get(name));
        Answer::Many(types.map(Subject::Named).collect())
    }
}

impl Subject<'_> {
    fn type_name<'a>(&self, operation: &'a Operation) -> &'a str {
        match self {
            Self::Root => operation.object_type(),
            Self::Schema => "__Schema",
            Self::Named(_) | Self::List(_) | Self::NonNull(_) => "__Type",
            Self::Field(_) => "__Field",
            Self::Input(_) => "__InputValue",
            Self::EnumValue(_) => "__EnumValue",
            Self::Directive(_) => "__Directive",
        }
    }
}

/// Fields by response key, in the order of the document.
#[derive(Default)]
struct Collected<'a> {
    fields: Vec<(&'a str, Vec<&'a Field>)>,
    fragments: HashSet<&'a Name>,
}

impl<'a> Collected<'a> {
    fn add(&mut self, field: &'a Field) {
        let key = field.response_key().as_str();
        match self.fields.iter_mut().find(|(known, _)| *known == key) {
            Some((_, fields)) => fields.push(field),
            None => self.fields.push((key, vec![field])),
        }
    }
}

fn kind(of: &ExtendedType) -> &'static str {
    match of {
        ExtendedType::Scalar(_) => "SCALAR",
        ExtendedType::Object(_) => "OBJECT",
        ExtendedType::Interface(_) => "INTERFACE",
        ExtendedType::Union(_) => "UNION",
        ExtendedType::Enum(_) => "ENUM",
        ExtendedType::InputObject(_) => "INPUT_OBJECT",
    }
}

fn specified_by(directives: &DirectiveList) -> Option<&str> {
    let directive = directives.get("specifiedBy")?;
    directive.specified_argument_by_name("url")?.as_str()
}

fn text(text: Option<&str>) -> Answer<'_> {
    text.map_or(Answer::Null, |text| Answer::Text(text.into()))
}
