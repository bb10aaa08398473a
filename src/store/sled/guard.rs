//! How does a panic inside sled become an error?
//!
//! sled asserts where files are damaged. Every call into it runs here: a panic is
//! caught, its message is not printed but returned as [`StoreError::Damaged`]. Not for
//! panics of our own code.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;

use crate::store::StoreError;

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`, which calls sled on the files in `place`.
pub(super) fn guarded<T>(
    place: &Path,
    work: impl FnOnce() -> sled::Result<T>,
) -> Result<T, StoreError> {
    quiet_panics_inside();
    let outer = INSIDE.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(outer);
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(translate(place, error)),
        Err(panic) => Err(StoreError::damaged(
            place.display().to_string(),
            format!("sled gave up: {}", message(panic.as_ref())),
        )),
    }
}

fn translate(place: &Path, error: sled::Error) -> StoreError {
    let place = place.display().to_string();
    match error {
        sled::Error::Io(source) => StoreError::Io {
            doing: format!("read or write in {place}"),
            source,
        },
        other => StoreError::damaged(place, other.to_string()),
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    let text = text.unwrap_or_else(|| "for an unknown reason".into());
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}

/// Once per process: panics in guarded calls and in sled's own threads print nothing.
fn quiet_panics_inside() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let sled_thread = std::thread::current()
                .name()
                .is_some_and(|name| name.starts_with("sled-io"));
            if !sled_thread && !INSIDE.get() {
                before(info);
            }
        }));
    });
}
