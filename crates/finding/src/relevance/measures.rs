//! What one question's answers are worth, and the mean over many.

use std::collections::BTreeMap;

/// What an answer must be judged at least for recall; where no answer of a question reaches it, its best ones count.
const ANSWERS_GRADE: u8 = 2;
/// How deep the order is judged.
pub(crate) const DEPTH: usize = 10;

/// What came of one question.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The share of the answers that should come that are among the first one; of one, if there are several.
    pub recall_at_1: f64,
    /// The same for the first five.
    pub recall_at_5: f64,
    /// Normalised discounted cumulative gain over the first ten (Järvelin and Kekäläinen, 2002; gain 2^grade - 1).
    pub ndcg_at_10: f64,
    /// 1 if nothing at all was found.
    pub without_hits: f64,
}

impl Outcome {
    /// Judges `found`, the best first.
    #[must_use]
    pub fn of(found: &[&str], judged: &BTreeMap<String, u8>) -> Self {
        let best = judged.values().copied().max().unwrap_or(0);
        let wanted =
            judged.values().filter(|grade| **grade >= ANSWERS_GRADE.min(best) && **grade > 0).count();
        let recall = |depth: usize| {
            let among = found.iter().take(depth);
            let good = |id: &&&str| judged.get(**id).is_some_and(|g| *g >= ANSWERS_GRADE.min(best) && *g > 0);
            count(among.filter(good).count()) / count(depth.min(wanted).max(1))
        };
        let gain = |grade: u8| f64::from(grade.min(10)).exp2() - 1.0;
        let discounted = |grades: &mut dyn Iterator<Item = u8>| -> f64 {
            grades.take(DEPTH).zip(2_u8..).map(|(grade, place)| gain(grade) / f64::from(place).log2()).sum()
        };
        let mut ideal: Vec<u8> = judged.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        let ideal = discounted(&mut ideal.into_iter());
        let reached = discounted(&mut found.iter().map(|id| judged.get(*id).copied().unwrap_or(0)));
        Self {
            recall_at_1: recall(1),
            recall_at_5: recall(5),
            ndcg_at_10: if ideal > 0.0 { reached / ideal } else { 0.0 },
            without_hits: if found.is_empty() { 1.0 } else { 0.0 },
        }
    }
}

/// The means over many questions.
pub type Figures = Outcome;

/// The mean of each figure; all 0 without outcomes.
#[must_use]
pub fn mean(outcomes: &[Outcome]) -> Figures {
    let of =
        |figure: fn(&Outcome) -> f64| outcomes.iter().map(figure).sum::<f64>() / count(outcomes.len().max(1));
    Outcome {
        recall_at_1: of(|o| o.recall_at_1),
        recall_at_5: of(|o| o.recall_at_5),
        ndcg_at_10: of(|o| o.ndcg_at_10),
        without_hits: of(|o| o.without_hits),
    }
}

/// Small counts as numbers to divide by.
pub(crate) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(grades: &[(&str, u8)]) -> BTreeMap<String, u8> {
        grades.iter().map(|(id, grade)| ((*id).to_owned(), *grade)).collect()
    }

    #[test]
    fn the_figures_are_those_of_the_literature() {
        let wanted = judged(&[("a", 3), ("b", 1)]);
        let perfect = Outcome::of(&["a", "b", "c"], &wanted);
        assert!((perfect.ndcg_at_10 - 1.0).abs() < 1e-12);
        assert!((perfect.recall_at_1 - 1.0).abs() < 1e-12);
        // (1/log2(2) + 7/log2(3)) / (7/log2(2) + 1/log2(3))
        let swapped = Outcome::of(&["b", "a"], &wanted);
        let expected = (1.0 + 7.0 / 3.0_f64.log2()) / (7.0 + 1.0 / 3.0_f64.log2());
        assert!((swapped.ndcg_at_10 - expected).abs() < 1e-12);
        assert_eq!((swapped.recall_at_1, swapped.recall_at_5), (0.0, 1.0));
        let nothing = Outcome::of(&[], &wanted);
        assert_eq!((nothing.ndcg_at_10, nothing.without_hits), (0.0, 1.0));
    }

    #[test]
    fn where_nothing_is_a_full_answer_the_best_counts() {
        let wanted = judged(&[("a", 1), ("b", 1)]);
        assert!((Outcome::of(&["b"], &wanted).recall_at_1 - 1.0).abs() < 1e-12);
        assert!((Outcome::of(&["b"], &wanted).recall_at_5 - 0.5).abs() < 1e-12);
        assert!(Outcome::of(&["x"], &judged(&[])).ndcg_at_10.abs() < 1e-12);
    }
}
