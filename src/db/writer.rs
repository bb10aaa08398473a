//! In which order does a commit happen? One thread drains a queue of writes, group by group.
//!
//! Each write of a group is made over the head: the graph with all writes before it, which nobody
//! else sees yet. [`Writer::commit`] then makes the group durable with one flush, each commit with
//! its own revision and record, then visible, then answers each write, then announces each commit.
//! Not for: what a write may do (`change`).

use super::job::{Job, Make, Turn};
use super::log::{self, Logged, Recorded};
use super::{Bounds, DbError, Next, Shared, Write, image};
use crate::graph::{About, Changed, Commit, Snapshot};
use crate::store::StoreError;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The most writes, and bytes of their records, that share a flush.
const WRITES: usize = 1024;
const BYTES: usize = 4 << 20;
/// How long the first of a group waits while the queue goes on giving.
const WAIT: Duration = Duration::from_millis(2);

/// The thread that writes.
pub(super) struct Writer {
    shared: Arc<Shared>,
    queue: Receiver<Job>,
    bounds: Bounds,
    /// What the log holds since the checkpoint.
    logged: Logged,
    /// The time of the last commit.
    last: i64,
}

/// Writes that share a flush.
struct Group {
    /// The graph with all of them.
    head: Arc<Snapshot>,
    writes: Vec<Made>,
    commits: Vec<Recorded>,
    bytes: usize,
    begun: Instant,
}

/// A write that waits for the flush.
struct Made {
    make: Box<dyn Make>,
    /// The graph that it is answered with.
    graph: Arc<Snapshot>,
    /// When it was asked for, if it is a commit.
    asked: Option<Instant>,
}

impl Group {
    fn new(head: Arc<Snapshot>) -> Self {
        Self {
            head,
            writes: Vec::new(),
            commits: Vec::new(),
            bytes: 0,
            begun: Instant::now(),
        }
    }

    fn is_full(&self) -> bool {
        self.writes.len() >= WRITES || self.bytes >= BYTES || self.begun.elapsed() >= WAIT
    }

    /// Puts a commit on the head, with all that changes with it: the graph and its indexes, that of
    /// the search among them.
    fn add(&mut self, next: Next, about: About) -> Result<(), DbError> {
        follows(&self.head, &next)?;
        let (changes, graph) = match next {
            Next::Applied(changes, graph) => (changes, graph),
            Next::Changes(changes) => {
                let graph = self.head.apply(&changes).map_err(refused)?;
                (changes, graph)
            }
            Next::Graph(..) => return Err(refused("a whole graph shares no flush".into())),
        };
        let commit = Commit {
            about,
            ..Commit::from(changes)
        };
        let recorded = Recorded::new(commit, graph.ontology())?;
        self.bytes += recorded.payload.len();
        self.commits.push(recorded);
        self.head = Arc::new(graph);
        Ok(())
    }
}

fn refused(why: String) -> DbError {
    StoreError::Refused { why }.into()
}

fn follows(head: &Snapshot, next: &Next) -> Result<(), DbError> {
    let (expected, found) = (head.revision() + 1, next.revision());
    match found == expected {
        true => Ok(()),
        false => Err(refused(format!(
            "the next commit is {expected}, not {found}"
        ))),
    }
}

impl Writer {
    pub(super) fn new(
        shared: Arc<Shared>,
        queue: Receiver<Job>,
        bounds: Bounds,
        (logged, last): (Logged, i64),
    ) -> Self {
        Self {
            shared,
            queue,
            bounds,
            logged,
            last,
        }
    }

    /// Works until nobody can ask any more.
    pub(super) fn run(mut self) {
        while let Ok(first) = self.queue.recv() {
            let mut group = self.begin();
            let mut next = Some(first);
            while let Some(job) = next {
                self.take(job, &mut group);
                self.shared.tally.done_waiting();
                next = self.queue.try_recv().ok();
                if group.is_full() {
                    self.end(&mut group);
                }
            }
            self.end(&mut group);
        }
    }

    fn begin(&self) -> Group {
        Group::new(self.shared.current.load_full())
    }

    /// Commits what a group has, and begins another.
    fn end(&mut self, group: &mut Group) {
        let full = std::mem::replace(group, Group::new(group.head.clone()));
        // What went wrong was told to all whom it concerns.
        let _ = self.commit(full);
        *group = self.begin();
    }

    fn take(&mut self, job: Job, group: &mut Group) {
        match job {
            Job::Make(make, asked) => return self.make((make, asked), group),
            Job::Turn(turn) => {
                self.end(group);
                self.turn(&turn);
            }
            Job::Adopt(graph, done) => {
                self.end(group);
                let _ = done.send(self.adopt(*graph));
            }
        }
        *group = self.begin();
    }

