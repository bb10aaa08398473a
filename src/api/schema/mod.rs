//! Which API does an ontology give? Its types, their SDL, and the answers to introspection.
//!
//! The types are decided as plain data (`definition`), written as SDL once ([`print`]), and read
//! back by apollo-compiler, which checks them; documents are validated and introspection is answered
//! from what it read, so that the three cannot differ. Not for: what a request asks (`document`) or
//! how it is run (`plan`, `exec`): no field has a resolver.
//!
//! async-graphql carries the protocol (`carrier`), but does not hold this schema. Its dynamic schema
//! (7.2.1), each point shown by a case of `tests/library.rs`, which fails when a release mends it:
//!
//! - refuses a field that is narrower than its interface's (`PartOf.source: Place!` of
//!   `Relationship.source: Node!`), which is what the contract gives every relationship;
//! - answers `interfaces: null` for an interface and leaves its `implements` out of the SDL, so that
//!   clients build another schema than is served;
//! - writes broken SDL where a deprecation has a quotation mark or a description three of them, and
//!   takes indents and blank lines from descriptions.
//!
//! Filling its `Registry` from the root of a static schema goes around the first point only: printer
//! and introspection are the same code, the module is hidden from its documentation, and each of our
//! `definition`s would need a `MetaType`. So [`print`] writes the SDL, 119 lines, and
//! apollo-compiler, which validates documents anyway, answers introspection (`introspect`).

mod about;
mod built_in;
mod changes;
mod definition;
mod filters;
mod graph;
mod groups;
mod inputs;
mod introspect;
mod measures;
mod metrics;
mod mutation;
mod outputs;
mod print;
mod query;
mod search;
mod served;
mod sorts;
mod wheres;

#[cfg(test)]
mod tests;

pub use about::describe;
pub use served::{SchemaError, Served};

use crate::ontology::{Field, Ontology, TypeId};
use definition::Definition;
use std::collections::{HashMap, HashSet};

/// Every type of the API, the roots first, without those that nothing leads to.
fn definitions(ontology: &Ontology) -> Vec<Definition> {
    let mut all = vec![query::definition(ontology)];
    all.extend(mutation::definitions(ontology));
    all.push(outputs::relationship());
    for at in 0..ontology.types.len() as u16 {
        all.extend(of_type(ontology, TypeId(at)));
    }
    for of in &ontology.relationships {
        all.push(outputs::of_relationship(ontology, of));
        all.extend(outputs::connection_of(of.names(), &of.type_name));
        all.extend(groups::of_relationship(ontology, of));
        all.push(wheres::of_relationship(ontology, of));
        all.push(sorts::of_relationship(ontology, of));
        all.extend(inputs::of_relationship(ontology, of));
        let properties = of.properties.iter().collect();
        all.extend(measures::of_properties(of.names(), properties, ontology));
    }
    all.extend(inputs::shared());
    all.extend(about::definitions(ontology));
    all.extend(built_in::definitions(ontology));
    all.extend(changes::definitions(ontology));
    all.extend(graph::definitions(ontology));
    all.extend(metrics::definitions());
    all.extend(search::definitions());
    all.extend(wheres::of_references(ontology));
    all.extend(filters::definitions(ontology));
    all.extend(measures::definitions(ontology));
    reachable(all)
}

fn of_type(ontology: &Ontology, id: TypeId) -> Vec<Definition> {
    let of = ontology.node_type(id);
    let mut all = vec![outputs::of_type(ontology, id)];
    all.extend(outputs::connection_of(of.names(), &of.name));
    all.extend(groups::of_type(ontology, id));
    all.extend(wheres::of_type(ontology, id));
    all.extend(sorts::of_type(ontology, id));
    all.extend(measures::of_type(of, ontology));
    all.extend(inputs::of_type(ontology, id));
    for field in &of.fields {
        if let Field::Relation(relation) = field {
            all.extend(outputs::connection_of_relation(ontology, relation));
            all.extend(groups::of_relation(ontology, relation));
            all.extend(wheres::of_relation(ontology, relation));
            all.extend(sorts::of_relation(ontology, relation));
            all.extend(inputs::of_relation(ontology, relation));
        }
    }
    all
}

/// Once each, and only what `Query` and `Mutation` lead to: by mention, or as an implementation of an interface.
fn reachable(all: Vec<Definition>) -> Vec<Definition> {
    let mut led: HashMap<&str, Vec<&str>> = HashMap::new();
    for definition in &all {
        let mentions = led.entry(&definition.name).or_default();
        mentions.extend(definition.mentions());
        for interface in &definition.implements {
            led.entry(interface).or_default().push(&definition.name);
        }
    }
    let mut reached = HashSet::new();
    let mut next = vec!["Query", "Mutation", "Subscription"];
    while let Some(name) = next.pop() {
        if reached.insert(name.to_owned()) {
            next.extend(led.get(name).into_iter().flatten());
        }
    }
    all.into_iter()
        .filter(|definition| reached.remove(&definition.name))
        .collect()
}
