//! Time as an argument. Production uses [`SystemClock`], tests [`ManualClock`], the demo [`ScaledClock`].

use crate::{SignedDuration, Timestamp, to_stored_precision};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Tells what time it is, in whole microseconds.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long to wait in reality for `of_clock` to pass on this clock. The demo's fast clock divides by its speed.
    fn real(&self, of_clock: SignedDuration) -> Duration {
        of_clock.try_into().unwrap_or(Duration::ZERO)
    }

    /// How much this clock moves while `real` passes. The inverse of [`Clock::real`].
    fn scaled(&self, real: Duration) -> SignedDuration {
        SignedDuration::try_from(real).unwrap_or(SignedDuration::MAX)
    }
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the wall clock is read")]
    fn now(&self) -> Timestamp {
        to_stored_precision(Timestamp::now())
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows `at`.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(to_stored_precision(at)))
    }

    /// Moves the clock forward (or back, if `by` is negative).
    pub fn advance(&self, by: SignedDuration) {
        let mut at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *at = to_stored_precision(at.saturating_add(by).unwrap_or(*at));
    }

    /// Sets the clock.
    pub fn set(&self, to: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to_stored_precision(to);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The demo's clock: begins where it is told, runs `speed` times as fast as reality, and can be moved forward.
#[derive(Debug)]
pub struct ScaledClock {
    started: std::time::Instant,
    base: Mutex<Timestamp>,
    speed: u32,
}

impl ScaledClock {
    /// A clock that shows `begin` now and runs `speed` times as fast as reality. A speed of 0 is taken as 1.
    #[must_use]
    pub fn new(begin: Timestamp, speed: u32) -> Self {
        Self {
            started: std::time::Instant::now(),
            base: Mutex::new(to_stored_precision(begin)),
            speed: speed.max(1),
        }
    }

    /// How many times as fast as reality it runs.
    #[must_use]
    pub fn speed(&self) -> u32 {
        self.speed
    }

    /// Moves the clock forward by `by`; a negative `by` is ignored, because time that was acted upon has been.
    pub fn advance(&self, by: SignedDuration) {
        if by.is_negative() {
            return;
        }
        let mut base = self.base.lock().unwrap_or_else(PoisonError::into_inner);
        *base = to_stored_precision(base.saturating_add(by).unwrap_or(*base));
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> Timestamp {
        let base = *self.base.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = self.scaled(self.started.elapsed());
        to_stored_precision(base.saturating_add(passed).unwrap_or(base))
    }

    fn real(&self, of_clock: SignedDuration) -> Duration {
        Duration::try_from(of_clock).unwrap_or(Duration::ZERO) / self.speed
    }

    fn scaled(&self, real: Duration) -> SignedDuration {
        SignedDuration::try_from(real.saturating_mul(self.speed)).unwrap_or(SignedDuration::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scaled_clock_only_moves_forward() {
        let begin: Timestamp = "2026-11-02T06:55:00Z".parse().unwrap();
        let clock = ScaledClock::new(begin, 60);
        clock.advance(SignedDuration::from_hours(24));
        clock.advance(SignedDuration::from_hours(-48));
        assert!(clock.now() >= begin + SignedDuration::from_hours(24));
        assert_eq!(clock.real(SignedDuration::from_mins(1)), Duration::from_secs(1));
    }
}
