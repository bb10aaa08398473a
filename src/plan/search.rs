//! With which arguments is the root field `search` asked? Not for: how texts match (`search`).

use super::{Start, Window};
use crate::search::Pattern;
use std::sync::Arc;

/// A search over the texts of nodes, best matches first.
#[derive(Clone, Debug)]
pub struct SearchCall {
    /// What was typed.
    pub pattern: Arc<Pattern>,
    /// The concrete types to search, with a filter each; their access is the pattern, or all nodes.
    pub starts: Vec<Start>,
    /// Which part; a cursor holds the match, the typos, the degree.
    pub window: Window,
    /// Tells the cursors of this search from those of another.
    pub mark: u32,
}
