//! A share and how certain it is.

use crate::service::ratio;
use serde::{Deserialize, Serialize};

/// The 97.5th percentile of the normal distribution, for intervals of 95 %.
const Z_95: f64 = 1.959_963_984_540_054;

/// A share of a whole, with its interval. All from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The share itself.
    pub share: f64,
    /// Below this it is not likely to be.
    pub low: f64,
    /// Above this it is not likely to be.
    pub high: f64,
    /// Of how many.
    pub of: u64,
}

/// `part` of `whole` with the 95 % score interval of Wilson (Journal of the American Statistical Association 22,
/// 1927), without continuity correction: it holds its promise for small numbers and for shares of none or all, where
/// the textbook interval has no width. None if `whole` is 0 or less than `part`.
#[must_use]
pub fn share_with_interval(part: u64, whole: u64) -> Option<Share> {
    if part > whole {
        return None;
    }
    let share = ratio(part, whole)?;
    #[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^53")]
    let n = whole as f64;
    let z2 = Z_95 * Z_95;
    let middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z_95 / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // At none and all the interval ends there exactly; the sums above miss it by a rounding.
    let low = if part == 0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if part == whole { 1.0 } else { (middle + half).min(1.0) };
    Some(Share { share, low, high, of: whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilson_as_published() {
        for (part, whole, low, high) in [
            (9, 10, 0.595_850, 0.982_124),
            (0, 8, 0.0, 0.324_408),
            (8, 8, 1.0 - 0.324_408, 1.0),
            // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
            (81, 263, 0.255_3, 0.366_2),
            (15, 148, 0.062_4, 0.160_5),
            (1, 29, 0.006_1, 0.171_8),
        ] {
            let got = share_with_interval(part, whole).unwrap();
            let digits = if whole > 10 { 5e-5 } else { 5e-7 };
            assert!(
                (got.low - low).abs() < digits && (got.high - high).abs() < digits,
                "{part}/{whole}: {got:?}"
            );
        }
    }

    #[test]
    fn a_share_of_nothing_is_none() {
        assert_eq!(share_with_interval(0, 0), None);
        assert_eq!(share_with_interval(3, 2), None);
    }
}
