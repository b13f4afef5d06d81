//! What a page can fail with, and the answer it becomes. The page itself is written by [`crate::security::finish`],
//! which knows the visitor's language.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Why a page was not given.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// The visitor is known and may not.
    #[error("forbidden")]
    Forbidden,
    /// A case of a board the visitor has no access to. Its own page shows the stub instead.
    #[error("the case is sealed; access to its board is granted by the manager")]
    Sealed,
    /// The form did not come from one of our own pages, or from an old session.
    #[error("the form was not sent from one of our own pages")]
    ForeignForm,
    /// The request is larger than anything sensible.
    #[error("the request is too large")]
    TooLarge,
    /// A link nobody has made.
    #[error("unknown link")]
    UnknownLink,
    /// A link that has held, and does no longer.
    #[error("the link no longer holds")]
    GoneLink,
    /// What was asked does not fit with how things stand now.
    #[error("{0}")]
    Conflict(String),
    /// What came in cannot be read or is out of bounds.
    #[error("{0}")]
    Invalid(String),
    /// A fault of ours. What it was goes to the log, not to the visitor.
    #[error("internal error: {0}")]
    Internal(String),
}

/// What went wrong, as the answer's extension: for [`crate::security::finish`] to put in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The usual page for the status.
    Plain,
    /// The form came from elsewhere.
    ForeignForm,
    /// A link nobody has made.
    UnknownLink,
    /// A link that no longer holds.
    GoneLink,
}

impl PageError {
    /// The status and what sort of page it is.
    #[must_use]
    pub fn parts(&self) -> (StatusCode, Failure) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, Failure::Plain),
            Self::Forbidden | Self::Sealed => (StatusCode::FORBIDDEN, Failure::Plain),
            Self::ForeignForm => (StatusCode::FORBIDDEN, Failure::ForeignForm),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Failure::Plain),
            Self::UnknownLink => (StatusCode::NOT_FOUND, Failure::UnknownLink),
            Self::GoneLink => (StatusCode::GONE, Failure::GoneLink),
            Self::Conflict(_) => (StatusCode::CONFLICT, Failure::Plain),
            Self::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, Failure::Plain),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, Failure::Plain),
        }
    }
}

impl PageError {
    /// What a case will not have done with it: about what was sent, or about how things stand.
    fn of_refusal(refusal: cases::Refusal) -> Self {
        use cases::Refusal as R;
        match refusal {
            R::DocumentTooLarge => Self::TooLarge,
            R::DocumentEmpty
            | R::DocumentType
            | R::DocumentMismatch
            | R::NothingChosen
            | R::StakeholderEmpty
            | R::Itself => Self::Invalid(refusal.to_string()),
            _ => Self::Conflict(refusal.to_string()),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, failure) = self.parts();
        if let Self::Internal(what) = &self {
            tracing::error!(error = %what, "a page failed");
        }
        let mut response = status.into_response();
        response.extensions_mut().insert(failure);
        response
    }
}

/// Faults of ours in other rooms become [`PageError::Internal`].
macro_rules! internal {
    ($($error:ty),* $(,)?) => {$(
        impl From<$error> for PageError {
            fn from(error: $error) -> Self {
                Self::Internal(error.to_string())
            }
        }
    )*};
}

internal!(storage::StorageError, floor::FloorError);

