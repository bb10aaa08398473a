//! How is a subscription answered? Commit by commit, from the log as far as the feed does not reach
//! back, then from the feed; each with a run over the graph as of that commit. Not for: carrying the
//! answers (`server`).
//!
//! A subscriber keeps nothing but the revision that it has seen: what it has not taken is read again
//! when it asks for more. One that has caught up once and falls behind the feed is told, and ends.

use super::answers::{one, refused, stopped};
use super::bind::Binder;
use super::engine::{Asked, Engine, EngineLimits, INLINE_COST, Operated};

use super::error::{ErrorCode, GraphqlError};
use super::input::Variables;
use super::limits::exceeded;
use super::lower::Lowered;
use super::past::{see, told};
use super::service::{Answer, Context, Outcome, Request, RequestId};
use super::sight::Eyes;
use super::task::Task;
use super::write::Halt;
use crate::db::{Db, DbError, Lagged, Subscription};
use crate::exec::{Budget, Kept, Run, Stop};
use crate::graph::{Changed, Commit, Snapshot};
use crate::plan::{Action, Call, Event, Slot, Told, WatchCall};
use crate::trace::Trace;
use async_graphql::futures_util::stream::{self, BoxStream, StreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes that the answer to one commit may have.
const ANSWER: usize = 16 << 20;

/// A subscription on its way.
struct Watcher {
    view: Arc<View>,
    feed: Subscription,
    /// Whether it has come up to the feed.
    is_abreast: bool,
    long_runs: Arc<Semaphore>,
    /// Its place among all subscriptions.
    _place: OwnedSemaphorePermit,
}

/// What a subscriber gets to see, the same for every commit.
struct View {
    db: Arc<Db>,
    /// How the subscriber sees graphs; none: as they are.
    eyes: Option<Eyes>,
    lowered: Arc<Lowered>,
    variables: Variables,
    languages: Arc<[String]>,
    slot: Slot,
    call: WatchCall,
    optimize: bool,
    limits: EngineLimits,
    /// How long the answer to one commit may take.
    time: Duration,
    cancel: Arc<AtomicBool>,
    request: RequestId,
}

/// Why there are no more answers.
enum End {
    /// The graph is closed.
    Closed,
    /// Something went wrong.
    Wrong(GraphqlError),
}

impl Engine {
    /// Begins a subscription.
    pub(super) fn watch(
        &self,
        operated: Operated<'_>,
        request: &Request,
        context: &Context,
    ) -> Result<BoxStream<'static, Answer>, Vec<GraphqlError>> {
        let snapshot = self.whole().snapshot.clone();
        let asked = self.asked(operated, request, context, snapshot)?;
        let db = self.db.clone().ok_or_else(|| one(no_commits()))?;
        let (slot, call) = self.watched(&asked)?;
        let after = call.after.unwrap_or_else(|| asked.snapshot.revision());
        let known = db.check(after);
        known.map_err(|wrong| one(told(&wrong, context.request_id)))?;
        let place = self.subscribers.clone().try_acquire_owned();
        let place = place.map_err(|_| {
            one(exceeded(
                "subscriptions",
                self.limits.subscribers,
                "try again later",
            ))
        })?;
        let view = View {
            slot,
            call,
            optimize: self.optimize,
            limits: self.limits.clone(),
            time: context.deadline.saturating_duration_since(Instant::now()),
            cancel: context.cancel.clone(),
            request: context.request_id,
            eyes: self.eyes(context),
            lowered: asked.lowered,
            variables: asked.variables,
            languages: asked.languages,
            db,
        };
        let watcher = Watcher {
            feed: view.db.subscribe_after(after),
            view: Arc::new(view),
            is_abreast: false,
            long_runs: self.long_runs.clone(),
            _place: place,
        };
        Ok(answers(watcher))
    }

    /// The arguments of the root field; wrong ones of any field are told before anything begins.
    fn watched(&self, asked: &Asked) -> Result<(Slot, WatchCall), Vec<GraphqlError>> {
        let calls = self.check_calls(asked)?;
        let slot = asked.lowered.selection.roots.first();
        let slot = slot.map_or(0, |root| root.what.slot);
        match calls.into_iter().nth(slot) {
            Some(Call::Watch(call)) => Ok((slot, *call)),
            _ => Err(one(no_commits())),
        }
    }
}

fn no_commits() -> GraphqlError {
    let message = "this graph is not kept anywhere, and so has no commits";
    GraphqlError::new(ErrorCode::BadUserInput, message)
}

