//! How is one operation run so that it ends: in time, when nobody waits, and after a panic?

use std::future::ready;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::stream::BoxStream;
use futures_util::{FutureExt, Stream, StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::App;
use super::credentials;
use super::fault;
use super::memory::Share;
use super::traced;
use crate::access::Principal;
use crate::api::service::{Answer, Context, Drawing, Opened, Outcome, Request, RequestId, Service};
use crate::trace::Trace;

/// What takes longer is told in the log.
const SLOW: Duration = Duration::from_secs(1);

/// The context of an operation that has to be answered by `deadline`.
pub fn context(
    principal: Option<Arc<Principal>>,
    languages: Vec<String>,
    read_only: bool,
    (deadline, trace): (Instant, Trace),
) -> Context {
    let request_id = RequestId::next();
    if trace.is_on() {
        trace.note("guitu.request_id", request_id.to_string());
    }
    Context {
        principal,
        languages,
        read_only,
        cancel: Arc::new(AtomicBool::new(false)),
        deadline: deadline.into_std(),
        request_id,
        trace,
    }
}

/// Answers one operation, whatever happens inside, and tells the metrics and the log of it.
pub async fn answer<S: Service>(app: &App<S>, request: &Request, context: &Context) -> Answer {
    let start = Instant::now();
    if let Some(fault) = credentials::expired(app, context.principal.as_deref()) {
        return fault.answer();
    }
    let answer = match ended(app.service.execute(request, context), context).await {
        Ok(answer) | Err(answer) => answer,
    };
    let took = start.elapsed();
    app.metrics.answered(answer.outcome, took);
    traced::outcome(&context.trace, answer.outcome);
    tell(request, context, &answer, took);
    answer
}

/// The records that one operation shows, likewise.
///
/// # Errors
/// The answer that says what is wrong.
pub async fn drawing<S: Service>(
    app: &App<S>,
    request: &Request,
    context: &Context,
) -> Result<Drawing, Answer> {
    let start = Instant::now();
    let drawing = ended(app.service.draw(request, context), context).await;
    let drawing = drawing.and_then(|drawn| drawn);
    let outcome = drawing
        .as_ref()
        .map_or_else(|wrong| wrong.outcome, |_| Outcome::Data);
    app.metrics.answered(outcome, start.elapsed());
    traced::outcome(&context.trace, outcome);
    drawing
}

/// The log has every operation at level `debug`, and slow ones at `warn`.
fn tell(request: &Request, context: &Context, answer: &Answer, took: Duration) {
    let id = context.request_id;
    let operation = request.operation_name.as_deref();
    let (outcome, bytes) = (answer.outcome, answer.body.len());
    if took < SLOW {
        tracing::debug!(%id, operation, ?outcome, bytes, ?took, "answered");
    } else {
        tracing::warn!(%id, operation, ?outcome, bytes, ?took, "answered slowly");
    }
}

/// What a piece of work comes to, or how it ended instead.
async fn ended<T>(work: impl Future<Output = T>, context: &Context) -> Result<T, Answer> {
    let work = AssertUnwindSafe(work).catch_unwind();
    let mut work = std::pin::pin!(work);
    // Most answers are there at once: no timer for them.
    let done = match work.as_mut().now_or_never() {
        Some(done) => Ok(done),
        None => timeout_at(Instant::from_std(context.deadline), work).await,
    };
    match done {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_panic)) => Err(panicked(context.request_id)),
        Err(_elapsed) => {
            context.cancel.store(true, Ordering::Relaxed);
            Err(fault::timed_out())
        }
    }
}

fn panicked(id: RequestId) -> Answer {
    tracing::error!(request = %id, "a request ended in a panic");
    fault::internal(id)
}

/// All answers to an operation, as transports that can carry several take them.
///
/// Dropping the stream cancels the operation. A subscription ends when `enough` is resolved.
pub fn answers<S: Service>(
    app: Arc<App<S>>,
    request: Request,
    context: Context,
    share: Option<Share>,
    enough: impl Future<Output = ()> + Send + 'static,
) -> impl Stream<Item = Answer> + Send + 'static {
    let opening = async move {
        match open(&*app.service, &request, &context) {
            Opened::Answers(answers) => {
                tracing::debug!(id = %context.request_id, "subscribed");
                let answers = guarded(answers, context.request_id);
                while_known(answers, app, context)
                    .take_until(enough)
                    .boxed()
            }
            Opened::Refused(answer) => {
                app.metrics.answered(answer.outcome, Duration::ZERO);
                traced::outcome(&context.trace, answer.outcome);
                stream::iter([answer]).boxed()
            }
            Opened::NoSubscription => {
                let answer = answer(&app, &request, &context).await;
                drop(share);
                stream::iter([answer]).boxed()
            }
        }
    };
    stream::once(opening).flatten()
}

fn open<S: Service>(service: &S, request: &Request, context: &Context) -> Opened {
    let opened = catch_unwind(AssertUnwindSafe(|| service.subscribe(request, context)));
    opened.unwrap_or_else(|_| Opened::Refused(panicked(context.request_id)))
}

/// The answers to a subscription, also if it ends in a panic.
fn guarded(
    answers: BoxStream<'static, Answer>,
    id: RequestId,
) -> impl Stream<Item = Answer> + Send + 'static {
    let answers = AssertUnwindSafe(answers).catch_unwind();
    answers.map(move |answer| answer.unwrap_or_else(|_| panicked(id)))
}

/// Answers as long as what the subscriber has shown is valid; then one that says so.
fn while_known<S: Service>(
    answers: impl Stream<Item = Answer> + Send + 'static,
    app: Arc<App<S>>,
    context: Context,
) -> impl Stream<Item = Answer> + Send + 'static {
    let known = answers.map(move |answer| {
        let expired = credentials::expired(&app, context.principal.as_deref());
        expired.map_or((true, answer), |fault| (false, fault.answer()))
    });
    known.scan(true, |goes_on, (is_known, answer)| {
        let before = std::mem::replace(goes_on, is_known);
        ready(before.then_some(answer))
    })
}
