//! How is it told that a request has no answer? Not for: errors of single fields (`write`).

use super::error::{ErrorCode, GraphqlError};
use super::limits::exceeded;
use super::service::{Answer, Outcome};
use super::write::Halt;
use crate::exec::Stop;

/// The only thing that is wrong.
pub(super) fn one(error: GraphqlError) -> Vec<GraphqlError> {
    vec![error]
}

/// A request that was refused as a whole.
pub(super) fn refused(errors: &[GraphqlError]) -> Answer {
    let failed = errors.iter().any(|error| error.code == ErrorCode::Internal);
    let outcome = if failed {
        Outcome::Failed
    } else {
        Outcome::Refused
    };
    Answer {
        body: body("{\"errors\":", errors),
        outcome,
    }
}

/// A run that was stopped.
pub(super) fn halted(halt: &Halt) -> Answer {
    let outcome = match halt {
        Halt::Stop(Stop::Time | Stop::Cancelled) => {
            return Answer {
                body: body("{\"errors\":", &[stopped(halt)]),
                outcome: Outcome::TimedOut,
            };
        }
        _ => Outcome::Data,
    };
    Answer {
        body: body("{\"data\":null,\"errors\":", &[stopped(halt)]),
        outcome,
    }
}

/// An answer that begins so and ends with errors.
pub(super) fn body(start: &str, errors: &[GraphqlError]) -> bytes::Bytes {
    let mut body = start.as_bytes().to_vec();
    body.extend(serde_json::to_vec(errors).unwrap_or_default());
    body.push(b'}');
    body.into()
}

/// Why a run was stopped.
pub(super) fn stopped(halt: &Halt) -> GraphqlError {
    match halt {
        Halt::Stop(Stop::Cost(cost)) => {
            let hint =
                "narrow `where`, ask for a page with `first` or `limit`, or raise `--max-cost`";
            exceeded("cost", usize::try_from(*cost).unwrap_or(usize::MAX), hint)
        }
        Halt::Stop(Stop::Records(records)) => {
            let hint = "ask for a page with `first` or `limit`, or raise `--max-records`";
            exceeded(
                "records",
                usize::try_from(*records).unwrap_or(usize::MAX),
                hint,
            )
        }
        Halt::Size(bytes) => exceeded(
            "answer size",
            *bytes,
            "ask for a page with `first` or `limit`",
        ),
        Halt::Stop(Stop::Time | Stop::Cancelled) => GraphqlError::new(
            ErrorCode::Timeout,
            "the query took longer than its time limit",
        )
        .hint("narrow `where`, ask for less, or raise `--timeout`"),
    }
}
