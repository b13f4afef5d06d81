//! What the board shows, read in one go.

use crate::{AppState, error::PageError};
use contacts::{
    CallFigures,
    figures::{HourFigures, hour_figures},
};
use crisis::{LiveMessage, Period, Proposal};
use floor::Snapshot;
use people::directory::AnswerGroup;
use quality::AbandonedInTime;
use std::collections::BTreeMap;
use std::sync::Arc;
use surveys::{GroupMeans, SurveysError};
use vocabulary::{AnswerGroupId, SignedDuration, Timestamp, UserId, local_day, start_of_day};

/// How many days back the survey's means go, today included.
const SURVEY_DAYS: i64 = 30;

/// Everything on the board.
#[derive(Clone, Debug)]
pub struct Board {
    /// When it was read.
    pub now: Timestamp,
    /// The floor as it stands.
    pub snapshot: Arc<Snapshot>,
    /// The answer groups.
    pub groups: Vec<AnswerGroup>,
    /// Guides' names.
    pub names: BTreeMap<UserId, String>,
    /// Today's calls, per group and hour.
    pub hours: Vec<HourFigures>,
    /// What residents have answered.
    pub means: Vec<GroupMeans>,
    /// What everybody is told in a crisis.
    pub crises: Vec<LiveMessage>,
    /// What the spike detector proposes a message for.
    pub proposal: Option<Proposal>,
    /// The crises that touch today.
    pub periods: Vec<Period>,
    /// Whether the hours in which there was a crisis are left out of today's figures.
    pub without_crises: bool,
}

impl Board {
    /// Reads the board.
    ///
    /// # Errors
    /// The database.
    pub async fn load(state: &AppState) -> Result<Self, PageError> {
        let snapshot = state.floor.snapshot();
        let now = state.clock.now();
        let today = local_day(now);
        let from = today.saturating_sub(SignedDuration::from_hours(24 * (SURVEY_DAYS - 1)));
        let board = state
            .db
            .read(move |s| -> Result<Self, SurveysError> {
                let guides = people::users::queries::guides(s)?;
                Ok(Self {
                    now,
                    snapshot: Arc::clone(&snapshot),
                    groups: people::directory::queries::answer_groups(s)?,
                    names: guides.into_iter().map(|user| (user.id, user.name)).collect(),
                    hours: hour_figures(s, today)?,
                    means: surveys::queries::means(s, from, today)?,
                    crises: crisis::queries::live(s, now)?,
                    proposal: crisis::queries::open_proposal(s)?,
                    periods: crisis::queries::periods(s)?
                        .into_iter()
                        .filter(|period| period.touches(start_of_day(today), now))
                        .collect(),
                    without_crises: false,
                })
            })
            .await?;
        Ok(board)
    }

    /// The same without the hours in which there was a crisis, if that is asked for. Figures are kept by the hour, so an
    /// hour that a crisis touches is left out whole.
    #[must_use]
    pub fn without(mut self, crises: bool) -> Self {
        if crises {
            let hour = SignedDuration::from_hours(1);
            let periods = &self.periods;
            self.hours.retain(|it| !periods.iter().any(|p| p.touches(it.began_at, it.began_at + hour)));
        }
        self.without_crises = crises;
        self
    }

    /// Today's calls to `group`; to all groups together for none.
    #[must_use]
    pub fn today(&self, group: Option<AnswerGroupId>) -> CallFigures {
        self.hours.iter().filter(|hour| group.is_none() || hour.group == group).map(|hour| hour.calls).sum()
    }

    /// Whether the surge notice is on for every group.
    #[must_use]
    pub fn surge_for_all(&self) -> bool {
        !self.snapshot.groups.is_empty() && self.snapshot.groups.iter().all(|group| group.surge)
    }

    /// How many wait, and since when the longest of them.
    #[must_use]
    pub fn waiting(&self) -> (usize, Option<Timestamp>) {
        let groups = &self.snapshot.groups;
        (
            groups.iter().map(|group| group.waiting).sum(),
            groups.iter().filter_map(|group| group.waiting_since).min(),
        )
    }
}

/// The share answered within 60 s of arrival, of all who came to wait for a guide; who hung up while waiting counts
/// against. None if there is nobody to count.
#[must_use]
pub fn service_level(calls: &CallFigures) -> Option<f64> {
    calls.service().ok()?.service_level(AbandonedInTime::CountedAgainst)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_hangs_up_in_the_prompt_does_not_count_and_who_gives_up_in_the_queue_does() {
        let calls = CallFigures {
            offered: 20,
            answered: 8,
            answered_in_time: 6,
            abandoned_in_prompt: 5,
            abandoned: 2,
            ..CallFigures::default()
        };
        assert_eq!(service_level(&calls), Some(0.6));
        assert_eq!(service_level(&CallFigures::default()), None);
    }
}
