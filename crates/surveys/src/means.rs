//! What the answers say: means with their number and interval, and how many answered.

use quality::{MeanWithInterval, ScoreSummary, Share, group_figure, share_with_interval};
use vocabulary::{AnswerGroupId, Parameter};

/// Fewest answers behind a mean that is shown. Fewer say more about chance, and about single persons, than about the
/// centre.
pub const MEAN_ANSWERS_MIN: u64 = quality::GROUP_ANSWERS_MIN;

/// One parameter's mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterMean {
    /// Which.
    pub parameter: Parameter,
    /// How many answered.
    pub n: u64,
    /// How many gave each score.
    pub answers: ScoreSummary,
    /// The mean and its interval; none with fewer than [`MEAN_ANSWERS_MIN`] answers.
    pub figure: Option<MeanWithInterval>,
}

impl ParameterMean {
    pub(crate) fn of(parameter: Parameter, answers: ScoreSummary) -> Self {
        Self { parameter, n: answers.answers(), answers, figure: group_figure(&answers) }
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
    /// The share with its interval; none if nobody was invited.
    #[must_use]
    pub fn share(&self) -> Option<Share> {
        share_with_interval(self.responses.min(self.invited), self.invited)
    }
}
