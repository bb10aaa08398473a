//! Here is a node; give me its neighbours and values.
//!
//! The graph in memory: topology, columns, indexes, snapshots, and algorithms over them. Not for:
//! what is durable (`store`), nor for which changes are allowed (`change`).

mod apply;
mod apply_edge;
mod bits;
mod build;
mod builder;
mod cells;
mod change_set;
mod changed_texts;
pub mod check;
mod codec;
mod column;
mod commit;
mod compare;
mod difference;
mod drafts;
mod ids;
mod index;
mod ints;
mod line;
mod links;
mod merge;
pub mod metrics;
mod only;
mod pages;
pub mod paths;
mod references;
mod segment;
mod snapshot;
mod strings;
mod table;
mod texts;
mod view;

pub use build::{Built, Counts};
pub use builder::{Builder, Draft, EdgeDraft};
pub(crate) use cells::{Cells, Data};
pub use change_set::{ChangeSet, Citation, EdgeChange, NodeChange, State, Was};
pub use codec::{ReadError, SectionSink, SectionSource};
pub use column::Column;
pub use commit::{About, Changed, Commit, Totals};
pub use ids::{parse_text as parse_id_text, text as id_text};
pub use index::{Index, Matches};
pub(crate) use ints::Ints;
pub use line::{Line, LineOf, json as value_json, text as json_text};
pub use references::Reference;
pub use segment::{Neighbours, Segment};
pub use snapshot::{Edge, Node, SegmentId, Snapshot};
pub(crate) use strings::Strings;
pub use view::{EdgeView, Projection, View};

#[cfg(test)]
mod tests;
