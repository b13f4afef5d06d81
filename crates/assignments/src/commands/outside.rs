//! Saying that something is outside every assignment.

use crate::basis::writer;
use crate::error::AssignmentsError;
use crate::queries;
use storage::Session;
use storage::timeline::{self, Entry, Subject};
use vocabulary::{CaseId, ContactId, Context, GenericUuid as _};

/// What is outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outside {
    /// A contact.
    Contact(ContactId),
    /// A case.
    Case(CaseId),
}

/// Says that a contact or case is outside every assignment, or takes it back. Said again, it changes nothing.
///
/// # Errors
/// There is no such contact or case; the contact is another guide's.
pub fn mark_outside(
    s: &mut Session<'_>,
    ctx: &Context,
    what: Outside,
    outside: bool,
) -> Result<(), AssignmentsError> {
    let (kind, id) = match what {
        Outside::Contact(id) => {
            contacts::queries::by_id(s, id)?.ok_or(AssignmentsError::NotFound { what: "contact" })?;
            ("contact", id.into_untyped_uuid())
        }
        Outside::Case(id) => {
            cases::queries::case(s, id)?.ok_or(AssignmentsError::NotFound { what: "case" })?;
            ("case", id.into_untyped_uuid())
        }
    };
    let changed = if outside {
        queries::insert_mark(s, ctx, id, kind, writer(ctx))?
    } else {
        queries::clear_mark(s, id)?
    };
    if changed {
        let word = if outside { "outside_marked" } else { "outside_unmarked" };
        let subject = Subject { kind, id };
        timeline::append(s, ctx, Entry { kind: word, subject, related: None, detail: None })?;
    }
    Ok(())
}
