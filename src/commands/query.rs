//! `guitu query`: one query against a data directory.

use super::table::Table;
use super::{Done, Failure, open};
use crate::api::engine::Engine;
use crate::api::service::{Context, Outcome, Request, RequestId, Service};
use crate::config::{Output, Places, QueryFlags};
use serde_json::value::RawValue;
use std::io::Read;
use std::time::Instant;

pub(super) fn run(places: &Places, flags: &QueryFlags) -> Done {
    let request = request(flags)?;
    let db = open::db(places)?;
    let snapshot = db.snapshot();
    let ontology = snapshot.ontology().clone();
    let engine = Engine::new(
        &ontology,
        Box::new(move || snapshot.clone()),
        flags.limits.engine(),
    );
    let engine = engine.map_err(|e| Failure::new(&e))?;
    let context = Context {
        languages: Vec::new(),
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
    print(&answer.body, flags.output)?;
    if answer.outcome == Outcome::Data {
        Ok(())
    } else {
        Err(Failure("the query was refused".to_owned()))
    }
}

fn request(flags: &QueryFlags) -> Result<Request, Failure> {
    let read = |path: &std::path::Path| {
        std::fs::read_to_string(path).map_err(|e| Failure::doing(&path.display().to_string(), &e))
    };
    let query = match (&flags.text, &flags.file) {
        (Some(text), _) => text.clone(),
        (None, Some(path)) => read(path)?,
        (None, None) => {
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
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure(told.join("\n"))
    })?;
    print!("{explained}");
    Ok(())
}

fn print(body: &[u8], output: Output) -> Done {
    let answer: serde_json::Value = serde_json::from_slice(body).map_err(|e| Failure::new(&e))?;
    if let (Some(errors), true) = (answer.get("errors"), output != Output::Json) {
        eprintln!("{errors:#}");
    }
    let data = answer.get("data").unwrap_or(&serde_json::Value::Null);
    match output {
        Output::Json => println!("{answer:#}"),
        Output::Table => print!("{}", Table::of(data).to_text()),
        Output::Csv => print!(
            "{}",
            Table::of(data).to_csv().map_err(|e| Failure::new(&e))?
        ),
    }
    Ok(())
}
