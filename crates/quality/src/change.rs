//! Whether something became rarer or more common after something was done, beyond what happened to everything else.

use crate::student::t_975;
use serde::{Deserialize, Serialize};

/// Weeks needed on either side before anything is said.
pub const CHANGE_WEEKS_MIN: usize = 4;
/// How many of what is looked at there must have been in all.
pub const CHANGE_COUNT_MIN: u64 = 10;

/// One week: how many there were of what is looked at, and of everything else of the same sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Of what is looked at.
    pub these: u64,
    /// Of everything else.
    pub others: u64,
}

/// How many times as common something is as before, with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// 0.5 is half as common as before.
    pub ratio: f64,
    /// Below this it is not likely to be.
    pub low: f64,
    /// Above this it is not likely to be.
    pub high: f64,
}

/// What can be said of a change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// Too few weeks have passed, or were counted before: so many are missing.
    TooEarly {
        /// Weeks.
        weeks: usize,
    },
    /// There were too few of them to tell anything.
    TooFew,
    /// Rarer than before, beyond chance.
    Fell(Ratio),
    /// More common than before, beyond chance.
    Rose(Ratio),
    /// The interval holds both more and fewer: it cannot be told.
    Unsure(Ratio),
}

/// How what is looked at changed between the weeks before something was done and the weeks after it, set against everything
/// else in the same weeks.
///
/// The figure is the ratio of two ratios, `(these after / others after) / (these before / others before)`: what moves everything
/// alike (the season, a holiday, a storm that doubles all calls) moves both and falls out. Its interval is Woolf's for an odds
/// ratio (Annals of Human Genetics 19, 1955): `ln` of the ratio, give or take `t * sqrt(phi * (1/a + 1/b + 1/c + 1/d))`. If one
/// of the four is 0, a half is added to each (Haldane, 1956).
///
/// Calls do not come one by one: one water leak makes forty. So the weeks are held against each other, and if they differ
/// more than chance alone explains, the interval is widened by that dispersion (`phi`, Pearson's chi-square divided by its
/// degrees of freedom, never below 1; McCullagh and Nelder, Generalized Linear Models, 1989, section 4.5), and `t` is Student's
/// with as many degrees of freedom. Weeks in which nothing at all was counted are left out: nothing was measured.
#[must_use]
pub fn change_against_others(before: &[Week], after: &[Week]) -> Change {
    let counted = |weeks: &[Week]| -> Vec<Week> {
        weeks.iter().copied().filter(|week| week.these + week.others > 0).collect()
    };
    let (before, after) = (counted(before), counted(after));
    let missing = |weeks: &[Week]| CHANGE_WEEKS_MIN.saturating_sub(weeks.len());
    let weeks = missing(&before).max(missing(&after));
    if weeks > 0 {
        return Change::TooEarly { weeks };
    }
    let (was, is) = (sum(&before), sum(&after));
    if was.these + is.these < CHANGE_COUNT_MIN || was.others == 0 || is.others == 0 {
        return Change::TooFew;
    }
    let cells = [is.these, is.others, was.these, was.others];
    let half = if cells.contains(&0) { 0.5 } else { 0.0 };
    let [a, b, c, d] = cells.map(|n| float(n) + half);
    let ratio = (a / b) / (c / d);
    let (phi, freedom) = dispersion(&before, &after);
    let reach = t_975(freedom) * (phi * (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d)).sqrt();
    let ratio = Ratio { ratio, low: ratio * (-reach).exp(), high: ratio * reach.exp() };
    match ratio {
        ratio if ratio.high < 1.0 => Change::Fell(ratio),
        ratio if ratio.low > 1.0 => Change::Rose(ratio),
        ratio => Change::Unsure(ratio),
    }
}

fn sum(weeks: &[Week]) -> Week {
    weeks.iter().fold(Week::default(), |sum, week| Week {
        these: sum.these + week.these,
        others: sum.others + week.others,
    })
}

/// How much more the weeks differ than chance explains, at least 1, and the degrees of freedom of that.
fn dispersion(before: &[Week], after: &[Week]) -> (f64, u64) {
    let of = |weeks: &[Week]| {
        let all = sum(weeks);
        let share = float(all.these) / float(all.these + all.others);
        weeks
            .iter()
            .map(|week| {
                let n = float(week.these + week.others);
                let variance = n * share * (1.0 - share);
                if variance > 0.0 { (float(week.these) - n * share).powi(2) / variance } else { 0.0 }
            })
            .sum::<f64>()
    };
    let freedom = u64::try_from(before.len() + after.len()).unwrap_or(u64::MAX).saturating_sub(2).max(1);
    (((of(before) + of(after)) / float(freedom)).max(1.0), freedom)
}

