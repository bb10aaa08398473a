//! Which texts does a person mean who types this, and how well does each match?
//!
//! A [`Pattern`] is what was typed; it says of any text whether and how it matches, and is the only
//! judge of that. An [`Index`] over the texts of many rows says which rows a pattern may match: a
//! dictionary of terms (`terms`) with the rows of each; it may name too many, never too few. Not for:
//! where texts lie and which have changed since an index was built (`graph`), or in which order
//! records are shown (`exec`).

mod build;
mod find;
mod fold;
mod han;
mod index;
mod matching;
mod pattern;
mod postings;
mod readings;
mod sounds;
mod terms;
mod typo;

#[cfg(test)]
mod tests;

pub use build::Builder;
pub use find::Way;
pub use index::{Index, VERSION};
pub use matching::{Extent, Kind, Match, Scratch};
pub use pattern::Pattern;
