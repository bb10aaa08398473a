//! `guitu serve`: open the data directory and answer until told to stop.

use super::say::say;
use super::{Done, Failure, open};
use crate::access::{AccessFile, Door};
use crate::api::engine::Engine;
use crate::config::{Places, ServeFlags};
use crate::db::{Db, Keep};
use crate::ontology::Ontology;
use crate::server;
use crate::server::config::ServerConfig;
use crate::trace::Traces;
use rustix::process::Signal;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};

pub(super) fn run(places: &Places, flags: &ServeFlags) -> Done {
    refuse_anyone(places.listen, flags)?;
    let db = Arc::new(open::db(places)?);
    let ontology = db.snapshot().ontology().clone();
    let graph = db.clone();
    let engine = Engine::new(
        &ontology,
        Box::new(move || graph.snapshot()),
        flags.limits.engine(),
    );
    let engine = engine.map_err(|error| Failure::new(&error))?;
    let (engine, door) = guarded(engine, &ontology, flags)?;
    let graph = Arc::downgrade(&db);
    let engine = Arc::new(engine.writing(db));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::doing("cannot start", &error))?;
    let mut config = flags.server(places.listen);
    config.door = door;
    config.traces = traces(flags, &runtime)?;
    let traces = config.traces.clone();
    if flags.keep_history != Keep::All {
        runtime.spawn(prune(graph, flags.keep_history));
    }
    let served = runtime.block_on(serve(engine, config));
    traces.iter().for_each(Traces::end);
    served?;
    tracing::info!("stopped");
    Ok(())
}

/// Whoever could reach a server without rules could do everything.
fn refuse_anyone(listen: SocketAddr, flags: &ServeFlags) -> Done {
    if listen.ip().is_loopback() || flags.access.is_some() || flags.allow_anyone {
        return Ok(());
    }
    Err(Failure(format!(
        "{listen} can be reached from other machines, and without rules of access whoever reaches \
         it may read and write everything\n  give the rules with --access access.toml, or say \
         --allow-anyone if that is meant"
    )))
}

/// The engine with the rules of access, and the door that knows who has which role.
fn guarded(
    engine: Engine,
    ontology: &Ontology,
    flags: &ServeFlags,
) -> Result<(Engine, Option<Arc<Door>>), Failure> {
    let Some(path) = &flags.access else {
        return Ok((engine, None));
    };
    let (file, mut wrong) = AccessFile::read(path, ontology);
    let policy = Arc::new(file.policy.clone());
    let engine = engine
        .guarded(policy)
        .map_err(|others| wrong.extend(others));
    let door = Door::new(file).map_err(|others| wrong.extend(others));
    match (engine, door) {
        (Ok(engine), Ok(door)) if wrong.is_empty() => Ok((engine, Some(Arc::new(door)))),
        _ => Err(Failure::new(&wrong)),
    }
}

fn traces(flags: &ServeFlags, runtime: &Runtime) -> Result<Option<Traces>, Failure> {
    let endpoint = flags.otlp_endpoint.as_ref();
    let traces = endpoint.map(|endpoint| Traces::to(endpoint, runtime.handle().clone()));
    let traces = traces.transpose();
    traces.map_err(|wrong| Failure::doing("cannot trace requests", &wrong))
}

/// Lets go of old history at the beginning and then every hour, as long as there is the graph.
async fn prune(graph: Weak<Db>, keep: Keep) {
    let mut hours = tokio::time::interval(Duration::from_hours(1));
    loop {
        hours.tick().await;
        let Some(db) = graph.upgrade() else { return };
        let pruned = tokio::task::spawn_blocking(move || db.prune(keep)).await;
        if let Ok(Err(error)) = pruned {
            tracing::warn!("old history could not be let go of: {error}");
        }
    }
}

async fn serve(engine: Arc<Engine>, config: ServerConfig) -> Done {
    let stop =
        stop_signal().map_err(|error| Failure::doing("cannot listen for signals", &error))?;
    // A file that may not grow is then an error of the write, not the end of the program.
    let _limit = signal(SignalKind::from_raw(Signal::XFSZ.as_raw()));
    let listen = config.listen;
    let serving = server::serve(engine, config, stop).await;
    let serving = serving.map_err(|error| {
        Failure(format!(
            "cannot listen on {listen}: {error}\nname another address with --listen"
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
