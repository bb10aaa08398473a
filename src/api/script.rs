//! How is a mutation carried out? Its root fields in order, each over what those before it left, as one
//! transaction. Not for: asking for it and answering (`mutation`).

use super::bind::{Binder, Bounds, HINT, Scribe, Why};
use super::engine::{Asked, Engine};
use super::error::{ErrorCode, GraphqlError, PathSegment};
use super::limits::exceeded;
use super::lower::{SlotKind, Verb};
use super::service::{Context, RequestId};
use super::sight::{Touched, Warden};
use crate::access::Principal;
use crate::change::{Checked, Code, Part, Refusal, Refusals, Rules, Transaction, Violation};
use crate::db::{DbError, Next, Write};
use crate::exec::{Budget, Kept, Run, Stop};
use crate::graph::{About, Snapshot};
use crate::plan::Root;
use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// What it costs to write a record, beside one that is read.
const RECORD: u64 = 10;

/// A mutation, ready to be carried out on any thread.
pub(super) struct Script {
    pub(super) asked: Asked,
    rules: Arc<Rules>,
    optimize: bool,
    cost: u64,
    records: u64,
    principal: Option<Arc<Principal>>,
    pub(super) warden: Option<Warden>,
    cancel: Arc<AtomicBool>,
    deadline: Instant,
    request: RequestId,
}

/// Why a mutation was not made.
pub(super) enum Failed {
    /// The request makes no sense.
    Request(Box<GraphqlError>),
    /// It may not be, for each of these reasons.
    Refused(Vec<GraphqlError>),
    /// It took too long, or too much.
    Stopped(Stop),
    /// It could not be kept.
    Db(DbError),
}

impl From<DbError> for Failed {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<Stop> for Failed {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// A transaction on its way.
struct Course<'a> {
    transaction: Transaction<'a>,
    bounds: Bounds,
    why: Why,
    /// The response key of `commit`.
    commit: Option<&'a str>,
    /// The response keys of those that write.
    keys: Vec<&'a str>,
}

impl Script {
    pub(super) fn new(
        engine: &Engine,
        asked: Asked,
        rules: &Arc<Rules>,
        (context, warden): (&Context, Option<Warden>),
    ) -> Self {
        Self {
            asked,
            rules: rules.clone(),
            optimize: engine.optimize,
            cost: engine.limits.cost,
            records: engine.limits.records,
            principal: context.principal.clone(),
            warden,
            cancel: context.cancel.clone(),
            deadline: context.deadline,
            request: context.request_id,
        }
    }

    /// Carries it out over a graph: what it changes, to be kept or not.
    pub(super) fn perform(&self, base: &Snapshot) -> Result<(Checked, Why), Failed> {
        let budget = Budget::new(self.cost, self.records, self.deadline, &self.cancel);
        let stopped = Cell::new(None);
        let goes_on = || {
            let stop = stopped.get().or_else(|| budget.spend(RECORD).err());
            stopped.set(stop);
            stop.is_none()
        };
        let mut course = Course {
            transaction: Transaction::new(&self.rules, base).watched(&goes_on),
            bounds: Bounds::of_writing(),
            why: Why::default(),
            commit: None,
            keys: Vec::new(),
        };
        let mut is_first = true;
        for root in &self.asked.lowered.selection.roots {
            budget.look()?;
            let slot = &self.asked.lowered.slots[root.what.slot];
            if let SlotKind::Mutation(verb) = slot.kind {
                if verb == Verb::Commit {
                    course.note_commit(root.key(), is_first);
                }
                course = self.step(course, (root.key(), &root.what), verb, &budget)?;
                stopped.get().map_or(Ok(()), Err)?;
                course
                    .keys
                    .extend((verb != Verb::Commit).then_some(root.key()));
                is_first = false;
            }
        }
        self.finish(course, base, &budget)
    }

