//! How does a request become an answer? The order of the steps, from the text to the bytes. Not for:
//! any of the steps itself.

mod draw;

use super::answers::{halted, one, refused, stopped};
use super::bind::Binder;
use super::cache::{DocumentCache, Prepared};
use super::compiled::Compiled;
use super::document::Validator;
use super::error::{ErrorCode, GraphqlError};
use super::input::Variables;
use super::limits::Limits;
use super::lower::Lowered;
use super::observed::{level, of_writer, total};
use super::operation::{Operation, OperationKind};
use super::past::Past;
use super::schema::Served;
use super::service::{Answer, Context, Drawing, Observation, Opened, Outcome, Request, Service};
use super::sight::{Lately, Rules, Sight, Sights};
use super::task::Task;
use super::write::Halt;
use crate::db::Db;
use crate::exec::{Budget, Kept, Run, Stop, Work};
use crate::graph::Snapshot;
use crate::ontology::Ontology;
use crate::plan::explain;
use crate::trace::Trace;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

/// How many records a run may touch on the thread that received the request; a run that needs more
/// starts again on a thread of its own. About half a millisecond.
pub(super) const INLINE_COST: u64 = 20_000;

/// How many runs may have a thread of their own at once.
const LONG_RUNS: usize = 4;

/// What an engine may spend on one request.
#[derive(Clone, Debug)]
pub struct EngineLimits {
    /// Limits on documents and variables.
    pub document: Limits,
    /// Records and edges touched (20,000,000).
    pub cost: u64,
    /// Records that the rows of an answer may have, also those that only lead to others (2,000,000).
    pub records: u64,
    /// Bytes of an answer (64 MiB).
    pub answer: usize,
    /// Subscriptions at once (10,000).
    pub subscribers: usize,
    /// Documents kept (1,024).
    pub cached_documents: usize,
    /// Bytes of the documents kept (32 MiB).
    pub cached_bytes: usize,
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self {
            document: Limits::default(),
            cost: 20_000_000,
            records: 2_000_000,
            answer: 64 << 20,
            subscribers: 10_000,
            cached_documents: 1024,
            cached_bytes: 32 << 20,
        }
    }
}

/// Where the engine reads the graph of the moment.
pub type Snapshots = Box<dyn Fn() -> Arc<Snapshot> + Send + Sync>;

/// Answers GraphQL requests over the snapshots of one graph.
pub struct Engine {
    pub(super) snapshots: Snapshots,
    served: Served,
    pub(super) validator: Validator,
    documents: DocumentCache<Compiled>,
    pub(super) limits: EngineLimits,
    /// Where mutations go; none: there are none.
    pub(super) db: Option<Arc<Db>>,
    /// Whether plans are made; else every search reads all records.
    pub(super) optimize: bool,
    pub(super) long_runs: Arc<Semaphore>,
    /// One for each subscription that may still begin.
    pub(super) subscribers: Arc<Semaphore>,
    pub(super) about: Mutex<Option<(u64, Arc<serde_json::Value>)>>,
    pub(super) kept: Arc<Kept>,
    /// Who may see what; none: everybody everything.
    pub(super) rules: Option<Arc<Rules>>,
    pub(super) sights: Sights,
    pub(super) lately: Arc<Lately>,
}

/// A request's plan and what running it took, for people.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// For each root field its name and plan.
    pub plans: Vec<(String, String)>,
    /// What the run did.
    pub work: Work,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, plan) in &self.plans {
            writeln!(f, "{name}")?;
            plan.lines().try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        let Work {
            candidates,
            entries,
            edges,
            sorted,
        } = self.work;
        writeln!(
            f,
            "work: {candidates} candidates, {entries} index entries, {edges} edges, {sorted} sorted"
        )
    }
}

/// An operation of a document.
pub(super) type Operated<'a> = (&'a Prepared<Compiled>, &'a Operation);

