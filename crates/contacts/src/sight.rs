//! How much of a contact is seen. A contact about a secret matter tells as much as the case: what is said of it goes by
//! the case's class and board or, while there is none, by those of what it was about. Whoever took the contact knows
//! what they wrote.

use people::boards::{Sight, queries::boards_of, sight};
use storage::{Session, StorageError};
use vocabulary::{Actor, AnyId, GenericUuid as _};

use crate::model::ContactLine;

/// The lines as `actor` may see them: of a contact about what is secret to them only that there was one, by whom it was
/// taken and when; of a protected resident's no number. The house itself sees everything.
pub(crate) fn seen(
    s: &mut Session<'_>,
    actor: Actor,
    mut lines: Vec<ContactLine>,
) -> Result<Vec<ContactLine>, StorageError> {
    let (user, holder) = match actor {
        Actor::System => return Ok(lines),
        Actor::User(id) => (Some(id), id.into_untyped_uuid()),
        Actor::ApiKey(id) => (None, id.into_untyped_uuid()),
        _ => (None, AnyId::nil()),
    };
    let boards = boards_of(s, holder)?;
    for line in &mut lines {
        let own = user.is_some() && line.contact.guide == user;
        if line.resident_protected && !own {
            line.contact.caller_number = None;
        }
        let Some(class) = line.secrecy.class else { continue };
        let named = own || user.is_some_and(|user| line.secrecy.named.contains(&Some(user)));
        let granted = line.secrecy.board.as_ref().is_some_and(|board| boards.contains(board));
        if sight(class, named, granted) != Sight::Open {
            seal(line);
        }
    }
    Ok(lines)
}

fn seal(line: &mut ContactLine) {
    line.sealed = true;
    line.case_type_name = None;
    line.case_number = None;
    line.contact.case_type = None;
    line.contact.case = None;
    line.contact.outcome = None;
    line.contact.note = None;
}
