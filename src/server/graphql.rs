//! How is `/graphql` answered by GET and POST?
//!
//! The GraphQL-over-HTTP specification: media types, statuses, batches. WebSockets are in `socket`.

use std::sync::Arc;

use axum::body::Body;
use bytes::{BufMut, Bytes, BytesMut};
use http::header::{ALLOW, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Response, StatusCode};
use tokio::time::Instant;

use super::envelope::{self, Envelope};
use super::fault::Fault;
use super::memory::Share;
use super::reply::{self, MediaType};
use super::{App, body, credentials, events, negotiate, run, traced};
use crate::access::Principal;
use crate::api::service::{Answer, Context, Outcome, Request, Service};
use crate::trace::Trace;

/// Answers a request to `/graphql`.
pub async fn handle<S: Service>(app: &Arc<App<S>>, head: &Parts, body: Body) -> Response<Body> {
    let media = match negotiate::media_type(&head.headers) {
        Ok(media) => media,
        Err(fault) => return fault.response(MediaType::Json),
    };
    let deadline = Instant::now() + app.config.limits.request_time;
    let principal = match credentials::of_headers(app, &head.headers).await {
        Ok(principal) => principal,
        Err(fault) => return fault.response(media),
    };
    let asked = Asked {
        media,
        deadline,
        head,
        principal,
    };
    match asked.answer(app, body).await {
        Ok(response) => response,
        Err(fault) => fault.response(media),
    }
}

/// A request to `/graphql` of which only the body is not known yet.
struct Asked<'a> {
    media: MediaType,
    deadline: Instant,
    head: &'a Parts,
    principal: Option<Arc<Principal>>,
}

impl Asked<'_> {
    async fn answer<S: Service>(
        &self,
        app: &Arc<App<S>>,
        body: Body,
    ) -> Result<Response<Body>, Fault> {
        let (envelope, share) = self.envelope(app, body).await?;
        match envelope {
            Envelope::One(request) if self.media == MediaType::EventStream => {
                Ok(self.stream(app.clone(), request, share))
            }
            Envelope::One(request) => Ok(self.one(app, &request).await),
            Envelope::Batch(_) if self.media == MediaType::EventStream => Err(Fault::bad(
                "a batch cannot be answered as server-sent events",
            )),
            Envelope::Batch(requests) => Ok(self.batch(app, requests).await),
        }
    }

    /// The request, and what it has taken of the common memory.
    async fn envelope<S>(
        &self,
        app: &App<S>,
        body: Body,
    ) -> Result<(Envelope, Option<Share>), Fault> {
        match self.head.method {
            Method::POST => {
                negotiate::check_content(&self.head.headers)?;
                let limits = &app.config.limits;
                let (body, share) = body::read(body, limits, &app.memory, self.deadline).await?;
                Ok((envelope::parse_body(&body, limits.batch)?, share))
            }
            Method::GET => {
                let query = self.head.uri.query().unwrap_or_default();
                Ok((Envelope::One(envelope::parse_query(query)?), None))
            }
            _ => Err(Fault::method(
                "GraphQL is asked by GET or POST",
                "GET, POST",
            )),
        }
    }

    fn context(&self, trace: Trace) -> Context {
        let languages = negotiate::languages(&self.head.headers);
        let principal = self.principal.clone();
        let read_only = self.head.method == Method::GET;
        run::context(principal, languages, read_only, (self.deadline, trace))
    }

    async fn one<S: Service>(&self, app: &App<S>, request: &Request) -> Response<Body> {
        let context = self.context(traced::of(self.head));
        let answer = run::answer(app, request, &context).await;
        let mut response = reply::json(status(answer.outcome, self.media), self.media, answer.body);
        if answer.outcome == Outcome::MutationByGet {
            let allow = HeaderValue::from_static("POST");
            response.headers_mut().insert(ALLOW, allow);
        }
        name_request(&mut response, &context.request_id.to_string());
        response
    }

    fn stream<S: Service>(
        &self,
        app: Arc<App<S>>,
        request: Request,
        share: Option<Share>,
    ) -> Response<Body> {
        let ping = app.config.limits.event_ping_time;
        let stopping = app.clone();
        let stopped = async move { stopping.stopped().await };
        let context = self.context(traced::operation(&traced::of(self.head)));
        let answers = run::answers(app, request, context, share, stopped);
        events::response(answers, ping)
    }

    async fn batch<S: Service>(
        &self,
        app: &App<S>,
        requests: Vec<Result<Request, Fault>>,
    ) -> Response<Body> {
        let trace = traced::of(self.head);
        let context = || self.context(traced::operation(&trace));
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            answers.push(match request {
                Ok(request) => run::answer(app, &request, &context()).await,
                Err(fault) => fault.answer(),
            });
        }
        reply::json(StatusCode::OK, self.media, array(&answers))
    }
}

/// Names the request in a header, as the log does.
pub fn name_request(response: &mut Response<Body>, id: &str) {
    if let Ok(id) = HeaderValue::from_str(id) {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// `application/json` tells errors of the document with 200: the body was a GraphQL request.
pub fn status(outcome: Outcome, media: MediaType) -> StatusCode {
    match (outcome, media) {
        (Outcome::Data, _) | (Outcome::Refused, MediaType::Json) => StatusCode::OK,
        (Outcome::Refused, _) => StatusCode::BAD_REQUEST,
        (Outcome::MutationByGet, _) => StatusCode::METHOD_NOT_ALLOWED,
        (Outcome::TimedOut, _) => StatusCode::SERVICE_UNAVAILABLE,
        (Outcome::Failed, _) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn array(answers: &[Answer]) -> Bytes {
    let size: usize = answers.iter().map(|answer| answer.body.len() + 1).sum();
    let mut array = BytesMut::with_capacity(size + 1);
    for (index, answer) in answers.iter().enumerate() {
        array.put_u8(if index == 0 { b'[' } else { b',' });
        array.put_slice(&answer.body);
    }
    array.put_u8(b']');
    array.freeze()
}
