//! Seeded chance in the shapes a contact centre's day has.

use std::cell::Cell;
use vocabulary::{Chance, SeededChance, SignedDuration};

/// A generator with the distributions the storm needs.
///
/// A year takes some ten million numbers, and the cipher behind [`SeededChance`] would take most of the time. So it
/// only gives the beginning, and SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) goes on from there.
#[derive(Debug)]
pub(super) struct Dice(Cell<u64>);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Cell::new(SeededChance::new(seed).below(u64::MAX)))
    }

    fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0.0..1.0`.
    fn unit(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let number = (self.next() >> 11) as f64;
        number / (1_u64 << 53) as f64
    }

    /// A number in `0..end`; 0 if `end` is 0.
    fn below(&self, end: u64) -> u64 {
        u64::try_from((u128::from(self.next()) * u128::from(end)) >> 64).unwrap_or(0)
    }

    /// True once in `1 / probability` times.
    pub(super) fn happens(&self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number in `from..to`.
    pub(super) fn between(&self, from: u64, to: u64) -> u64 {
        from + self.below(to.saturating_sub(from))
    }

    /// A duration in `from..to` seconds, to the millisecond.
    pub(super) fn seconds(&self, from: u64, to: u64) -> SignedDuration {
        SignedDuration::from_millis(i64::try_from(self.between(from * 1000, to * 1000)).unwrap_or(i64::MAX))
    }

    /// A standard normal number (Box and Muller 1958).
    fn normal(&self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A log-normal duration with this median, and the given standard deviation of its logarithm; at most two hours.
    pub(super) fn log_normal(&self, median_seconds: f64, sigma: f64) -> SignedDuration {
        let seconds = (median_seconds * (sigma * self.normal()).exp()).clamp(0.5, 7_200.0);
        SignedDuration::try_from_secs_f64(seconds).unwrap_or(SignedDuration::from_secs(1))
    }

    /// How many of something that comes `mean` times on average: the normal approximation of a Poisson count, which
    /// is close enough from ten up.
    pub(super) fn count(&self, mean: f64) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounded, and at least zero"
        )]
        let count = (mean + mean.sqrt() * self.normal()).round().max(0.0) as u64;
        count
    }

    /// An index, drawn by weight.
    pub(super) fn weighted(&self, weights: &[u32]) -> usize {
        let sum: u32 = weights.iter().sum();
        let mut left = self.below(u64::from(sum));
        for (index, weight) in weights.iter().enumerate() {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        weights.len().saturating_sub(1)
    }
}
