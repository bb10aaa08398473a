//! What does a name in the ontology stand for? Not for: names that are generated (`names`).

use super::declare::{Declarations, EnumDecl, TypeDecl};
use super::directives::Place;
use crate::ontology::TypeId;
use crate::ontology::names::scalar_name;
use crate::ontology::suggest::nearest;
use crate::value::Scalar;

/// What a type name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    Node(TypeId),
    /// An edge type: its position in [`Symbols::edges`].
    Edge(usize),
    Scalar(Scalar),
}

/// All declared names in the order of their ids.
pub(super) struct Symbols<'d> {
    /// Node types, then interfaces.
    pub nodes: Vec<&'d TypeDecl>,
    /// How many of `nodes` are concrete.
    pub concrete: usize,
    pub edges: Vec<&'d TypeDecl>,
    pub enums: &'d [EnumDecl],
}

const SCALARS: [Scalar; 11] = [
    Scalar::Id,
    Scalar::String,
    Scalar::Int,
    Scalar::Float,
    Scalar::Boolean,
    Scalar::BigInt,
    Scalar::Date,
    Scalar::DateTime,
    Scalar::Period,
    Scalar::Point,
    Scalar::Json,
];

/// What other languages call our scalars.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("Integer", "Int"),
    ("Long", "BigInt"),
    ("Int64", "BigInt"),
    ("Number", "Float"),
    ("Double", "Float"),
    ("Decimal", "Float"),
    ("Text", "String"),
    ("Url", "String"),
    ("Bool", "Boolean"),
    ("Uuid", "ID"),
    ("Timestamp", "DateTime"),
    ("Interval", "Period"),
    ("Location", "Point"),
    ("Object", "JSON"),
];

impl<'d> Symbols<'d> {
    pub fn new(declared: &'d Declarations) -> Self {
        let of = |place| {
            declared
                .types
                .iter()
                .filter(move |decl| decl.place == place)
        };
        let concrete: Vec<&TypeDecl> = of(Place::NodeType).collect();
        Self {
            concrete: concrete.len(),
            nodes: concrete.into_iter().chain(of(Place::Interface)).collect(),
            edges: of(Place::EdgeType).collect(),
            enums: &declared.enums,
        }
    }

    /// What a name stands for.
    pub fn resolve(&self, name: &str) -> Option<Symbol> {
        let scalar = SCALARS
            .into_iter()
            .find(|scalar| scalar_name(*scalar) == name);
        let an_enum = || self.enums.iter().position(|decl| decl.name == name);
        self.node(name)
            .map(Symbol::Node)
            .or_else(|| self.edge(name).map(Symbol::Edge))
            .or_else(|| scalar.map(Symbol::Scalar))
            .or_else(|| an_enum().map(|at| Symbol::Scalar(Scalar::Enum(at as u16))))
    }

    /// The node type or interface of a name.
    pub fn node(&self, name: &str) -> Option<TypeId> {
        let at = self.nodes.iter().position(|decl| decl.name == name)?;
        Some(TypeId(at as u16))
    }

    /// The edge type of a name.
    pub fn edge(&self, name: &str) -> Option<usize> {
        self.edges.iter().position(|decl| decl.name == name)
    }

    /// Whether a node type is an interface.
    pub fn is_interface(&self, id: TypeId) -> bool {
        id.0 as usize >= self.concrete
    }

    /// The declaration of a node type or interface.
    pub fn decl(&self, id: TypeId) -> &'d TypeDecl {
        self.nodes[id.0 as usize]
    }

    /// The ids of node types and interfaces.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.nodes.len()).map(|at| TypeId(at as u16))
    }

    /// What to write instead of a name that no property can have as its type.
    pub fn help_for_scalar(&self, name: &str) -> String {
        let mut all: Vec<&str> = SCALARS.map(scalar_name).to_vec();
        all.extend(self.enums.iter().map(|decl| decl.name.as_str()));
        all.extend(self.nodes.iter().map(|decl| decl.name.as_str()));
        let other = OTHER_NAMES
            .iter()
            .find(|(other, _)| other.eq_ignore_ascii_case(name));
        match other.map(|(_, ours)| *ours).or_else(|| nearest(name, all)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                "a property is of one of ID String Int Float Boolean BigInt Date DateTime Period \
                     Point JSON, of an enum, or a list of these"
                    .to_owned()
            }
        }
    }

    /// What to write instead of a name that no node type or interface has.
    pub fn help_for_node(&self, name: &str) -> String {
        match nearest(name, self.nodes.iter().map(|decl| decl.name.as_str())) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("declare it: `type {name} @node {{ … }}`"),
        }
    }
}
