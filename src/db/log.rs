//! How do commits go into the log and come out again? Not for: whole graphs (`image`).

use super::DbError;
use crate::graph::{Commit, ReadError, Snapshot};
use crate::ontology::Ontology;
use crate::store::{self, Store, StoreError};
use std::sync::Arc;

/// How much the log holds since the checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Logged {
    /// Bytes of payload.
    pub(super) bytes: u64,
    /// Changed records; one that changed twice counts twice.
    pub(super) records: u64,
}

impl Logged {
    fn add(&mut self, bytes: usize, commit: &Commit) {
        self.bytes += bytes as u64;
        self.records += commit.totals().records();
    }
}

/// A commit and the payload of its record.
pub(super) struct Recorded {
    pub(super) commit: Arc<Commit>,
    pub(super) payload: Vec<u8>,
}

impl Recorded {
    /// # Errors
    /// If it could not be read again.
    pub(super) fn new(commit: Commit, ontology: &Ontology) -> Result<Self, DbError> {
        let payload = commit.encode(ontology);
        let payload = payload.map_err(|why| StoreError::Refused { why })?;
        let commit = Arc::new(commit);
        Ok(Self { commit, payload })
    }
}

/// Makes commits durable with one flush: after a crash a prefix of them is there.
pub(super) fn append(
    store: &dyn Store,
    commits: &[Recorded],
    logged: &mut Logged,
) -> Result<(), DbError> {
    let payloads = commits.iter().map(|recorded| store::Commit {
        revision: recorded.commit.revision,
        payload: &recorded.payload,
    });
    store.append(&payloads.collect::<Vec<_>>())?;
    for recorded in commits {
        logged.add(recorded.payload.len(), &recorded.commit);
    }
    Ok(())
}

/// Brings a graph up to the last commit; cost: some microseconds for each changed record.
///
/// # Errors
/// A commit that is damaged, or does not fit the graph's ontology.
pub(super) fn replay(store: &dyn Store, graph: &mut Snapshot) -> Result<Logged, DbError> {
    let (mut logged, mut wrong) = (Logged::default(), None);
    let replayed = store.replay(graph.revision(), &mut |revision, payload| {
        let read = Commit::decode(payload, graph.ontology());
        let applied = read.and_then(|commit| {
            advance(graph, revision, &commit)?;
            logged.add(payload.len(), &commit);
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

fn advance(graph: &mut Snapshot, revision: u64, commit: &Commit) -> Result<(), ReadError> {
    let applied = match commit.records() {
        _ if commit.revision != revision => {
            Err(format!("it says that it is commit {}", commit.revision))
        }
        Some(changes) => graph.advance(changes),
        None => Err("it was kept as a whole graph".to_owned()),
    };
    applied.map_err(|what| ReadError {
        place: String::new(),
        what,
        unfit: false,
    })
}

/// The commits after a revision up to another.
///
/// # Errors
/// A commit that is damaged, or does not fit the ontology.
pub(super) fn read(
    store: &dyn Store,
    (after, to): (u64, u64),
    ontology: &Ontology,
) -> Result<Vec<Arc<Commit>>, DbError> {
    let mut found = Vec::new();
    let mut wrong = None;
    let read = store.read(
        after + 1..=to,
        &mut |revision, payload| match Commit::decode(payload, ontology) {
            Ok(commit) => {
                found.push(Arc::new(commit));
                Ok(())
            }
            Err(error) => {
                let place = format!("commit {revision} in the log");
                let what = error.what.clone();
                wrong = Some(ReadError {
                    place: place.clone(),
                    ..error
                });
                Err(StoreError::Damaged { place, what })
            }
        },
    );
    match wrong {
        Some(error) => Err(error.into()),
        None => read.map(|()| found).map_err(DbError::from),
    }
}

/// When a commit was made; 0 for none.
pub(super) fn time_of(store: &dyn Store, revision: u64) -> Result<i64, DbError> {
    let mut time = 0;
    if revision > store.oldest() {
        store.read(revision..=revision, &mut |_, payload| {
            time = Commit::decode_about(payload).map_or(0, |(_, about)| about.at);
            Ok(())
        })?;
    }
    Ok(time)
}
