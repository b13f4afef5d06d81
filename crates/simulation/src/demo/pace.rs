//! Waiting on the house's clock.

use std::time::Duration;
use vocabulary::{Clock, SignedDuration, Timestamp};

/// The clock can be moved forward by hand, so nobody sleeps longer than this without looking at it.
const LOOK_AT_CLOCK_MAX: Duration = Duration::from_secs(1);
const SLEEP_MIN: Duration = Duration::from_millis(1);

/// Waits until the clock shows `at`. Cancel-safe.
pub(crate) async fn until(clock: &dyn Clock, at: Timestamp) {
    loop {
        let left = at.duration_since(clock.now());
        if left <= SignedDuration::ZERO {
            return;
        }
        tokio::time::sleep(clock.real(left).clamp(SLEEP_MIN, LOOK_AT_CLOCK_MAX)).await;
    }
}

/// Waits for `time` on the clock. Cancel-safe, but begins anew when called anew.
pub(crate) async fn sleep(clock: &dyn Clock, time: SignedDuration) {
    let at = clock.now().saturating_add(time).unwrap_or(Timestamp::MAX);
    until(clock, at).await;
}
