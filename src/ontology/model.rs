//! What does an ontology consist of? Not for: how it is read from SDL.

use crate::value::{Scalar, Value};

/// Everything that may exist in a graph.
#[derive(Clone, Debug)]
pub struct Ontology {
    /// Node types, then interfaces; a [`TypeId`] is a position here. The first concrete one is the
    /// built-in `Source`, the first interface is the built-in `Node`, of which every node type is a
    /// member.
    pub types: Vec<NodeType>,
    /// How many of `types` are concrete; they come first.
    pub concrete: u16,
    /// Relationship types, in order of their declaration; a [`RelationshipId`] is a position here.
    pub relationships: Vec<Relationship>,
    /// Enums, in order of their declaration.
    pub enums: Vec<EnumType>,
    /// Languages in which texts are given when a request names none, in order.
    pub languages: Vec<String>,
    /// Whether every record must have references.
    pub cited: bool,
    /// The SDL that this was read from.
    pub sdl: String,
}

/// A node type or interface: its position in [`Ontology::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u16);

/// A relationship type: its position in [`Ontology::relationships`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationshipId(pub u16);

/// A node type or an interface of node types.
#[derive(Clone, Debug)]
pub struct NodeType {
    /// The declared name.
    pub name: String,
    /// What plural root fields are named after, if not by rule.
    pub plural: Option<String>,
    /// For people, from the description in the SDL.
    pub description: Option<String>,
    /// How explorers show it.
    pub display: Display,
    /// The field shown to people: a position in `properties`; none: the key.
    pub label: Option<usize>,
    /// All fields in order of their declaration, for the API.
    pub fields: Vec<Field>,
    /// Stored properties; a property's position here is its column.
    pub properties: Vec<Property>,
    /// Sets of properties (positions) of which no two nodes share the values, single ones too.
    pub unique: Vec<Vec<usize>>,
    /// The interfaces that it implements, `Node` included, in order of their ids.
    pub interfaces: Vec<TypeId>,
    /// The concrete types that belong to it, in order of their ids; of a concrete type itself.
    pub members: Vec<TypeId>,
    /// Why it should not be used, if so.
    pub deprecated: Option<String>,
}

/// A field of a node type.
#[derive(Clone, Debug)]
pub enum Field {
    /// A stored property: its position in [`NodeType::properties`].
    Property(usize),
    /// Edges seen from this end.
    Relation(Relation),
    /// A transitive closure.
    Closure(Closure),
}

/// A stored property of a node type or relationship type.
#[derive(Clone, Debug)]
pub struct Property {
    /// The field's name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// How explorers show it.
    pub display: Display,
    /// What kind of value, or of the items of a list.
    pub scalar: Scalar,
    /// Whether it is a list.
    pub list: bool,
    /// Whether a value must be given (of a list: whether an unset one reads as empty).
    pub required: bool,
    /// Whether it has one value per language.
    pub localized: bool,
    /// Whether it is in the full-text index.
    pub search: bool,
    /// Whether it is `@unique` by itself.
    pub unique: bool,
    /// The value of new records that give none.
    pub default: Option<Value>,
    /// Least value allowed.
    pub min: Option<f64>,
    /// Greatest value allowed.
    pub max: Option<f64>,
    /// A regular expression that strings must match as a whole.
    pub pattern: Option<String>,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Why it should not be used, if so.
    pub deprecated: Option<String>,
}

/// The direction in which a field sees edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The field's node is the source.
    Out,
    /// The field's node is the target.
    In,
}

/// A relationship seen from one end.
#[derive(Clone, Debug)]
pub struct Relation {
    /// The field's name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// How explorers show it.
    pub display: Display,
    /// Whose edges.
    pub relationship: RelationshipId,
    /// Which end the field's node is.
    pub direction: Direction,
    /// Only edges whose other end is of this type are seen.
    pub target: TypeId,
    /// Whether it may have several edges.
    pub many: bool,
    /// Whether a single-valued one must have an edge.
    pub required: bool,
    /// Why it should not be used, if so.
    pub deprecated: Option<String>,
}

/// What is reachable by one or more steps of a relationship field.
#[derive(Clone, Debug)]
pub struct Closure {
    /// The field's name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// How explorers show it.
    pub display: Display,
    /// Whose edges.
    pub relationship: RelationshipId,
    /// The direction of each step.
    pub direction: Direction,
    /// Only nodes of this type are contained.
    pub target: TypeId,
    /// Why it should not be used, if so.
    pub deprecated: Option<String>,
}

