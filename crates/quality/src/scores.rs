//! What residents answered with the keys 1 to 5.

use crate::student::t_975;
use serde::{Deserialize, Serialize};

/// A figure of a group of people is shown only from this many answers on: with fewer, one answer says too much, of the
/// guide and of the one who answered.
pub const GROUP_ANSWERS_MIN: u64 = 5;

/// One answer, from 1 (worst) to 5 (best).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Score(u8);

/// A key that is not an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an answer is a key from 1 to 5, not {0}")]
pub struct ScoreOutOfRange(pub u8);

impl TryFrom<u8> for Score {
    type Error = ScoreOutOfRange;

    fn try_from(key: u8) -> Result<Self, ScoreOutOfRange> {
        if (1..=5).contains(&key) { Ok(Self(key)) } else { Err(ScoreOutOfRange(key)) }
    }
}

impl From<Score> for u8 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// How often each answer was given: all that means and intervals need. Two summaries of different people add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreSummary {
    counts: [u64; 5],
}

/// A mean of answers, with its interval. From 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeanWithInterval {
    /// The mean.
    pub mean: f64,
    /// Of how many answers.
    pub answers: u64,
    /// The 95 % interval; none for a single answer or where all are equal, for they do not tell how far answers spread.
    pub interval: Option<(f64, f64)>,
}

impl ScoreSummary {
    /// One more answer.
    pub fn add(&mut self, score: Score) {
        self.add_times(score, 1);
    }

    /// The same answer so many times more.
    pub fn add_times(&mut self, score: Score, times: u64) {
        let count = &mut self.counts[usize::from(score.0 - 1)];
        *count = count.saturating_add(times);
    }

    /// The answers of both.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
        self
    }

    /// How many answers.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// How many gave 4 or 5.
    #[must_use]
    pub fn satisfied(&self) -> u64 {
        self.counts[3] + self.counts[4]
    }

    /// The mean with the 95 % interval of Student (Biometrika 6, 1908), cut to the scale: mean plus or minus
    /// t(0.975, n - 1) times s / sqrt(n), where s is the sample's standard deviation. None without answers. Where all
    /// answers are equal the formula would give an interval without width, as if the mean were certain: then the
    /// interval is none.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of answers are far below 2^53")]
    pub fn mean(&self) -> Option<MeanWithInterval> {
        let answers = self.answers();
        if answers == 0 {
            return None;
        }
        let n = answers as f64;
        let weighted =
            || self.counts.iter().zip(1_u8..).map(|(count, score)| (*count as f64, f64::from(score)));
        let mean = weighted().map(|(count, score)| count * score).sum::<f64>() / n;
        let squares: f64 = weighted().map(|(count, score)| count * (score - mean).powi(2)).sum();
        let interval = (squares > 0.0).then(|| {
            let half = t_975(answers - 1) * (squares / (n - 1.0) / n).sqrt();
            ((mean - half).max(1.0), (mean + half).min(5.0))
        });
        Some(MeanWithInterval { mean, answers, interval })
    }
}

impl From<[u64; 5]> for ScoreSummary {
    /// How often 1 was answered, how often 2, and so on.
    fn from(counts: [u64; 5]) -> Self {
        Self { counts }
    }
}

impl FromIterator<Score> for ScoreSummary {
    fn from_iter<I: IntoIterator<Item = Score>>(scores: I) -> Self {
        let mut summary = Self::default();
        for score in scores {
            summary.add(score);
        }
        summary
    }
}

/// A mean of 1 to 5 as an index of 0 to 100: (mean - 1) / 4 * 100, the linear map that Swedish satisfaction indexes
/// use (Statistics Sweden, "nöjd-kund-index", there from 1 to 10).
#[must_use]
pub fn score_index(mean: f64) -> f64 {
    ((mean - 1.0) / 4.0 * 100.0).clamp(0.0, 100.0)
}

/// The mean of a group's answers, if there are enough of them to show ([`GROUP_ANSWERS_MIN`]).
#[must_use]
pub fn group_figure(summary: &ScoreSummary) -> Option<MeanWithInterval> {
    summary.mean().filter(|mean| mean.answers >= GROUP_ANSWERS_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(keys: &[u8]) -> ScoreSummary {
        keys.iter().map(|key| Score::try_from(*key).unwrap()).collect()
    }

    #[test]
    fn only_keys_from_one_to_five_are_answers() {
        for key in [0, 6, 255] {
            assert_eq!(Score::try_from(key), Err(ScoreOutOfRange(key)));
        }
        assert_eq!((1..=5).filter_map(|key| Score::try_from(key).ok()).count(), 5);
    }

    #[test]
    fn a_mean_with_its_interval() {
        // By hand: mean 3.8, s = 1.3038, t(4) = 2.7764, half = 1.6189; cut to the scale above.
        let got = summary(&[2, 3, 4, 5, 5]).mean().unwrap();
        assert!((got.mean - 3.8).abs() < 1e-12);
        let (low, high) = got.interval.unwrap();
        assert!((low - 2.181_1).abs() < 1e-3 && (high - 5.0).abs() < f64::EPSILON, "{got:?}");
        // By hand: mean 3, s = 1.5811, n = 5, half = 1.9632; cut below too.
        let (low, high) = summary(&[1, 2, 3, 4, 5]).mean().unwrap().interval.unwrap();
        assert!((low - 1.036_8).abs() < 1e-3 && (high - 4.963_2).abs() < 1e-3);
    }

    #[test]
    fn answers_without_spread_have_no_interval_and_none_no_mean() {
        assert_eq!(summary(&[]).mean(), None);
        let got = summary(&[4]).mean().unwrap();
        assert_eq!((got.mean, got.answers, got.interval), (4.0, 1, None));
        let got = ScoreSummary::from([0, 0, 0, 0, 7]).mean().unwrap();
        assert_eq!((got.mean, got.answers, got.interval), (5.0, 7, None));
    }

    #[test]
    fn a_group_has_a_figure_from_five_answers_on() {
        assert_eq!(group_figure(&summary(&[5, 5, 5, 5])), None);
        assert_eq!(group_figure(&summary(&[5, 5, 5, 5, 4])).map(|m| m.answers), Some(5));
        let together = summary(&[5, 5]).with(&summary(&[1, 2, 3]));
        assert_eq!(group_figure(&together).map(|m| m.answers), Some(5));
        assert_eq!(together.satisfied(), 2);
    }

    #[test]
    fn the_index_spans_nought_to_a_hundred() {
        for (mean, index) in [(1.0, 0.0), (3.0, 50.0), (4.2, 80.0), (5.0, 100.0)] {
            assert!((score_index(mean) - index).abs() < 1e-9);
        }
    }
}
