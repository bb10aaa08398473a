//! Guitu: a knowledge-graph server that is queried in GraphQL.
//!
//! An ontology declares what exists; everything else follows from it.
//! The rooms below stand in reading order; each begins with the question it answers.

pub mod api;
pub mod change;
pub mod exchange;
pub mod graph;
pub mod ontology;
pub mod server;
pub mod store;
pub mod value;
