//! How does one get from here to there, and what is around? Searches over some relationship types, in
//! directions, along edges that a [`Guide`] admits. Not for: properties of the graph as a whole, nor
//! for limits, which are the guide's.
//!
//! A path is simple: no node occurs twice. Paths stand in the order of their lengths or costs, then
//! of their ids: node, edge, node, edge from the start on.

mod among;
mod least;
mod limited;
mod marks;
mod neighborhood;
mod path;
mod query;
mod ranked;
mod shortest;
mod simple;
mod walk;
mod web;

pub use among::among;
pub use neighborhood::{Around, Bounds, neighborhood};
pub use path::Path;
pub use ranked::{Goal, ranked};
pub use shortest::shortest;
pub use simple::simple;
pub use web::{Guide, Rule, Web};
