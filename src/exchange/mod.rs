//! How do files come in, and how do they go out?
//!
//! CSV and NDJSON, one file per format; `read` lays the records of many files on a graph, `export`
//! writes a graph as files that read back to the same graph, `drawing` what is shown of one as files
//! of graph tools. Not for: what a record may be
//! (`change`) or keeping it (`db`).

mod cell;
mod csv;
mod discover;
mod drawing;
mod ends;
mod escape;
mod export;
mod header;
mod import;
mod json;
mod load;
mod load_edges;
mod namesakes;
mod ndjson;
mod origin;
mod problem;
mod progress;
mod read;
mod record;
mod references;
mod row;
mod stream;
mod table;

pub use drawing::{Document, Format, UnknownFormat};
pub use export::{Exported, export, save};
pub use import::{ImportError, Summary, import};
pub use namesakes::namesakes;
pub use problem::{Place, Problem, Problems};
pub use progress::Progress;
pub use read::{Imported, check, read};
