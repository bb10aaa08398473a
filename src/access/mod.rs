//! Who is asking, and what may they see and write?
//!
//! [`AccessFile`] is the file that says so, [`Policy`] its roles, [`Door`] who has which of them: by
//! an API key ([`keys`]), by a signed token ([`jwt`]), or as nobody in particular. Not for: how the
//! conditions of rules are read and run (`api`), or how a request carries its credentials (`server`).

mod door;
mod file;
mod file_jwt;
pub mod jwt;
pub mod keys;
mod policy;
mod principal;
mod problems;

pub use door::{Denied, Door, Known};
pub use file::AccessFile;
pub use policy::{Condition, Extent, Policy, Records, Role, Scope};
pub use principal::{Credential, Principal, Roles};
pub use problems::Problems;
