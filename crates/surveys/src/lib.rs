//! Surveys: who is asked after a call, when they are rung up, and what they answer, kept apart from who they are.
//!
//! # What is protected, and what is not
//!
//! Residents are promised that their answers are not tied to them, and guides that one answer is never traced to one
//! call. Somebody who owns the database, and reads it all, finds:
//! - **in an invitation**: whom, after which contact, when invited, and that the matter is over; never whether they
//!   answered, so that nobody who answered stands out ([`InvitationState`]);
//! - **in a response**: a random id (UUID v4), the day, the questionnaire, the answer group, the scores. The group is left
//!   out while fewer than [`SurveyRules::group_asked_min`] of that group have been asked that day;
//! - **nothing between them**: no key, no timeline entry about answers, no shared transaction. The order in which rows lie
//!   on disk is no bridge either: every response rewrites its day's responses in the order of their random ids, so
//!   neither SQLite's row numbers nor PostgreSQL's row versions tell who came after whom.
//!
//! What remains: whoever sees the database *before and after* one call (two backups, a replica, the write-ahead log, what
//! deleted rows leave on the disk until it is reused) sees which response came with it; on a day when one person is
//! asked, that day's response is theirs; who keeps the history of the metrics beside the database can tell from the times
//! whether a call was answered, though not what; and somebody who listens on the wire hears the keys. Backups are to be kept as
//! the database is: from nobody who has no need of it. Scores are never written to the log or to the metrics.

mod calling;
pub mod commands;
mod conduct;
mod error;
mod means;
mod model;
pub mod queries;

#[cfg(test)]
mod tests;

pub use calling::{calling_time, is_calling_time};
pub use conduct::{Asked, conduct};
pub use error::SurveysError;
pub use means::{GroupMeans, MEAN_ANSWERS_MIN, ParameterMean, ResponseRate};
pub use model::{
    Answer, AnswerSheet, CallPlan, Facts, InvitationState, NotInvited, QUESTIONNAIRES, Questionnaire,
    SCORE_MAX, SCORE_MIN, SIX_PARAMETERS, SURVEY_CALL, SurveyRules, SurveyRulesError, may_invite,
};
