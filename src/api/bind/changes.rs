//! Which commits are watched, and which past is asked for? Not for: finding them (`db`).

use super::page::count;
use super::{Binder, Given, Wrong, text, texts};
use crate::api::lower::Watched;
use crate::ontology::RelationshipId;
use crate::plan::{Kinds, PastCall, WatchCall};
use crate::value::{DateTime, Scalar, Value};

impl Binder<'_> {
    /// The arguments of the root field of a subscription.
    pub(super) fn watch(&self, of: Watched, given: Given<'_>) -> Result<WatchCall, Wrong> {
        let after = revision(given, "after")?;
        let filter = given.value("where");
        Ok(match of {
            Watched::Any => WatchCall {
                kinds: self.kinds(given)?,
                after,
                ..WatchCall::default()
            },
            Watched::Nodes(of) => {
                let starts = self.starts(of, filter).map_err(|w| w.inside("where"))?;
                let kinds = Kinds {
                    nodes: starts.iter().map(|start| start.of).collect(),
                    edges: Vec::new(),
                };
                WatchCall {
                    kinds,
                    starts,
                    after,
                    ..WatchCall::default()
                }
            }
            Watched::Edges(of) => {
                let filter = filter.map(|input| self.edge_where(of, input)).transpose();
                let kinds = Kinds {
                    nodes: Vec::new(),
                    edges: vec![of],
                };
                WatchCall {
                    kinds,
                    filter: filter.map_err(|w| w.inside("where"))?,
                    after,
                    ..WatchCall::default()
                }
            }
        })
    }

    /// The records of `types` and `relationships`: all if neither is given, else what is named.
    fn kinds(&self, given: Given<'_>) -> Result<Kinds, Wrong> {
        self.bounds.texts(given.value("relationships"))?;
        let types = self.concrete(given.value("types"))?;
        let edges = given
            .value("relationships")
            .map(|names| texts(Some(names)))
            .map(|names| self.relationships(&names));
        let all = types.is_none() && edges.is_none();
        let every = || (0..self.ontology.relationships.len() as u16).map(RelationshipId);
        Ok(match all {
            true => Kinds {
                nodes: self.ontology.concrete_ids().collect(),
                edges: every().collect(),
            },
            false => Kinds {
                nodes: types.unwrap_or_default(),
                edges: edges.unwrap_or_default(),
            },
        })
    }

    fn relationships(&self, names: &[String]) -> Vec<RelationshipId> {
        let named = names.iter();
        let named = named.filter_map(|name| self.ontology.relationship_named(name));
        named.collect()
    }

    /// The arguments of `at`, `history` or `diff`, told apart by what they take.
    pub(super) fn past(&self, given: Given<'_>) -> Result<PastCall, Wrong> {
        if let Some(id) = given.value("id") {
            self.bounds.text(Some(id))?;
            return Ok(PastCall::History {
                id: text(Some(id)),
                first: count(given, "first")?,
                before: revision(given, "before")?,
            });
        }
        if let Some(from) = revision(given, "from")? {
            let to = revision(given, "to")?;
            let kinds = self.kinds(given)?;
            return Ok(PastCall::Diff { from, to, kinds });
        }
        let time = given.value("time");
        let time = time.map(|input| self.value(Scalar::DateTime, input));
        let time = time.transpose().map_err(|w| w.inside("time"))?;
        match (revision(given, "revision")?, time) {
            (Some(revision), None) => Ok(PastCall::Revision(revision)),
            (None, Some(Value::DateTime(DateTime(micros)))) => {
                Ok(PastCall::Time(micros.div_euclid(1000)))
            }
            _ => {
                Err(Wrong::new("exactly one argument must say when")
                    .hint("give `revision` or `time`"))
            }
        }
    }
}

/// A revision.
fn revision(given: Given<'_>, name: &str) -> Result<Option<u64>, Wrong> {
    let Some(input) = given.value(name) else {
        return Ok(None);
    };
    let written = text(Some(input));
    let number = written.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = written.parse().ok().filter(|_| number);
    let wrong = || {
        Wrong::new(format!("{written:?} is no revision"))
            .hint("give a value of `revision`: a whole number from 0, as a string")
            .inside(name)
    };
    parsed.map(Some).ok_or_else(wrong)
}