fn answers(watcher: Watcher) -> BoxStream<'static, Answer> {
    let answers = stream::unfold(Some(watcher), |watcher| async {
        let mut watcher = watcher?;
        match watcher.next().await {
            Ok(body) => {
                let outcome = Outcome::Data;
                let body = body.into();
                Some((Answer { body, outcome }, Some(watcher)))
            }
            Err(End::Closed) => None,
            Err(End::Wrong(error)) => Some((refused(&[error]), None)),
        }
    });
    answers.boxed()
}

impl Watcher {
    /// The answer to the next commit of which anything is to be told.
    async fn next(&mut self) -> Result<Vec<u8>, End> {
        loop {
            let commit = self.commit().await?;
            if let Some(body) = self.answer(commit).await? {
                return Ok(body);
            }
            tokio::task::consume_budget().await;
        }
    }

    /// The next commit.
    async fn commit(&mut self) -> Result<Arc<Commit>, End> {
        match self.feed.try_next() {
            Ok(Some(commit)) => {
                self.is_abreast = true;
                Ok(commit)
            }
            Ok(None) => {
                self.is_abreast = true;
                let next = self.feed.next().await.map_err(End::lagged)?;
                next.ok_or(End::Closed)
            }
            Err(lagged) if self.is_abreast => Err(End::lagged(lagged)),
            Err(Lagged { seen, .. }) => {
                let view = self.view.clone();
                let read = move || view.db.commit(seen + 1);
                let read = tokio::task::spawn_blocking(read).await;
                let commit = read.unwrap_or(Err(DbError::Panicked));
                let commit = commit.map_err(|error| self.view.failed(&error))?;
                self.feed.skip_to(commit.revision);
                Ok(commit)
            }
        }
    }

    /// What is told of a commit, if anything: at once where that is little, else on a thread of its own.
    async fn answer(&self, commit: Arc<Commit>) -> Result<Option<Vec<u8>>, End> {
        let view = &self.view;
        if view.eyes.is_none()
            && let Some(changes) = commit.records()
            && view.call.kinds.events(changes).is_empty()
        {
            return Ok(None);
        }
        let current = view.db.snapshot();
        if view.eyes.is_none()
            && current.revision() == commit.revision
            && commit.totals().records() < INLINE_COST
        {
            let moment = Moment {
                commit: commit.clone(),
                graph: current,
            };
            match view.tell(&moment, INLINE_COST.min(view.limits.cost)) {
                Err(Failed::Halt(Halt::Stop(Stop::Cost(INLINE_COST)))) => {}
                done => return done.map_err(|failed| view.end(commit.revision, failed)),
            }
        }
        let Ok(permit) = self.long_runs.clone().acquire_owned().await else {
            return Err(End::Closed);
        };
        let (view, revision) = (self.view.clone(), commit.revision);
        let told = tokio::task::spawn_blocking(move || {
            let moment = view.moment(commit)?;
            let told = view.tell(&moment, view.limits.cost);
            drop(permit);
            told
        });
        let told = told.await.unwrap_or(Err(Failed::Db(DbError::Panicked)));
        told.map_err(|failed| self.view.end(revision, failed))
    }
}

/// A commit and the graph as of it.
struct Moment {
    commit: Arc<Commit>,
    graph: Arc<Snapshot>,
}

/// Why nothing can be told of a commit.
enum Failed {
    Halt(Halt),
    Db(DbError),
    Request(GraphqlError),
}

impl From<DbError> for Failed {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<Stop> for Failed {
    fn from(stop: Stop) -> Self {
        Self::Halt(Halt::Stop(stop))
    }
}

impl View {
    /// The graph as of a commit; of one that was kept as a whole graph also what it changed.
    fn moment(&self, commit: Arc<Commit>) -> Result<Moment, Failed> {
        let revision = commit.revision;
        let graph = self.graph(revision)?;
        if self.eyes.is_none() && commit.records().is_some() {
            return Ok(Moment { commit, graph });
        }
        if commit.totals().records() > self.limits.records {
            return Err(Failed::Halt(Halt::Stop(Stop::Records(self.limits.records))));
        }
        let changes = match self.eyes {
            Some(_) => graph.against(&*self.graph(revision - 1)?),
            None => self.db.difference(revision - 1, revision, |_| true)?,
        };
        let commit = Commit {
            revision,
            about: commit.about.clone(),
            changed: Changed::Records(changes),
        };
        let commit = Arc::new(commit);
        Ok(Moment { commit, graph })
    }

