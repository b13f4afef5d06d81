//! What can be said of a contact centre's figures, and how certainly. Pure functions: numbers in, numbers out; each
//! names the source of its formula.
//!
//! Small numbers are never shown as if they were certain: a mean comes with its interval, a share with its interval,
//! and a figure of a group of people only from [`GROUP_ANSWERS_MIN`] answers on.

mod change;
mod reachability;
mod scores;
mod service;
mod share;
mod student;

pub use change::{CHANGE_COUNT_MIN, CHANGE_WEEKS_MIN, Change, Ratio, Week, change_against_others};
pub use reachability::{Reachability, Turned, median, reachability};
pub use scores::{
    GROUP_ANSWERS_MIN, MeanWithInterval, Score, ScoreOutOfRange, ScoreSummary, group_figure, score_index,
};
pub use service::{AbandonedInTime, ServiceCounts, ServiceFigures, WrongCounts};
pub use share::{Share, share_with_interval};
