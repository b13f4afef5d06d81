//! What can go wrong with surveys.

use contacts::ContactsError;
use storage::StorageError;
use vocabulary::Parameter;

use crate::model::{SCORE_MAX, SCORE_MIN};

/// Why a command about a survey was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum SurveysError {
    /// There is nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// An answer outside the scale.
    #[error("{parameter}: a score is {SCORE_MIN} to {SCORE_MAX}, not {score}")]
    Score {
        /// The question.
        parameter: Parameter,
        /// What was answered.
        score: u8,
    },
    /// A question that was not asked, or answered twice.
    #[error("{parameter} is not asked, or is answered twice")]
    Question {
        /// The question.
        parameter: Parameter,
    },
    /// A contact could not be read.
    #[error(transparent)]
    Contacts(#[from] ContactsError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
