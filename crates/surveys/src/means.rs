//! What the answers say: means with their number and interval, and how many answered.

use vocabulary::{AnswerGroupId, Parameter};

use crate::model::{SCORE_MAX, SCORE_MIN};

/// Fewest answers behind a mean that is shown. Fewer say more about chance, and about single persons, than about the
/// centre.
pub const MEAN_ANSWERS_MIN: u64 = 5;

/// Different scores there are.
const SCORES: usize = (SCORE_MAX - SCORE_MIN) as usize + 1;

/// How many gave each score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Distribution([u64; SCORES]);

impl Distribution {
    /// A distribution from how many gave each score, worst first.
    #[must_use]
    pub const fn new(counts: [u64; SCORES]) -> Self {
        Self(counts)
    }

    /// How many gave each score, worst first.
    #[must_use]
    pub const fn counts(&self) -> &[u64; SCORES] {
        &self.0
    }

    /// Adds `n` answers of `score`. A score off the scale is no answer.
    pub fn add(&mut self, score: u8, n: u64) {
        let place = score.checked_sub(SCORE_MIN).and_then(|place| self.0.get_mut(usize::from(place)));
        if let Some(count) = place {
            *count += n;
        }
    }

    /// How many answers there are.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.0.iter().sum()
    }

    /// The mean and its interval; none with fewer than [`MEAN_ANSWERS_MIN`] answers.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    pub fn estimate(&self) -> Option<Estimate> {
        if self.n() < MEAN_ANSWERS_MIN {
            return None;
        }
        let n = self.n() as f64;
        let scored = || (SCORE_MIN..=SCORE_MAX).map(f64::from).zip(self.0.iter().map(|count| *count as f64));
        let mean = scored().map(|(score, count)| score * count).sum::<f64>() / n;
        let variance = scored().map(|(score, count)| count * (score - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let half = 1.96 * (variance / n).sqrt();
        let within = |end: f64| end.clamp(f64::from(SCORE_MIN), f64::from(SCORE_MAX));
        Some(Estimate { mean, low: within(mean - half), high: within(mean + half) })
    }
}

/// One parameter's mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterMean {
    /// Which.
    pub parameter: Parameter,
    /// How many answered.
    pub n: u64,
    /// How many gave each score.
    pub answers: Distribution,
    /// The mean and its interval; none with fewer than [`MEAN_ANSWERS_MIN`] answers.
    pub estimate: Option<Estimate>,
}

/// A mean and between what it lies with 95 % confidence, on the scale of the scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

impl ParameterMean {
    pub(crate) fn of(parameter: Parameter, answers: Distribution) -> Self {
        Self { parameter, n: answers.n(), answers, estimate: answers.estimate() }
    }
}

/// The means of a group, or of all.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMeans {
    /// The group; none for all together, those without a group among them.
    pub group: Option<AnswerGroupId>,
    /// One for each question, in the questionnaire's order.
    pub parameters: Vec<ParameterMean>,
}

/// How many of those asked answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ResponseRate {
    /// Invited in the period.
    pub invited: u64,
    /// Responses given in the period. Somebody invited on the last day may answer after it, and the other way round.
    pub responses: u64,
}

impl ResponseRate {
    /// The share, 0 to 1; none if nobody was invited.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let share = self.responses as f64 / self.invited as f64;
        (self.invited > 0).then(|| share.min(1.0))
    }
}
