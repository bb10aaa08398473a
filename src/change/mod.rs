//! What would this write do, and is it allowed?
//!
//! The rules that every record must keep, whichever way it comes: from a file or from a mutation.
//! Not for: reading files (`exchange`) or making a change durable (`db`).
//!
//! A mutation is a [`Transaction`]: it runs [`Operation`]s over a graph of its own, collects all
//! that is wrong with the place in the request, and in the end gives a [`Checked`] change or every
//! [`Refusal`].

mod edges;
mod edit;
mod explain;
mod judge;
mod language;
mod nodes;
mod place;
mod refusal;
mod request;
mod rules;
mod suggest;
mod transaction;
mod ulid;
mod work;

#[cfg(test)]
mod tests;

pub use explain::explain;
pub use language::check_language;
pub use place::Part;
pub use refusal::{Code, Refusal, Refusals};
pub use request::{
    Connect, CreateLinked, EdgeInput, Edit, Given, Links, NodeInput, Operation, Target,
};
pub use rules::{Kind, PropertyRule, Rules, check_field, check_key, check_pair};
pub use suggest::suggest;
pub use transaction::{Checked, Outcome, Transaction};
pub use work::{EdgeKey, NodeKey};

use crate::graph::Citation;
use crate::ontology::Ontology;
use crate::value::NodeId;

/// A node's id, `Type:key`.
fn id_of(ontology: &Ontology, (of, key): &NodeKey) -> String {
    let id = NodeId {
        type_name: &ontology.node_type(*of).name,
        key,
    };
    id.to_string()
}

/// What is wrong with a record or a value of it, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field that is wrong; none: the record as a whole.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What would be accepted.
    pub hint: Option<String>,
}

impl Violation {
    /// A violation without field and hint.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            field: None,
            message: message.into(),
            hint: None,
        }
    }

    /// Says what would be accepted.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the field.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(field) = &self.field {
            write!(f, "{field}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Violation {}
