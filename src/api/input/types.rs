//! Which input types does the schema have? A table made once from the schema, in which types
//! are numbers and fields are found by hash. Not for output types.

use std::sync::{Arc, OnceLock};

use apollo_compiler::Node;
use apollo_compiler::Schema;
use apollo_compiler::ast::{Type, Value};
use apollo_compiler::schema::{EnumType, ExtendedType, InputObjectType, InputValueDefinition};
use rustc_hash::FxHashMap;

use super::template::{NoVariables, Site, Template};
use super::{Input, Variables};

/// The input types of a schema.
#[derive(Debug, Default)]
pub struct InputTypes {
    ids: FxHashMap<Arc<str>, usize>,
    types: Vec<(Arc<str>, InputType)>,
}

/// What a named input type accepts.
#[derive(Debug)]
pub enum InputType {
    /// A whole number within 32 bits.
    Int,
    /// A whole number within 64 bits, also as a string.
    BigInt,
    /// A finite number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// A string or a whole number.
    Id,
    /// A string.
    String,
    /// A scalar that is written as a string; the example shows how.
    Text(&'static str),
    /// `{latitude, longitude}`.
    Point,
    /// Any value.
    Json,
    /// One of these names.
    Enum(FxHashMap<Arc<str>, ()>),
    /// Named fields.
    Object(InputObject),
}

/// The fields of an input object type.
#[derive(Debug, Default)]
pub struct InputObject {
    /// Exactly one field must be given, and not `null`.
    pub one_of: bool,
    /// In the order of the schema.
    pub fields: Vec<InputField>,
    by_name: FxHashMap<Arc<str>, usize>,
}

/// A field of an input object type, or an argument of a field.
#[derive(Debug)]
pub struct InputField {
    /// Its name.
    pub name: Arc<str>,
    /// Its type.
    pub ty: TypeRef,
    default: Option<Node<Value>>,
    coerced: OnceLock<Option<Input>>,
}

/// A use of an input type: which, in which lists, and where `null` is allowed.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeRef {
    /// A named type.
    Named {
        /// Its number in the table.
        id: usize,
        /// Whether `null` is accepted.
        nullable: bool,
    },
    /// A list.
    List {
        /// The type of its entries.
        item: Box<TypeRef>,
        /// Whether `null` is accepted instead of a list.
        nullable: bool,
    },
}

impl TypeRef {
    /// Whether `null` is accepted.
    pub fn nullable(&self) -> bool {
        match self {
            Self::Named { nullable, .. } | Self::List { nullable, .. } => *nullable,
        }
    }

    /// The number of the named type inside all lists.
    pub(super) fn id(&self) -> usize {
        match self {
            Self::Named { id, .. } => *id,
            Self::List { item, .. } => item.id(),
        }
    }
}

impl InputObject {
    /// A field by name.
    pub fn field(&self, name: &str) -> Option<(usize, &InputField)> {
        let at = *self.by_name.get(name)?;
        Some((at, &self.fields[at]))
    }
}

impl InputField {
    fn new(definition: &InputValueDefinition, ty: TypeRef) -> Self {
        Self {
            name: definition.name.as_str().into(),
            ty,
            default: definition.default_value.clone(),
            coerced: OnceLock::new(),
        }
    }

    /// Whether it has to be given: neither nullable nor with a default.
    pub fn required(&self) -> bool {
        !self.ty.nullable() && self.default.is_none()
    }

    /// Whether the schema gives it a default.
    pub fn has_default(&self) -> bool {
        self.default.is_some()
    }

    /// The value it takes when it is not given; coerced on first use.
    pub fn default(&self, types: &InputTypes) -> Option<&Input> {
        self.coerced
            .get_or_init(|| {
                let literal = self.default.as_ref()?;
                let template =
                    Template::compile(literal, Site::of(&self.ty), types, &NoVariables).ok()?;
                template.evaluate(&Variables::default()).ok()?
            })
            .as_ref()
    }
}

