//! How soon residents were answered.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How to count residents who hung up before the threshold had passed, and so were perhaps never kept waiting.
///
/// The three are those of Cisco Unified Contact Center Enterprise, "service level type" of a call type (Reporting
/// Concepts guide, chapter on service level): the same day gives three different figures, so a figure is worth
/// nothing without the name of its variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbandonedInTime {
    /// As if they had never called ("ignore abandoned calls").
    Excluded,
    /// As offered and not answered in time ("abandoned calls have negative impact").
    CountedAgainst,
    /// As answered in time ("abandoned calls have positive impact").
    CountedAsMet,
}

impl AbandonedInTime {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Excluded, Self::CountedAgainst, Self::CountedAsMet];
}

/// The calls of a group and a time, counted. Offered are those who came to wait for a guide; whoever hung up in the
/// prompt, or was passed to the switchboard while closed, is not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceCounts {
    /// All who came to wait.
    pub offered: u64,
    /// Of these, answered at all.
    pub answered: u64,
    /// Of the answered, within the threshold.
    pub answered_in_time: u64,
    /// Of the offered, hung up while waiting.
    pub abandoned: u64,
    /// Of the abandoned, within the threshold.
    pub abandoned_in_time: u64,
}

/// Counts that cannot be of the same calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("answered and abandoned calls must be among the offered, and those in time among them: {0:?}")]
pub struct WrongCounts(pub ServiceCounts);

/// Figures of service, from counts that have been checked. All shares are from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceFigures {
    counts: ServiceCounts,
}

impl ServiceCounts {
    /// Checks that the counts can be of the same calls.
    ///
    /// # Errors
    /// [`WrongCounts`] if a part is greater than its whole.
    pub fn figures(self) -> Result<ServiceFigures, WrongCounts> {
        let ended = self.answered.checked_add(self.abandoned);
        let possible = ended.is_some_and(|ended| ended <= self.offered)
            && self.answered_in_time <= self.answered
            && self.abandoned_in_time <= self.abandoned;
        if possible { Ok(ServiceFigures { counts: self }) } else { Err(WrongCounts(self)) }
    }
}

/// `part / whole`, or none if there is no whole.
pub(crate) fn ratio(part: u64, whole: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of calls are far below 2^53")]
    let ratio = part as f64 / whole as f64;
    (whole > 0).then_some(ratio)
}

impl ServiceFigures {
    /// The share answered within the threshold of those offered, by the variant named. None if there is nobody to
    /// count.
    #[must_use]
    pub fn service_level(&self, variant: AbandonedInTime) -> Option<f64> {
        let c = self.counts;
        match variant {
            AbandonedInTime::Excluded => ratio(c.answered_in_time, c.offered - c.abandoned_in_time),
            AbandonedInTime::CountedAgainst => ratio(c.answered_in_time, c.offered),
            AbandonedInTime::CountedAsMet => ratio(c.answered_in_time + c.abandoned_in_time, c.offered),
        }
    }

    /// The share of the offered who hung up while waiting. None if nobody was offered.
    #[must_use]
    pub fn abandonment_rate(&self) -> Option<f64> {
        ratio(self.counts.abandoned, self.counts.offered)
    }

    /// The average speed of answer: the waits of all answered calls divided by their number (ITU-T E.423, "mean
    /// waiting time" of answered calls). None if nobody was answered.
    ///
    /// `waited_in_all` is the sum of the waits of the answered calls, from joining the queue to the answer.
    #[must_use]
    pub fn average_speed_of_answer(&self, waited_in_all: Duration) -> Option<Duration> {
        let answered = u32::try_from(self.counts.answered).ok().filter(|answered| *answered > 0)?;
        Some(waited_in_all / answered)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: Option<f64>, expected: f64) -> bool {
        got.is_some_and(|got| (got - expected).abs() < 5e-4)
    }

    /// 100 offered, 70 answered in time, 10 abandoned in time: the example in Cisco's guide.
    fn cisco() -> ServiceFigures {
        ServiceCounts {
            offered: 100,
            answered: 85,
            answered_in_time: 70,
            abandoned: 15,
            abandoned_in_time: 10,
        }
        .figures()
        .unwrap()
    }

    #[test]
    fn the_same_day_gives_three_service_levels() {
        assert!(close(cisco().service_level(AbandonedInTime::Excluded), 0.778));
        assert!(close(cisco().service_level(AbandonedInTime::CountedAgainst), 0.70));
        assert!(close(cisco().service_level(AbandonedInTime::CountedAsMet), 0.80));
        assert!(close(cisco().abandonment_rate(), 0.15));
    }

    #[test]
    fn nobody_is_no_figure() {
        let figures = ServiceCounts::default().figures().unwrap();
        for variant in AbandonedInTime::ALL {
            assert_eq!(figures.service_level(variant), None);
        }
        assert_eq!(figures.abandonment_rate(), None);
        assert_eq!(figures.average_speed_of_answer(Duration::from_secs(9)), None);
        let all_gave_up =
            ServiceCounts { offered: 3, abandoned: 3, abandoned_in_time: 3, ..Default::default() };
        assert_eq!(all_gave_up.figures().unwrap().service_level(AbandonedInTime::Excluded), None);
    }

    #[test]
    fn a_part_greater_than_its_whole_is_refused() {
        for counts in [
            ServiceCounts { offered: 1, answered: 2, ..Default::default() },
            ServiceCounts { offered: 5, answered: 3, abandoned: 3, ..Default::default() },
            ServiceCounts { offered: 5, answered: 3, answered_in_time: 4, ..Default::default() },
            ServiceCounts { offered: 5, abandoned: 1, abandoned_in_time: 2, ..Default::default() },
            ServiceCounts { offered: 5, answered: u64::MAX, abandoned: 9, ..Default::default() },
        ] {
            assert_eq!(counts.figures(), Err(WrongCounts(counts)));
        }
    }

    #[test]
    fn the_speed_of_answer_is_of_the_answered() {
        let asa = cisco().average_speed_of_answer(Duration::from_secs(85 * 21));
        assert_eq!(asa, Some(Duration::from_secs(21)));
    }
}
