//! How are the fields answered that look into the past? `at`, `history` and `diff`, each apart, over a
//! graph of its own. Not for: reaching the past (`db`).

use super::bind::Binder;
use super::engine::Engine;
use super::error::{ErrorCode, GraphqlError, PathSegment};
use super::input::Variables;
use super::limits::exceeded;
use super::lower::{Apart, Lowered};
use super::schema::describe;
use super::service::{Context, RequestId};
use super::sight::Eyes;
use super::task::Task;
use super::write::{Halt, Part};
use crate::change::Kind;
use crate::db::{Db, DbError, RecordKey};
use crate::exec::{Budget, Stop};
use crate::graph::{Changed, Commit, Snapshot};
use crate::plan::{Call, Event, Kinds, PastCall, RootField, Told};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many looks into the past an operation may have.
const LOOKS: usize = 10;

/// What fields about the past read.
#[derive(Clone)]
pub(super) struct Past {
    db: Arc<Db>,
    /// How whoever asks sees graphs; none: as they are.
    eyes: Option<Eyes>,
    variables: Variables,
    languages: Arc<[String]>,
    optimize: bool,
}

/// Why there is no part.
enum Wrong {
    /// Its arguments name nothing.
    Field(GraphqlError),
    /// The run must stop.
    Halt(Halt),
}

impl From<Stop> for Wrong {
    fn from(stop: Stop) -> Self {
        Self::Halt(Halt::Stop(stop))
    }
}

/// The graph to be asked, and what is shown if it is not the graph itself.
struct Found {
    graph: Arc<Snapshot>,
    told: Option<Told>,
}

impl Past {
    /// What an operation needs of it; none if it asks nothing about the past.
    pub(super) fn of(
        engine: &Engine,
        lowered: &Lowered,
        (variables, languages): (&Variables, &Arc<[String]>),
        context: &Context,
    ) -> Result<Option<Self>, GraphqlError> {
        match lowered.count_apart() {
            0 => return Ok(None),
            many if many > LOOKS => {
                return Err(exceeded("past", LOOKS, "ask in several requests"));
            }
            _ => {}
        }
        let db = engine.db.clone().ok_or_else(|| {
            let message = "this graph is not kept anywhere, and so has no past";
            GraphqlError::new(ErrorCode::BadUserInput, message)
        })?;
        Ok(Some(Self {
            db,
            eyes: engine.eyes(context),
            variables: variables.clone(),
            languages: languages.clone(),
            optimize: engine.optimize,
        }))
    }

    /// The parts of a task's answer; none for a field whose arguments make no sense.
    pub(super) fn parts(
        &self,
        task: &Task,
        budget: &Budget<'_>,
        path: &[&str],
    ) -> Result<Vec<Option<Part>>, Halt> {
        let mut parts = Vec::new();
        for root in &task.lowered.selection.roots {
            let RootField::Apart(at) = root.what.field else {
                continue;
            };
            let apart = &task.lowered.aparts[at];
            let path: Vec<&str> = path.iter().copied().chain([&*apart.key]).collect();
            let Call::Past(call) = &task.calls[root.what.slot] else {
                parts.push(None);
                continue;
            };
            let part = self.part(task, (call, apart), budget, &path);
            parts.push(Some(part.or_else(|wrong| {
                let location = task.lowered.slots[root.what.slot].location;
                match wrong {
                    Wrong::Halt(halt) => Err(halt),
                    Wrong::Field(error) => Ok(missing(error.at(location), &path)),
                }
            })?));
        }
        Ok(parts)
    }

    fn part(
        &self,
        task: &Task,
        (call, apart): (&PastCall, &Apart),
        budget: &Budget<'_>,
        path: &[&str],
    ) -> Result<Part, Wrong> {
        budget.look()?;
        let found = self.find(call, task, budget)?;
        budget.look()?;
        let inner = self.task(task, apart, found).map_err(Wrong::Field)?;
        inner.part(budget, path).map_err(Wrong::Halt)
    }

    /// The task of a field, with what it reads.
    fn task(&self, outer: &Task, apart: &Apart, found: Found) -> Result<Task, GraphqlError> {
        let Found { graph, told } = found;
        let lowered = apart.lowered.clone();
        let binder = Binder::new(&graph, &self.languages, self.optimize);
        let mut calls = binder.calls(&lowered.slots, &self.variables)?;
        if let (Some(told), [only]) = (told, lowered.selection.roots.as_slice()) {
            calls[only.what.slot] = Call::Told(Box::new(told));
        }
        let about = lowered.asks_about_the_ontology().then(|| {
            describe(
                graph.ontology(),
                |of| graph.count(of),
                |of| graph.edge_count(of),
            )
        });
        Ok(Task {
            about: about.map(Arc::new),
            past: (lowered.count_apart() > 0).then(|| self.clone()),
            introspection: BTreeMap::new(),
            kept: Arc::default(),
            cancel: outer.cancel.clone(),
            trace: outer.trace.clone(),
            snapshot: graph,
            lowered,
            calls,
            ..*outer
        })
    }

