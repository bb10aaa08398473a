//! How is `/export` answered? A GraphQL request in, a file of what it shows out, in pieces as the
//! client takes them. Not for: formats (`exchange`), or what is shown (`api`).

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::request::Parts;
use http::{Method, Response, StatusCode};
use tokio::time::Instant;

use super::envelope::{self, Envelope};
use super::fault::Fault;
use super::memory::Share;
use super::reply::{self, MediaType};
use super::{App, body, credentials, graphql, negotiate, run, traced};
use crate::api::service::{Answer, Context, Drawing, Outcome, Request, Service};
use crate::exchange::{Document, Format};

/// Answers a request to `/export`.
pub async fn handle<S: Service>(app: &Arc<App<S>>, head: &Parts, body: Body) -> Response<Body> {
    let deadline = Instant::now() + app.config.limits.request_time;
    let asked = async {
        let principal = credentials::of_headers(app, &head.headers).await?;
        let format = format(head.uri.query().unwrap_or_default())?;
        let (request, share) = request(app, head, body, deadline).await?;
        Ok((principal, format, request, share))
    };
    match asked.await {
        // The share is kept until the answer begins.
        Ok((principal, format, request, _share)) => {
            let languages = negotiate::languages(&head.headers);
            let context = run::context(principal, languages, true, (deadline, traced::of(head)));
            answer(app, &context, (format, request)).await
        }
        Err(fault) => Fault::response(&fault, MediaType::Json),
    }
}

fn format(query: &str) -> Result<Format, Fault> {
    let name = envelope::parameter(query, "format")?;
    let part = envelope::parameter(query, "part")?;
    let hint = "add `format=gexf`, `graphml`, `cytoscape`, `csv` or `json-ld` to the URL";
    let name = name.ok_or_else(|| Fault::bad("the request names no `format`").hint(hint))?;
    Format::named(&name, part.as_deref())
        .map_err(|unknown| Fault::bad(unknown.message).hint(unknown.hint))
}

async fn request<S>(
    app: &App<S>,
    head: &Parts,
    body: Body,
    deadline: Instant,
) -> Result<(Request, Option<Share>), Fault> {
    match head.method {
        Method::GET | Method::HEAD => {
            let query = head.uri.query().unwrap_or_default();
            Ok((envelope::parse_query(query)?, None))
        }
        Method::POST => {
            negotiate::check_content(&head.headers)?;
            let limits = &app.config.limits;
            let (body, share) = body::read(body, limits, &app.memory, deadline).await?;
            match envelope::parse_body(&body, limits.batch)? {
                Envelope::One(request) => Ok((request, share)),
                Envelope::Batch(_) => Err(Fault::bad("a batch cannot be exported")),
            }
        }
        _ => Err(Fault::method(
            "exports are asked by GET or POST",
            "GET, HEAD, POST",
        )),
    }
}

async fn answer<S: Service>(
    app: &App<S>,
    context: &Context,
    (format, request): (Format, Request),
) -> Response<Body> {
    let id = context.request_id.to_string();
    let mut response = match run::drawing(app, &request, context).await {
        Ok(drawing) => file(drawing, format).await,
        Err(answer) => refused(answer),
    };
    graphql::name_request(&mut response, &id);
    response
}

/// The columns are found on a thread of its own, the pieces are written when they are sent.
async fn file(drawing: Drawing, format: Format) -> Response<Body> {
    let name = format!("{}{}", drawing.name, format.ending());
    let document = tokio::task::spawn_blocking(move || {
        let Drawing {
            snapshot,
            picture,
            languages,
            ..
        } = drawing;
        Document::new(snapshot, picture, languages, format)
    });
    let Ok(document) = document.await else {
        let wrong = "the export could not be written";
        let fault = Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", wrong);
        return fault.response(MediaType::Json);
    };
    let pieces = stream::unfold(document, |mut document| async {
        let piece = document.next()?;
        // Others have their turn between two pieces.
        tokio::task::yield_now().await;
        Some((
            Ok::<_, std::convert::Infallible>(Bytes::from(piece)),
            document,
        ))
    });
    reply::file(format.media_type(), &name, Body::from_stream(pieces))
}

/// There is no file: the GraphQL answer says why.
fn refused(answer: Answer) -> Response<Body> {
    let status = match answer.outcome {
        Outcome::Data => StatusCode::BAD_REQUEST,
        outcome => graphql::status(outcome, MediaType::GraphqlResponse),
    };
    reply::json(status, MediaType::Json, answer.body)
}
