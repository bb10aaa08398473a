//! How are connections accepted, limited and, in the end, closed?

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{interval, sleep, timeout};

use super::clock::Clock;
use super::stall::Watched;
use super::{App, Pulse, clock, route};
use crate::api::service::Service;

/// hyper takes no smaller buffer.
const MIN_BUFFER: usize = 8192;

/// How long to leave off accepting when the system refuses (too many open files, no memory).
const REFUSED_PAUSE: Duration = Duration::from_millis(50);

/// Accepts connections until `stop` is resolved, then lets running requests finish.
pub async fn run<S: Service>(
    app: Arc<App<S>>,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    pulse: watch::Sender<Pulse>,
) {
    let mut open = JoinSet::new();
    tokio::select! {
        () = accept_all(&app, &listener, &mut open) => {}
        () = beat(&pulse, clock::period(app.config.limits.head_time)) => {}
        () = stop => {}
    }
    drop(listener);
    pulse.send_replace(Pulse::Stop);
    let limits = &app.config.limits;
    if timeout(limits.shutdown_time, closed(&app, &mut open))
        .await
        .is_err()
    {
        tracing::warn!("requests still ran at the end of the shutdown time: cut off");
    }
    open.shutdown().await;
}

/// Wakes all connections again and again, so that they look at the clock.
async fn beat(pulse: &watch::Sender<Pulse>, period: Duration) {
    let mut interval = interval(period);
    loop {
        interval.tick().await;
        pulse.send_replace(Pulse::Look);
    }
}

async fn closed<S>(app: &App<S>, open: &mut JoinSet<()>) {
    while open.join_next().await.is_some() {}
    // All permits together: no WebSocket is left.
    let _all = app
        .sockets
        .acquire_many(app.config.limits.sockets as u32)
        .await;
}

async fn accept_all<S: Service>(app: &Arc<App<S>>, listener: &TcpListener, open: &mut JoinSet<()>) {
    let free = Arc::new(Semaphore::new(app.config.limits.connections));
    let router = route::router(app.clone());
    while let Ok(permit) = free.clone().acquire_owned().await {
        match accept(listener, open).await {
            Ok(accepted) => {
                let patience = patience(app, free.available_permits());
                let router = router.clone();
                open.spawn(connection(app.clone(), router, accepted, patience, permit));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(REFUSED_PAUSE).await;
            }
        }
    }
}

/// The next connection; meanwhile, those that ended are cleared away.
async fn accept(
    listener: &TcpListener,
    open: &mut JoinSet<()>,
) -> std::io::Result<(TcpStream, SocketAddr)> {
    loop {
        tokio::select! {
            Some(_) = open.join_next() => {}
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                stream.set_nodelay(true)?;
                let local = stream.local_addr()?;
                return Ok((stream, local));
            }
        }
    }
}

/// How long a request head may take: a twentieth when more than half of the connections are taken,
/// so that idle ones make room.
fn patience<S>(app: &App<S>, free: usize) -> Duration {
    let limits = &app.config.limits;
    match free < limits.connections / 2 {
        true => limits.head_time / 20,
        false => limits.head_time,
    }
}

async fn connection<S: Service>(
    app: Arc<App<S>>,
    router: Router,
    (stream, local): (TcpStream, SocketAddr),
    patience: Duration,
    _permit: OwnedSemaphorePermit,
) {
    let limits = &app.config.limits;
    let io = TokioIo::new(Watched::new(stream, limits.write_time));
    let service = service_fn(|request| route::answer(&app, &router, local, request));
    let served = http1::Builder::new()
        .timer(Clock)
        .header_read_timeout(patience)
        .max_header_size(limits.head_bytes)
        .max_buf_size(limits.head_bytes.max(MIN_BUFFER))
        .serve_connection(io, service)
        .with_upgrades();
    let mut served = std::pin::pin!(served);
    let mut pulse = app.pulse.clone();
    loop {
        // How a connection ended is its client's matter: nothing to do, nothing to log.
        tokio::select! {
            biased;
            _ = served.as_mut() => return,
            pulse = pulsed(&mut pulse) => if pulse == Pulse::Stop { break },
        }
    }
    served.as_mut().graceful_shutdown();
    let _ = served.await;
}

/// The next pulse; stopping when there can be no more.
async fn pulsed(pulse: &mut watch::Receiver<Pulse>) -> Pulse {
    match pulse.changed().await {
        Ok(()) => *pulse.borrow_and_update(),
        Err(_) => Pulse::Stop,
    }
}
