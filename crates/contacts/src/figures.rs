//! How the day goes: the calls of a Swedish day counted per answer group and hour.
//!
//! The counts are what service levels are made of; which variant of service level is shown, `quality` names.

use quality::{ServiceCounts, ServiceFigures, WrongCounts};
use storage::{Session, StorageError, params, sql};
use vocabulary::{AnswerGroupId, Channel, SignedDuration, Timestamp, civil, start_of_day};

use crate::model::{Ending, SERVICE_THRESHOLD};

/// Microseconds in an hour.
const HOUR_US: i64 = 3_600_000_000;

/// Counted calls. Every call is in `offered` and in exactly one of the others, but for those that are named as a part of
/// another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallFigures {
    /// Calls that arrived.
    pub offered: u64,
    /// A guide answered (and they were not lost again before another guide could take over).
    pub answered: u64,
    /// Answered within [`SERVICE_THRESHOLD`] of arrival, the prompt included.
    pub answered_in_time: u64,
    /// The resident hung up during the prompt: short, and for many measures not counted as lost.
    pub abandoned_in_prompt: u64,
    /// The resident hung up in the queue.
    pub abandoned: u64,
    /// The part of `abandoned` that hung up within [`SERVICE_THRESHOLD`] of arrival.
    pub abandoned_in_time: u64,
    /// Went to the switchboard.
    pub to_switchboard: u64,
    /// The part of `to_switchboard` that had waited in the queue, until it was too long; the others came while it was
    /// closed or full.
    pub to_switchboard_after_waiting: u64,
    /// Lost by a fault of ours before anybody answered.
    pub failed: u64,
    /// In the prompt or the queue now.
    pub waiting: u64,
    /// How long the answered ones waited from arrival, together. Divided by `answered`: the average speed of answer.
    pub wait_sum: SignedDuration,
    /// How long the answered one that waited longest did.
    pub wait_max: SignedDuration,
}

impl CallFigures {
    /// The calls as service levels count them: those that came to wait for a guide and whose waiting is over. Who hung
    /// up in the prompt, and who came while it was closed or full, did not wait; who waits has not waited to the end.
    ///
    /// # Errors
    /// Never for figures from the database; figures put together by hand may contradict themselves.
    pub fn service(&self) -> Result<ServiceFigures, WrongCounts> {
        ServiceCounts {
            offered: self.answered + self.abandoned + self.failed + self.to_switchboard_after_waiting,
            answered: self.answered,
            answered_in_time: self.answered_in_time,
            abandoned: self.abandoned,
            abandoned_in_time: self.abandoned_in_time,
        }
        .figures()
    }

    /// The average speed of answer; none if nobody was answered.
    #[must_use]
    pub fn wait_mean(&self) -> Option<SignedDuration> {
        let micros = self.wait_sum.as_micros().checked_div(i128::from(self.answered))?;
        i64::try_from(micros).ok().map(SignedDuration::from_micros)
    }
}

impl std::ops::AddAssign for CallFigures {
    fn add_assign(&mut self, other: Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.answered_in_time += other.answered_in_time;
        self.abandoned_in_prompt += other.abandoned_in_prompt;
        self.abandoned += other.abandoned;
        self.abandoned_in_time += other.abandoned_in_time;
        self.to_switchboard += other.to_switchboard;
        self.to_switchboard_after_waiting += other.to_switchboard_after_waiting;
        self.failed += other.failed;
        self.waiting += other.waiting;
        self.wait_sum = self.wait_sum.saturating_add(other.wait_sum);
        self.wait_max = self.wait_max.max(other.wait_max);
    }
}

impl std::iter::Sum for CallFigures {
    fn sum<I: Iterator<Item = Self>>(figures: I) -> Self {
        figures.fold(Self::default(), |mut sum, figures| {
            sum += figures;
            sum
        })
    }
}

/// One group's day. Calls for no known group are under none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupFigures {
    /// The group.
    pub group: Option<AnswerGroupId>,
    /// Its calls.
    pub calls: CallFigures,
}

