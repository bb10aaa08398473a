//! The graph in memory against a naive one.

mod apply;
mod build;
mod codec;
mod large;
mod model;
mod world;
