//! Who answers which path?

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::routing::{any, get};
use http::header::UPGRADE;
use http::{Method, Request, Response};
use hyper::body::Incoming;
use tower::Service as _;

use super::fault::Fault;
use super::reply::MediaType;
use super::{App, admin, explorer, export, gate, graphql, metrics, pages, socket, traced};
use crate::api::service::Service;

/// All paths. No extractor reads bodies: `/graphql` has limits of its own.
pub fn router<S: Service>(app: Arc<App<S>>) -> Router {
    Router::new()
        .route("/graphql", any(graphql::<S>).options(gate::preflight))
        .route("/export", any(export::<S>).options(gate::preflight))
        .route("/", get(explorer::start))
        .route("/graphiql", get(explorer::graphiql))
        .route("/assets/{*name}", get(explorer::asset))
        .route("/page.css", get(pages::style))
        .route("/schema.graphql", get(pages::schema::<S>))
        .route("/metrics", get(metrics::page::<S>))
        .route("/health/live", get(pages::live))
        .route("/health/ready", get(pages::ready::<S>))
        .fallback(async || Fault::not_found().response(MediaType::Json))
        .method_not_allowed_fallback(async || {
            Fault::method("pages are read by GET", "GET, HEAD").response(MediaType::Json)
        })
        .with_state(app)
}

/// Answers a request that came in at the address `local`.
pub async fn answer<S: Service>(
    app: &Arc<App<S>>,
    router: &Router,
    local: SocketAddr,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    match &app.config.traces {
        None => answered(app, router, local, request).await,
        Some(traces) => {
            let trace = traced::begin(traces, local, &mut request);
            let response = answered(app, router, local, request).await?;
            traced::end(&trace, response.status());
            Ok(response)
        }
    }
}

async fn answered<S: Service>(
    app: &Arc<App<S>>,
    router: &Router,
    local: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    match gate::check(&app.config, local, request.headers()) {
        Ok(None) if request.uri().path() == admin::BACKUP => {
            Ok(admin::backup(app, local, request.map(Body::new)).await)
        }
        Ok(Some(_)) if request.uri().path() == admin::BACKUP => {
            Ok(admin::foreign().response(MediaType::Json))
        }
        Ok(None) => dispatch(app, router, request).await,
        Ok(Some(foreign)) => {
            let mut response = dispatch(app, router, request).await?;
            foreign.mark(&mut response);
            Ok(response)
        }
        Err(fault) => Ok(fault.response(MediaType::Json)),
    }
}

/// The router's own work is an eighth of a small query's: what is asked most does not wait for it.
async fn dispatch<S: Service>(
    app: &Arc<App<S>>,
    router: &Router,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    match request.method() == Method::POST && request.uri().path() == "/graphql" {
        true => Ok(graphql(State(app.clone()), request.map(Body::new)).await),
        false => router.clone().call(request).await,
    }
}

async fn export<S: Service>(
    State(app): State<Arc<App<S>>>,
    request: Request<Body>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    export::handle(&app, &head, body).await
}

async fn graphql<S: Service>(
    State(app): State<Arc<App<S>>>,
    request: Request<Body>,
) -> Response<Body> {
    let (mut head, body) = request.into_parts();
    match head.headers.contains_key(UPGRADE) {
        true => socket::upgrade(&app, &mut head).await,
        false => graphql::handle(&app, &head, body).await,
    }
}
