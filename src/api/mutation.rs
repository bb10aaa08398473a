//! How is a mutation asked for and answered? It is handed to the writer, and answered when it is
//! durable by a query over the graph that it made. Not for: what it does (`script`).

use super::answers::{body, halted, one, refused, stopped};
use super::bind::Binder;
use super::engine::{Asked, Engine, Operated};
use super::error::{ErrorCode, GraphqlError};
use super::lower::SlotKind;
use super::script::{Done, Failed, Script};
use super::service::{Answer, Context, Outcome, Request, RequestId};
use super::task::Task;
use super::write::Halt;
use crate::db::{Db, DbError};
use crate::graph::Snapshot;
use crate::plan::Call;
use crate::store::StoreError;
use crate::trace::Trace;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a mutation reads of a request's `extensions`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extensions {
    /// Check everything, keep nothing.
    #[serde(default)]
    dry_run: bool,
}

/// The graph that a mutation made, and what each root field did.
type Made = (Arc<Snapshot>, Vec<Done>);

impl Engine {
    /// Carries out a mutation and answers it; `planning` is the part that it begins in.
    pub(super) async fn mutate(
        &self,
        operated: Operated<'_>,
        request: &Request,
        (context, planning): (&Context, Trace),
    ) -> Answer {
        let Some(db) = self.db.as_ref().filter(|_| !context.read_only) else {
            return no_writing(context);
        };
        let warden = match self.warden(context) {
            Ok(warden) => warden,
            Err(forbidden) => return no_data(&[forbidden]),
        };
        let read = is_dry(request).and_then(|dry| {
            let asked = self.asked(operated, request, context, (self.snapshots)())?;
            self.check_calls(&asked)?;
            Ok((dry, asked))
        });
        let (dry, asked) = match read {
            Ok(read) => read,
            Err(errors) => return refused(&errors),
        };
        let script = Arc::new(Script::new(self, asked, db.rules(), (context, warden)));
        drop(planning);
        let made = match dry {
            true => try_out(script.clone(), db.snapshot()).await,
            false => commit(db, script.clone(), context.trace.part("commit")).await,
        };
        match made {
            Ok(made) => self.answer(&script, made, dry, context).await,
            Err(failed) => told(&failed, context.request_id),
        }
    }

    /// The arguments of all fields; refuses what could not be read before anything happens.
    pub(super) fn check_calls(&self, asked: &Asked) -> Result<Vec<Call>, Vec<GraphqlError>> {
        let binder = Binder::new(&asked.snapshot, &asked.languages, self.optimize);
        let slots = &asked.lowered.slots;
        let calls = binder.calls(slots, &asked.variables).map_err(one)?;
        let wrong = calls.iter().zip(slots).filter_map(|(call, slot)| {
            let Call::Failed { message, hint } = call else {
                return None;
            };
            let mut error = GraphqlError::new(ErrorCode::BadUserInput, message);
            error.hint.clone_from(hint);
            Some(error.at(slot.location))
        });
        match wrong.collect::<Vec<_>>() {
            wrong if wrong.is_empty() => Ok(calls),
            wrong => Err(wrong),
        }
    }

    /// Reads what is selected from the graph that was made.
    async fn answer(
        &self,
        script: &Arc<Script>,
        (graph, done): Made,
        dry: bool,
        context: &Context,
    ) -> Answer {
        let revision = graph.revision();
        let graph = match shown(script.clone(), graph).await {
            Ok(graph) => graph,
            Err(wrong) => {
                let error = GraphqlError::internal(context.request_id, &wrong);
                return unread(error, revision, dry);
            }
        };
        let halt = match self.payload(&script.asked, (graph, done), context) {
            Ok(task) => match self.run(task).await {
                Ok(body) => {
                    return Answer {
                        body: body.into(),
                        outcome: Outcome::Data,
                    };
                }
                Err(halt) => halt,
            },
            Err(error) => return refused(&[error]),
        };
        match dry {
            true => halted(&halt),
            false => unread(stopped(&halt), revision, dry),
        }
    }

    fn payload(
        &self,
        asked: &Asked,
        (graph, done): Made,
        context: &Context,
    ) -> Result<Task, GraphqlError> {
        let binder = Binder::new(&graph, &asked.languages, self.optimize);
        let mut calls = binder.calls(&asked.lowered.slots, &asked.variables)?;
        let mut done = done.into_iter();
        for root in &asked.lowered.selection.roots {
            let slot = root.what.slot;
            if let SlotKind::Mutation(verb) = asked.lowered.slots[slot].kind {
                let outcome = match verb {
                    super::lower::Verb::Commit => Done::default(),
                    _ => done.next().unwrap_or_default(),
                };
                calls[slot] = Call::Mutation(Box::new(outcome));
            }
        }
        Ok(Task {
            snapshot: graph,
            lowered: asked.lowered.clone(),
            calls,
            introspection: BTreeMap::new(),
            about: None,
            past: None,
            kept: Arc::default(),
            cancel: context.cancel.clone(),
            deadline: context.deadline,
            limit: self.limits.answer,
            records: self.limits.records,
            request: context.request_id,
            trace: context.trace.clone(),
        })
    }
}

