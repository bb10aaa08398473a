//! What does a literal of the document mean once the variables are known? A literal is checked
//! and coerced once; what is left for each request is to put the variables in. Not for the
//! variables themselves.

use std::sync::Arc;

use apollo_compiler::Node;
use apollo_compiler::ast::Value;
use rustc_hash::FxHashSet;

use super::mismatch::Mismatch;
use super::scalar::{Raw, accepted, coerce};
use super::variables::{VariableSlot, Variables};
use super::{Input, InputField, InputObject, InputType, InputTypes, TypeRef};

/// A coerced literal with places for variables.
#[derive(Clone, Debug)]
pub enum Template {
    /// Needs no variable.
    Constant(Input),
    /// Is a variable.
    Variable(Place),
    /// A list with variables inside.
    List(Box<[Template]>),
    /// An object with variables inside.
    Object(Box<[(Arc<str>, Template)]>),
}

/// Where a variable goes.
#[derive(Clone, Debug)]
pub struct Place {
    slot: usize,
    name: Arc<str>,
    nullable: bool,
    default: Option<Input>,
}

/// The variables that a literal may use.
pub trait Scope {
    /// A variable by name, with its number.
    fn variable(&self, name: &str) -> Option<(usize, &VariableSlot)>;
}

/// The scope of defaults, which are constant.
pub(super) struct NoVariables;

impl Scope for NoVariables {
    fn variable(&self, _: &str) -> Option<(usize, &VariableSlot)> {
        None
    }
}

/// What is expected at a place of the document.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    ty: &'a TypeRef,
    field: Option<&'a InputField>,
    one_of: bool,
}

impl<'a> Site<'a> {
    /// A value of this type.
    pub fn of(ty: &'a TypeRef) -> Self {
        Self {
            ty,
            field: None,
            one_of: false,
        }
    }

    /// The value of an argument or an input field.
    pub fn of_field(field: &'a InputField) -> Self {
        Self {
            ty: &field.ty,
            field: Some(field),
            one_of: false,
        }
    }
}

impl Template {
    /// Checks and coerces a literal, or says where and why it does not fit.
    pub fn compile(
        value: &Node<Value>,
        site: Site<'_>,
        types: &InputTypes,
        scope: &dyn Scope,
    ) -> Result<Self, Mismatch> {
        Compiler { types, scope }
            .value(value, site)
            .map_err(|wrong| wrong.at(value.location()))
    }

    /// The value with the variables in place; none when it is an absent variable without a
    /// default. Fails when a variable is `null` where `null` is not accepted.
    pub fn evaluate(&self, variables: &Variables) -> Result<Option<Input>, Mismatch> {
        match self {
            Self::Constant(value) => Ok(Some(value.clone())),
            Self::Variable(place) => place.evaluate(variables),
            Self::List(items) => {
                let items = items.iter().map(|item| item.entry(variables));
                Ok(Some(Input::List(items.collect::<Result<_, _>>()?)))
            }
            Self::Object(fields) => {
                let mut object = Vec::with_capacity(fields.len());
                for (name, field) in fields {
                    let value = field.evaluate(variables);
                    if let Some(value) = value.map_err(|wrong| wrong.in_field(name))? {
                        object.push((name.clone(), value));
                    }
                }
                Ok(Some(Input::Object(object.into())))
            }
        }
    }

    /// An absent variable in a list is `null`.
    fn entry(&self, variables: &Variables) -> Result<Input, Mismatch> {
        match self.evaluate(variables)? {
            Some(value) => Ok(value),
            None => Ok(Input::Null),
        }
    }
}

impl Place {
    fn evaluate(&self, variables: &Variables) -> Result<Option<Input>, Mismatch> {
        let value = variables.slot(self.slot).or(self.default.as_ref());
        let refused = match value {
            None => !self.nullable,
            Some(value) => value.is_null() && !self.nullable,
        };
        if refused {
            let message = format!("the variable `${}` is null or absent", self.name);
            return Err(Mismatch::new(message).hint("this place needs a value"));
        }
        Ok(value.cloned())
    }
}

struct Compiler<'a> {
    types: &'a InputTypes,
    scope: &'a dyn Scope,
}