/// A relationship type and the properties of its edges.
#[derive(Clone, Debug)]
pub struct Relationship {
    /// The name in files and enums: `RETURN_ROUTE`.
    pub name: String,
    /// The GraphQL type of its edges: `ReturnRoute`.
    pub type_name: String,
    /// Whether a properties type is declared, and so root collections exist.
    pub declared: bool,
    /// What plural root fields are named after, if not by rule.
    pub plural: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// How explorers show it.
    pub display: Display,
    /// Properties of the edges.
    pub properties: Vec<Property>,
    /// The properties (positions) that tell parallel edges apart; empty: a pair has one edge.
    pub unique: Vec<usize>,
    /// Whether edges have no direction; their source is then the smaller id.
    pub symmetric: bool,
    /// The most specific type that covers all sources.
    pub source: TypeId,
    /// The most specific type that covers all targets.
    pub target: TypeId,
    /// The concrete pairs that an edge may join, in order.
    pub pairs: Vec<(TypeId, TypeId)>,
    /// Why it should not be used, if so.
    pub deprecated: Option<String>,
}

/// An enum and its values.
#[derive(Clone, Debug)]
pub struct EnumType {
    /// The declared name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Its values; [`Value::Enum`] is a position here.
    pub values: Vec<EnumValue>,
}

/// One value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The declared name.
    pub name: String,
    /// For people.
    pub description: Option<String>,
    /// Why it should not be used, if so.
    pub deprecated: Option<String>,
    /// How explorers show it.
    pub display: Display,
}

/// How explorers show a type, a field or a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Display {
    /// A CSS colour.
    pub color: Option<String>,
    /// An icon's name.
    pub icon: Option<String>,
    /// The label in Chinese.
    pub zh: Option<String>,
    /// The label in English.
    pub en: Option<String>,
}

impl Field {
    /// The field's name.
    pub fn name<'a>(&'a self, of: &'a NodeType) -> &'a str {
        match self {
            Self::Property(at) => &of.properties[*at].name,
            Self::Relation(relation) => &relation.name,
            Self::Closure(closure) => &closure.name,
        }
    }
}

impl Ontology {
    /// The built-in node type `Source`.
    pub const SOURCE: TypeId = TypeId(0);

    /// The built-in interface `Node`.
    pub fn node(&self) -> TypeId {
        TypeId(self.concrete)
    }

    /// Whether a type is concrete, so that it has nodes of its own.
    pub fn is_concrete(&self, id: TypeId) -> bool {
        id.0 < self.concrete
    }

    /// The ids of all concrete types.
    pub fn concrete_ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.concrete).map(TypeId)
    }

    /// A node type or interface.
    pub fn node_type(&self, id: TypeId) -> &NodeType {
        &self.types[id.0 as usize]
    }

    /// A relationship type.
    pub fn relationship(&self, id: RelationshipId) -> &Relationship {
        &self.relationships[id.0 as usize]
    }

    /// The node type or interface of a name.
    pub fn type_named(&self, name: &str) -> Option<TypeId> {
        self.types
            .iter()
            .position(|t| t.name == name)
            .map(|at| TypeId(at as u16))
    }

    /// The relationship type of a name (`RETURN_ROUTE`).
    pub fn relationship_named(&self, name: &str) -> Option<RelationshipId> {
        let at = self.relationships.iter().position(|r| r.name == name)?;
        Some(RelationshipId(at as u16))
    }

    /// Whether `member` is `of` or belongs to it.
    pub fn belongs(&self, member: TypeId, of: TypeId) -> bool {
        member == of || self.node_type(of).members.contains(&member)
    }
}

impl NodeType {
    /// Whether any property is in the full-text index.
    pub fn is_searched(&self) -> bool {
        self.searched().next().is_some()
    }

    /// The positions of the properties in the full-text index.
    pub fn searched(&self) -> impl Iterator<Item = usize> + '_ {
        let properties = self.properties.iter().enumerate();
        properties
            .filter(|(_, property)| property.search)
            .map(|(at, _)| at)
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name(self) == name)
    }

    /// The position of a property's name.
    pub fn property(&self, name: &str) -> Option<usize> {
        self.properties
            .iter()
            .position(|property| property.name == name)
    }
}

impl Property {
    /// Whether it is a single number, so that it can be counted up.
    pub fn is_number(&self) -> bool {
        !self.list && matches!(self.scalar, Scalar::Int | Scalar::BigInt | Scalar::Float)
    }
}

impl Relationship {
    /// The position of a property's name.
    pub fn property(&self, name: &str) -> Option<usize> {
        self.properties
            .iter()
            .position(|property| property.name == name)
    }
}

impl EnumType {
    /// The position of a value's name.
    pub fn value(&self, name: &str) -> Option<u16> {
        self.values
            .iter()
            .position(|value| value.name == name)
            .map(|at| at as u16)
    }
}