impl From<knowledge::KnowledgeError> for PageError {
    fn from(error: knowledge::KnowledgeError) -> Self {
        use knowledge::{KnowledgeError as E, life::Refusal};
        match error {
            E::NoArticle | E::NotFound { .. } => Self::NotFound,
            E::Refused(Refusal::NotYours) => Self::Forbidden,
            E::Refused(_) | E::Overtaken { .. } => Self::Conflict(error.to_string()),
            E::File(storage::files::FileFault::TooLarge) => Self::TooLarge,
            E::Length { .. }
            | E::Unprintable { .. }
            | E::Slug(_)
            | E::Link(_)
            | E::ValidOrder
            | E::TooMany { .. }
            | E::Synonym(_)
            | E::File(_) => Self::Invalid(error.to_string()),
            E::Storage(error) => error.into(),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<people::PeopleError> for PageError {
    fn from(error: people::PeopleError) -> Self {
        use people::PeopleError as E;
        match error {
            E::NotFound { .. } => Self::NotFound,
            E::Text(_) | E::Password(_) | E::TooMany { .. } => Self::Invalid(error.to_string()),
            E::Taken { .. } | E::LastAdministrator | E::WrongPassword | E::Protected => {
                Self::Conflict(error.to_string())
            }
            E::SigningKey { .. } | E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<surveys::SurveysError> for PageError {
    fn from(error: surveys::SurveysError) -> Self {
        match error {
            surveys::SurveysError::Storage(error) => error.into(),
            other => Self::Invalid(other.to_string()),
        }
    }
}

impl From<correspondence::CorrespondenceError> for PageError {
    fn from(error: correspondence::CorrespondenceError) -> Self {
        use correspondence::CorrespondenceError as E;
        match error {
            E::NotFound { .. } => Self::NotFound,
            E::Secret => Self::Forbidden,
            E::Text(_) | E::Clock | E::Placeholder(_) | E::TooMany { .. } => Self::Invalid(error.to_string()),
            E::TakenBy(_)
            | E::DraftChanged { .. }
            | E::NoAddress
            | E::Forbidden(_)
            | E::AddressTaken
            | E::NoMailbox
            | E::NobodyWaits => Self::Conflict(error.to_string()),
            E::People(error) => error.into(),
            E::Contact(error) => error.into(),
            E::Case(error) => error.into(),
            E::Storage(error) => error.into(),
        }
    }
}

impl From<records::RecordsError> for PageError {
    fn from(error: records::RecordsError) -> Self {
        use records::RecordsError as E;
        match error {
            E::NotFound { .. } => Self::NotFound,
            E::Text(_) | E::OutOfRange { .. } => Self::Invalid(error.to_string()),
            E::Decided | E::StillNeeded { .. } | E::NotJoinable => Self::Conflict(error.to_string()),
            E::NotAPerson => Self::Forbidden,
            E::Cases(error) => error.into(),
            E::People(error) => error.into(),
            E::Archive(_) | E::Payload(_) | E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<contacts::ContactsError> for PageError {
    fn from(error: contacts::ContactsError) -> Self {
        use contacts::ContactsError as E;
        match error {
            E::NotFound { .. } => Self::NotFound,
            E::NotYours => Self::Forbidden,
            E::NotAnswered => Self::Conflict(error.to_string()),
            E::Text(_) | E::Channel(_) | E::InTheFuture => Self::Invalid(error.to_string()),
            E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<cases::CasesError> for PageError {
    fn from(error: cases::CasesError) -> Self {
        use cases::{CasesError as E, LinkError};
        match error {
            E::NotFound { .. } => Self::NotFound,
            E::Secret => Self::Forbidden,
            E::Sealed => Self::Sealed,
            E::Link(LinkError::Forged) => Self::UnknownLink,
            E::Link(LinkError::Expired | LinkError::Revoked) => Self::GoneLink,
            E::Refused(refusal) => Self::of_refusal(refusal),
            E::Forbidden(_) | E::AlreadyAsked | E::AlreadyAnswered { .. } | E::TaskDone | E::TaskMismatch => {
                Self::Conflict(error.to_string())
            }
            E::Text(_)
            | E::OfficerInactive
            | E::NamedTwice
            | E::CaseTypeInactive
            | E::DayOutOfRange { .. }
            | E::TooMany { .. }
            | E::PageMark
            | E::Terms(_) => Self::Invalid(error.to_string()),
            E::Contact(error) => error.into(),
            E::Payload(_) | E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<processes::ProcessesError> for PageError {
    fn from(error: processes::ProcessesError) -> Self {
        use processes::{ProcessesError as E, run::Refusal};
        match error {
            E::NotFound { .. } | E::Refused(Refusal::NoSuchStep) => Self::NotFound,
            E::Refused(_) | E::Overtaken { .. } | E::TimeTaken | E::TimeNotOffered => {
                Self::Conflict(error.to_string())
            }
            E::Faults(_) | E::Hours(_) | E::Range { .. } | E::IdentityNumber | E::Text(_) => {
                Self::Invalid(error.to_string())
            }
            E::Link(error) => cases::CasesError::Link(error).into(),
            E::Cases(error) => error.into(),
            E::Payload(_) | E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<crisis::CrisisError> for PageError {
    fn from(error: crisis::CrisisError) -> Self {
        use crisis::CrisisError as E;
        match error {
            E::NotFound { .. } => Self::NotFound,
            E::OwnMessage
            | E::Changed
            | E::NotADraft
            | E::Over
            | E::Closed
            | E::Decided
            | E::TooMany { .. } => Self::Conflict(error.to_string()),
            E::Period | E::Text(_) => Self::Invalid(error.to_string()),
            E::Link(error) => cases::CasesError::Link(error).into(),
            E::Storage(error) => error.into(),
        }
    }
}

impl From<assignments::AssignmentsError> for PageError {
    fn from(error: assignments::AssignmentsError) -> Self {
        use assignments::{AssignmentsError as E, course::Refusal};
        match error {
            E::NotFound { .. } | E::NoSuchPoint | E::Refused(Refusal::NoSuchVersion) => Self::NotFound,
            E::Refused(_) | E::CodeTaken | E::Overtaken => Self::Conflict(error.to_string()),
            E::Incomplete(_)
            | E::Steps(_)
            | E::NotAContactPerson
            | E::Day { .. }
            | E::TooMany { .. }
            | E::Url
            | E::Text(_) => Self::Invalid(error.to_string()),
            E::Link(error) => cases::CasesError::Link(error).into(),
            E::Cases(error) => error.into(),
            E::Payload(_) | E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}

impl From<webhooks::WebhooksError> for PageError {
    fn from(error: webhooks::WebhooksError) -> Self {
        use webhooks::WebhooksError as E;
        match error {
            E::NotFound => Self::NotFound,
            E::Text(_) | E::Target(_) | E::Events => Self::Invalid(error.to_string()),
            E::TooMany { .. } => Self::Conflict(error.to_string()),
            E::Storage(_) => Self::Internal(error.to_string()),
        }
    }
}
