//! How does a connection notice that a request head takes too long, at the least cost?
//!
//! hyper arms a timer for every request head. Here one interval for all wakes the connections, and
//! these timers only compare clocks. Bodies and answers have real timers, when they need any.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper::rt::{Sleep, Timer};

/// How often, within the time for a head, a connection looks at the clock.
const LOOKS: u32 = 40;

/// The timer that hyper gets: of use only in a task that is woken every now and then.
pub struct Clock;

/// How often to wake connections; the time for a head may be exceeded by as much.
pub fn period(head_time: Duration) -> Duration {
    (head_time / LOOKS).max(Duration::from_millis(1))
}

impl Timer for Clock {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(Deadline(deadline))
    }
}

/// Over once its time has passed, but never wakes anyone.
struct Deadline(Instant);

impl Sleep for Deadline {}

impl Future for Deadline {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match Instant::now() >= self.0 {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}
