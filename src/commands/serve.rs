//! `guitu serve`: open the data directory and answer until told to stop.

use super::say::say;
use super::{Done, Failure, open};
use crate::api::engine::Engine;
use crate::config::{Places, ServeFlags};
use crate::server;
use std::sync::Arc;
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn run(places: &Places, flags: &ServeFlags) -> Done {
    let db = Arc::new(open::db(places)?);
    let ontology = db.snapshot().ontology().clone();
    let graph = db.clone();
    let engine = Engine::new(
        &ontology,
        Box::new(move || graph.snapshot()),
        flags.limits.engine(),
    );
    let engine = engine.map_err(|error| Failure::new(&error))?;
    let engine = Arc::new(engine.writing(db));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::doing("cannot start", &error))?;
    runtime.block_on(serve(engine, places, flags))?;
    tracing::info!("stopped");
    Ok(())
}

async fn serve(engine: Arc<Engine>, places: &Places, flags: &ServeFlags) -> Done {
    let stop =
        stop_signal().map_err(|error| Failure::doing("cannot listen for signals", &error))?;
    let serving = server::serve(engine, flags.server(places.listen), stop).await;
    let serving = serving.map_err(|error| {
        Failure(format!(
            "cannot listen on {}: {error}\nname another address with --listen",
            places.listen
        ))
    })?;
    let address = serving.address();
    say(format_args!(
        "Guitu answers on http://{address}/\n  \
           GraphQL      http://{address}/graphql\n  \
           its schema   http://{address}/schema.graphql\n"
    ))?;
    serving.finished().await;
    Ok(())
}

/// Resolves on SIGTERM or SIGINT.
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