impl InputTypes {
    /// Reads the input types of a schema.
    pub fn of(schema: &Schema) -> Self {
        let mut table = Self::default();
        for (name, ty) in &schema.types {
            if ty.is_input_type() {
                table.number(name);
            }
        }
        for name in ["Boolean", "String", "Int", "Float", "ID"] {
            table.number(name);
        }
        for at in 0..table.types.len() {
            let name = table.types[at].0.clone();
            let read = match schema.types.get(&*name) {
                Some(ExtendedType::Enum(definition)) => enumeration(definition),
                Some(ExtendedType::InputObject(definition)) => table.object(definition),
                _ => scalar(&name),
            };
            table.types[at].1 = read;
        }
        table
    }

    fn number(&mut self, name: &str) {
        if !self.ids.contains_key(name) {
            let name: Arc<str> = name.into();
            self.ids.insert(name.clone(), self.types.len());
            self.types.push((name, InputType::Json));
        }
    }

    fn object(&self, definition: &InputObjectType) -> InputType {
        let mut object = InputObject {
            one_of: definition.directives.get("oneOf").is_some(),
            ..InputObject::default()
        };
        for field in definition.fields.values() {
            let Some(ty) = self.type_ref(&field.ty) else {
                continue;
            };
            let field = InputField::new(field, ty);
            object
                .by_name
                .insert(field.name.clone(), object.fields.len());
            object.fields.push(field);
        }
        InputType::Object(object)
    }

    /// A use of a type as this table knows it; none when it is not an input type.
    pub fn type_ref(&self, ty: &Type) -> Option<TypeRef> {
        Some(match ty {
            Type::Named(name) | Type::NonNullNamed(name) => TypeRef::Named {
                id: *self.ids.get(name.as_str())?,
                nullable: !ty.is_non_null(),
            },
            Type::List(item) | Type::NonNullList(item) => TypeRef::List {
                item: Box::new(self.type_ref(item)?),
                nullable: !ty.is_non_null(),
            },
        })
    }

    /// An argument definition as an input field.
    pub fn argument(&self, definition: &InputValueDefinition) -> Option<InputField> {
        Some(InputField::new(definition, self.type_ref(&definition.ty)?))
    }

    /// The named type inside all lists.
    pub fn named(&self, ty: &TypeRef) -> &InputType {
        &self.types[ty.id()].1
    }

    /// The name of the named type inside all lists.
    pub fn name(&self, ty: &TypeRef) -> &str {
        &self.types[ty.id()].0
    }

    /// The type as GraphQL writes it, for messages.
    pub fn text(&self, ty: &TypeRef) -> String {
        let bang = if ty.nullable() { "" } else { "!" };
        match ty {
            TypeRef::Named { .. } => format!("{}{bang}", self.name(ty)),
            TypeRef::List { item, .. } => format!("[{}]{bang}", self.text(item)),
        }
    }
}

fn enumeration(definition: &EnumType) -> InputType {
    let names = definition.values.keys();
    InputType::Enum(names.map(|name| (name.as_str().into(), ())).collect())
}

/// The scalars that the api knows; any other accepts every value.
fn scalar(name: &str) -> InputType {
    match name {
        "Int" => InputType::Int,
        "BigInt" => InputType::BigInt,
        "Float" => InputType::Float,
        "Boolean" => InputType::Boolean,
        "ID" => InputType::Id,
        "String" => InputType::String,
        "Date" => InputType::Text("\"2016\", \"2016-04\" or \"2016-04-30\""),
        "DateTime" => InputType::Text("\"2016-04-30T09:00:00Z\""),
        "Period" => InputType::Text("\"2015/2016\" or \"2014-10/..\""),
        "Revision" => InputType::Text("a value of the field `revision`"),
        "Point" => InputType::Point,
        _ => InputType::Json,
    }
}