/// One group's hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourFigures {
    /// The group.
    pub group: Option<AnswerGroupId>,
    /// When the hour began. Hours are counted from the day's beginning, so the two days a year that change between
    /// summer and winter time have 23 and 25 of them.
    pub began_at: Timestamp,
    /// Its calls, by arrival.
    pub calls: CallFigures,
}

/// The calls that arrived on `day`, per group and hour. Groups and hours without calls are left out.
///
/// # Errors
/// The database.
pub fn hour_figures(s: &mut Session<'_>, day: civil::Date) -> Result<Vec<HourFigures>, StorageError> {
    let begin = start_of_day(day);
    let end = day.tomorrow().map_or(Timestamp::MAX, start_of_day);
    s.rows(
        sql!(
            "SELECT answer_group_id, (arrived_at - $1) / $7 AS hour, COUNT(*),
                 COUNT(CASE WHEN heard THEN 1 END),
                 COUNT(CASE WHEN heard AND wait <= $4 THEN 1 END),
                 COUNT(CASE WHEN ending = 'abandoned_in_prompt' THEN 1 END),
                 COUNT(CASE WHEN ending = 'abandoned' THEN 1 END),
                 COUNT(CASE WHEN ending = 'abandoned' AND stay <= $4 THEN 1 END),
                 COUNT(CASE WHEN ending = 'to_switchboard' THEN 1 END),
                 COUNT(CASE WHEN ending = 'to_switchboard' AND queued_at IS NOT NULL THEN 1 END),
                 COUNT(CASE WHEN ending = 'failed' AND NOT heard THEN 1 END),
                 COUNT(CASE WHEN ending IS NULL AND NOT heard THEN 1 END),
                 CAST(COALESCE(SUM(CASE WHEN heard THEN wait END), 0) AS BIGINT),
                 COALESCE(MAX(CASE WHEN heard THEN wait END), 0)
             FROM (SELECT answer_group_id, arrived_at, queued_at, ending, answered_at - arrived_at AS wait,
                       ended_at - arrived_at AS stay,
                       answered_at IS NOT NULL AND (ending IS NULL OR ending = $5 OR ending = $6) AS heard
                   FROM contacts WHERE arrived_at >= $1 AND arrived_at < $2 AND channel = $3) calls
             GROUP BY answer_group_id, hour ORDER BY answer_group_id NULLS FIRST, hour"
        ),
        params![begin, end, Channel::Call, SERVICE_THRESHOLD_US, Ending::Handled, Ending::Failed, HOUR_US],
        |r| {
            let hour: i64 = r.get(1)?;
            Ok(HourFigures {
                group: r.get(0)?,
                began_at: begin + SignedDuration::from_micros(hour.saturating_mul(HOUR_US)),
                calls: CallFigures {
                    offered: r.get(2)?,
                    answered: r.get(3)?,
                    answered_in_time: r.get(4)?,
                    abandoned_in_prompt: r.get(5)?,
                    abandoned: r.get(6)?,
                    abandoned_in_time: r.get(7)?,
                    to_switchboard: r.get(8)?,
                    to_switchboard_after_waiting: r.get(9)?,
                    failed: r.get(10)?,
                    waiting: r.get(11)?,
                    wait_sum: SignedDuration::from_micros(r.get(12)?),
                    wait_max: SignedDuration::from_micros(r.get(13)?),
                },
            })
        },
    )
}

/// The calls that arrived on `day`, per group. Groups without calls are left out.
///
/// # Errors
/// The database.
pub fn day_figures(s: &mut Session<'_>, day: civil::Date) -> Result<Vec<GroupFigures>, StorageError> {
    let mut days: Vec<GroupFigures> = Vec::new();
    for hour in hour_figures(s, day)? {
        match days.last_mut().filter(|last| last.group == hour.group) {
            Some(last) => last.calls += hour.calls,
            None => days.push(GroupFigures { group: hour.group, calls: hour.calls }),
        }
    }
    Ok(days)
}

/// [`SERVICE_THRESHOLD`] in microseconds, as the database counts.
const SERVICE_THRESHOLD_US: i64 = {
    let micros = SERVICE_THRESHOLD.as_micros();
    assert!(micros > 0 && micros < i64::MAX as i128, "the threshold is a matter of minutes");
    micros as i64
};
