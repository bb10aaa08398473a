//! Does the whole keep its promises? One module per area; most cases are text files.

mod exchange;
mod ontology;
mod store;
