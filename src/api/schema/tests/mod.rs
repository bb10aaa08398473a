//! Does an ontology give the schema that the contract promises?

mod introspection;
mod library;
mod shape;
mod world;

use super::Served;
use crate::ontology::Ontology;

fn served(ontology: &Ontology) -> Served {
    Served::new(ontology).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// The types that the schema has besides those of the specification.
fn own_types(served: &Served) -> usize {
    let types = served.schema().types.values();
    types.filter(|of| !of.is_built_in()).count()
}