fn float(n: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2^53")]
    let n = n as f64;
    n
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weeks(these: &[u64], others: u64) -> Vec<Week> {
        these.iter().map(|these| Week { these: *these, others }).collect()
    }

    fn ratio(change: Change) -> Ratio {
        match change {
            Change::Fell(ratio) | Change::Rose(ratio) | Change::Unsure(ratio) => ratio,
            other => panic!("{other:?}"),
        }
    }

    /// Doll and Hill (British Medical Journal 2, 1950, table V), men: 647 smokers and 2 others among the ill, 622 and 27 among
    /// the well; an odds ratio of 14.0, Woolf's interval 3.3 to 59.3. Put here as very many weeks, where t is the normal's.
    #[test]
    fn woolf_as_known() {
        let mut after = vec![Week { these: 1, others: 0 }; 647];
        after.extend([Week { these: 0, others: 1 }; 2]);
        let mut before = vec![Week { these: 1, others: 0 }; 622];
        before.extend([Week { these: 0, others: 1 }; 27]);
        let got = ratio(change_against_others(&before, &after));
        assert!((got.ratio - 14.04).abs() < 0.01, "{got:?}");
        assert!((got.low - 3.32).abs() < 0.02 && (got.high - 59.4).abs() < 0.4, "{got:?}");
    }

    #[test]
    fn what_moves_everything_alike_is_no_change() {
        let before = weeks(&[20, 22, 19, 21, 20, 18], 400);
        let doubled = weeks(&[40, 42, 39, 41, 40, 38], 800);
        let got = ratio(change_against_others(&before, &doubled));
        assert!((got.ratio - 1.0).abs() < 0.01 && got.low < 1.0 && got.high > 1.0, "{got:?}");
        let halved = weeks(&[10, 12, 9, 11, 10, 8], 400);
        assert!(
            matches!(change_against_others(&before, &halved), Change::Fell(ratio) if (ratio.ratio - 0.5).abs() < 0.01)
        );
        assert!(matches!(change_against_others(&halved, &before), Change::Rose(_)));
    }

    #[test]
    fn one_storm_is_not_taken_for_a_rise() {
        let before = weeks(&[5, 6, 4, 5, 5, 6], 500);
        let storm = weeks(&[5, 4, 60, 5, 6, 5], 500);
        assert!(matches!(change_against_others(&before, &storm), Change::Unsure(_)));
    }

    #[test]
    fn too_little_says_nothing() {
        let some = weeks(&[5, 5, 5, 5], 100);
        assert_eq!(change_against_others(&some, &weeks(&[5], 100)), Change::TooEarly { weeks: 3 });
        assert_eq!(change_against_others(&weeks(&[0, 0], 0), &some), Change::TooEarly { weeks: 4 });
        assert_eq!(change_against_others(&weeks(&[1; 4], 100), &weeks(&[1; 4], 100)), Change::TooFew);
        assert_eq!(change_against_others(&weeks(&[5; 4], 0), &weeks(&[5; 4], 0)), Change::TooFew);
        let gone = change_against_others(&weeks(&[9, 8, 10, 9], 300), &weeks(&[0; 4], 300));
        assert!(matches!(gone, Change::Fell(ratio) if ratio.high < 0.5), "{gone:?}");
    }

    proptest! {
        #[test]
        fn the_ratio_lies_in_its_interval_and_turns_over(
            before in proptest::collection::vec((0..40_u64, 1..400_u64), 4..12),
            after in proptest::collection::vec((0..40_u64, 1..400_u64), 4..12),
        ) {
            let of = |weeks: &[(u64, u64)]| -> Vec<Week> {
                weeks.iter().map(|(these, others)| Week { these: *these, others: *others }).collect()
            };
            let (before, after) = (of(&before), of(&after));
            match (change_against_others(&before, &after), change_against_others(&after, &before)) {
                (Change::TooFew, other) => prop_assert_eq!(other, Change::TooFew),
                (there, back) => {
                    let (there, back) = (ratio(there), ratio(back));
                    prop_assert!(there.low <= there.ratio && there.ratio <= there.high);
                    prop_assert!((there.ratio * back.ratio - 1.0).abs() < 1e-9);
                }
            }
        }
    }
}
