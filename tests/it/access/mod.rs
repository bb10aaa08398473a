//! Does nobody see, or infer, what the rules keep from them? Whatever is asked, the answer is that of
//! a graph in which hidden records never were.

mod file;
mod same;
