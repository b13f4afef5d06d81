//! What can go wrong with cases.

use crate::clock::TermsError;
use crate::model::FollowUpState;
use crate::refusal::Refusal;
use crate::status::ForbiddenStep;
use people::text::TextError;
use storage::StorageError;
use vocabulary::Timestamp;
use vocabulary::civil::Date;

/// Why a link does not let anybody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not made by this instance, or not for this kind of page.
    #[error("the link is not one of ours; check that all of it came along")]
    Forged,
    /// Its time is up.
    #[error("the link's time is up; ask the contact centre for a new one")]
    Expired,
    /// Taken back: the question was withdrawn or the link replaced.
    #[error("the link is no longer in use")]
    Revoked,
}

/// Why a command about cases was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CasesError {
    /// A text that came in is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is nothing with that id.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// The case is somewhere from where that step cannot be taken.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenStep),
    /// The link does not hold.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// Terms that cannot be.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The officer has already been asked, in other words.
    #[error("this officer already has the case; withdraw the question first, or write a note")]
    AlreadyAsked,
    /// The officer no longer works there.
    #[error("this officer is not active; choose another")]
    OfficerInactive,
    /// The case type is no longer used.
    #[error("this case type is not in use; choose another")]
    CaseTypeInactive,
    /// What was asked can be read, and is not done with a case as it stands.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The question has been answered or withdrawn, with something else than what is said now.
    #[error("the question is no longer open ({state})")]
    AlreadyAnswered {
        /// How it ended.
        state: FollowUpState,
        /// When, if it was answered.
        at: Option<Timestamp>,
    },
    /// A day outside what is allowed.
    #[error("the day must be from {earliest} to {latest}")]
    DayOutOfRange {
        /// The first day allowed.
        earliest: Date,
        /// The last day allowed.
        latest: Date,
    },
    /// The recipient is also a substitute, or a substitute is named twice.
    #[error("the recipient and the substitutes are different people")]
    NamedTwice,
    /// Somebody has already done the task.
    #[error("the task is already done")]
    TaskDone,
    /// The task cannot be finished in that way.
    #[error("a task of that kind is not finished in that way")]
    TaskMismatch,
    /// Another board's: that it is there may be known, no more.
    #[error("this case is sealed for you; a message can be handed over")]
    Sealed,
    /// Only those named may see it.
    #[error("this case is only for those named in it")]
    Secret,
    /// More of something than anything sensible.
    #[error("{what}: at most {max}")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many are allowed.
        max: usize,
    },
    /// A page mark that was not handed out by a list.
    #[error("the page mark is not one that a list gave")]
    PageMark,
    /// A job's payload cannot be read: written by another version, or damaged.
    #[error("the payload of a job cannot be read: {0}")]
    Payload(String),
    /// The contact could not be joined to the case.
    #[error(transparent)]
    Contact(#[from] contacts::ContactsError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
