//! A letter that nobody will get.

use super::steps::{add_task, load_case, record};
use crate::FollowUpState;
use crate::error::CasesError;
use crate::model::TaskKind;
use crate::queries::{self, store_follow_ups};
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{Context, MessageId};

/// Sees to it that a person does what a letter could not: phones the officer it was for, or tells the resident.
/// `reason` is a word or a code, such as `550`, never an address or a server's text.
///
/// # Errors
/// The database.
pub fn message_undeliverable(
    s: &mut Session<'_>,
    ctx: &Context,
    message: MessageId,
    reason: &str,
) -> Result<(), CasesError> {
    let Some((case, follow_up)) = store_follow_ups::message_about(s, message)? else { return Ok(()) };
    let case = load_case(s, case)?;
    record(s, ctx, "message_failed", case.id, Some(message.into_untyped_uuid()), Some(reason.to_owned()))?;
    match follow_up {
        Some(id) => {
            let waiting =
                queries::follow_up(s, id)?.is_some_and(|question| question.state == FollowUpState::Waiting);
            if waiting {
                add_task(s, ctx, TaskKind::CallOfficer, case.id, Some(id))?;
            }
        }
        None => add_task(s, ctx, TaskKind::TellResident, case.id, None)?,
    }
    Ok(())
}
