//! What may which role see and write? Not for: reading it from a file (`file`), nor who has a role
//! (`door`).

use super::Roles;
use crate::ontology::{Ontology, RelationshipId, TypeId};

/// The roles, and the conditions that their rules use.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// By position, as [`Roles`] name them.
    pub roles: Vec<Role>,
    /// The roles of whoever shows no credentials; none: they are turned away.
    pub anonymous: Option<Roles>,
    /// The conditions of rules, by position.
    pub conditions: Vec<Condition>,
}

/// A role.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// Its name.
    pub name: Box<str>,
    /// Whether it may see and do everything.
    pub admin: bool,
    /// Whether it may read the server's metrics.
    pub metrics: bool,
    /// What it may see.
    pub read: Scope,
    /// What it may create, update and delete.
    pub write: Scope,
}

/// A condition on records, in the ontology's own filter language.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Whose `where` it is.
    pub on: Records,
    /// The `where`, as a GraphQL value.
    pub text: Box<str>,
    /// Where it stands: file, line, column and what it is for.
    pub place: Box<str>,
}

/// Records of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// Nodes of a type or interface.
    Nodes(TypeId),
    /// Edges of a relationship type.
    Edges(RelationshipId),
}

/// Which records of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// By concrete type.
    pub nodes: Vec<Extent>,
    /// By relationship type.
    pub edges: Vec<Extent>,
}

/// Which records of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// None.
    #[default]
    None,
    /// All.
    All,
    /// Those that fulfil one of these conditions, by position in [`Policy::conditions`].
    Where(Vec<usize>),
}

impl Extent {
    /// What either allows.
    fn or(self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => Self::All,
            (one, Self::None) => one,
            (Self::None, other) => other.clone(),
            (Self::Where(mut one), Self::Where(other)) => {
                one.extend(
                    other
                        .iter()
                        .filter(|each| !one.contains(each))
                        .copied()
                        .collect::<Vec<_>>(),
                );
                Self::Where(one)
            }
        }
    }
}

impl Scope {
    /// The same of every kind.
    pub fn of_all(ontology: &Ontology, extent: &Extent) -> Self {
        Self {
            nodes: vec![extent.clone(); ontology.concrete as usize],
            edges: vec![extent.clone(); ontology.relationships.len()],
        }
    }

    /// Whether it is everything.
    pub fn is_all(&self) -> bool {
        let all = |extents: &[Extent]| extents.iter().all(|extent| *extent == Extent::All);
        all(&self.nodes) && all(&self.edges)
    }

    fn or(self, other: &Self) -> Self {
        let each = |one: Vec<Extent>, other: &[Extent]| {
            let both = one.into_iter().zip(other);
            both.map(|(one, other)| one.or(other)).collect()
        };
        Self {
            nodes: each(self.nodes, &other.nodes),
            edges: each(self.edges, &other.edges),
        }
    }
}

impl Policy {
    /// The position of a role.
    pub fn role_named(&self, name: &str) -> Option<u16> {
        let mut names = (0..).zip(&self.roles);
        names
            .find(|(_, role)| *role.name == *name)
            .map(|(at, _)| at)
    }

    /// The roles of these names; names of no role are left out.
    pub fn roles_named<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Roles {
        let named = names.into_iter();
        named.filter_map(|name| self.role_named(name)).collect()
    }

    fn of<'a>(&'a self, roles: &'a Roles) -> impl Iterator<Item = &'a Role> {
        roles.iter().filter_map(|at| self.roles.get(at))
    }

    /// Whether one of the roles may see and do everything.
    pub fn is_admin(&self, roles: &Roles) -> bool {
        self.of(roles).any(|role| role.admin)
    }

    /// Whether one of the roles may see everything. Cost: a look at the rules of each.
    pub fn is_open(&self, roles: &Roles) -> bool {
        self.of(roles).any(|role| role.admin || role.read.is_all())
    }

    /// Whether one of the roles may read the server's metrics.
    pub fn sees_metrics(&self, roles: &Roles) -> bool {
        self.of(roles).any(|role| role.admin || role.metrics)
    }

    /// What roles may see, together.
    pub fn reads(&self, ontology: &Ontology, roles: &Roles) -> Scope {
        self.together(ontology, roles, |role| &role.read)
    }

    /// What roles may write, together.
    pub fn writes(&self, ontology: &Ontology, roles: &Roles) -> Scope {
        self.together(ontology, roles, |role| &role.write)
    }

    fn together(&self, ontology: &Ontology, roles: &Roles, scope: fn(&Role) -> &Scope) -> Scope {
        if self.is_admin(roles) {
            return Scope::of_all(ontology, &Extent::All);
        }
        let nothing = Scope::of_all(ontology, &Extent::None);
        self.of(roles)
            .fold(nothing, |sum, role| sum.or(scope(role)))
    }
}