/// What a request asks for, and of which graph.
pub(super) struct Asked {
    pub(super) lowered: Arc<Lowered>,
    pub(super) variables: Variables,
    pub(super) languages: Arc<[String]>,
    pub(super) snapshot: Arc<Snapshot>,
}

impl Engine {
    /// An engine for an ontology's graph.
    ///
    /// # Errors
    /// If no valid schema can be generated, which the ontology's checks rule out.
    pub fn new(
        ontology: &Ontology,
        snapshots: Snapshots,
        limits: EngineLimits,
    ) -> Result<Self, String> {
        let served = Served::new(ontology).map_err(|error| error.to_string())?;
        let validator = Validator::over(served.schema().clone(), limits.document.clone());
        let documents = DocumentCache::new(limits.cached_documents, limits.cached_bytes);
        let long_runs = Arc::new(Semaphore::new(LONG_RUNS));
        Ok(Self {
            snapshots,
            subscribers: Arc::new(Semaphore::new(limits.subscribers)),
            served,
            validator,
            documents,
            limits,
            db: None,
            optimize: true,
            long_runs,
            about: Mutex::default(),
            kept: Arc::default(),
            rules: None,
            sights: Sights::default(),
            lately: Arc::default(),
        })
    }

    /// The same engine, which also writes: into the graph whose snapshots it reads.
    pub fn writing(self, db: Arc<Db>) -> Self {
        let db = Some(db);
        Self { db, ..self }
    }

    /// The same engine, whose every search reads all records: the answers must be the same, so that
    /// tests can hold one against the other.
    pub fn naive(mut self) -> Self {
        self.optimize = false;
        self
    }

    /// The generated schema.
    pub fn served(&self) -> &Served {
        &self.served
    }

    fn prepare(&self, query: &str) -> Result<Arc<Prepared<Compiled>>, Vec<GraphqlError>> {
        self.documents.prepare(query, &self.validator, |document| {
            Ok(Compiled::new(document))
        })
    }

    /// What a request asks for, with its variables.
    pub(super) fn asked(
        &self,
        (prepared, operation): Operated<'_>,
        request: &Request,
        context: &Context,
        snapshot: Arc<Snapshot>,
    ) -> Result<Asked, Vec<GraphqlError>> {
        let text = request.variables.as_deref().map(RawValue::get);
        let variables = prepared.document.variables(operation, text).map_err(one)?;
        let document = &prepared.document;
        let id = context.request_id;
        let lowered = prepared
            .compiled
            .lowered(snapshot.ontology(), document, operation, &variables, id)
            .map_err(one)?;
        Ok(Asked {
            lowered,
            variables,
            languages: self.languages(context, snapshot.ontology()),
            snapshot,
        })
    }

    fn task(
        &self,
        operated: Operated<'_>,
        request: &Request,
        context: &Context,
        sight: &Sight,
    ) -> Result<Task, Vec<GraphqlError>> {
        let asked = self.asked(operated, request, context, sight.snapshot.clone())?;
        let Asked {
            lowered,
            variables,
            languages,
            snapshot,
        } = asked;
        sight.kept.turn_to(snapshot.revision());
        let (operation, id) = (operated.1, context.request_id);
        let text = request.variables.as_deref().map(RawValue::get);
        let binder = Binder::new(&snapshot, &languages, self.optimize);
        let calls = binder.calls(&lowered.slots, &variables).map_err(one)?;
        let given = (&variables, &languages);
        let past = Past::of(self, &lowered, given, context).map_err(one)?;
        let introspection = self
            .introspection(operation, text)
            .map_err(|wrong| one(GraphqlError::internal(id, &wrong)))?;
        Ok(Task {
            about: lowered.asks_about_the_ontology().then(|| self.about(sight)),
            introspection,
            past,
            kept: sight.kept.clone(),
            lowered,
            calls,
            cancel: context.cancel.clone(),
            deadline: context.deadline,
            limit: self.limits.answer,
            records: self.limits.records,
            request: id,
            trace: context.trace.clone(),
            snapshot,
        })
    }

