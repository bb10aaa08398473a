//! What may exist?
//!
//! The ontology of a graph: node types, interfaces, relationships, properties and their rules, read
//! from SDL (`schema.graphql`) with every violation at once. Not for: what does exist (`graph`), and
//! how it is asked for in GraphQL (`api`), save for the names that the API derives from it (`names`).

mod built_in;
mod compatible;
mod diagnostics;
mod model;
pub mod names;
mod sdl;
mod suggest;
mod text;

pub use compatible::{Records, Stored, check_compatible};
pub use diagnostics::{Diagnostic, Diagnostics, Place};
pub use model::*;
pub use suggest::nearest;
