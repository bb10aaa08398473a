//! Whom does a request come from? Not for: what credentials are worth (`access`).

use std::sync::Arc;

use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use tokio::sync::Semaphore;

use super::App;
use super::fault::Fault;
use crate::access::{Denied, Door, Known, Policy, Principal, Roles};

/// Keys that are checked at once, and that may wait for it: checking one takes some 20 ms.
const CHECKS: usize = 1;
const WAITING: usize = 32;

/// Makes those wait whose keys are not known yet, so that a flood of them takes one core at most.
#[derive(Debug)]
pub struct Queue {
    running: Semaphore,
    waiting: Semaphore,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            running: Semaphore::new(CHECKS),
            waiting: Semaphore::new(WAITING),
        }
    }
}

/// Who sends a request with these headers; none where access is not controlled.
///
/// # Errors
/// 401 for whoever shows what is not right, or nothing where that is not enough; 429 if too many
/// unknown keys are shown at once.
pub async fn of_headers<S>(
    app: &App<S>,
    headers: &HeaderMap,
) -> Result<Option<Arc<Principal>>, Fault> {
    let Some(door) = &app.config.door else {
        return Ok(None);
    };
    let mut shown = headers.get_all(AUTHORIZATION).iter();
    let first = shown.next().map(|value| value.to_str());
    match (first.transpose(), shown.next()) {
        (Ok(shown), None) => of_text(app, door, shown).await.map(Some),
        _ => Err(fault(&Denied::Malformed)),
    }
}

/// Who shows this `Authorization`.
///
/// # Errors
/// As [`of_headers`].
pub async fn of_text<S>(
    app: &App<S>,
    door: &Arc<Door>,
    shown: Option<&str>,
) -> Result<Arc<Principal>, Fault> {
    match door.recognize(shown).map_err(|denied| fault(&denied))? {
        Known::Is(principal) => Ok(principal),
        Known::Unproven(secret) => {
            let queue = &app.proofs;
            let full = |_| fault(&Denied::TooMany);
            let _place = queue.waiting.try_acquire().map_err(full)?;
            let turn = queue.running.acquire().await;
            let _turn = turn.map_err(|_| fault(&Denied::TooMany))?;
            let door = door.clone();
            let proved = tokio::task::spawn_blocking(move || door.prove(&secret)).await;
            let proved = proved.unwrap_or(Err(Denied::Wrong));
            proved.map_err(|denied| fault(&denied))
        }
    }
}

/// Lets only those on who may read metrics.
///
/// # Errors
/// As [`of_headers`]; 403 for whoever lacks the role.
pub async fn for_metrics<S>(app: &App<S>, headers: &HeaderMap) -> Result<(), Fault> {
    let may = |policy: &Policy, roles: &Roles| policy.sees_metrics(roles);
    let wrong = "metrics are for roles with `metrics = true` or `admin = true`";
    only(app, headers, may, wrong).await
}

/// Lets only those on who run the server.
///
/// # Errors
/// As [`for_metrics`].
pub async fn for_admin<S>(app: &App<S>, headers: &HeaderMap) -> Result<(), Fault> {
    let may = |policy: &Policy, roles: &Roles| policy.is_admin(roles);
    only(app, headers, may, "this is for roles with `admin = true`").await
}

async fn only<S>(
    app: &App<S>,
    headers: &HeaderMap,
    may: impl Fn(&Policy, &Roles) -> bool,
    wrong: &'static str,
) -> Result<(), Fault> {
    let principal = of_headers(app, headers).await?;
    match (&app.config.door, principal) {
        (Some(door), Some(principal)) if !may(door.policy(), &principal.roles) => {
            Err(Fault::forbidden(wrong).hint("ask for such a role"))
        }
        _ => Ok(()),
    }
}

/// Why somebody who was known is no longer, in a conversation that goes on.
pub fn expired<S>(app: &App<S>, principal: Option<&Principal>) -> Option<Fault> {
    let door = app.config.door.as_ref()?;
    let admitted = principal.is_some_and(|principal| door.admits(principal));
    let over = || Fault::unauthenticated("what you showed is no longer valid");
    (!admitted).then(|| over().hint("connect again with a new key or token"))
}

fn fault(denied: &Denied) -> Fault {
    let (message, hint) = denied.told();
    let fault = match denied {
        Denied::TooMany => Fault::limit(StatusCode::TOO_MANY_REQUESTS, message),
        _ => Fault::unauthenticated(message),
    };
    fault.hint(hint)
}