    /// The languages of the request, then those of the ontology.
    fn languages(&self, context: &Context, ontology: &Ontology) -> Arc<[String]> {
        let mut languages = context.languages.clone();
        languages.extend(
            ontology
                .languages
                .iter()
                .filter(|l| !context.languages.contains(l))
                .cloned(),
        );
        languages.into()
    }

    fn introspection(
        &self,
        operation: &Operation,
        variables: Option<&str>,
    ) -> Result<BTreeMap<String, Box<RawValue>>, String> {
        let Some(text) = operation.introspection() else {
            return Ok(BTreeMap::new());
        };
        let variables = variables
            .map(serde_json::from_str::<Option<_>>)
            .transpose()
            .map_err(|e| e.to_string())?;
        let variables = variables.flatten().unwrap_or_default();
        let answer = self
            .served
            .introspect(text, &variables, operation.name())
            .map_err(|e| e.to_string())?;
        serde_json::from_str(&answer).map_err(|e| e.to_string())
    }

    /// Runs a task: a long one on a thread of its own.
    pub(super) async fn run(&self, task: Task) -> Result<Vec<u8>, Halt> {
        self.work(task, Task::run).await
    }

    async fn work<T: Send + 'static>(
        &self,
        task: Task,
        work: fn(&Task, u64) -> Result<T, Halt>,
    ) -> Result<T, Halt> {
        if task.past.is_none() {
            match work(&task, INLINE_COST.min(self.limits.cost)) {
                Err(Halt::Stop(Stop::Cost(INLINE_COST))) => {}
                done => return done,
            }
        }
        let cost = self.limits.cost;
        let Ok(permit) = self.long_runs.clone().acquire_owned().await else {
            return Err(Halt::Stop(Stop::Cancelled));
        };
        let run = tokio::task::spawn_blocking(move || {
            let done = work(&task, cost);
            drop(permit);
            done
        });
        run.await.unwrap_or(Err(Halt::Stop(Stop::Cancelled)))
    }

    /// Runs a query and tells how: for each root field with arguments its plan, and the work done.
    ///
    /// # Errors
    /// Those of the request.
    pub fn explain(
        &self,
        request: &Request,
        context: &Context,
    ) -> Result<Explanation, Vec<GraphqlError>> {
        let prepared = self.prepare(&request.query)?;
        let operation = prepared
            .document
            .operation(request.operation_name.as_deref())
            .map_err(one)?;
        if operation.kind() != OperationKind::Query {
            let wrong = "only a query has a plan to be explained";
            return Err(one(GraphqlError::new(ErrorCode::BadUserInput, wrong)));
        }
        let task = self.task((&prepared, operation), request, context, &self.whole())?;
        let budget = Budget::new(self.limits.cost, task.records, task.deadline, &task.cancel);
        let run = Run {
            snapshot: &task.snapshot,
            calls: &task.calls,
            budget: &budget,
            kept: &Kept::default(),
        };
        run.run(&task.lowered.selection)
            .map_err(|stop| one(stopped(&Halt::Stop(stop))))?;
        let roots = task.lowered.selection.roots.iter();
        let plans = roots.map(|root| {
            let plan = explain(&task.calls[root.what.slot], task.snapshot.ontology());
            (root.what.name.to_string(), plan)
        });
        Ok(Explanation {
            plans: plans.collect(),
            work: budget.work(),
        })
    }
}