/// What is told of a mutation whose answer could not be read.
fn unread(mut error: GraphqlError, revision: u64, dry: bool) -> Answer {
    if !dry {
        let kept =
            format!("the mutation is committed as revision {revision}; only its answer is not");
        error.message = format!("{}: {kept}", error.message);
    }
    no_data(&[error])
}

/// As much of the graph that was made as whoever asked may see.
async fn shown(script: Arc<Script>, graph: Arc<Snapshot>) -> Result<Arc<Snapshot>, String> {
    if script.warden.is_none() {
        return Ok(graph);
    }
    let seen = tokio::task::spawn_blocking(move || {
        let warden = script.warden.as_ref();
        let seen = warden.map_or(Ok(None), |warden| warden.seen(&graph))?;
        Ok(seen.map_or(graph, Arc::new))
    });
    seen.await.unwrap_or_else(|wrong| Err(wrong.to_string()))
}

/// Hands a mutation to the writer; it is durable when this returns.
async fn commit(db: &Db, script: Arc<Script>, trace: Trace) -> Result<Made, Failed> {
    let within = trace.clone();
    let done = db.submit(move |base| {
        let _making = within.part("change");
        script.commit(base)
    });
    let done = done.await?;
    Ok((done.graph, done.answer))
}

/// Carries a mutation out over a graph of which nothing is kept.
async fn try_out(script: Arc<Script>, base: Arc<Snapshot>) -> Result<Made, Failed> {
    let tried = tokio::task::spawn_blocking(move || {
        let (checked, _) = script.perform(&base)?;
        let graph = match checked.changes.is_empty() {
            true => base,
            false => Arc::new(checked.graph),
        };
        Ok((graph, checked.outcomes))
    });
    tried.await.unwrap_or(Err(Failed::Db(DbError::Panicked)))
}

fn is_dry(request: &Request) -> Result<bool, Vec<GraphqlError>> {
    let text = request.extensions.as_deref().map(RawValue::get);
    let read = text.map_or(Ok(Extensions::default()), serde_json::from_str);
    read.map(|read| read.dry_run).map_err(|wrong| {
        let message = format!("`extensions` cannot be read: {wrong}");
        let error = GraphqlError::new(ErrorCode::BadUserInput, message);
        one(error.hint("write {\"dryRun\": true}"))
    })
}

fn no_writing(context: &Context) -> Answer {
    let (message, outcome) = match context.read_only {
        true => (
            "a mutation cannot be asked for by GET",
            Outcome::MutationByGet,
        ),
        false => ("nothing can be written here", Outcome::Refused),
    };
    let error = GraphqlError::new(ErrorCode::BadUserInput, message);
    let error = match context.read_only {
        true => error.hint("use POST"),
        false => error,
    };
    Answer {
        body: body("{\"errors\":", &[error]),
        outcome,
    }
}

/// Why nothing was written.
fn told(failed: &Failed, request: RequestId) -> Answer {
    let errors = match failed {
        Failed::Request(error) => return refused(std::slice::from_ref(error)),
        Failed::Stopped(stop) => return halted(&Halt::Stop(*stop)),
        Failed::Refused(errors) => return no_data(errors),
        Failed::Db(error) => error,
    };
    let error = match errors {
        DbError::Busy => GraphqlError::new(ErrorCode::LimitExceeded, "too many writes wait")
            .hint("write again in a moment"),
        DbError::Closed => GraphqlError::new(
            ErrorCode::Internal,
            "the server is stopping; nothing of this was written",
        ),
        DbError::Store(error) => unkept(error, request),
        inside => {
            let mut error = GraphqlError::internal(request, inside);
            error.message = format!("{}: nothing of this was written", error.message);
            error
        }
    };
    no_data(&[error])
}

/// What the disk refused; reading goes on whatever it is.
fn unkept(wrong: &StoreError, request: RequestId) -> GraphqlError {
    if matches!(wrong, StoreError::Full { .. }) {
        let message = "the server's disk is almost full: nothing of this was written";
        tracing::warn!(%request, %wrong, "a write was refused");
        return GraphqlError::new(ErrorCode::LimitExceeded, message)
            .hint("free some space there and write again");
    }
    let mut error = GraphqlError::internal(request, wrong);
    let (what, hint) = match wrong {
        StoreError::Stopped { .. } => (
            "the server writes nothing any more, because its disk failed: nothing of this was written",
            "whoever runs it finds the cause in its log, mends it and restarts; all that was acknowledged is kept",
        ),
        StoreError::Refused { .. } => return error,
        _ => (
            "the disk failed: this is not acknowledged, and after a restart it is there as a whole or not at all",
            "look again when whoever runs the server has mended the cause, which is in its log, and restarted it",
        ),
    };
    error.message = format!("{}: {what}", error.message);
    error.hint(hint)
}

fn no_data(errors: &[GraphqlError]) -> Answer {
    Answer {
        body: body("{\"data\":null,\"errors\":", errors),
        outcome: Outcome::Data,
    }
}
