//! What somebody may do with a case that is sealed for them: see that it is there, and hand a message over to those
//! who have access. They learn nothing by it.

use super::notes::write_note;
use super::steps::{add_task, load_case, record, touch};
use crate::error::CasesError;
use crate::limits::NOTE_CHARS_MAX;
use crate::model::TaskKind;
use crate::queries::{SealedCase, sealed_case, store_follow_ups};
use crate::viewer::{Sight, Viewer};
use people::text;
use storage::Session;
use vocabulary::GenericUuid as _;
use vocabulary::{CaseId, Context, NoteId, SignedDuration};

/// The same message by the same person within this time is the same message sent twice.
const SAME_MESSAGE_WITHIN: SignedDuration = SignedDuration::from_mins(2);

/// The stub of a case that is sealed for `viewer`, and in the same transaction who looked at it. Whoever may open the
/// case gets the stub too.
///
/// # Errors
/// [`CasesError::NotFound`], or [`CasesError::Secret`] if the viewer may not even know of it.
pub fn look_sealed(
    s: &mut Session<'_>,
    ctx: &Context,
    viewer: Viewer,
    id: CaseId,
) -> Result<SealedCase, CasesError> {
    let stub = sealed_case(s, viewer, id)?;
    people::audit::opened_sealed(s, ctx, id)?;
    Ok(stub)
}

/// A message to those who may open a case, from somebody who need not be able to.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// About which case.
    pub case_id: CaseId,
    /// What the resident said: "has called again, wants to be phoned before noon".
    pub text: String,
}

/// Writes the message as an internal note on the case, and puts a task to read it in the list of those with access.
///
/// # Errors
/// The case is not there, not even its number is for this actor, or it has too many notes; the text is not acceptable.
pub fn hand_over(s: &mut Session<'_>, ctx: &Context, cmd: &HandOver) -> Result<NoteId, CasesError> {
    let text = text::paragraphs("message", &cmd.text, NOTE_CHARS_MAX)?;
    let mut case = load_case(s, cmd.case_id)?;
    if Viewer::of(ctx.actor).sight(s, &case)? == Sight::Hidden {
        return Err(CasesError::Secret);
    }
    let same = store_follow_ups::notes_of(s, case.id)?.into_iter().rev().find(|note| {
        note.author_id == ctx.actor.id()
            && !note.public
            && note.text == text
            && ctx.now.duration_since(note.written_at) <= SAME_MESSAGE_WITHIN
    });
    if let Some(same) = same {
        return Ok(same.id);
    }
    let id = write_note(s, ctx, &case, text, false, None)?;
    touch(s, ctx, &mut case)?;
    record(s, ctx, "message_handed_over", case.id, Some(id.into_untyped_uuid()), None)?;
    add_task(s, ctx, TaskKind::ReadMessage, case.id, None)?;
    Ok(id)
}
