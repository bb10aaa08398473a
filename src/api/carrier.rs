//! How do async-graphql's protocols carry our answers? As operations of an [`Executor`].
//!
//! Not for POST and GET: their answers are bytes already. Here they are taken apart for the library
//! to put together again; `data` goes through as it is.

use async_graphql::futures_util::stream::{BoxStream, Stream, StreamExt};
use async_graphql::{Data, Executor, Response, ServerError, Value, to_value};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::service::{Answer, Request};

/// Operations that are answered by a function: once, or again and again until its stream ends.
#[derive(Clone)]
pub struct Operations<F>(pub F);

impl<F, A> Executor for Operations<F>
where
    F: Fn(Request) -> A + Clone + Send + Sync + Unpin + 'static,
    A: Stream<Item = Answer> + Send + 'static,
{
    async fn execute(&self, request: async_graphql::Request) -> Response {
        let mut answers = self.execute_stream(request, None);
        answers.next().await.unwrap_or_default()
    }

    fn execute_stream(
        &self,
        request: async_graphql::Request,
        _session: Option<Arc<Data>>,
    ) -> BoxStream<'static, Response> {
        let answers = (self.0)(taken_over(request));
        answers.map(|answer| response(&answer)).boxed()
    }
}

/// Whether the library can read this request.
///
/// # Errors
/// What it says otherwise: for numbers out of range and JSON nested more than about 120 deep.
pub fn check(payload: &str) -> Result<(), String> {
    let read = serde_json::from_str::<async_graphql::Request>(payload);
    read.map(drop).map_err(|error| error.to_string())
}

fn taken_over(request: async_graphql::Request) -> Request {
    Request {
        variables: raw(&request.variables),
        extensions: raw(&request.extensions),
        query: request.query,
        operation_name: request.operation_name,
    }
}

/// Never `None` for what came as JSON.
fn raw(json: &impl Serialize) -> Option<Box<RawValue>> {
    to_raw_value(json).ok()
}

#[derive(Deserialize)]
struct Parts<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(default)]
    errors: Vec<ServerError>,
    #[serde(default)]
    extensions: BTreeMap<String, Value>,
}

fn response(answer: &Answer) -> Response {
    let parts = serde_json::from_slice(&answer.body).map_err(|error| error.to_string());
    let response = parts.and_then(|parts: Parts| {
        let data = to_value(parts.data).map_err(|error| error.to_string())?;
        let mut response = Response::new(data);
        response.errors = parts.errors;
        response.extensions = parts.extensions;
        Ok(response)
    });
    response.unwrap_or_else(|wrong| Response::from_errors(vec![ServerError::new(wrong, None)]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::service::Outcome;
    use async_graphql::futures_util::{FutureExt, stream};

    fn answer(body: String) -> Answer {
        Answer {
            body: body.into(),
            outcome: Outcome::Data,
        }
    }

    #[test]
    fn an_answer_comes_out_as_it_went_in() {
        for body in [
            r#"{"data":{"b":1e-7,"a":[1.0,12345678901234567890123,{"c":"普宁\n"}]}}"#,
            r#"{"data":null,"errors":[{"message":"no","locations":[{"line":1,"column":2}],"path":["a",0],"extensions":{"code":"X"}}]}"#,
        ] {
            let response = response(&answer(body.to_owned()));
            assert_eq!(serde_json::to_string(&response).unwrap(), body);
        }
    }

    #[test]
    fn a_request_is_handed_on_whole() {
        let asked = r#"{"query":"q","operationName":"o","variables":{"v":[1.5,null]},"extensions":{"e":1}}"#;
        assert_eq!(check(asked), Ok(()));
        let echo = Operations(|request: Request| {
            let told = format!(
                r#"{{"data":["{}","{}",{},{}]}}"#,
                request.query,
                request.operation_name.unwrap(),
                request.variables.unwrap(),
                request.extensions.unwrap()
            );
            stream::iter([answer(told)])
        });
        let response = echo.execute(serde_json::from_str(asked).unwrap());
        let told = serde_json::to_string(&response.now_or_never().unwrap()).unwrap();
        assert_eq!(told, r#"{"data":["q","o",{"v":[1.5,null]},{"e":1}]}"#);
    }

    #[test]
    fn what_the_library_cannot_read_is_known_before() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for variables in [deep.as_str(), "1e999"] {
            let payload = format!(r#"{{"query":"q","variables":{{"v":{variables}}}}}"#);
            assert!(check(&payload).is_err(), "{payload}");
        }
    }
}
