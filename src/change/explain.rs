//! What does a broken rule over several records mean to the person who wrote them?
//!
//! The rules themselves are checked by [`crate::graph::check`]. Not for: records looked at by
//! themselves (`rules`).

use super::Violation;
use super::rules::{missing_value, uncited};
use crate::graph::check::{self, Violated};
use crate::ontology::{Field, NodeType, Ontology, Relation};

/// Puts what is wrong with a graph as a violation of a field, with what would be accepted.
pub fn explain(ontology: &Ontology, wrong: &check::Violation) -> Violation {
    let said = Violation::new(&wrong.message);
    match &wrong.kind {
        Violated::Unique(of, set) => {
            let of = ontology.node_type(*of);
            let names: Vec<&str> = set
                .iter()
                .map(|at| of.properties[*at].name.as_str())
                .collect();
            said.at(names.join(", "))
                .hint("give each record its own value, or make the two records one")
        }
        Violated::Required(of, at) => missing_value(&ontology.node_type(*of).properties[*at]),
        Violated::EdgeRequired(of, at) => {
            missing_value(&ontology.relationship(*of).properties[*at])
        }
        Violated::Single(_, name) => said.at(name).hint("keep one of the edges"),
        Violated::Missing(of, name) => {
            let target = target(ontology, ontology.node_type(*of), name);
            said.at(name)
                .hint(format!("connect it with a {target}, by its key or id"))
        }
        Violated::Cited => uncited(),
        Violated::Structure => said,
    }
}

fn target<'a>(ontology: &'a Ontology, of: &'a NodeType, name: &str) -> &'a str {
    match of.field(name) {
        Some(Field::Relation(Relation { target, .. })) => &ontology.node_type(*target).name,
        _ => "node",
    }
}
