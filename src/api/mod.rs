//! What does GraphQL look like from outside, and how does a document become an answer?
//!
//! The seam to the server is [`service`]: complete requests in, complete JSON bytes out.
//! Not for transports, and not for running a plan (that is `exec`).

pub mod schema;
pub mod service;
