//! How do commits go into the log and come out again? Not for: whole graphs (`image`).

use super::DbError;
use crate::graph::{ChangeSet, ReadError, Snapshot};
use crate::store::{Commit, Store, StoreError};

/// How much the log holds since the checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Logged {
    /// Bytes of payload.
    pub(super) bytes: u64,
    /// Changed records; one that changed twice counts twice.
    pub(super) records: u64,
}

impl Logged {
    fn add(&mut self, bytes: usize, changes: &ChangeSet) {
        self.bytes += bytes as u64;
        self.records += changes.len() as u64;
    }
}

/// Makes a commit durable: all of it, or nothing.
pub(super) fn append(
    store: &dyn Store,
    graph: &Snapshot,
    changes: &ChangeSet,
    logged: &mut Logged,
) -> Result<(), DbError> {
    let payload = changes.encode(graph.ontology());
    let payload = payload.map_err(|why| StoreError::Refused { why })?;
    let revision = changes.revision;
    let payload = &payload[..];
    store.append(&[Commit { revision, payload }])?;
    logged.add(payload.len(), changes);
    Ok(())
}

/// Brings a graph up to the last commit; cost: some microseconds for each changed record.
///
/// # Errors
/// A commit that is damaged, or does not fit the graph's ontology.
pub(super) fn replay(store: &dyn Store, graph: &mut Snapshot) -> Result<Logged, DbError> {
    let (mut logged, mut wrong) = (Logged::default(), None);
    let replayed = store.replay(graph.revision(), &mut |revision, payload| {
        let read = ChangeSet::decode(payload, graph.ontology());
        let applied = read.and_then(|changes| {
            advance(graph, revision, &changes)?;
            logged.add(payload.len(), &changes);
            Ok(())
        });
        applied.map_err(|error| {
            let place = format!("commit {revision} in the log");
            let what = error.what.clone();
            wrong = Some(ReadError {
                place: place.clone(),
                ..error
            });
            StoreError::Damaged { place, what }
        })
    });
    match wrong {
        Some(error) => Err(error.into()),
        None => replayed.map(|()| logged).map_err(DbError::from),
    }
}

fn advance(graph: &mut Snapshot, revision: u64, changes: &ChangeSet) -> Result<(), ReadError> {
    let applied = match changes.revision == revision {
        true => graph.advance(changes),
        false => Err(format!("it says that it is commit {}", changes.revision)),
    };
    applied.map_err(|what| ReadError {
        place: String::new(),
        what,
        unfit: false,
    })
}
