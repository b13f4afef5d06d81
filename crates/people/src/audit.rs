//! The record of who looked at what. Doing leaves its own timeline entries; looking leaves these.

use storage::timeline::{Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{CaseId, Context, GenericUuid as _, ResidentId};

/// Something whose opening is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A case was opened.
    Case(CaseId),
    /// A resident's card was opened.
    Resident(ResidentId),
}

/// The timeline's kind for an opening.
pub const OPENED: &str = "opened";

/// Writes that `ctx.actor` opened `what`. Call it in the same breath as the page is read; a page that cannot be
/// recorded is not shown.
///
/// # Errors
/// The database. Must run in a write transaction.
pub fn opened(s: &mut Session<'_>, ctx: &Context, what: Opened) -> Result<(), StorageError> {
    let subject = match what {
        Opened::Case(id) => Subject { kind: "case", id: id.into_untyped_uuid() },
        Opened::Resident(id) => Subject { kind: "resident", id: id.into_untyped_uuid() },
    };
    storage::timeline::append(s, ctx, Entry { kind: OPENED, subject, related: None, detail: None })?;
    Ok(())
}