    /// The graph as of a commit, as the subscriber sees it.
    fn graph(&self, revision: u64) -> Result<Arc<Snapshot>, Failed> {
        let graph = self.db.at(revision)?;
        match &self.eyes {
            Some(eyes) => see(eyes, &graph, self.request).map_err(Failed::Request),
            None => Ok(graph),
        }
    }

    /// What is told of a commit, if anything.
    fn tell(&self, moment: &Moment, cost: u64) -> Result<Option<Vec<u8>>, Failed> {
        let deadline = Instant::now() + self.time;
        let budget = Budget::new(cost, self.limits.records, deadline, &self.cancel);
        let mut calls = self.calls(&moment.graph)?;
        let events = self.events(moment, &calls, &budget)?;
        if events.is_empty() {
            return Ok(None);
        }
        calls[self.slot] = Call::Told(Box::new(Told {
            commits: vec![(moment.commit.clone(), events)],
            ..Told::default()
        }));
        let task = Task {
            snapshot: moment.graph.clone(),
            lowered: self.lowered.clone(),
            calls,
            introspection: BTreeMap::new(),
            about: None,
            past: None,
            kept: Arc::default(),
            cancel: self.cancel.clone(),
            deadline,
            limit: self.limits.answer.min(ANSWER),
            records: self.limits.records,
            request: self.request,
            trace: Trace::default(),
        };
        task.run(cost).map(Some).map_err(Failed::Halt)
    }

    fn calls(&self, graph: &Snapshot) -> Result<Vec<Call>, Failed> {
        let binder = Binder::new(graph, &self.languages, self.optimize);
        let calls = binder.calls(&self.lowered.slots, &self.variables);
        calls.map_err(Failed::Request)
    }

    /// The records that match: as they are after the commit, or were if they are gone.
    fn events(
        &self,
        Moment { commit, graph }: &Moment,
        calls: &[Call],
        budget: &Budget<'_>,
    ) -> Result<Vec<Event>, Failed> {
        let Some(changes) = commit.records() else {
            return Ok(Vec::new());
        };
        let mut events = self.call.kinds.events(changes);
        if !self.call.is_filtered() {
            return Ok(events);
        }
        let is_gone = |event: &Event| event.action(changes) == Action::Deleted;
        let mut matching = Vec::new();
        let kept = Kept::default();
        let mut add = |graph: &Snapshot, calls: &[Call], events: &[Event]| {
            let run = Run {
                snapshot: graph,
                calls,
                budget,
                kept: &kept,
            };
            let Call::Watch(call) = &calls[self.slot] else {
                return Ok(());
            };
            for event in events {
                if run.is_watched(call, changes, *event)? {
                    matching.push(*event);
                }
            }
            Ok::<_, Stop>(())
        };
        let gone: Vec<Event> = events.extract_if(.., |event| is_gone(event)).collect();
        add(graph, calls, &events)?;
        if !gone.is_empty() {
            let before = self.graph(commit.revision - 1)?;
            add(&before, &self.calls(&before)?, &gone)?;
        }
        matching.sort_unstable();
        Ok(matching)
    }

    fn failed(&self, error: &DbError) -> End {
        End::Wrong(told(error, self.request))
    }

    /// The end of a subscription by a commit of which nothing can be told.
    fn end(&self, revision: u64, failed: Failed) -> End {
        let mut error = match failed {
            Failed::Db(error) => return self.failed(&error),
            Failed::Request(error) => return End::Wrong(error),
            Failed::Halt(halt) => stopped(&halt),
        };
        error.message = format!("commit {revision} cannot be told: {}", error.message);
        let hint = format!(
            "ask for less and resume with `after: \"{}\"`, or leave it out with `after: \"{revision}\"`",
            revision.saturating_sub(1)
        );
        End::Wrong(error.hint(hint))
    }
}

impl End {
    fn lagged(lagged: Lagged) -> Self {
        let behind = lagged.latest.saturating_sub(lagged.seen);
        let message =
            format!("the limit `lag` is exceeded: this subscription is {behind} commits behind");
        let hint = format!(
            "take the answers faster, or ask for less; resume with `after: \"{}\"`",
            lagged.seen
        );
        Self::Wrong(GraphqlError::new(ErrorCode::LimitExceeded, message).hint(hint))
    }
}