    fn find(&self, call: &PastCall, task: &Task, budget: &Budget<'_>) -> Result<Found, Wrong> {
        let told = |error| tell(error, task.request);
        match call {
            PastCall::Revision(revision) => self.at(*revision, task.request),
            PastCall::Time(time) => {
                let revision = self.db.revision_at(*time).map_err(told)?;
                self.at(revision, task.request)
            }
            PastCall::History { id, first, before } => {
                let most = match self.eyes {
                    // Which of them are seen is known later.
                    Some(_) => usize::MAX,
                    None => first.unwrap_or(usize::MAX),
                };
                let commits = self.db.history_of_id(id, *before, most).map_err(told)?;
                let Some(mut commits) = commits else {
                    return Err(Wrong::Field(no_id(id)));
                };
                budget.spend(commits.len() as u64)?;
                if let Some(eyes) = &self.eyes {
                    let record = RecordKey::of_id(task.snapshot.ontology(), id);
                    let record = record.ok_or_else(|| Wrong::Field(no_id(id)))?;
                    commits = self.seen(eyes, &commits, (&record, task.request), budget)?;
                }
                commits.truncate(first.unwrap_or(usize::MAX));
                Ok(Found {
                    graph: task.snapshot.clone(),
                    told: Some(entries(commits)),
                })
            }
            PastCall::Diff { from, to, kinds } => {
                let to = to.unwrap_or_else(|| task.snapshot.revision());
                let graph = self.at(to, task.request)?.graph;
                self.db.check(*from).map_err(told)?;
                let wanted = |kind| kinds.has(kind);
                let changes = match &self.eyes {
                    Some(_) => graph.against(&self.at(*from, task.request)?.graph),
                    None => self.db.difference(*from, to, wanted).map_err(told)?,
                };
                budget.spend(changes.len() as u64)?;
                let commit = Arc::new(Commit::from(changes));
                let events = commit.records().map(|c| Kinds::events(kinds, c));
                let told = Told {
                    commits: vec![(commit, events.unwrap_or_default())],
                    is_list: false,
                    from: *from,
                };
                Ok(Found {
                    graph,
                    told: Some(told),
                })
            }
        }
    }

    fn at(&self, revision: u64, request: RequestId) -> Result<Found, Wrong> {
        let graph = self.db.at(revision).map_err(|error| tell(error, request))?;
        let graph = match &self.eyes {
            Some(eyes) => see(eyes, &graph, request).map_err(Wrong::Field)?,
            None => graph,
        };
        Ok(Found { graph, told: None })
    }

    /// What those who see a part only see of the commits of a record: each is judged by what it was
    /// and is in that part.
    fn seen(
        &self,
        eyes: &Eyes,
        commits: &[Arc<Commit>],
        (record, request): (&RecordKey, RequestId),
        budget: &Budget<'_>,
    ) -> Result<Vec<Arc<Commit>>, Wrong> {
        let mut seen = Vec::new();
        let state = |revision| {
            let graph = self.db.at(revision).map_err(|error| tell(error, request))?;
            see(eyes, &graph, request).map_err(Wrong::Field)
        };
        for commit in commits {
            budget.look()?;
            let (before, after) = (state(commit.revision - 1)?, state(commit.revision)?);
            let changes = record.change_between(&before, &after);
            if changes.is_seen() {
                seen.push(Arc::new(Commit {
                    changed: Changed::Records(changes),
                    ..Commit::clone(commit)
                }));
            }
        }
        Ok(seen)
    }
}

/// What is seen of a graph.
pub(super) fn see(
    eyes: &Eyes,
    graph: &Arc<Snapshot>,
    request: RequestId,
) -> Result<Arc<Snapshot>, GraphqlError> {
    let seen = eyes.see(graph);
    seen.map_err(|wrong| GraphqlError::internal(request, &wrong))
}

/// The commits of one record, each with its only event.
fn entries(commits: Vec<Arc<Commit>>) -> Told {
    let only = |commit: Arc<Commit>| {
        let nodes = commit.records().is_some_and(|all| !all.nodes.is_empty());
        let event = if nodes {
            Event::Node(0)
        } else {
            Event::Edge(0)
        };
        (commit, vec![event])
    };
    Told {
        commits: commits.into_iter().map(only).collect(),
        is_list: true,
        from: 0,
    }
}

impl Kinds {
    fn has(&self, kind: Kind) -> bool {
        match kind {
            Kind::Node(of) => self.nodes.contains(&of),
            Kind::Edge(of) => self.edges.contains(&of),
        }
    }
}

fn no_id(id: &str) -> GraphqlError {
    let id = super::error::excerpt(id, 80);
    GraphqlError::new(ErrorCode::BadUserInput, format!("{id:?} is no id"))
        .hint("give the `id` of a node, `Type:key`, or of an edge, as answers have it")
}

/// What of the past cannot be read, and why.
fn tell(error: DbError, request: RequestId) -> Wrong {
    Wrong::Field(told(&error, request))
}

/// The same as an error of a field.
pub(super) fn told(error: &DbError, request: RequestId) -> GraphqlError {
    match error {
        DbError::NoRevision { oldest, latest, .. } => {
            let hint = format!("give a revision from {oldest} to {latest}");
            GraphqlError::new(ErrorCode::NotFound, error.to_string()).hint(hint)
        }
        DbError::NoMoment { oldest } => {
            let hint = format!("give a later time, or revision {oldest}");
            GraphqlError::new(ErrorCode::NotFound, error.to_string()).hint(hint)
        }
        DbError::Unfit(_) => GraphqlError::new(ErrorCode::BadUserInput, error.to_string()),
        _ => GraphqlError::internal(request, error),
    }
}

fn missing(error: GraphqlError, path: &[&str]) -> Part {
    let path = path.iter().map(|key| PathSegment::Key((*key).into()));
    Part {
        json: None,
        errors: vec![error.on(path.collect())],
    }
}
