//! Cases: found, registered, opened, moved on.

mod actions;
mod detail_actions;
mod details;
pub mod hints;
mod list;
mod part_actions;
mod parts;
mod register;
mod sealed;
mod show;

pub use actions::{
    add_note, change_status, forward_case, reopen_case, revoke_link, share_link, solve_case, withdraw,
};
pub use detail_actions::{details, secrecy};
pub use list::routes as list_routes;
pub use part_actions::{
    add_documents, add_link, add_stakeholder, document, document_public, merge, remove_link,
    remove_stakeholder, split, undo_merge,
};
pub use parts::{file_field, size};
pub use register::{form as register_form, register};
pub use sealed::hand_over;
pub use show::show;

use crate::{
    components::forms::Faults, error::PageError, forms_in::text_fault, t, visit::Visit, words::Words,
};
use cases::{CasesError, Viewer};

/// Who looks, for the cases' rule: by name and by grants for boards, never by role alone.
#[must_use]
pub fn viewer(visit: &Visit) -> Viewer {
    Viewer::of(visit.actor())
}

/// What was wrong with a form about a case, in words; what no form can mend is an error. What is not about one field
/// is under `form`.
///
/// # Errors
/// The fault is not the form's.
pub fn case_faults(words: &Words, error: CasesError) -> Result<Faults, PageError> {
    Ok(match error {
        CasesError::Text(error) => Faults::one(error.field, text_fault(words, error.fault)),
        CasesError::NotFound { what: "case type" } => Faults::one("case_type", t!(words, "fault-choose")),
        CasesError::NotFound { what: "officer" } => Faults::one("officer", t!(words, "fault-choose")),
        CasesError::Contact(contacts::ContactsError::NotFound { what: "case type" }) => {
            Faults::one("case_type", t!(words, "fault-choose"))
        }
        CasesError::DayOutOfRange { earliest, latest } => {
            let (from, to) = (words.day(earliest), words.day(latest));
            Faults::one("until", t!(words, "fault-day", from = from, to = to))
        }
        CasesError::OfficerInactive => {
            Faults::one("officer", cases::words::problem(words.language(), &error))
        }
        CasesError::AlreadyAsked
        | CasesError::Refused(_)
        | CasesError::CaseTypeInactive
        | CasesError::AlreadyAnswered { .. }
        | CasesError::Forbidden(_)
        | CasesError::TaskDone
        | CasesError::TaskMismatch
        | CasesError::TooMany { .. } => Faults::one("form", cases::words::problem(words.language(), &error)),
        other => return Err(other.into()),
    })
}
