//! Which formats are there, and what are they called? Not for: writing them.

use super::{Writer, cytoscape, gexf, graphml, json_ld, tables};

/// A format of graph tools, or a table of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// GEXF 1.3, as Gephi reads it.
    Gexf,
    /// GraphML, as NetworkX, igraph and yEd read it.
    Graphml,
    /// Cytoscape's JSON.
    Cytoscape,
    /// The nodes as CSV.
    Nodes,
    /// The edges as CSV.
    Edges,
    /// JSON-LD 1.1.
    JsonLd,
}

/// A format that does not exist, in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat {
    /// What is wrong.
    pub message: String,
    /// What would be accepted.
    pub hint: &'static str,
}

impl Format {
    /// The names of all formats.
    pub const NAMES: [&str; 5] = ["gexf", "graphml", "cytoscape", "csv", "json-ld"];

    /// The format of a name; of `csv` the part `nodes` or `edges`.
    ///
    /// # Errors
    /// If there is none.
    pub fn named(name: &str, part: Option<&str>) -> Result<Self, UnknownFormat> {
        let unknown = |message, hint| Err(UnknownFormat { message, hint });
        let files = Self::files(name);
        let found = match (files, part) {
            ([], _) => {
                let hint = "the formats are gexf, graphml, cytoscape, csv and json-ld";
                return unknown(format!("there is no format `{name}`"), hint);
            }
            ([one], None) => Some(one),
            ([_], Some(_)) => {
                let hint = "leave `part` out: only csv has parts";
                return unknown(format!("the format `{name}` has no parts"), hint);
            }
            (_, Some("nodes")) => files.first(),
            (_, Some("edges")) => files.last(),
            (_, Some(_) | None) => None,
        };
        match (found, part) {
            (Some(format), _) => Ok(*format),
            (None, part) => {
                let message = match part {
                    Some(part) => format!("csv has no part `{part}`"),
                    None => "csv is a pair of tables, of which none is named".to_owned(),
                };
                unknown(message, "add `part=nodes` or `part=edges`")
            }
        }
    }

    /// The files that a format consists of; none for an unknown name.
    pub fn files(name: &str) -> &'static [Self] {
        match name {
            "gexf" => &[Self::Gexf],
            "graphml" => &[Self::Graphml],
            "cytoscape" => &[Self::Cytoscape],
            "csv" => &[Self::Nodes, Self::Edges],
            "json-ld" => &[Self::JsonLd],
            _ => &[],
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Gexf | Self::Graphml => "application/xml; charset=utf-8",
            Self::Cytoscape => "application/json",
            Self::Nodes | Self::Edges => "text/csv; charset=utf-8",
            Self::JsonLd => "application/ld+json",
        }
    }

    /// What is added to a name for a file's name: `.gexf`, `-nodes.csv`.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gexf => ".gexf",
            Self::Graphml => ".graphml",
            Self::Cytoscape => ".cyjs",
            Self::Nodes => "-nodes.csv",
            Self::Edges => "-edges.csv",
            Self::JsonLd => ".jsonld",
        }
    }

    pub(super) fn writer(self) -> &'static dyn Writer {
        match self {
            Self::Gexf => &gexf::Gexf,
            Self::Graphml => &graphml::Graphml,
            Self::Cytoscape => &cytoscape::Cytoscape,
            Self::Nodes => &tables::Nodes,
            Self::Edges => &tables::Edges,
            Self::JsonLd => &json_ld::JsonLd,
        }
    }
}
