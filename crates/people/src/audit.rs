//! The record of who looked at what. Doing leaves its own timeline entries; looking leaves these.

use storage::timeline::{Entry, Subject};
use storage::{Session, StorageError};
use vocabulary::{AnyId, CaseId, Context, DocumentId, GenericUuid as _, ResidentId};

/// Something whose opening is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A case was opened.
    Case(CaseId),
    /// A resident's card was opened.
    Resident(ResidentId),
    /// A document of a case was opened or fetched.
    Document(DocumentId, CaseId),
    /// An incoming or outgoing letter was read: an e-mail, a web question; with its case, if it has one.
    Letter(AnyId, Option<CaseId>),
}

/// The timeline's kind for an opening.
pub const OPENED: &str = "opened";

/// Writes that `ctx.actor` opened `what`. Call it in the same breath as the page is read; a page that cannot be
/// recorded is not shown.
///
/// # Errors
/// The database. Must run in a write transaction.
pub fn opened(s: &mut Session<'_>, ctx: &Context, what: Opened) -> Result<(), StorageError> {
    let (kind, id, case) = match what {
        Opened::Case(id) => ("case", id.into_untyped_uuid(), None),
        Opened::Resident(id) => ("resident", id.into_untyped_uuid(), None),
        Opened::Document(id, case) => ("document", id.into_untyped_uuid(), Some(case)),
        Opened::Letter(id, case) => ("letter", id, case),
    };
    let related = case.map(|case| case.into_untyped_uuid());
    storage::timeline::append(
        s,
        ctx,
        Entry { kind: OPENED, subject: Subject { kind, id }, related, detail: None },
    )?;
    Ok(())
}

/// The detail of an opening that showed a sealed stub only.
pub const SEALED: &str = "sealed";

/// Writes that `ctx.actor` looked at the sealed stub of a case.
///
/// # Errors
/// The database. Must run in a write transaction.
pub fn opened_sealed(s: &mut Session<'_>, ctx: &Context, case: CaseId) -> Result<(), StorageError> {
    let subject = Subject { kind: "case", id: case.into_untyped_uuid() };
    let detail = Some(SEALED.to_owned());
    storage::timeline::append(s, ctx, Entry { kind: OPENED, subject, related: None, detail })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, monday};
    use storage::testing::both;
    use vocabulary::{Actor, UserId};

    #[test]
    fn who_looked_is_written_and_a_look_that_cannot_be_is_refused() {
        for db in both() {
            let guide = UserId::from_u128(7);
            let ctx = Context { actor: Actor::User(guide), ..at(monday()) };
            let (case, resident) = (CaseId::from_u128(1), ResidentId::from_u128(2));
            let looks = ctx.clone();
            db.write_blocking(move |s| {
                opened(s, &looks, Opened::Case(case))?;
                opened(s, &looks, Opened::Resident(resident))?;
                for (id, kind) in
                    [(case.into_untyped_uuid(), "case"), (resident.into_untyped_uuid(), "resident")]
                {
                    let entries = storage::timeline::of_subject(s, id, 10)?;
                    assert_eq!(entries.len(), 1);
                    assert_eq!(entries[0].announcement.kind, OPENED);
                    assert_eq!(entries[0].announcement.subject_kind, kind);
                    assert_eq!(entries[0].actor_id, Some(guide.into_untyped_uuid()));
                    assert_eq!(entries[0].detail, None);
                }
                Ok::<_, StorageError>(())
            })
            .unwrap();
            let unrecorded = db.read_blocking(move |s| opened(s, &ctx, Opened::Case(case)));
            assert!(matches!(unrecorded, Err(StorageError::ReadOnly { .. })), "{unrecorded:?}");
        }
    }
}
