//! Tail probabilities of the negative binomial.

/// Terms summed at most; each is smaller than the one before by a constant share, so that far fewer are needed.
const TERMS_MAX: u32 = 100_000;
/// Terms smaller than this share of the sum are left out.
const NEGLIGIBLE: f64 = 1e-12;

/// The probability of `count` or more of a negative binomial with mean `mean` and variance `mean + spread * mean²`
/// (`spread` 0: Poisson). In closed form it is the regularised incomplete beta function; summed here from its terms,
/// which is exact for the far tail, where differences of distribution functions lose every digit.
///
/// `mean` is taken as at least 1e-9, `spread` as at least 0; the answer lies in 0..=1.
#[must_use]
pub fn at_least(count: u32, mean: f64, spread: f64) -> f64 {
    if count == 0 {
        return 1.0;
    }
    let mean = mean.max(1e-9);
    let spread = spread.max(0.0);
    // log P(X = 0), and the factor from P(X = x) to P(X = x + 1).
    let log_none = if spread > 1e-12 { -(spread * mean).ln_1p() / spread } else { -mean };
    let step = |x: u32| (mean + spread * mean * f64::from(x)) / ((1.0 + spread * mean) * f64::from(x + 1));
    let mut log_term = log_none;
    for x in 0..count {
        log_term += step(x).ln();
    }
    let (mut term, mut sum) = (1.0, 1.0);
    for x in count..count.saturating_add(TERMS_MAX) {
        let factor = step(x);
        term *= factor;
        sum += term;
        // Below the mode the terms still grow; beyond it each is smaller than the last.
        if factor < 1.0 && term < NEGLIGIBLE * sum {
            break;
        }
    }
    (log_term + sum.ln()).exp().clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-6 * expected.max(1e-300), "{found} is not {expected}");
    }

    #[test]
    fn it_agrees_with_what_is_known() {
        // Poisson: 1 - e^-m, 1 - e^-m (1 + m).
        near(at_least(1, 2.0, 0.0), 1.0 - (-2.0_f64).exp());
        near(at_least(2, 2.0, 0.0), 1.0 - 3.0 * (-2.0_f64).exp());
        // With spread 1 it is geometric with success 1 / (1 + m): P(X >= n) = (m / (1 + m))^n.
        near(at_least(5, 3.0, 1.0), 0.75_f64.powi(5));
        near(at_least(40, 3.0, 1.0), 0.75_f64.powi(40));
        // Poisson(1): P(X >= 10) = 1.11425478e-7.
        near(at_least(10, 1.0, 0.0), 1.114_254_783_387_207e-7);
        near(at_least(0, 5.0, 0.1), 1.0);
    }

    proptest! {
        #[test]
        fn more_is_less_probable_and_a_wider_spread_forgives(
            count in 1_u32..400, mean in 0.01_f64..50.0, spread in 0.0_f64..1.0,
        ) {
            let here = at_least(count, mean, spread);
            prop_assert!((0.0..=1.0).contains(&here));
            prop_assert!(at_least(count + 1, mean, spread) <= here * (1.0 + 1e-9));
            if f64::from(count) > 3.0 * mean + 3.0 {
                prop_assert!(at_least(count, mean, spread + 0.1) >= here * (1.0 - 1e-9));
            }
        }
    }
}
