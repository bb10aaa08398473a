//! `guitu query`: one operation against a data directory.

use super::say::say;
use super::table::Table;
use super::{Done, Failure, open};
use crate::api::engine::Engine;
use crate::api::service::{Context, Request, RequestId, Service};
use crate::config::{Output, Places, QueryFlags};
use serde_json::Value;
use serde_json::value::RawValue;
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

pub(super) fn run(places: &Places, flags: &QueryFlags) -> Done {
    let request = request(flags)?;
    let db = Arc::new(open::db(places)?);
    let ontology = db.snapshot().ontology().clone();
    let graph = db.clone();
    let engine = Engine::new(
        &ontology,
        Box::new(move || graph.snapshot()),
        flags.limits.engine(),
    );
    let engine = engine.map_err(|e| Failure::new(&e))?.writing(db);
    let context = Context {
        languages: Vec::new(),
        actor: None,
        read_only: false,
        cancel: Default::default(),
        deadline: Instant::now() + flags.limits.time(),
        request_id: RequestId::next(),
    };
    if flags.explain {
        return explain(&engine, &request, &context);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|e| Failure::doing("cannot start", &e))?;
    let answer = runtime.block_on(engine.execute(&request, &context));
    print(&answer.body, flags.output)
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
    let variables = flags
        .variables
        .clone()
        .map(RawValue::from_string)
        .transpose();
    let variables = variables.map_err(|e| Failure::doing("--variables is not JSON", &e))?;
    Ok(Request {
        query,
        operation_name: flags.operation.clone(),
        variables,
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
