//! Here is a node; give me its neighbours and values.
//!
//! The graph in memory: topology, columns, indexes, snapshots, and algorithms over them. Not for:
//! what is durable (`store`), nor for which changes are allowed (`change`).

mod bits;
mod build;
mod builder;
mod cells;
mod column;
mod drafts;
mod index;
mod ints;
mod merge;
mod pages;
mod references;
mod segment;
mod snapshot;
mod strings;
mod table;

pub use build::{Built, Counts};
pub use builder::{Builder, Draft, EdgeDraft};
pub use column::Column;
pub use index::{Index, Matches};
pub use references::Reference;
pub use segment::{Neighbours, Segment};
pub use snapshot::{Edge, Node, SegmentId, Snapshot};

#[cfg(test)]
mod tests;
