//! What does GraphQL look like from outside, and how does a document become an answer?
//!
//! The seam to the server is [`service`]: complete requests in, complete JSON bytes out. In
//! between: text → [`guard`] → [`document`] (kept in [`cache`]) → [`operation`] and [`input`].
//! Not for transports, and not for running a plan (that is `exec`).

pub mod schema;
pub mod service;

pub mod cache;
pub mod carrier;
pub mod document;
pub mod error;
pub mod guard;
mod hints;
pub mod input;
mod introspection;
pub mod limits;
mod observed;
pub mod operation;
mod past;
mod rules;
mod syntax;
mod tokens;

mod answers;
mod bind;
mod compiled;
pub mod engine;
mod lower;
mod mutation;
mod script;
pub mod sight;
mod task;
mod watch;
mod write;