impl Compiler<'_> {
    fn value(&self, value: &Node<Value>, site: Site<'_>) -> Result<Template, Mismatch> {
        let found = match &**value {
            Value::Variable(name) => self.variable(name, site),
            Value::Null if site.ty.nullable() => Ok(Template::Constant(Input::Null)),
            Value::Null => Err(self.wrong(site.ty, "null")),
            Value::List(items) => self.list(items, site.ty),
            single => self.single(value, single, site.ty),
        };
        found.map_err(|wrong| wrong.at(value.location()))
    }

    fn list(&self, items: &[Node<Value>], ty: &TypeRef) -> Result<Template, Mismatch> {
        match ty {
            TypeRef::List { item, .. } => {
                self.entries(items, |each| self.value(each, Site::of(item)))
            }
            TypeRef::Named { .. } if matches!(self.types.named(ty), InputType::Json) => {
                self.entries(items, |each| self.any(each))
            }
            TypeRef::Named { .. } => Err(self.wrong(ty, "a list")),
        }
    }

    fn entries(
        &self,
        items: &[Node<Value>],
        read: impl Fn(&Node<Value>) -> Result<Template, Mismatch>,
    ) -> Result<Template, Mismatch> {
        let mut templates = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            templates.push(read(item).map_err(|wrong| wrong.in_entry(at))?);
        }
        Ok(list_of(templates))
    }

    /// A value that is no list: where a list is expected, a list of one.
    fn single(
        &self,
        node: &Node<Value>,
        value: &Value,
        ty: &TypeRef,
    ) -> Result<Template, Mismatch> {
        if let TypeRef::List { item, .. } = ty {
            return Ok(list_of(vec![self.single(node, value, item)?]));
        }
        match (value, self.types.named(ty)) {
            (Value::Object(fields), InputType::Object(object)) => self.object(fields, object, ty),
            (Value::Object(_), InputType::Json) => self.any(node),
            (Value::Object(fields), InputType::Point) => self.point(fields, ty),
            (Value::Object(_), _) => Err(self.wrong(ty, "an object")),
            (value, named) => {
                let raw = raw(value).ok_or_else(|| self.wrong(ty, "no value"))?;
                coerce(named, raw)
                    .map(Template::Constant)
                    .ok_or_else(|| self.wrong(ty, &raw.shown()))
            }
        }
    }

    fn wrong(&self, ty: &TypeRef, found: &str) -> Mismatch {
        let accepted = accepted(self.types.named(ty), self.types.name(ty));
        Mismatch::kind(&self.types.text(ty), found, &accepted)
    }

    fn object(
        &self,
        given: &[(apollo_compiler::Name, Node<Value>)],
        object: &InputObject,
        ty: &TypeRef,
    ) -> Result<Template, Mismatch> {
        unique(given)?;
        let mut fields = Vec::with_capacity(given.len());
        for (name, value) in given {
            let (_, field) = object
                .field(name)
                .ok_or_else(|| unknown_field(name, self.types, ty).at(value.location()))?;
            let site = Site {
                one_of: object.one_of,
                ..Site::of_field(field)
            };
            let value = self.value(value, site);
            fields.push((
                field.name.clone(),
                value.map_err(|wrong| wrong.in_field(name))?,
            ));
        }
        if object.one_of {
            let null = fields.iter().any(|(_, value)| is_null(value));
            exactly_one(fields.len(), null, self.types.name(ty))?;
        }
        let name_of = |field: &(Arc<str>, Template)| field.0.clone();
        let names: FxHashSet<_> = fields.iter().map(name_of).collect();
        for field in &object.fields {
            if !names.contains(&field.name) {
                let default = absent_field(field, self.types)?.map(Template::Constant);
                fields.extend(default.map(|value| (field.name.clone(), value)));
            }
        }
        Ok(object_of(fields))
    }

    fn point(
        &self,
        given: &[(apollo_compiler::Name, Node<Value>)],
        ty: &TypeRef,
    ) -> Result<Template, Mismatch> {
        unique(given)?;
        let mut fields = Vec::with_capacity(2);
        for (name, value) in given {
            if !matches!(name.as_str(), "latitude" | "longitude") {
                return Err(self.wrong(ty, &format!("the field `{name}`")));
            }
            let number = raw(value).and_then(|raw| coerce(&InputType::Float, raw));
            let number = number.ok_or_else(|| self.wrong(ty, "no number").in_field(name))?;
            fields.push((name.as_str().into(), Template::Constant(number)));
        }
        if fields.len() < 2 {
            return Err(self.wrong(ty, "only a part of it"));
        }
        Ok(object_of(fields))
    }

    /// A value of a `JSON` scalar.
    fn any(&self, value: &Node<Value>) -> Result<Template, Mismatch> {
        match &**value {
            Value::Variable(name) => self.anywhere(name),
            Value::Null => Ok(Template::Constant(Input::Null)),
            Value::List(items) => self.entries(items, |each| self.any(each)),
            Value::Object(given) => {
                unique(given)?;
                let mut fields = Vec::with_capacity(given.len());
                for (name, value) in given {
                    fields.push((name.as_str().into(), self.any(value)?));
                }
                Ok(object_of(fields))
            }
            single => raw(single)
                .and_then(|raw| coerce(&InputType::Json, raw))
                .map(Template::Constant)
                .ok_or_else(|| Mismatch::new("no value")),
        }
    }

    /// A variable inside a `JSON` literal may have any type.
    fn anywhere(&self, name: &str) -> Result<Template, Mismatch> {
        let (slot, variable) = self.find(name)?;
        Ok(Template::Variable(Place {
            slot,
            name: variable.name.clone(),
            nullable: true,
            default: None,
        }))
    }

    fn find(&self, name: &str) -> Result<(usize, &VariableSlot), Mismatch> {
        self.scope
            .variable(name)
            .ok_or_else(|| Mismatch::new(format!("the variable `${name}` is not defined here")))
    }

    fn variable(&self, name: &str, site: Site<'_>) -> Result<Template, Mismatch> {
        let (slot, variable) = self.find(name)?;
        let filled = variable.default.as_ref().is_some_and(|v| !v.is_null())
            || site.field.is_some_and(InputField::has_default);
        if !allowed(&variable.ty, site, filled) {
            let (is, needs) = (self.types.text(&variable.ty), self.types.text(site.ty));
            let message = format!("the variable `${name}` is of type {is}");
            let bang = if site.one_of { " that is not null" } else { "" };
            return Err(Mismatch::new(message).hint(format!("this place needs {needs}{bang}")));
        }
        Ok(Template::Variable(Place {
            slot,
            name: variable.name.clone(),
            nullable: site.ty.nullable(),
            default: site
                .field
                .and_then(|field| field.default(self.types))
                .cloned(),
        }))
    }
}

