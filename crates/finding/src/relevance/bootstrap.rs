//! Paired bootstrap intervals: the same questions asked in two ways, drawn again and again.

use super::typing::Seeded;

/// How often the questions are drawn anew.
const DRAWS: usize = 10_000;

/// A mean with the interval in which 95 of 100 draws fall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// The 2.5th percentile of the draws.
    pub low: f64,
    /// The 97.5th percentile.
    pub high: f64,
}

impl Interval {
    /// Whether it tells that there is a difference: zero is not in it.
    #[must_use]
    pub fn tells(&self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

/// How much more `after` is than `before`, question by question (Efron and Tibshirani, 1993, section 13.3: percentile
/// intervals of the mean of paired differences). [`None`] without questions, or if the two are not as many.
#[must_use]
pub fn difference(before: &[f64], after: &[f64], seed: u64) -> Option<Interval> {
    if before.len() != after.len() || before.is_empty() {
        return None;
    }
    let apart: Vec<f64> = after.iter().zip(before).map(|(a, b)| a - b).collect();
    let count = super::measures::count(apart.len());
    let mut chance = Seeded::new(seed);
    let mut means: Vec<f64> = (0..DRAWS)
        .map(|_| (0..apart.len()).map(|_| apart[chance.below(apart.len())]).sum::<f64>() / count)
        .collect();
    means.sort_by(f64::total_cmp);
    let at = |per_thousand: usize| means[(DRAWS - 1) * per_thousand / 1_000];
    Some(Interval { mean: apart.iter().sum::<f64>() / count, low: at(25), high: at(975) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_that_is_everywhere_is_told_and_one_by_chance_is_not() {
        let before: Vec<f64> = (0..100).map(|n| f64::from(n % 7) / 7.0).collect();
        let better: Vec<f64> = before.iter().map(|x| x + 0.1).collect();
        let told = difference(&before, &better, 1).unwrap();
        assert!(told.tells() && (told.mean - 0.1).abs() < 1e-9 && (told.low - 0.1).abs() < 1e-9);
        let mixed: Vec<f64> =
            before.iter().enumerate().map(|(n, x)| if n % 2 == 0 { x + 0.1 } else { x - 0.1 }).collect();
        let not_told = difference(&before, &mixed, 1).unwrap();
        assert!(!not_told.tells() && not_told.low < 0.0 && not_told.high > 0.0);
        assert_eq!(difference(&before, &mixed, 1), difference(&before, &mixed, 1), "seeded");
        assert_eq!(difference(&[], &[], 1), None);
        assert_eq!(difference(&[1.0], &[], 1), None);
    }
}
