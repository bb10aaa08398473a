//! How many connections does the system's limit on open files leave room for?

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::config::Limits;

/// Files that are not connections: the store, logs, standard streams.
const OTHERS: usize = 128;

/// Raises the process's soft limit as far as needed and allowed; if that is not enough, lowers
/// the numbers of connections and WebSockets to what fits.
pub fn fit(limits: Limits) -> Limits {
    let wanted = limits.connections + limits.sockets;
    let room = raise(wanted + OTHERS).saturating_sub(OTHERS);
    if wanted <= room {
        return limits;
    }
    let share = |count: usize| (count * room / wanted).max(1);
    let (connections, sockets) = (share(limits.connections), share(limits.sockets));
    tracing::warn!(
        connections,
        sockets,
        "the limit on open files allows no more connections"
    );
    Limits {
        connections,
        sockets,
        ..limits
    }
}

/// How many files may be open afterwards.
fn raise(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit
        .maximum
        .map_or(wanted as u64, |most| most.min(wanted as u64));
    let enough = limit.current.is_none_or(|current| current >= wanted);
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    match enough || setrlimit(Resource::Nofile, raised).is_ok() {
        true => limit
            .current
            .map_or(usize::MAX, |current| current.max(wanted) as usize),
        false => limit.current.unwrap_or(wanted) as usize,
    }
}
