//! Does the whole keep its promises? One module per area; most cases are text files.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod aggregates;
mod backup;
mod binary;
mod cancel;
mod cases;
mod changes;
mod db;
mod exchange;
mod exports;
mod fuzz;
mod graph;
mod history;
mod limits;
mod log;
mod metrics;
mod ontology;
mod overlay;
mod questions;
mod random;
mod readme;
mod retention;
mod round_trip;
mod searches;
mod seed;
mod store;
mod tidy;
mod verify;
mod world;
mod writer;
mod writing;
