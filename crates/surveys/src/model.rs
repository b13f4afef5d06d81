//! Questionnaires as data, and the pure rule of who is asked.

use contacts::Ending;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use vocabulary::{AnswerGroupId, InvitationId, Language, OpeningHours, Parameter, SignedDuration, Timestamp};

/// The kind of job that rings somebody up; its payload is `{"invitation": id}`.
pub const SURVEY_CALL: &str = "survey_call";
/// The worst answer.
pub const SCORE_MIN: u8 = 1;
/// The best answer.
pub const SCORE_MAX: u8 = 5;

/// What is asked, in which order. The words are spoken from sound files and written in the language files, by the
/// parameter's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Questionnaire {
    /// Name and version as stored with each response. A change of questions or order is a new version.
    pub code: &'static str,
    /// The questions.
    pub questions: &'static [Parameter],
}

/// The built-in questionnaire: the six parameters the municipalities compare themselves by.
pub const SIX_PARAMETERS: Questionnaire = Questionnaire {
    code: "six_parameters/1",
    questions: &[
        Parameter::Engagement,
        Parameter::Simplicity,
        Parameter::Overall,
        Parameter::Knowledge,
        Parameter::AnsweringTime,
        Parameter::Resolution,
    ],
};

/// Every questionnaire there is.
pub const QUESTIONNAIRES: &[Questionnaire] = &[SIX_PARAMETERS];

/// Who is asked and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SurveyRules {
    /// The share of those who may be asked that are, by chance: 0 (nobody) to 1 (everybody).
    pub share: f64,
    /// How many days a resident is left in peace after having been invited.
    pub quarantine_days: u16,
    /// How many minutes after the call they are rung up at the earliest.
    pub delay_minutes: u16,
    /// The centre's opening hours; nobody is rung up outside them,
    pub opening: OpeningHours,
    /// nor before this time of the day,
    pub earliest: Time,
    /// nor from this time of the day on.
    pub latest: Time,
    /// How many of an answer group must have been asked on a day before a response says which group it is about.
    pub group_asked_min: u64,
}

impl Default for SurveyRules {
    fn default() -> Self {
        Self {
            share: 1.0,
            quarantine_days: 90,
            delay_minutes: 15,
            opening: OpeningHours::default(),
            earliest: Time::constant(9, 0, 0, 0),
            latest: Time::constant(19, 0, 0, 0),
            group_asked_min: 5,
        }
    }
}

/// A rule that cannot be followed, with the key and what is allowed.
#[derive(Clone, Debug, thiserror::Error, PartialEq)]
#[error("surveys.{key}: {allowed}")]
pub struct SurveyRulesError {
    /// The key.
    pub key: &'static str,
    /// What is allowed.
    pub allowed: &'static str,
}

impl SurveyRules {
    /// Whether the rules can be followed: to be asked at start.
    ///
    /// # Errors
    /// The first key that cannot.
    pub fn check(&self) -> Result<(), SurveyRulesError> {
        if !(0.0..=1.0).contains(&self.share) {
            return Err(SurveyRulesError { key: "share", allowed: "a number from 0 to 1" });
        }
        if self.earliest >= self.latest {
            return Err(SurveyRulesError {
                key: "earliest",
                allowed: "a time of the day before surveys.latest",
            });
        }
        Ok(())
    }

    /// How long a resident is left in peace after having been invited. Days of 24 hours.
    #[must_use]
    pub fn quarantine(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * i64::from(self.quarantine_days))
    }

    /// How long after the call they are rung up at the earliest.
    #[must_use]
    pub fn delay(&self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.delay_minutes))
    }
}

/// What decides whether somebody may be asked after a call. Nothing here is the guide's to choose: not the log, not the
/// outcome, not whom the guide says it was (the resident is the one whose number rang).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// How the call ended.
    pub ending: Option<Ending>,
    /// Whether there is a number to ring.
    pub has_number: bool,
    /// Protected personal data.
    pub protected: bool,
    /// Does not want to be asked. Set for a resident, it is written to the timeline by whom.
    pub opted_out: bool,
    /// When the resident was last invited, whatever came of it.
    pub last_invited_at: Option<Timestamp>,
}

/// Why somebody is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInvited {
    /// No guide talked with them.
    NotHandled,
    /// The number was withheld.
    NoNumber,
    /// Protected personal data: no calls that are not asked for.
    Protected,
    /// Has said no.
    OptedOut,
    /// Was asked lately.
    InQuarantine,
    /// May be asked, but chance said no.
    NotSampled,
    /// Has already been invited after this contact.
    Already,
}

/// Whether somebody may be asked, before chance has its say.
///
/// # Errors
/// The first reason why not.
pub fn may_invite(rules: &SurveyRules, facts: &Facts, now: Timestamp) -> Result<(), NotInvited> {
    if facts.ending != Some(Ending::Handled) {
        return Err(NotInvited::NotHandled);
    }
    if !facts.has_number {
        return Err(NotInvited::NoNumber);
    }
    if facts.protected {
        return Err(NotInvited::Protected);
    }
    if facts.opted_out {
        return Err(NotInvited::OptedOut);
    }
    match facts.last_invited_at {
        Some(last) if now.duration_since(last) < rules.quarantine() => Err(NotInvited::InQuarantine),
        _ => Ok(()),
    }
}

/// Where an invitation stands. There is one end for all: whether somebody answered is not written by their name, so
/// that it cannot be held against the responses of the day. How calls end is counted in the metrics, without names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// Will be rung up.
    Waiting,
    /// Is being rung up. An invitation found so after a crash is over: nobody is rung up twice.
    Calling,
    /// Over.
    Done,
}

impl InvitationState {
    /// The word as stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Calling => "calling",
            Self::Done => "done",
        }
    }
}

impl std::str::FromStr for InvitationState {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Waiting, Self::Calling, Self::Done].into_iter().find(|state| state.as_str() == word).ok_or(())
    }
}

storage::word_value!(InvitationState);

/// What is needed to ring somebody up and ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPlan {
    /// Which invitation.
    pub invitation: InvitationId,
    /// The number, E.164.
    pub number: String,
    /// The language to ask in.
    pub language: Language,
    /// What to ask.
    pub questionnaire: Questionnaire,
    /// Where the answers are written. Knows nothing of whose they are.
    pub sheet: AnswerSheet,
}

/// An empty answer sheet: all that a response may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerSheet {
    /// What was asked.
    pub questionnaire: Questionnaire,
    /// About which group, if enough of it have been asked today.
    pub group: Option<AnswerGroupId>,
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question.
    pub parameter: Parameter,
    /// [`SCORE_MIN`] to [`SCORE_MAX`].
    pub score: u8,
}
