//! How is a record named in files, URLs and answers? Not for: where it lies in memory (`graph`).

use std::fmt;

/// A node's id, `Type:key`, split at the first colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId<'a> {
    /// The node type's name.
    pub type_name: &'a str,
    /// The key, unique in its type.
    pub key: &'a str,
}

impl<'a> NodeId<'a> {
    /// Splits `Type:key`; `None` without a colon.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (type_name, key) = text.split_once(':')?;
        Some(Self { type_name, key })
    }
}

impl fmt::Display for NodeId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.type_name, self.key)
    }
}

/// An edge's id, `TYPE:source>target` with `>value` for each unique property; in the parts `%` and
/// `>` are written `%25` and `%3E`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeId {
    /// The relationship type.
    pub type_name: String,
    /// The source's id.
    pub source: String,
    /// The target's id.
    pub target: String,
    /// The unique properties, as text, in the order of their declaration.
    pub unique: Vec<String>,
}

impl EdgeId {
    /// Splits an edge's id; `None` if it has not the form.
    pub fn parse(text: &str) -> Option<Self> {
        let (type_name, rest) = text.split_once(':')?;
        let mut parts = rest.split('>').map(unescape);
        Some(Self {
            type_name: type_name.to_owned(),
            source: parts.next()?,
            target: parts.next()?,
            unique: parts.collect(),
        })
    }
}

impl fmt::Display for EdgeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}>{}",
            self.type_name,
            escape(&self.source),
            escape(&self.target)
        )?;
        self.unique
            .iter()
            .try_for_each(|part| write!(f, ">{}", escape(part)))
    }
}

fn escape(part: &str) -> String {
    part.replace('%', "%25").replace('>', "%3E")
}

fn unescape(part: &str) -> String {
    part.replace("%3E", ">").replace("%25", "%")
}