    /// Lets a write be made over the head of a group.
    fn make(&mut self, (mut make, asked): (Box<dyn Make>, Instant), group: &mut Group) {
        let Some(Write { next, about }) = make.make(&group.head) else {
            let graph = group.head.clone();
            let asked = None;
            return group.writes.push(Made { make, graph, asked });
        };
        let about = self.dated(about);
        if next.is_whole() {
            self.end(group);
            match self.commit_whole(next, about) {
                Ok(()) => self.shared.tally.answered(asked),
                Err(error) => make.refuse(error),
            }
            *group = self.begin();
            return make.answer(&group.head);
        }
        let added = group.add(next, about);
        let asked = added.is_ok().then_some(asked);
        if let Err(error) = added {
            make.refuse(error);
        }
        let graph = group.head.clone();
        group.writes.push(Made { make, graph, asked });
    }

    /// Lets another thread make a write.
    fn turn(&mut self, turn: &Turn) {
        if turn.begin.send(self.shared.current.load_full()).is_err() {
            return;
        }
        // Without an answer that thread panicked, and made nothing.
        let Ok(Some(Write { next, about })) = turn.made.recv() else {
            return;
        };
        let about = self.dated(about);
        let done = match next.is_whole() {
            true => self.commit_whole(next, about),
            false => {
                let mut group = self.begin();
                let added = group.add(next, about);
                added.and_then(|()| self.commit(group))
            }
        };
        if done.is_ok() {
            self.shared.tally.answered(turn.asked);
        }
        let _ = turn.done.send(done);
    }

    /// The order of a commit, for all of a group: durable, visible, answered, announced. If they
    /// cannot be made durable, none of them happened, and each is told why.
    fn commit(&mut self, group: Group) -> Result<(), DbError> {
        let Group {
            head,
            mut writes,
            commits,
            ..
        } = group;
        let begun = Instant::now();
        let durable = match commits.is_empty() {
            true => Ok(()),
            false => log::append(&*self.shared.store, &commits, &mut self.logged),
        };
        match &durable {
            Ok(()) if commits.is_empty() => {}
            Ok(()) => {
                self.shared.tally.committed(commits.len(), begun, self.last);
                self.shared.tally.logged(self.logged);
                let before = self.shared.current.load().revision();
                self.shared.past.anchor(&head, before);
                self.shared.current.store(head);
                self.renew_if_due();
            }
            Err(error) => writes
                .iter_mut()
                .for_each(|made| made.make.refuse(error.clone())),
        }
        for made in writes {
            if let (Some(asked), Ok(())) = (made.asked, &durable) {
                self.shared.tally.answered(asked);
            }
            made.make.answer(&made.graph);
        }
        if durable.is_ok() {
            self.announce(commits);
        }
        durable
    }

    /// The same for a whole graph: its checkpoint's finish is the commit point.
    fn commit_whole(&mut self, next: Next, about: About) -> Result<(), DbError> {
        let before = self.shared.current.load_full();
        follows(&before, &next)?;
        let (changed, graph) = match next {
            Next::Graph(graph, totals) => (Changed::Graph(totals), graph),
            Next::Applied(changes, graph) => (Changed::Records(changes), graph),
            Next::Changes(changes) => {
                let graph = before.apply(&changes).map_err(refused)?;
                (Changed::Records(changes), graph)
            }
        };
        let commit = Commit {
            revision: graph.revision(),
            about,
            changed,
        };
        let recorded = Recorded::new(commit, graph.ontology())?;
        let begun = Instant::now();
        {
            let _saving = self.shared.saving();
            image::commit(&*self.shared.store, &graph, &recorded.payload)?;
        }
        self.logged = Logged::default();
        self.shared.tally.committed(1, begun, self.last);
        self.shared.tally.logged(self.logged);
        self.shared.replace_with(graph);
        self.announce(vec![recorded]);
        Ok(())
    }

    fn announce(&self, commits: Vec<Recorded>) {
        for Recorded { commit, payload } in commits {
            self.shared.feed.announce(commit, payload.len());
        }
    }

    /// Puts a compact graph, of which there is a checkpoint, in the place of the present one.
    fn adopt(&mut self, mut graph: Snapshot) -> Result<(), DbError> {
        if self.shared.is_replaced(graph.revision()) {
            return Ok(());
        }
        self.logged = log::replay(&*self.shared.store, &mut graph)?;
        self.shared.tally.logged(self.logged);
        self.shared.past.clear();
        self.shared.current.store(Arc::new(graph));
        Ok(())
    }

    pub(super) fn renew_if_due(&self) {
        if self.bounds.are_met(self.logged) {
            self.shared.renew_soon();
        }
    }

    /// The present time, or that of the last commit if the clock went back.
    fn dated(&mut self, about: About) -> About {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_millis() as i64);
        self.last = now.max(self.last);
        let at = self.last;
        About { at, ..about }
    }
}
