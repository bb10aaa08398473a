//! Which graphs that roles see are there already, and which is being made? Each is made once, by
//! one thread, when it is asked for.

use super::Rules;
use crate::access::Roles;
use crate::exec::Kept;
use crate::graph::Snapshot;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// How many sets of roles have a graph at once.
const MOST: usize = 16;

/// A graph as some see it, with what was computed over it.
pub struct Sight {
    /// The graph.
    pub snapshot: Arc<Snapshot>,
    /// Long computations over it.
    pub kept: Arc<Kept>,
    /// The description of the ontology, with counts.
    pub about: OnceLock<Arc<serde_json::Value>>,
    /// Whether it is the whole graph.
    pub whole: bool,
}

impl Sight {
    /// Everything.
    pub fn whole(snapshot: Arc<Snapshot>, kept: Arc<Kept>) -> Arc<Self> {
        Arc::new(Self {
            snapshot,
            kept,
            about: OnceLock::new(),
            whole: true,
        })
    }

    fn part(snapshot: Arc<Snapshot>) -> Arc<Self> {
        Arc::new(Self {
            snapshot,
            kept: Arc::default(),
            about: OnceLock::new(),
            whole: false,
        })
    }
}

/// The latest graph that each set of roles has asked for.
#[derive(Default)]
pub struct Sights(Mutex<Vec<(Roles, Arc<Place>)>>);

/// What one set of roles sees.
#[derive(Default)]
struct Place {
    latest: Mutex<Option<Arc<Sight>>>,
    /// Held while a graph is made.
    making: Arc<tokio::sync::Mutex<()>>,
}

impl Sights {
    /// What roles see of the latest graph, or of a later one. If it must be made, another thread
    /// does, and whoever asks meanwhile waits for it, too. Cost: a look-up, if it is there.
    ///
    /// # Errors
    /// As [`Rules::seen`].
    pub async fn of(
        &self,
        rules: &Arc<Rules>,
        roles: &Roles,
        latest: &(dyn Fn() -> Arc<Snapshot> + Send + Sync),
    ) -> Result<Arc<Sight>, String> {
        let place = self.place(roles);
        let revision = latest().revision();
        if let Some(sight) = place.since(revision) {
            return Ok(sight);
        }
        let making = place.making.clone().lock_owned().await;
        if let Some(sight) = place.since(revision) {
            return Ok(sight);
        }
        // What has come since is seen at once by all who wait.
        let snapshot = latest();
        self.forget_before(snapshot.revision());
        let (rules, roles) = (rules.clone(), roles.clone());
        let made = tokio::task::spawn_blocking(move || {
            let made = make(&rules, &roles, &snapshot);
            if let Ok(sight) = &made {
                *place.latest() = Some(sight.clone());
            }
            drop(making);
            made
        });
        made.await.unwrap_or_else(|wrong| Err(wrong.to_string()))
    }

    fn places(&self) -> MutexGuard<'_, Vec<(Roles, Arc<Place>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The place of some roles; the one that was asked for least lately makes room.
    fn place(&self, roles: &Roles) -> Arc<Place> {
        let mut places = self.places();
        let at = places.iter().position(|(of, _)| of == roles);
        let place = match at {
            Some(at) => places.remove(at),
            None => (roles.clone(), Arc::default()),
        };
        let found = place.1.clone();
        places.insert(0, place);
        places.truncate(MOST);
        found
    }

    /// Lets go of graphs that are no longer the latest.
    fn forget_before(&self, revision: u64) {
        for (_, place) in self.places().iter() {
            let mut latest = place.latest();
            latest.take_if(|sight| sight.snapshot.revision() < revision);
        }
    }
}

impl Place {
    fn latest(&self) -> MutexGuard<'_, Option<Arc<Sight>>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn since(&self, revision: u64) -> Option<Arc<Sight>> {
        let latest = self.latest();
        let sight = latest.as_ref()?;
        (sight.snapshot.revision() >= revision).then(|| sight.clone())
    }
}

fn make(rules: &Rules, roles: &Roles, snapshot: &Arc<Snapshot>) -> Result<Arc<Sight>, String> {
    let start = std::time::Instant::now();
    let seen = rules.seen(snapshot, roles)?;
    let (revision, took) = (snapshot.revision(), start.elapsed());
    tracing::debug!(revision, ?roles, ?took, "made the graph that roles see");
    Ok(Sight::part(seen))
}
