//! What passes between a transport and the GraphQL service?
//!
//! A transport reads and judges the envelope (sizes, media types, JSON), the service answers the
//! document in it. Not for HTTP words: how an [`Outcome`] becomes a status is the server's matter.

use std::fmt;
use std::future::Future;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Instant, SystemTime};

use crate::access::Principal;
use async_graphql::futures_util::stream::BoxStream;
use bytes::Bytes;
use serde_json::value::RawValue;

use crate::exec::Picture;
use crate::graph::Snapshot;
use crate::trace::Trace;

/// One GraphQL request, its envelope already checked.
#[derive(Debug)]
pub struct Request {
    /// The document's text: valid UTF-8, otherwise unchecked.
    pub query: String,
    /// Which operation of the document to run.
    pub operation_name: Option<String>,
    /// A JSON object by its first byte, of any depth within; parse it with a recursion limit.
    pub variables: Option<Box<RawValue>>,
    /// A JSON object by its first byte, of any depth within; parse it with a recursion limit.
    pub extensions: Option<Box<RawValue>>,
}

/// Who asks, and for how long the answer is wanted. Dropping it sets [`Context::cancel`].
#[derive(Debug)]
pub struct Context {
    /// Language tags of `Accept-Language`, best first; empty when the client named none.
    pub languages: Vec<String>,
    /// A mutation must be refused with [`Outcome::MutationByGet`].
    pub read_only: bool,
    /// True as soon as nobody waits any more: the client left, or the deadline passed.
    /// Long work looks at it between batches and stops.
    pub cancel: Arc<AtomicBool>,
    /// When the server gives up and answers `TIMEOUT` by itself.
    pub deadline: Instant,
    /// Who asks, and as commits tell of it; none where access is not controlled.
    pub principal: Option<Arc<Principal>>,
    /// What an `INTERNAL` error shows instead of its inside, and the log shows beside it.
    pub request_id: RequestId,
    /// Its span; none where nobody collects traces.
    pub trace: Trace,
}

impl Context {
    /// The context of a request of nobody in particular, who may write and waits until `deadline`.
    pub fn until(deadline: Instant) -> Self {
        Self {
            languages: Vec::new(),
            principal: None,
            read_only: false,
            cancel: Arc::default(),
            deadline,
            request_id: RequestId::next(),
            trace: Trace::default(),
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// Names one request in logs and in `INTERNAL` errors: 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(u64);

impl RequestId {
    /// The next id: different from all others of this process, and hardly that of an earlier one.
    pub fn next() -> Self {
        static START: LazyLock<u64> = LazyLock::new(seconds_now);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self((*START << 32).wrapping_add(COUNT.fetch_add(1, Ordering::Relaxed)))
    }
}

fn seconds_now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |age| age.as_secs())
}

impl fmt::Display for RequestId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:016x}", self.0)
    }
}

/// A complete response: one JSON object, and what kind of response it is.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The JSON object with `data`, `errors`, `extensions`: compact UTF-8, sent as it is.
    pub body: Bytes,
    /// How it went; transports choose their status by it.
    pub outcome: Outcome,
}

/// How a request went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a `data` entry, even if null, with or without `errors`.
    Data,
    /// A request error, without `data`: the document or the variables were refused.
    Refused,
    /// A request error: a mutation came while [`Context::read_only`] was set.
    MutationByGet,
    /// A request error: time ran out before there was anything to give (`TIMEOUT`).
    TimedOut,
    /// A request error: a fault of ours (`INTERNAL`), already logged with the request's id.
    Failed,
}

/// What an operation shows, ready for a file in any format.
#[derive(Debug)]
pub struct Drawing {
    /// The data of the moment.
    pub snapshot: Arc<Snapshot>,
    /// Which records of them.
    pub picture: Picture,
    /// In which languages texts are shown, best first.
    pub languages: Arc<[String]>,
    /// The root field, after which a file may be named: letters, digits and `_`.
    pub name: Box<str>,
}

/// Something measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Its name as in Prometheus, without the prefix of the program and the suffix `_total`.
    pub name: &'static str,
    /// What it tells, for people.
    pub help: &'static str,
    /// Its value.
    pub measure: Measure,
}

/// A measured value.
#[derive(Debug, Clone, PartialEq)]
pub enum Measure {
    /// How often there was how much: for each class its upper bound, at last infinity, and how many
    /// are in it and in none before.
    Spread {
        /// All together.
        sum: f64,
        /// The classes, in order.
        classes: Vec<(f64, u64)>,
    },
    /// Only grows.
    Total(f64),
    /// Goes up and down.
    Level(f64),
}

/// What comes of asking for answers that go on.
pub enum Opened {
    /// The answers to a subscription. They end by themselves only after one whose outcome is not
    /// [`Outcome::Data`], or when the graph is closed. Waiting for the next takes no thread.
    Answers(BoxStream<'static, Answer>),
    /// No answers, but this one: the request is wrong.
    Refused(Answer),
    /// It is no subscription: [`Service::execute`] answers it.
    NoSubscription,
}

/// Answers GraphQL requests. Cheap to call from many tasks at once.
pub trait Service: Send + Sync + 'static {
    /// Answers one query or mutation.
    ///
    /// The future is dropped when the client leaves or the deadline passes, but only while it is
    /// pending: work of more than about a millisecond belongs on another thread, awaited here,
    /// looking at [`Context::cancel`]. A panic is caught and answered as `INTERNAL`.
    fn execute(&self, request: &Request, context: &Context) -> impl Future<Output = Answer> + Send;

    /// The records that the one root field of a query shows, instead of its answer; the same limits
    /// hold but for the size of the answer.
    ///
    /// # Errors
    /// The answer that says what is wrong.
    fn draw(
        &self,
        request: &Request,
        context: &Context,
    ) -> impl Future<Output = Result<Drawing, Answer>> + Send;

    /// Begins to answer a subscription. Each answer may take as long as the context gives the
    /// request; all of them together are not bounded. Whoever drops the answers ends them.
    fn subscribe(&self, request: &Request, context: &Context) -> Opened;

    /// The generated schema in SDL, as `/schema.graphql` shows it.
    fn schema_sdl(&self) -> Arc<str>;

    /// What can be told of its work at this moment, for `/metrics`.
    fn observe(&self) -> Vec<Observation>;

    /// Writes a copy of all that is kept, as of now; blocks, on a thread that may be blocked.
    ///
    /// # Errors
    /// Why there is none, for the log, after what was written so far.
    fn backup(&self, to: &mut dyn Write) -> Result<(), String>;

    /// Whether requests can be answered now; `/health/ready` tells it to load balancers.
    fn ready(&self) -> bool;
}