    /// One root field.
    fn step<'a>(
        &self,
        mut course: Course<'a>,
        (key, root): (&str, &Root),
        verb: Verb,
        budget: &Budget<'_>,
    ) -> Result<Course<'a>, Failed> {
        let slot = &self.asked.lowered.slots[root.slot];
        let given = slot.arguments.evaluate(&self.asked.variables);
        let given = given.map_err(|wrong| Failed::Request(Box::new(wrong.at(slot.location))))?;
        let graph = course.transaction.graph().clone();
        let seen = self.seen(&graph)?;
        let graph = seen.clone().unwrap_or(graph);
        let kept = Kept::default();
        let run = Run {
            snapshot: &graph,
            calls: &[],
            budget,
            kept: &kept,
        };
        let binder = Binder::new(&graph, &self.asked.languages, self.optimize);
        let scribe = Scribe::new(binder.within(course.bounds), run, key);
        if verb == Verb::Commit {
            course.why = scribe.why(&given);
        }
        let operation = scribe.operation(verb, &given)?;
        let (bounds, faults) = scribe.finish();
        let faults = faults.map_err(|(limit, most)| {
            let error = exceeded(limit, most, HINT).at(slot.location);
            Failed::Request(Box::new(error))
        })?;
        course.bounds = bounds;
        // Its parts are changed in place as long as nobody else has them.
        drop(graph);
        if let Some(seen) = seen {
            course.transaction.see(seen);
        }
        for (path, violation) in faults {
            course
                .transaction
                .refuse_at(Code::BadInput, path, violation);
        }
        if let Some(operation) = operation {
            course.transaction.run(key, &operation);
        }
        Ok(course)
    }

    /// As much of a graph as may be named; none: all of it.
    fn seen(&self, graph: &Snapshot) -> Result<Option<Snapshot>, Failed> {
        let seen = self.warden.as_ref().map(|warden| warden.seen(graph));
        seen.transpose()
            .map(Option::flatten)
            .map_err(|wrong| self.failed(&wrong))
    }

    fn failed(&self, wrong: &str) -> Failed {
        Failed::Request(Box::new(GraphqlError::internal(self.request, &wrong)))
    }

    /// Refuses what whoever asks may not write.
    fn allow(&self, keys: &[&str], base: &Snapshot, checked: &Checked) -> Result<(), Failed> {
        let Some(warden) = &self.warden else {
            return Ok(());
        };
        let forbidden = warden.forbidden(base, checked);
        let forbidden = forbidden.map_err(|wrong| self.failed(&wrong))?;
        if forbidden.is_empty() {
            return Ok(());
        }
        let mut refusals = Refusals::default();
        for (touched, message) in forbidden {
            let of = checked.outcomes.iter().position(|outcome| match &touched {
                Touched::Node(key) => outcome.nodes.contains(key),
                Touched::Edge(key) => outcome.edges.contains(key),
            });
            // What was written along with others belongs to the last field, if to none by itself.
            let key = of.map_or(keys.last(), |at| keys.get(at));
            let path = key.iter().map(|key| Part::from(**key)).collect();
            refusals.note(Code::Forbidden, path, Violation::new(message));
        }
        Err(Failed::Refused(self.told(&refusals)))
    }

    fn finish(
        &self,
        mut course: Course<'_>,
        base: &Snapshot,
        budget: &Budget<'_>,
    ) -> Result<(Checked, Why), Failed> {
        if let Some(key) = course.commit {
            course.transaction.cite(key, &course.why.references);
        }
        let finished = course.transaction.finish();
        // Who was told that the time is over finds nothing written.
        budget.look()?;
        match finished {
            Ok(checked) => {
                self.allow(&course.keys, base, &checked)?;
                Ok((checked, course.why))
            }
            Err(refusals) => Err(Failed::Refused(self.told(&refusals))),
        }
    }

    /// Carries it out and hands it over to be kept.
    pub(super) fn commit(&self, base: &Snapshot) -> Result<(Option<Write>, Vec<Done>), Failed> {
        let (mut checked, why) = self.perform(base)?;
        let done = std::mem::take(&mut checked.outcomes);
        let about = About {
            at: 0,
            actor: self.principal.as_ref().and_then(|who| who.name.clone()),
            message: why.message,
            references: why.references.into(),
        };
        let next = Next::of_checked(checked);
        Ok((next.map(|next| Write { next, about }), done))
    }

    fn told(&self, refusals: &Refusals) -> Vec<GraphqlError> {
        let told = refusals.first.iter().map(|refusal| self.refused(refusal));
        let mut told: Vec<_> = told.collect();
        let more = refusals.count - refusals.first.len();
        if more > 0 {
            let message = format!("and {more} more, which are not shown");
            told.push(GraphqlError::new(ErrorCode::ConstraintViolated, message));
        }
        told
    }

    fn refused(&self, refusal: &Refusal) -> GraphqlError {
        let code = match refusal.code {
            Code::BadInput => ErrorCode::BadUserInput,
            Code::NotFound => ErrorCode::NotFound,
            Code::Conflict => ErrorCode::Conflict,
            Code::Exists | Code::Constraint => ErrorCode::ConstraintViolated,
            Code::Forbidden => ErrorCode::Forbidden,
            Code::Internal => return GraphqlError::internal(self.request, &refusal.message),
        };
        let segment = |part: &Part| match part {
            Part::Name(name) => PathSegment::Key((**name).into()),
            Part::At(at) => PathSegment::Index(*at),
        };
        let mut input: Vec<_> = refusal.path.iter().map(segment).collect();
        let path: Vec<_> = input.drain(..input.len().min(1)).collect();
        let roots = self.asked.lowered.selection.roots.iter();
        let key = |root: &str| PathSegment::Key(root.into());
        let root = roots
            .clone()
            .find(|root| path.first() == Some(&key(root.key())));
        let location = root.and_then(|root| self.asked.lowered.slots[root.what.slot].location);
        let mut error = GraphqlError::new(code, &refusal.message).at(location);
        error.hint.clone_from(&refusal.hint);
        error.on(path).in_input(input)
    }
}

/// What a root field did.
pub(super) type Done = crate::change::Outcome;

impl<'a> Course<'a> {
    fn note_commit(&mut self, key: &'a str, is_first: bool) {
        if !is_first {
            let wrong = Violation::new("`commit` comes before all other fields");
            let wrong = wrong.hint("move it to the beginning");
            let path = vec![key.into()];
            self.transaction.refuse_at(Code::BadInput, path, wrong);
        }
        self.commit = Some(key);
    }
}
