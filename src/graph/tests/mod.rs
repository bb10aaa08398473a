//! The graph in memory against a naive one.

mod apply;
mod build;
mod check;
mod codec;
mod large;
mod model;
mod view;
mod world;
