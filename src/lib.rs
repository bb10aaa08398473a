//! Guitu: a knowledge-graph server that is queried in GraphQL.
//!
//! An ontology declares what exists; everything else follows from it.
//! The rooms below are declared by name; ARCHITECTURE.md lists them in reading order, each with the question it answers.

pub mod access;
pub mod api;
pub mod change;
pub mod commands;
pub mod config;
pub mod db;
pub mod exchange;
pub mod exec;
pub mod graph;
pub mod ontology;
pub mod plan;
pub mod search;
pub mod server;
pub mod store;
pub mod trace;
pub mod value;
