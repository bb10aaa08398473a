//! Who answers which path?

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use http::header::UPGRADE;
use http::request::Parts;
use http::{Method, Request, Response};
use hyper::body::Incoming;

use super::fault::Fault;
use super::reply::{Body, MediaType};
use super::{App, gate, graphql, pages, socket};
use crate::api::service::Service;

/// Answers a request that came in at the address `local`.
pub async fn answer<S: Service>(
    app: Arc<App<S>>,
    local: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let (mut head, body) = request.into_parts();
    Ok(match gate::check(&app.config, local, &head.headers) {
        Ok(None) => dispatch(&app, &mut head, body).await,
        Ok(Some(foreign)) => {
            let mut response = dispatch(&app, &mut head, body).await;
            foreign.mark(&mut response);
            response
        }
        Err(fault) => fault.response(MediaType::Json),
    })
}

async fn dispatch<S: Service>(
    app: &Arc<App<S>>,
    head: &mut Parts,
    body: Incoming,
) -> Response<Body> {
    match head.uri.path() {
        "/graphql" if head.headers.contains_key(UPGRADE) => socket::upgrade(app, head).await,
        "/graphql" if head.method == Method::OPTIONS => gate::preflight(),
        "/graphql" => graphql::handle(app, head, body).await,
        path => page(app, &head.method, path),
    }
}

fn page<S: Service>(app: &App<S>, method: &Method, path: &str) -> Response<Body> {
    let page = match path {
        "/" => pages::start(),
        "/page.css" => pages::style(),
        "/schema.graphql" => pages::schema(&*app.service),
        "/health/live" => pages::live(),
        "/health/ready" => pages::ready(&*app.service),
        _ => return Fault::not_found().response(MediaType::Json),
    };
    match *method {
        Method::GET | Method::HEAD => page,
        _ => Fault::method("pages are read by GET", "GET, HEAD").response(MediaType::Json),
    }
}
