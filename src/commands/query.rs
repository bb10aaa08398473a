//! `guitu query`: one operation against a data directory.

use super::say::say;
use super::table::Table;
use super::{Done, Failure, open};
use crate::api::engine::Engine;
use crate::api::service::{Context, Request, RequestId, Service};
use crate::config::{LimitFlags, Output, Places, QueryFlags};
use crate::db::Db;
use serde_json::Value;
use serde_json::value::RawValue;
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

pub(super) fn run(places: &Places, flags: &QueryFlags) -> Done {
    let request = request(flags)?;
    let db = Arc::new(open::db(places)?);
    let engine = engine(&db, &flags.limits)?;
    let context = context(&flags.limits);
    if flags.explain {
        return explain(&engine, &request, &context);
    }
    let answer = finish(engine.execute(&request, &context))?;
    print(&answer.body, flags.output)
}

/// What answers over a data directory.
pub(super) fn engine(db: &Arc<Db>, limits: &LimitFlags) -> Result<Engine, Failure> {
    let graph = db.clone();
    let snapshots = Box::new(move || graph.snapshot());
    let engine = Engine::new(db.snapshot().ontology(), snapshots, limits.engine());
    Ok(engine.map_err(|e| Failure::new(&e))?.writing(db.clone()))
}

/// Somebody who waits as long as the limits allow.
pub(super) fn context(limits: &LimitFlags) -> Context {
    Context {
        languages: Vec::new(),
        principal: None,
        read_only: false,
        cancel: Default::default(),
        deadline: Instant::now() + limits.time(),
        request_id: RequestId::next(),
        trace: Default::default(),
    }
}

/// Waits for an answer.
pub(super) fn finish<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|e| Failure::doing("cannot start", &e))?;
    Ok(runtime.block_on(work))
}

/// The variables of a flag.
pub(super) fn variables(given: Option<&str>) -> Result<Option<Box<RawValue>>, Failure> {
    let parsed = given.map(str::to_owned).map(RawValue::from_string);
    let wrong = |e| Failure::doing("--variables is not JSON", &e);
    parsed.transpose().map_err(wrong)
}

/// The errors of an answer.
pub(super) fn failure(body: &[u8]) -> Failure {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let errors = answer["errors"].as_array().map_or(&[][..], Vec::as_slice);
    Failure(all_told(errors))
}

fn request(flags: &QueryFlags) -> Result<Request, Failure> {
    let read = |path: &std::path::Path| {
        std::fs::read_to_string(path).map_err(|e| Failure::doing(&path.display().to_string(), &e))
    };
    let query = match (&flags.text, &flags.file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) if path.as_os_str() != "-" => read(path)?,
        (None, _) => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|e| Failure::doing("standard input", &e))?;
            text
        }
    };
    Ok(Request {
        query,
        operation_name: flags.operation.clone(),
        variables: variables(flags.variables.as_deref())?,
        extensions: None,
    })
}

fn explain(engine: &Engine, request: &Request, context: &Context) -> Done {
    let explained = engine.explain(request, context).map_err(|errors| {
        let errors = errors.iter().filter_map(|e| serde_json::to_value(e).ok());
        Failure(all_told(&errors.collect::<Vec<_>>()))
    })?;
    say(explained)
}

fn print(body: &[u8], output: Output) -> Done {
    let answer: Value = serde_json::from_slice(body).map_err(|e| Failure::new(&e))?;
    let table = answer["data"]
        .is_object()
        .then(|| Table::of(&answer["data"]));
    let table = table.unwrap_or_default();
    if output != Output::Json && !table.left_out.is_empty() {
        let names = table.left_out.join(", ");
        tracing::warn!("the table shows one list only; left out: {names}");
    }
    match (output, table) {
        (Output::Json, _) => say(format_args!("{answer:#}\n")),
        (Output::Table, table) => say(table.to_text()),
        (Output::Csv, table) => say(table.to_csv().map_err(|e| Failure::new(&e))?),
    }?;
    match (answer["errors"].as_array(), output) {
        (None, _) => Ok(()),
        (Some(_), Output::Json) => Err(Failure("the answer has errors".to_owned())),
        (Some(errors), _) => Err(Failure(all_told(errors))),
    }
}

fn all_told(errors: &[Value]) -> String {
    errors.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// An error of an answer, for people.
fn told(error: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut told = text(&error["message"]);
    if let Some(place) = error["locations"].get(0) {
        told += &format!(" (line {}, column {})", place["line"], place["column"]);
    }
    if let Some(path) = error["path"].as_array() {
        let path: Vec<String> = path
            .iter()
            .map(|at| at.to_string().replace('"', ""))
            .collect();
        told = format!("{}: {told}", path.join("."));
    }
    let hint = text(&error["extensions"]["hint"]);
    if hint.is_empty() {
        told
    } else {
        format!("{told}\n  hint: {hint}")
    }
}
