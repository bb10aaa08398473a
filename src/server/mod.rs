//! How does the graph speak to the network?
//!
//! HTTP, WebSocket and server-sent events around an [`api::service::Service`]: who may ask, how
//! much, for how long, in which media type. Not for what GraphQL means: that is `api`.
//!
//! In reading order: [`config`], `listen` (connections, with `files`, `stall` and `clock`), `route`
//! (paths), `gate` (host and origin), `credentials` (who asks), `graphql` (one request: `negotiate`,
//! `body` and `memory`, `envelope`, `run`, `reply`), `events`, `export`, `socket` (with
//! `socket_guard`), `explorer`, `pages`, `metrics`, `traced`, `admin`; `fault` says no. `client` is the other
//! side, for the command line.
//!
//! [`api::service::Service`]: crate::api::service::Service

mod admin;
mod body;
pub mod client;
mod clock;
pub mod config;
mod credentials;
mod envelope;
mod events;
mod explorer;
mod export;
mod fault;
mod files;
mod gate;
mod graphql;
mod listen;
mod memory;
mod metrics;
mod negotiate;
mod pages;
mod reply;
mod route;
mod run;
mod socket;
mod socket_guard;
mod stall;
#[cfg(test)]
mod tests;
mod traced;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

use crate::api::service::Service;
use config::ServerConfig;

/// What all connections share.
struct App<S> {
    service: Arc<S>,
    config: ServerConfig,
    memory: memory::Memory,
    metrics: metrics::Metrics,
    sockets: Arc<Semaphore>,
    backups: Arc<Semaphore>,
    proofs: credentials::Queue,
    pulse: watch::Receiver<Pulse>,
}

/// What all connections are told from time to time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pulse {
    /// Look at the clock.
    Look,
    /// Finish what runs and close.
    Stop,
}

impl<S> App<S> {
    /// Resolves when the shutdown begins.
    async fn stopped(&self) {
        let mut pulse = self.pulse.clone();
        // An error means that the sender is gone: then it is over, too.
        let _ = pulse.wait_for(|&pulse| pulse == Pulse::Stop).await;
    }
}

/// A server that listens and answers until its shutdown.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Serving {
    /// Where it listens: with the real port when port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until the shutdown is complete: at most [`config::Limits::shutdown_time`] after its
    /// signal.
    pub async fn finished(self) {
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the server ended in a panic");
        }
    }
}

/// Listens, and serves in the background until `shutdown` is resolved.
///
/// On shutdown no further connection is accepted, running requests finish, WebSockets are closed
/// with code 1001.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve<S: Service>(
    service: Arc<S>,
    mut config: ServerConfig,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<Serving> {
    config.limits = files::fit(config.limits.sane());
    let listener = TcpListener::bind(config.listen).await?;
    let address = listener.local_addr()?;
    let (pulse_sender, pulse) = watch::channel(Pulse::Look);
    let app = Arc::new(App {
        service,
        memory: memory::Memory::new(config.limits.requests_bytes),
        metrics: metrics::Metrics::default(),
        sockets: Arc::new(Semaphore::new(config.limits.sockets)),
        backups: Arc::new(Semaphore::new(1)),
        proofs: credentials::Queue::default(),
        pulse,
        config,
    });
    let task = tokio::spawn(listen::run(app, listener, shutdown, pulse_sender));
    Ok(Serving { address, task })
}
