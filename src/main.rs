//! The `guitu` command.

fn main() {}
