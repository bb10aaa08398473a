//! Who is asking? Not for: how that was found out (`door`).

use std::sync::Arc;

/// Somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// As commits and logs name them; none: they showed no credentials.
    pub name: Option<Box<str>>,
    /// What they may do.
    pub roles: Roles,
    /// What they showed.
    pub credential: Credential,
}

/// What somebody showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    None,
    /// An API key, by its id.
    Key(Box<str>),
    /// A token that is valid up to so many seconds after 1970.
    Token(u64),
}

/// A set of roles, by their positions in the policy; equal sets compare equal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles(Arc<[u16]>);

impl Roles {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().map(|role| usize::from(*role))
    }
}

impl FromIterator<u16> for Roles {
    fn from_iter<I: IntoIterator<Item = u16>>(roles: I) -> Self {
        let mut roles: Vec<u16> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles.into())
    }
}