impl Service for Engine {
    async fn execute(&self, request: &Request, context: &Context) -> Answer {
        let planning = context.trace.part("plan");
        let prepared = match self.prepare(&request.query) {
            Ok(prepared) => prepared,
            Err(errors) => return refused(&errors),
        };
        let name = request.operation_name.as_deref();
        let operation = match prepared.document.operation(name) {
            Ok(operation) => operation,
            Err(error) => return refused(&[error]),
        };
        let operated = (&*prepared, operation);
        note(&context.trace, operation);
        match operation.kind() {
            OperationKind::Query => {}
            OperationKind::Mutation => {
                return self.mutate(operated, request, (context, planning)).await;
            }
            OperationKind::Subscription => return refused(&[not_once()]),
        }
        let sight = match self.sight(context).await {
            Ok(sight) => sight,
            Err(error) => return refused(&[error]),
        };
        let task = match self.task(operated, request, context, &sight) {
            Ok(task) => task,
            Err(errors) => return refused(&errors),
        };
        drop(planning);
        match self.run(task).await {
            Ok(body) => Answer {
                body: body.into(),
                outcome: Outcome::Data,
            },
            Err(halt) => halted(&halt),
        }
    }

    async fn draw(&self, request: &Request, context: &Context) -> Result<Drawing, Answer> {
        self.drawn(request, context).await
    }

    fn subscribe(&self, request: &Request, context: &Context) -> Opened {
        let prepared = match self.prepare(&request.query) {
            Ok(prepared) => prepared,
            Err(errors) => return Opened::Refused(refused(&errors)),
        };
        let name = request.operation_name.as_deref();
        let operation = match prepared.document.operation(name) {
            Ok(operation) => operation,
            Err(error) => return Opened::Refused(refused(&[error])),
        };
        if operation.kind() != OperationKind::Subscription {
            return Opened::NoSubscription;
        }
        note(&context.trace, operation);
        match self.watch((&prepared, operation), request, context) {
            Ok(answers) => Opened::Answers(answers),
            Err(errors) => Opened::Refused(refused(&errors)),
        }
    }

    fn schema_sdl(&self) -> Arc<str> {
        self.served.sdl().clone()
    }

    fn observe(&self) -> Vec<Observation> {
        let (hits, misses) = self.documents.uses();
        let subscribers = self.limits.subscribers - self.subscribers.available_permits();
        let snapshot = (self.snapshots)();
        let nodes = snapshot.count(snapshot.ontology().node());
        let hit = "Documents whose plan was known";
        let missed = "Documents that had to be checked and planned";
        let kept = self.documents.len();
        let seen = "The last commit that readers see";
        let watching = "Subscriptions being answered";
        let mut all = vec![
            total("plan_cache_hits", hit, hits as f64),
            total("plan_cache_misses", missed, misses as f64),
            level("plan_cache_entries", "Documents kept", kept as f64),
            level("subscribers", watching, subscribers as f64),
            level("revision", seen, snapshot.revision() as f64),
            level("nodes", "Nodes in the graph", nodes as f64),
        ];
        let written = self.db.as_ref().map(|db| of_writer(&db.written()));
        all.extend(written.into_iter().flatten());
        all
    }

    fn backup(&self, to: &mut dyn std::io::Write) -> Result<(), String> {
        let db = self.db.as_ref().ok_or("there is no data directory")?;
        let copied = db.backup(to).map_err(|error| error.to_string())?;
        tracing::info!(copied.revision, copied.bytes, "a backup was taken");
        Ok(())
    }

    fn ready(&self) -> bool {
        true
    }
}

/// Tells a span of an operation.
fn note(trace: &Trace, operation: &Operation) {
    if trace.is_on() {
        trace.note("graphql.operation.type", operation.kind().name());
        if let Some(name) = operation.name() {
            trace.note("graphql.operation.name", name.to_owned());
        }
    }
}

/// A subscription that came as if it had one answer.
fn not_once() -> GraphqlError {
    let message = "a subscription has many answers, which cannot be given so";
    let hint = "ask over a WebSocket (graphql-transport-ws), or accept `text/event-stream`";
    GraphqlError::new(ErrorCode::BadUserInput, message).hint(hint)
}