/// The specification's `IsVariableUsageAllowed`.
fn allowed(variable: &TypeRef, site: Site<'_>, filled: bool) -> bool {
    if site.one_of && variable.nullable() {
        return false;
    }
    let null_may_come = variable.nullable() && !site.ty.nullable();
    (!null_may_come || filled) && compatible(variable, site.ty)
}

/// Whether the types agree, apart from whether the outermost may be null.
fn compatible(variable: &TypeRef, place: &TypeRef) -> bool {
    match (variable, place) {
        (TypeRef::Named { id: given, .. }, TypeRef::Named { id: wanted, .. }) => given == wanted,
        (TypeRef::List { item: given, .. }, TypeRef::List { item: wanted, .. }) => {
            (wanted.nullable() || !given.nullable()) && compatible(given, wanted)
        }
        _ => false,
    }
}

fn raw(value: &Value) -> Option<Raw<'_>> {
    Some(match value {
        Value::Enum(name) => Raw::Enum(name),
        Value::String(text) => Raw::String(text),
        Value::Boolean(truth) => Raw::Bool(*truth),
        Value::Float(number) => Raw::Float(number.try_to_f64().ok()?),
        Value::Int(digits) => match digits.as_str().parse() {
            Ok(number) => Raw::Int(number),
            Err(_) => Raw::Huge(digits.as_str()),
        },
        Value::Null | Value::Variable(_) | Value::List(_) | Value::Object(_) => return None,
    })
}

fn unique(given: &[(apollo_compiler::Name, Node<Value>)]) -> Result<(), Mismatch> {
    let mut names = FxHashSet::default();
    match given.iter().find(|(name, _)| !names.insert(name)) {
        Some((name, value)) => Err(twice(name).at(value.location())),
        None => Ok(()),
    }
}

/// A field that is given more than once.
pub(super) fn twice(name: &str) -> Mismatch {
    Mismatch::new(format!("the field `{name}` is given more than once"))
}

/// A field that the type does not have.
pub(super) fn unknown_field(name: &str, types: &InputTypes, ty: &TypeRef) -> Mismatch {
    let message = format!("the type {} has no field `{name}`", types.name(ty));
    let accepted = accepted(types.named(ty), types.name(ty));
    Mismatch::new(message).hint(format!("accepted: {accepted}"))
}

/// The default of a field that is not given, if it has one.
pub(super) fn absent_field(
    field: &InputField,
    types: &InputTypes,
) -> Result<Option<Input>, Mismatch> {
    if field.required() {
        let (name, ty) = (&field.name, types.text(&field.ty));
        let message = format!("the field `{name}` of type {ty} is missing");
        return Err(Mismatch::new(message));
    }
    Ok(field.default(types).cloned())
}

/// The rule of `@oneOf` types.
pub(super) fn exactly_one(given: usize, null: bool, name: &str) -> Result<(), Mismatch> {
    let found = match given {
        1 if !null => return Ok(()),
        1 => "one that is null".to_owned(),
        0 => "none".to_owned(),
        many => format!("{many}"),
    };
    let message = format!("{name} takes exactly one field, found {found}");
    Err(Mismatch::new(message).hint("give one field, and not null"))
}

fn is_null(template: &Template) -> bool {
    matches!(template, Template::Constant(Input::Null))
}

/// A list, constant if all its entries are.
fn list_of(items: Vec<Template>) -> Template {
    if items.iter().all(Template::is_constant) {
        let constants = items.into_iter().filter_map(Template::into_constant);
        return Template::Constant(Input::List(constants.collect()));
    }
    Template::List(items.into())
}

/// An object, constant if all its fields are.
fn object_of(fields: Vec<(Arc<str>, Template)>) -> Template {
    if fields.iter().all(|(_, value)| value.is_constant()) {
        let constants = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.into_constant()?)));
        return Template::Constant(Input::Object(constants.collect()));
    }
    Template::Object(fields.into())
}

impl Template {
    /// Whether the value is the same for all variables.
    pub fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_))
    }

    fn into_constant(self) -> Option<Input> {
        match self {
            Self::Constant(value) => Some(value),
            _ => None,
        }
    }
}
