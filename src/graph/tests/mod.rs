//! The graph in memory against a naive one.

mod build;
mod world;
