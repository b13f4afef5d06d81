//! Whether a unit of the organisation can be reached.

use crate::scores::GROUP_ANSWERS_MIN;
use crate::share::{Share, share_with_interval};
use serde::{Deserialize, Serialize};

/// How often a unit was turned to, and how often somebody answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turned {
    /// How often somebody answered, of `to`.
    pub answered: u64,
    /// How often the unit was turned to.
    pub to: u64,
}

impl Turned {
    /// The two counted together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { answered: self.answered + other.answered, to: self.to + other.to }
    }
}

/// How a unit can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reachability {
    /// Of the calls made to the unit's officers, the share that somebody answered.
    pub calls: Option<Share>,
    /// Of the questions whose term ended, the share answered within the term.
    pub in_time: Option<Share>,
    /// The index: both together.
    pub index: Option<Share>,
}

/// The reachability index: of all the times a resident's matter needed somebody in the unit, the share in which somebody
/// answered. A call counts as answered when an officer answers it (busy, voicemail, no answer and a wrong number do
/// not); a question when it was answered, whatever the answer, within the term it was sent with (asking for more time
/// does not lengthen that term; waiting for the resident does).
///
/// ```text
/// index = (calls answered + questions answered in time) / (calls made + questions whose term has ended)
/// ```
///
/// There is no published formula for this; of the variants, this is the *pooled* one. The mean of the two shares was not
/// chosen: three calls would weigh as much as three hundred questions. Intervals are Wilson's
/// ([`share_with_interval`]), as if each time were independent of the others; since a call is made mostly when a question
/// has gone unanswered, the true interval of the index is somewhat wider. None where there are fewer than
/// [`GROUP_ANSWERS_MIN`]: so few say more of a person than of a unit.
#[must_use]
pub fn reachability(calls: Turned, questions: Turned) -> Reachability {
    let share = |turned: Turned| {
        share_with_interval(turned.answered, turned.to).filter(|share| share.of >= GROUP_ANSWERS_MIN)
    };
    Reachability { calls: share(calls), in_time: share(questions), index: share(calls.and(questions)) }
}

/// The middle of what is counted; between the two middle ones if there is an even number, none if there is nothing.
#[must_use]
pub fn median(mut values: Vec<u32>) -> Option<f64> {
    values.sort_unstable();
    let middle = values.len() / 2;
    let upper = f64::from(*values.get(middle)?);
    if values.len() % 2 == 1 {
        Some(upper)
    } else {
        Some(f64::midpoint(f64::from(values[middle - 1]), upper))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn turned(answered: u64, to: u64) -> Turned {
        Turned { answered, to }
    }

    #[test]
    fn the_index_counts_calls_and_questions_alike() {
        let reached = reachability(turned(6, 10), turned(81, 90));
        assert_eq!(reached.calls.unwrap().share, 0.6);
        assert_eq!(reached.in_time.unwrap().share, 0.9);
        let index = reached.index.unwrap();
        assert_eq!((index.share, index.of), (0.87, 100));
        // Wilson for 87 of 100.
        assert!((index.low - 0.790_2).abs() < 5e-4 && (index.high - 0.922_4).abs() < 5e-4, "{index:?}");
    }

    #[test]
    fn too_few_say_nothing() {
        let few = reachability(turned(1, 2), turned(2, 2));
        assert_eq!((few.calls, few.in_time, few.index), (None, None, None));
        let together = reachability(turned(1, 2), turned(2, 3));
        assert!(together.calls.is_none() && together.index.is_some());
        assert_eq!(reachability(turned(0, 0), turned(0, 0)).index, None);
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![7]), Some(7.0));
        assert_eq!(median(vec![9, 1, 4]), Some(4.0));
        assert_eq!(median(vec![4, 1, 2, 3]), Some(2.5));
    }

    proptest! {
        #[test]
        fn the_index_lies_between_its_parts(a in 0..500_u64, b in 0..500_u64, c in 0..500_u64, d in 0..500_u64) {
            let (calls, questions) = (turned(a.min(b), b), turned(c.min(d), d));
            let reached = reachability(calls, questions);
            if let (Some(calls), Some(in_time), Some(index)) = (reached.calls, reached.in_time, reached.index) {
                let (low, high) = (calls.share.min(in_time.share), calls.share.max(in_time.share));
                prop_assert!(index.share >= low - 1e-12 && index.share <= high + 1e-12);
                prop_assert!(index.low <= index.share && index.share <= index.high);
            }
        }

        #[test]
        fn the_median_has_half_on_either_side(values in proptest::collection::vec(0..50_u32, 1..40)) {
            let middle = median(values.clone()).unwrap();
            let below = values.iter().filter(|v| f64::from(**v) < middle).count();
            let above = values.iter().filter(|v| f64::from(**v) > middle).count();
            prop_assert!(below <= values.len() / 2 && above <= values.len() / 2);
        }
    }
}
