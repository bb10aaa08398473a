//! What does somebody see of any graph, also of the past? Not for: the graph of the moment (`kept`).

use super::Rules;
use crate::access::Roles;
use crate::api::engine::Engine;
use crate::api::service::Context;
use crate::graph::Snapshot;
use std::sync::{Arc, Mutex, PoisonError};

/// How many graphs of the past are kept for those who see a part of them.
const MOST: usize = 4;

/// The roles of somebody who sees a part of each graph.
#[derive(Clone)]
pub struct Eyes {
    rules: Arc<Rules>,
    roles: Roles,
    lately: Arc<Lately>,
}

/// What was seen lately: by whom, of which revision; the latest first.
#[derive(Default)]
pub struct Lately(Mutex<Vec<(Roles, Arc<Snapshot>)>>);

impl Engine {
    /// How whoever asks sees graphs; none: as they are.
    pub(in crate::api) fn eyes(&self, context: &Context) -> Option<Eyes> {
        let rules = self.rules.as_ref()?;
        let principal = context.principal.as_deref();
        let roles = principal.map_or_else(Roles::default, |principal| principal.roles.clone());
        (!rules.is_open(&roles)).then(|| Eyes {
            rules: rules.clone(),
            roles,
            lately: self.lately.clone(),
        })
    }
}

impl Eyes {
    /// What is seen of a graph. Cost: that of the conditions of the roles, and a copy of the graph,
    /// unless it was seen lately.
    ///
    /// # Errors
    /// As [`Rules::seen`].
    pub fn see(&self, graph: &Arc<Snapshot>) -> Result<Arc<Snapshot>, String> {
        if let Some(seen) = self.seen_lately(graph.revision()) {
            return Ok(seen);
        }
        let seen = self.rules.seen(graph, &self.roles)?;
        let mut lately = self.lately.0.lock().unwrap_or_else(PoisonError::into_inner);
        lately.insert(0, (self.roles.clone(), seen.clone()));
        lately.truncate(MOST);
        Ok(seen)
    }

    fn seen_lately(&self, revision: u64) -> Option<Arc<Snapshot>> {
        let lately = self.lately.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = lately.iter();
        let found = all.find(|(roles, graph)| *roles == self.roles && graph.revision() == revision);
        found.map(|(_, graph)| graph.clone())
    }
}
