//! Draws out of seeded chance.

use std::sync::Arc;
use vocabulary::{Chance, SeededChance, SignedDuration};

/// One actor's own chance: what the others do does not change what it draws.
#[derive(Clone)]
pub(crate) struct Dice(Arc<SeededChance>);

impl Dice {
    /// The dice of whoever has number `who` in the run with this seed.
    pub fn new(seed: u64, who: u64) -> Self {
        // An odd multiplier spreads neighbours over the whole range.
        Self(Arc::new(SeededChance::new(seed ^ who.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))))
    }

    /// As a source of chance for commands.
    pub fn chance(&self) -> Arc<dyn Chance> {
        self.0.clone()
    }

    /// A number from `from` up to and including `to`.
    pub fn between(&self, from: u64, to: u64) -> u64 {
        from + self.0.below(to.saturating_sub(from) + 1)
    }

    /// True `percent` times of a hundred.
    pub fn percent(&self, percent: u32) -> bool {
        self.0.below(100) < u64::from(percent)
    }

    /// One of `items`; none if there is none.
    pub fn pick<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        let index = self.0.below(u64::try_from(items.len()).unwrap_or(0));
        items.get(usize::try_from(index).unwrap_or(0))
    }

    /// The index of one of `weights`, each as likely as it weighs; none if all weigh nothing.
    pub fn weighted(&self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u64 = weights.clone().map(u64::from).sum();
        let mut left = self.0.below(total);
        weights.enumerate().find_map(|(index, weight)| {
            let weight = u64::from(weight);
            if left < weight {
                return Some(index);
            }
            left -= weight;
            None
        })
    }

    /// Seconds from `from` to `to`.
    pub fn seconds(&self, from: u64, to: u64) -> SignedDuration {
        SignedDuration::from_secs(i64::try_from(self.between(from, to)).unwrap_or(0))
    }

    /// An exponentially distributed time with this mean, as between calls that know nothing of each other.
    pub fn exponential(&self, mean: SignedDuration) -> SignedDuration {
        let drawn = -(1.0 - self.0.unit()).ln();
        SignedDuration::try_from_secs_f64(mean.as_secs_f64() * drawn).unwrap_or(mean)
    }

    /// A talk's or a wait's length: log-normal by its median and how far it spreads (0.5: two of three within a factor
    /// of 1.65), since a few are very long.
    pub fn around(&self, median: SignedDuration, spread: f64) -> SignedDuration {
        // Box and Muller, one of the pair.
        let (u, v) = (1.0 - self.0.unit(), self.0.unit());
        let normal = (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        SignedDuration::try_from_secs_f64(median.as_secs_f64() * (spread * normal).exp()).unwrap_or(median)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_draws_the_same_and_another_actor_something_else() {
        let draw = |seed, who| (0..8).map(|_| Dice::new(seed, who).between(0, 1_000_000)).collect::<Vec<_>>();
        assert_eq!(draw(1, 2), draw(1, 2));
        assert_ne!(draw(1, 2), draw(1, 3));
    }

    #[test]
    fn what_weighs_nothing_is_never_drawn() {
        let dice = Dice::new(7, 0);
        let drawn: Vec<_> = (0..200).filter_map(|_| dice.weighted([0, 3, 0, 1].into_iter())).collect();
        assert!(drawn.len() == 200 && drawn.iter().all(|i| [1, 3].contains(i)));
        assert_eq!(dice.weighted([0, 0].into_iter()), None);
    }

    #[test]
    fn means_and_medians_are_what_they_are_said_to_be() {
        let dice = Dice::new(11, 0);
        let mean = SignedDuration::from_secs(100);
        let n = 4_000;
        let sum: f64 = (0..n).map(|_| dice.exponential(mean).as_secs_f64()).sum();
        assert!((sum / f64::from(n) - 100.0).abs() < 8.0, "{}", sum / f64::from(n));
        let above = (0..n).filter(|_| dice.around(mean, 0.5) > mean).count();
        assert!((1_850..2_150).contains(&above), "{above}");
    }
}
