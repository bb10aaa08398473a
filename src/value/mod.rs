//! What is a value?
