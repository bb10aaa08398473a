//! What does one run need, wherever it runs, and in which order does it happen? Not for: how a request
//! becomes one (`engine`).

use super::lower::Lowered;
use super::past::Past;
use super::service::RequestId;
use super::write::{Halt, Part, Source, Writer};
use crate::exec::{Budget, Kept, RootRows, Run};
use crate::graph::Snapshot;
use crate::plan::Call;
use crate::trace::Trace;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// How large an answer is expected to be at most, however large the last one was.
const MOST_EXPECTED: usize = 1 << 20;

/// One run: everything that it needs, wherever it runs.
pub(super) struct Task {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) lowered: Arc<Lowered>,
    pub(super) calls: Vec<Call>,
    pub(super) introspection: BTreeMap<String, Box<RawValue>>,
    pub(super) about: Option<Arc<serde_json::Value>>,
    /// What the fields that are answered apart read, if there are any.
    pub(super) past: Option<Past>,
    pub(super) kept: Arc<Kept>,
    pub(super) cancel: Arc<AtomicBool>,
    pub(super) deadline: Instant,
    pub(super) limit: usize,
    pub(super) records: u64,
    pub(super) request: RequestId,
    /// What the run is a part of.
    pub(super) trace: Trace,
}

impl Task {
    /// The whole answer, within so many records touched.
    pub(super) fn run(&self, cost: u64) -> Result<Vec<u8>, Halt> {
        let budget = Budget::new(cost, self.records, self.deadline, &self.cancel);
        let running = self.trace.part("execute");
        let parts = self.parts(&budget, &[])?;
        let rows = self.over(&budget).run(&self.lowered.selection);
        let rows = rows.map_err(Halt::Stop)?;
        drop(running);
        let _writing = self.trace.part("write");
        self.written(&budget, &parts, &rows)
    }

    /// The same as a part of another answer, under a path in it.
    pub(super) fn part(&self, budget: &Budget<'_>, path: &[&str]) -> Result<Part, Halt> {
        let parts = self.parts(budget, path)?;
        let rows = self.over(budget).run(&self.lowered.selection);
        let rows = rows.map_err(Halt::Stop)?;
        let source = self.source(budget, &parts, path);
        Writer::new(&source, self.size()).into_part(&self.lowered.selection, &rows)
    }

    /// What is answered apart.
    fn parts(&self, budget: &Budget<'_>, path: &[&str]) -> Result<Vec<Option<Part>>, Halt> {
        match &self.past {
            Some(past) => past.parts(self, budget, path),
            None => Ok(Vec::new()),
        }
    }

    /// A run over the graph.
    pub(super) fn over<'a>(&'a self, budget: &'a Budget<'a>) -> Run<'a> {
        Run {
            snapshot: &self.snapshot,
            calls: &self.calls,
            budget,
            kept: &self.kept,
        }
    }

    /// Rows as an answer, with what is answered apart.
    pub(super) fn written(
        &self,
        budget: &Budget<'_>,
        parts: &[Option<Part>],
        rows: &[RootRows],
    ) -> Result<Vec<u8>, Halt> {
        let source = self.source(budget, parts, &[]);
        let writer = Writer::new(&source, self.size());
        let answer = writer.answer(&self.lowered.selection, rows)?;
        self.lowered.size.store(answer.len(), Ordering::Relaxed);
        Ok(answer)
    }

    /// How many bytes an answer will hardly exceed.
    fn size(&self) -> usize {
        let last = self.lowered.size.load(Ordering::Relaxed);
        last.min(MOST_EXPECTED)
    }

    fn source<'a>(
        &'a self,
        budget: &'a Budget<'a>,
        parts: &'a [Option<Part>],
        path: &'a [&'a str],
    ) -> Source<'a> {
        Source {
            snapshot: &self.snapshot,
            calls: &self.calls,
            slots: &self.lowered.slots,
            budget,
            kept: &self.kept,
            introspection: &self.introspection,
            about: self.about.as_deref(),
            parts,
            path,
            limit: self.limit,
            request: self.request,
        }
    }
}
