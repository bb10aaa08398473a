//! Which nodes matter, and which belong together? Algorithms over a [`Network`]: a part of a snapshot
//! laid out for walking it many times.
//!
//! Every one tells how many arcs it has looked at to a [`Tick`], which may stop it. Each names its
//! source and says what it does with directions. Not for: what is asked, nor for keeping results
//! (`exec`).

mod betweenness;
mod closeness;
mod components;
mod degree;
mod groups;
mod leiden;
mod level;
mod network;
mod pace;
mod pagerank;
mod random;
mod sample;
mod watched;

pub use betweenness::betweenness;
pub use closeness::closeness;
pub use components::{strong, weak};
pub use degree::degree;
pub use groups::Groups;
pub use leiden::{Communities, leiden};
pub use network::{Extent, Network, Way};
pub use pace::Tick;
pub use pagerank::{PageRank, pagerank};
pub use sample::Sample;

#[cfg(test)]
mod tests;
