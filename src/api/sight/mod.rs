//! What does somebody get to see? A graph in which the rest never was, so that no answer tells of it.
//!
//! [`Rules`] are the conditions of a policy, ready to run; `Sights` keeps the graphs that roles
//! see. Not for: who has which roles (`access`).

mod eyes;
mod kept;
mod rules;
mod warden;

pub(super) use eyes::{Eyes, Lately};
pub(super) use kept::{Sight, Sights};
pub use rules::Rules;
pub(super) use warden::{Touched, Warden};

use super::engine::Engine;
use super::error::GraphqlError;
use super::schema::describe;
use super::service::Context;
use crate::access::{Policy, Problems, Roles};
use std::sync::{Arc, PoisonError};

impl Engine {
    /// The same engine, which shows everybody only what a policy allows them.
    ///
    /// # Errors
    /// All conditions of the policy that are no filters of their types.
    pub fn guarded(mut self, policy: Arc<Policy>) -> Result<Self, Problems> {
        let ontology = (self.snapshots)().ontology().clone();
        let rules = Rules::new(policy, &self.validator, &ontology)?;
        self.rules = Some(Arc::new(rules));
        Ok(self)
    }

    /// The whole graph of the moment.
    pub(super) fn whole(&self) -> Arc<Sight> {
        Sight::whole((self.snapshots)(), self.kept.clone())
    }

    /// What whoever asks sees of the graph of the moment; nothing, if it is not known who asks.
    pub(super) async fn sight(&self, context: &Context) -> Result<Arc<Sight>, GraphqlError> {
        let Some(rules) = &self.rules else {
            return Ok(self.whole());
        };
        let nobody = Roles::default();
        let principal = context.principal.as_deref();
        let roles = principal.map_or(&nobody, |principal| &principal.roles);
        if rules.is_open(roles) {
            return Ok(self.whole());
        }
        let sight = self.sights.of(rules, roles, &self.snapshots).await;
        sight.map_err(|wrong| GraphqlError::internal(context.request_id, &wrong))
    }

    /// The description of the ontology with the counts of a snapshot, made once for each.
    pub(super) fn about(&self, sight: &Sight) -> Arc<serde_json::Value> {
        let snapshot = &sight.snapshot;
        let of_sight = || {
            let nodes = |of| snapshot.count(of);
            Arc::new(describe(snapshot.ontology(), nodes, |of| {
                snapshot.edge_count(of)
            }))
        };
        if !sight.whole {
            return sight.about.get_or_init(of_sight).clone();
        }
        let mut about = self.about.lock().unwrap_or_else(PoisonError::into_inner);
        match &*about {
            Some((revision, known)) if *revision == snapshot.revision() => known.clone(),
            _ => {
                let described = of_sight();
                *about = Some((snapshot.revision(), described.clone()));
                described
            }
        }
    }
}
