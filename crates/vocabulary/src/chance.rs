//! Chance as an argument, so that a seed repeats a run.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::sync::{Mutex, PoisonError};

/// A source of random bytes.
pub trait Chance: Send + Sync {
    /// Fills `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);

    /// A number in `0..end`; 0 if `end` is 0. The bias is below 2^-32 for any `end` up to 2^32.
    fn below(&self, end: u64) -> u64 {
        if end == 0 {
            return 0;
        }
        let mut bytes = [0_u8; 8];
        self.fill(&mut bytes);
        u64::try_from((u128::from(u64::from_le_bytes(bytes)) * u128::from(end)) >> 64).unwrap_or(0)
    }

    /// A number in `0.0..1.0`.
    fn unit(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
        let n = self.below(1 << 53) as f64;
        n / (1_u64 << 53) as f64
    }
}

/// The operating system's randomness: for production and whatever must not be guessed.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        use rand::TryRng as _;
        rand::rngs::SysRng.try_fill_bytes(bytes).expect("the operating system gives random bytes");
    }
}

/// A seeded generator: the same seed gives the same run.
#[derive(Debug)]
pub struct SeededChance(Mutex<StdRng>);

impl SeededChance {
    /// A generator that repeats itself for the same `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
