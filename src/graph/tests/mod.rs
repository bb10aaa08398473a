//! The graph in memory against a naive one.

mod apply;
mod build;
mod chance;
mod check;
mod codec;
mod difference;
mod large;
mod model;
mod paths;
mod texts;
mod view;
pub(super) mod world;
